"""How figures look on pages. Rounding is only for the eye: the figures come rounded by the engine."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django import template

from performance.reports.comparison import in_words
from performance.values import Value, plain

register = template.Library()

_WAN = Decimal(10000)
_EMPTY = "—"


@register.filter
def points(number: Decimal | None) -> str:
    """Points earned: two places; a dash where there is none."""
    return _EMPTY if number is None else f"{number:.2f}"


@register.filter
def plain_number(number: Decimal | None) -> str:
    """A figure as written, without trailing zeros."""
    return _EMPTY if number is None else plain(number)


@register.filter
def wan(amount: Decimal | None) -> str:
    """An amount in 元 as 万元 with grouping commas; zero is 0, missing a dash."""
    if amount is None:
        return _EMPTY
    whole, _, rest = plain(amount / _WAN).partition(".")
    grouped = f"{int(whole):,}"
    if whole.startswith("-0"):
        grouped = f"-{grouped}"
    return f"{grouped}.{rest}" if rest else grouped


@register.filter
def wan2(amount: Decimal | None) -> str:
    """An amount in 元 as 万元 in a column: at least two places, so that the points line up."""
    text = wan(amount)
    whole, _, rest = text.partition(".")
    return text if text == _EMPTY else f"{whole}.{rest.ljust(2, '0')}"


@register.filter
def yuan(text: str) -> str:
    """A written amount in 元 with grouping commas; what is no number stays as it is."""
    whole, dot, rest = text.partition(".")
    digits = whole.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        return text
    return f"{whole[: len(whole) - len(digits)]}{int(digits):,}{dot}{rest}"


@register.filter
def place(at: str) -> str:
    """A place of a paper as people name it."""
    return in_words(at)


@register.filter
def percent(share: Decimal | None) -> str:
    """A share as a percentage with at most two places."""
    return _EMPTY if share is None else f"{plain((share * 100).quantize(Decimal('0.01')))}%"


@register.filter
def signed(number: Decimal | None) -> str:
    """A difference with its sign, two places; nothing where there is no difference."""
    if number is None:
        return _EMPTY
    return f"{number:+.2f}".replace("-", "−") if number else "0.00"


@register.filter
def figure(value: Value | None) -> str:
    """What a written value was read as: ``≥ 900000 人``; a dash where it was not a figure."""
    if value is None or value.value is None:
        return ""
    sign = value.comparator.value if value.comparator else ""
    if sign == "range":
        return f"{_one(value.value)}–{_one(value.upper)} {value.unit or ''}".strip()
    return f"{sign} {_one(value.value)} {value.unit or ''}".strip()


def _one(number: Decimal | date | None) -> str:
    if number is None:
        return ""
    return plain(number) if isinstance(number, Decimal) else number.isoformat()
