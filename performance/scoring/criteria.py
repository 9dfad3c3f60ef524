"""Review criteria: what a reviewer may deduct, and exactly how much; how far a claim was off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from performance.scoring.lines import rounded
from performance.scoring.rules import Source


class Taking(StrEnum):
    """How a criterion sets the points of a line."""

    ALL = "all"
    """The line gets nothing."""
    SHARE = "share"
    """A share of the line's points goes off what was awarded before."""
    NONE = "none"
    """Nothing is deducted, it is only noted."""
    FREE = "free"
    """The reviewer says the figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One ground for other points than the rule's."""

    code: str
    label: str
    wording: str
    taking: Taking
    share: Decimal | None = None
    levels: tuple[str, ...] = ()
    """Words one of which the line's level 1 or 2 holds; empty: any line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRules:
    """A rule set of kind ``review``."""

    id: str
    source: Source
    digest: str
    criteria: Mapping[str, Criterion]

    @property
    def clause(self) -> str:
        """The clause to cite, or that nobody has read the text yet."""
        return self.source.clause or "条款待核"


def applies(criterion: Criterion, levels: Sequence[str]) -> bool:
    """Whether a criterion may be used on a line with these level names."""
    return not criterion.levels or any(
        word in level for word in criterion.levels for level in levels
    )


def reviewed_points(
    points: Decimal, awarded: Decimal | None, criterion: Criterion
) -> Decimal | None:
    """The points a line has after the criterion; None when the reviewer has to say them.

    A share is one of the line's points and goes off what was awarded before (all of the points
    where nothing was), never below nothing.
    """
    before = points if awarded is None else awarded
    if criterion.taking is Taking.FREE:
        return None
    if criterion.taking is Taking.ALL:
        return rounded(Fraction(0))
    if criterion.taking is Taking.NONE:
        return rounded(Fraction(before))
    assert criterion.share is not None
    left = Fraction(before) - Fraction(points) * Fraction(criterion.share)
    return rounded(max(left, Fraction(0)))


def deviation(claimed: Decimal | None, reviewed: Decimal | None) -> Fraction | None:
    """(claimed − reviewed) ÷ claimed; None when a figure is missing or nothing was claimed."""
    if claimed is None or reviewed is None or claimed == 0:
        return None
    return (Fraction(claimed) - Fraction(reviewed)) / Fraction(claimed)
