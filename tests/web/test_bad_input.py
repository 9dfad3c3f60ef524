"""Bad input at every door: refused in words or kept exactly, and never an answer of 500 or more.

Where texts meet many doors, each door takes a drawn part of them; ``JIHENG_FULL=1`` takes all.
"""

from __future__ import annotations

import json
import unicodedata
import uuid
from collections import Counter
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest

from budgets.errors import Invalid
from budgets.text import clean_text
from performance.documents.typed import typed_targets
from tests.contents import targets
from tests.corpus import JSON, NO, NUMBERS, PAYLOADS, amount, characters
from tests.documents.forms import CLAIMED, document
from tests.draws import some
from tests.filled import PDF, Filled, fill
from tests.routes import ROUTES, UNSAFE

_MONEY = "项目资金（元）\t\t年初预算数\t全年预算数（A）\t全年执行数（B）\t分值\t执行率（B/A）\t得分"
_LINE = "产出指标\t数量指标\t人数\t≥1人\t1人\t90\t90\t"


@pytest.fixture
def filled(scene: Any) -> Filled:
    return scene(fill)  # type: ignore[no-any-return]


# ── numbers ─────────────────────────────────────────────────────────────────────────────────────


def _typed(written: str) -> object:
    body = {"funds": [{"source": "total", "initial": written}]}
    try:
        return typed_targets(body, fiscal_year=2024).funds[0].initial
    except Invalid as refused:
        return NO if set(refused.fields) == {"funds.1.initial"} else refused.fields


def _imported(written: str) -> object:
    """The same number in a cell of a document; what cannot be read is a problem there."""
    lines = ["项目支出绩效自评表", "（2023年度）", "项目名称\t甲项目", _MONEY]
    read = document(*lines, f"\t年度资金总额\t{written}\t1\t1\t10\t100%\t10", CLAIMED, _LINE)
    funds = [fund for fund in read.tables[0].funds if fund.source.value == "total"]
    told = [problem for problem in read.problems if problem.code == "amount_unreadable"]
    if told:
        assert not funds or funds[0].initial is None
        return NO
    return funds[0].initial


def test_a_number_means_the_same_at_every_door(filled: Filled) -> None:
    """120 written numbers: the API, the typed content and a document's cell agree with the table."""
    api, path = filled.api("clerk"), f"target-tables/{filled.ids['draft']}/content/"
    version = api.get(path).version
    wrong, counts = [], Counter[str]()
    for written, meaning in some([*NUMBERS.items()], 0.4):
        expected = NO if meaning == NO else amount(meaning)
        reply = api.put(
            path, targets(funds=[{"source": "total", "initial": written}]), version=version
        )
        found: object = NO
        if reply.status == 200:
            version = reply.version
            kept = api.get(path).body["content"]["funds"][0]["initial"]
            found = Decimal(kept) if kept else None
        doors = (found, _typed(written), _imported(written))
        counts["refused" if expected == NO else "read"] += 1
        if any(door != expected for door in doors) or reply.status not in {200, 400}:
            wrong.append((written[:40], expected, *doors, reply.status))
    print({"literals": len(NUMBERS), "doors": 3, **counts})
    assert wrong == []
    assert len(NUMBERS) >= 120


# ── characters ──────────────────────────────────────────────────────────────────────────────────


