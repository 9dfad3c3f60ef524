"""``manage.py backup --to FOLDER``: database, files and checkpoints, encrypted and signed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from budgets.errors import ServiceError
from budgets.keys import KeyTrouble
from budgets.services.backups import make_backup


class Command(BaseCommand):
    """Prints where the backup is and what it holds."""

    help = "备份数据库、文件和检查点（加密、签名；密钥文件须另外保管）"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """The folder below which a new one is made."""
        parser.add_argument("--to", type=Path, required=True, help="放在哪个目录下")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit code 1 with a sentence when it did not go well."""
        try:
            folder, manifest = make_backup(options["to"])
        except (ServiceError, KeyTrouble) as error:
            raise CommandError(str(error)) from None
        rows = sum(count for count, _ in manifest.tables.values())
        self.stdout.write(
            f"已备份到 {folder}：{len(manifest.tables)} 张表 {rows} 行，{len(manifest.files)} 个文件"
        )
