"""What the two charts show: how grades are spread, and money spent against points. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from math import ceil
from uuid import UUID

_SPENT, _UNSPENT = Decimal("0.9"), Decimal("0.6")
_POOR, _GOOD = Decimal(80), Decimal(90)
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
        """Where it stands by the points it claims, by the computed ones where it claims none."""
        points = self.claimed if self.claimed is not None else self.computed
        if self.rate is None or points is None:
            return None
        if self.rate >= _SPENT and points < _POOR:
            return Corner.SPENT
        return Corner.UNSPENT if self.rate < _UNSPENT and points >= _GOOD else None


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
    """The dots, each with the address of its project, and the two corners."""
    placed = [(dot, at) for dot, at in zip(dots, addresses, strict=True) if dot.rate is not None]
    found = Counter(dot.corner for dot in dots)
    most = max([Decimal(1), *(dot.rate for dot, _ in placed if dot.rate is not None)])
    right = min(ceil(most * 10) * 10, 200)
    return {
        "words": "，".join(f"{c.label} {found[c]} 个" for c in Corner),
        "most_rate": right,
        "series": [
            {"name": "自评得分", "dots": _points((dot, at, dot.claimed) for dot, at in placed)},
            {"name": "按规则得分", "dots": _points((dot, at, dot.computed) for dot, at in placed)},
        ],
        "corners": [
            {
                "label": Corner.UNSPENT.label,
                "from": [0, str(_GOOD)],
                "to": [str(_UNSPENT * 100), "100"],
                "color": "#fdf1dc",
                "at": "insideTopLeft",
            },
            {
                "label": Corner.SPENT.label,
                "from": [str(_SPENT * 100), "0"],
                "to": [right, str(_POOR)],
                "color": "#fcebea",
                "at": "insideBottomRight",
            },
        ],
    }


def _points(rows: Iterable[tuple[Dot, str, Decimal | None]]) -> list[list[str]]:
    return [
        [dot.project, at, percent(dot.rate), str(points)]
        for dot, at, points in rows
        if dot.rate is not None and points is not None
    ]
