"""Counting papers anew where something changed: the service's own work, of which nothing is decided."""

from __future__ import annotations

from django.db import connection, transaction

from performance.models import Tally, TallyMark
from performance.selectors.tallies import tallies_of

_COUNTING = 7108


def count_papers() -> int:
    """Counts the papers of marked departments and returns how many those were.

    Run by the service itself, one at a time: 0 when somebody else counts. A mark goes with the
    sums it led to; one that is set meanwhile stays, and its department is counted again.
    """
    with transaction.atomic():
        if not _alone():
            return 0
        marks = dict(TallyMark.objects.values_list("pk", "department_id"))
        departments = set(marks.values())
        if departments:
            Tally.objects.filter(department__in=departments).delete()
            Tally.objects.bulk_create(tallies_of(departments))
            TallyMark.objects.filter(pk__in=list(marks)).delete()
        return len(departments)


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, 0)", [_COUNTING])
        row = cursor.fetchone()
    return bool(row and row[0])
