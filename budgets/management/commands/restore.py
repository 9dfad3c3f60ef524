"""``manage.py restore FOLDER --verify`` proves a backup; with addresses it restores one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from budgets.errors import ServiceError
from budgets.keys import KeyTrouble
from budgets.services.backups import compare_restored, restore_backup
from budgets.services.drills import drill


class Command(BaseCommand):
    """Restores into what is empty; never over what is there."""

    help = "恢复一份备份；--verify 只在临时的数据库里演练，并核对一切"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """The backup, and where to."""
        parser.add_argument("folder", type=Path, help="备份目录")
        parser.add_argument("--verify", action="store_true", help="在临时数据库里恢复并核对")
        parser.add_argument("--report", type=Path, help="演练报告（签名）写到哪里")
        parser.add_argument("--owner-url", help="空库的地址，角色 perf_owner")
        parser.add_argument("--backup-url", help="同一个库的地址，角色 perf_backup，用来核对")
        parser.add_argument(
            "--var", type=Path, help="文件恢复到这个目录（其中的 media、checkpoints）"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit code 1 when anything differs."""
        try:
            if options["verify"]:
                self._verify(options)
            else:
                self._restore(options)
        except (ServiceError, KeyTrouble) as error:
            raise CommandError(str(error)) from None

    def _verify(self, options: dict[str, Any]) -> None:
        found = drill(options["folder"], say=self.stdout.write)
        if options["report"]:
            text = json.dumps(found.report(), ensure_ascii=False, indent=1)
            options["report"].write_text(text + "\n", encoding="utf-8")
        for name, passed, words in found.checks:
            self.stdout.write(f"{'通过' if passed else '没有通过'}  {name}  {words}")
        for words in found.differences:
            self.stdout.write(f"不一致  {words}")
        summary = (
            f"{found.tables} 张表 {found.rows} 行，{found.files} 个文件，{found.seconds:.1f} 秒"
        )
        if not found.went_well:
            raise CommandError(f"这份备份不能依靠：{summary}")
        self.stdout.write(f"这份备份可以恢复，内容与清单一致：{summary}")

    def _restore(self, options: dict[str, Any]) -> None:
        if not (options["owner_url"] and options["backup_url"] and options["var"]):
            raise CommandError(
                "请给出 --owner-url、--backup-url 和 --var，或者用 --verify 演练", returncode=2
            )
        places = {"media": options["var"] / "media", "checkpoints": options["var"] / "checkpoints"}
        manifest = restore_backup(options["folder"], owner=options["owner_url"], **places)
        found = compare_restored(manifest, address=options["backup_url"], **places)
        for words in found.differences:
            self.stdout.write(f"不一致  {words}")
        if found.differences:
            raise CommandError("恢复出来的内容与清单不一致")
        self.stdout.write(
            f"已恢复 {found.tables} 张表 {found.rows} 行，{found.files} 个文件；"
            "请再运行 audit_verify 和 invariants"
        )
