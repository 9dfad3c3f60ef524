"""What a written value means: the frozen shapes that every other part speaks in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class ValueKind(StrEnum):
    """How a value can be judged."""

    QUANTITATIVE = "quantitative"
    QUALITATIVE = "qualitative"
    DATE = "date"
    RANGE = "range"
    YES_NO = "yes_no"
    BOUND = "bound"
    """An actual written as a bound (``≥90万人``): no measurement."""
    NOT_APPLICABLE = "not_applicable"
    """不适用, 不涉及: neither zero nor missing."""


class Comparator(StrEnum):
    """How an actual is held against its target."""

    AT_LEAST = "≥"
    MORE_THAN = ">"
    AT_MOST = "≤"
    LESS_THAN = "<"
    EQUAL = "="
    RANGE = "range"


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One written value beside what it was read as. A missing value is ``None``, never a Value.

    ``value`` and ``upper`` are in the base unit: money in 元, counts multiplied out, percentages
    as percentages (``≥90%`` is ``Decimal("90")`` with unit ``%``). Dates are days.
    """

    text: str
    """As written, white space at the ends removed."""
    kind: ValueKind
    comparator: Comparator | None = None
    value: Decimal | date | None = None
    upper: Decimal | date | None = None
    """The upper end of a range, or the last day of a date less precise than a day."""
    unit: str | None = None
    approximate: bool = False
    inferred: tuple[str, ...] = ()
    """Names of the fields that were inferred and not written: comparator, value, unit, year."""
    problems: tuple[str, ...] = ()
    """Codes of what could not be read as it should be; the words are made where they are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueContext:
    """What stands around a value and decides how it is read."""

    name: str = ""
    """Name of the indicator (三级指标)."""
    level1: str | None = None
    """Canonical label such as 产出指标, or None."""
    level2: str | None = None
    """Canonical label such as 成本指标, 时效指标, or None."""
    fiscal_year: int | None = None
    """The table's year, for dates written without one."""
    header_unit: str | None = None
    """A unit that stands in the column's header or a unit cell of its own."""
    prior_actual: Value | None = None
    """Last year's actual, for 不低于上年."""
