"""Papers scored by a base rule set and by others, each difference taken apart.

The other set's weights come first, then its rules, then its cap: an indicator's points are scaled
by the other set's goal points ÷ the form's, execution takes the other set's points. The table so
weighted is scored by the base (what weights alone do) and by the other set (what rules do).

Scaled points have two places as on any form, and together are the goal points still: what rounding
down leaves goes, a hundredth each, to the lines that lost most by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_UP, Context, Decimal
from fractions import Fraction

from performance.lab.model import NO_GRADE, Contender, LabReport, LineChange, ProjectChange
from performance.lab.words import reasons
from performance.scoring import RuleSet, ScoreLine, ScoreSheet, score
from performance.scoring.engine import raw_total
from performance.scoring.points import LinePoints, goal_points, line_points
from performance.tables import ParsedTable

_NONE = Decimal("0.00")
_LONG = Context(prec=40, rounding=ROUND_UP)
"""A scaled claim that is no finite decimal is cut away from zero: it keeps its tier."""


def compare(
    tables: Iterable[ParsedTable],
    base: RuleSet,
    others: Sequence[RuleSet],
    labels: Mapping[str, str] | None = None,
) -> LabReport:
    """Every self-evaluation under the base and under each other set. Never raises for a table.

    ``labels`` are words for rule sets by digest; a set without is called by its id.
    """
    names = labels or {}
    found: list[list[ProjectChange]] = [[] for _ in others]
    count = 0
    for index, table in enumerate(tables):
        count += 1
        sheet = score(table, base)
        weighed: dict[tuple[Decimal, Decimal], tuple[ParsedTable, ScoreSheet]] = {}
        for changes, other in zip(found, others, strict=True):
            weights = (_goal(table, other), other.execution_points)
            if weights not in weighed:
                weighted = reweighted(table, base, other)
                weighed[weights] = weighted, score(weighted, base)
            changes.append(_project(index, table, sheet, weighed[weights], base, other))
    contenders = tuple(
        Contender(
            rules=other,
            label=names.get(other.digest, other.id),
            projects=tuple(changes),
            grades=_grades(base, other),
        )
        for other, changes in zip(others, found, strict=True)
    )
    return LabReport(base=base, count=count, contenders=contenders)


def _grades(base: RuleSet, other: RuleSet) -> tuple[str, ...]:
    ordered = sorted(base.grades, key=lambda grade: grade.lower, reverse=True)
    labels = [grade.label for grade in ordered]
    more = [grade.label for grade in other.grades if grade.label not in labels]
    return (*labels, *more, NO_GRADE)


# ── one paper ───────────────────────────────────────────────────────────────────────────────────


def _project(
    index: int,
    table: ParsedTable,
    before: ScoreSheet,
    weighed: tuple[ParsedTable, ScoreSheet],
    base: RuleSet,
    other: RuleSet,
) -> ProjectChange:
    weighted, between = weighed
    after = score(weighted, other)
    raw = [
        raw_total(paper, sheet.lines, sheet.execution, rules)
        for paper, sheet, rules in (
            (table, before, base),
            (weighted, between, base),
            (weighted, after, other),
        )
    ]
    capped = (before.total - raw[0], after.total - raw[2])
    lines = tuple(_lines(before, between, after))
    change = ProjectChange(
        index=index,
        project=table.project,
        unit=table.unit or "",
        base_total=before.total,
        base_grade=before.grade or NO_GRADE,
        other_total=after.total,
        other_grade=after.grade or NO_GRADE,
        complete=before.complete and after.complete,
        by_weights=raw[1] - raw[0],
        by_rules=raw[2] - raw[1],
        by_cap=capped[1] - capped[0],
        lines=lines,
        why=(),
    )
    return replace(change, why=reasons(change, before, after, base, other))


def _lines(before: ScoreSheet, between: ScoreSheet, after: ScoreSheet) -> Iterable[LineChange]:
    for old, middle, new in zip(before.lines, between.lines, after.lines, strict=True):
        if (old.points, old.awarded) != (new.points, new.awarded):
            yield _line(old, middle, new)
    if before.execution and between.execution and after.execution:
        old, new = before.execution, after.execution
        if (old.points, old.awarded) != (new.points, new.awarded):
            yield _line(old, between.execution, new, is_execution=True)


def _line(
    old: ScoreLine, middle: ScoreLine, new: ScoreLine, *, is_execution: bool = False
) -> LineChange:
    first, second, third = (line.awarded or _NONE for line in (old, middle, new))
    return LineChange(
        name=old.name,
        is_execution=is_execution,
        base_points=old.points,
        base_awarded=old.awarded,
        base_words=old.explanation,
        other_points=new.points,
        other_awarded=new.awarded,
        other_words=new.explanation,
        by_weights=second - first,
        by_rules=third - second,
    )


# ── weights ─────────────────────────────────────────────────────────────────────────────────────


def reweighted(table: ParsedTable, base: RuleSet, other: RuleSet) -> ParsedTable:
    """The table with the other set's weights; points the form lacks are those the base infers.

    What the unit claims goes along, so that a claimed share stays the share it is.
    """
    points, _ = line_points(table, base)
    goal = _goal(table, other)
    factor = Fraction(goal) / Fraction(_form_goal(table, points, base))
    scaled = _scaled([line.points for line in points], _goals(table), factor)
    execution = table.execution
    if execution is not None:
        execution = replace(execution, points=other.execution_points, awarded=None)
    return replace(
        table,
        indicators=tuple(
            replace(indicator, points=new, awarded=_claim(indicator.awarded, old.points, new))
            for indicator, old, new in zip(table.indicators, points, scaled, strict=True)
        ),
        execution=execution,
        goal_points=goal,
        total_claimed=None,
    )


def _goals(table: ParsedTable) -> list[list[int]]:
    """The lines of each goal: each is full in itself."""
    found: dict[str | None, list[int]] = {}
    for index, indicator in enumerate(table.indicators):
        found.setdefault(indicator.goal, []).append(index)
    return list(found.values())


def _form_goal(table: ParsedTable, points: Sequence[LinePoints], base: RuleSet) -> Decimal:
    """Points of all indicators of the form: printed, else their sum, else the base's."""
    if table.goal_points:
        return table.goal_points
    known = [line.points for line in points if line.points is not None]
    several = any(objective.share is not None for objective in table.objectives)
    if not several and len(known) == len(points) and sum(known) > 0:
        return sum(known, Decimal(0))
    return _goal(table, base)


def _goal(table: ParsedTable, rules: RuleSet) -> Decimal:
    """The set's own goal points, whatever the form prints."""
    return goal_points(replace(table, goal_points=None), rules)


def _scaled(
    points: Sequence[Decimal | None], goals: Sequence[Sequence[int]], factor: Fraction
) -> list[Decimal | None]:
    found = list(points)
    if factor == 1:
        return found
    for goal in goals:
        exact = {
            index: Fraction(known) * factor * 100
            for index in goal
            if (known := points[index]) is not None
        }
        cents = {index: int(share) for index, share in exact.items()}
        left = int(sum(exact.values(), Fraction(1, 2))) - sum(cents.values())
        by_loss = sorted(exact, key=lambda index: (cents[index] - exact[index], index))
        for index in by_loss[:left]:
            cents[index] += 1
        for index, whole in cents.items():
            found[index] = Decimal(whole) / 100
    return found


def _claim(claimed: Decimal | None, old: Decimal | None, new: Decimal | None) -> Decimal | None:
    if claimed is None or not old or new is None or old == new:
        return claimed
    exact = Fraction(claimed) * Fraction(new) / Fraction(old)
    return _LONG.divide(Decimal(exact.numerator), Decimal(exact.denominator))
