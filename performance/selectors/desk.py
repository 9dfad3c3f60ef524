"""A paper on somebody's desk: its content and version, where it stands, what may be done now."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from budgets.access import roles_for
from budgets.canonical import digest
from budgets.errors import Conflict
from budgets.models import User
from performance.access import papers_visible_to
from performance.mapping.contents import editable_part
from performance.models import (
    Actual,
    Evaluation,
    Monitoring,
    Review,
    ReviewLine,
    ScoreLine,
    TargetTable,
)
from performance.reports.comparison import Difference, compare
from performance.rulebook import review_rules
from performance.scoring.criteria import deviation
from performance.selectors.contents import (
    content_of,
    indicators_of,
    snapshot_at,
    snapshot_with,
    submitted_snapshot,
)
from performance.selectors.deviations import percent
from performance.selectors.feedback import (
    FeedbackProgress,
    Said,
    last_sent_to,
    progress_of,
)
from performance.selectors.papers import lines_of
from performance.selectors.procedure import (
    StepRow,
    deadline_of,
    history_of,
    newest_review_of,
    offered_moves,
)
from performance.selectors.standing import Standing, standing_of
from performance.selectors.templates import PointsTemplate, points_template
from performance.workflow import (
    ADJUSTMENT_REASONS,
    EDITABLE,
    STATE_LABELS,
    VERB_LABELS,
    Move,
    Paper,
    State,
    may,
    writable_fields,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedMove:
    """A move that may be made now."""

    verb: str
    label: str
    reasoned: bool
    sees: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """An indicator that actuals and progress are held against."""

    seq: int
    level1: str
    level2: str
    name: str
    target: str
    points: Decimal | None


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
    criterion: str
    """What the reason is called; ``clause`` is what is cited with it."""
    clause: str
    target: str
    actual: str
    said: Said | None
    """The unit's word on the line, once the sheet was sent."""

    @property
    def differs(self) -> bool:
        """Whether the unit claims other points than the rules give; a line not claimed does not."""
        return None not in (self.claimed, self.computed) and self.claimed != self.computed


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSheet:
    """A review with its lines."""

    version: int
    state: str
    reviewer: str
    total: Decimal | None
    grade: str
    opinion: str
    claimed_total: Decimal | None
    computed_total: Decimal | None
    deviation: Decimal | None
    """(claimed − reviewed) ÷ claimed, in per cent; None where nothing was claimed."""
    feedback: FeedbackProgress | None
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
    indicators: tuple[Measured, ...]
    """For papers that are measured against a table."""
    moves: tuple[OfferedMove, ...]
    history: tuple[StepRow, ...]
    revision: int | None
    adjusts: UUID | None
    adjustment: str
    """Why an approved table was adjusted."""
    adjustable: bool
    task: str
    table: UUID | None
    """The target table that monitoring and self-evaluation are measured against."""
    marked: dict[str, str]
    """Cells that the last return put in question, with the note."""
    review: ReviewSheet | None
    may_review: bool
    may_answer: bool
    """Whether the unit's word on the reviewed sheet is this account's to say now."""
    last_year: Standing | None
    """How the project stood the year before, on a target table."""
    template: PointsTemplate | None
    """What the points of a target table are to come to."""
    month: int | None = None
    """The last month that a monitoring table counts."""


_UNIT = frozenset({"clerk", "unit_head"})
"""Who sees a reviewed sheet as soon as it was sent to the unit."""


def refuse_settled(row: Any) -> None:
    """Raises Conflict where a paper is no longer typed: then nothing is tried on it."""
    state = State(row.status)
    if state not in EDITABLE:
        raise Conflict(f"表在“{STATE_LABELS[state]}”状态，不再试算")


