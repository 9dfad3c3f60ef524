"""What each reason of a paper's risk weighs, and from how much on it is one: read from thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from performance.examination.loader import DataError, number, only, whole
from performance.tables import Severity

LABELS: Mapping[str, str] = {
    "claimed_over": "自评偏高",
    "points_over_execution": "得分远高于执行",
    "all_full": "全部满分",
    "copied": "实际照抄目标",
    "below_prior": "目标低于上年",
    "far_over": "远超目标",
    "unsupported": "定性无佐证",
    "late": "逾期报送",
    "points_unlike": "得分不同于同类",
    "execution_unlike": "执行不同于同类",
    "cost_direction": "成本方向反了",
    "no_budget": "没有预算",
    "unspent": "资金未用完",
    "block": "阻断",
    "error": "错误",
    "notice": "提示",
}
"""Every reason by its code, as a short label."""
COUNTED = tuple(severity.value for severity in Severity)
"""Reasons that weigh once for each finding, up to a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskLimits:
    """Weights of the reasons and the figures they begin at."""

    weights: Mapping[str, int]
    """By the reason's code; 0 switches a reason off. Of findings, the weight of each."""
    most_counted: Mapping[str, int]
    """How many findings of a severity weigh at most."""
    claimed_gap: Decimal
    """Points that the claimed total is above the computed one."""
    rate_gap: Decimal
    """What the rate of points is above the rate of execution, as a share."""
    copied_share: Decimal
    copied_least: int
    over_rate: Decimal
    unspent_share: Decimal
    similar_points: Decimal
    similar_rate: Decimal
    similar_least: int
    """How many similar projects there must be for their middle to say anything."""


_FIGURES = (
    "claimed_gap",
    "rate_gap",
    "copied_share",
    "over_rate",
    "unspent_share",
    "similar_points",
    "similar_rate",
)
_COUNTS = ("copied_least", "similar_least")
_KEYS = frozenset({"weights", "most_counted", *_FIGURES, *_COUNTS})


def risk_limits(value: Any) -> RiskLimits:
    """The limits as a file writes them. Raises DataError for anything unknown or missing."""
    if not isinstance(value, dict):
        raise DataError("risk 应为键值")
    only(value, _KEYS, "risk")
    figures = {key: number(value[key], f"risk.{key}") for key in _FIGURES}
    return RiskLimits(
        weights=_wholes(value["weights"], frozenset(LABELS), "risk.weights"),
        most_counted=_wholes(value["most_counted"], frozenset(COUNTED), "risk.most_counted"),
        claimed_gap=figures["claimed_gap"],
        rate_gap=figures["rate_gap"],
        copied_share=figures["copied_share"],
        over_rate=figures["over_rate"],
        unspent_share=figures["unspent_share"],
        similar_points=figures["similar_points"],
        similar_rate=figures["similar_rate"],
        copied_least=whole(value["copied_least"], "risk.copied_least"),
        similar_least=whole(value["similar_least"], "risk.similar_least"),
    )


def _wholes(value: Any, known: frozenset[str], key: str) -> dict[str, int]:
    if not isinstance(value, dict):
        raise DataError(f"{key} 应为键值")
    only(value, known, key)
    return {name: whole(n, f"{key}.{name}") for name, n in value.items()}
