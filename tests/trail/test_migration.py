"""Seals come to a trail that was kept without them, and go again: the same both times."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command

from budgets.access import seen_by
from budgets.models import AuditEvent, AuditSeal
from budgets.services.trail import verify
from tests.office import Office, a_year
from tests.torture.tampering import looking_at

_LATER = (
    "budgets_user ",
    "performance_examination ",
    "performance_review ",
    "performance_scorerun ",
)
"""Tables that later migrations make, or give further columns."""


def _seals() -> list[tuple[Any, ...]]:
    with seen_by(0):
        return list(
            AuditSeal.objects.order_by("event_id").values_list("event_id", "changes", "digest")
        )


@pytest.mark.migrations
def test_back_and_forth(real_office: Office, cluster: Any, committed: str) -> None:
    from django.db import connection

    a_year(real_office)
    before = _seals()
    with looking_at(cluster, committed, "perf_owner"):
        call_command("migrate", "budgets", "0004", verbosity=0)
    with seen_by(0), connection.cursor() as cursor:  # as it was then: a change with no event
        cursor.execute("UPDATE budgets_region SET name = '改名市' WHERE code = '360100'")
        cursor.execute("SELECT count(*) FROM budgets_auditchange WHERE event_id IS NULL")
        assert cursor.fetchone() == (1,)
    with looking_at(cluster, committed, "perf_owner"):
        call_command("migrate", verbosity=0)
    # What later migrations keep went with them on the way back: told, and nothing else.
    lost = [str(fault) for fault in verify().faults]
    assert lost and all(words.startswith(_LATER) for words in lost), lost
    assert verify(fold=False).sound
    assert _seals()[:-1] == before
    with seen_by(0):
        assert AuditEvent.objects.order_by("-id")[0].verb == "direct_write"
    real_office.imported()
    assert verify(fold=False).sound
