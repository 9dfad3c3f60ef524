"""Papers as they are examined, and findings with the cell of the paper they speak of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from budgets.models import Funding
from performance.documents.typed import (
    TypedActual,
    TypedEvaluation,
    TypedMonitoring,
    TypedProgress,
    TypedTargets,
    complaints,
    evaluation_complaints,
    monitoring_complaints,
)
from performance.mapping.tables import parsed_indicator, parsed_target_table
from performance.mapping.values import value_of
from performance.models import Evidence, Monitoring
from performance.reports.comparison import in_words
from performance.tables import (
    Execution,
    Finding,
    Fund,
    FundStage,
    Objective,
    ParsedIndicator,
    ParsedTable,
    Severity,
    TableKind,
)
from performance.workflow import Paper

EXECUTION_ROW = "预算执行"
SEVERITY_LABELS = {Severity.BLOCK: "阻断", Severity.ERROR: "错误", Severity.NOTICE: "提示"}
_ROW = re.compile(r"第(\d{1,4})行")
_MOST_TEXT = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A finding with its cell, named as the content names it: ``indicators.3.target``."""

    code: str
    severity: Severity
    message: str
    indicator: str = ""
    at: str = ""
    """Empty where it speaks of the paper as a whole, or of what stands in no cell."""
    field: str = ""
    aspect: str = ""
    basis: str = ""

    @property
    def severity_label(self) -> str:
        """阻断, 错误 or 提示."""
        return SEVERITY_LABELS[self.severity]

    @property
    def place(self) -> str:
        """The cell as people name it."""
        return in_words(self.at) if self.at else ""


# ── tables ──────────────────────────────────────────────────────────────────────────────────────


def numbered(table: ParsedTable) -> ParsedTable:
    """A table whose places are the rows of the paper, whatever document it once came from."""
    execution = table.execution
    return replace(
        table,
        at="",
        indicators=tuple(
            replace(indicator, at=f"第{n}行")
            for n, indicator in enumerate(table.indicators, start=1)
        ),
        execution=replace(execution, at=EXECUTION_ROW) if execution is not None else None,
    )


def parsed_monitoring(monitoring: Monitoring, funding: Sequence[Funding]) -> ParsedTable:
    """The pure shape of a stored monitoring table: progress stands where actuals do."""
    lines = {row.indicator_id: row for row in monitoring.lines.all()}
    base = parsed_target_table(monitoring.table, funding)
    indicators = []
    for row in monitoring.table.indicators.all():
        line = lines.get(row.pk)
        indicators.append(
            replace(
                parsed_indicator(row),
                actual=value_of(line) if line else None,
                deviation=(line.cause or None) if line else None,
            )
        )
    return replace(
        base,
        kind=TableKind.MONITORING,
        indicators=tuple(indicators),
        execution=Execution(
            budget=monitoring.adjusted,
            budget_used=monitoring.adjusted,
            executed=monitoring.executed,
            at=EXECUTION_ROW,
        ),
        deviation_reason=monitoring.cause or None,
        improvement=monitoring.measures or None,
    )


def supported(
    table: ParsedTable, evidence: Iterable[Evidence], order: Sequence[int]
) -> ParsedTable:
    """A self-evaluation whose evidence is what was attached, not what was once planned.

    ``order`` are the ids of the table's indicators in their order.
    """
    names: dict[int, list[str]] = {}
    for item in evidence:
        names.setdefault(item.actual.indicator_id, []).append(f"{item.document.name} {item.note}")
    return replace(
        table,
        indicators=tuple(
            replace(indicator, evidence="；".join(names[pk]) if pk in names else None)
            for pk, indicator in zip(order, table.indicators, strict=True)
        ),
    )


# ── what is typed and not kept ──────────────────────────────────────────────────────────────────


def as_typed(
    table: ParsedTable, typed: TypedTargets | TypedEvaluation | TypedMonitoring
) -> ParsedTable:
    """A stored table with the typed content in place of the kept one; read as saving reads it."""
    if isinstance(typed, TypedTargets):
        return replace(
            table,
            objectives=tuple(Objective(text=text) for text in typed.objectives),
            funds=_with_initial(table.funds, typed.funds),
            goal_points=typed.goal_points,
            supervisor=typed.supervisor or None,
            unit=typed.unit or table.unit,
            indicators=typed.indicators,
        )
    if isinstance(typed, TypedEvaluation):
        return replace(
            table,
            indicators=_with_actuals(
                table.indicators,
                (
                    {
                        "actual": row.actual,
                        "awarded": row.claimed,
                        "deviation": row.deviation or None,
                    }
                    for row in typed.actuals
                ),
            ),
            execution=typed.execution,
            total_claimed=typed.total_claimed,
            deviation_reason=typed.deviation_reason or None,
            improvement=typed.improvement or None,
        )
    return replace(
        table,
        indicators=_with_actuals(
            table.indicators,
            ({"actual": row.progress, "deviation": row.cause or None} for row in typed.lines),
        ),
        execution=Execution(
            budget=typed.adjusted,
            budget_used=typed.adjusted,
            executed=typed.executed,
            at=EXECUTION_ROW,
        ),
        deviation_reason=typed.cause or None,
        improvement=typed.measures or None,
    )


def _with_initial(kept: Sequence[Fund], typed: Sequence[Fund]) -> tuple[Fund, ...]:
    """The year's money as typed, beside what was adjusted and executed since."""
    known = {fund.source: fund for fund in kept if fund.stage is FundStage.ANNUAL}
    return (
        *(fund for fund in kept if fund.stage is not FundStage.ANNUAL),
        *(
            replace(known[fund.source], initial=fund.initial) if fund.source in known else fund
            for fund in typed
        ),
    )


