"""Changed thresholds: a few keys of a rule set as text, checked by the strict loader."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from performance.rulebook import RulebookError, changed, load
from performance.scoring import RuleSet

_LONGEST = 200
_SPLIT = re.compile(r"[,，;；]")
_PAIR = re.compile(r"[:：]")


def _as_written(text: str) -> Any:
    return text


def _optional(text: str) -> Any:
    return None if text in {"none", "无"} else text


def _pairs(text: str) -> Any:
    if text in {"none", "无"}:
        return []
    items = [_PAIR.split(part.strip()) for part in _SPLIT.split(text) if part.strip()]
    if any(len(item) != 2 for item in items):
        raise RulebookError(f"“{text}”应写成 下限:比例 的列表，如 1.00:1.00,0.80:0.70")
    return [[first.strip(), second.strip()] for first, second in items]


def _satisfaction(text: str) -> Any:
    return text if text == "as_quantitative" else _pairs(text)


SETTINGS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "grades": ("等级界限", _pairs),
    "execution.points": ("执行率分值", _as_written),
    "execution.method": ("执行率算法", _as_written),
    "execution.bands": ("执行率分档", _pairs),
    "execution.finished_within_budget": ("已完成且未超预算所得比例", _optional),
    "quantitative": ("定量算法", _as_written),
    "floor": ("及格门槛", _optional),
    "reverse": ("反向指标算法", _as_written),
    "satisfaction": ("满意度分档", _satisfaction),
    "caps": ("按执行率封顶", _pairs),
    "flag_at": ("超额提示", _optional),
    "deduct_at": ("超额扣分", _optional),
    "deduct_points": ("超额扣分分值", _optional),
}
"""What may be changed, its words, and how its text is read. Lists: ``优:85,良:75``."""
_OVER = {"flag_at", "deduct_at", "deduct_points"}


def with_settings(identity: str, settings: Mapping[str, str]) -> tuple[RuleSet, str]:
    """A rule set with changed thresholds, and its words.

    Raises UnknownRuleset, and RulebookError with the key for what may not be changed or makes no
    sense.
    """
    rules = load(identity)
    changes: dict[str, Any] = {}
    for key, text in settings.items():
        if key not in SETTINGS:
            raise RulebookError(f"不能改“{key[:40]}”；可以改：{'、'.join(SETTINGS)}")
        if not text.strip() or len(text) > _LONGEST:
            raise RulebookError(f"{key} 的值应在 1 到 {_LONGEST} 字之间")
        value = SETTINGS[key][1](text.strip())
        part, _, name = key.rpartition(".")
        part = "over_achievement" if key in _OVER else part
        if part:
            changes.setdefault(part, {})[name] = value
        else:
            changes[key] = value
    rules = changed(rules.id, changes)
    _sane(rules)
    words = "，".join(f"{SETTINGS[key][0]} {text.strip()}" for key, text in settings.items())
    return rules, f"{identity}（改：{words}）"


def _sane(rules: RuleSet) -> None:
    """Figures within what a figure of their kind can be. Raises RulebookError."""
    for words, figure, most in _figures(rules):
        if figure is not None and not 0 <= figure <= most:
            raise RulebookError(f"{words} {figure} 应在 0 到 {most} 之间")
    labels = [grade.label for grade in rules.grades]
    bounds = [grade.lower for grade in rules.grades]
    if len(set(labels)) < len(labels) or any(len(label) > _LONGEST_GRADE for label in labels):
        raise RulebookError(f"等级应各不相同，每个不超过 {_LONGEST_GRADE} 字")
    if len(set(bounds)) < len(bounds):
        raise RulebookError("两个等级的下限相同")
    if sorted(bounds, reverse=True) != bounds:
        raise RulebookError("等级应从高到低写")


_LONGEST_GRADE = 4


def _figures(rules: RuleSet) -> Iterator[tuple[str, Decimal | None, int]]:
    yield "执行率分值", rules.execution_points, 100
    yield "已完成且未超预算所得比例", rules.execution_finished_share, 1
    yield "及格门槛", rules.floor, 1
    yield "超额提示", rules.flag_at, 100
    yield "超额扣分", rules.deduct_at, 100
    yield "超额扣分分值", rules.deduct_points, 100
    for words, bands in (
        ("执行率分档", rules.execution_bands),
        ("满意度分档", rules.satisfaction_bands),
    ):
        for band in bands:
            yield words, band.lower, 1
            yield words, band.share, 1
    for cap in rules.caps:
        yield "封顶的执行率", cap.rate_below, 1
        yield "封顶的总分", cap.total_at_most, 100
    for grade in rules.grades:
        yield f"等级“{grade.label[:_LONGEST_GRADE]}”的下限", grade.lower, 100
