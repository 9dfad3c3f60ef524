"""One indicator line: which rule applies, the exact points, the notes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from performance.scoring.attainment import ONE, Attainment, attain, points_down
from performance.scoring.qualitative import tier_by_words, tier_of_share, tier_points
from performance.scoring.reasons import Note, Reason
from performance.scoring.rules import Band, QuantitativeMethod, RuleSet
from performance.tables import ParsedIndicator
from performance.values import (
    Comparator,
    Value,
    ValueKind,
    is_cost,
    is_satisfaction,
    normalise,
)

_CENT = Decimal("0.01")
_PROPORTIONAL = re.compile(r"按照?(?:正常|完成)?比例赋分")
_TIERS = re.compile(r"按照?评判等级赋分|按照?等级赋分|分档赋分")
_SATISFACTION = re.compile(r"(?:按照?)?满意度赋分")
_DIRECT = re.compile(r"直接赋分|是否")


def rounded(points: Fraction) -> Decimal:
    """Points rounded half up to two places: the only rounding of a line."""
    cents = (points * 100 * 2 + 1) // 2  # half up for points that are never negative
    return (Decimal(int(cents)) / 100).quantize(_CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Scored:
    """What came out for a line: exact points (None: not scored), ratio, reason, notes."""

    points: Fraction | None
    ratio: Fraction | None
    reason: Reason
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnRule:
    """The scoring rule printed on a line."""

    kind: str
    """direct, quantitative, tiers, satisfaction, unknown or none."""


def own_rule(text: str | None) -> OwnRule:
    """What a line's own rule text says; it goes before the set's."""
    plain = normalise(text[:300]) if text else ""
    if not plain:
        return OwnRule("none")
    for kind, pattern in (
        ("direct", _DIRECT),
        ("quantitative", _PROPORTIONAL),
        ("tiers", _TIERS),
        ("satisfaction", _SATISFACTION),
    ):
        if pattern.fullmatch(plain):
            return OwnRule(kind)
    return OwnRule("unknown")


def is_numeric(value: Value | None) -> bool:
    """Whether a target is judged by a measure and not by words."""
    return value is not None and value.kind in {
        ValueKind.QUANTITATIVE,
        ValueKind.RANGE,
        ValueKind.DATE,
        ValueKind.YES_NO,
        ValueKind.BOUND,
    }


def reached(indicator: ParsedIndicator, rules: RuleSet) -> Attainment | None:
    """Attainment without points: None for a qualitative line whose words name no tier.

    The states that no points can change come back with ratio None.
    """
    target, actual = indicator.target, indicator.actual
    if actual is not None and actual.kind is ValueKind.NOT_APPLICABLE:
        return Attainment(None, Reason.NOT_APPLICABLE)
    if target is not None and target.kind is ValueKind.NOT_APPLICABLE:
        return Attainment(None, Reason.NOT_APPLICABLE)
    if target is None:
        return Attainment(None, Reason.TARGET_MISSING)
    if actual is None:
        return Attainment(None, Reason.ACTUAL_MISSING)
    if is_numeric(target):
        return attain(indicator, rules)
    tier = tier_by_words(target, actual, rules)
    if tier is None:
        return None
    first = tier.tier == "achieved"
    reason = {"achieved": Reason.TIER_ACHIEVED, "partial": Reason.TIER_PARTIAL}.get(
        tier.tier, Reason.TIER_NOT_ACHIEVED
    )
    return Attainment(Fraction(tier.default_share), reason, met=first)


def score_line(indicator: ParsedIndicator, points: Decimal, rules: RuleSet) -> Scored:
    """Points of a line with ``points`` available, by its own rule or else the set's."""
    rule = own_rule(indicator.scoring_rule)
    notes = (Note.OWN_RULE,) if rule.kind == "unknown" else ()
    found = reached(indicator, rules)
    if found is not None and found.ratio is None:
        return Scored(None, None, found.reason, (*notes, *found.notes))
    target, actual = indicator.target, indicator.actual
    assert target is not None and actual is not None
    numeric = is_numeric(target)
    if found is None or not numeric:
        return _words(indicator, points, rules, rule, notes)
    assert found.ratio is not None
    notes = (*notes, *found.notes)
    if rule.kind == "direct":
        if found.met or (found.reason is Reason.EDGE and found.ratio == ONE):
            return Scored(Fraction(points), ONE, found.reason, notes)
        return Scored(Fraction(0), found.ratio, Reason.ALL_OR_NOTHING_MISSED, notes)
    if target.kind in {ValueKind.DATE, ValueKind.YES_NO}:
        return Scored(Fraction(points) * found.ratio, found.ratio, found.reason, notes)
    if rule.kind == "tiers":
        return _measured_tier(indicator, found, points, rules, notes)
    bands = _bands(indicator, rules, rule)
    if bands and actual.unit == "%" and isinstance(actual.value, Decimal):
        return _banded(found, Fraction(actual.value) / 100, points, bands, notes)
    scored = _from_ratio(found, points, rules, notes)
    return _over(indicator, scored, points, rules)