def _with_actuals(
    indicators: Sequence[ParsedIndicator], rows: Iterable[dict[str, Any]]
) -> tuple[ParsedIndicator, ...]:
    return tuple(replace(indicator, **row) for indicator, row in zip(indicators, rows, strict=True))


def complaints_of(paper: Paper, table: ParsedTable) -> dict[str, str]:
    """What keeps any paper of its kind from being handed on, wherever it is: by cell, in words."""
    if paper is Paper.TARGET_TABLE:
        return complaints(
            TypedTargets(
                objectives=tuple(objective.text for objective in table.objectives),
                funds=(),
                goal_points=None,
                supervisor="",
                unit="",
                indicators=table.indicators,
                texts=(),
            )
        )
    if paper is Paper.EVALUATION:
        actuals = tuple(
            TypedActual(text="", actual=row.actual, claimed=None, deviation="")
            for row in table.indicators
        )
        evaluation = TypedEvaluation(
            actuals=actuals,
            execution=table.execution,
            total_claimed=None,
            deviation_reason="",
            improvement="",
        )
        return evaluation_complaints(evaluation, table.indicators)
    lines = tuple(
        TypedProgress(text="", progress=row.actual, forecast="", cause="")
        for row in table.indicators
    )
    executed = table.execution.executed if table.execution else None
    monitoring = TypedMonitoring(
        lines=lines, adjusted=None, executed=executed, cause="", measures=""
    )
    return monitoring_complaints(monitoring, table.indicators)


# ── places ──────────────────────────────────────────────────────────────────────────────────────

_TARGET_CELLS = {
    "target": "target", "unit": "target", "points": "points", "name": "name",
    "level1": "level1", "level2": "level2", "evidence": "evidence",
}  # fmt: skip
_TARGET_TABLE = {
    "objective": "objectives.1", "points": "goal_points", "funds": "funds.1.initial",
    "level1": "indicators", "level2": "indicators", "name": "indicators",
}  # fmt: skip
_ACTUAL_CELLS = {"actual": "actual", "awarded": "claimed", "deviation": "deviation"}
_MEASURED = {"total": "total_claimed", "deviation": "deviation_reason", "awarded": "total_claimed"}
_EXECUTION = {
    "awarded": "execution.claimed", "funds": "execution.budget", "points": "execution.points",
    "deviation": "deviation_reason",
}  # fmt: skip
_PROGRESS_CELLS = {"actual": "progress", "deviation": "cause"}


def place_of(paper: Paper, at: str, field: str | None, *, printed: bool = True) -> str:
    """The cell a finding speaks of, by the row and the column the check names.

    ``printed`` says that the targets state what their points add to; where they do not, points
    that do not add up may be those that a self-evaluation gives to execution.

    A cell of the target table under a self-evaluation or a monitoring keeps its name there
    (``indicators.3.target``): it is changed by adjusting the targets, not in this paper.
    """
    found = _ROW.fullmatch(at)
    if found is not None:
        row, name = found.group(1), field or "name"
        if paper is Paper.EVALUATION and name == "evidence":
            return "evidence"
        if paper is Paper.EVALUATION and name in _ACTUAL_CELLS:
            return f"actuals.{row}.{_ACTUAL_CELLS[name]}"
        if paper is Paper.MONITORING and name in _PROGRESS_CELLS:
            return f"lines.{row}.{_PROGRESS_CELLS[name]}"
        return f"indicators.{row}.{_TARGET_CELLS.get(name, 'name')}"
    if at == EXECUTION_ROW:
        if paper is Paper.MONITORING:
            return "adjusted" if field == "funds" else "executed"
        return _EXECUTION.get(field or "", "execution.executed")
    if paper is Paper.EVALUATION and field == "points" and not printed:
        return "execution.points"
    if paper is Paper.EVALUATION and field in _MEASURED:
        return _MEASURED[field]
    return _TARGET_TABLE.get(field or "", "")


_OF_TARGETS = ("indicators", "objectives", "funds", "goal_points")


def is_elsewhere(paper: Paper, at: str) -> bool:
    """Whether a cell stands in the target table, which this paper does not change."""
    return paper is not Paper.TARGET_TABLE and at.startswith(_OF_TARGETS)


def placed(paper: Paper, findings: Iterable[Finding], table: ParsedTable) -> tuple[Placed, ...]:
    """Findings on a table as its paper shows them, the gravest first, in the order of the checks.

    What stands in the target table keeps no other paper from being handed on: it is an 错误
    there, since nobody could mend it in that paper.
    """
    found = []
    for finding in findings:
        at = place_of(paper, finding.at, finding.field, printed=table.goal_points is not None)
        severity = finding.severity
        if severity is Severity.BLOCK and is_elsewhere(paper, at):
            severity = Severity.ERROR
        found.append(
            Placed(
                code=finding.code,
                severity=severity,
                message=finding.message[:_MOST_TEXT],
                indicator=(finding.indicator or "")[:500],
                at=at,
                field=finding.field or "",
                aspect=finding.aspect or "",
                basis=finding.basis,
            )
        )
    return tuple(sorted(found, key=lambda one: _WEIGHTS.index(one.severity)))


_WEIGHTS = list(SEVERITY_LABELS)


# ── storing ─────────────────────────────────────────────────────────────────────────────────────


def finding_json(finding: Placed) -> dict[str, str]:
    """A finding as an examination keeps it."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "indicator": finding.indicator,
        "at": finding.at,
        "field": finding.field,
        "aspect": finding.aspect,
        "basis": finding.basis,
    }


def kept_finding(kept: Mapping[str, str]) -> Placed:
    """A finding that an examination keeps."""
    return Placed(**{**kept, "severity": Severity(kept["severity"])})  # type: ignore[arg-type]
