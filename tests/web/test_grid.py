"""The editor of a target table without a script: last year beside it, findings alone, what it is told."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from uuid import uuid4

from budgets.models import AuditEvent
from performance.models import TargetTable
from performance.rulebook import load
from performance.scoring.points import level1_points
from performance.services import drafts
from performance.workflow import Paper
from tests.cast import Cast
from tests.contents import targets
from tests.web.scenes import drafted


def _this_year(cast: Cast) -> str:
    """A draft of the year after ``drafted``'s; its page's address."""
    clerk, rows = cast["clerk"], [dict(row) for row in targets()["indicators"]]
    rows[0]["target"] = "≥ 100 人次"
    rows[1]["target"] = "≥95%"
    rows[2] = {**rows[2], "name": "新的满意度"}
    table = drafts.create_target_table(
        actor=clerk, project=cast.projects["road"].public_id, fiscal_year=2025
    )
    drafts.save(
        actor=clerk,
        paper=Paper.TARGET_TABLE,
        public_id=table.public_id,
        version=1,
        body=targets(indicators=rows),
    )
    return f"/papers/target-tables/{table.public_id}/"


def test_last_year_is_held_against_this_year_and_copied_without_a_script(
    at: Any, cast: Cast
) -> None:
    first = drafted(cast)
    assert "earlier" not in at("clerk").open(first).acts()
    address = _this_year(cast)
    before = AuditEvent.objects.count()
    clerk = at("clerk").open(address).press("earlier", unit="没有保存的单位")
    shown = clerk.page.one(id="earlier").one("tbody").all("tr")
    assert [(row.all("td")[0].text, row.one("th").text) for row in shown] == [
        ("未变", "培训人次"),
        ("指标值或分值变了", "知晓率"),
        ("今年没有", "服务对象满意度"),
        ("今年新设", "新的满意度"),
    ]
    assert clerk.value("unit") == "没有保存的单位"
    clerk.press("copy_last:3")
    assert clerk.value("indicators.4.name") == "服务对象满意度"
    assert clerk.value("unit") == "没有保存的单位"
    clerk.press("earlier").press("copy_last:")
    assert [clerk.value(f"indicators.{n}.name") for n in (5, 6, 7)] == [
        "培训人次", "知晓率", "服务对象满意度",
    ]  # fmt: skip
    form = clerk.fields("save")
    clerk.send({**form, "act": "copy_last:9"}, 400)
    assert AuditEvent.objects.count() == before


def test_last_year_shows_only_what_one_may_see(at: Any, cast: Cast) -> None:
    drafted(cast)
    address = _this_year(cast)
    form = at("clerk").open(address).fields("save")
    for name in ("head", "finance", "foreign_clerk"):
        body = {**form, "act": "earlier", "part": "1", "form_key": uuid4().hex}
        answer = at(name).client.post(address, body)
        assert answer.status_code in {400, 404}, name
        assert "知晓率" not in answer.content.decode(), name


def test_the_findings_come_alone_while_one_types(at: Any, cast: Cast) -> None:
    address = drafted(cast)
    clerk = at("clerk").open(address)
    form = {**clerk.fields("examine"), "part": "1"}
    before = (AuditEvent.objects.count(), TargetTable.unscoped.get().lock_version)
    part = clerk.client.post(address, {**form, "indicators.1.points": "30"})
    text = part.content.decode()
    assert part.status_code == 200 and "<html" not in text
    assert 'id="checkup"' in text and 'id="found-counts"' in text and "合计 80 分" in text
    assert 'data-at="goal_points"' in text or 'data-at="indicators' in text
    refused = clerk.client.post(address, {**form, "indicators.1.points": "三十"})
    assert (refused.status_code, refused.content) == (400, b"")
    assert at("foreign_clerk").client.post(address, form).status_code == 404
    assert (AuditEvent.objects.count(), TargetTable.unscoped.get().lock_version) == before


def test_the_bar_is_told_the_points_of_the_year(at: Any, cast: Cast) -> None:
    page = at("clerk").open(drafted(cast)).page
    told = json.loads(page.one(id="points").given["data-template"])
    assert told["total"] == "90" and told["totals"] == ["90", "100"]
    assert set(told["levels"]) == {"", "成本", "满意度", "成本,满意度"}
    measures = json.loads(page.one(id="points").given["data-measures"])
    assert measures["经济成本指标"][0][0] == "≤"
    assert not at("head").open("/desk/").page.all(id="points")


def test_a_level_has_the_points_of_the_kind_of_table() -> None:
    rules = load("mof-2021-101")
    for levels, due in (
        ({"产出", "效益", "满意度"}, {"产出": 50, "效益": 30, "满意度": 10}),
        ({"产出", "效益"}, {"产出": 50, "效益": 40}),
        ({"成本", "产出", "效益", "满意度"}, {"成本": 20, "产出": 40, "效益": 20, "满意度": 10}),
        ({"成本", "产出", "效益"}, {"成本": 20, "产出": 40, "效益": 30}),
    ):
        wanted = {name: Decimal(points) for name, points in due.items()}
        assert level1_points(rules, levels) == wanted
