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
    told = []
    with connection.cursor() as cursor:
        for person in people:
            cursor.execute(
                "SELECT budgets_tell(%s, %s, %s, %s, %s, %s)",
                [person.pk, kind, object_type, object_id, text[:600], once],
            )
            row = cursor.fetchone()
            if row and row[0]:
                told.append(person)
    return told


def read_notices(*, actor: User) -> int:
    """Marks all messages to an account as read; returns how many were not."""
    return notices_of(actor).filter(read_at=None).update(read_at=Now())
