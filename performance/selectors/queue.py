"""The bureau's queue (审核队列): papers it may review, the riskiest first, with the reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from budgets.access import holds, reach_of
from budgets.errors import Invalid
from budgets.models import Department, Office, Role, User
from performance.access import papers_visible_to, tasks_visible_to
from performance.examination.weights import LABELS
from performance.mapping.examinations import SEVERITY_LABELS, Placed, kept_finding
from performance.models import (
    Evaluation,
    Examination,
    Review,
    ReviewState,
    TargetTable,
)
from performance.scoring.execution import execution_rate
from performance.selectors.papers import latest_runs
from performance.selectors.procedure import late_papers
from performance.selectors.risks import WEIGHED
from performance.tables import Severity
from performance.workflow import PAPER_LABELS, STATE_LABELS, Paper, State

PAGE_SIZE = 50
MOST_CHOICES = 500
FEW = 500
"""Papers of which a page is not begun from the riskiest of all."""
READERS = (Role.FINANCE_REVIEWER, Role.AUDITOR)
WAITING = State.DEPARTMENT_REVIEWED
STATES: Mapping[str, str] = {
    WAITING.value: STATE_LABELS[WAITING],
    **{
        state.value: label
        for state, label in STATE_LABELS.items()
        if state not in {WAITING, State.DRAFT, State.WITHDRAWN}
    },
}
"""States one may look for; the first is what is looked for without a word."""
FILTERS: Mapping[str, str] = {
    "task": "任务",
    "department": "主管部门",
    "office": "业务股室",
    "paper": "表",
    "state": "状态",
    "severity": "严重程度",
    "code": "发现的编号",
    "text": "项目名称",
}
"""All that may stand in the address, besides the cursor."""
_SEVERITIES = {severity.value: f"{severity.value}s" for severity in Severity}
SEVERITIES: Mapping[str, str] = {one.value: label for one, label in SEVERITY_LABELS.items()}
_OF_DEPARTMENTS = {"department_id": "pk", "department_id__among": "pk__in"}
"""Conditions on owned rows, as they are said of departments themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for; empty is everything."""

    task: UUID | None = None
    department: UUID | None = None
    office: UUID | None = None
    paper: str = ""
    state: str = WAITING.value
    severity: str = ""
    code: str = ""
    text: str = ""
    cursor: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonRow:
    """A reason of a risk: short for the list, and the sentence with the figures."""

    code: str
    label: str
    weight: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRow:
    """A finding on a cell, for a return that names just the cells in question."""

    at: str
    place: str
    severity: str
    severity_label: str
    code: str
    message: str
    chosen: bool
    """What the check is sure of is chosen beforehand; hints are not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One paper in the queue."""

    public_id: UUID
    paper: Paper
    paper_label: str
    project: str
    unit: str
    department: str
    task: str
    fiscal_year: int
    state: str
    state_label: str
    digest: str
    claimed: Decimal | None
    computed: Decimal | None
    complete: bool
    grade: str
    """Of a self-evaluation by the rule; of a target table the conclusion."""
    execution_rate: Decimal | None
    risk: int
    reasons: tuple[ReasonRow, ...]
    cells: tuple[CellRow, ...]
    findings: int
    late: bool
    reviewing: bool
    examined_at: datetime

    @property
    def waits(self) -> bool:
        """Whether the finance reviewer may decide on it now."""
        return self.state == WAITING.value


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """A page of the queue."""

    rows: tuple[QueueRow, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the filters offer: what this account reaches."""

    tasks: tuple[tuple[str, str], ...]
    departments: tuple[tuple[str, str], ...]
    offices: tuple[tuple[str, str], ...]


def reads_queue(user: User) -> bool:
    """Whether the queue is there for an account: finance reviewers decide, auditors read."""
    return holds(user, *READERS)


def decides_queue(user: User) -> bool:
    """Whether an account decides on what lies in the queue."""
    return holds(user, Role.FINANCE_REVIEWER)


