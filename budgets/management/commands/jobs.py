"""``manage.py jobs list|retry ID|drop ID``: jobs that were set aside."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from budgets.access import seen_by_system
from budgets.errors import ServiceError
from budgets.selectors.jobs import dead_jobs, figures
from budgets.services.queue import drop, retry


class Command(BaseCommand):
    """What the page for system administrators does, for those who have the machine."""

    help = "失败待处理的后台任务：列出、重试、放弃"

    def add_arguments(self, parser: CommandParser) -> None:
        """A word, and for two of them the job."""
        parser.add_argument("action", choices=["list", "retry", "drop"])
        parser.add_argument("job", nargs="?", type=UUID, help="任务编号")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line a job."""
        try:
            with seen_by_system():
                if options["action"] == "list":
                    self._list()
                elif options["job"] is None:
                    raise CommandError("请写明任务编号")
                elif options["action"] == "retry":
                    retry(actor=None, public_id=options["job"])
                else:
                    drop(actor=None, public_id=options["job"])
        except ServiceError as error:
            raise CommandError(str(error)) from None

    def _list(self) -> None:
        found = figures()
        self.stdout.write(
            f"待办 {found.waiting}，超过一分钟未办 {found.overdue}，失败 {found.dead}"
        )
        for job in dead_jobs():
            at = timezone.localtime(job.finished_at)
            self.stdout.write(f"{job.public_id}  {job.kind}  {at:%Y-%m-%d %H:%M}  {job.last_error}")
