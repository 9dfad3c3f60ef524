"""Papers as official forms and as a record: whose, with what, and what is left out."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from budgets.models import Region
from performance.models import Evaluation, Monitoring, TargetTable
from performance.reports.forms import boxes_of
from performance.services import drafts
from performance.workflow import Paper
from tests.cast import Cast
from tests.contents import progress, targets
from tests.web.scenes import drafted, evaluated, handed_on, issued
from tests.web.test_evaluating import _typed


def _monitored(at: Any, cast: Cast) -> Any:
    """The clerk at a fresh monitoring table of July."""
    handed_on(at, drafted(cast))
    task = issued(at, cast, "monitoring", month="7")
    return at("clerk").open(task).press("start", project=str(cast.projects["road"].public_id))


def _rows(page: Any, words: str) -> list[list[str]]:
    """The cells of the rows that begin in the table with such a header."""
    table = next(one for one in page.all("table") if words in one.text)
    return [
        [cell.text for cell in row.inside if not isinstance(cell, str)] for row in table.all("tr")
    ]


def test_a_target_table_prints_with_merged_levels(at: Any, cast: Cast) -> None:
    address = drafted(cast)
    clerk = at("clerk").open(address)
    assert any(one.given.get("href") == f"{address}print/" for one in clerk.page.all("a"))
    body = targets()
    first = body["indicators"][0]
    body["indicators"] = [
        first,
        {**first, "name": "培训期数", "points": "0"},
        *body["indicators"][1:],
    ]
    table = TargetTable.unscoped.get()
    drafts.save(actor=cast["clerk"], paper=Paper.TARGET_TABLE, public_id=table.public_id, version=2, body=body)  # fmt: skip
    page = clerk.open(f"{address}print/").page
    assert page.one("h1").text == "项目支出绩效目标表"
    rows = _rows(page, "三级指标")
    assert rows[0] == [
        "一级指标",
        "二级指标",
        "三级指标",
        "指标值",
        "分值",
        "指标值确定依据",
        "评（扣）分标准",
    ]
    assert rows[1][:4] == ["产出指标", "数量指标", "培训人次", "≥100人次"]
    assert rows[2][:2] == ["培训期数", "≥100人次"], "its levels are those above"
    assert rows[-1][:3] == ["合计", "", "90"]
    assert [one.given["rowspan"] for one in page.all("td", has="level")][:2] == ["2", "2"]
    assert ["年度资金总额", "60.00"] in [row[-2:] for row in _rows(page, "项目资金")]
    assert "单位（盖章）" in page.text and "草稿 · 第 3 次修改 · 内容摘要" in page.text
    assert (
        clerk.open(f"{address}print/?form=record").page.one("h1").text == "绩效目标表审核与复核记录"
    )
    for odd in ("review", "examination", "x"):
        clerk.open(f"{address}print/?form={odd}", 404)
    at("foreign_clerk").open(f"{address}print/", 404)


def test_an_evaluation_prints_as_the_national_form_its_review_and_the_record(
    at: Any, cast: Cast
) -> None:
    address = evaluated(at, cast)
    page = at("clerk").open(f"{address}print/").page
    assert page.one("h1").text == "项目支出绩效自评表"
    money = _rows(page, "全年执行数（B）")
    assert money[0][1:] == [
        "",
        "年初预算数",
        "全年预算数（A）",
        "全年执行数（B）",
        "分值",
        "执行率（B/A）",
        "得分",
    ]
    assert money[1] == ["年度资金总额", "60.00", "60.00", "54.00", "10", "90%", "9"]
    rows = _rows(page, "实际完成值")
    assert rows[1] == [
        "产出指标",
        "数量指标",
        "培训人次",
        "≥100人次",
        "90人次",
        "40",
        "40",
        "场地调整",
    ]
    assert rows[-1][:3] == ["总分", "100", "99"]
    at("clerk").open(f"{address}print/?form=review", 404)
    finance = at("finance").open(address).press("open_review")
    finance.press("line:", seq="1", points="30", reason_code="rule", reason="签到表只有七十五人")
    page = finance.open(f"{address}print/?form=review").page
    rows = _rows(page, "复核完成值")
    sheet = next(row for row in rows if "培训人次" in row)
    assert sheet[3:7] == ["定量", "≥100人次", "人次", "40"]
    assert sheet[7:12] == ["90人次", "40.00", "", "30.00", "25.00%"]
    assert "签到表只有七十五人" in sheet[12]
    page = finance.open(f"{address}print/?form=record").page
    for words in (
        "审核发现",
        "S01",
        "签到表只有七十五人",
        "采用按规则得分",
        "合计",
        "办理记录",
        "提交",
    ):
        assert words in page.text, words
    digest = page.one("code").text
    assert len(digest) == 64
    assert "签到表只有七十五人" not in at("clerk").open(f"{address}print/?form=record").text


def test_an_evaluation_of_hubei_prints_as_its_own_form(at: Any, cast: Cast) -> None:
    address = evaluated(at, cast)
    Region.objects.filter(pk=cast.region.pk).update(code="420100")
    page = at("clerk").open(f"{address}print/").page
    assert page.one("h1").text == "2024 年度甲一中心项目绩效自评表"
    rows = _rows(page, "项目类别")
    assert rows[2][1] == "1、部门预算项目 ☐ 2、省直专项 ☐ 3、省对下转移支付项目 ☐"
    money = _rows(page, "执行数（B）")
    assert money[0][1:] == [
        "",
        "预算数（A）",
        "执行数（B）",
        "执行率（B/A）",
        "得分 （10分×执行率）",
    ]
    assert money[1] == ["年度财政资金总额", "60.00", "54.00", "90%", "9"]
    rows = _rows(page, "实际完成值（B）")
    assert rows[0][0] == "年度绩效目标 （90分）"
    assert rows[1][1:] == ["产出指标", "数量指标", "培训人次", "≥100人次", "90人次", "40"]
    assert ["总分", "99"] in rows
    assert "培训人次：场地调整" in next(row[1] for row in rows if row[0].startswith("偏差大"))
    # the others stay as they are
    assert (
        at("clerk")
        .open(f"{address}print/?form=record")
        .page.one("h1")
        .text.startswith("绩效自评表")
    )


def test_the_boxes_of_a_project_are_ticked() -> None:
    category, attribute, kind = boxes_of(
        {"category": ("部门预算项目", "其他专项"), "type": ("一次性项目",)}
    )
    assert category.boxes == (
        ("部门预算项目", True), ("省直专项", False), ("省对下转移支付项目", False), ("其他专项", True),
    )  # fmt: skip
    assert [ticked for _, ticked in attribute.boxes] == [False, False]
    assert [words for words, ticked in kind.boxes if ticked] == ["一次性项目"]


def test_the_conclusion_prints_as_the_examination_form(at: Any, cast: Cast) -> None:
    address = drafted(cast)
    handed_on(at, address, to="")
    at("clerk").open(f"{address}print/?form=examination", 404)
    finance = at("finance").open(address)
    finance.press("conclude", overall="中", words="与职责关系不清")
    page = finance.open(f"{address}print/?form=examination").page
    rows = _rows(page, "审核要点")
    assert [row[0] for row in rows[1:]] == ["完整性", "相关性", "适当性", "可行性", "总体意见"]
    assert rows[-1][1] == "中"
    assert "与职责关系不清" in rows[-1][2]
    assert "审核人：finance甲" in page.text


def test_a_monitoring_table_shows_its_lights_and_prints_as_the_form_of_2019(
    at: Any, cast: Cast
) -> None:
    clerk = _monitored(at, cast)
    body = progress()
    body["lines"][0] |= {"progress": "30人次", "cause": "经费保障、其他：拨款七月才到"}
    body["lines"][1] |= {"progress": "60%", "forecast": "80%"}
    clerk.press("save", **_typed(body))
    lines = {
        one.given["data-line"]: one.text
        for one in clerk.page.all("tbody")
        if "data-line" in one.given
    }
    assert "红 可能完不成" in lines["1"] and "7 个月应完成 58.33，是应完成的 51.43%" in lines["1"]
    assert (
        "请写偏差原因"
        in next(one for one in clerk.page.all("tbody") if one.given.get("data-line") == "2").text
    )
    assert "黄 有偏差" in lines["2"] and "完成目标：完全不可能" in lines["2"]
    assert "未判定" in lines["3"]
    assert "黄" not in lines["0"] and "绿 正常" in lines["0"], (
        "half is executed, seven twelfths are due"
    )
    api = f"/api/v1{clerk.address.removeprefix('/papers')}progress/"
    told = clerk.client.get(api).json()
    assert (told["worst"], told["counts"]) == (
        "red",
        {"red": 1, "yellow": 1, "green": 1, "blue": 0},
    )
    body["lines"][0]["progress"] = "90人次"
    tried = clerk.client.post(api, body, content_type="application/json").json()
    assert (tried["worst"], tried["lines"][0]["label"]) == ("yellow", "蓝 大幅超前")
    assert clerk.client.get(api).json()["worst"] == "red", "nothing was written"
    wrong = clerk.client.post(api, {"executed": "很多"}, content_type="application/json")
    assert list(wrong.json()["errors"]) == ["executed"]
    page = clerk.open(f"{clerk.address}print/").page
    row = next(row for row in _rows(page, "三级指标") if "培训人次" in row)
    assert row[3:12] == ["≥100人次", "30人次", "可以完成", "√", "", "", "", "√", "拨款七月才到"]
    assert row[12:] == ["√", "", "", "红 可能完不成"]
    listed = clerk.open("/monitorings/")
    assert "红 可能完不成" in listed.text and "50%" in listed.text
    [row] = clerk.client.get("/api/v1/monitorings/").json()["results"]
    assert (row["light"], row["light_label"], row["red"], row["yellow"]) == (
        "red",
        "红 可能完不成",
        1,
        1,
    )


def _asked(client: Any, address: str) -> int:
    found = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        found.append(len(queries))
    return min(found)


def test_the_list_of_monitorings_asks_a_constant_number_of_questions(at: Any, cast: Cast) -> None:
    clerk = _monitored(at, cast)
    few = _asked(clerk.client, "/monitorings/")
    task = issued(at, cast, "monitoring", month="9", title="九月监控")
    clerk.open(task).press("start", project=str(cast.projects["road"].public_id))
    assert Monitoring.unscoped.count() == 2
    assert _asked(clerk.client, "/monitorings/") == few <= 14


@pytest.mark.parametrize("form", ["form", "review", "record"])
def test_printing_asks_a_constant_number_of_questions(at: Any, cast: Cast, form: str) -> None:
    address = evaluated(at, cast)
    finance = at("finance").open(address).press("open_review")
    assert Evaluation.unscoped.count() == 1
    assert _asked(finance.client, f"{address}print/?form={form}") <= 60
