"""``manage.py audit_verify``: recomputes the whole trail; exit code 1 when anything is not as it was."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from budgets.keys import KeyTrouble
from budgets.services.checkpoints import public_keys_of, read_shelf
from budgets.services.trail import Verdict, verify


class Command(BaseCommand):
    """Chains, seals, checkpoints, and the rows of today against the trail."""

    help = "核验留痕：链、封印、检查点，以及与当前数据是否一致"

    def add_arguments(self, parser: CommandParser) -> None:
        """Another folder or other keys than the settings name."""
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")
        parser.add_argument("--checkpoints", type=Path, help="检查点所在的文件夹")
        parser.add_argument("--public-keys", type=Path, help="manage.py keys public 输出的文件")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints denominators always, every fault as one sentence."""
        public, folder = options["public_keys"], options["checkpoints"]
        if folder is not None and not folder.is_dir():
            raise CommandError(f"没有这个文件夹：{folder}", returncode=2)
        try:
            given = public_keys_of(public) if public else None
            verdict = verify(shelf=read_shelf([folder] if folder else None, given))
        except KeyTrouble as error:
            raise CommandError(str(error), returncode=2) from None
        except (OSError, ValueError) as error:
            raise CommandError(f"公钥文件读不出来：{type(error).__name__}", returncode=2) from None
        if options["json"]:
            found = {**asdict(verdict), "sound": verdict.sound}
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
        else:
            self._say(verdict)
        if not verdict.sound:
            sys.exit(1)

    def _say(self, verdict: Verdict) -> None:
        for fault in verdict.faults:
            self.stdout.write(f"✗ {fault}")
        if verdict.unlisted:
            self.stdout.write(f"✗ 另有 {verdict.unlisted} 处未列出")
        self.stdout.write(
            f"链 {verdict.chains} 条，留痕 {verdict.events} 条（其中不经业务动作的直接写入"
            f" {verdict.direct_writes} 条），变更 {verdict.changes} 处；检查点 {verdict.checkpoints} 个，"
            f"核对 {verdict.heads} 处；与留痕对照的表 {verdict.tables} 张，现有 {verdict.rows} 行"
        )
        self.stdout.write("核验通过" if verdict.sound else "核验不通过：留痕或数据已被改动")
