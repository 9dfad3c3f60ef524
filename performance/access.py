"""Whose eyes see which papers: the one door for visibility."""

from __future__ import annotations

from django.db.models import QuerySet

from budgets.access import visible
from budgets.models import User
from performance.models import Document, Evaluation, TargetTable


def documents_visible_to(user: User) -> QuerySet[Document]:
    """Documents of the departments this account may see."""
    return visible(Document.unscoped.all(), user)


def target_tables_visible_to(user: User) -> QuerySet[TargetTable]:
    """Target tables, without those that only carry an evaluation's indicators."""
    return visible(
        TargetTable.unscoped.filter(from_evaluation=False, project__confidentiality="public"), user
    )


def evaluations_visible_to(user: User) -> QuerySet[Evaluation]:
    """Evaluations of the departments this account may see."""
    return visible(Evaluation.unscoped.filter(project__confidentiality="public"), user)
