"""Tasks of the bureau: how far the units are, whom one may ask, and what a clerk may begin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from budgets.access import projects_visible_to, scope_of, units_entered_by, units_in_reach
from budgets.models import BudgetUnit, Project, Role, User
from performance.access import (
    evaluations_visible_to,
    monitorings_visible_to,
    target_tables_visible_to,
    tasks_visible_to,
)
from performance.models import Task, TaskDeadline, TaskUnit
from performance.reports.progress import STAGES, progress_rows
from performance.selectors.pages import page_of
from performance.selectors.procedure import TaskRow
from performance.selectors.shapes import Page
from performance.workflow import PAPER_LABELS, STATE_LABELS, Paper, State


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedUnit:
    """A unit of a task and how far it is."""

    public_id: UUID
    unit: str
    department: str
    submitted_at: datetime | None
    late: bool
    """It handed on too late, or has not yet and the deadline is past."""
    stages: tuple[tuple[str, int], ...]
    """The papers in sight by stage, in words with their number; stages without papers left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedProject:
    """A project for which this account may enter the paper of a task, and the paper begun."""

    public_id: UUID
    name: str
    unit: str
    paper: UUID | None
    state_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedDeadline:
    """That a task's deadline was moved, by whom, when and why."""

    was: datetime
    became: datetime
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Which of a task's units one looks at; empty means all."""

    standing: str = ""
    """One of ``STANDINGS``."""
    words: str = ""
    """A part of the name of the unit or its department."""
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSheet:
    """One task: a page of its units in reach, and one's own projects."""

    task: TaskRow
    moved: tuple[MovedDeadline, ...]
    """How its deadline was moved, the newest first; at most ``_MOVED``."""
    rules: str
    units: tuple[AskedUnit, ...]
    """Who handed nothing on comes first, then by department."""
    standings: tuple[tuple[str, str, int | None], ...]
    """Each standing with its words and how many units; None where only looking at every paper of
    every unit would tell."""
    shown: Shown
    more: bool
    """Whether there are units after this page."""
    projects: tuple[AskedProject, ...]
    closable: bool
    """Whether this account may end the task or move its deadline: the bureau, while it goes on."""
    remindable: bool
    """Whether this account may remind units: the bureau, while the task goes on."""
    sees_drafts: bool
    """Whether a unit without papers has not begun, or merely handed nothing on yet."""


def task_list(user: User, cursor: str | None) -> Page:
    """Tasks this account has to do with, and how far the units in its reach are."""
    rows, following = page_of(tasks_visible_to(user).annotate(now=Now()), cursor)
    return Page(rows=_task_rows(user, rows), next_cursor=following)


def open_tasks(user: User) -> list[TaskRow]:
    """Tasks that still go on, the most urgent first; at most 50."""
    rows = tasks_visible_to(user).filter(closed_at=None).annotate(now=Now())
    return _task_rows(user, list(rows.order_by("deadline", "id")[:50]))


def _task_rows(user: User, rows: Sequence[Any]) -> list[TaskRow]:
    counts: dict[int, tuple[int, int]] = {
        row["task_id"]: (row["all"], row["done"])
        for row in TaskUnit.unscoped.filter(scope_of(user), task_id__in=[task.pk for task in rows])
        .values("task_id")
        .annotate(all=Count("id"), done=Count("first_submitted_at"))
    }
    return [
        TaskRow(
            public_id=task.public_id,
            title=task.title,
            paper=task.paper,
            paper_label=PAPER_LABELS[Paper(task.paper)],
            fiscal_year=task.fiscal_year,
            month=task.month,
            ruleset=task.ruleset,
            deadline=task.deadline,
            overdue=task.deadline < task.now,
            closed=task.closed_at is not None,
            units=counts.get(task.pk, (0, 0))[0],
            submitted=counts.get(task.pk, (0, 0))[1],
            version=task.lock_version,
        )
        for task in rows
    ]


def task_sheet(user: User, public_id: UUID, shown: Shown | None = None) -> TaskSheet | None:
    """One task, or None when it is not there or not yours."""
    task = tasks_visible_to(user).annotate(now=Now()).filter(public_id=public_id).first()
    if task is None:
        return None
    shown = shown or Shown()
    row = _task_rows(user, [task])[0]
    every = TaskUnit.unscoped.filter(scope_of(user), task=task)
    papers = _papers_of(user, task)
    asked = _page_of_units(task, every, papers, shown)
    more, asked = len(asked) > _UNITS, asked[:_UNITS]
    stages = _stages(papers, [one.unit_id for one in asked])
    reach = units_in_reach(user, Role.FINANCE_REVIEWER)
    bureau = task.closed_at is None and every.filter(unit__in=reach).exists()
    return TaskSheet(
        task=row,
        moved=_moved(task),
        rules=task.ruleset,
        units=tuple(_asked_unit(one, task, stages.get(one.unit_id, {})) for one in asked),
        standings=tuple((name, words, _count_of(name, row)) for name, words in STANDINGS.items()),
        shown=shown,
        more=more,
        projects=_projects(user, task, papers),
        closable=bureau,
        remindable=bureau,
        sees_drafts=every.filter(unit__in=units_entered_by(user)).exists(),
    )


