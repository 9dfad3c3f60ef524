"""The checks over a whole document: text against tables, projects against project expenditure."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from performance.appraisal import appraise
from performance.examination.ties import DOCUMENT_CHECKS, percent, wan
from performance.rulebook import load
from performance.tables import Finding
from tests.documents.forms import CLAIMED, HEAD, document

FUNDS = "项目资金（万元）\t\t全年预算数\t全年执行数\t分值\t执行率\t得分"
CLAIM = "产出指标\t数量指标\t人数\t≥1人\t1人\t90\t90\t"
EXPENDITURE = "科目编码\t科目名称\t合计\t基本支出\t项目支出"


def _evaluation(project: str, budget: str, executed: str, rate: str = "") -> list[str]:
    money = f"\t年度资金总额\t{budget}\t{executed}\t10\t{rate}\t"
    return ["项目支出绩效自评表", f"项目名称\t{project}", FUNDS, money, CLAIMED, CLAIM]


def _targets(project: str, amount: str) -> list[str]:
    money = f"项目资金（万元）\t年度资金总额\t{amount}"
    return [
        "项目支出绩效目标表",
        f"项目名称\t{project}",
        money,
        HEAD,
        "产出指标\t数量指标\t人数\t≥1人",
    ]


def _table(title: str, project: str) -> list[str]:
    return [title, EXPENDITURE, f"合计\t\t100\t{Decimal(100) - Decimal(project)}\t{project}"]


def _found(code: str, *parts: list[str]) -> list[Finding]:
    read = document(*(line for part in parts for line in part))
    return [f for f in appraise(read, load("mof-2020-10")).findings if f.code == code]


# ── X01 ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_text_agrees() -> None:
    said = ["甲补贴：项目全年预算数为80万元，调整预算数为60万元，执行数为14.77万元，完成预算25%。"]
    assert _found("X01", said, _evaluation("甲补贴", "60", "14.77", "24.62%")) == []


def test_another_budget_and_another_rate() -> None:
    said = [
        "甲补贴：项目全年预算数为247.96万元，调整预算数为177.96万元，执行数为102.17万元，完成预算57.41%。"
    ]
    budget, rate = _found("X01", said, _evaluation("甲补贴", "170.96", "102.17", "59.76%"))
    assert (budget.project, budget.at) == ("甲补贴", "L0001")
    assert "177.96 万元" in budget.message
    assert "170.96 万元" in budget.message
    assert "57.41%" in rate.message
    assert "59.76%" in rate.message


def test_another_execution() -> None:
    said = ["甲补贴：项目全年预算数为60万元，执行数为15万元。"]
    (found,) = _found("X01", said, _evaluation("甲补贴", "60", "14.77", "24.62%"))
    assert "执行数 15 万元" in found.message


@pytest.mark.parametrize(("said", "count"), [("25%", 0), ("24.6%", 0), ("24.62%", 0), ("24%", 1)])
def test_rates_are_held_to_the_coarser_print(said: str, count: int) -> None:
    text = [f"甲补贴：项目全年预算数为60万元，执行数为14.77万元，完成预算{said}。"]
    assert len(_found("X01", text, _evaluation("甲补贴", "60", "14.77", "24.62%"))) == count


def test_a_rate_the_table_does_not_print_is_computed() -> None:
    text = ["甲补贴：项目全年预算数为60万元，执行数为15万元，完成预算30%。"]
    (found,) = _found("X01", text, _evaluation("甲补贴", "60", "15"))
    assert "25%" in found.message


def test_a_budget_of_zero_that_gave_way_is_no_x01() -> None:
    said = [
        "甲补贴：项目全年预算数为0万元，调整预算数为60.65万元，执行数为60.65万元，完成预算100%。"
    ]
    assert _found("X01", said, _evaluation("甲补贴", "0", "60.65", "%")) == []
    assert len(_found("E02", said, _evaluation("甲补贴", "0", "60.65", "%"))) == 1


# ── X02 ─────────────────────────────────────────────────────────────────────────────────────────


def test_projects_that_tie_to_final_accounts() -> None:
    forms = [*_evaluation("甲补贴", "60", "14.77"), *_evaluation("乙补贴", "9", "5.23")]
    assert _found("X02", _table("支出决算表", "20"), forms) == []


def test_projects_that_exceed_project_expenditure() -> None:
    (found,) = _found("X02", _table("支出决算表", "20"), _evaluation("甲补贴", "60", "24.77"))
    for figure in ("24.77 万元", "20 万元", "4.77 万元", "支出决算表"):
        assert figure in found.message


def test_a_smaller_sum_counts_only_where_all_projects_are_covered() -> None:
    table, form = _table("支出决算表", "20"), _evaluation("甲补贴", "60", "14.77")
    assert _found("X02", table, form) == []
    covered = ["对全部项目开展绩效自评。"]
    assert len(_found("X02", covered, table, form)) == 1


def test_a_sum_with_a_missing_amount_is_no_sum() -> None:
    forms = [*_evaluation("甲补贴", "60", "14.77"), *_evaluation("乙补贴", "9", "")]
    covered = ["对全部项目开展绩效自评。"]
    assert _found("X02", covered, _table("支出决算表", "20"), forms) == []


def test_target_tables_tie_to_any_budget_table() -> None:
    tables = [*_table("支出总表", "45"), *_table("一般公共预算支出预算表", "36.41")]
    assert _found("X02", tables, _targets("甲补贴", "36.41")) == []
    assert _found("X02", tables, _targets("甲补贴", "45")) == []
    (found,) = _found("X02", tables, _targets("甲补贴", "50"))
    assert "支出总表" in found.message


def test_rounding_of_printed_figures_is_tolerated() -> None:
    tables = _table("支出总表", "36.41")
    assert _found("X02", tables, _targets("甲补贴", "36.4145")) == []
    assert len(_found("X02", tables, _targets("甲补贴", "36.43"))) == 1


def test_without_expenditure_there_is_nothing_to_tie() -> None:
    assert _found("X02", _targets("甲补贴", "50")) == []


def test_figures_as_they_are_written() -> None:
    assert wan(Decimal("606500.00")) == "60.65"
    assert wan(Decimal(730000)) == "73"
    assert percent(Decimal("0.5741")) == "57.41%"
    assert percent(Decimal(1)) == "100%"


# ── the register ────────────────────────────────────────────────────────────────────────────────

SAID = "甲补贴：项目全年预算数为60万元，执行数为{}万元。"
BOTH_SIDES = {
    "check_x01_sentences": (
        [[SAID.format("15")], _evaluation("甲补贴", "60", "14.77", "24.62%")],
        [[SAID.format("14.77")], _evaluation("甲补贴", "60", "14.77", "24.62%")],
    ),
    "check_x02_projects": (
        [_table("部门支出预算表", "10"), _targets("甲", "11")],
        [_table("部门支出预算表", "10"), _targets("甲", "10")],
    ),
    "check_x01_prose": (
        [["2024年支出100万元，其中：基本支出60万元，占60%；项目支出40万元，占45%。"]],
        [["2024年支出100万元，其中：基本支出60万元，占60%；项目支出40万元，占40%。"]],
    ),
}
"""For each check of a document one that raises it and its neighbour that does not."""


def test_every_check_of_documents_has_both_sides() -> None:
    assert {check.__name__ for check in DOCUMENT_CHECKS} == set(BOTH_SIDES)


@pytest.mark.parametrize("check", DOCUMENT_CHECKS, ids=lambda check: check.__name__)
def test_raised_and_quiet(check: Any) -> None:
    raised, quiet = (
        document(*(line for part in parts for line in part)) for parts in BOTH_SIDES[check.__name__]
    )
    assert [*check(raised)]
    assert [*check(quiet)] == []
