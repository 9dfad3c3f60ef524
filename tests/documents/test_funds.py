"""The fund block in both styles, and the execution it gives."""

from __future__ import annotations

from decimal import Decimal

import pytest

from performance.documents.fund_labels import FundColumn, fund_column, fund_source
from performance.tables import FundSource, FundStage, ParsedDocument
from tests.documents.forms import CLAIMED, HEAD, codes, document, figures

ROW = "产出指标\t数量指标\t人数\t≥1人"
CLAIM = "产出指标\t数量指标\t人数\t≥1人\t1人\t90\t90\t"
NATIONAL = (
    "项目资金（万元）\t\t年初预算数\t全年预算数（A）\t全年执行数（B）\t分值\t执行率（B/A）\t得分"
)


def _evaluation(*rows: str) -> ParsedDocument:
    return document("项目支出绩效自评表", "项目名称\t甲项目", *rows, CLAIMED, CLAIM)


def _targets(*rows: str) -> ParsedDocument:
    return document("项目支出绩效目标表", "项目名称\t甲项目", *rows, HEAD, ROW)


def _funds(read: ParsedDocument) -> list[tuple[str, str, object, object, object]]:
    return [
        (f.source.value, f.stage.value, f.initial, f.adjusted, f.executed)
        for f in read.tables[0].funds
    ]


def test_national_form_with_dashes() -> None:
    read = _evaluation(
        NATIONAL,
        "\t年度资金总额\t90\t86.40\t74.56\t10\t86.30%\t8.63",
        "\t其中：当年财政拨款\t80\t76.40\t66.01\t–\t86.40%\t–",
        "\t上年结转资金\t10\t10\t8.55\t-\t85.50%\t-",
        "\t其他资金\t0\t\t/\t–\t–\t–",
    )
    assert _funds(read) == [
        ("total", "annual", 900000, 864000, 745600),
        ("fiscal", "annual", 800000, 764000, 660100),
        ("carry_over", "annual", 100000, 100000, 85500),
        ("other", "annual", 0, None, None),
    ]
    execution = read.tables[0].execution
    assert execution is not None
    assert figures(execution.budget, execution.budget_used, execution.executed) == (
        864000,
        864000,
        745600,
    )
    assert figures(execution.points, execution.awarded) == (10, Decimal("8.63"))
    assert (execution.rate_claimed, execution.at) == (Decimal("0.863"), "L0004")
    assert read.problems == ()


def test_hubei_form_with_points_in_the_heads() -> None:
    read = _evaluation(
        "预算执行情况（万元） (20分)\t\t预算数(A)\t执行数(B)\t执行率(B/A)\t得分 (20分*执行率)\t\t",
        "\t\t年度财政资金总额\t170.96\t102.17\t59.76%\t12\t",
    )
    assert _funds(read) == [("total", "annual", None, 1709600, 1021700)]
    execution = read.tables[0].execution
    assert execution is not None
    assert figures(execution.points, execution.awarded) == (20, 12)
    assert execution.rate_claimed == Decimal("0.5976")


def test_a_budget_of_zero_is_zero_and_a_bare_percent_is_told() -> None:
    read = _evaluation(NATIONAL, "\t年度资金总额\t\t0\t60.65\t10\t%\t9")
    execution = read.tables[0].execution
    assert execution is not None
    assert figures(execution.budget, execution.executed, execution.rate_claimed) == (
        0,
        606500,
        None,
    )
    assert [(p.code, p.field, p.raw) for p in read.problems] == [
        ("rate_unreadable", "rate_claimed", "%")
    ]


def test_without_an_adjusted_budget_the_initial_one_is_used_and_marked() -> None:
    read = _evaluation(NATIONAL, "\t年度资金总额\t90\t\t74.56\t10\t82.84%\t8.28")
    execution = read.tables[0].execution
    assert execution is not None
    assert figures(execution.budget, execution.budget_used) == (None, 900000)
    assert execution.inferred == ("budget_used",)


def test_all_empty() -> None:
    read = _evaluation(NATIONAL, "\t年度资金总额\t\t\t\t\t\t")
    execution = read.tables[0].execution
    assert execution is not None
    assert (execution.budget, execution.executed, execution.awarded) == (None, None, None)


def test_a_rate_column_in_percent() -> None:
    read = _evaluation(
        "项目资金（万元）\t\t全年预算数\t全年执行数\t分值\t执行率(%)\t得分",
        "\t年度资金总额\t100\t80\t10\t80.00\t8",
    )
    execution = read.tables[0].execution
    assert execution is not None
    assert execution.rate_claimed == Decimal("0.8")


def test_rows_of_money_that_slipped() -> None:
    read = _evaluation(NATIONAL, "年度资金总额\t90\t86.40\t74.56\t10\t86.30%\t8.63\t")
    assert _funds(read) == [("total", "annual", 900000, 864000, 745600)]
    execution = read.tables[0].execution
    assert execution is not None
    assert execution.rate_claimed == Decimal("0.863")


