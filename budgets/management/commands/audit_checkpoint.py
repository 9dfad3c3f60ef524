"""``manage.py audit_checkpoint``: writes down, signed, where every chain of the trail stands."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from budgets.keys import KeyTrouble
from budgets.services.checkpoints import make_checkpoint


class Command(BaseCommand):
    """Makes one checkpoint; run it by the clock, and keep a copy on another machine."""

    help = "为留痕做一个检查点"

    def handle(self, *args: Any, **options: Any) -> None:
        """Says its number, how many chains it vouches for, and where it is."""
        try:
            made = make_checkpoint()
        except KeyTrouble as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"检查点写不进去：{error.strerror}：{error.filename}") from None
        self.stdout.write(f"第 {made.number} 号检查点，{made.chains} 条链：{made.path}")
        self.stdout.write(f"SHA-256 {made.digest}")
