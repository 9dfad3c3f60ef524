"""Background work for pages and commands: what was set aside, one's own exports, figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from budgets.models import Job, JobState, Member, Role, User

_LISTED = 200
_PING = timedelta(seconds=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The whole queue in numbers."""

    waiting: int
    overdue: int
    """Due for more than a minute: nobody works, or too few."""
    dead: int
    oldest: datetime | None
    last_ping: datetime | None

    @property
    def alive(self) -> bool:
        """Whether the job that runs every minute has ended lately."""
        return self.last_ping is not None and timezone.now() - self.last_ping < _PING


def is_system_admin(user: User) -> bool:
    """Whether an account looks after the running of the service."""
    return user.is_active and Member.objects.filter(user=user, role=Role.SYSTEM_ADMIN).exists()


def dead_jobs() -> QuerySet[Job]:
    """Jobs that were set aside, newest first; the database shows them to system administrators."""
    return Job.objects.filter(state=JobState.DEAD).select_related("actor").order_by("-id")[:_LISTED]


def figures() -> Figures:
    """Counts over all accounts; zeros for whoever is no system administrator."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT waiting, overdue, dead, oldest, last_ping FROM budgets_job_figures()"
        )
        row = cursor.fetchone()
    assert row is not None
    return Figures(waiting=row[0], overdue=row[1], dead=row[2], oldest=row[3], last_ping=row[4])


def jobs_of(user: User, kind: str) -> QuerySet[Job]:
    """An account's own jobs of a kind, newest first."""
    return Job.objects.filter(actor_id=user.pk, kind=kind).select_related("file").order_by("-id")
