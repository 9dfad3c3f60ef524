"""Whole forms: where one begins and ends, what its fields say, what stands between its rows."""

from __future__ import annotations

from decimal import Decimal

import pytest

from performance.tables import Contact, Objective, Scope, TableKind
from tests.documents.forms import (
    CLAIMED,
    HEAD,
    codes,
    document,
    figures,
    self_evaluation,
    table,
    target_table,
    texts,
)

ROW = "产出指标\t数量指标\t人数\t≥1人"
CLAIM = "产出指标\t数量指标\t人数\t≥1人\t1人\t90\t90\t"


# ── which paper ─────────────────────────────────────────────────────────────────────────────────


def test_kinds() -> None:
    assert table(*target_table(ROW)).kind is TableKind.TARGET_TABLE
    assert table(*self_evaluation(CLAIM)).kind is TableKind.SELF_EVALUATION
    assert table("甲项目情况", CLAIMED, CLAIM).kind is TableKind.SELF_EVALUATION


def test_monitoring_table() -> None:
    read = document(
        "项目支出绩效运行监控表",
        "（2023年度）",
        "项目名称\t甲项目\t\t\t\t\t\t\t\t\t\t\t",
        "项目资金（万元）\t\t年初预算数\t1-7月执行数\t1-7月执行率\t全年预计执行数\t\t\t\t\t\t\t",
        "\t年度资金总额\t100\t45.50\t45.50%\t98\t\t\t\t\t\t\t",
        "\t其中：财政拨款\t100\t45.50\t45.50%\t98\t\t\t\t\t\t\t",
        "一级指标\t二级指标\t三级指标\t年度指标值\t1-7月执行情况\t全年预计完成情况\t偏差原因分析\t\t\t\t\t\t备注",
        "\t\t\t\t\t\t经费保障\t制度保障\t人员保障\t硬件条件保障\t其他\t原因说明\t",
        "产出指标\t数量指标\t培训人数\t≥100人\t60人\t100人\t\t\t\t\t\t期数少\t",
        "\t\t培训期数\t≥4期\t2期\t4期\t\t\t\t\t\t\t",
    )
    (form,) = read.tables
    assert form.kind is TableKind.MONITORING
    assert form.execution is None
    assert [(f.source.value, *figures(f.initial, f.executed)) for f in form.funds] == [
        ("total", 1000000, 455000),
        ("fiscal", 1000000, 455000),
    ]
    assert [(i.name, i.actual.text if i.actual else None) for i in form.indicators] == [
        ("培训人数", "60人"),
        ("培训期数", "2期"),
    ]
    assert form.indicators[0].deviation == "期数少"
    assert read.problems == ()


def test_scopes() -> None:
    overall = table("2023年度部门整体支出绩效自评表", "部门名称：甲局", CLAIMED, CLAIM)
    assert (overall.scope, overall.project, overall.unit) == (
        Scope.DEPARTMENT,
        "部门整体支出",
        "甲局",
    )
    assert overall.inferred == ("project",)
    assert table(*target_table(ROW)).scope is Scope.PROJECT
    policy = table("政策绩效目标表", "政策名称\t甲补贴", HEAD, ROW)
    assert (policy.scope, policy.project) == (Scope.POLICY, "甲补贴")
    assert table("目标表", "政策名称\t甲补贴", HEAD, ROW).scope is Scope.POLICY


def test_project_of_the_heading_is_inferred() -> None:
    read = table("某局2023年部门预算信息公开", "3、长期护理险绩效目标表", "", HEAD, ROW)
    assert (read.project, read.fiscal_year) == ("长期护理险", 2023)
    assert read.inferred == ("fiscal_year", "project")


@pytest.mark.parametrize(
    ("heading", "project"),
    [
        ("1、甲项目绩效目标表", "甲项目"),
        ("（二）甲补助项目支出绩效自评表", "甲补助"),
        ("3、 一至六级残疾军人医疗费", "一至六级残疾军人医疗费"),
        ("2022年度甲中心项目绩效自评表", ""),
        ("甲县(区)级预算部门(单位)项目支出绩效目标申报表", ""),
        ("项目支出绩效目标表", ""),
    ],
)
def test_what_a_heading_says_of_the_project(heading: str, project: str) -> None:
    assert table(heading, HEAD, ROW).project == project


