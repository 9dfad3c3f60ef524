"""Lines of words: which tier they reach, by their own words or by what was claimed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from performance.scoring.reasons import Note, Reason
from performance.scoring.rules import RuleSet, Tier
from performance.values import Value, normalise

NEGATED = (
    "未达成",
    "未完成",
    "未实现",
    "未达到",
    "未达标",
    "没有",
    "未能",
    "不达标",
    "尚未",
    "未开展",
)
PARTIAL = ("部分", "基本", "大部分", "较好", "初步")
ACHIEVED = ("达成", "完成", "实现", "全部", "达标", "达到")
WHOLE_NO = {"否", "无"}
WHOLE_YES = {"是", "有"}
"""Words of the three tiers. Gathered, not official: ``checked: false``."""

REASONS = {
    "achieved": Reason.TIER_ACHIEVED,
    "partial": Reason.TIER_PARTIAL,
    "not_achieved": Reason.TIER_NOT_ACHIEVED,
}


@dataclass(frozen=True, slots=True)
class TierPoints:
    """Points of a qualitative line as an exact fraction, with how they came about."""

    points: Fraction
    reason: Reason
    notes: tuple[Note, ...] = ()


def tier_by_words(target: Value | None, actual: Value, rules: RuleSet) -> Tier | None:
    """The tier that the actual's words name, or None when they name none.

    A text equal to the target reaches the first tier; negation and 部分/基本 are looked at first.
    """
    text = normalise(actual.text[:300])
    tiers = {tier.tier: tier for tier in rules.tiers}
    for tier in rules.tiers:
        if text == normalise(tier.label):
            return tier
    if target is not None and text == normalise(target.text[:300]):
        return tiers.get("achieved")
    if text in WHOLE_NO or any(word in text for word in NEGATED):
        return tiers.get("not_achieved")
    if any(word in text for word in PARTIAL):
        return tiers.get("partial")
    if text in WHOLE_YES or any(word in text for word in ACHIEVED):
        return tiers.get("achieved")
    return None


def tier_of_share(share: Fraction, rules: RuleSet) -> Tier | None:
    """The tier a share of the points lies in; the upper end belongs to the tier above."""
    if share > 1 or share < 0:
        return None
    return next(
        (
            tier
            for tier in sorted(rules.tiers, key=lambda t: t.lower, reverse=True)
            if share >= Fraction(tier.lower)
        ),
        None,
    )


def tier_points(
    tier: Tier | None, points: Decimal, claimed: Decimal | None, rules: RuleSet
) -> TierPoints | None:
    """Points of a line by its tier; by the claimed share when its words name no tier.

    The claimed points stand when their share lies in the tier, else points × default share
    with S02. None when there are neither words nor claim.
    """
    whole = Fraction(points)
    share = Fraction(claimed) / whole if claimed is not None and whole else None
    notes: tuple[Note, ...] = ()
    if tier is None:
        tier = tier_of_share(share, rules) if share is not None else None
        notes = (Note.TIER_BY_CLAIM,)
        if tier is None:
            return None
    reason = REASONS[tier.tier]
    if share is not None and claimed is not None:
        if tier_of_share(share, rules) == tier:
            return TierPoints(Fraction(claimed), reason, (*notes, Note.CLAIM_KEPT))
        notes = (*notes, Note.S02)
    return TierPoints(whole * Fraction(tier.default_share), reason, notes)
