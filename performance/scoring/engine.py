"""The engine: one table and one rule set in, one score sheet out. Pure and deterministic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from performance.scoring.execution import money_of, score_execution
from performance.scoring.explain import (
    Stored,
    execution_flags,
    explain_execution,
    explain_line,
    flags_of,
    two,
)
from performance.scoring.lines import Scored, rounded, score_line
from performance.scoring.points import LinePoints, goal_points, line_points
from performance.scoring.reasons import Note, Reason
from performance.scoring.rules import RuleSet
from performance.scoring.sheet import LineState, ScoreLine, ScoreSheet
from performance.tables import ParsedIndicator, ParsedTable

EXECUTION_NAME = "预算执行率"
_SIX = Decimal("0.000001")
_LEFT_OUT = {Reason.NOT_APPLICABLE, Reason.EXECUTION_NO_MONEY}


def score(table: ParsedTable, rules: RuleSet) -> ScoreSheet:
    """Scores a self-evaluation by a rule set. Never raises for what stands in the table.

    A line's points are one exact fraction rounded half up to two places; the total is the sum of
    the rounded lines, then the caps.
    """
    points, problems = line_points(table, rules)
    lines = [
        _line(indicator, available, rules)
        for indicator, available in zip(table.indicators, points, strict=True)
    ]
    execution = _execution(table, rules)
    scored = [*lines, execution]
    complete = all(line.state is not LineState.NOT_SCORED for line in scored)
    shares = _shares(table, points, rules)
    raw = _goals(table, lines, shares) + (execution.awarded or Decimal(0))
    cap = _cap(table, rules, execution)
    total = raw if cap is None else min(raw, cap)
    available = _available(lines, shares) + _counted(execution)
    grade = grade_of(total, rules) if complete else None
    claimed = table.total_claimed
    sheet = ScoreSheet(
        project=table.project,
        ruleset=rules.id,
        ruleset_digest=rules.digest,
        lines=tuple(lines),
        execution=execution,
        total=total,
        available=available,
        grade=grade,
        claimed_total=claimed,
        claimed_grade=grade_of(claimed, rules) if claimed is not None else None,
        complete=complete,
        cap=cap if cap is not None and raw > cap else None,
        explanation="",
        problems=tuple(problems),
    )
    return _with_words(sheet, raw)


def grade_of(total: Decimal, rules: RuleSet) -> str | None:
    """The grade a total earns: bands by lower bound, inclusive; None below all of them."""
    return next(
        (
            grade.label
            for grade in sorted(rules.grades, key=lambda g: g.lower, reverse=True)
            if total >= grade.lower
        ),
        None,
    )


# ── lines ───────────────────────────────────────────────────────────────────────────────────────


def _line(indicator: ParsedIndicator, available: LinePoints, rules: RuleSet) -> ScoreLine:
    if available.points is None:
        scored = score_line(indicator, Decimal(0), rules)
        if scored.points is not None:
            scored = Scored(None, None, Reason.POINTS_MISSING, scored.notes)
    else:
        scored = score_line(indicator, available.points, rules)
    notes = scored.notes
    if available.inferred:
        notes = (*notes, Note.POINTS_INFERRED)
    if available.own_award:
        notes = (*notes, Note.OWN_AWARD)
    stored = _stored(scored, available.points, indicator.awarded, notes)
    return ScoreLine(
        name=indicator.name,
        at=indicator.at,
        state=_state(scored),
        points=available.points,
        claimed=indicator.awarded,
        awarded=stored.awarded,
        ratio=stored.ratio,
        reason=stored.reason,
        explanation=explain_line(indicator, stored, rules),
        source=source_of(rules),
        clause=rules.source.clause,
        flags=flags_of(indicator, stored),
        points_inferred=available.inferred,
        own_award=available.own_award,
        hint_only=Note.OWN_RULE in notes,
        notes=tuple(note.value for note in notes),
    )


def source_of(rules: RuleSet) -> str:
    """Where the rules come from, as a line cites it."""
    return rules.source.document or rules.source.title


def _stored(
    scored: Scored, points: Decimal | None, claimed: Decimal | None, notes: Sequence[Note]
) -> Stored:
    ratio = scored.ratio
    return Stored(
        reason=scored.reason.value,
        points=points,
        claimed=claimed,
        awarded=rounded(scored.points) if scored.points is not None else None,
        ratio=_six(ratio) if ratio is not None else None,
        notes=tuple(notes),
    )


def _six(ratio: Fraction) -> Decimal:
    return (Decimal(ratio.numerator) / Decimal(ratio.denominator)).quantize(_SIX, ROUND_HALF_UP)


def _state(scored: Scored) -> LineState:
    if scored.reason in _LEFT_OUT:
        return LineState.NOT_APPLICABLE
    return LineState.NOT_SCORED if scored.points is None else LineState.SCORED


def _execution(table: ParsedTable, rules: RuleSet) -> ScoreLine:
    form = table.execution
    points = form.points if form and form.points is not None else rules.execution_points
    scored = score_execution(table, points, rules)
    notes = scored.notes
    if form and form.points is not None and form.points != rules.execution_points:
        notes = (*notes, Note.W01)
    claimed = form.awarded if form else None
    stored = _stored(scored, points, claimed, notes)
    return ScoreLine(
        name=EXECUTION_NAME,
        at=(form.at if form else "") or table.at,
        state=_state(scored),
        points=points,
        claimed=claimed,
        awarded=stored.awarded,
        ratio=stored.ratio,
        reason=stored.reason,
        explanation=explain_execution(table, stored, rules),
        source=source_of(rules),
        clause=rules.source.clause,
        flags=execution_flags(table, stored),
        notes=tuple(note.value for note in notes),
    )


# ── totals ──────────────────────────────────────────────────────────────────────────────────────


def _shares(
    table: ParsedTable, points: Sequence[LinePoints], rules: RuleSet
) -> list[Decimal | None]:
    """Share of each line's goal, where a form has several goals that are each full in themselves.

    Where the goals' points together are already the goal points, they carry their weight.
    """
    none: list[Decimal | None] = [None] * len(table.indicators)
    goals = list(dict.fromkeys(indicator.goal for indicator in table.indicators))
    shares = [objective.share for objective in table.objectives]
    if len(goals) < 2 or len(shares) != len(goals) or any(share is None for share in shares):
        return none
    whole = sum((p.points for p in points if p.points is not None), Decimal(0))
    if whole <= goal_points(table, rules):
        return none
    by_goal = dict(zip(goals, shares, strict=True))
    return [by_goal[indicator.goal] for indicator in table.indicators]


def raw_total(
    table: ParsedTable, lines: Sequence[ScoreLine], execution: ScoreLine | None, rules: RuleSet
) -> Decimal:
    """What scored lines come to before any cap, summed as ``score`` sums them."""
    points, _ = line_points(table, rules)
    awarded = execution.awarded if execution else None
    return _goals(table, lines, _shares(table, points, rules)) + (awarded or Decimal(0))


def _goals(
    table: ParsedTable, lines: Sequence[ScoreLine], shares: Sequence[Decimal | None]
) -> Decimal:
    """Sum of the lines; with several goals Σ lines × share, rounded once per goal."""
    sums: dict[tuple[str | None, Decimal | None], Decimal] = {}
    for indicator, line, share in zip(table.indicators, lines, shares, strict=True):
        key = (indicator.goal if share is not None else None, share)
        sums[key] = sums.get(key, Decimal(0)) + (line.awarded or Decimal(0))
    return sum(
        (
            rounded(Fraction(amount) * Fraction(share)) if share is not None else amount
            for (_, share), amount in sums.items()
        ),
        Decimal("0.00"),
    )


def _counted(line: ScoreLine) -> Decimal:
    return line.points or Decimal(0) if line.state is LineState.SCORED else Decimal(0)


def _available(lines: Sequence[ScoreLine], shares: Sequence[Decimal | None]) -> Decimal:
    return sum(
        (
            _counted(line) * (share if share is not None else 1)
            for line, share in zip(lines, shares, strict=True)
        ),
        Decimal(0),
    )


def _cap(table: ParsedTable, rules: RuleSet, execution: ScoreLine) -> Decimal | None:
    """The lowest cap on the total that applies at this execution rate."""
    if execution.state is not LineState.SCORED or not rules.caps:
        return None
    rate = money_of(table).rate
    reached = Fraction(0) if rate is None else rate
    caps = [cap.total_at_most for cap in rules.caps if reached < Fraction(cap.rate_below)]
    return min(caps, default=None)


def _with_words(sheet: ScoreSheet, raw: Decimal) -> ScoreSheet:
    return replace(sheet, explanation=explain_total(sheet, raw))


def explain_total(sheet: ScoreSheet, raw: Decimal) -> str:
    """The total in words: its two parts, the cap, the grade, and the claim beside it."""
    execution = sheet.execution.awarded if sheet.execution else None
    parts = f"指标 {two(raw - (execution or Decimal(0)))} 分＋预算执行 {two(execution)} 分＝{two(raw)} 分"
    words = [parts]
    if sheet.cap is not None:
        words.append(f"因执行率偏低，总分封顶 {two(sheet.cap)} 分")
    if sheet.complete:
        words.append(f"等级“{sheet.grade}”" if sheet.grade else "不定等级")
    else:
        words.append(
            f"有未评的行：已评 {two(sheet.total)} 分 / 可评 {two(sheet.available)} 分，不定等级"
        )
    if sheet.claimed_total is not None:
        difference = sheet.total - sheet.claimed_total
        same = "与自评一致" if difference == 0 else f"与自评相差 {difference:+.2f} 分"
        words.append(f"自评 {two(sheet.claimed_total)} 分（{sheet.claimed_grade or '—'}），{same}")
    return "；".join(words)
