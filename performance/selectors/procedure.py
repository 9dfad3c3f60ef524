"""Who wrote a paper, what was done with it, what may be done now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now

from budgets.access import roles_for
from budgets.models import Member, Role, User
from performance.models import Examination, Review, ReviewState, Step, Task, TaskUnit
from performance.workflow import (
    NOT_OFFERED,
    RETURN_REASONS,
    STATE_LABELS,
    VERB_LABELS,
    Move,
    Paper,
    State,
    moves_from,
)


def contributors_of(paper: Paper, paper_id: int) -> frozenset[int]:
    """Accounts that wrote or submitted a paper, in any of its versions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT performance_contributors(%s, %s)", [paper.value, paper_id])
        row = cursor.fetchone()
    return frozenset(row[0] if row else ())


def last_step(paper: Paper, paper_id: int) -> Step | None:
    """The newest move of a paper."""
    return Step.unscoped.filter(paper=paper.value, paper_id=paper_id).order_by("-id").first()


def offered_moves(user: User, paper: Paper, row: Any) -> tuple[Move, ...]:
    """The moves this account may make with a paper now; the services check again under the lock."""
    roles = roles_for(user, unit_id=row.unit_id, department_id=row.department_id)
    moves = [
        move for move in moves_from(paper, State(row.status), roles) if move.verb not in NOT_OFFERED
    ]
    if any(move.judging for move in moves) and user.pk in contributors_of(paper, row.pk):
        moves = [move for move in moves if not move.judging]
    if any(move.own for move in moves):
        last = last_step(paper, row.pk)
        if last is None or last.actor_id != user.pk:
            moves = [move for move in moves if not move.own]
    return tuple(moves)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One move for a page or the API."""

    made_at: datetime
    verb: str
    verb_label: str
    actor: str
    source: str
    target: str
    target_label: str
    reason_code: str
    reason_label: str
    reason: str
    cells: Sequence[dict[str, Any]]
    late: bool
    digest: str


def is_late(step: Step, deadline: datetime | None) -> bool:
    """Whether a submission is late by the deadline its task has now.

    It was late by the one of that day; a deadline moved past it makes it timely.
    """
    return step.late and (deadline is None or step.made_at > deadline)


def late_papers(rows: Sequence[Examination]) -> set[tuple[str, int]]:
    """Of examined papers those whose last submission is late: kind and id, in one query."""
    known = {(row.paper, row.paper_id): row for row in rows}
    wanted = Q(pk__in=[])
    for paper in {paper for paper, _ in known}:
        wanted |= Q(paper=paper, paper_id__in=[pk for kind, pk in known if kind == paper])
    newest = (
        Step.unscoped.filter(wanted, verb="submit")
        .order_by("paper", "paper_id", "-id")
        .distinct("paper", "paper_id")
    )
    return {
        (step.paper, step.paper_id)
        for step in newest
        # Most were in time: their task need not be read.
        if step.late and is_late(step, deadline_of(known[step.paper, step.paper_id]))
    }


def deadline_of(row: Any) -> datetime | None:
    """The deadline that a paper's task has now; None without a task."""
    return row.task.deadline if row.task is not None else None


def history_of(paper: Paper, paper_id: int, deadline: datetime | None) -> tuple[StepRow, ...]:
    """All moves of a paper, oldest first; late by the deadline its task has now."""
    steps = (
        Step.unscoped.filter(paper=paper.value, paper_id=paper_id)
        .select_related("actor")
        .order_by("id")
    )
    return tuple(
        StepRow(
            made_at=step.made_at,
            verb=step.verb,
            verb_label=VERB_LABELS[step.verb],
            actor=step.actor.display_name,
            source=step.source,
            target=step.target,
            target_label=STATE_LABELS[State(step.target)],
            reason_code=step.reason_code,
            reason_label=RETURN_REASONS.get(step.reason_code, ""),
            reason=step.reason,
            cells=step.cells,
            late=is_late(step, deadline),
            digest=step.digest,
        )
        for step in steps
    )


def open_review_of(evaluation_id: int) -> Review | None:
    """The review that goes on, if one does."""
    return Review.unscoped.filter(evaluation_id=evaluation_id, state=ReviewState.OPEN).first()


def newest_review_of(evaluation_id: int) -> Review | None:
    """The review that counts: the open or confirmed one."""
    return (
        Review.unscoped.filter(evaluation_id=evaluation_id)
        .exclude(state=ReviewState.DROPPED)
        .order_by("-id")
        .first()
    )


def holders(role: str, *, unit_id: int, department_id: int, region_id: int) -> list[User]:
    """Active accounts that hold a role for a unit directly, to be told about its papers.

    Of the finance reviewers only those whose business office looks after the department.
    """
    members = Member.objects.filter(role=role, user__is_active=True).select_related("user")
    if role in {"clerk", "unit_head"}:
        members = members.filter(unit_id=unit_id)
    elif role == "department_reviewer":
        members = members.filter(department_id=department_id, unit=None)
    else:
        members = members.filter(
            Q(office=None) | Q(office__departments=department_id), region_id=region_id
        )
    return list({member.user_id: member.user for member in members.order_by("id")}.values())


def clerks_of(units: Sequence[int]) -> list[User]:
    """Active accounts that enter papers for some units, once for each unit."""
    members = Member.objects.filter(role=Role.CLERK, user__is_active=True, unit_id__in=units)
    found = {(one.unit_id, one.user_id): one.user for one in members.select_related("user")}
    return [found[key] for key in sorted(found)]


def units_asked(task_id: int) -> list[int]:
    """All units of a task, also those that whoever changes it does not reach.

    The database tells them within an event of a finance reviewer of one of them, to nobody else.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT performance_units_asked(%s)", [task_id])
        row = cursor.fetchone()
    return list(row[0] if row else ())


def is_overdue(task_id: int) -> bool:
    """Whether a task's deadline has passed by the database's clock."""
    return Task.objects.filter(pk=task_id, deadline__lt=Now()).exists()


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """One task in a list: how many of the units in reach have handed on, and how many are late."""

    public_id: UUID
    title: str
    paper: str
    paper_label: str
    fiscal_year: int
    month: int | None
    ruleset: str
    deadline: datetime
    overdue: bool
    closed: bool
    units: int
    submitted: int
    version: int

    @property
    def owing(self) -> int:
        """Units that have handed nothing on."""
        return self.units - self.submitted


def unsubmitted_units(task_id: int) -> list[TaskUnit]:
    """Units of a task that have handed nothing on yet."""
    return list(
        TaskUnit.unscoped.filter(task_id=task_id, first_submitted_at=None)
        .select_related("unit", "department")
        .order_by("id")
    )
