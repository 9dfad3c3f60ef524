"""Units: money ends in 元, counts are multiplied out, percentages stay percentages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from performance.values import words

_MULTIPLIER = re.compile(r"(百万|千万|亿|億|万|萬)")
_FACTORS = {
    "百万": Decimal(10**6),
    "千万": Decimal(10**7),
    "亿": Decimal(10**8),
    "億": Decimal(10**8),
    "万": Decimal(10**4),
    "萬": Decimal(10**4),
}
_NOT_THOUSANDS = ("千米", "千克", "千瓦", "千伏", "千焦", "千字节")
_DOTS = str.maketrans({"*": "·", "・": "·", "•": "·", "∙": "·", "×": "·"})
_BRACKETED = re.compile(r"[（(]([^（()）]{1,12})[)）]")
_NAME_UNITS = re.compile(
    r"(?:单位[:：])?(%|百分比|比率|亿元|百万元|万元|千元|元(?:/[^/]{1,4}){0,3}|万元(?:/[^/]{1,4}){1,3}|"
    r"[人个家次户套台份项件场期批例篇类种处条起名亩辆座间本部](?:次|/[人户次年月]){0,2}|万人次?|平方米|公里|千米|天|工作日|小时)"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit in its base form with what a figure in the written one is multiplied by."""

    name: str | None
    factor: Decimal = Decimal(1)
    money_without_yuan: bool = False
    """万 or 亿 alone in a money indicator: money, inferred and flagged."""
    share: bool = False
    """比例: a value up to 1 is a share."""


def read_unit(text: str, *, money: bool = False) -> Unit:
    """A normalised unit text in its base form. ``money``: the indicator is one of money."""
    unit = text.translate(_DOTS)
    if unit in words.PERCENT_UNITS:
        return Unit("%")
    if unit in words.SHARE_UNITS:
        return Unit("%", share=True)
    factor = Decimal(1)
    found = _MULTIPLIER.match(unit)
    if found:
        factor = _FACTORS[found.group(1)]
        unit = unit[found.end() :]
    elif unit.startswith("千") and not unit.startswith(_NOT_THOUSANDS) and len(unit) > 1:
        factor, unit = Decimal(1000), unit[1:]
    elif unit.startswith("百") and len(unit) > 1 and unit[1:] in words.COUNTING:
        factor, unit = Decimal(100), unit[1:]
    if unit.startswith("个") and len(unit) > 1:
        unit = unit[1:] if unit[1:] not in {"月"} else unit
    if not unit:
        bare_money = money and factor != 1
        return Unit("元" if bare_money else None, factor, money_without_yuan=bare_money)
    if unit == "人民币":
        unit = "元"
    return Unit(unit, factor)


def is_money_indicator(name: str, level1: str | None, level2: str | None) -> bool:
    """Whether 万 alone means 万元: under a cost level, or a name that speaks of money."""
    if level1 == "成本指标" or level2 in words.COST_LEVELS:
        return True
    return any(word in name for word in words.MONEY_NAMES)


def unit_in_name(name: str) -> str | None:
    """A unit in brackets in an indicator's name: 覆盖面（%）, 金额（万元）; the last one counts."""
    for text in reversed(_BRACKETED.findall(name[:300])):
        if _NAME_UNITS.fullmatch(text):
            return str(text).removeprefix("单位:").removeprefix("单位：")
    return None
