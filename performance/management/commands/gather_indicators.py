"""``manage.py gather_indicators``: makes the indicator library anew from published target tables."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from budgets.access import seen_by_system
from performance.services.library import gather_indicators


class Command(BaseCommand):
    """The same as the job of every night."""

    help = "重新归集指标库：取自已公开的绩效目标表"

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the number of entries."""
        with seen_by_system():
            count = gather_indicators()
        self.stdout.write(f"指标库共 {count} 条")
