"""Proofreading on the page and over HTTP: what it is held against, what is refused, nothing kept."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from budgets.access import seen_by_system
from budgets.models import AuditEvent, IdempotencyKey, Member, Role, User
from performance.models import Document
from performance.selectors.proofing import MOST_CHARACTERS
from performance.services.imports import import_document
from tests.cast import Cast
from tests.web.pages import Node
from tests.web.scenes import evaluated

TABLE = "\n".join(
    (
        "甲一中心2024年度部门决算",
        "部门支出决算表",
        "单位：万元",
        "科目编码\t科目名称\t本年支出合计\t基本支出\t项目支出",
        "\t合计\t98.60\t74.05\t24.55",
        "214\t交通运输支出\t80.30\t55.75\t24.55",
    )
)
DRAFT = (
    "全年支出合计98.60万元，其中：基本支出74.05万元，项目支出25.45万元。\n另受理群众建议1413条。"
)


def _imported(cast: Cast, text: str = TABLE) -> Document:
    with seen_by_system():
        return import_document(
            actor=cast["clerk"], unit=cast.unit, data=text.encode(), name="决算公开.txt"
        ).document


def _upload(text: str | bytes, name: str = "文稿.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())


def _marks(page: Node) -> list[tuple[str, str]]:
    return [
        (mark.given["class"], mark.raw) for mark in page.one("div", has="proof-text").all("mark")
    ]


MARKED = [
    ("proof-agrees", "98.60万元一致"),
    ("proof-agrees", "74.05万元一致"),
    ("proof-disagrees", "25.45万元不一致 3"),
    ("proof-not-found", "1413条未找到"),
]


# ── the page ────────────────────────────────────────────────────────────────────────────────────


def test_a_draft_held_against_an_imported_document(at: Any, cast: Cast) -> None:
    document = _imported(cast)
    clerk = at("clerk").open("/proof/")
    fields = clerk.form() | {"text": DRAFT, "document": str(document.public_id)}
    clerk.send(fields)
    assert _marks(clerk.page) == MARKED
    (finding,) = clerk.page.one("ol", has="findings").all("li")
    assert finding.given["id"] == "f3"
    assert finding.one("a").given["href"] == "#n3"
    assert clerk.page.one(id="n3").one("a").given["href"] == "#f3"
    assert "24.55" in finding.text
    assert "已导入的文件“决算公开.txt”" in clerk.text
    assert clerk.value("text") == DRAFT
    assert clerk.value("document") == str(document.public_id)
    shown = clerk.page.one("div", has="proof-text")
    for sup in shown.all("sup"):
        sup.inside = []
    assert shown.raw == DRAFT


def test_a_draft_held_against_an_uploaded_file(at: Any) -> None:
    clerk = at("clerk").open("/proof/")
    clerk.send(clerk.form() | {"file": _upload(DRAFT), "basis": _upload(TABLE, "决算表.txt")})
    assert _marks(clerk.page) == MARKED
    assert "上传的文件“决算表.txt”" in clerk.text


def test_a_draft_held_against_what_the_unit_handed_on(at: Any, cast: Cast) -> None:
    evaluated(at, cast)
    _imported(cast)
    clerk = at("clerk").open("/proof/")
    assert [one.text for one in clerk.page.one(id="f-place").all("option")] == [
        "不选",
        "2024 年度 甲一中心",
    ]
    place = clerk.page.one(id="f-place").all("option")[1].value
    draft = "road项目：全年培训人次90人次，服务对象满意度96%，知晓率91%。支出合计99.60万元。"
    clerk.send(clerk.form() | {"text": draft, "place": place})
    assert [kind for kind, _ in _marks(clerk.page)] == [
        "proof-agrees",
        "proof-agrees",
        "proof-not-found",
        "proof-disagrees",
    ]
    assert "库内数据：甲一中心 2024 年度" in clerk.text


def test_units_beyond_those_listed_are_found_by_name(at: Any, cast: Cast, monkeypatch: Any) -> None:
    evaluated(at, cast)
    monkeypatch.setattr("performance.selectors.proofing.MOST_UNITS", 1)
    finance = at("finance").open("/proof/")
    assert "甲一中心" not in finance.page.one(id="f-place").text, "乙一中心 is the first by name"
    finance.send(finance.form() | {"text": DRAFT, "find": "甲一", "look": "find"})
    assert finance.page.one(id="f-place").text == "不选 2024 年度 甲一中心"
    assert finance.value("text") == DRAFT
    assert "校对结果" not in finance.text, "looking for a unit proofreads nothing"
    place = f"{cast.unit.public_id}/2024"
    finance.send(finance.form() | {"place": place, "find": "乙一", "look": "find"})
    assert finance.value("place") == place, "what was chosen stays"


def test_what_is_not_handed_on_is_no_basis(at: Any, cast: Cast) -> None:
    clerk = at("clerk").open("/proof/")
    assert len(clerk.page.one(id="f-place").all("option")) == 1
    clerk.send(
        clerk.form() | {"text": DRAFT, "place": f"{cast.unit.public_id}/2024"}, 404, "/proof/"
    )
    assert "没有找到这个单位这一年度的数据" in clerk.text
    assert clerk.value("text") == DRAFT


def test_without_a_basis_the_draft_is_held_against_itself(at: Any) -> None:
    clerk = at("clerk").open("/proof/")
    clerk.send(clerk.form() | {"text": "支出合计100万元，其中：基本支出60万元，项目支出30万元。"})
    assert "未选依据，只核对文稿前后" in clerk.text
    assert "proof-disagrees" in {kind for kind, _ in _marks(clerk.page)}


def test_strangers_choose_from_their_own(at: Any, cast: Cast) -> None:
    document = _imported(cast)
    stranger = at("foreign_clerk").open("/proof/")
    assert len(stranger.page.one(id="f-document").all("option")) == 1
    for fields in (
        {"document": str(document.public_id)},
        {"document": str(uuid4())},
        {"place": f"{cast.unit.public_id}/2024"},
    ):
        stranger.send({"text": DRAFT, **fields}, 404, "/proof/")
        assert "没有找到" in stranger.text
        assert "24.55" not in stranger.text.replace(DRAFT, "")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "请粘贴文稿"),
        ({"text": "  \r\n "}, "请粘贴文稿"),
        ({"text": "一" * (MOST_CHARACTERS + 1)}, "100001 个字符"),
        ({"text": DRAFT, "file": _upload(DRAFT)}, "二者选一"),
        ({"file": _upload(b"PK\x03\x04 word", "报告.docx")}, "不支持这种文件"),
        ({"file": _upload(b"%PDF-1.7", "报告.pdf")}, "不支持这种文件"),
        ({"file": _upload(b"\x81\x00\xff\xfe\x00\x81" * 9, "报告.txt")}, "认不出文本的编码"),
        ({"text": DRAFT, "basis": _upload(b" ", "空.txt")}, "文件是空的"),
        ({"text": DRAFT, "document": "1 or 1"}, "请从列表里选择"),
        ({"text": DRAFT, "place": "x"}, "请从列表里选择"),
        ({"text": DRAFT, "place": f"{uuid4()}"}, "单位和年度要一起选"),
        ({"text": DRAFT, "place": f"{uuid4()}/20x4"}, "请从列表里选择"),
    ],
)
def test_what_cannot_be_used_is_said_and_the_text_stays(
    at: Any, fields: dict[str, Any], words: str
) -> None:
    for file in fields.values():
        if not isinstance(file, str):
            file.seek(0)
    clerk = at("clerk").open("/proof/")
    clerk.send({**fields}, 400, "/proof/")
    assert words in clerk.text
    assert clerk.value("text") == fields.get("text", "")


def test_a_basis_that_is_too_large(at: Any) -> None:
    clerk = at("clerk").open("/proof/")
    clerk.send({"text": DRAFT, "basis": _upload("支出\n" * 200_000)}, 400, "/proof/")
    assert "超过数字校对可读的大小（1024 KB）" in clerk.text


def test_text_is_shown_as_text(at: Any) -> None:
    clerk = at("clerk").open("/proof/")
    draft = "<script>alert(1)</script>培训3人，<b>补助4万元</b>。</textarea>"
    clerk.send({"text": draft}, address="/proof/")
    assert not clerk.page.one("main").all("script")
    assert clerk.value("text") == draft


def test_nothing_is_stored(at: Any, cast: Cast) -> None:
    document = _imported(cast)
    clerk = at("clerk").open("/proof/")
    count = (AuditEvent.objects.count(), IdempotencyKey.objects.count(), Document.unscoped.count())
    fields = clerk.form() | {"text": DRAFT, "document": str(document.public_id)}
    first = clerk.send(fields).text
    assert clerk.send(fields).text == first
    clerk.send({"text": DRAFT, "basis": _upload(TABLE)}, address="/proof/")
    assert count == (
        AuditEvent.objects.count(),
        IdempotencyKey.objects.count(),
        Document.unscoped.count(),
    )


# ── over HTTP ───────────────────────────────────────────────────────────────────────────────────


def _post(user: User, body: dict[str, Any], *, form: bool = False) -> Any:
    client = Client()
    client.force_login(user)
    if form:
        return client.post("/api/v1/proofs/", body)
    return client.post("/api/v1/proofs/", json.dumps(body), content_type="application/json")


def test_over_http_as_json_and_as_a_form(cast: Cast) -> None:
    document = _imported(cast)
    body = {"text": DRAFT, "document": str(document.public_id)}
    told = _post(cast["clerk"], body)
    assert told.status_code == 200
    found = told.json()
    assert found["counts"] == {"agrees": 2, "disagrees": 1, "not_found": 1}
    assert [one["status"] for one in found["figures"]] == [
        "agrees",
        "agrees",
        "disagrees",
        "not_found",
    ]
    assert all(found["text"][f["start"] : f["end"]] == f["text"] for f in found["figures"])
    assert found["figures"][2]["fact"]["value"] == "245500"
    sent = {"file": _upload(DRAFT), "basis": _upload(TABLE, "决算表.txt")}
    other = _post(cast["clerk"], sent, form=True).json()
    assert other["bases"] == ["上传的文件“决算表.txt”"]
    assert [f["status"] for f in other["figures"]] == [f["status"] for f in found["figures"]]


def test_a_crlf_draft_is_told_in_the_returned_text(cast: Cast) -> None:
    found = _post(cast["clerk"], {"text": "一\r\n二\r\n培训3人。"}).json()
    (figure,) = found["figures"]
    assert found["text"][figure["start"] : figure["end"]] == "3人"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"text": "一" * (MOST_CHARACTERS + 1)}, 400),
        ({"text": DRAFT, "unit": str(uuid4())}, 400),
        ({"text": DRAFT, "fiscal_year": 2024}, 400),
        ({"text": DRAFT, "fiscal_year": 1924}, 400),
        ({"text": DRAFT, "other": 1}, 400),
        ({"text": DRAFT, "document": str(uuid4())}, 404),
        ({"text": DRAFT, "unit": str(uuid4()), "fiscal_year": 2024}, 404),
    ],
)
def test_what_is_refused_over_http(cast: Cast, body: dict[str, Any], status: int) -> None:
    assert _post(cast["clerk"], body).status_code == status


def test_papers_hidden_from_a_role_are_no_facts(at: Any, cast: Cast) -> None:
    """A report reader sees the approved targets, not the self-evaluation that still waits."""
    evaluated(at, cast)
    place = {"unit": str(cast.unit.public_id), "fiscal_year": 2024}
    body = {"text": "培训人次90人次。", **place}
    (own,) = _post(cast["clerk"], body).json()["figures"]
    (read,) = _post(cast["reader"], body).json()["figures"]
    assert own["fact"]["what"] == "actual"
    assert read["fact"] is None or read["fact"]["what"] == "target"


def test_a_unit_of_many_papers_takes_as_many_queries_as_one_of_few(
    at: Any, cast: Cast, django_assert_num_queries: Any
) -> None:
    evaluated(at, cast)
    client = Client()
    client.force_login(cast["clerk"])
    body = json.dumps({"text": DRAFT, "unit": str(cast.unit.public_id), "fiscal_year": 2024})

    def post() -> Any:
        return client.post("/api/v1/proofs/", body, content_type="application/json")

    assert post().status_code == 200
    with django_assert_num_queries(19):
        post()
    _imported(cast, TABLE + "\n" + "\n".join(f"2140{i}\t支出{i}\t1\t1\t0" for i in range(10, 60)))
    with django_assert_num_queries(19):
        post()


def test_a_role_taken_away_takes_the_figures_with_it(cast: Cast) -> None:
    document = _imported(cast)
    body = {"text": DRAFT, "document": str(document.public_id)}
    assert _post(cast["clerk"], body).status_code == 200
    Member.objects.filter(user=cast["clerk"], role=Role.CLERK).delete()
    assert _post(cast["clerk"], body).status_code == 404


HEAVY = {
    "a report": "2024年养护道路120公里，完成投资300万元，比上年增长12.5%，占总支出的30%。\n",
    "one sentence": "养护道路120公里，投资300万元，",
    "only figures": "98.60万元",
    "only digits": "1",
    "digits and commas": "1,234,",
    "brackets": "（（其中：3万元",
    "a list": "其中：甲支出3万元、乙支出4万元、",
    "headings": "一、支出\n（一）3万元\n",
    "tabs": "甲\t3万元\t4万元\n",
    "shares": "甲支出3万元，占30%；",
}


@pytest.mark.parametrize("piece", HEAVY.values(), ids=HEAVY.keys())
def test_the_longest_draft_of_any_shape_is_answered(cast: Cast, piece: str) -> None:
    document = _imported(cast)
    text = (piece * (MOST_CHARACTERS // len(piece) + 1))[:MOST_CHARACTERS]
    # A reader that lost itself would run into the database's limit on idle transactions.
    response = _post(cast["clerk"], {"text": text, "document": str(document.public_id)})
    assert response.status_code == 200
