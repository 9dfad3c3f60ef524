"""What a name says an indicator is: a rate, a count, a cost, a payment … By word lists alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from performance.examination.words import words

_KNOWN = 65536


def _any(texts: Iterable[str]) -> str:
    return "|".join(re.escape(text) for text in sorted(texts, key=len, reverse=True))


@cache
def _bounded() -> re.Pattern[str]:
    lists = words()
    return re.compile(f"(?:{_any(lists.bounded)})(?:{_any(lists.bounded_tails)})?$")


@cache
def _contains(kind: str) -> re.Pattern[str]:
    return re.compile(_any(getattr(words(), kind)))


@lru_cache(maxsize=_KNOWN)
def says(kind: str, name: str) -> bool:
    """Whether a name contains a word of the list of that name."""
    return _contains(kind).search(name) is not None


@lru_cache(maxsize=_KNOWN)
def is_rate(name: str) -> bool:
    """Whether a name ends in 率, 比例, 覆盖面 and is no 频率, 利率 or the like."""
    lists = words()
    return name.endswith(lists.rates) and not name.endswith(lists.no_rates)


@lru_cache(maxsize=_KNOWN)
def is_called_rate(name: str) -> bool:
    """Whether a name ends in 率 itself and is one."""
    return name.endswith("率") and is_rate(name)


@lru_cache(maxsize=_KNOWN)
def is_count(name: str) -> bool:
    """Whether a name ends in 数, 数量, 面积, 金额 and is no 指数, 系数 or the like."""
    lists = words()
    return name.endswith(lists.counts) and not name.endswith(lists.no_counts)


@lru_cache(maxsize=_KNOWN)
def is_bounded(name: str) -> bool:
    """Whether a name ends as a rate that cannot pass 100 %: 合格率, 覆盖率, 满意度 …"""
    return _bounded().search(name) is not None


@cache
def _payment() -> re.Pattern[str]:
    lists = words()
    return re.compile(f"(?:{_any(lists.payments)})(?:{_any(lists.payment_tails)})?$")


@lru_cache(maxsize=_KNOWN)
def is_payment(name: str) -> bool:
    """Whether a name ends as something paid: 基金支出, 补助支付金额, 资金拨付率."""
    return _payment().search(name) is not None


def begins_with_payment(name: str) -> bool:
    """Whether a name begins with paying: 支付工程款."""
    return name.startswith(words().payments)


@lru_cache(maxsize=_KNOWN)
def names_unit(name: str) -> bool:
    """Whether a name carries its unit (参加人次) or what it measures has none (价格指数)."""
    lists = words()
    return name.endswith((*lists.named_units, *lists.unitless))


@lru_cache(maxsize=_KNOWN)
def is_cost_name(name: str) -> bool:
    """Whether a name ends in 费, 经费, 成本, 支出 and tells no saving and no income."""
    return name.endswith(words().cost_names) and not says("no_cost_names", name)


@lru_cache(maxsize=_KNOWN)
def is_execution_name(name: str) -> bool:
    """Whether a name is budget execution: all of it, or all behind the project's name."""
    names = words().execution_names
    return name in names or name.endswith(tuple(n for n in names if n not in _ALONE))


_ALONE = ("执行率", "支出进度")
"""Execution only where nothing stands before it: 政策执行率 is none."""


def is_count_unit(unit: str | None) -> bool:
    """Whether a unit counts things or people."""
    return unit in words().counting_units


def is_money(unit: str | None) -> bool:
    """Whether a unit is money as such: 元, and not 元 per anything."""
    return unit == "元"


def is_fixed_group(name: str, unit: str | None) -> bool:
    """Whether people are counted of whom there is a fixed number; open are those who come."""
    if unit not in words().people_units:
        return False
    return says("fixed_groups", name) or not says("open_groups", name)
