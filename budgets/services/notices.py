"""Telling people: one message to one account, once."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import connection
from django.db.models.functions import Now

from budgets.access import notices_of
from budgets.models import User


def tell(
    people: Iterable[User],
    *,
    kind: str,
    object_type: str,
    object_id: UUID,
    text: str,
    once: str = "",
) -> list[User]:
    """Leaves a notice for each account; with ``once`` only the first of its name. Who got one."""
    asked = list(people)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT budgets_tell(one.person, %s, %s, %s, %s, %s)"
            " FROM unnest(%s::bigint[]) WITH ORDINALITY AS one (person, place) ORDER BY place",
            [kind, object_type, object_id, text[:600], once, [person.pk for person in asked]],
        )
        told = [row[0] for row in cursor.fetchall()]
    return [person for person, got in zip(asked, told, strict=True) if got]


def read_notices(*, actor: User) -> int:
    """Marks all messages to an account as read; returns how many were not."""
    return notices_of(actor).filter(read_at=None).update(read_at=Now())
