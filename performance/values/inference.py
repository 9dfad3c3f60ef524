"""What a target without a sign means, and which way a line points."""

from __future__ import annotations

from decimal import Decimal

from performance.values import words
from performance.values.model import Comparator


def is_cost(level1: str | None, level2: str | None) -> bool:
    """Whether a line is a cost, by its level and not by its name."""
    return level1 == "成本指标" or level2 in words.COST_LEVELS


def is_satisfaction(level1: str | None, level2: str | None) -> bool:
    """Whether a line measures satisfaction, by its level."""
    return level1 == "满意度指标" or level2 in words.SATISFACTION_LEVELS


def is_standard(name: str, unit: str | None) -> bool:
    """Whether a line is a standard paid per head or unit: paying less of it is no saving.

    Either the unit is one per 人, 户 or 亩, or it is money and the name says 标准, 补助, 发放 ….
    """
    if unit is None:
        return False
    if any(per in unit for per in words.PER_HEAD):
        return True
    return "元/" in unit and any(word in name for word in words.STANDARDS)


def is_lower_better(name: str) -> bool:
    """Whether a name *ends* in something of which less is better: accidents, complaints ….

    A unit in brackets behind the name is not part of its end.
    """
    bare = name.split("(")[0].split("（")[0].strip() if len(name) <= 200 else name[-60:]
    if any(word in bare for word in words.NEVER_LOWER):
        return False
    if bare.endswith(words.NEVER_LOWER_ENDS):
        return False
    if bare.endswith(words.LOWER_WHOLE_ENDS):
        return True
    return any(
        bare.endswith(ending + tail) for ending in words.LOWER_ENDS for tail in words.LOWER_TAILS
    )


def is_duration(name: str, level2: str | None, unit: str | None) -> bool:
    """Whether a figure is a span of time in which something must be done."""
    if unit is None or unit not in words.DURATION_UNITS:
        return False
    if any(word in name for word in words.LONG_IS_GOOD):
        return False
    return level2 == "时效指标" or any(word in name for word in words.DURATION_NAMES)


def infer_comparator(
    *,
    name: str,
    level1: str | None,
    level2: str | None,
    value: Decimal,
    unit: str | None,
) -> Comparator:
    """Comparator of a numeric target that was written without one; rules 1 to 5 in order."""
    if is_cost(level1, level2):
        if is_standard(name, unit):
            return Comparator.EQUAL
        if any(word in name for word in words.SAVINGS):
            return Comparator.AT_LEAST
        return Comparator.AT_MOST
    if value == 0:
        return Comparator.EQUAL
    if is_duration(name, level2, unit):
        return Comparator.AT_MOST
    if is_lower_better(name):
        return Comparator.AT_MOST
    return Comparator.AT_LEAST
