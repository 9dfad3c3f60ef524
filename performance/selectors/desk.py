"""A paper on somebody's desk: its content and version, where it stands, what may be done now."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Now

from budgets.access import notices_of, reach_of, roles_for, scope_of
from budgets.canonical import digest
from budgets.models import Notice, User
from performance.access import (
    evaluations_visible_to,
    monitorings_visible_to,
    target_tables_visible_to,
    tasks_visible_to,
)
from performance.mapping.contents import editable_part
from performance.models import (
    Evaluation,
    Review,
    ReviewLine,
    ScoreLine,
    TargetTable,
    TaskUnit,
)
from performance.reports.comparison import Difference, compare
from performance.selectors.contents import (
    content_of,
    indicators_of,
    snapshot_at,
    snapshot_with,
    submitted_snapshot,
)
from performance.selectors.pages import page_of
from performance.selectors.papers import lines_of
from performance.selectors.procedure import (
    StepRow,
    TaskRow,
    history_of,
    newest_review_of,
    offered_moves,
)
from performance.selectors.shapes import Page
from performance.workflow import (
    EDITABLE,
    STATE_LABELS,
    VERB_LABELS,
    Move,
    Paper,
    State,
    may,
    writable_fields,
)

PAPER_LABELS = {
    Paper.TARGET_TABLE: "绩效目标表",
    Paper.MONITORING: "绩效运行监控表",
    Paper.EVALUATION: "绩效自评表",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedMove:
    """A move that may be made now."""

    verb: str
    label: str
    reasoned: bool
    sees: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedLine:
    """One line of a review: claimed, computed, reviewed."""

    seq: int
    name: str
    points: Decimal | None
    claimed: Decimal | None
    computed: Decimal | None
    reviewed: Decimal | None
    reason_code: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSheet:
    """A review with its lines."""

    version: int
    state: str
    reviewer: str
    total: Decimal | None
    grade: str
    opinion: str
    lines: tuple[ReviewedLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One paper as one account finds it."""

    public_id: UUID
    paper: Paper
    project: str
    project_id: UUID
    unit: str
    fiscal_year: int
    state: State
    state_label: str
    version: int
    digest: str
    content: dict[str, Any]
    attached: dict[str, Any]
    editable: bool
    indicators: tuple[tuple[str, str], ...]
    """Name and target of each indicator, for papers that are measured against a table."""
    moves: tuple[OfferedMove, ...]
    history: tuple[StepRow, ...]
    revision: int | None
    adjusts: UUID | None
    adjustable: bool
    task: str
    marked: dict[str, str]
    """Cells that the last return put in question, with the note."""
    review: ReviewSheet | None
    may_review: bool


_ROWS: dict[Paper, Any] = {
    Paper.TARGET_TABLE: target_tables_visible_to,
    Paper.EVALUATION: evaluations_visible_to,
    Paper.MONITORING: monitorings_visible_to,
}


def paper_row(user: User, paper: Paper, public_id: UUID) -> Any | None:
    """The row of a paper this account may see, or None."""
    rows: QuerySet[Any] = _ROWS[paper](user)
    related = ["project", "unit", "department", "task"]
    if paper is not Paper.TARGET_TABLE:
        related.append("table")
    return rows.select_related(*related).filter(public_id=public_id).first()


def desk_of(user: User, paper: Paper, public_id: UUID) -> Desk | None:
    """One paper, or None when it is not there or not yours."""
    row = paper_row(user, paper, public_id)
    if row is None:
        return None
    roles = roles_for(user, unit_id=row.unit_id, department_id=row.department_id)
    state = State(row.status)
    content = content_of(row)
    history = history_of(paper, row.pk)
    moves = offered_moves(user, paper, row)
    is_table = isinstance(row, TargetTable)
    may_see_review = any(may("r", paper, "review", state, [role]) for role in roles)
    review = newest_review_of(row.pk) if isinstance(row, Evaluation) and may_see_review else None
    return Desk(
        public_id=row.public_id,
        paper=paper,
        project=row.project.name,
        project_id=row.project.public_id,
        unit=row.unit.name,
        fiscal_year=row.fiscal_year,
        state=state,
        state_label=STATE_LABELS[state],
        version=row.lock_version,
        digest=digest(content),
        content=editable_part(content),
        attached=content,
        editable=bool(writable_fields(paper, state, roles) - {"review"}),
        indicators=() if is_table else _targets(row.table_id),
        moves=tuple(_offered(move) for move in moves),
        history=history,
        revision=row.revision if is_table else None,
        adjusts=_adjusts(row) if is_table else None,
        adjustable=is_table and state in {State.APPROVED, State.PUBLISHED} and "clerk" in roles,
        task=row.task.title if row.task_id else "",
        marked=_marked(history, state),
        review=_review_sheet(review, row) if review is not None else None,
        may_review=any(move.verb == "confirm" for move in moves),
    )


def _offered(move: Move) -> OfferedMove:
    return OfferedMove(
        verb=move.verb, label=VERB_LABELS[move.verb], reasoned=move.reasoned, sees=move.sees
    )


def _targets(table_id: int) -> tuple[tuple[str, str], ...]:
    return tuple((row.name, row.text) for row in indicators_of(table_id))


