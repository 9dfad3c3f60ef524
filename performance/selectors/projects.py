"""Projects: the list with its filters, and the life of one project year by year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from budgets.access import projects_visible_to
from budgets.models import Department, Project, User
from performance.access import (
    evaluations_visible_to,
    monitorings_visible_to,
    target_tables_visible_to,
)
from performance.models import Evaluation, Monitoring, ScoreRun, Step, TargetTable
from performance.scoring.execution import execution_rate
from performance.selectors.pages import page_of
from performance.selectors.papers import latest_runs
from performance.selectors.procedure import deadline_of, is_late
from performance.selectors.shapes import Page
from performance.workflow import (
    PAPER_LABELS,
    RETURN_REASONS,
    STATE_LABELS,
    VERB_LABELS,
    Paper,
    State,
)


def project_list(user: User, cursor: str | None) -> Page:
    """Projects this account may see, newest first."""
    rows, following = page_of(
        projects_visible_to(user).select_related("unit", "department"), cursor
    )
    return Page(rows=rows, next_cursor=following)


def project_of(user: User, public_id: UUID) -> Project | None:
    """One project, or None when it is not there or not yours."""
    rows = projects_visible_to(user).select_related("unit", "department")
    return rows.filter(public_id=public_id).first()


# ── the list ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFilters:
    """What a list of projects is narrowed to; empty narrows nothing."""

    name: str = ""
    """A part of the project's name or code, or of its unit's name."""
    department: UUID | None = None
    year: int | None = None
    """Projects with a paper of this year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRow:
    """One project in a list, with where its newest papers stand."""

    public_id: UUID
    name: str
    code: str
    unit: str
    department: str
    target: str
    """Year and state of the newest target table; empty without one."""
    evaluation: str
    execution_rate: Decimal | None
    claimed: Decimal | None
    computed: Decimal | None
    grade: str


COLUMNS: Mapping[str, tuple[str, Callable[[ProjectRow], Any]]] = MappingProxyType(
    {
        "code": ("项目代码", lambda row: row.code),
        "department": ("主管部门", lambda row: row.department),
        "target": ("绩效目标表", lambda row: row.target),
        "evaluation": ("绩效自评表", lambda row: row.evaluation),
        "rate": ("执行率", lambda row: row.execution_rate),
        "claimed": ("自评得分", lambda row: row.claimed),
        "computed": ("按规则得分", lambda row: row.computed),
    }
)
"""Columns that may be left out, with their words and cells; project and unit always stand."""
AT_FIRST = ("department", "target", "evaluation", "rate", "claimed", "computed")
"""The columns shown when none are asked for."""
_CHUNK = 500


def filtered_projects(user: User, filters: ProjectFilters, cursor: str | None) -> Page:
    """Projects this account may see, narrowed, newest first, in a constant number of queries."""
    found, following = page_of(_narrowed(user, filters), cursor)
    return Page(rows=_rows(user, found), next_cursor=following)


def _narrowed(user: User, filters: ProjectFilters) -> QuerySet[Project]:
    rows = projects_visible_to(user).select_related("unit", "department")
    if filters.name:
        rows = rows.filter(
            Q(name__icontains=filters.name)
            | Q(code__icontains=filters.name)
            | Q(unit__name__icontains=filters.name)
        )
    if filters.department is not None:
        rows = rows.filter(department__public_id=filters.department)
    if filters.year is not None:
        of_year = {"fiscal_year": filters.year}
        rows = rows.filter(
            Q(pk__in=target_tables_visible_to(user).filter(**of_year).values("project_id"))
            | Q(pk__in=evaluations_visible_to(user).filter(**of_year).values("project_id"))
        )
    return rows


def shown_rows(user: User, filters: ProjectFilters) -> Iterator[ProjectRow]:
    """All rows of a list with filters, newest first, read in pieces."""
    rows = _narrowed(user, filters).order_by("-id")
    last: int | None = None
    while found := list((rows if last is None else rows.filter(id__lt=last))[:_CHUNK]):
        yield from _rows(user, found)
        last = found[-1].pk


def _rows(user: User, projects: Sequence[Project]) -> list[ProjectRow]:
    ids = [project.pk for project in projects]
    tables = _newest(target_tables_visible_to(user), ids, "-revision")
    evaluations = _newest(evaluations_visible_to(user), ids)
    runs = latest_runs([evaluation.pk for evaluation in evaluations.values()])
    return [
        _row(
            project,
            tables.get(project.pk),
            one := evaluations.get(project.pk),
            runs.get(one.pk) if one else None,
        )
        for project in projects
    ]


def _newest(rows: Any, project_ids: Sequence[int], *order: str) -> dict[int, Any]:
    found = (
        rows.filter(project_id__in=project_ids)
        .order_by("project_id", "-fiscal_year", *order, "-id")
        .distinct("project_id")
    )
    return {row.project_id: row for row in found}


