"""What the two charts show: how grades are spread, and money spent against points. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from math import ceil
from uuid import UUID

SPENT, UNSPENT = Decimal("0.9"), Decimal("0.6")
"""Execution rates: from here the money is spent, below here it is not."""
POOR, GOOD = Decimal(80), Decimal(90)
"""Points: below here nothing was achieved with it, from here all was."""
_TENTH = Decimal("0.1")
GRADES = ("优", "良", "中", "差")


class Corner(StrEnum):
    """The two corners that everyone asks for."""

    SPENT = "spent"
    UNSPENT = "unspent"

    @property
    def label(self) -> str:
        """In words."""
        return {"spent": "花了钱没办成事", "unspent": "没花钱却高分"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One self-evaluation: its execution rate as a share, points claimed and computed."""

    public_id: UUID
    project_id: UUID
    project: str
    unit: str
    rate: Decimal | None
    claimed: Decimal | None
    computed: Decimal | None
    """None until it has been scored whole."""
    claimed_grade: str
    computed_grade: str

    @property
    def corner(self) -> Corner | None:
        """Where it stands by the points it claims; nowhere where it claims none."""
        if self.rate is None or self.claimed is None:
            return None
        if self.rate >= SPENT and self.claimed < POOR:
            return Corner.SPENT
        return Corner.UNSPENT if self.rate < UNSPENT and self.claimed >= GOOD else None


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeRow:
    """How many self-evaluations claim a grade, and how many come to it by the rules."""

    grade: str
    claimed: int
    computed: int


def grade_rows(counts: Mapping[tuple[str, str], int]) -> tuple[GradeRow, ...]:
    """Out of counts by (claimed, computed): the four grades from the best, and a last row for those that have none."""
    claimed: Counter[str] = Counter()
    computed: Counter[str] = Counter()
    for (own, ruled), count in counts.items():
        claimed[own] += count
        computed[ruled] += count
    named = [GradeRow(grade=g, claimed=claimed[g], computed=computed[g]) for g in GRADES]
    none = GradeRow(grade="未定", claimed=claimed[""], computed=computed[""])
    return (*named, none) if none.claimed or none.computed else tuple(named)


def percent(rate: Decimal) -> str:
    """A rate in percent with one place, for the axis."""
    return f"{(rate * 100).quantize(_TENTH, ROUND_HALF_UP)}"


def grades_chart(rows: Sequence[GradeRow]) -> dict[str, object]:
    """The bars: one pair for each grade."""
    return {
        "words": "；".join(f"{r.grade}：自评 {r.claimed} 个，按规则 {r.computed} 个" for r in rows),
        "labels": [row.grade for row in rows],
        "series": [
            {"name": "自评等级", "counts": [row.claimed for row in rows]},
            {"name": "按规则的等级", "counts": [row.computed for row in rows]},
        ],
    }


def dots_chart(dots: Sequence[Dot], addresses: Sequence[str]) -> dict[str, object]:
    """The dots, each pointing to its project, and the two corners. A project is named once for all its dots."""
    placed = [(dot, at) for dot, at in zip(dots, addresses, strict=True) if dot.rate is not None]
    found = Counter(dot.corner for dot in dots)
    most = max([Decimal(1), *(dot.rate for dot, _ in placed if dot.rate is not None)])
    right = min(ceil(most * 10) * 10, 200)
    return {
        "words": "，".join(f"{c.label} {found[c]} 个" for c in Corner),
        "most_rate": right,
        "projects": [
            [dot.project, at, percent(dot.rate)] for dot, at in placed if dot.rate is not None
        ],
        "series": [
            {"name": "自评得分", "dots": _points(dot.claimed for dot, _ in placed)},
            {"name": "按规则得分", "dots": _points(dot.computed for dot, _ in placed)},
        ],
        "corners": [
            {
                "label": Corner.UNSPENT.label,
                "from": [0, str(GOOD)],
                "to": [str(UNSPENT * 100), "100"],
                "color": "#fdf1dc",
                "at": "insideTopLeft",
            },
            {
                "label": Corner.SPENT.label,
                "from": [str(SPENT * 100), "0"],
                "to": [right, str(POOR)],
                "color": "#fcebea",
                "at": "insideBottomRight",
            },
        ],
    }


def _points(points: Iterable[Decimal | None]) -> list[list[int | str]]:
    """The place of a project in the list with its points; those without points have no dot."""
    return [[place, str(one)] for place, one in enumerate(points) if one is not None]
