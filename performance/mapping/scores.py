"""ScoreSheet ↔ stored runs and lines. What is stored are figures and codes; words are rendered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from budgets.canonical import digest
from performance.mapping.values import trimmed
from performance.models import FindingRow, ScoreLine, ScoreRun
from performance.scoring import engine, explain
from performance.scoring import sheet as shapes
from performance.scoring.reasons import Note
from performance.scoring.rules import RuleSet
from performance.tables import Finding, ParsedTable, Severity

EXECUTION_SEQ = 0


def line_columns(line: shapes.ScoreLine) -> dict[str, Any]:
    """Narrow columns of a scored line."""
    return {
        "state": line.state.value,
        "points": line.points,
        "claimed": line.claimed,
        "awarded": line.awarded,
        "ratio": line.ratio,
        "reason": line.reason,
        "notes": list(line.notes),
    }


def lines_digest(lines: Sequence[ScoreLine] | Sequence[shapes.ScoreLine]) -> str:
    """One digest over all lines of a run, execution first; the same before storing and after."""
    return digest(
        [
            {
                "state": str(getattr(line.state, "value", line.state)),
                "points": trimmed(line.points),
                "claimed": trimmed(line.claimed),
                "awarded": trimmed(line.awarded),
                "ratio": trimmed(line.ratio),
                "reason": line.reason,
                "notes": [str(note) for note in line.notes],
            }
            for line in lines
        ]
    )


def stored_sheet(
    run: ScoreRun, lines: Sequence[ScoreLine], table: ParsedTable, rules: RuleSet
) -> shapes.ScoreSheet:
    """The sheet of a stored run, its sentences rendered from the stored figures and codes."""
    by_seq = {line.seq: line for line in lines}
    rendered = tuple(
        _indicator_line(by_seq[seq], table, seq - 1, rules)
        for seq in range(1, len(table.indicators) + 1)
        if seq in by_seq
    )
    execution = by_seq.get(EXECUTION_SEQ)
    sheet = shapes.ScoreSheet(
        project=table.project,
        ruleset=run.ruleset,
        ruleset_digest=run.ruleset_digest,
        lines=rendered,
        execution=_execution_line(execution, table, rules) if execution else None,
        total=run.total,
        available=run.available,
        grade=run.grade or None,
        claimed_total=run.claimed_total,
        claimed_grade=run.claimed_grade or None,
        complete=run.complete,
        cap=run.cap,
    )
    raw = run.total
    if run.cap is not None:
        raw = sum((line.awarded or Decimal(0) for line in lines), Decimal(0))
    return replace(sheet, explanation=engine.explain_total(sheet, raw))


def _stored(line: ScoreLine) -> explain.Stored:
    return explain.Stored(
        reason=line.reason,
        points=trimmed(line.points),
        claimed=trimmed(line.claimed),
        awarded=line.awarded,
        ratio=line.ratio,
        notes=tuple(Note(note) for note in line.notes),
    )


def _indicator_line(
    line: ScoreLine, table: ParsedTable, index: int, rules: RuleSet
) -> shapes.ScoreLine:
    indicator, stored = table.indicators[index], _stored(line)
    return shapes.ScoreLine(
        name=indicator.name,
        at=indicator.at,
        explanation=explain.explain_line(indicator, stored, rules),
        flags=explain.flags_of(indicator, stored),
        **_figures(line, stored, rules),
    )


def _execution_line(line: ScoreLine, table: ParsedTable, rules: RuleSet) -> shapes.ScoreLine:
    stored = _stored(line)
    return shapes.ScoreLine(
        name=engine.EXECUTION_NAME,
        at=(table.execution.at if table.execution else "") or table.at,
        explanation=explain.explain_execution(table, stored, rules),
        flags=explain.execution_flags(table, stored),
        **_figures(line, stored, rules),
    )


def _figures(line: ScoreLine, stored: explain.Stored, rules: RuleSet) -> dict[str, Any]:
    return {
        "state": shapes.LineState(line.state),
        "points": stored.points,
        "claimed": stored.claimed,
        "awarded": stored.awarded,
        "ratio": stored.ratio,
        "reason": stored.reason,
        "source": engine.source_of(rules),
        "clause": rules.source.clause,
        "points_inferred": Note.POINTS_INFERRED in stored.notes,
        "own_award": Note.OWN_AWARD in stored.notes,
        "hint_only": Note.OWN_RULE in stored.notes,
        "notes": tuple(stored.notes),
    }


def finding_of(row: FindingRow, project: str) -> Finding:
    """The pure shape of a stored finding."""
    return Finding(
        code=row.code,
        severity=Severity(row.severity),
        message=row.message,
        project=project,
        indicator=row.indicator or None,
        at=row.at,
        field=row.field or None,
        aspect=row.aspect or None,
        basis=row.basis,
    )
