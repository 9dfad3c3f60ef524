"""Departments and units that have rows of a kind."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import OuterRef, QuerySet, Subquery

from budgets.models import BudgetUnit, Department

Place = TypeVar("Place", Department, BudgetUnit)


def having(places: QuerySet[Place], rows: QuerySet[Any], field: str) -> QuerySet[Place]:
    """Those places that some of the rows belong to by ``field``.

    Asked for each place, and as a value: the first row found settles it. An EXISTS would be turned
    into a join with all rows.
    """
    first = rows.filter(**{field: OuterRef("pk")}).values("pk")[:1]
    return places.alias(first=Subquery(first)).filter(first__isnull=False)
