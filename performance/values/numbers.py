"""Numbers in columns of money and points, and how figures are written back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from performance.values.text import is_empty, normalise

DIGITS = r"(?:[0-9]{1,3}(?:[,，][0-9]{3}){1,6}|[0-9]{1,18})(?:\.[0-9]{1,10})?"
"""A number in the digits 0 to 9: grouped by thousands or not, at most ten places."""
_NUMBER = re.compile(rf"([-+]?)({DIGITS}|\.[0-9]{{1,10}})")
_AMOUNT = re.compile(rf"([-+]?)({DIGITS}|\.[0-9]{{1,10}})(亿元|百万元|万元|千元|元|万|亿)?")
_SHARE = re.compile(rf"([-+]?)({DIGITS})%")
_FACTORS = {
    "亿元": Decimal(10**8),
    "亿": Decimal(10**8),
    "百万元": Decimal(10**6),
    "万元": Decimal(10**4),
    "万": Decimal(10**4),
    "千元": Decimal(1000),
    "元": Decimal(1),
}
_CENT = Decimal("0.01")
_LONGEST = 60
_LARGEST = Decimal(10) ** 15


@dataclass(frozen=True, slots=True)
class AmountRead:
    """An amount in 元, or None where the cell is empty; ``ok`` is False for what is no amount."""

    value: Decimal | None
    ok: bool = True


def decimal_of(digits: str) -> Decimal:
    """A Decimal of digits that a pattern of this package has let through."""
    return Decimal(digits.replace(",", "").replace("，", ""))


def signed(sign: str, digits: str) -> Decimal:
    """A number with its sign; minus zero is zero."""
    number = decimal_of(digits)
    return -number if sign == "-" and number else number


def read_amount(text: str | None, unit: str | None = None) -> AmountRead:
    """An amount of money in 元 with two places, rounded half up after conversion.

    ``unit`` is the column's (万元, 元 …); a unit in the cell goes before it.
    """
    if text is None or is_empty(text):
        return AmountRead(None)
    found = _AMOUNT.fullmatch(normalise(text)) if len(text) <= _LONGEST else None
    if found is None:
        return AmountRead(None, ok=False)
    factor = _FACTORS[found.group(3) or unit or "元"] if (unit or "元") in _FACTORS else Decimal(1)
    amount = signed(found.group(1), found.group(2)) * factor
    if abs(amount) >= _LARGEST:
        return AmountRead(None, ok=False)
    return AmountRead(amount.quantize(_CENT, ROUND_HALF_UP) + 0)


def parse_amount(text: str | None, unit: str | None = None) -> Decimal | None:
    """Like read_amount, without telling empty from unreadable."""
    return read_amount(text, unit).value


def parse_number(text: str | None) -> Decimal | None:
    """A bare number as in a points column; 10分 counts; None for anything else."""
    if text is None or len(text) > _LONGEST:
        return None
    found = _NUMBER.fullmatch(normalise(text).removesuffix("分"))
    return signed(found.group(1), found.group(2)) if found else None


def parse_share(text: str | None) -> Decimal | None:
    """A percentage as a share: 59.76% is 0.5976; a bare % is None."""
    if text is None or len(text) > _LONGEST:
        return None
    found = _SHARE.fullmatch(normalise(text))
    return signed(found.group(1), found.group(2)) / 100 if found else None


def plain(number: Decimal) -> str:
    """Plain notation: no exponent, no separators, no trailing zeros, never minus zero."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text