def test_amounts_beside_their_heads_in_one_row() -> None:
    read = _evaluation("预算执行情况（万元）\t预算数\t100\t执行数\t80\t执行率\t80%")
    execution = read.tables[0].execution
    assert execution is not None
    assert figures(execution.budget, execution.executed) == (1000000, 800000)
    assert execution.rate_claimed == Decimal("0.8")


def test_labels_with_amounts_in_wan() -> None:
    read = _targets(
        "项目资金 (万元)\t\t年度预算总额:\t1.19\t其中: 财政拨款\t0.00\t其他资金:\t1.19\t"
    )
    assert _funds(read) == [
        ("total", "annual", 11900, None, None),
        ("fiscal", "annual", 0, None, None),
        ("other", "annual", 11900, None, None),
    ]


def test_whole_period_beside_the_year_in_yuan() -> None:
    read = _targets(
        "项目资金 (元)\t实施期资金总额:\t6,670,104\t\t年度资金总额:\t2,000,000\t",
        "\t其中:中央财政资金\t0\t\t其中:中央财政资金\t0\t",
        "\t市县(区)财政资 金\t6,670,104\t\t市县(区)财政资金\t2,000,000\t",
        "\t其他资金\t\t\t其他资金\t\t",
    )
    funds = read.tables[0].funds
    assert [(f.source, f.stage, f.initial) for f in funds] == [
        (FundSource.TOTAL, FundStage.WHOLE_PERIOD, 6670104),
        (FundSource.TOTAL, FundStage.ANNUAL, 2000000),
        (FundSource.CENTRAL, FundStage.WHOLE_PERIOD, 0),
        (FundSource.CENTRAL, FundStage.ANNUAL, 0),
        (FundSource.COUNTY, FundStage.WHOLE_PERIOD, 6670104),
        (FundSource.COUNTY, FundStage.ANNUAL, 2000000),
        (FundSource.OTHER, FundStage.WHOLE_PERIOD, None),
        (FundSource.OTHER, FundStage.ANNUAL, None),
    ]


def test_the_whole_period_alone() -> None:
    read = _targets("项目资金(元)\t实施期资金总额:\t500")
    assert _funds(read) == [("total", "whole_period", 500, None, None)]


def test_without_a_unit_wan_is_assumed_and_told() -> None:
    read = _targets("项目资金\t年度资金总额\t12")
    assert _funds(read) == [("total", "annual", 120000, None, None)]
    assert codes(read) == ["unit_assumed"]


def test_amounts_that_are_none() -> None:
    read = _evaluation(NATIONAL, "\t年度资金总额\t九十\t86.40\t74.56\t10\t86.30%\t8.63")
    assert read.tables[0].funds[0].initial is None
    assert [(p.code, p.raw) for p in read.problems] == [("amount_unreadable", "九十")]


def test_a_column_that_stands_twice() -> None:
    read = _evaluation(
        "项目资金（万元）\t\t全年预算数\t全年执行数\t执行率\t全年执行数",
        "\t年度资金总额\t100\t80\t80%\t79",
    )
    assert read.tables[0].funds[0].executed == 800000
    assert [(p.code, p.raw) for p in read.problems] == [("cell_unplaced", "79")]


def test_unknown_sources_are_told() -> None:
    read = _evaluation(
        NATIONAL, "\t年度资金总额\t1\t1\t1\t10\t100%\t10", "\t捐赠收入\t1\t1\t1\t–\t–\t–"
    )
    assert codes(read) == ["row_unplaced"]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("年度资金总额：", FundSource.TOTAL),
        ("其中：当年财政拨款", FundSource.FISCAL),
        ("其中:中央财政资金", FundSource.CENTRAL),
        ("省级财政资金", FundSource.PROVINCIAL),
        ("市县(区)财政资金", FundSource.COUNTY),
        ("市级资金", FundSource.CITY),
        ("政府性基金预算拨款", FundSource.GOVERNMENT_FUND),
        ("国有资本经营预算资金", FundSource.STATE_CAPITAL),
        ("地方政府债券", FundSource.BOND),
        ("单位自筹", FundSource.SELF_RAISED),
        ("单位资金", FundSource.UNIT_FUNDS),
        ("上年结转资金", FundSource.CARRY_OVER),
        ("其他资金", FundSource.OTHER),
        ("资金管理办法", None),
        ("", None),
    ],
)
def test_sources(text: str, source: FundSource | None) -> None:
    assert fund_source(text) is source


def test_columns() -> None:
    assert fund_column("全年预算数（A）") is FundColumn.ADJUSTED
    assert fund_column("年初 预算数") is FundColumn.INITIAL
    assert fund_column("1-7月执行数") is FundColumn.EXECUTED
    assert fund_column("全年预计执行数") is FundColumn.OTHER
    assert fund_column("项目名称") is None