def test_no_project_anywhere_is_a_problem() -> None:
    read = document(HEAD, ROW)
    assert read.tables[0].project == ""
    assert codes(read) == ["project_missing"]


# ── fields ──────────────────────────────────────────────────────────────────────────────────────


def test_fields_beside_their_labels() -> None:
    read = table(
        "项目支出绩效自评表",
        "（2022年度）",
        "项目名称\t\t甲项目\t\t项目代码\t110101R000000000001\t",
        "主管部门及代码\t036-甲局\t\t实施单位\t甲中心\t",
        CLAIMED,
        CLAIM,
        "偏差大或目标未完成原因分析\t预算调减",
        "改进措施及结果应用方案\t据实编制",
    )
    assert (read.project, read.project_code) == ("甲项目", "110101R000000000001")
    assert (read.supervisor, read.unit) == ("036-甲局", "甲中心")
    assert (read.deviation_reason, read.improvement) == ("预算调减", "据实编制")
    assert (read.fiscal_year, read.at, read.inferred) == (2022, "L0003", ())


def test_label_and_value_in_one_cell_or_line() -> None:
    read = table("项目名称：甲项目\t主管部门：甲局", "实施单位：甲中心", HEAD, ROW)
    assert (read.project, read.supervisor, read.unit) == ("甲项目", "甲局", "甲中心")


def test_persons_are_kept_apart() -> None:
    read = table(
        *target_table(ROW),
        "负责人:\t张三\t经办人:\t李四\t联系电话:\t13800000000\t填报日期:\t20230410",
    )
    assert read.contacts == (
        Contact(role="负责人", name="张三", phone="13800000000"),
        Contact(role="经办人", name="李四", phone="13800000000"),
    )


def test_a_person_with_the_telephone_in_the_same_cell() -> None:
    read = table("项目名称\t甲项目\t项目负责人及电话\t张三（010-60000000）", HEAD, ROW)
    assert read.contacts == (Contact(role="项目负责人", name="张三", phone="010-60000000"),)


def test_unit_and_year_of_the_document_are_inferred() -> None:
    read = table("编制部门：甲州医疗保障局", "2023年部门预算公开", "1、甲项目绩效目标表", HEAD, ROW)
    assert (read.unit, read.fiscal_year) == ("甲州医疗保障局", 2023)
    assert set(read.inferred) == {"unit", "fiscal_year", "project"}


@pytest.mark.parametrize(
    ("options", "finished"),
    [("☑是 ☐否", True), ("☐是 ☑否", False), ("☐是 ☐否", None), ("已完成", True), ("", None)],
)
def test_finished(options: str, finished: bool | None) -> None:
    read = table(
        "项目支出绩效自评表",
        "项目名称\t甲项目",
        f"项目是否完成\t{options}",
        "项目资金（万元）\t\t全年预算数\t全年执行数\t分值\t执行率\t得分",
        "\t年度资金总额\t100\t80\t10\t80%\t8",
        CLAIMED,
        CLAIM,
    )
    assert read.execution is not None
    assert read.execution.finished is finished


# ── objectives ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("below", [False, True])
def test_objectives_before_or_after_the_header(below: bool) -> None:
    goal = "绩效目标\t1.做好审计。 2.打击骗保。\t\t"
    rows = [HEAD, goal] if below else [goal, HEAD]
    read = document("1、甲项目绩效目标表", *rows, ROW, "2、乙项目绩效目标表", *rows, ROW)
    assert [t.project for t in read.tables] == ["甲项目", "乙项目"]
    assert [t.objectives for t in read.tables] == [
        (Objective(text="1.做好审计。 2.打击骗保。"),)
    ] * 2
    assert read.problems == ()


def test_objectives_expected_beside_completed() -> None:
    heads = "年度总体目标\t预期目标\t\t\t实际完成情况\t\t\t"
    for rows in (
        [heads, "\t培训24场\t\t\t培训26场\t\t\t"],
        [heads, "年度总体目标\t培训24场\t\t\t培训26场"],
        ["年度总体目标\t预期目标\t培训24场\t实际完成情况\t培训26场"],
        ["预期目标\t培训24场\t实际完成情况\t培训26场"],
    ):
        read = document("项目名称\t甲项目", *rows, CLAIMED, CLAIM)
        assert read.tables[0].objectives == (Objective(text="培训24场", completed="培训26场"),)
        assert read.problems == ()


