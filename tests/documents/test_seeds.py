"""The five published documents, held to what was read out of them by hand.

They do not come with the project: ``JIHENG_SEEDS`` names the folder that holds them.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from performance.appraisal import Appraisal, appraise
from performance.documents import read
from performance.rulebook import load
from performance.tables import (
    FundSource,
    FundStage,
    ParsedDocument,
    ParsedIndicator,
    ParsedTable,
    Problem,
    Severity,
)

pytestmark = pytest.mark.seeds

SEEDS = {
    "000_3be70600511a3003.txt": 1,
    "001_4b03bed591dded21.txt": 23,
    "002_61002de6307f6d87.txt": 3,
    "003_b3d5e7f0c80101b4.txt": 12,
    "004_6e31bcb50f716a4e.txt": 0,
}
"""Each document with the number of its problems."""
BUDGET, COUNTY, PREFECTURE, FINAL, WORD = SEEDS


@pytest.fixture(scope="module")
def documents(seeds_dir: Path) -> dict[str, ParsedDocument]:
    return {name: read((seeds_dir / "seeds" / name).read_bytes(), name) for name in SEEDS}


@pytest.fixture(scope="module")
def golden(seeds_dir: Path) -> dict[str, list[dict[str, Any]]]:
    tables = json.loads((seeds_dir / "golden" / "tables.json").read_text(encoding="utf-8"))
    return {name: [t for t in tables if t["document"] == name] for name in SEEDS}


def _bare(text: str | None) -> str:
    return re.sub(r"\s", "", text or "")


def _figure(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"


def _said(row: dict[str, Any]) -> dict[str, str]:
    """A golden indicator in the words of the reader."""
    target = row.get("target")
    if target is None:
        sign = "" if row["symbol"] in {"文字描述", "定性"} else row["symbol"]
        target = sign + row["value"] + row["unit_text"]
    points, awarded = row.get("weight"), row.get("score")
    return {
        "level1": row["level1"],
        "level2": row["level2"],
        "name": _bare(row["level3"]),
        "target": _bare(target),
        "actual": _bare(row.get("actual")),
        "points": _figure(Decimal(points)) if points else "",
        "awarded": _figure(Decimal(awarded)) if awarded else "",
        "basis": _bare(row.get("basis")),
        "prior_actual": _bare(row.get("prior_actual")),
        "scoring_rule": _bare(row.get("scoring_rule")),
        "evidence": _bare(row.get("evidence")),
    }


def _read(indicator: ParsedIndicator) -> dict[str, str]:
    return {
        "level1": indicator.level1 or "",
        "level2": indicator.level2 or "",
        "name": _bare(indicator.name),
        "target": _bare(indicator.target.text if indicator.target else ""),
        "actual": _bare(indicator.actual.text if indicator.actual else ""),
        "points": _figure(indicator.points),
        "awarded": _figure(indicator.awarded),
        "basis": _bare(indicator.basis),
        "prior_actual": _bare(indicator.prior_actual),
        "scoring_rule": _bare(indicator.scoring_rule),
        "evidence": _bare(indicator.evidence),
    }


@pytest.mark.parametrize("name", SEEDS)
def test_every_indicator_is_the_golden_one(
    name: str,
    documents: dict[str, ParsedDocument],
    golden: dict[str, list[dict[str, Any]]],
) -> None:
    document, tables = documents[name], golden[name]
    assert [_bare(t.project) for t in document.tables] == [_bare(t["project"]) for t in tables]
    different: list[tuple[str, str, str, str]] = []
    for table, said in zip(document.tables, tables, strict=True):
        assert len(table.indicators) == len(said["indicators"])
        for indicator, row in zip(table.indicators, said["indicators"], strict=True):
            expected = _said(row)
            different += [
                (indicator.at, field, text, expected[field])
                for field, text in _read(indicator).items()
                if text != expected[field] and not _told(document.problems, indicator, field)
            ]
    assert different == []


def _told(problems: tuple[Problem, ...], indicator: ParsedIndicator, field: str) -> bool:
    return any(
        p.at == indicator.at and indicator.name in p.message and p.field in {field, None}
        for p in problems
    )


def test_thirty_one_tables_and_all_their_indicators(documents: dict[str, ParsedDocument]) -> None:
    tables = [t for document in documents.values() for t in document.tables]
    assert (len(tables), sum(len(t.indicators) for t in tables)) == (31, 259)


@pytest.mark.parametrize("name", SEEDS)
def test_number_of_problems(name: str, documents: dict[str, ParsedDocument]) -> None:
    found = documents[name].problems
    assert len(found) == SEEDS[name], Counter(p.code for p in found)


@pytest.mark.parametrize("name", SEEDS)
def test_problems_show_no_person(name: str, documents: dict[str, ParsedDocument]) -> None:
    document = documents[name]
    persons = {c.name for t in document.tables for c in t.contacts}
    phones = {c.phone for t in document.tables for c in t.contacts if c.phone}
    assert len(persons) == {COUNTY: 2, PREFECTURE: 2}.get(name, 0)
    for problem in document.problems:
        assert not any(s in problem.raw + problem.message for s in persons | phones)


@pytest.mark.parametrize("name", SEEDS)
def test_fields_of_the_forms(
    name: str,
    documents: dict[str, ParsedDocument],
    golden: dict[str, list[dict[str, Any]]],
) -> None:
    for table, said in zip(documents[name].tables, golden[name], strict=True):
        assert table.kind.value == said["kind"]
        assert table.fiscal_year == said["year"]
        if name == PREFECTURE:  # the forms name the unit in short
            assert (table.unit or "").endswith("医疗保障局")
        else:
            assert table.unit == said["unit"]
        if "supervisor" in said:
            assert table.supervisor == said["supervisor"]
        assert list(table.attributes.category) == said.get("category", [])
        assert list(table.attributes.type) == said.get("project_type", [])


@pytest.mark.parametrize("name", [COUNTY, PREFECTURE])
def test_funds(
    name: str,
    documents: dict[str, ParsedDocument],
    golden: dict[str, list[dict[str, Any]]],
) -> None:
    sources = {
        "total": FundSource.TOTAL,
        "fiscal": FundSource.FISCAL,
        "other": FundSource.OTHER,
        "provincial": FundSource.PROVINCIAL,
        "county": FundSource.COUNTY,
    }
    for table, said in zip(documents[name].tables, golden[name], strict=True):
        funds = {(f.source, f.stage): f.initial for f in table.funds}
        for key, source in sources.items():
            for unit, factor in (("yuan", 1), ("wan", 10000)):
                if f"{key}_{unit}" in said:
                    amount = Decimal(said[f"{key}_{unit}"]) * factor
                    assert funds[source, FundStage.ANNUAL] == amount, (table.project, key)


def _sum_of(tables: tuple[ParsedTable, ...]) -> Decimal:
    return sum(
        (
            fund.initial or Decimal(0)
            for table in tables
            for fund in table.funds
            if (fund.source, fund.stage) == (FundSource.TOTAL, FundStage.ANNUAL)
        ),
        Decimal(0),
    )


def _project_expenditure(document: ParsedDocument) -> set[Decimal | None]:
    return {line.project for line in document.expenditure if not line.code}


def test_projects_tie_to_project_expenditure(documents: dict[str, ParsedDocument]) -> None:
    final = documents[FINAL]
    executed = sum(
        (t.execution.executed or Decimal(0) for t in final.tables if t.execution), Decimal(0)
    )
    assert executed == 2505900
    assert executed in _project_expenditure(final)
    assert _sum_of(documents[PREFECTURE].tables) == 10631900
    assert 10631900 in _project_expenditure(documents[PREFECTURE])
    assert {36408200, 45002700} <= _project_expenditure(documents[COUNTY])
    assert abs(_sum_of(documents[COUNTY].tables) - 36408200) < 500
    assert _project_expenditure(documents[BUDGET]) == {Decimal(7100000)}


def test_codes_of_both_styles(documents: dict[str, ParsedDocument]) -> None:
    for name in (PREFECTURE, FINAL):
        codes = {line.code for line in documents[name].expenditure}
        assert {"210", "21015", "2101504"} <= codes


# ── the four self-evaluations under the rules of their province ─────────────────────────────────


@pytest.fixture(scope="module")
def appraisal(documents: dict[str, ParsedDocument]) -> Appraisal:
    return appraise(documents[FINAL], load("hubei-2020"))


def test_totals_and_execution(appraisal: Appraisal) -> None:
    assert [str(s.total) for s in appraisal.sheets] == ["100.00", "91.95", "84.92", "100.00"]
    assert [str(s.execution.awarded) for s in appraisal.sheets if s.execution] == [
        "20.00",
        "11.95",
        "4.92",
        "20.00",
    ]
    assert [s.grade for s in appraisal.sheets] == ["优", "优", "良", "优"]
    assert [_figure(s.claimed_total) for s in appraisal.sheets] == ["100", "92", "94", "98"]
    assert [s.claimed_grade for s in appraisal.sheets] == ["优"] * 4
    assert all(s.complete for s in appraisal.sheets)


CLAIMS_AND_TIES = {"S01", "S03", "A01", "E01", "E02", "X01", "X02"}
"""What this file is about; all other checks are counted in tests/examination/test_seeds.py."""


def test_findings(appraisal: Appraisal) -> None:
    found = [f for f in appraisal.findings if f.code in CLAIMS_AND_TIES]
    errors = [f for f in found if f.severity is Severity.ERROR]
    assert Counter(f.code for f in errors) == {"A01": 17, "E01": 2, "E02": 1, "X01": 6}
    assert [f.project for f in errors if f.code == "E01"] == [
        "基金监管专项",
        "医疗保障与服务能力提升",
    ]
    (odd,) = [f for f in errors if f.code == "E02"]
    assert odd.project == "医疗保障与服务能力提升"
    assert "60.65" in odd.message
    ties = [f for f in errors if f.code == "X01"]
    assert {f.project for f in ties} == {"医疗保险业务信息化", None}
    assert "177.96" in ties[0].message
    assert "170.96" in ties[0].message
    assert "57.41%" in ties[1].message
    assert "59.76%" in ties[1].message
    repeated = [f for f in found if f.code == "A01" and f not in errors]
    assert sum(int(f.message.split()[0]) for f in repeated) == 12
    assert not [f for f in found if f.code in {"X02", "S01", "S03"}]


def test_nothing_but_prose_where_no_table_is_scored(documents: dict[str, ParsedDocument]) -> None:
    for name in (BUDGET, COUNTY, PREFECTURE, WORD):
        found = appraise(documents[name], load("mof-2020-10"))
        codes = {f.code for f in found.findings} & CLAIMS_AND_TIES
        assert (found.sheets, codes) == ((), {"X01"}), name