def _bands(indicator: ParsedIndicator, rules: RuleSet, rule: OwnRule) -> tuple[Band, ...]:
    satisfied = rule.kind == "satisfaction" or (
        rule.kind in {"none", "unknown"} and is_satisfaction(indicator.level1, indicator.level2)
    )
    return rules.satisfaction_bands if satisfied else ()


def _banded(
    found: Attainment,
    measured: Fraction,
    points: Decimal,
    bands: tuple[Band, ...],
    notes: tuple[Note, ...],
) -> Scored:
    """Satisfaction by the measured percentage, not by its ratio to the target."""
    share = next(
        (
            Fraction(band.share)
            for band in sorted(bands, key=lambda b: b.lower, reverse=True)
            if measured >= Fraction(band.lower)
        ),
        Fraction(0),
    )
    if share == ONE and not found.met:
        notes = (*notes, Note.BELOW_TARGET_BY_BAND)
    return Scored(Fraction(points) * share, share, Reason.SATISFACTION_BAND, notes)


def _from_ratio(
    found: Attainment, points: Decimal, rules: RuleSet, notes: tuple[Note, ...]
) -> Scored:
    assert found.ratio is not None
    whole, ratio = Fraction(points), found.ratio
    if rules.quantitative is QuantitativeMethod.ABOVE_FLOOR and rules.floor is not None:
        floor = Fraction(rules.floor)
        if ratio < floor:
            return Scored(Fraction(0), ratio, Reason.BELOW_FLOOR, notes)
        if ratio < ONE:
            exact = whole * (ratio - floor) / (ONE - floor)
            return Scored(exact, ratio, found.reason, (*notes, Note.FLOOR))
    return Scored(whole * ratio, ratio, found.reason, notes)


def _over(indicator: ParsedIndicator, scored: Scored, points: Decimal, rules: RuleSet) -> Scored:
    """Over-achievement: flagged, and deducted where the set says so, not below zero."""
    rate = over_rate(indicator)
    if rate is None or scored.points is None:
        return scored
    notes, exact = scored.notes, scored.points
    if rules.flag_at is not None and rate >= Fraction(rules.flag_at):
        notes = (*notes, Note.O01)
    if rules.deduct_at is not None and rules.deduct_points is not None:
        if rate >= Fraction(rules.deduct_at):
            exact = max(Fraction(0), exact - Fraction(rules.deduct_points))
            notes = (*notes, Note.DEDUCTED)
    return Scored(exact, scored.ratio, scored.reason, notes)


def over_rate(indicator: ParsedIndicator) -> Fraction | None:
    """Actual ÷ target of a measured line of which more is better; None where over means nothing."""
    target, actual = indicator.target, indicator.actual
    if target is None or actual is None or actual.kind is not ValueKind.QUANTITATIVE:
        return None
    if target.kind is not ValueKind.QUANTITATIVE or is_cost(indicator.level1, indicator.level2):
        return None
    if is_satisfaction(indicator.level1, indicator.level2):
        return None
    up = target.comparator in {Comparator.AT_LEAST, Comparator.MORE_THAN} or (
        target.comparator is Comparator.EQUAL and not points_down(indicator)
    )
    if not up or not isinstance(target.value, Decimal) or not isinstance(actual.value, Decimal):
        return None
    if target.value <= 0:
        return None
    return Fraction(actual.value) / Fraction(target.value)


def _measured_tier(
    indicator: ParsedIndicator,
    found: Attainment,
    points: Decimal,
    rules: RuleSet,
    notes: tuple[Note, ...],
) -> Scored:
    """A measured line that its form scores by tiers: the ratio names the tier."""
    assert found.ratio is not None
    result = tier_points(tier_of_share(found.ratio, rules), points, indicator.awarded, rules)
    assert result is not None, "a ratio in [0, 1] always lies in a tier"
    share = result.points / Fraction(points) if points else Fraction(0)
    return Scored(result.points, share, result.reason, (*notes, *result.notes))


def _words(
    indicator: ParsedIndicator,
    points: Decimal,
    rules: RuleSet,
    rule: OwnRule,
    notes: tuple[Note, ...],
) -> Scored:
    assert indicator.actual is not None
    tier = tier_by_words(indicator.target, indicator.actual, rules)
    if rule.kind == "direct" and tier is not None:
        if tier.tier == "achieved":
            return Scored(Fraction(points), ONE, Reason.TIER_ACHIEVED, notes)
        return Scored(Fraction(0), Fraction(0), Reason.ALL_OR_NOTHING_MISSED, notes)
    result = tier_points(tier, points, indicator.awarded, rules)
    if result is None:
        return Scored(None, None, Reason.WORDS_UNDECIDED, notes)
    share = result.points / Fraction(points) if points else Fraction(0)
    return Scored(result.points, share, result.reason, (*notes, *result.notes))
