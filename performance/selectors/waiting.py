"""What waits on whose desk: papers with their deadlines, what came back and why, messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import Now

from budgets.access import notices_of, reach_of
from budgets.models import Notice, User
from performance.access import monitorings_visible_to, papers_visible_to
from performance.examination.progress import Progress
from performance.models import Step, Task
from performance.reports.comparison import in_words
from performance.scoring.execution import execution_rate
from performance.selectors.pages import page_of
from performance.selectors.progress import progress_by_row
from performance.selectors.shapes import Page
from performance.workflow import PAPER_LABELS, RETURN_REASONS, STATE_LABELS, Paper, State

_PAPERS = (Paper.TARGET_TABLE, Paper.EVALUATION, Paper.MONITORING)
"""In the order in which those without a task are listed."""
_SHOWN = (
    "public_id",
    "status",
    "fiscal_year",
    "project__name",
    "unit__name",
    "task__title",
    "task__deadline",
)
MOST = 200
"""The longest list of what waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """Why a paper came back: who sent it, the reason, the cells in question."""

    made_at: datetime
    actor: str
    reason_label: str
    reason: str
    cells: tuple[tuple[str, str], ...]
    """Places in words with the note on each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRow:
    """One paper in a list of what waits."""

    public_id: UUID
    paper: Paper
    paper_label: str
    project: str
    unit: str
    fiscal_year: int
    state: State
    state_label: str
    task: str
    deadline: datetime | None
    late: bool
    returned: Returned | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringRow(PaperRow):
    """One monitoring table in a list, with its worst light."""

    month: int
    light: str
    """Empty where nothing can be judged."""
    light_label: str
    red: int
    yellow: int
    execution_rate: Decimal | None


VERDICT = "trail_verified"
"""Messages that tell what a verification of the trail came to."""
_WAITING = {
    "clerk": (State.DRAFT, State.RETURNED, State.WITHDRAWN),
    "unit_head": (State.SUBMITTED,),
    "department_reviewer": (State.UNIT_CHECKED,),
    "finance_reviewer": (State.DEPARTMENT_REVIEWED,),
}


def waiting_for(user: User) -> tuple[PaperRow, ...]:
    """Papers whose next move is this account's to make, the most urgent first; at most 200.

    Gone through by deadline, task by task, so that the most urgent are found without reading all.
    """
    condition = Q(pk__in=[])
    for role, reached in reach_of(user):
        if role in _WAITING:
            condition |= reached & Q(status__among=_WAITING[role])
    waiting = {paper: papers_visible_to(paper, user).filter(condition) for paper in _PAPERS}
    found = _by_deadline(waiting)
    for paper, rows in waiting.items():
        rest = rows.filter(task=None).order_by("pk").values_list("pk", flat=True)
        found += [(paper, pk) for pk in rest[: MOST - len(found)]]
    shown: dict[tuple[Paper, int], PaperRow] = {}
    for paper, rows in waiting.items():
        papers = _read(rows, [pk for one, pk in found if one is paper])
        reasons = _returns(paper, papers)
        for row in papers:
            shown[paper, row.pk] = _paper_row(paper, row, reasons.get(row.pk))
    return tuple(shown[one] for one in found if one in shown)


def _by_deadline(waiting: Mapping[Paper, QuerySet[Any]]) -> list[tuple[Paper, int]]:
    """The most urgent of the papers that belong to tasks; in one query, whatever is asked for."""
    first = {
        paper.value: ArraySubquery(
            rows.filter(task=OuterRef("pk")).order_by("status", "pk").values("pk")[:MOST]
        )
        for paper, rows in waiting.items()
    }
    tasks = Task.objects.annotate(**first).order_by("deadline", "pk").values_list(*first)
    found = [
        (Paper(paper), pk)
        for ids in tasks
        for paper, some in zip(first, ids, strict=True)
        for pk in some or ()
    ]
    return found[:MOST]


def _read(rows: QuerySet[Any], ids: Sequence[int]) -> Sequence[Any]:
    """What a list shows of some papers."""
    named = rows.filter(pk__among=ids).select_related("project", "unit", "task")
    return list(named.annotate(now=Now()).only(*_SHOWN)) if ids else []


def _returns(paper: Paper, rows: Sequence[Any]) -> dict[int, Returned]:
    """The last move of each paper, where it was one that sent the paper back."""
    steps = (
        Step.unscoped.filter(paper=paper.value, paper_id__in=[row.pk for row in rows])
        .select_related("actor")
        .order_by("paper_id", "-id")
        .distinct("paper_id")
    )
    return {
        step.paper_id: Returned(
            made_at=step.made_at,
            actor=step.actor.display_name,
            reason_label=RETURN_REASONS.get(step.reason_code, ""),
            reason=step.reason,
            cells=tuple((in_words(cell["at"]), cell["note"]) for cell in step.cells),
        )
        for step in steps
        if step.reason_code
    }


def _paper_row(paper: Paper, row: Any, returned: Returned | None = None) -> PaperRow:
    state = State(row.status)
    return PaperRow(
        public_id=row.public_id,
        paper=paper,
        paper_label=PAPER_LABELS[paper],
        project=row.project.name,
        unit=row.unit.name,
        fiscal_year=row.fiscal_year,
        state=state,
        state_label=STATE_LABELS[state],
        task=row.task.title if row.task_id else "",
        deadline=row.task.deadline if row.task_id else None,
        late=bool(row.task_id and row.task.deadline < row.now),
        returned=returned,
    )


def monitoring_list(user: User, cursor: str | None) -> Page:
    """Monitoring tables this account may see, newest first."""
    rows, following = page_of(
        monitorings_visible_to(user).select_related("project", "unit", "task").annotate(now=Now()),
        cursor,
    )
    lights = progress_by_row(rows)
    return Page(rows=[_monitoring_row(row, lights[row.pk]) for row in rows], next_cursor=following)


def _monitoring_row(row: Any, progress: Progress) -> MonitoringRow:
    base = _paper_row(Paper.MONITORING, row)
    return MonitoringRow(
        **{field.name: getattr(base, field.name) for field in fields(base)},
        month=row.month,
        light=progress.worst.value if progress.worst is not None else "",
        light_label=progress.label,
        red=progress.counts["red"],
        yellow=progress.counts["yellow"],
        execution_rate=execution_rate(row.executed, row.adjusted),
    )


def unread_notices(user: User) -> Sequence[Notice]:
    """The newest messages not read yet."""
    return list(notices_of(user).filter(read_at=None)[:50])


def verdicts_of(user: User) -> Sequence[Notice]:
    """What the last verifications of the trail came to that this account asked for."""
    return list(notices_of(user).filter(kind=VERDICT)[:3])