def wanted(given: Mapping[str, str]) -> Wanted:
    """What an address asks for. Raises Invalid for a filter that is none, or a value of no use."""
    errors = {name: "没有这个筛选条件" for name in given if name not in {*FILTERS, "cursor"}}
    asked = {name: value.strip() for name, value in given.items() if value.strip()}
    found: dict[str, Any] = {}
    for name in ("task", "department", "office", "cursor"):
        if name in asked:
            try:
                found[name] = UUID(asked[name])
            except ValueError:
                errors[name] = "没有这一项"
    for name, known in (("paper", WEIGHED), ("state", STATES), ("severity", _SEVERITIES)):
        if name in asked:
            if asked[name] in known:
                found[name] = asked[name]
            else:
                errors[name] = "没有这一项"
    for name, longest in (("code", 8), ("text", 100)):
        if name in asked:
            if len(asked[name]) > longest or "\x00" in asked[name]:
                errors[name] = f"最多 {longest} 字"
            else:
                found[name] = asked[name]
    if errors:
        raise Invalid(errors)
    return Wanted(**found)


def queue_of(user: User, asked: Wanted) -> QueuePage:
    """A page of the queue in a constant number of queries, by risk and then by age.

    The cursor is the public id of the last paper before; one of another's, or none, begins anew.
    """
    every = _reached(user)
    rows = _filtered(every, user, asked)
    if asked.cursor is not None:
        last = every.filter(_named(asked.cursor)).values_list("risk", "pk").first()
        if last is not None:
            rows = rows.filter(Q(risk__lt=last[0]) | Q(risk=last[0], pk__gt=last[1]))
    found = list(
        rows.select_related("unit", "department", "task").order_by("-risk", "pk")[: PAGE_SIZE + 1]
    )
    shown = _shown(found[:PAGE_SIZE])
    more = len(found) > PAGE_SIZE and shown
    return QueuePage(rows=shown, next_cursor=str(shown[-1].public_id) if more else None)


def _reached(user: User) -> QuerySet[Examination]:
    """Examinations of papers in the reach of a finance reviewer or an auditor."""
    condition = Q(pk__in=[])
    for role, reached in reach_of(user):
        if role in READERS:
            condition |= reached
    return Examination.unscoped.filter(condition, paper__in=WEIGHED)


def _filtered(rows: QuerySet[Examination], user: User, asked: Wanted) -> QuerySet[Examination]:
    papers = Q(status__among=[asked.state])
    if asked.text:
        papers &= Q(project__name__icontains=asked.text)
    either = Q(pk__in=[])
    for kind in WEIGHED:
        if asked.paper in {"", kind}:
            visible = papers_visible_to(Paper(kind), user)
            either |= Q(_of_papers(visible.filter(papers)), paper=kind)
    rows = rows.filter(either)
    if asked.task is not None:
        rows = rows.filter(task__public_id=asked.task)
    if asked.department is not None:
        rows = rows.filter(department__public_id=asked.department)
    if asked.office is not None:
        rows = rows.filter(department__office__public_id=asked.office)
    if asked.severity:
        rows = rows.filter(**{f"{_SEVERITIES[asked.severity]}__gt": 0})
    if asked.code:
        rows = rows.filter(codes__contains=[asked.code])
    return rows


def _of_papers(papers: QuerySet[Any]) -> Q:
    """Examinations of these papers: of few by their ids, of many each asked for by itself.

    The page of many ends long before all are met; the page of few would not end before all
    examinations are. Left to itself the database gathers all papers, be they few or many.
    """
    # In the order of the index by state: those of this year are not looked for among all others.
    few = list(papers.order_by("status").values_list("pk", flat=True)[: FEW + 1])
    if len(few) <= FEW:
        return Q(paper_id__among=few)
    return Q(paper_id=Subquery(papers.filter(pk=OuterRef("paper_id")).values("pk")[:1]))


def _named(public_id: UUID) -> Q:
    return Q(
        paper=Paper.EVALUATION.value,
        paper_id__in=Evaluation.unscoped.filter(public_id=public_id).values("pk"),
    ) | Q(
        paper=Paper.TARGET_TABLE.value,
        paper_id__in=TargetTable.unscoped.filter(public_id=public_id).values("pk"),
    )