def test_only_the_completed_objective() -> None:
    read = table("项目名称\t甲项目", "\t预期目标\t\t实际完成情况", "\t\t\t培训26场", CLAIMED, CLAIM)
    assert read.objectives == (Objective(text="", completed="培训26场"),)


def test_objectives_in_parts_and_in_halves() -> None:
    parts = table("项目名称\t甲项目", "绩效目标\t目标1\t甲", "\t目标2\t乙", HEAD, ROW)
    assert [o.text for o in parts.objectives] == ["甲", "乙"]
    halves = table(
        "项目名称\t甲项目",
        "实施期目标\t\t\t年度目标\t\t",
        "总体目标\t及时资助困难\t\t\t及时资助困难群众参保\t",
        HEAD,
        ROW,
    )
    assert [o.text for o in halves.objectives] == ["及时资助困难群众参保"]


def test_several_goals_with_shares() -> None:
    head = "\t一级指标\t二级指标\t三级指标\t年初目标值(A)\t实际完成值(B)\t得分"
    read = document(
        "项目绩效自评表",
        "项目名称\t甲项目",
        f"年度绩效目标1（40%）{head}",
        "\t产出指标\t数量指标\t甲数\t≥1个\t1个\t40",
        f"年度绩效目标2（60%）{head}",
        "\t产出指标\t数量指标\t乙数\t≥2个\t2个\t60",
    )
    (form,) = read.tables
    assert [(i.name, i.goal) for i in form.indicators] == [
        ("甲数", "年度绩效目标1"),
        ("乙数", "年度绩效目标2"),
    ]
    assert [o.share for o in form.objectives] == [Decimal("0.4"), Decimal("0.6")]
    assert read.problems == ()


def test_a_goal_that_begins_in_a_row() -> None:
    head = "\t一级指标\t二级指标\t三级指标\t年初目标值\t实际完成值\t得分"
    read = document(
        "项目名称\t甲项目",
        f"年度绩效目标1（50分）{head}",
        "\t产出指标\t数量指标\t甲数\t≥1个\t1个\t50",
        "年度绩效目标2（50分）\t产出指标\t数量指标\t乙数\t≥1个\t1个\t50",
        "\t\t\t丙数\t≥1个\t1个\t0",
    )
    assert [i.goal for i in read.tables[0].indicators] == [
        "年度绩效目标1",
        "年度绩效目标2",
        "年度绩效目标2",
    ]
    assert [o.share for o in read.tables[0].objectives] == [Decimal("0.5")] * 2


def test_shares_from_points_and_shares_that_are_missing() -> None:
    head = "\t一级指标\t二级指标\t三级指标\t年初目标值\t实际完成值\t得分"
    row = "\t产出指标\t数量指标\t{}\t≥1个\t1个\t40"
    by_points = table(
        "项目名称\t甲",
        f"年度绩效目标1（20分）{head}",
        row.format("甲数"),
        f"年度绩效目标2（60分）{head}",
        row.format("乙数"),
    )
    assert [o.share for o in by_points.objectives] == [Decimal("0.25"), Decimal("0.75")]
    missing = document(
        "项目名称\t甲",
        f"年度绩效目标1（XX分）{head}",
        row.format("甲数"),
        f"年度绩效目标2（60分）{head}",
        row.format("乙数"),
    )
    assert [o.share for o in missing.tables[0].objectives] == [None, None]
    assert codes(missing) == ["goal_share_missing"]


def test_goal_points() -> None:
    one = "年度绩效目标1（80分）\t一级指标\t二级指标\t三级指标\t年初目标值\t实际完成值\t得分"
    read = table("项目名称\t甲", one, "\t产出指标\t数量指标\t甲数\t≥1个\t1个\t80")
    assert read.goal_points == 80
    by_column = CLAIMED.replace("分值", "分值（90分）")
    assert table("项目名称\t甲", by_column, CLAIM).goal_points == 90
    assert table(*self_evaluation(CLAIM)).goal_points is None


# ── the total ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "total",
    [
        "总分\t\t\t\t\t\t\t\n总分\t100\t94",
        "总分\t\t\t\t\t100\t94.00\t",
        "总 分\t\t\t\t\t\t94.00\t",
        "合计\t\t\t\t\t100\t94\t",
        "总分\t100\t94",
        "总分：94.00分\t\t\t\t\t\t\t",
        "自评总分\t\t\t\t\t100分\t94分\t",
    ],
)
def test_totals(total: str) -> None:
    assert table(*self_evaluation(CLAIM, total)).total_claimed == 94


