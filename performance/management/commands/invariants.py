"""``manage.py invariants``: what must always be true of the stored data; exit code 1 when it is not."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from budgets.keys import KeyTrouble
from performance.services.invariants import check_all


class Command(BaseCommand):
    """Run after every restore, every import of many, every harness."""

    help = "检查数据必须始终成立的不变量"

    def add_arguments(self, parser: CommandParser) -> None:
        """JSON for programs."""
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line an invariant with its denominator, every violation below it."""
        try:
            results = check_all()
        except KeyTrouble as error:
            raise CommandError(str(error), returncode=2) from None
        if options["json"]:
            found = {
                "holds": all(r.holds for r in results),
                "results": [asdict(r) for r in results],
            }
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
        else:
            for result in results:
                state = "成立" if result.holds else f"不成立，{result.broken} 处"
                self.stdout.write(f"{result.name}\t{result.title}\t查 {result.checked}\t{state}")
                for words in result.violations:
                    self.stdout.write(f"  ✗ {words}")
                for words in result.notes:
                    self.stdout.write(f"  · {words}")
        if not all(result.holds for result in results):
            sys.exit(1)
