"""Filling in a self-evaluation: the trial over HTTP, the page without scripts, the final accounts."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from budgets.models import AuditEvent
from performance.models import Evaluation, ScoreRun
from performance.services import drafts
from performance.services.imports import import_document
from performance.workflow import Paper
from tests.cast import Cast
from tests.contents import actuals
from tests.web.scenes import drafted, filled, handed_on, issued


def _begun(at: Any, cast: Cast) -> Any:
    """The clerk at a fresh self-evaluation."""
    handed_on(at, drafted(cast))
    task = issued(at, cast, "evaluation")
    return at("clerk").open(task).press("start", project=str(cast.projects["road"].public_id))


def _typed(content: dict[str, Any]) -> dict[str, str]:
    return {name.replace(".", "__"): value for name, value in filled(content).items()}


def _tried(person: Any, content: Any, status: int = 200) -> Any:
    address = f"/api/v1{person.address.removeprefix('/papers')}trial/"
    answer = person.client.post(address, json.dumps(content), content_type="application/json")
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def test_a_content_is_scored_as_it_is_typed_and_nothing_is_written(at: Any, cast: Cast) -> None:
    clerk = _begun(at, cast)
    before = (AuditEvent.objects.count(), Evaluation.unscoped.get().lock_version)
    found = _tried(clerk, actuals())
    assert [(one["seq"], one["claimed"], one["awarded"], one["difference"]) for one in found["lines"]] == [
        (1, "40", "36.00", "-4"), (2, "40", "40.00", "0"), (3, "10", "10.00", "0"),
    ]  # fmt: skip
    assert "40×90÷100＝36.00 分" in found["lines"][0]["explanation"]
    assert found["execution"]["awarded"] == "9.00"
    assert (found["total"], found["grade"], found["complete"]) == ("95.00", "优", True)
    assert (found["claimed_total"], found["claimed_sum"], found["difference"]) == ("99", "99", "-4")
    assert {one["code"] for one in found["findings"]} >= {"S01"}
    assert found["counts"]["error"] == sum(one["severity"] == "error" for one in found["findings"])
    assert (AuditEvent.objects.count(), Evaluation.unscoped.get().lock_version) == before
    assert not ScoreRun.unscoped.exists()
    wrong = _tried(clerk, actuals(total_claimed="很多"), 400)
    assert list(wrong["errors"]) == ["total_claimed"]
    assert _tried(clerk, [1], 400)


def test_a_reason_is_asked_for_by_the_rules_of_the_check_up(at: Any, cast: Cast) -> None:
    clerk = _begun(at, cast)
    content = actuals()
    due = lambda: [one["due"] for one in _tried(clerk, content)["lines"]]  # noqa: E731
    assert due() == ["", "", ""], "the whole is claimed, and the first line gives a reason"
    rows = content["actuals"]
    rows[0] |= {"deviation": "", "claimed": "36"}
    assert "得 36 分，低于分值 40 分" in due()[0]
    rows[0]["claimed"] = ""
    assert "得 36 分，低于分值 40 分" in due()[0], "asked for before it is claimed"
    rows[0]["deviation"] = "无"
    assert due()[0]
    content["deviation_reason"] = "场地改建，停课一个月"
    assert due() == ["", "", ""], "a reason on the table is one"
    content["deviation_reason"] = ""
    rows[0] |= {"actual": "160人次", "claimed": "40"}
    assert due()[0].startswith("完成目标的 160%")


def test_handed_on_is_no_longer_tried(at: Any, cast: Cast) -> None:
    clerk = _begun(at, cast)
    clerk.press("save:submit", **_typed(actuals()))
    assert "不再试算" in _tried(clerk, actuals(), 409)["detail"]
    at("head").open(clerk.address)
    _tried(at("head"), actuals(), 409)
    stranger = at("foreign_clerk")
    stranger.address = clerk.address
    _tried(stranger, actuals(), 404)


def test_the_page_shows_and_takes_computed_points_without_scripts(at: Any, cast: Cast) -> None:
    clerk = _begun(at, cast)
    clerk.press("save", **_typed(actuals()))
    version = Evaluation.unscoped.get().lock_version
    first = next(one for one in clerk.page.all("tbody") if one.given.get("data-line") == "1")
    assert "36.00" in first.text and "−4.00" in first.text and "40×90÷100" in first.text
    clerk.press("examine", actuals__2__actual="45%", actuals__2__claimed="20")
    second = next(one for one in clerk.page.all("tbody") if one.given.get("data-line") == "2")
    assert "请写偏差原因 得 20 分，低于分值 40 分" in second.text
    clerk.press("take:1", actuals__2__actual="45%")
    assert clerk.value("actuals.1.claimed") == "36"
    assert (clerk.value("actuals.2.claimed"), clerk.value("actuals.2.actual")) == ("20", "45%")
    clerk.press("take:all")
    assert [clerk.value(f"actuals.{n}.claimed") for n in (1, 2, 3)] == ["36", "20", "10"]
    assert (clerk.value("execution.claimed"), clerk.value("total_claimed")) == ("9", "75")
    assert clerk.page.one(id="trial-sum").text.startswith(
        "按规则 75.00 分，等级 中 · 各行自评合计 75 ·"
    )
    assert Evaluation.unscoped.get().lock_version == version, "nothing was written"
    for odd in ("take:9", "take:x", "take:"):
        clerk.press("save")
        fields = clerk.fields("save") | {"act": odd}
        clerk.send(fields, 400)
    table = at("clerk").open(drafted(cast, "clinic")) if "clinic" in cast.projects else None
    if table is not None:
        table.send(table.fields("save") | {"act": "take:all"}, 400)


def test_final_accounts_are_offered_with_their_place(at: Any, cast: Cast) -> None:
    clerk = _begun(at, cast)
    name = cast.projects["road"].name
    text = (
        "甲一中心2024年度部门决算\n\n项目支出决算明细表\n部门：甲一中心\t\t\t金额单位：万元\n"
        "项目名称\t年初预算数\t全年预算数\t支出决算数\n"
        f"{name}\t70.00\t60.00\t54.00\n另一个项目\t1.00\t1.00\t1.00\n\n"
        "支出决算表\n部门：甲一中心\t\t\t金额单位：万元\n项目\t\t本年支出合计\t基本支出\t项目支出\n"
        "科目代码\t科目名称\t\t\t\n合计\t\t100.00\t45.00\t55.00\n"
    )
    api = f"/api/v1{clerk.address.removeprefix('/papers')}final-accounts/"
    assert clerk.client.get(api).json() == []
    assert "没有写到这个项目" in clerk.open(f"{clerk.address}?accounts=1").text
    import_document(actor=cast["finance"], unit=cast.unit, data=text.encode(), name="决算公开.txt")
    found = clerk.client.get(api).json()
    assert [(one["document"], one["table"], one["place"], one["budget"], one["executed"]) for one in found] == [
        ("决算公开.txt", "项目支出决算明细表", "第 6 行", "600000.00", "540000.00"),
    ]  # fmt: skip
    with CaptureQueriesContext(connection) as queries:
        clerk.client.get(api)
    assert len(queries) <= 17, len(queries)
    page = clerk.open(f"{clerk.address}?accounts=1")
    assert (
        "来自决算 决算公开.txt · 项目支出决算明细表 · 第 6 行：全年预算数 600000 元，全年执行数 540000 元"
        in page.text
    )
    assert clerk.value("execution.executed") == "", "nothing is filled by itself"
    assert at("foreign_clerk").client.get(api).status_code == 404


def test_many_lines_ask_no_more_questions(at: Any, cast: Cast) -> None:
    clerk = _begun(at, cast)
    public_id = Evaluation.unscoped.get().public_id
    body = actuals()
    drafts.save(
        actor=cast["clerk"], paper=Paper.EVALUATION, public_id=public_id, version=1, body=body
    )
    counts = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as queries:
            _tried(clerk, body)
        counts.append(len(queries))
    assert min(counts) <= 24, counts
