"""``manage.py worker``: works jobs off without a broker; any number, on any number of machines."""

from __future__ import annotations

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from budgets.services import work
from budgets.services.workers import Worker


class Command(BaseCommand):
    """A loop until it is told to end; the job at hand is ended first."""

    help = "办理后台任务（不需要消息队列，可以在多台机器上同时运行）"

    def add_arguments(self, parser: CommandParser) -> None:
        """Once, or for ever."""
        parser.add_argument("--once", action="store_true", help="办完现在该办的就结束")

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweeps and works."""
        if options["once"]:
            work.sweep()
            self.stdout.write(f"办理 {len(work.work_off())} 个任务")
            return
        worker = Worker()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: worker.stop())
        self.stdout.write("后台任务：开始办理，按 Ctrl-C 结束")
        worker.run()