def paper_row(user: User, paper: Paper, public_id: UUID) -> Any | None:
    """The row of a paper this account may see, or None."""
    rows = papers_visible_to(paper, user)
    related = ["project", "unit", "department__region", "task"]
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
    history = history_of(paper, row.pk, deadline_of(row))
    moves = offered_moves(user, paper, row)
    is_table = isinstance(row, TargetTable)
    may_see_review = any(may("r", paper, "review", state, [role]) for role in roles)
    review = None
    if paper is Paper.EVALUATION and may_see_review:
        review = newest_review_of(row.pk)
    elif paper is Paper.EVALUATION and state is State.DEPARTMENT_REVIEWED and roles & _UNIT:
        review = last_sent_to(row.pk)
    sheet = _review_sheet(review, row) if review is not None else None
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
        editable=bool(writable_fields(paper, state, roles) - {"review", "conclusion"}),
        indicators=() if is_table else _targets(row.table_id),
        moves=tuple(_offered(move) for move in moves),
        history=history,
        revision=row.revision if is_table else None,
        adjusts=_adjusts(row) if is_table else None,
        adjustment=_adjustment(row) if is_table else "",
        adjustable=is_table and state in {State.APPROVED, State.PUBLISHED} and "clerk" in roles,
        task=row.task.title if row.task_id else "",
        table=None if is_table or row.table.from_evaluation else row.table.public_id,
        marked=_marked(history, state),
        review=sheet,
        may_review=any(move.verb == "confirm" for move in moves),
        may_answer=sheet is not None
        and sheet.feedback is not None
        and sheet.feedback.waiting
        and "clerk" in roles
        and "finance_reviewer" not in roles,
        last_year=standing_of(user, row.project_id, row.fiscal_year - 1) if is_table else None,
        template=points_template(row) if is_table else None,
        month=row.month if isinstance(row, Monitoring) else None,
    )


def _offered(move: Move) -> OfferedMove:
    return OfferedMove(
        verb=move.verb, label=VERB_LABELS[move.verb], reasoned=move.reasoned, sees=move.sees
    )


def _targets(table_id: int) -> tuple[Measured, ...]:
    return tuple(
        Measured(
            seq=seq,
            level1=row.level1_text or row.level1,
            level2=row.level2_text or row.level2,
            name=row.name,
            target=row.text,
            points=row.points,
        )
        for seq, row in enumerate(indicators_of(table_id), start=1)
    )


def _adjusts(row: TargetTable) -> UUID | None:
    return row.adjusts.public_id if row.adjusts is not None else None


def _adjustment(row: TargetTable) -> str:
    if not row.adjustment_reason:
        return ""
    label = ADJUSTMENT_REASONS.get(row.adjustment_reason, row.adjustment_reason)
    return f"{label}：{row.adjustment_words}"


def _marked(history: Sequence[StepRow], state: State) -> dict[str, str]:
    if state not in EDITABLE:
        return {}
    for step in reversed(history):
        if step.cells:
            return {cell["at"]: cell["note"] for cell in step.cells}
    return {}


def _criterion(code: str) -> str:
    found = review_rules().criteria.get(code)
    return found.label if found is not None else code


def _review_sheet(review: Review, evaluation: Evaluation) -> ReviewSheet:
    adjusted = {row.seq: row for row in ReviewLine.unscoped.filter(review=review)}
    lines: list[ScoreLine] = lines_of([review.run])[review.run.pk] if review.run else []
    measured = {one.seq: one for one in _targets(evaluation.table_id)}
    actuals = {row.indicator_id: row.text for row in Actual.unscoped.filter(evaluation=evaluation)}
    feedback = progress_of(review)
    said = {one.seq: one for one in feedback.answers} if feedback is not None else {}
    claimed = review.run.claimed_total if review.run else None
    off = deviation(claimed, review.total)
    return ReviewSheet(
        version=review.lock_version,
        state=review.state,
        reviewer=review.reviewer.display_name,
        total=review.total,
        grade=review.grade,
        opinion=review.opinion,
        claimed_total=claimed,
        computed_total=review.run.total if review.run else None,
        deviation=percent(off),
        feedback=feedback,
        lines=tuple(
            ReviewedLine(
                seq=line.seq,
                name=measured[line.seq].name if line.seq in measured else "预算执行",
                points=line.points,
                claimed=line.claimed,
                computed=line.awarded,
                reviewed=own.points if (own := adjusted.get(line.seq)) else line.awarded,
                reason_code=own.reason_code if own else "",
                reason=own.reason if own else "",
                criterion=_criterion(own.reason_code) if own else "",
                clause=review_rules().clause if own else "",
                target=measured[line.seq].target if line.seq in measured else "",
                actual=actuals.get(line.indicator_id, "") if line.indicator_id else "",
                said=said.get(line.seq),
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
