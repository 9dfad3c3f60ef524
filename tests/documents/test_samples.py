"""The samples: built from their facts byte by byte, and read back to the same facts."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from performance.documents import read
from performance.documents.labels import level1_label, level2_label
from performance.tables import (
    FundSource,
    FundStage,
    ParsedDocument,
    ParsedIndicator,
    TableKind,
)
from tests.samples.build import HERE, build, load_facts, names

PROBLEMS = {
    "cost-measure-2023": 0,
    "hebei-budget-2023": 1,
    "hebei-word-2020": 0,
    "hubei-final-accounts-2022": 12,
    "national-form-2023": 0,
    "shanxi-targets-2023": 23,
    "xinjiang-targets-2023": 3,
}
COLUMNS = {
    "numbered": ["target", "basis"],
    "halves": ["target"],
    "weighted": ["target", "basis", "prior_actual", "points", "scoring_rule", "evidence"],
    "final_accounts": ["target", "actual", "awarded"],
    "cells": ["sign", "value", "unit", "basis"],
    "national": ["target", "actual", "points", "awarded", "deviation"],
    "cost_measure": ["sign", "value", "unit", "actual", "points", "awarded", "deviation"],
}


def _sample(name: str) -> ParsedDocument:
    path = HERE / f"{name}.txt"
    return read(path.read_bytes(), path.name)


def _bare(text: str | None) -> str:
    return re.sub(r"\s", "", text or "")


def _figure(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"


def _printed(indicator: ParsedIndicator, column: str) -> str:
    value = getattr(indicator, column)
    if column in {"target", "actual"}:
        return _bare(value.text if value else None)
    return _figure(value) if column in {"points", "awarded"} else _bare(value)


def _expected(layout: str, cells: list[str]) -> dict[str, str]:
    said = dict(zip(COLUMNS[layout], cells[3:], strict=True))
    if "sign" in said:
        sign = "" if said["sign"] in {"文字描述", "定性"} else said["sign"]
        said["target"] = sign + said.pop("value") + said.pop("unit")
        del said["sign"]
    for column in ("points", "awarded"):
        if said.get(column):
            said[column] = _figure(Decimal(said[column]))
    return {column: _bare(text) for column, text in said.items()}


@pytest.mark.parametrize("name", names())
def test_the_file_is_what_the_builder_makes(name: str) -> None:
    assert (HERE / f"{name}.txt").read_bytes() == build(name).encode()


def test_every_sample_is_counted() -> None:
    assert names() == sorted(PROBLEMS)


@pytest.mark.parametrize("name", names())
def test_indicators_are_read_as_the_facts_say(name: str) -> None:
    facts, document = load_facts(name), _sample(name)
    assert [_bare(t.project) for t in document.tables] == [
        _bare(t["project"]) for t in facts["tables"]
    ]
    for table, said in zip(document.tables, facts["tables"], strict=True):
        assert (table.unit, table.fiscal_year) == (facts["unit"], int(facts["fiscal_year"]))
        assert [_bare(i.name) for i in table.indicators] == [
            _bare(cells[2]) for cells in said["indicators"]
        ]
        for indicator, cells in zip(table.indicators, said["indicators"], strict=True):
            assert indicator.level1 == level1_label(cells[0]), indicator.name
            assert indicator.level2 == level2_label(cells[1]), indicator.name
            for column, text in _expected(facts["layout"], cells).items():
                assert _printed(indicator, column) == text, (indicator.name, column)


@pytest.mark.parametrize("name", names())
def test_what_could_not_be_placed_is_told(name: str) -> None:
    document = _sample(name)
    assert len(document.problems) == PROBLEMS[name]
    lines = build(name).split("\n")
    for problem in document.problems:
        assert re.fullmatch(r"L\d{4,}", problem.at)
        assert lines[int(problem.at[1:]) - 1].strip()


@pytest.mark.parametrize("name", names())
def test_places_point_to_the_line_of_the_name(name: str) -> None:
    lines = build(name).split("\n")
    for table in _sample(name).tables:
        for indicator in table.indicators:
            line = lines[int(indicator.at[1:]) - 1]
            assert _bare(indicator.name)[:7] in _bare(line)


@pytest.mark.parametrize("name", [n for n in names() if "expenditure" in load_facts(n)])
def test_expenditure_is_read_as_the_facts_say(name: str) -> None:
    read_lines = [
        [e.table, e.code, _bare(e.name), *(e.total, e.basic, e.project)]
        for e in _sample(name).expenditure
    ]
    said = [
        [table["title"], code, _bare(label), *(_wan(amount) for amount in amounts)]
        for table in load_facts(name)["expenditure"]
        for code, label, *amounts in table["lines"]
    ]
    assert read_lines == said


def _wan(amount: str) -> Decimal | None:
    return Decimal(amount) * 10000 if amount else None


def test_no_person_of_a_sample_stands_in_a_problem() -> None:
    for name in names():
        for problem in _sample(name).problems:
            assert not re.search(r"张三|李四|138\d{8}", problem.raw + problem.message)


def test_shanxi_funds_and_persons() -> None:
    facts, document = load_facts("shanxi-targets-2023"), _sample("shanxi-targets-2023")
    for table, said in zip(document.tables, facts["tables"], strict=True):
        amounts = {(f.source, f.stage): f.initial for f in table.funds}
        for stage in FundStage:
            assert amounts[FundSource.TOTAL, stage] == Decimal(said["total"])
            assert amounts[FundSource.PROVINCIAL, stage] == Decimal(said["provincial"])
            assert amounts[FundSource.COUNTY, stage] == Decimal(said["county"])
            assert amounts[FundSource.OTHER, stage] is None
        assert [(c.role, c.name) for c in table.contacts] == [
            ("负责人", "张三"),
            ("经办人", "李四"),
        ]
        assert table.supervisor == said["supervisor"]
        assert table.attributes.attribute == ("一次性项目(1年结束)",)


def test_hubei_boxes_execution_and_total() -> None:
    name = "hubei-final-accounts-2022"
    for table, said in zip(_sample(name).tables, load_facts(name)["tables"], strict=True):
        assert table.kind is TableKind.SELF_EVALUATION
        assert table.attributes.category == tuple(said["category"])
        assert table.attributes.attribute == tuple(said["attribute"])
        assert table.attributes.type == tuple(said["type"])
        budget, executed, _, awarded = said["execution"]
        assert table.execution is not None
        assert table.execution.budget == _wan(budget)
        assert table.execution.executed == _wan(executed)
        assert table.execution.points == 20
        assert table.execution.awarded == Decimal(awarded)
        assert table.total_claimed == Decimal(said["total_claimed"])
        assert table.deviation_reason == said.get("deviation_reason")
        assert table.improvement == said.get("improvement")


def test_hubei_sentences_tie_to_their_tables() -> None:
    document = _sample("hubei-final-accounts-2022")
    assert len(document.sentences) == 4
    assert document.all_projects_covered
    used = [t.execution.budget_used for t in document.tables if t.execution]
    assert used == [730000, 1709600, 600000, 606500]
    assert [t.execution.inferred for t in document.tables if t.execution] == [
        (),
        (),
        (),
        ("budget_used",),
    ]


def test_project_expenditure_ties() -> None:
    def total(name: str, title: str) -> Decimal | None:
        return next(e.project for e in _sample(name).expenditure if not e.code and e.table == title)

    hubei = _sample("hubei-final-accounts-2022").tables
    executed = sum(t.execution.executed or 0 for t in hubei if t.execution)
    assert executed == total("hubei-final-accounts-2022", "支出决算表") == 2505900
    shanxi = sum(
        f.initial or 0
        for t in _sample("shanxi-targets-2023").tables
        for f in t.funds
        if (f.source, f.stage) == (FundSource.TOTAL, FundStage.ANNUAL)
    )
    title = "2023年一般公共预算支出预算表（不含上年结转）"
    printed = total("shanxi-targets-2023", title)
    assert printed == 36408200
    assert abs(shanxi - printed) < 500


def test_national_objectives_funds_and_totals() -> None:
    for name in ("national-form-2023", "cost-measure-2023"):
        for table, said in zip(_sample(name).tables, load_facts(name)["tables"], strict=True):
            assert [[o.text, o.completed] for o in table.objectives] == said["objectives"]
            assert [(f.initial, f.adjusted, f.executed) for f in table.funds] == [
                tuple(_wan(amount) for amount in line[1:4]) for line in said["funds"]
            ]
            assert table.total_claimed == Decimal(said["total"][1])
            assert table.execution is not None
            assert table.execution.awarded == Decimal(said["funds"][0][6])
    (table,) = _sample("cost-measure-2023").tables
    assert table.execution is not None
    assert table.execution.finished is False