def _kept(text: str) -> str | None:
    """What is kept of a text, or None when it is refused: written here once more."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    for one in plain:
        code = ord(one)
        odd = (code < 0x20 and one not in "\t\n") or 0x7F <= code <= 0x9F
        if odd or 0xD800 <= code <= 0xDFFF or code in {0x200E, 0x200F, 0xFFFE, 0xFFFF}:
            return None
        if 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069 or 0xFDD0 <= code <= 0xFDEF:
            return None
    return unicodedata.normalize("NFC", plain).strip()


FIELDS = (
    "supervisor",
    "unit",
    "objectives",
    "basis",
    "definition",
    "scoring_rule",
    "evidence",
    "prior_actual",
    "name",
)


def test_a_text_is_refused_or_kept_exactly(filled: Filled) -> None:
    """Each of the corpus in each field of a target table."""
    texts = some(characters(), 0.4, "texts")
    assert len(characters()) >= 300
    api, path = filled.api("clerk"), f"target-tables/{filled.ids['draft']}/content/"
    version, counts = api.get(path).version, Counter[str]()
    good = [text for text in texts if _kept(text)]
    for field in (
        "basis",
        "definition",
        "scoring_rule",
        "evidence",
        "prior_actual",
        "name",
        "level1",
    ):
        most = {"name": 500, "level1": 60}.get(field, 30000)
        sent = [text for text in good if len(text) <= most]
        rows = [{"name": f"指标{n}", field: text} for n, text in enumerate(sent)]
        reply = api.put(path, targets(indicators=rows), version=version)
        assert reply.status == 200, (field, reply.body)
        version = reply.version
        kept = [row[field] for row in api.get(path).body["content"]["indicators"]]
        assert kept == [_kept(text) for text in sent], field
        counts["kept"] += len(kept)
    reply = api.put(path, targets(objectives=good), version=version)
    assert reply.status == 200
    version = reply.version
    assert api.get(path).body["content"]["objectives"] == [_kept(text) for text in good]
    counts["kept"] += len(good)
    for text in [text for text in texts if _kept(text) is None]:
        for field in FIELDS[:2]:
            body = json.dumps(targets(**{field: text})).encode()
            reply = _raw(api, "PUT", path, body, version)
            assert reply.status_code == 400, (field, text, reply.status_code)
            counts["refused"] += 1
    print({"texts": len(texts), **counts})


def test_a_text_in_other_writes_is_refused_or_kept_exactly(filled: Filled) -> None:
    """Names of projects and tasks, reasons, opinions, file names."""
    ids, counts = filled.ids, Counter[str]()
    clerk, finance = filled.api("clerk"), filled.api("finance2")
    review = f"evaluations/{ids['evaluation']}/review/"
    version = finance.get(review).version
    for number, text in enumerate(some(characters(), 0.12)):
        kept = None if "\r" in text else _kept(text)  # only forms send the ends of lines of Windows
        body = json.dumps({"unit": ids["unit"], "name": f"{number} {text}"}).encode()
        made = _raw(clerk, "POST", "projects/", body)
        counts[f"project {made.status_code}"] += 1
        fits = kept is not None and len(f"{number} {text}") <= 300
        assert made.status_code == (201 if fits else 400), (text, made.content)
        if made.status_code == 201:
            found = clerk.get(f"projects/{made.json()['id']}/").body["name"]
            assert found == _kept(f"{number} {text}")
        said = _raw(
            finance, "PUT", f"{review}opinion/", json.dumps({"opinion": text}).encode(), version
        )
        counts[f"opinion {said.status_code}"] += 1
        assert said.status_code == (200 if kept is not None else 400), text
        if said.status_code == 200:
            version = said.json()["version"]
            assert finance.get(review).body["opinion"] == kept
    print(counts)


def _raw(
    api: Any, method: str, path: str, body: bytes, version: int | None = None, **more: str
) -> Any:
    headers = {"Idempotency-Key": uuid.uuid4().hex, **more}
    if version is not None:
        headers["If-Match"] = f'"{version}"'
    api.client.raise_request_exception = False
    return api.client.generic(
        method, f"/api/v1/{path}", body, content_type="application/json", headers=headers
    )


# ── JSON ────────────────────────────────────────────────────────────────────────────────────────


_WHO = {"review": "finance2", "task": "finance2", "people": "security", "places": "system"}


def test_odd_json_is_never_an_error_of_ours(filled: Filled) -> None:
    ids, counts = filled.ids, Counter[str]()
    wrong = []
    for route in ROUTES:
        for method, verb in route.verbs.items():
            if method not in UNSAFE or not route.is_api:
                continue
            person = next((who for part, who in _WHO.items() if part in route.path), "clerk")
            named = {
                **ids,
                "target_table": ids["draft"],
                "person": str(filled.cast["head"].public_id),
            }
            identity = named.get(route.takes, str(uuid.uuid4()) if route.takes else "")
            named = {"seq": 1, "year": 2024, "member": 1, "pk": 1, "sha256": "0" * 64}
            path = route.at(identity, **named).removeprefix("/api/v1/")
            for body in some(JSON, 0.08, (route.path, method)):
                body = body.replace(b"UNIT", ids["unit"].encode())
                body = body.replace(b"PROJECT", ids["project"].encode())
                version = (1 if len(body) % 2 else 999999999) if verb.versioned else None
                reply = _raw(filled.api(person), method, path, body, version)
                counts[f"status {reply.status_code}"] += 1
                if reply.status_code >= 500:
                    wrong.append((path, method, body[:80]))
    print({"bodies": len(JSON), **counts})
    assert wrong == []


def test_odd_headers_are_never_an_error_of_ours(filled: Filled) -> None:
    api, path = filled.api("clerk"), f"target-tables/{filled.ids['draft']}/content/"
    body = json.dumps(targets()).encode()
    for name, values in {
        "If-Match": ("", "*", '"', '""', '"x"', '"-1"', '"9999999999999999999999"', '"1", "2"', 'W/"1"', "1", '"１"', "\u00e9"),
        "Idempotency-Key": ("", "x", "a" * 129, "key with blanks", "'; DROP", "\u00e9" * 8, "key-\t-key"),
        "Content-Type": ("", "x", "text/plain", "application/json; charset=utf-16", "application/json; charset=nothing",
                         "multipart/form-data", "multipart/form-data; boundary=", "application/x-www-form-urlencoded"),
        "Accept": ("", "x", "text/html", "application/xml", "*/*;q=x", "application/json; indent=99999999999", "application/json; indent=x"),
        "Accept-Language": ("", "x" * 1000, "../..", "zh-hans;q=x", "\u00e9"),
        "X-Request-ID": ("", "x" * 5000, "a b", "'; --", "\u00e9"),
        "Cookie": ('sessionid="aaaaaaaaaa\\000"', "sessionid=" + "x" * 4000, 'csrftoken="\\000"', "=;=", "sessionid=\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"),
        "If-None-Match": ("", "*", '"x', "\u00e9"), "Range": ("bytes=0-", "bytes=9-1", "x"),
        "Host": ("testserver:99999999", "testserver:x", "a b", "..", "\u00e9"),
    }.items():  # fmt: skip
        for value in values:
            for method in ("PUT", "GET"):
                reply = _raw(api, method, path, body, 1, **{name: value})
                assert reply.status_code < 500, (name, value, reply.status_code)


def test_odd_files_are_never_an_error_of_ours(filled: Filled) -> None:
    from tests.filled import attach

    api = filled.api("clerk")
    api.client.raise_request_exception = False
    for name in (
        "x",
        "x.pdf.exe",
        "a\u202efdp.exe",
        "名" * 300 + ".pdf",
        "../../x.pdf",
        "..\\x.pdf",
        "a\x07.pdf",
        ".pdf",
        "x.PDF",
        "x.pdf\n",
    ):
        reply = attach(api, filled.ids["evaluation"], 1, PDF, 1, name)
        assert reply.status < 500, name
    path = f"/api/v1/evaluations/{filled.ids['evaluation']}/evidence/"
    for data in (
        b"",
        b"x",
        b"--x\r\n",
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="\xff\x00.pdf"\r\n\r\nx\r\n--x--',
    ):
        reply = api.client.generic(
            "POST", path, data, content_type="multipart/form-data; boundary=x",
            headers={"Idempotency-Key": uuid.uuid4().hex, "If-Match": '"1"'},
        )  # fmt: skip
        assert reply.status_code in {400, 409}, (data, reply.status_code)


# ── payloads ────────────────────────────────────────────────────────────────────────────────────


def _plain(response: Any) -> tuple[int, bytes]:
    found = json.loads(response.content)
    if isinstance(found, dict):
        found.pop("request_id", None)
    return response.status_code, json.dumps(found, sort_keys=True).encode()


LISTS = ("projects/", "target-tables/", "evaluations/", "monitorings/", "tasks/")
PARAMETERS = ("cursor", "search", "ordering", "fiscal_year__gte")


def test_a_payload_is_answered_like_any_unknown_value(filled: Filled) -> None:
    assert len(PAYLOADS) >= 200
    api, counts = filled.api("clerk"), Counter[str]()
    api.client.raise_request_exception = False
    for path in LISTS:
        for parameter in PARAMETERS if path == "projects/" else PARAMETERS[:1]:
            neutral = _plain(api.client.get(f"/api/v1/{path}", {parameter: "zzz"}))
            assert neutral[0] == 200
            for payload in some(
                PAYLOADS, 0.1 if parameter == "cursor" else 0.05, (path, parameter)
            ):
                reply = api.client.get(f"/api/v1/{path}", {parameter: payload})
                assert _plain(reply) == neutral, (path, parameter, payload)
                counts["queries"] += 1
    for page in ("", "target-tables/", "documents/"):
        for payload in some(PAYLOADS, 0.1, page):
            assert api.client.get(f"/{page}", {"cursor": payload}).status_code == 200
            counts["pages"] += 1
    nothing = {
        path: _plain(api.client.get(f"/api/v1/{path.format(uuid.uuid4())}")) for path in _PLACES
    }
    for path in _PLACES:
        for payload in some(PAYLOADS, 0.15, path):
            reply = api.client.get(f"/api/v1/{path.format(quote(payload, safe=''))}")
            assert reply.status_code in {404, 302, 301}, (path, payload, reply.status_code)
            if reply.headers["Content-Type"] == "application/problem+json":
                assert _plain(reply) == nothing[path], (path, payload)
            counts["paths"] += 1
    print({"payloads": len(PAYLOADS), **counts})


_PLACES = ("projects/{}/", "target-tables/{}/content/", "annual-reports/2024/{}/")


def test_other_parameters_that_are_read_take_anything(filled: Filled) -> None:
    api = filled.api("clerk")
    api.client.raise_request_exception = False
    for payload in some(PAYLOADS, 0.25):
        for address in ("/api/v1/schema/?lang=", "/api/v1/projects/?format=", "/sign-in/?next="):
            if address.startswith("/api/v1/schema") and payload not in PAYLOADS[::8]:
                continue
            reply = api.client.get(address + quote(payload, safe=""))
            assert reply.status_code < 500, (address, payload)
    for number in ("0", "99999", "9" * 30, "9" * 4999):
        reply = api.client.get(f"/api/v1/annual-reports/{number}/{filled.ids['unit']}/")
        assert reply.status_code in {404}, number
        reply = _raw(
            api, "PUT", f"evaluations/{filled.ids['evaluation']}/review/lines/{number}/", b"{}", 1
        )
        assert reply.status_code < 500


def test_cleaning_agrees_with_the_corpus() -> None:
    for text in characters():
        if _kept(text) is None:
            with pytest.raises(Exception, match="控制字符"):
                clean_text(text.replace("\r\n", "\n").replace("\r", "\n"))