def _moved(task: Task) -> tuple[MovedDeadline, ...]:
    rows = TaskDeadline.objects.filter(task=task).select_related("moved_by").order_by("-id")
    return tuple(
        MovedDeadline(
            was=row.was,
            became=row.became,
            by=row.moved_by.display_name,
            at=row.moved_at,
            reason=row.reason,
        )
        for row in rows[:_MOVED]
    )


_MOVED = 10
"""Changes of a deadline that a task's page tells of."""
_UNITS = 50
"""Units of a task on one page."""
STANDINGS: Mapping[str, str] = MappingProxyType(
    {
        "late": "逾期未交",
        "owing": "还没有交",
        "handed": "已交",
        "working": "已交，在办",
        "settled": "已办定",
    }
)
"""Where a unit of a task may stand, in words, the most urgent first; ``handed`` is either of the
last two."""


def _count_of(standing: str, row: TaskRow) -> int | None:
    known = {
        "late": row.owing if row.overdue else 0,
        "owing": 0 if row.overdue else row.owing,
        "handed": row.submitted,
    }
    return known.get(standing)


def _page_of_units(
    task: Any, every: QuerySet[TaskUnit], papers: Any, shown: Shown
) -> list[TaskUnit]:
    """The units of a page and one more, where there is one."""
    rows = every.annotate(handed=Q(first_submitted_at__isnull=False))
    if shown.standing in {"late", "owing"}:
        late = task.deadline < task.now
        rows = rows.filter(handed=False) if late is (shown.standing == "late") else rows.none()
    elif shown.standing:
        rows = rows.filter(handed=True)
    own = papers.filter(unit=OuterRef("unit"))
    settled = Exists(own) & ~Exists(own.exclude(status__in=STAGES["done"][1]))
    if shown.standing == "settled":
        rows = rows.filter(settled)
    elif shown.standing == "working":
        rows = rows.exclude(settled)
    if shown.words:
        rows = rows.filter(
            Q(unit__name__icontains=shown.words) | Q(department__name__icontains=shown.words)
        )
    begins = (shown.page - 1) * _UNITS
    ordered = rows.select_related("unit", "department").order_by(
        "handed", "department__name", "unit__name", "id"
    )
    return list(ordered[begins : begins + _UNITS + 1])


def _stages(papers: Any, units: Sequence[int]) -> dict[int, dict[State, int]]:
    found: dict[int, dict[State, int]] = {}
    counted = papers.filter(unit_id__in=units)
    for unit, status, count in (
        counted.values_list("unit_id", "status").annotate(Count("pk")).order_by()
    ):
        found.setdefault(unit, {})[State(status)] = count
    return found


def _asked_unit(row: TaskUnit, task: Any, states: Mapping[State, int]) -> AskedUnit:
    by_stage = progress_rows(("", state, count) for state, count in states.items())
    stretches = by_stage[0].stretches if by_stage else ()
    return AskedUnit(
        public_id=row.unit.public_id,
        unit=row.unit.name,
        department=row.department.name,
        submitted_at=row.first_submitted_at,
        late=(row.first_submitted_at or task.now) > task.deadline,
        stages=tuple((one.label, one.count) for one in stretches if one.count),
    )


def _projects(user: User, task: Task, every: Any) -> tuple[AskedProject, ...]:
    """The projects of one's own asked units, with the paper of the task's year where it is begun."""
    projects = list(
        projects_visible_to(user)
        .filter(
            unit__in=units_entered_by(user).filter(
                pk__in=TaskUnit.unscoped.filter(task=task).values("unit_id")
            )
        )
        .select_related("unit")
        .order_by("unit__name", "name", "id")[:400]
    )
    papers: dict[int, Any] = {
        row.project_id: row
        for row in every.filter(project__in=[one.pk for one in projects]).order_by("id")
    }
    return tuple(
        AskedProject(
            public_id=project.public_id,
            name=project.name,
            unit=project.unit.name,
            paper=papers[project.pk].public_id if project.pk in papers else None,
            state_label=STATE_LABELS[State(papers[project.pk].status)]
            if project.pk in papers
            else "",
        )
        for project in projects
    )


def _papers_of(user: User, task: Task) -> Any:
    year = task.fiscal_year
    if task.paper == Paper.EVALUATION.value:
        return evaluations_visible_to(user).filter(fiscal_year=year, kind="self")
    if task.paper == Paper.MONITORING.value:
        return monitorings_visible_to(user).filter(fiscal_year=year, month=task.month or 12)
    return target_tables_visible_to(user).filter(fiscal_year=year)


# ── what one may begin ────────────────────────────────────────────────────────


def units_to_enter(user: User) -> list[BudgetUnit]:
    """The units for which this account enters papers, by name."""
    return list(units_entered_by(user).select_related("department").order_by("name", "id"))


def projects_to_enter(user: User) -> list[Project]:
    """The projects for which this account enters papers; at most 1,000."""
    rows = projects_visible_to(user).filter(unit__in=units_entered_by(user))
    return list(rows.select_related("unit").order_by("unit__name", "name", "id")[:1000])


def target_tasks(user: User) -> list[Task]:
    """Open tasks that ask for target tables, the most urgent first."""
    rows = tasks_visible_to(user).filter(closed_at=None, paper=Paper.TARGET_TABLE.value)
    return list(rows.order_by("deadline", "id")[:50])
