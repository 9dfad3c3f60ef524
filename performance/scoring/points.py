"""Points available on each line: printed, the set's, or inferred where the form has no column."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from performance.scoring.lines import reached
from performance.scoring.reasons import Reason
from performance.scoring.rules import RuleSet
from performance.tables import ParsedIndicator, ParsedTable, Problem


@dataclass(frozen=True, slots=True)
class LinePoints:
    """Points available on a line; None when they are unknown."""

    points: Decimal | None
    inferred: bool = False
    own_award: bool = False
    """They come from the line's own award: the award cannot be held against them."""


def goal_points(table: ParsedTable, rules: RuleSet) -> Decimal:
    """Points of all indicators together: as printed, else the set's."""
    if table.goal_points is not None:
        return table.goal_points
    return whole_points(rules)


def whole_points(rules: RuleSet) -> Decimal:
    """Points of all indicators together where the form prints none."""
    if rules.goal_points is not None:
        return rules.goal_points
    return sum(rules.level1.values(), Decimal(0))


def level1_points(rules: RuleSet, levels: Collection[str]) -> Mapping[str, Decimal]:
    """Points by level 1 (产出 → 50) that the set gives a table which has these levels."""
    if "成本" in levels and rules.level1_with_cost:
        if "满意度" in levels:
            return rules.level1_with_cost
        return rules.level1_with_cost_without_satisfaction or rules.level1_with_cost
    if "满意度" not in levels:
        return rules.level1_without_satisfaction or rules.level1
    return rules.level1


def line_points(table: ParsedTable, rules: RuleSet) -> tuple[list[LinePoints], list[Problem]]:
    """Points of every line in the table's order, and problems ``points_unknown``.

    Printed points stand. A form without a points column (湖北): a met line's points are what it
    was awarded; the rest of the goal's points goes to the unmet lines.
    """
    if any(indicator.points is not None for indicator in table.indicators):
        return [LinePoints(indicator.points) for indicator in table.indicators], []
    if all(indicator.awarded is None for indicator in table.indicators):
        return [LinePoints(None) for _ in table.indicators], [
            _unknown(table, indicator) for indicator in table.indicators
        ]
    found: list[LinePoints] = [LinePoints(None)] * len(table.indicators)
    problems: list[Problem] = []
    whole = goal_points(table, rules)
    for goal in dict.fromkeys(indicator.goal for indicator in table.indicators):
        at = [i for i, indicator in enumerate(table.indicators) if indicator.goal == goal]
        _infer(table, rules, whole, at, found, problems)
    return found, problems


def _infer(
    table: ParsedTable,
    rules: RuleSet,
    whole: Decimal,
    at: Sequence[int],
    found: list[LinePoints],
    problems: list[Problem],
) -> None:
    unmet: list[int] = []
    given = Decimal(0)
    for index in at:
        indicator = table.indicators[index]
        if _is_met(indicator, rules) and indicator.awarded is not None:
            found[index] = LinePoints(indicator.awarded, inferred=True, own_award=True)
            given += indicator.awarded
        else:
            unmet.append(index)
    rest = whole - given
    if len(unmet) == 1 and rest >= 0:
        found[unmet[0]] = LinePoints(rest, inferred=True)
        return
    guesses = [_by_ratio(table.indicators[index], rules) for index in unmet]
    known = [guess for guess in guesses if guess is not None]
    if len(known) == len(guesses) and sum(known, Decimal(0)) == rest:
        for index, guess in zip(unmet, known, strict=True):
            found[index] = LinePoints(guess, inferred=True, own_award=True)
        return
    for index in unmet:
        problems.append(_unknown(table, table.indicators[index]))


def _is_met(indicator: ParsedIndicator, rules: RuleSet) -> bool:
    """Whether all there was to earn was earned; words that name no tier leave it open."""
    found = reached(indicator, rules)
    return found is not None and (found.met or found.reason is Reason.EDGE)


def _by_ratio(indicator: ParsedIndicator, rules: RuleSet) -> Decimal | None:
    """Claimed ÷ ratio, rounded to whole points."""
    found = reached(indicator, rules)
    if found is None or not found.ratio or indicator.awarded is None:
        return None
    exact = Fraction(indicator.awarded) / found.ratio
    whole = (exact * 2 + 1) // 2
    return Decimal(int(whole)).quantize(Decimal(1), ROUND_HALF_UP)


def _unknown(table: ParsedTable, indicator: ParsedIndicator) -> Problem:
    return Problem(
        code="points_unknown",
        at=indicator.at,
        field="points",
        message=f"指标“{indicator.name}”没有分值，也推不出分值，未评分；请补填分值",
    )
