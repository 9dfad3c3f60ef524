"""Celery's way to the jobs: three lines, an id, no rule."""

from __future__ import annotations

from celery import shared_task

from budgets.services import work


@shared_task(name="performance.tasks.run_job")  # type: ignore[untyped-decorator]
def run_job(job_id: int) -> None:
    """Works one job off, if it is still to be done."""
    work.run(job_id)
