"""What scoring gives back: every line with its points, ratio, reason, formula and source."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from performance.tables import Place, Problem


class LineState(StrEnum):
    """Whether a line could be scored. Zero points awarded is ``SCORED``."""

    SCORED = "scored"
    NOT_SCORED = "not_scored"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A remark of the engine on a line, by check code (O01, S02, E02, R02, A01 …)."""

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreLine:
    """One scored line: an indicator, or budget execution."""

    name: str
    at: Place
    state: LineState
    points: Decimal | None
    """Points available."""
    claimed: Decimal | None
    """Points the unit gave itself."""
    awarded: Decimal | None
    """Points by rule, rounded half up to two places; None when not scored."""
    ratio: Decimal | None
    """Attainment in [0, 1], at most six places, for display only."""
    reason: str
    """Short stable code of how the points came about (see scoring/reasons)."""
    explanation: str
    """In Chinese, with the figures and the formula."""
    source: str
    clause: str | None
    flags: tuple[Flag, ...] = ()
    points_inferred: bool = False
    own_award: bool = False
    """The points come from the line's own award: no S01, U01."""
    hint_only: bool = False
    """The form has a free-text marking rule the set does not know: S01 is only a hint."""
    notes: tuple[str, ...] = ()
    """Codes stored with the line; with the figures they are all the words are made from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSheet:
    """The score of one self-evaluation under one rule set."""

    project: str
    ruleset: str
    ruleset_digest: str
    lines: tuple[ScoreLine, ...]
    execution: ScoreLine | None
    total: Decimal
    """Sum of the rounded lines after caps; partial when not ``complete``."""
    available: Decimal
    """Points that could be judged (可评)."""
    grade: str | None
    claimed_total: Decimal | None
    claimed_grade: str | None
    complete: bool
    cap: Decimal | None = None
    """The cap that held the total down, if one did."""
    explanation: str = ""
    problems: tuple[Problem, ...] = ()