def _shown(rows: Sequence[Examination]) -> tuple[QueueRow, ...]:
    ids: dict[str, list[int]] = {kind: [] for kind in WEIGHED}
    for row in rows:
        ids[row.paper].append(row.paper_id)
    own = ids[Paper.EVALUATION.value]
    under_review = Review.unscoped.filter(evaluation=OuterRef("pk"), state=ReviewState.OPEN)
    papers: dict[tuple[str, int], Any] = {
        (Paper.EVALUATION.value, one.pk): one
        for one in Evaluation.unscoped.filter(pk__in=own)
        .select_related("project")
        .annotate(reviewing=Exists(under_review))
    }
    tables = TargetTable.unscoped.filter(pk__in=ids[Paper.TARGET_TABLE.value])
    papers |= {(Paper.TARGET_TABLE.value, one.pk): one for one in tables.select_related("project")}
    runs = latest_runs(own)
    late = late_papers(rows)
    return tuple(
        _row(
            row,
            paper,
            runs.get(row.paper_id) if row.paper == Paper.EVALUATION.value else None,
            (row.paper, row.paper_id) in late,
        )
        for row in rows
        if (paper := papers.get((row.paper, row.paper_id))) is not None
    )


def _row(row: Examination, paper: Any, run: Any, late: bool) -> QueueRow:
    evaluation = row.paper == Paper.EVALUATION.value
    findings = [kept_finding(one) for one in row.findings]
    return QueueRow(
        public_id=paper.public_id,
        paper=Paper(row.paper),
        paper_label=PAPER_LABELS[Paper(row.paper)],
        project=paper.project.name,
        unit=row.unit.name,
        department=row.department.name,
        task=row.task.title if row.task is not None else "",
        fiscal_year=row.fiscal_year,
        state=paper.status,
        state_label=STATE_LABELS[State(paper.status)],
        digest=row.digest,
        claimed=paper.total_claimed if evaluation else None,
        computed=run.total if run is not None else None,
        complete=run is not None and run.complete,
        grade=(run.grade if run is not None else "") if evaluation else _concluded(row),
        execution_rate=_rate(paper) if evaluation else None,
        risk=row.risk,
        reasons=tuple(
            ReasonRow(label=LABELS.get(one["code"], one["code"]), **one) for one in row.reasons
        ),
        cells=_cells(findings),
        findings=len(findings),
        late=late,
        reviewing=evaluation and paper.reviewing,
        examined_at=row.examined_at,
    )


def _concluded(row: Examination) -> str:
    return row.own_overall or row.overall


def _rate(paper: Evaluation) -> Decimal | None:
    planned = paper.budget_used if paper.budget_used is not None else paper.budget
    return execution_rate(paper.executed, planned)


def _cells(findings: Sequence[Placed]) -> tuple[CellRow, ...]:
    """One for each cell, with the gravest of what was found on it first."""
    found: dict[str, CellRow] = {}
    for one in findings:
        if not one.at:
            continue
        if one.at in found:
            continue
        found[one.at] = CellRow(
            at=one.at,
            place=one.place,
            severity=one.severity.value,
            severity_label=SEVERITY_LABELS[one.severity],
            code=one.code,
            message=one.message,
            chosen=one.severity is not Severity.NOTICE,
        )
    return tuple(found.values())


def questioned_cells(user: User, paper: Paper, public_id: UUID) -> tuple[CellRow, ...]:
    """The cells of a paper that its examination speaks of."""
    row = _reached(user).filter(_named(public_id), paper=paper.value).first()
    return _cells([kept_finding(one) for one in row.findings]) if row is not None else ()


def again(asked: Wanted) -> dict[str, str]:
    """What was asked for, as the address writes it; without the cursor."""
    standard = Wanted()
    found = {name: getattr(asked, name) for name in FILTERS}
    return {
        name: str(value)
        for name, value in found.items()
        if value and value != getattr(standard, name)
    }


def choices(user: User) -> Choices:
    """What the filters offer; at most as many as a list holds."""
    units = Q(pk__in=[])
    for role, reached in reach_of(user):
        if role in READERS:
            units |= _of_department(reached)
    departments = list(Department.objects.filter(units).order_by("name", "pk")[:MOST_CHOICES])
    offices = Office.objects.filter(
        pk__in={one.office_id for one in departments if one.office_id is not None}
    )
    tasks = tasks_visible_to(user).filter(paper__in=WEIGHED).order_by(F("id").desc())
    return Choices(
        tasks=tuple((str(one.public_id), one.title) for one in tasks[:MOST_CHOICES]),
        departments=tuple((str(one.public_id), one.name) for one in departments),
        offices=tuple((str(one.public_id), one.name) for one in offices.order_by("name", "pk")),
    )


def _of_department(reached: Q) -> Q:
    """A condition on owned rows, said of departments themselves."""
    moved = Q()
    for name, value in reached.children:  # type: ignore[misc]
        moved &= Q(**{_OF_DEPARTMENTS[name]: value})
    return moved
