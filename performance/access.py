"""Whose eyes see which papers: the one door for visibility."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from budgets.access import reach_of, scope_of, units_entered_by, visible
from budgets.models import User
from performance.models import (
    Document,
    Evaluation,
    Evidence,
    FeedbackAnswer,
    ImportRun,
    Monitoring,
    RectificationItem,
    Tally,
    TargetTable,
    Task,
    TaskUnit,
    Upload,
)
from performance.workflow import Paper, hidden_states


def documents_visible_to(user: User) -> QuerySet[Document]:
    """Documents that were brought in, and evidence and objections of evaluations in sight.

    A draft's evidence is as little seen as the draft itself, and what supports no line any more
    is nobody's, though it is kept.
    """
    brought = Exists(ImportRun.unscoped.filter(document=OuterRef("pk")))
    supporting = Exists(
        Evidence.unscoped.filter(
            document=OuterRef("pk"), actual__evaluation__in=evaluations_visible_to(user)
        )
    )
    objecting = Exists(
        FeedbackAnswer.unscoped.filter(
            document=OuterRef("pk"),
            feedback__review__evaluation__in=evaluations_visible_to(user),
        )
    )
    return visible(Document.unscoped.filter(brought | supporting | objecting), user)


def imported_documents_visible_to(user: User) -> QuerySet[Document]:
    """Those of them that were brought in: evidence need not be looked through for these."""
    brought = Exists(ImportRun.unscoped.filter(document=OuterRef("pk")))
    return visible(Document.unscoped.filter(brought), user)


def papers_shown(paper: Paper) -> QuerySet[Any]:
    """Papers of a kind that are shown to anybody at all: what every count is a count of.

    Not those of classified projects, nor target tables that only carry an evaluation's indicators.
    """
    if paper is Paper.TARGET_TABLE:
        rows: QuerySet[Any] = TargetTable.unscoped.filter(from_evaluation=False)
    else:
        rows = (Evaluation if paper is Paper.EVALUATION else Monitoring).unscoped.all()
    return rows.filter(project__confidentiality="public")


def papers_visible_to(paper: Paper, user: User) -> QuerySet[Any]:
    """Papers within reach, without those in a state that the role may read nothing of.

    What was brought in as a published document is nobody's private draft.
    """
    imported = Q(pk__in=[]) if paper is Paper.MONITORING else Q(document__isnull=False)
    condition = Q(pk__in=[])
    for role, reached in reach_of(user):
        condition |= reached & _readable(paper, role, imported)
    return papers_shown(paper).filter(condition)


def _readable(paper: Paper, role: str, imported: Q) -> Q:
    hidden = hidden_states(paper, role)
    return ~Q(status__in=hidden) | imported if hidden else Q()


def target_tables_visible_to(user: User) -> QuerySet[TargetTable]:
    """Target tables, without those that only carry an evaluation's indicators."""
    return papers_visible_to(Paper.TARGET_TABLE, user)


def evaluations_visible_to(user: User) -> QuerySet[Evaluation]:
    """Evaluations this account may see."""
    return papers_visible_to(Paper.EVALUATION, user)


def monitorings_visible_to(user: User) -> QuerySet[Monitoring]:
    """Monitoring tables this account may see."""
    return papers_visible_to(Paper.MONITORING, user)


def tallies_visible_to(user: User) -> QuerySet[Tally] | None:
    """Sums of the papers this account may see; None where it had better count the papers themselves.

    That is who holds a role for a unit, of which sums say nothing, or for one department: the
    papers are few.
    """
    condition = Q(pk__in=[])
    for role, reached in reach_of(user):
        if {name for name, _ in reached.children} & {"unit_id", "department_id"}:  # type: ignore[misc]
            return None
        for paper in Paper:
            readable = _readable(paper, role, Q(imported=True))
            condition |= reached & Q(paper=paper.value) & readable
    return Tally.objects.filter(condition)


def tasks_visible_to(user: User) -> QuerySet[Task]:
    """Tasks that ask something of units this account reaches."""
    own = TaskUnit.unscoped.filter(scope_of(user))
    return Task.objects.filter(pk__in=own.values("task_id"))


def rectification_visible_to(user: User) -> QuerySet[RectificationItem]:
    """Matters to be mended within reach; who only reads reports sees none."""
    condition = Q(pk__in=[])
    for role, reached in reach_of(user):
        if role != "report_reader":
            condition |= reached
    return RectificationItem.unscoped.filter(
        condition, evaluation__project__confidentiality="public"
    )


def uploads_visible_to(user: User) -> QuerySet[Upload]:
    """Files uploaded for the units this account enters for: nobody else's business."""
    return Upload.unscoped.filter(unit__in=units_entered_by(user))
