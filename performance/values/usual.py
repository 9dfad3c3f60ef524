"""How targets are usually measured, by level 2: offered while one types, and nothing is judged by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Comparators and units in the order in which they are offered."""

    comparators: tuple[str, ...]
    units: tuple[str, ...]


_UP = ("≥", "=", "≤", ">", "<")
_DOWN = ("≤", "=", "≥", "<", ">")

USUAL: Mapping[str, Measure] = {
    "": Measure(comparators=_UP, units=("%", "个", "次", "人", "项", "万元")),
    "数量指标": Measure(
        comparators=_UP,
        units=(
            "个",
            "次",
            "人次",
            "人",
            "项",
            "家",
            "户",
            "份",
            "套",
            "台",
            "公里",
            "平方米",
            "亩",
        ),
    ),
    "质量指标": Measure(comparators=_UP, units=("%", "分", "级")),
    "时效指标": Measure(comparators=_DOWN, units=("天", "个工作日", "小时", "个月", "%")),
    "经济成本指标": Measure(
        comparators=_DOWN, units=("元", "万元", "元/人", "元/人次", "元/平方米", "%")
    ),
    "社会成本指标": Measure(comparators=_DOWN, units=("起", "件", "%")),
    "生态环境成本指标": Measure(comparators=_DOWN, units=("吨", "%", "毫克/升")),
    "经济效益指标": Measure(comparators=_UP, units=("万元", "%", "元")),
    "社会效益指标": Measure(comparators=_UP, units=("%", "人", "人次", "次", "个")),
    "生态效益指标": Measure(comparators=_UP, units=("%", "亩", "吨", "天")),
    "可持续影响指标": Measure(comparators=_UP, units=("年", "%", "个")),
    "服务对象满意度指标": Measure(comparators=_UP, units=("%",)),
}
