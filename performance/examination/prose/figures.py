"""How printed figures are compared: to the coarser print, sums with half a unit an addend."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from performance.examination.prose.model import Figure, FigureKind
from performance.values import plain

_WAN = Decimal(10000)
_HALF = Decimal("0.5")
_CENT_OF_WAN = Decimal(100)
"""Two places in 万元; what is printed finer is printed in 元."""


def same(one: Decimal, one_step: Decimal, other: Decimal, other_step: Decimal) -> bool:
    """Whether two prints are of one figure: equal when both are rounded to the coarser one."""
    step = max(one_step, other_step)
    return _rounded(one, step) == _rounded(other, step)


def _rounded(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).quantize(Decimal(1), ROUND_HALF_UP)


def sum_fits(total: Figure, parts: Iterable[Figure], *, exact: bool = False) -> bool:
    """Whether parts add to a total within half a unit of the coarsest print for every figure.

    ``exact``: of the finest print, for the first parts of a list that might go on below its total.
    """
    listed = [*parts]
    steps = [figure.step for figure in (total, *listed)]
    tolerance = (min(steps) if exact else max(steps)) * _HALF * (len(listed) + 1)
    return abs(sum((p.value for p in listed), Decimal(0)) - total.value) <= tolerance


def share_fits(part: Figure, whole: Figure, percent: Figure) -> bool:
    """Whether a printed percentage can come from two printed figures, rounded or cut.

    Money in 万元 is rounded to two places, written or not (27 is no 27 ± 0.5); counts are exact.
    """
    if whole.value == 0:
        return part.value == 0
    half = _print(part, whole) * _HALF if part.kind is FigureKind.AMOUNT else Decimal(0)
    low = (part.value - half) / (whole.value + half) * 100
    high = (part.value + half) / max(whole.value - half, half or whole.value) * 100
    return low - percent.step < percent.value < high + percent.step


def _print(one: Figure, other: Figure) -> Decimal:
    """To what two amounts are rounded: 万元 to two places, whose zeros at the end are left out."""
    finest = min(one.step, other.step)
    return min(finest, _CENT_OF_WAN) if finest <= _WAN else finest


def shown(figure: Figure) -> str:
    """A figure as sentences name it: money in 万元, or as written."""
    return amount(figure.value, figure.kind, figure.unit) if not figure.written else figure.written


def amount(value: Decimal, kind: FigureKind, unit: str | None, step: Decimal | None = None) -> str:
    """A value with its unit, money in 万元; with ``step`` in the places that it was printed in."""
    if kind is FigureKind.AMOUNT and unit == "元":
        if value and (abs(value) < _WAN / 10 or (step is not None and step < _CENT_OF_WAN)):
            return f"{plain(value)} 元"
        if step is not None and step < _WAN:
            return f"{(value / _WAN).quantize(step / _WAN)} 万元"
        return f"{plain(value / _WAN)} 万元"
    if kind is FigureKind.RATE:
        return f"{plain(value.quantize(Decimal('0.01'), ROUND_HALF_UP))}%"
    return f"{plain(value)} {unit or ''}".strip()
