"""The trail's one door: every office verb records exactly one event in its transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from budgets.canonical import canonical
from budgets.models import User
from budgets.requests import request_id

OFFICE_CHAIN = 0
"""What is done for no department, or for several at once, stands in the bureau's own chain."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from; None for commands and jobs."""

    ip: str | None = None


def record(
    *,
    actor: User | None,
    verb: str,
    object_type: str,
    object_id: object,
    department_id: int,
    detail: Mapping[str, Any],
    origin: Origin | None = None,
) -> int:
    """Appends one event to the department's chain and returns its id.

    ``detail`` holds codes, counts and digests, never personal data. Rows changed afterwards in
    the same transaction point to this event. Raises RuntimeError outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an event is recorded in the transaction of what it tells")
    where = origin or Origin()
    text = canonical(
        {
            "verb": verb,
            "object": [object_type, str(object_id)],
            "actor": actor.pk if actor else None,
            "detail": dict(detail),
        }
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT budgets_audit_append(%s, %s, %s, %s::inet, %s, %s, %s, %s)",
            [
                department_id,
                actor.pk if actor else None,
                request_id.get(),
                where.ip,
                verb,
                object_type,
                str(object_id),
                text,
            ],
        )
        row = cursor.fetchone()
    assert row is not None
    return int(row[0])
