"""When two names mean the same indicator: equal cores, or one written with a few words more."""

from __future__ import annotations

import re

from performance.examination.prose.model import FigureKind
from performance.examination.prose.subjects import label_core

_LEAD = re.compile(
    r"^(?:反映|指|主要|开展|组织|完成|实现|保障|确保|保证|使|对|为|用于|年内|年底前|全年|计划|预计|力争|拟|将|达到)+"
)
_TAIL = re.compile(r"(?:的?(?:情况|程度|水平))+$")
_COUNT_TAIL = re.compile(r"(?:数量|个数|次数|家数|人数|件数|批次|数)$")
_FILL = re.compile(r"[的了、,，及和与等系列专项]")
_SHORTEST = 4
_ALIKE = 0.72
_CLOSE = 0.8
_CLOSE_WITHIN_PROJECT = 0.6
"""How much of the longer name the shorter one must be; less for a rate of the same project."""


def name_core(name: str) -> str:
    """The core of an indicator's name or description, as names are compared."""
    text = _TAIL.sub("", label_core(name).rstrip("。;；,，"))
    text = _LEAD.sub("", text)
    return _COUNT_TAIL.sub("数", _FILL.sub("", text))


def same_name(one: str, other: str, kind: FigureKind, *, same_project: bool) -> bool:
    """Whether two cores name one thing; quiet where they only share some words."""
    if not one or not other:
        return False
    if one == other:
        return len(one) >= _SHORTEST - 1
    short, long = sorted((one, other), key=len)
    if len(short) < _SHORTEST or short[-2:] != long[-2:]:
        return alike(one, other) >= _ALIKE and _ends(one) == _ends(other) and len(short) >= 8
    rate = kind is FigureKind.RATE and same_project
    close = _CLOSE_WITHIN_PROJECT if rate else _CLOSE
    if is_within(short, long) and len(short) / len(long) >= close:
        return True
    return len(short) >= 8 and alike(one, other) >= _ALIKE


def is_within(short: str, long: str) -> bool:
    """Whether the signs of one stand in the other in their order."""
    rest = iter(long)
    return all(sign in rest for sign in short)


def _ends(text: str) -> str:
    return text[-1:]


def alike(one: str, other: str) -> float:
    """How many pairs of neighbouring signs two names share, from 0 to 1."""
    left = {one[i : i + 2] for i in range(len(one) - 1)}
    right = {other[i : i + 2] for i in range(len(other) - 1)}
    total = len(left) + len(right)
    return 2 * len(left & right) / total if total else 0.0
