"""A wrong file taken off its line again: at the page without scripts, and by the API."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from budgets.models import AuditEvent
from performance.models import Document, Evaluation, Evidence
from tests.cast import Cast
from tests.contents import actuals
from tests.web.scenes import drafted, filled, handed_on, issued

_DATA = "九十人".encode()
_SHA256 = hashlib.sha256(_DATA).hexdigest()
_ACT = f"remove_evidence:1:{_SHA256}"


def _supported(at: Any, cast: Cast) -> Any:
    """The clerk at a self-evaluation whose first line has a file."""
    handed_on(at, drafted(cast))
    clerk = at("clerk").open(issued(at, cast, "evaluation"))
    clerk.press("start", project=str(cast.projects["road"].public_id))
    clerk.press("save", **{k.replace(".", "__"): v for k, v in filled(actuals()).items()})
    file = SimpleUploadedFile("签到表.txt", _DATA)
    return clerk.send({**clerk.fields("evidence"), "seq": "1", "file": file})


def _line(person: Any, number: str) -> Any:
    return next(one for one in person.page.all("tbody") if one.given.get("data-line") == number)


# ── the page ────────────────────────────────────────────────────────────────────────────────────


def test_a_file_is_taken_away_and_what_was_typed_is_kept(at: Any, cast: Cast) -> None:
    clerk = _supported(at, cast)
    line = _line(clerk, "1").one("details", has="away")
    assert "open" not in line.given, "asked first"
    assert line.one("summary").given["aria-label"] == "撤下 签到表.txt（第 1 行）"
    listed = clerk.page.one(id="evidence-list").one("details", has="away").one("button")
    assert (listed.value, listed.given["form"]) == (_ACT, "content"), "sent with what is typed"
    link = clerk.page.one(id="evidence-list").one("a").given["href"]
    before = set(AuditEvent.objects.values_list("id", flat=True))
    clerk.press(_ACT, actuals__2__actual="95%", improvement="明年早些培训")
    assert "佐证已撤下" in clerk.text
    assert "签到表.txt" not in clerk.text
    assert "佐证资料（0）" in clerk.text
    assert _ACT not in clerk.acts()
    assert (clerk.value("actuals.2.actual"), clerk.value("improvement")) == ("95%", "明年早些培训")
    verbs = AuditEvent.objects.exclude(id__in=before).order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["save_evaluation", "remove_evidence"]
    assert clerk.client.get(link).status_code == 404
    assert Document.unscoped.filter(sha256=_SHA256).exists()


def test_nothing_typed_is_nothing_saved(at: Any, cast: Cast) -> None:
    clerk = _supported(at, cast)
    fields, before = clerk.fields(_ACT), AuditEvent.objects.count()
    clerk.send(fields).send(fields)
    assert AuditEvent.objects.count() == before + 1, "the same form twice is done once"
    assert not Evidence.unscoped.exists()


def test_the_line_lacks_evidence_again(at: Any, cast: Cast) -> None:
    clerk = _supported(at, cast)
    clerk.press("examine")
    assert "1 个指标的实际完成值没有佐证资料" in clerk.page.one(id="checkup").text
    clerk.press(_ACT)
    assert "2 个指标的实际完成值没有佐证资料" in clerk.page.one(id="checkup").text


def test_what_cannot_be_saved_is_mended_first(at: Any, cast: Cast) -> None:
    clerk = _supported(at, cast)
    clerk.press(_ACT, 400, total_claimed="很多", improvement="我写的")
    assert (clerk.value("total_claimed"), clerk.value("improvement")) == ("很多", "我写的")
    assert clerk.page.one(id="error-total_claimed").text
    assert Evidence.unscoped.count() == 1
    clerk.press(_ACT, total_claimed="99")
    assert not Evidence.unscoped.exists()


def test_meanwhile_changed_is_compared_first(at: Any, cast: Cast) -> None:
    clerk = _supported(at, cast)
    fields = clerk.fields(_ACT)
    at("clerk2").open(clerk.address).press("save", improvement="同事写的")
    clerk.send({**fields, "improvement": "我写的"}, 409)
    assert "同事写的" in clerk.text and "我写的" in clerk.text
    assert Evidence.unscoped.count() == 1


def test_who_may_not_is_told_and_nothing_typed_is_lost(at: Any, cast: Cast) -> None:
    clerk = _supported(at, cast)
    fields = clerk.fields(_ACT)
    for act in ("1:x", f"2:{_SHA256}"):
        clerk.send({**fields, "act": f"remove_evidence:{act}", "improvement": "我写的"}, 409)
        assert "这一行没有这个文件" in clerk.text
        assert clerk.value("improvement") == "我写的"
    for act in ("", "x", f"9:{_SHA256}"):
        clerk.send({**fields, "act": f"remove_evidence:{act}", "improvement": "我写的"}, 400)
        assert clerk.value("improvement") == "我写的"
    head = at("head").open(clerk.address)
    assert "签到表.txt" in head.text
    assert head.page.all("details", has="away") == []
    head.send({**fields, "form_key": uuid.uuid4().hex}, 403)
    clerk.open(clerk.address).press("save:submit")
    assert clerk.page.all("details", has="away") == []
    version = str(Evaluation.unscoped.get().lock_version)
    clerk.send({**fields, "version": version, "form_key": uuid.uuid4().hex}, 409)
    assert Evidence.unscoped.count() == 1
    table = at("clerk2").open(drafted(cast, "clinic"))
    table.send({**table.fields("save"), "act": _ACT}, 400)
    assert "只有绩效自评表附佐证资料" in table.page.text


# ── the API ─────────────────────────────────────────────────────────────────────────────────────


def _sent(person: Any, version: int | None, sha256: str = _SHA256, **more: Any) -> Any:
    headers = {"Idempotency-Key": more.pop("key", uuid.uuid4().hex)}
    if version is not None:
        headers["If-Match"] = f'"{version}"'
    public_id = Evaluation.unscoped.get().public_id
    address = f"/api/v1/evaluations/{public_id}/evidence/{more.pop('seq', 1)}/{sha256}/"
    return person.client.delete(address, headers=headers)


def test_by_the_api_with_version_and_key(at: Any, cast: Cast) -> None:
    clerk = _supported(at, cast)
    version, key = Evaluation.unscoped.get().lock_version, uuid.uuid4().hex
    assert _sent(clerk, None).status_code == 428
    stale = _sent(clerk, version - 1)
    assert (stale.status_code, stale.json()["current_version"]) == (409, version)
    assert _sent(clerk, version, seq=9).json()["errors"] == {"seq": "没有这一行"}
    for sha256 in ("0" * 64, _SHA256.upper(), "签到表"):
        assert _sent(clerk, version, sha256).json()["detail"] == "这一行没有这个文件"
    assert _sent(at("head"), version).status_code == 403
    assert _sent(at("foreign_clerk"), version).status_code == 404
    assert Evidence.unscoped.count() == 1
    done, again = (_sent(clerk, version, key=key) for _ in range(2))
    assert (done.status_code, again.status_code) == (200, 200)
    assert done.headers["ETag"] == f'"{version + 1}"'
    assert (done.json()["version"], again.content) == (version + 1, done.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert not Evidence.unscoped.exists()
    assert AuditEvent.objects.filter(verb="remove_evidence").count() == 1
    assert _sent(clerk, version + 1).status_code == 409


def test_the_schema_tells_of_it(at: Any, cast: Cast) -> None:
    schema = at("clerk").client.get("/api/v1/schema/?format=json").json()
    path = "/api/v1/evaluations/{public_id}/evidence/{seq}/{sha256}/"
    told = schema["paths"][path]["delete"]
    assert told["operationId"] == "remove_evidence"
    named = {one["name"]: one for one in told["parameters"]}
    assert set(named) == {"Idempotency-Key", "If-Match", "public_id", "seq", "sha256"}
    assert "SHA-256" in told["description"]
