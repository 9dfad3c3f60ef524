"""What the rule lab gives back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from performance.scoring import RuleSet

LAB_MOST_OTHERS = 4
"""Rule sets held against the base at a time."""
NO_GRADE = "不定"
"""Where a line is not scored there is no grade."""
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChange:
    """One line whose points or formula differ: an indicator, or budget execution."""

    name: str
    is_execution: bool
    """Budget execution; an indicator may have the same name."""
    base_points: Decimal | None
    base_awarded: Decimal | None
    base_words: str
    other_points: Decimal | None
    other_awarded: Decimal | None
    other_words: str
    by_weights: Decimal
    """What of the difference the other weight of the line makes."""
    by_rules: Decimal
    """What of it the other rule makes, at the other weight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectChange:
    """One paper under the base and under another rule set."""

    index: int
    """Which of the tables given."""
    project: str
    unit: str
    base_total: Decimal
    base_grade: str
    other_total: Decimal
    other_grade: str
    complete: bool
    """All lines are scored under both; totals are partial otherwise."""
    by_weights: Decimal
    by_rules: Decimal
    by_cap: Decimal
    """Zero or less: what the other set's cap takes more than the base's."""
    lines: tuple[LineChange, ...]
    why: tuple[str, ...]
    """In Chinese: execution, cap, indicators, grade bands."""

    @property
    def difference(self) -> Decimal:
        """Points more under the other set; the sum of the three parts."""
        return self.other_total - self.base_total

    @property
    def changes_grade(self) -> bool:
        """Whether the grade is another."""
        return self.base_grade != self.other_grade


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """All papers under one other rule set."""

    rules: RuleSet
    label: str
    projects: tuple[ProjectChange, ...]
    """In the order of the tables given."""
    grades: tuple[str, ...]
    """Rows and columns of the matrix, best first, then 不定."""

    @property
    def matrix(self) -> tuple[tuple[int, ...], ...]:
        """How many papers go from which grade (row) to which (column)."""
        found = Counter((one.base_grade, one.other_grade) for one in self.projects)
        return tuple(
            tuple(found[(before, after)] for after in self.grades) for before in self.grades
        )

    @property
    def rows(self) -> Sequence[tuple[str, tuple[int, ...]]]:
        """The matrix with the grade in front of each row."""
        return tuple(zip(self.grades, self.matrix, strict=True))

    @property
    def changed(self) -> int:
        """Papers with another grade."""
        return sum(one.changes_grade for one in self.projects)

    @property
    def mean(self) -> Decimal | None:
        """Mean difference over papers complete under both, two places; None without any."""
        whole = [one.difference for one in self.projects if one.complete]
        if not whole:
            return None
        return (sum(whole, Decimal(0)) / len(whole)).quantize(_CENT, ROUND_HALF_UP)

    @property
    def by_change(self) -> tuple[ProjectChange, ...]:
        """Papers with another grade first, then by the size of the difference."""
        return tuple(
            sorted(
                self.projects,
                key=lambda one: (not one.changes_grade, -abs(one.difference), one.index),
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LabReport:
    """All papers under the base and all other rule sets."""

    base: RuleSet
    count: int
    contenders: tuple[Contender, ...]
