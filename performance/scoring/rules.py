"""A rule set as the engine sees it: plain figures, no file, no framework."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class QuantitativeMethod(StrEnum):
    """How a ratio becomes points."""

    PROPORTIONAL = "proportional"
    ABOVE_FLOOR = "above_floor"


class ReverseMethod(StrEnum):
    """How a lower-is-better line that missed its target gets its ratio."""

    INVERSE_RATIO = "inverse_ratio"
    LINEAR_EXCESS = "linear_excess"


class ExecutionMethod(StrEnum):
    """How the budget execution rate earns its points."""

    RATIO = "ratio"
    BANDS = "bands"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """One tier of a qualitative line. ``upper`` belongs to the tier above."""

    tier: str
    label: str
    lower: Decimal
    upper: Decimal
    default_share: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """From this lower bound on (inclusive), this share of the points."""

    lower: Decimal
    share: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """A grade and the total from which it is given (inclusive)."""

    label: str
    lower: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """Execution rate below ``rate_below``: the total is at most ``total_at_most``."""

    rate_below: Decimal
    total_at_most: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the rules come from. ``clause`` is None until someone has read the article."""

    title: str
    document: str | None
    issuer: str | None
    issued_on: str | None = None
    provenance: str = ""
    clause: str | None = None
    checked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """The scoring rules of one legal measure."""

    id: str
    from_fiscal_year: int
    source: Source
    digest: str
    """SHA-256 of the rule set's canonical form; frozen on every evaluation scored with it."""
    extends: str | None = None
    """The set that this one only says its differences from."""
    execution_points: Decimal
    execution_method: ExecutionMethod
    execution_bands: tuple[Band, ...] = ()
    execution_finished_share: Decimal | None = None
    execution_explain_below: Decimal | None = None
    goal_points: Decimal | None = None
    level1: Mapping[str, Decimal] = field(default_factory=dict)
    """Points by level 1 where the set suggests a split: 产出 → 50."""
    level1_with_cost: Mapping[str, Decimal] = field(default_factory=dict)
    level1_without_satisfaction: Mapping[str, Decimal] = field(default_factory=dict)
    level1_with_cost_without_satisfaction: Mapping[str, Decimal] = field(default_factory=dict)
    level1_binding: bool = False
    quantitative: QuantitativeMethod = QuantitativeMethod.PROPORTIONAL
    floor: Decimal | None = None
    reverse: ReverseMethod = ReverseMethod.INVERSE_RATIO
    tiers: tuple[Tier, ...] = ()
    satisfaction_bands: tuple[Band, ...] = ()
    """Empty: satisfaction is scored as a quantitative line."""
    grades: tuple[Grade, ...] = ()
    flag_at: Decimal | None = None
    deduct_at: Decimal | None = None
    deduct_points: Decimal | None = None
    caps: tuple[Cap, ...] = ()
    rescale_inapplicable: bool = False
    places: int = 2
