"""Small papers for the checks, written in a line a row, and how they are examined.

A row is ``数量|培训人数|≥100人|90人|10|9`` with, after the target, what it has of actual, points,
awarded, deviation, evidence, last year's actual and basis. The level is a short word, or
``level 1/level 2`` in full.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from performance.examination.checks import (
    BUNDLE_CHECKS,
    TABLE_CHECKS,
    examine_bundle,
    examine_case,
)
from performance.examination.limits import Thresholds, thresholds_for
from performance.examination.model import Bundle, Case, Check, Stage
from performance.rulebook import load
from performance.scoring import RuleSet, score
from performance.tables import (
    Execution,
    ExpenditureLine,
    Finding,
    Fund,
    FundSource,
    FundStage,
    ListedProject,
    Objective,
    ParsedIndicator,
    ParsedTable,
    Problem,
    TableKind,
)
from performance.values import ValueContext, parse_actual, parse_target

LEVELS = {
    **{word: ("产出指标", f"{word}指标") for word in ("数量", "质量", "时效", "成本")},
    **{word: ("成本指标", f"{word}指标") for word in ("经济成本", "社会成本", "生态环境成本")},
    **{
        word: ("效益指标", f"{word}指标")
        for word in ("经济效益", "社会效益", "生态效益", "可持续影响")
    },
    "满意度": ("满意度指标", "服务对象满意度指标"),
}
CHECKS = (*TABLE_CHECKS, *BUNDLE_CHECKS)
LIMITS = thresholds_for("", 2023)
WAN = 10000


def indicator(text: str, at: str = "L0001") -> ParsedIndicator:
    """One indicator row from one line."""
    level, name, target, *rest = text.split("|")
    actual, points, awarded, deviation, evidence, prior, basis = (*rest, *[""] * 7)[:7]
    level1, level2 = LEVELS[level] if level in LEVELS else tuple(level.split("/"))
    context = ValueContext(name=name, level1=level1, level2=level2, fiscal_year=2023)
    goal = parse_target(target, context)
    return ParsedIndicator(
        name=name,
        at=at,
        level1=level1 or None,
        level2=level2 or None,
        target=goal,
        actual=parse_actual(actual, goal, context),
        points=Decimal(points) if points else None,
        awarded=Decimal(awarded) if awarded else None,
        deviation=deviation or None,
        evidence=evidence or None,
        prior_actual=prior or None,
        basis=basis or None,
    )


def targets(
    *rows: str, project: str = "甲项目", objective: str = "", **more: object
) -> ParsedTable:
    """A target table with these rows."""
    return _table(TableKind.TARGET_TABLE, rows, project, objective, more)


def evaluation(
    *rows: str, project: str = "甲项目", objective: str = "", **more: object
) -> ParsedTable:
    """A self-evaluation with these rows."""
    return _table(TableKind.SELF_EVALUATION, rows, project, objective, more)


def monitoring(*rows: str) -> ParsedTable:
    """A monitoring table with these rows."""
    return _table(TableKind.MONITORING, rows, "甲项目", "", {})


def _table(
    kind: TableKind, rows: Sequence[str], project: str, objective: str, more: dict[str, object]
) -> ParsedTable:
    table = ParsedTable(
        kind=kind,
        at="L0000",
        project=project,
        unit="某单位",
        fiscal_year=2023,
        objectives=tuple(Objective(text=text) for text in objective.split("|") if text),
        indicators=tuple(indicator(row, f"L{i:04d}") for i, row in enumerate(rows, start=1)),
    )
    return replace(table, **more)  # type: ignore[arg-type]


def spent(
    budget: str | None, executed: str | None, points: str = "10", awarded: str | None = None
) -> Execution:
    """Budget execution in 万元."""
    return Execution(
        budget=wan(budget),
        budget_used=wan(budget),
        executed=wan(executed),
        points=Decimal(points),
        awarded=Decimal(awarded) if awarded is not None else None,
        at="L0900",
    )


def wan(amount: str | None) -> Decimal | None:
    """万元 as 元."""
    return Decimal(amount) * WAN if amount is not None else None


def funds(**amounts: str) -> tuple[Fund, ...]:
    """Rows of money of the year, initial, in 万元, by the source's name."""
    return tuple(
        Fund(source=FundSource(name), stage=FundStage.ANNUAL, initial=wan(amount))
        for name, amount in amounts.items()
    )


@dataclass(frozen=True, kw_only=True)
class Papers:
    """What is examined together."""

    tables: tuple[ParsedTable, ...]
    stage: Stage = Stage.IMPORTED
    rules: RuleSet
    limits: Thresholds
    listed: tuple[ListedProject, ...] = ()
    expenditure: tuple[ExpenditureLine, ...] = ()
    problems: tuple[Problem, ...] = ()


def papers(
    *tables: ParsedTable,
    stage: Stage = Stage.IMPORTED,
    rules: RuleSet | str = "mof-2020-10",
    limits: Thresholds = LIMITS,
    listed: Sequence[str] = (),
    expenditure: Sequence[tuple[str, str]] = (),
    problems: Sequence[tuple[str, str, str]] = (),
) -> Papers:
    """Papers with what else stands in their document."""
    return Papers(
        tables=tables,
        stage=stage,
        rules=load(rules) if isinstance(rules, str) else rules,
        limits=limits,
        listed=tuple(ListedProject(name=name, at="L0100") for name in listed),
        expenditure=tuple(
            ExpenditureLine(table=title, code="", name="合计", project=wan(amount))
            for title, amount in expenditure
        ),
        problems=tuple(Problem(code=code, at=at, raw=raw) for code, at, raw in problems),
    )


def run(given: Papers, checks: Sequence[Check] = CHECKS) -> list[Finding]:
    """All findings on the papers by these checks."""
    cases = tuple(
        Case.of(
            table,
            rules=given.rules,
            limits=given.limits,
            stage=given.stage,
            sheet=score(table, given.rules) if table.kind is TableKind.SELF_EVALUATION else None,
        )
        for table in given.tables
    )
    bundle = Bundle(
        cases=cases,
        limits=given.limits,
        stage=given.stage,
        expenditure=given.expenditure,
        listed=given.listed,
        problems=given.problems,
    )
    found = [finding for case in cases for finding in examine_case(case, checks)]
    return [*found, *examine_bundle(bundle, checks)]


def only(name: str) -> tuple[Check, ...]:
    """The one registered check of that name."""
    found = tuple(check for check in CHECKS if check.name == name)
    assert len(found) == 1, name
    return found