def test_a_total_of_the_points_alone_is_no_claim() -> None:
    read = document(*self_evaluation(CLAIM, "总分\t\t\t\t\t100\t\t"))
    assert read.tables[0].total_claimed is None
    assert read.problems == ()


def test_a_total_that_is_not_clear() -> None:
    read = document(*self_evaluation(CLAIM, "总分\t100\t\t\t\t\t\t"))
    assert read.tables[0].total_claimed is None
    assert codes(read) == ["total_unclear"]


def test_a_total_without_points_column() -> None:
    head = "一级指标\t二级指标\t三级指标\t年初目标值\t实际完成值\t得分"
    read = table("项目名称\t甲", head, "产出指标\t数量指标\t甲数\t≥1个\t1个\t80", "总分\t98")
    assert read.total_claimed == 98


# ── where a form begins and ends ────────────────────────────────────────────────────────────────


def test_headings_between_tables() -> None:
    read = document(
        "第二部分 项目绩效目标",
        "1、甲项目绩效目标表",
        HEAD,
        ROW,
        "",
        "2、乙项目绩效目标表",
        HEAD,
        ROW,
        "六、政府采购预算情况",
        "2023年没有安排政府采购。",
    )
    assert [t.project for t in read.tables] == ["甲项目", "乙项目"]
    assert read.problems == ()


def test_a_project_name_begins_the_next_form() -> None:
    read = document("项目名称\t甲项目", HEAD, ROW, "项目名称\t乙项目", HEAD, ROW)
    assert [t.project for t in read.tables] == ["甲项目", "乙项目"]


@pytest.mark.parametrize("line", ["单位名称：乙中心", "（2022年度）"])
def test_a_unit_or_a_year_begins_the_next_form(line: str) -> None:
    read = document(*target_table(ROW), line, "项目名称\t乙项目", HEAD, ROW)
    first, second = read.tables
    assert first.fiscal_year == 2023
    assert first.unit is None or "unit" in first.inferred
    assert (second.unit, second.fiscal_year) in {("乙中心", None), (None, 2022)}


def test_a_row_of_the_same_width_after_prose_is_told() -> None:
    read = document(*target_table(ROW), "以下是采购情况。", "电脑\t打印\t复印\t扫描")
    assert len(read.tables[0].indicators) == 1
    assert codes(read) == ["row_outside_table"]


def test_a_list_of_projects_is_no_form() -> None:
    read = document(
        "部门政府采购预算",
        "序号\t项目名称\t金额\t备注",
        "1\t办公设备\t12.5\t",
        "项目名称\t预算资金\t\t合计",
        "合计\t\t\t16.99",
        "项目名称\t单位\t金额\t备注",
        "甲\t乙\t3\t",
        "1、甲项目绩效目标表",
        HEAD,
        ROW,
    )
    assert [t.project for t in read.tables] == ["甲项目"]
    assert read.problems == ()


def test_a_header_repeated_after_a_page_break() -> None:
    read = document(*target_table(ROW), "- 12 -", "", HEAD, "\t质量指标\t合格率\t≥95%")
    (form,) = read.tables
    assert [i.name for i in form.indicators] == ["人数", "合格率"]
    assert form.indicators[1].level1 == "产出指标"
    assert read.problems == ()


def test_title_and_header_repeated_after_a_page_break() -> None:
    title = ["项目支出绩效自评表", "（2023年度）"]
    read = document(
        *title,
        "项目名称\t甲项目",
        CLAIMED,
        CLAIM,
        *title,
        CLAIMED,
        "效益指标\t社会效益指标\t知晓率\t≥85%\t90%\t10\t10\t",
        "总分\t\t\t\t\t100\t100\t",
    )
    (form,) = read.tables
    assert [i.name for i in form.indicators] == ["人数", "知晓率"]
    assert form.total_claimed == 100
    assert codes(read) == ["table_continued"]


@pytest.mark.parametrize("between", ["12", "- 3 -", "第 4 页 共 9 页", "（续表）", ""])
def test_page_numbers_interrupt_nothing(between: str) -> None:
    read = document(*target_table(ROW), between, "\t\t期数\t≥2期", "\t质量指标\t合格率\t≥95%")
    assert [i.name for i in read.tables[0].indicators] == ["人数", "期数", "合格率"]
    assert read.problems == ()


