"""Sentences of a final account on its projects, and how they tie to the tables."""

from __future__ import annotations

from decimal import Decimal

import pytest

from performance.documents.grid import Line
from performance.documents.sentences import read_sentences, tie
from performance.tables import ParsedDocument, ProjectSentence
from tests.documents.forms import CLAIMED, codes, document, figures

FUNDS = "项目资金（万元）\t\t全年预算数\t全年执行数\t分值\t执行率\t得分"
CLAIM = "产出指标\t数量指标\t人数\t≥1人\t1人\t90\t90\t"


def _form(project: str, budget: str, executed: str) -> list[str]:
    money = f"\t年度资金总额\t{budget}\t{executed}\t10\t\t"
    return ["项目支出绩效自评表", f"项目名称\t{project}", FUNDS, money, CLAIMED, CLAIM]


def _read(*sentences: str, forms: list[list[str]]) -> ParsedDocument:
    return document(*sentences, *(line for form in forms for line in form))


def _sentence(text: str) -> ProjectSentence:
    (found,) = read_sentences([Line(text, "L0001")])
    return found


def test_all_figures_of_a_sentence() -> None:
    found = _sentence(
        "医保信息化建设：项目全年预算数为 247.96 万元，调整预算数 177.96 万元，"
        "执行数为 102.17 万元，完成预算 57.41 %。主要产出和效益：一是保障了结算。"
    )
    assert (found.project, found.at) == ("医保信息化建设", "L0001")
    assert figures(found.initial, found.adjusted, found.executed) == (2479600, 1779600, 1021700)
    assert (found.rate, found.rate_text) == (Decimal("0.5741"), "57.41%")


@pytest.mark.parametrize(
    ("text", "project"),
    [
        (
            "1.甲补贴项目绩效自评情况：项目全年预算数为73万元，执行数为73万元，完成预算100%。",
            "甲补贴",
        ),
        ("（二）“甲补助”:全年预算数为1,073.50万元,执行数为0万元。", "甲补助"),
        ("基本医疗(含生育)管理：年初预算数为73元，执行数为73元。", "基本医疗(含生育)管理"),
    ],
)
def test_leads(text: str, project: str) -> None:
    assert _sentence(text).project == project


@pytest.mark.parametrize(
    "text",
    [
        "2022年度预算数与执行数的差异较小。",
        "全年预算数为73万元，执行数为73万元。",
        "甲项目：执行数为73万元。",
        "甲项目：项目全年预算数为七十三万元，执行数为七十三万元。",
    ],
)
def test_sentences_that_give_no_project_or_no_figures(text: str) -> None:
    assert read_sentences([Line(text, "L0001")]) == []


def test_tied_by_name_the_table_stands() -> None:
    read = _read(
        "甲管理：项目全年预算数为247.96万元，调整预算数为177.96万元，执行数为102.17万元。",
        forms=[_form("甲管理", "170.96", "102.17")],
    )
    execution = read.tables[0].execution
    assert execution is not None
    assert figures(execution.budget, execution.budget_used) == (1709600, 1709600)
    assert execution.inferred == ()
    assert read.problems == ()


def test_a_name_inside_the_other_ties_too() -> None:
    read = _read(
        "甲管理服务：项目全年预算数为0万元，调整预算数为60.65万元，执行数为60.65万元。",
        forms=[_form("甲管理服务补助资金", "0", "60.65"), _form("乙项目", "60.65", "60.65")],
    )
    first = read.tables[0].execution
    assert first is not None
    assert first.budget_used == 606500


def test_a_budget_of_zero_takes_the_adjusted_figure_of_the_sentence() -> None:
    read = _read(
        "甲管理：项目全年预算数为0万元，调整预算数为60.65万元，执行数为60.65万元。",
        forms=[_form("甲管理", "0", "60.65")],
    )
    execution = read.tables[0].execution
    assert execution is not None
    assert figures(execution.budget, execution.budget_used) == (0, 606500)
    assert execution.inferred == ("budget_used",)


def test_nothing_was_spent_so_zero_stands() -> None:
    read = _read(
        "甲管理：项目全年预算数为0万元，调整预算数为60.65万元，执行数为0万元。",
        forms=[_form("甲管理", "0", "0")],
    )
    execution = read.tables[0].execution
    assert execution is not None
    assert execution.budget_used == 0


def test_tied_by_equal_amounts_when_the_name_differs() -> None:
    read = _read(
        "医保信息化建设：项目全年预算数为0万元，调整预算数为200万元，执行数为102.17万元。",
        forms=[_form("业务信息化", "0", "102.17"), _form("另一项目", "5", "4")],
    )
    execution = read.tables[0].execution
    assert execution is not None
    assert execution.budget_used == 2000000


def test_amounts_that_fit_two_tables_tie_to_none() -> None:
    read = _read(
        "丙建设：项目全年预算数为0万元，调整预算数为200万元，执行数为4万元。",
        forms=[_form("甲项目", "0", "4"), _form("乙项目", "0", "4")],
    )
    assert [t.execution.budget_used for t in read.tables if t.execution] == [0, 0]
    assert codes(read) == ["sentence_untied"]
    assert "丙建设" in read.problems[0].message


def test_a_table_is_tied_once_and_names_go_before_amounts() -> None:
    read = _read(
        "丁建设：项目全年预算数为9万元，执行数为4万元。",
        "甲项目：项目全年预算数为5万元，执行数为4万元。",
        forms=[_form("甲项目", "5", "4")],
    )
    _, ties, untied = tie(read.tables, read.sentences)
    assert ties == {1: 0}
    assert [p.raw for p in untied] == ["丁建设"]


def test_without_self_evaluations_nothing_is_untied() -> None:
    read = document("甲项目：项目全年预算数为5万元，执行数为4万元。")
    assert len(read.sentences) == 1
    assert codes(read) == ["no_tables"]


def test_all_projects_covered() -> None:
    for words in (
        "本部门对全部项目开展绩效自评，共4个。",
        "在部门决算中反映所有项目绩效自评结果如下：",
        "资金250.59万元，占一般公共预算项目支出总额的 100%。",
    ):
        assert document(words).all_projects_covered, words
    assert not document("对部分项目开展绩效自评。").all_projects_covered
