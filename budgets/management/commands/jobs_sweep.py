"""``manage.py jobs_sweep``: adds what recurs and rings for what is due, once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from budgets.services import work


class Command(BaseCommand):
    """For a timer of the machine, where no worker sweeps."""

    help = "登记到期的定时任务，并提醒办理到期的后台任务"

    def handle(self, *args: Any, **options: Any) -> None:
        """Says how many were rung for."""
        due, heard = work.sweep()
        self.stdout.write(f"提醒 {len(due)} 个任务" + ("" if heard else "：消息队列没有应答"))
