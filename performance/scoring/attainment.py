"""How far a measured line got: exact fractions, no rounding, no points."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from performance.scoring.reasons import Note, Reason
from performance.scoring.rules import ReverseMethod, RuleSet
from performance.tables import ParsedIndicator
from performance.values import (
    Comparator,
    Value,
    ValueKind,
    is_cost,
    is_duration,
    is_lower_better,
    is_standard,
    normalise,
    yes_no,
)
from performance.values.words import DONE_IN_TIME, DURATION_UNITS

ONE, NOTHING = Fraction(1), Fraction(0)
_UP = {Comparator.AT_LEAST, Comparator.MORE_THAN}
_DOWN = {Comparator.AT_MOST, Comparator.LESS_THAN}


@dataclass(frozen=True, slots=True)
class Attainment:
    """A ratio in [0, 1] with its reason; ``ratio`` None: cannot be scored."""

    ratio: Fraction | None
    reason: Reason
    met: bool = False
    notes: tuple[Note, ...] = ()


def attain(indicator: ParsedIndicator, rules: RuleSet) -> Attainment:
    """The attainment of a line whose target is a number, a range, a date or a yes-no."""
    target, actual = indicator.target, indicator.actual
    assert target is not None and actual is not None
    if target.kind is ValueKind.DATE:
        return _date(target, actual)
    if target.kind is ValueKind.YES_NO:
        return _yes_no(target, actual)
    if actual.kind is ValueKind.RANGE:
        return _range_actual(indicator, target, actual, rules)
    if not isinstance(actual.value, Decimal) or actual.kind is ValueKind.DATE:
        return Attainment(None, Reason.ACTUAL_NOT_NUMBER)
    if not same_measure(target.unit, actual.unit):
        return Attainment(None, Reason.UNIT_MISMATCH)
    if actual.kind is ValueKind.BOUND:
        return _bound(indicator, target, actual, rules)
    return measured(indicator, target, Fraction(actual.value), rules)


def same_measure(one: str | None, other: str | None) -> bool:
    """Whether two units measure the same kind of thing; a missing unit fits any.

    Counting words (家, 个, 次) are not held against each other: forms mix them freely.
    """
    if one is None or other is None or one == other:
        return True
    return _measure(one) == _measure(other) == "count"


def _measure(unit: str) -> str:
    if unit in {"%", "‰"} or "元" in unit or unit in DURATION_UNITS:
        return unit
    return "count"


# ── numbers ─────────────────────────────────────────────────────────────────────────────────────


def points_down(indicator: ParsedIndicator) -> bool:
    """Whether less is better on a line written with =."""
    target = indicator.target
    unit = target.unit if target else None
    return (
        is_cost(indicator.level1, indicator.level2)
        or is_lower_better(indicator.name)
        or is_duration(indicator.name, indicator.level2, unit)
    )


def measured(
    indicator: ParsedIndicator, target: Value, actual: Fraction, rules: RuleSet
) -> Attainment:
    """A number against a number or a range."""
    low = Fraction(target.value) if isinstance(target.value, Decimal) else NOTHING
    if target.kind is ValueKind.RANGE:
        high = Fraction(target.upper) if isinstance(target.upper, Decimal) else low
        if actual < low:
            return _short(low, actual)
        return _within_most(high, actual, rules)
    if target.comparator in _UP:
        return _at_least(target, low, actual)
    if target.comparator in _DOWN:
        if target.comparator is Comparator.LESS_THAN and actual == low:
            return Attainment(ONE, Reason.EDGE)
        return _within_most(low, actual, rules)
    return _equal(indicator, low, actual, rules)


def _at_least(target: Value, wanted: Fraction, actual: Fraction) -> Attainment:
    if target.comparator is Comparator.MORE_THAN and actual == wanted:
        return Attainment(ONE, Reason.EDGE) if wanted > 0 else _short(wanted, actual)
    if actual >= wanted:
        return Attainment(ONE, Reason.MET, met=True)
    return _short(wanted, actual)


def _short(wanted: Fraction, actual: Fraction) -> Attainment:
    """Below a target of which more is better."""
    if wanted <= 0 or actual < 0:
        return Attainment(NOTHING, Reason.NEGATIVE)
    return Attainment(actual / wanted, Reason.BELOW)


def _within_most(most: Fraction, actual: Fraction, rules: RuleSet) -> Attainment:
    """A target of which less is better."""
    if actual <= most:
        return Attainment(ONE, Reason.MET, met=True)
    if most <= 0:
        return Attainment(NOTHING, Reason.ZERO_TARGET_MISSED)
    if rules.reverse is ReverseMethod.LINEAR_EXCESS:
        return Attainment(max(NOTHING, 1 - (actual - most) / most), Reason.ABOVE_LINEAR)
    return Attainment(most / actual, Reason.ABOVE_INVERSE)


def _equal(
    indicator: ParsedIndicator, wanted: Fraction, actual: Fraction, rules: RuleSet
) -> Attainment:
    if actual == wanted:
        return Attainment(ONE, Reason.MET, met=True)
    if wanted == 0:
        return Attainment(NOTHING, Reason.ZERO_TARGET_MISSED)
    target = indicator.target
    if is_standard(indicator.name, target.unit if target else None):
        if actual < wanted:
            short = _short(wanted, actual)
            return Attainment(short.ratio, Reason.STANDARD_UNDER)
        if wanted < 0:
            return Attainment(NOTHING, Reason.NEGATIVE)
        return Attainment(wanted / actual, Reason.STANDARD_OVER)
    if points_down(indicator):
        return _within_most(wanted, actual, rules)
    if actual > wanted:
        return Attainment(ONE, Reason.MET_OVER, met=True)
    return _short(wanted, actual)


def _bound(indicator: ParsedIndicator, target: Value, actual: Value, rules: RuleSet) -> Attainment:
    """An actual written as a bound counts at the bound, where that settles the line."""
    assert isinstance(actual.value, Decimal)
    unusable = Attainment(None, Reason.BOUND_UNUSABLE, notes=(Note.A01,))
    if target.kind is ValueKind.RANGE:
        return unusable
    down = target.comparator in _DOWN or (
        target.comparator is Comparator.EQUAL and points_down(indicator)
    )
    if actual.comparator not in (_DOWN if down else _UP):
        return unusable
    found = measured(indicator, target, Fraction(actual.value), rules)
    if not found.met and found.reason is not Reason.EDGE:
        return unusable
    return Attainment(found.ratio, found.reason, met=found.met, notes=(Note.A01,))


def _range_actual(
    indicator: ParsedIndicator, target: Value, actual: Value, rules: RuleSet
) -> Attainment:
    """A range as actual is scored only where both of its ends meet the target."""
    if not same_measure(target.unit, actual.unit):
        return Attainment(None, Reason.UNIT_MISMATCH)
    ends = [v for v in (actual.value, actual.upper) if isinstance(v, Decimal)]
    found = [measured(indicator, target, Fraction(end), rules) for end in ends]
    if found and all(one.met for one in found):
        return found[0]
    return Attainment(None, Reason.RANGE_UNDECIDED)


# ── dates and yes-no ────────────────────────────────────────────────────────────────────────────


def _date(target: Value, actual: Value) -> Attainment:
    if actual.kind is not ValueKind.DATE:
        text = normalise(actual.text[:60])
        if text.startswith(("未", "没有", "尚未")):
            return Attainment(NOTHING, Reason.DATE_MISSED)
        if text in DONE_IN_TIME:
            return Attainment(ONE, Reason.DATE_MET_WORDS, met=True, notes=(Note.INFERRED_MET,))
        return Attainment(None, Reason.DATE_UNDECIDED)
    due = target.value
    first, last = actual.value, actual.upper or actual.value
    assert isinstance(due, date) and isinstance(first, date) and isinstance(last, date)
    if last <= due:
        return Attainment(ONE, Reason.DATE_MET, met=True)
    if first > due:
        return Attainment(NOTHING, Reason.DATE_MISSED)
    return Attainment(None, Reason.DATE_UNDECIDED)


def _yes_no(target: Value, actual: Value) -> Attainment:
    said = yes_no(actual)
    wanted = yes_no(target)
    if normalise(actual.text[:60]) in DONE_IN_TIME:
        said = True
    if said is None:
        return Attainment(None, Reason.WORDS_UNDECIDED)
    if said == (True if wanted is None else wanted):
        return Attainment(ONE, Reason.YES_MET, met=True)
    return Attainment(NOTHING, Reason.YES_MISSED)
