"""ParsedTable ↔ models. The only place that knows both."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from budgets.errors import InvalidInput
from budgets.models import Funding
from budgets.text import without_controls
from performance.mapping.values import trimmed, value_columns, value_of
from performance.models import Actual, ActualState, Evaluation, Indicator, TargetTable
from performance.tables import (
    Attributes,
    Execution,
    Fund,
    FundSource,
    FundStage,
    Objective,
    ParsedIndicator,
    ParsedTable,
    Scope,
    TableKind,
)
from performance.values import Value, ValueKind

_MOST_POINTS = Decimal(1000)


def text(written: str | None, most: int = 30000) -> str:
    """A text as it is stored; missing is empty."""
    return without_controls(written or "")[:most]


def indicator_columns(indicator: ParsedIndicator) -> dict[str, Any]:
    """Columns of an indicator. Raises InvalidInput for points no form can have."""
    return {
        "level1": text(indicator.level1, 60),
        "level2": text(indicator.level2, 60),
        "level1_text": text(indicator.level1_text, 120),
        "level2_text": text(indicator.level2_text, 120),
        "name": text(indicator.name, 500),
        "goal": text(indicator.goal, 200),
        "definition": text(indicator.definition),
        "points": _points(indicator.points, indicator, "分值"),
        "basis": text(indicator.basis),
        "prior_actual": text(indicator.prior_actual),
        "scoring_rule": text(indicator.scoring_rule),
        "evidence": text(indicator.evidence),
        "row_inferred": list(indicator.inferred),
        "at": indicator.at[:40],
        **value_columns(indicator.target),
    }


def _points(points: Decimal | None, indicator: ParsedIndicator, words: str) -> Decimal | None:
    if points is not None and not 0 <= points <= _MOST_POINTS:
        raise InvalidInput(
            f"{indicator.at}：指标“{indicator.name}”的{words} {points} 不在 0 到 1000 之间，请核对文件"
        )
    return points


def actual_columns(indicator: ParsedIndicator) -> dict[str, Any]:
    """Columns of an actual, with its state: present, missing, not applicable."""
    return {
        "claimed": indicator.awarded,
        "deviation": text(indicator.deviation),
        **typed_actual_columns(indicator.actual),
    }


def typed_actual_columns(actual: Value | None) -> dict[str, Any]:
    """Columns of an actual's value with its state."""
    state = ActualState.PRESENT
    if actual is None:
        state = ActualState.MISSING
    elif actual.kind is ValueKind.NOT_APPLICABLE:
        state = ActualState.NOT_APPLICABLE
    return {"state": state, **value_columns(actual)}


def execution_columns(execution: Execution | None) -> dict[str, Any]:
    """Columns of the execution row."""
    if execution is None:
        return {"has_execution": False}
    return {
        "has_execution": True,
        "budget": execution.budget,
        "budget_used": execution.budget_used,
        "executed": execution.executed,
        "rate_claimed": execution.rate_claimed,
        "execution_points": execution.points,
        "execution_claimed": execution.awarded,
        "execution_at": execution.at[:40],
        "finished": execution.finished,
        "execution_inferred": list(execution.inferred),
    }


# ── back ────────────────────────────────────────────────────────────────────────────────────────


def _or_none(written: str) -> str | None:
    return written or None


def parsed_indicator(row: Indicator, actual: Actual | None = None) -> ParsedIndicator:
    """The pure shape of an indicator, with what was achieved where that is given."""
    return ParsedIndicator(
        name=row.name,
        at=row.at,
        level1=_or_none(row.level1),
        level2=_or_none(row.level2),
        level1_text=_or_none(row.level1_text),
        level2_text=_or_none(row.level2_text),
        goal=_or_none(row.goal),
        definition=_or_none(row.definition),
        target=value_of(row),
        actual=value_of(actual) if actual else None,
        points=trimmed(row.points),
        awarded=trimmed(actual.claimed) if actual else None,
        basis=_or_none(row.basis),
        prior_actual=_or_none(row.prior_actual),
        scoring_rule=_or_none(row.scoring_rule),
        evidence=_or_none(row.evidence),
        deviation=_or_none(actual.deviation) if actual else None,
        inferred=tuple(row.row_inferred),
    )


def _funds(rows: Sequence[Funding]) -> tuple[Fund, ...]:
    return tuple(
        Fund(
            source=FundSource(row.source),
            stage=FundStage(row.stage),
            initial=row.initial,
            adjusted=row.adjusted,
            executed=row.executed,
        )
        for row in rows
    )


def _base(table: TargetTable, funding: Sequence[Funding]) -> dict[str, Any]:
    project = table.project
    return {
        "scope": Scope(table.scope),
        "project": project.name,
        "project_code": _or_none(project.code),
        "supervisor": _or_none(table.supervisor_text),
        "unit": table.unit_text or table.unit.name,
        "fiscal_year": table.fiscal_year,
        "attributes": Attributes(
            category=tuple(project.category),
            attribute=tuple(project.attribute),
            type=tuple(project.type),
        ),
        "objectives": tuple(
            Objective(text=row.text, completed=_or_none(row.completed), share=trimmed(row.share))
            for row in table.objectives.all()
        ),
        "funds": _funds(funding),
        "goal_points": trimmed(table.goal_points),
        "inferred": tuple(table.inferred),
    }


def parsed_target_table(table: TargetTable, funding: Sequence[Funding]) -> ParsedTable:
    """The pure shape of a stored target table."""
    return ParsedTable(
        kind=TableKind.TARGET_TABLE,
        at=table.at,
        indicators=tuple(parsed_indicator(row) for row in table.indicators.all()),
        **_base(table, funding),
    )


def parsed_evaluation(evaluation: Evaluation, funding: Sequence[Funding]) -> ParsedTable:
    """The pure shape of a stored self-evaluation: what scoring and examination take."""
    actuals = {actual.indicator_id: actual for actual in evaluation.actuals.all()}
    return ParsedTable(
        kind=TableKind.SELF_EVALUATION,
        at=evaluation.at,
        indicators=tuple(
            parsed_indicator(row, actuals.get(row.pk)) for row in evaluation.table.indicators.all()
        ),
        execution=_execution(evaluation),
        total_claimed=trimmed(evaluation.total_claimed),
        deviation_reason=_or_none(evaluation.deviation_reason),
        improvement=_or_none(evaluation.improvement),
        **_base(evaluation.table, funding),
    )


def _execution(row: Evaluation) -> Execution | None:
    if not row.has_execution:
        return None
    return Execution(
        budget=row.budget,
        budget_used=row.budget_used,
        executed=row.executed,
        rate_claimed=trimmed(row.rate_claimed),
        points=trimmed(row.execution_points),
        awarded=trimmed(row.execution_claimed),
        finished=row.finished,
        inferred=tuple(row.execution_inferred),
        at=row.execution_at,
    )
