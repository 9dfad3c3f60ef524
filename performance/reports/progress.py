"""How far papers are, gathered into the stages people speak of: figures, words and bars. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from performance.workflow import State

Key = TypeVar("Key")
STAGES: Mapping[str, tuple[str, frozenset[State]]] = MappingProxyType(
    {
        "writing": ("填报中", frozenset({State.DRAFT, State.RETURNED, State.WITHDRAWN})),
        "unit": ("待单位审核", frozenset({State.SUBMITTED})),
        "department": ("待主管部门审核", frozenset({State.UNIT_CHECKED})),
        "bureau": ("待财政审核", frozenset({State.DEPARTMENT_REVIEWED})),
        "done": (
            "已办定",
            frozenset(
                {State.APPROVED, State.CONFIRMED, State.PUBLISHED, State.SUPERSEDED, State.CLOSED}
            ),
        ),
    }
)
"""The stages in their order, each with its words and its states: every state stands in one."""
_STAGE_OF = {state: key for key, (_, states) in STAGES.items() for state in states}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One stage of a bar: how many papers, and where it lies on a length of 100."""

    key: str
    label: str
    count: int
    begins: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressRow:
    """One unit or department with its papers by stage."""

    name: str
    stretches: tuple[Stretch, ...]
    """All stages in order, those without papers too."""
    total: int

    @property
    def open(self) -> int:
        """How many papers are not settled."""
        return self.total - self.stretches[-1].count


def progress_rows(
    counts: Iterable[tuple[Key, State, int]], names: Mapping[Key, str] | None = None
) -> tuple[ProgressRow, ...]:
    """Rows out of (key, state, count), those with the most that is open first.

    ``names`` are the words for the keys, several of which may have the same; else a key is its own.
    """
    found: dict[Key, Counter[str]] = defaultdict(Counter)
    for key, state, count in counts:
        found[key][_STAGE_OF[state]] += count
    rows = [
        _row(str(key) if names is None else names[key], by_stage) for key, by_stage in found.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.open, row.name)))


def _row(name: str, by_stage: Counter[str]) -> ProgressRow:
    total = sum(by_stage.values())
    stretches, begins = [], 0.0
    for key, (label, _) in STAGES.items():
        width = round(100 * by_stage[key] / total, 2)
        stretches.append(
            Stretch(key=key, label=label, count=by_stage[key], begins=round(begins, 2), width=width)
        )
        begins += width
    return ProgressRow(name=name, stretches=tuple(stretches), total=total)