def _adjusts(row: TargetTable) -> UUID | None:
    return row.adjusts.public_id if row.adjusts is not None else None


def _marked(history: Sequence[StepRow], state: State) -> dict[str, str]:
    if state not in EDITABLE:
        return {}
    for step in reversed(history):
        if step.cells:
            return {cell["at"]: cell["note"] for cell in step.cells}
    return {}


def _review_sheet(review: Review, evaluation: Evaluation) -> ReviewSheet:
    adjusted = {row.seq: row for row in ReviewLine.unscoped.filter(review=review)}
    lines: list[ScoreLine] = lines_of([review.run])[review.run.pk] if review.run else []
    names = dict(enumerate((name for name, _ in _targets(evaluation.table_id)), start=1))
    return ReviewSheet(
        version=review.lock_version,
        state=review.state,
        reviewer=review.reviewer.display_name,
        total=review.total,
        grade=review.grade,
        opinion=review.opinion,
        lines=tuple(
            ReviewedLine(
                seq=line.seq,
                name=names.get(line.seq, "预算执行"),
                points=line.points,
                claimed=line.claimed,
                computed=line.awarded,
                reviewed=own.points if (own := adjusted.get(line.seq)) else line.awarded,
                reason_code=own.reason_code if own else "",
                reason=own.reason if own else "",
            )
            for line in lines
        ),
    )


# ── differences ─────────────────────────────────────────────────────────────────────────────────


def stale_differences(
    user: User, paper: Paper, public_id: UUID, base: int, mine: Any
) -> tuple[Difference, ...]:
    """Three columns for a stale write: before, theirs, yours. Empty when the paper is out of reach."""
    row = paper_row(user, paper, public_id)
    if row is None or not isinstance(mine, dict):
        return ()
    kept = snapshot_at(paper, row.pk, base)
    before = editable_part(json.loads(kept.canonical)) if kept is not None else {}
    return compare(before, editable_part(content_of(row)), mine)


def seen_differences(
    user: User, paper: Paper, public_id: UUID, seen: str
) -> tuple[Difference, ...]:
    """What changed since the content with digest ``seen`` was looked at."""
    row = paper_row(user, paper, public_id)
    if row is None:
        return ()
    kept = snapshot_with(paper, row.pk, seen) or submitted_snapshot(paper, row.pk)
    before = json.loads(kept.canonical) if kept is not None else {}
    return compare(before, content_of(row))


def version_differences(user: User, public_id: UUID) -> tuple[Difference, ...]:
    """An adjusted table beside the version it adjusts: old beside new."""
    row = paper_row(user, Paper.TARGET_TABLE, public_id)
    if row is None or row.adjusts is None:
        return ()
    return compare(content_of(row.adjusts), content_of(row))


# ── lists ───────────────────────────────────────────────────────────────────────────────────────


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


_WAITING = {
    "clerk": (State.DRAFT, State.RETURNED, State.WITHDRAWN),
    "unit_head": (State.SUBMITTED,),
    "department_reviewer": (State.UNIT_CHECKED,),
    "finance_reviewer": (State.DEPARTMENT_REVIEWED,),
}


def waiting_for(user: User) -> tuple[PaperRow, ...]:
    """Papers whose next move is this account's to make, the most urgent first; at most 200."""
    condition = Q(pk__in=[])
    for role, reached in reach_of(user):
        if role in _WAITING:
            condition |= reached & Q(status__in=_WAITING[role])
    found: list[PaperRow] = []
    for paper, rows in _ROWS.items():
        waiting = (
            rows(user).filter(condition).select_related("project", "unit", "task").order_by("id")
        )
        found.extend(_paper_row(paper, row) for row in waiting[:200])
    return tuple(sorted(found, key=_urgency)[:200])


def _urgency(row: PaperRow) -> tuple[bool, float]:
    return row.deadline is None, row.deadline.timestamp() if row.deadline else 0.0


def _paper_row(paper: Paper, row: Any) -> PaperRow:
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
        late=False,
    )


def monitoring_list(user: User, cursor: str | None) -> Page:
    """Monitoring tables this account may see, newest first."""
    rows, following = page_of(
        monitorings_visible_to(user).select_related("project", "unit", "task"), cursor
    )
    return Page(rows=[_paper_row(Paper.MONITORING, row) for row in rows], next_cursor=following)


def task_list(user: User, cursor: str | None) -> Page:
    """Tasks this account has to do with, and how far the units in its reach are."""
    own = TaskUnit.unscoped.filter(scope_of(user))
    rows, following = page_of(
        tasks_visible_to(user).annotate(now=Now()),
        cursor,
    )
    counts: dict[int, tuple[int, int]] = {
        row["task_id"]: (row["all"], row["done"])
        for row in own.filter(task_id__in=[task.pk for task in rows])
        .values("task_id")
        .annotate(all=Count("id"), done=Count("first_submitted_at"))
    }
    return Page(
        rows=[
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
        ],
        next_cursor=following,
    )


def unread_notices(user: User) -> Sequence[Notice]:
    """The newest messages not read yet."""
    return list(notices_of(user).filter(read_at=None)[:50])