def test_prose_between_rows() -> None:
    read = document(
        *target_table(ROW), "以下各项由业务科室填写", "\t\t期数\t≥2期", "\t质量指标\t合格率\t≥95%"
    )
    assert [i.name for i in read.tables[0].indicators] == ["人数", "期数", "合格率"]


def test_another_table_after_prose_is_none_of_the_form() -> None:
    read = document(*target_table(ROW), "以下是采购情况。", "品名\t数量\t单价", "电脑\t3\t5000")
    assert [i.name for i in read.tables[0].indicators] == ["人数"]


def test_rows_of_indicators_that_lost_their_header_are_told() -> None:
    read = document(
        *target_table(ROW),
        "三、其他",
        "\t质量指标\t合格率\t≥95%",
        "产出指标\t时效指标\t及时率\t≥95%",
    )
    assert [i.name for i in read.tables[0].indicators] == ["人数"]
    assert [(p.code, p.at) for p in read.problems] == [
        ("row_outside_table", "L0007"),
        ("row_outside_table", "L0008"),
    ]


def test_a_header_without_values_is_told_once() -> None:
    read = document(
        "评价指标体系",
        "一级指标\t二级指标\t三级指标\t分值\t指标解释",
        "产出指标\t数量指标\t人数\t5\t说明",
    )
    assert read.tables == ()
    assert codes(read) == ["no_tables", "header_without_values"]


def test_a_form_without_rows_is_no_table() -> None:
    read = document("项目支出绩效目标表", "项目名称\t甲项目", HEAD)
    assert read.tables == ()
    assert set(codes(read)) == {"no_tables", "table_without_indicators"}


def test_unknown_rows_of_a_form_are_told() -> None:
    read = document("项目名称\t甲项目", "填报要求\t据实填报\t不得空缺", HEAD, ROW)
    assert [(p.code, p.at, p.raw) for p in read.problems] == [
        ("row_unplaced", "L0002", "填报要求 | 据实填报 | 不得空缺")
    ]


def test_unknown_columns_are_told_once() -> None:
    read = document(
        "项目名称\t甲项目",
        f"{HEAD}\t牵头科室\t备注",
        f"{ROW}\t监管科\t无",
        "\t\t期数\t≥2期\t待遇科\t",
    )
    assert len(read.tables[0].indicators) == 2
    assert [(p.code, p.at, p.raw) for p in read.problems] == [
        ("column_unknown", "L0002", "牵头科室")
    ]


def test_a_column_that_stands_twice() -> None:
    read = document("项目名称\t甲项目", f"{HEAD}\t调整后指标值", f"{ROW}\t≥2人")
    (indicator,) = read.tables[0].indicators
    assert indicator.target is not None
    assert indicator.target.text == "≥1人"
    assert [(p.code, p.raw) for p in read.problems] == [("cell_unplaced", "≥2人")]


def test_fields_with_more_than_their_value() -> None:
    read = document(
        "项目名称\t甲项目", "主管部门\t甲局\t乙局", "主管部门\t丙局", "主管部门\t甲 局", HEAD, ROW
    )
    assert read.tables[0].supervisor == "甲局"
    assert [(p.code, p.at, p.raw) for p in read.problems] == [
        ("cell_unplaced", "L0002", "乙局"),
        ("field_repeated", "L0003", "丙局"),
    ]


def test_an_empty_document() -> None:
    read = document("没有任何表格的正文。")
    assert (read.tables, codes(read)) == ((), ["no_tables"])


def test_problems_stand_in_reading_order() -> None:
    rows = [f"产出指标\t数量指标\t指标甲{n}\t" for n in range(1, 12)]
    read = document("\n" * 9990, *target_table(*rows))
    lines = [int(p.at[1:]) for p in read.problems]
    assert lines == sorted(lines)
    assert lines[-1] > 9999


def test_half_the_forms_of_one_table_do_not_mix() -> None:
    read = document(*self_evaluation(CLAIM), *target_table(ROW))
    assert [t.kind.value for t in read.tables] == ["self_evaluation", "target_table"]
    assert texts(read.tables[1].indicators) == [("产出指标", "数量指标", "人数", "≥1人")]
