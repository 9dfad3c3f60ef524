"""What a system administrator does with a job that was set aside: try again, or let it go."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from budgets import audit
from budgets.errors import Conflict, NotFound
from budgets.jobs import ring
from budgets.models import Job, JobState, User
from budgets.selectors.jobs import is_system_admin

SERVICE_CHAIN = 0
"""Jobs are nobody's department: what is done with them stands in the bureau's own chain."""


def retry(*, actor: User | None, public_id: UUID, origin: audit.Origin | None = None) -> None:
    """Puts a job back as if it had never been tried. Raises NotFound, Conflict."""
    with transaction.atomic():
        job = _dead(actor, public_id)
        _record(actor, "retry_job", job, origin)
        Job.objects.filter(pk=job.pk).update(
            state=JobState.QUEUED, attempts=0, mended=True, run_after=Now(), finished_at=None
        )
        transaction.on_commit(partial(ring, job.pk), robust=True)


def drop(*, actor: User | None, public_id: UUID, origin: audit.Origin | None = None) -> None:
    """Lets a job go for good. Raises NotFound, Conflict."""
    with transaction.atomic():
        job = _dead(actor, public_id)
        _record(actor, "drop_job", job, origin)
        Job.objects.filter(pk=job.pk).update(state=JobState.DROPPED, finished_at=Now())


def _dead(actor: User | None, public_id: UUID) -> Job:
    """The job, locked. For a command there is no actor: whoever has the machine may."""
    if actor is not None and not is_system_admin(actor):
        raise NotFound("没有这个任务，或者不在您的可见范围内")
    job = Job.objects.filter(public_id=public_id).select_for_update().first()
    if job is None:
        raise NotFound("没有这个任务，或者不在您的可见范围内")
    if job.state != JobState.DEAD:
        raise Conflict("这个任务不在失败待处理的状态")
    return job


def _record(actor: User | None, verb: str, job: Job, origin: audit.Origin | None) -> None:
    audit.record(
        actor=actor,
        verb=verb,
        object_type="job",
        object_id=job.public_id,
        department_id=SERVICE_CHAIN,
        detail={"kind": job.kind, "attempts": job.attempts, "error": job.last_error[:80]},
        origin=origin,
    )
