"""Every worked example of the rules, read from a file that needs no programmer."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from performance.rulebook import load
from performance.scoring import ScoreLine, grade_of, score
from performance.tables import Execution, Fund, FundSource, ParsedIndicator, ParsedTable, TableKind
from performance.values import ValueContext, parse_actual, parse_target

CASES = yaml.load(
    (Path(__file__).parent.parent / "golden" / "worked-examples.yaml").read_text(encoding="utf-8"),
    Loader=yaml.SafeLoader,
)
YEAR = 2023


def _wan(amounts: dict[str, Any], name: str) -> Decimal | None:
    return Decimal(amounts[name]) * 10000 if name in amounts else None


def _indicator(line: dict[str, str]) -> ParsedIndicator:
    context = ValueContext(
        name=line.get("name", "示例"),
        level1=line.get("level1", "产出指标"),
        level2=line.get("level2", "质量指标"),
        fiscal_year=YEAR,
    )
    target = parse_target(line["target"], context)
    return ParsedIndicator(
        name=context.name,
        at="L0001",
        level1=context.level1,
        level2=context.level2,
        target=target,
        actual=parse_actual(line["actual"], target, context),
        points=Decimal(line["points"]),
        awarded=Decimal(line["claimed"]) if "claimed" in line else None,
        scoring_rule=line.get("scoring_rule"),
    )


def _scored(case: dict[str, Any]) -> ScoreLine:
    rules = load(case["ruleset"])
    if "line" in case:
        table = ParsedTable(
            kind=TableKind.SELF_EVALUATION,
            at="L0001",
            fiscal_year=YEAR,
            indicators=(_indicator(case["line"]),),
        )
        return score(table, rules).lines[0]
    money = case["execution"]
    used = _wan(money, "from_text") or _wan(money, "adjusted")
    execution = Execution(
        budget=_wan(money, "adjusted"),
        budget_used=used,
        executed=_wan(money, "executed"),
        finished=money.get("finished"),
        inferred=("budget_used",) if "from_text" in money else (),
        at="L0002",
    )
    funds = (Fund(source=FundSource.TOTAL, initial=_wan(money, "initial")),)
    table = ParsedTable(
        kind=TableKind.SELF_EVALUATION, at="L0001", execution=execution, funds=funds
    )
    line = score(table, rules).execution
    assert line is not None
    return line


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_worked_example(case: dict[str, Any]) -> None:
    line = _scored(case)
    awarded = None if line.awarded is None else f"{line.awarded:.2f}"
    assert awarded == case.get("awarded")
    assert line.state == case.get("state", "scored")
    assert [flag.code for flag in line.flags if flag.code != "R02"] == [
        code for code in case.get("flags", []) if code != "R02"
    ]
    if "R02" in case.get("flags", []):
        assert "R02" in [flag.code for flag in line.flags]
    assert case.get("says", "") in line.explanation
    assert line.explanation


@pytest.mark.parametrize(
    ("total", "grade"),
    [
        ("100", "优"),
        ("90.00", "优"),
        ("89.99", "良"),
        ("80.00", "良"),
        ("79.99", "中"),
        ("60.00", "中"),
        ("59.99", "差"),
        ("0", "差"),
    ],
)
@pytest.mark.parametrize("ruleset", ["mof-2020-10", "hubei-2020", "capped-by-execution"])
def test_grades_begin_at_their_lower_bound(ruleset: str, total: str, grade: str) -> None:
    assert grade_of(Decimal(total), load(ruleset)) == grade
