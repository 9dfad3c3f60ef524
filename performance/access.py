"""Whose eyes see which papers: the one door for visibility."""

from __future__ import annotations

from typing import TypeVar

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
    TargetTable,
    Task,
    TaskUnit,
    Upload,
)
from performance.workflow import Paper, hidden_states

Papers = TypeVar("Papers", TargetTable, Evaluation, Monitoring)


def documents_visible_to(user: User) -> QuerySet[Document]:
    """Documents that were brought in, and evidence and objections of evaluations in sight.

    A draft's evidence is as little seen as the draft itself.
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


def _papers(rows: QuerySet[Papers], paper: Paper, user: User) -> QuerySet[Papers]:
    """Papers within reach, without those in a state that the role may read nothing of.

    What was brought in as a published document is nobody's private draft.
    """
    condition = Q(pk__in=[])
    imported = Q(pk__in=[]) if paper is Paper.MONITORING else Q(document__isnull=False)
    for role, reached in reach_of(user):
        hidden = hidden_states(paper, role)
        shown = reached & (~Q(status__in=hidden) | imported) if hidden else reached
        condition |= shown
    return rows.filter(condition)


def target_tables_visible_to(user: User) -> QuerySet[TargetTable]:
    """Target tables, without those that only carry an evaluation's indicators."""
    rows = TargetTable.unscoped.filter(from_evaluation=False, project__confidentiality="public")
    return _papers(rows, Paper.TARGET_TABLE, user)


def evaluations_visible_to(user: User) -> QuerySet[Evaluation]:
    """Evaluations this account may see."""
    rows = Evaluation.unscoped.filter(project__confidentiality="public")
    return _papers(rows, Paper.EVALUATION, user)


def monitorings_visible_to(user: User) -> QuerySet[Monitoring]:
    """Monitoring tables this account may see."""
    rows = Monitoring.unscoped.filter(project__confidentiality="public")
    return _papers(rows, Paper.MONITORING, user)


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
