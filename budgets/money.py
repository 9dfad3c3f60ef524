"""Money: 元 inside, 万元 only at the edges, rounded in one place."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

FEN = Decimal("0.01")
WAN = Decimal(10000)


def to_fen(amount: Decimal) -> Decimal:
    """An amount in 元 rounded half up to 分; never minus zero."""
    return amount.quantize(FEN, ROUND_HALF_UP) + 0


def to_wan(amount: Decimal) -> Decimal:
    """元 as 万元, exact."""
    return amount / WAN


def from_wan(amount: Decimal) -> Decimal:
    """万元 as 元, rounded to 分."""
    return to_fen(amount * WAN)
