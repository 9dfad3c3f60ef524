"""What a self-evaluation would score as it is typed: nothing is written, nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from budgets.models import User
from performance.scoring import ScoreLine
from performance.selectors.checkups import Checkup, checkup_of
from performance.selectors.desk import paper_row, refuse_settled
from performance.workflow import Paper

EXECUTION_SEQ = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedLine:
    """One line: what is claimed, what the rule gives and why; ``seq`` 0 is execution."""

    seq: int
    points: Decimal | None
    claimed: Decimal | None
    awarded: Decimal | None
    state: str
    explanation: str
    due: str = ""
    """Why a reason is asked for on the line; empty where none is."""

    @property
    def difference(self) -> Decimal | None:
        """Computed less claimed; None where either is missing."""
        if self.awarded is None or self.claimed is None:
            return None
        return self.awarded - self.claimed

    @property
    def takeable(self) -> bool:
        """Whether there are computed points that are not claimed already."""
        return self.awarded is not None and self.awarded != self.claimed


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A self-evaluation scored as it is typed."""

    lines: tuple[TriedLine, ...]
    execution: TriedLine | None
    total: Decimal
    available: Decimal
    grade: str | None
    complete: bool
    claimed_total: Decimal | None
    claimed_sum: Decimal | None
    """What the claims of the lines come to; None while nothing is claimed."""
    explanation: str
    checkup: Checkup

    @property
    def difference(self) -> Decimal | None:
        """Computed less what the claims come to."""
        return None if self.claimed_sum is None else self.total - self.claimed_sum

    def line(self, seq: int) -> TriedLine | None:
        """The line of an indicator, counted from one."""
        return self.lines[seq - 1] if 1 <= seq <= len(self.lines) else None


def trial_of(user: User, public_id: UUID, content: Mapping[str, Any]) -> Trial | None:
    """The score of a content that is typed, or None when the paper or its score is not this reader's.

    Raises Invalid for typed fields of no use, and Conflict where the paper is no longer written.
    """
    row = paper_row(user, Paper.EVALUATION, public_id)
    found = checkup_of(user, Paper.EVALUATION, public_id, content) if row is not None else None
    if row is None or found is None or not found.readable:
        return None
    refuse_settled(row)
    return tried(found)


def tried(checkup: Checkup | None) -> Trial | None:
    """The score that goes with a check-up; None where nothing was scored."""
    sheet = checkup.sheet if checkup is not None else None
    if checkup is None or sheet is None:
        return None
    due: dict[int, str] = {}
    for finding in checkup.due:
        seq = finding.at.split(".")[1]
        due.setdefault(int(seq), finding.message.removeprefix(f"指标“{finding.indicator}”"))
    lines = tuple(
        _line(seq, line, due.get(seq, "")) for seq, line in enumerate(sheet.lines, start=1)
    )
    execution = _line(EXECUTION_SEQ, sheet.execution) if sheet.execution is not None else None
    claims = [
        one.claimed
        for one in (*lines, *((execution,) if execution else ()))
        if one.claimed is not None
    ]
    return Trial(
        lines=lines,
        execution=execution,
        total=sheet.total,
        available=sheet.available,
        grade=sheet.grade,
        complete=sheet.complete,
        claimed_total=sheet.claimed_total,
        claimed_sum=sum(claims, Decimal(0)) if claims else None,
        explanation=sheet.explanation,
        checkup=checkup,
    )


def _line(seq: int, line: ScoreLine, due: str = "") -> TriedLine:
    return TriedLine(
        seq=seq,
        points=line.points,
        claimed=line.claimed,
        awarded=line.awarded,
        state=line.state.value,
        explanation=line.explanation,
        due=due,
    )