def _row(
    project: Project,
    table: TargetTable | None,
    evaluation: Evaluation | None,
    run: ScoreRun | None,
) -> ProjectRow:
    return ProjectRow(
        public_id=project.public_id,
        name=project.name,
        code=project.code,
        unit=project.unit.name,
        department=project.department.name,
        target=_standing(table),
        evaluation=_standing(evaluation),
        execution_rate=execution_rate(evaluation.executed, evaluation.budget_used)
        if evaluation
        else None,
        claimed=evaluation.total_claimed if evaluation else None,
        computed=run.total if run and run.complete else None,
        grade=run.grade if run else "",
    )


def _standing(row: TargetTable | Evaluation | None) -> str:
    return "" if row is None else f"{row.fiscal_year} {STATE_LABELS[State(row.status)]}"


def departments_of_projects(user: User) -> list[tuple[UUID, str]]:
    """Departments that have a project in this account's sight, for a filter."""
    seen = projects_visible_to(user).filter(department=OuterRef("pk"))
    rows = Department.objects.filter(Exists(seen)).order_by("name", "pk")
    return list(rows.values_list("public_id", "name"))


# ── one life ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class LifePaper:
    """One paper on a project's line."""

    paper: Paper
    public_id: UUID
    words: str
    """Its version or month; empty where there is only one."""
    state: State
    state_label: str
    figures: str
    """What it came to, for a self-evaluation that was scored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeYear:
    """One year of a project: its papers in the order of the procedure."""

    year: int
    targets: tuple[LifePaper, ...]
    """All versions, the approved one and its adjustments."""
    monitorings: tuple[LifePaper, ...]
    evaluations: tuple[LifePaper, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeStep:
    """Who did what with which paper."""

    made_at: datetime
    year: int
    paper_label: str
    words: str
    verb_label: str
    actor: str
    target_label: str
    late: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectLife:
    """A project with everything that was done for it, as one account sees it."""

    project: Project
    years: tuple[LifeYear, ...]
    """The newest first."""
    steps: tuple[LifeStep, ...]
    """The newest first."""


def project_life(user: User, public_id: UUID) -> ProjectLife | None:
    """One project's life in a constant number of queries; None when it is not there or not yours."""
    project = project_of(user, public_id)
    if project is None:
        return None
    papers: dict[Paper, list[Any]] = {
        Paper.TARGET_TABLE: _of(target_tables_visible_to(user), project, "revision"),
        Paper.MONITORING: _of(monitorings_visible_to(user), project, "month"),
        Paper.EVALUATION: _of(evaluations_visible_to(user), project),
    }
    runs = latest_runs([row.pk for row in papers[Paper.EVALUATION]])
    years: dict[int, dict[Paper, list[LifePaper]]] = defaultdict(lambda: defaultdict(list))
    for paper, rows in papers.items():
        for row in rows:
            run = runs.get(row.pk) if paper is Paper.EVALUATION else None
            years[row.fiscal_year][paper].append(_life_paper(paper, row, run))
    return ProjectLife(
        project=project,
        years=tuple(
            LifeYear(
                year=year,
                targets=tuple(found[Paper.TARGET_TABLE]),
                monitorings=tuple(found[Paper.MONITORING]),
                evaluations=tuple(found[Paper.EVALUATION]),
            )
            for year, found in sorted(years.items(), reverse=True)
        ),
        steps=_steps(papers),
    )


def _of(rows: Any, project: Project, *order: str) -> list[Any]:
    found = rows.filter(project=project).select_related("task")
    return list(found.order_by("fiscal_year", *order, "id"))


def _words(row: Any) -> str:
    if isinstance(row, TargetTable):
        return f"第 {row.revision} 版"
    return f"截至 {row.month} 月" if isinstance(row, Monitoring) else ""


def _life_paper(paper: Paper, row: Any, run: ScoreRun | None) -> LifePaper:
    figures = ""
    if run is not None and run.complete:
        figures = f"按规则 {run.total} 分 {run.grade}"
    if isinstance(row, Evaluation) and row.total_claimed is not None:
        figures = f"自评 {row.total_claimed} 分" + (f"，{figures}" if figures else "")
    return LifePaper(
        paper=paper,
        public_id=row.public_id,
        words=_words(row),
        state=State(row.status),
        state_label=STATE_LABELS[State(row.status)],
        figures=figures,
    )


def _steps(papers: dict[Paper, list[Any]]) -> tuple[LifeStep, ...]:
    by_key = {(paper.value, row.pk): row for paper, rows in papers.items() for row in rows}
    wanted = Q(pk__in=[])
    for paper, rows in papers.items():
        wanted |= Q(paper=paper.value, paper_id__in=[row.pk for row in rows])
    steps: Iterable[Step] = Step.unscoped.filter(wanted).select_related("actor").order_by("-id")
    return tuple(_life_step(step, by_key[step.paper, step.paper_id]) for step in steps)


def _life_step(step: Step, row: Any) -> LifeStep:
    label = RETURN_REASONS.get(step.reason_code, "")
    return LifeStep(
        made_at=step.made_at,
        year=row.fiscal_year,
        paper_label=PAPER_LABELS[Paper(step.paper)],
        words=_words(row),
        verb_label=VERB_LABELS[step.verb],
        actor=step.actor.display_name,
        target_label=STATE_LABELS[State(step.target)],
        late=is_late(step, deadline_of(row)),
        reason="：".join(part for part in (label, step.reason) if part),
    )
