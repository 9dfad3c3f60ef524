"""``manage.py load_samples``: the sample documents, scored, claimed beside computed."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from budgets.errors import ServiceError
from performance.services.samples import DEMO_ACCOUNTS, DEMO_PASSWORD, Compared, load_samples

_HEAD = ("文件", "项目", "规则集", "自评", "按规则", "差")


class Command(BaseCommand):
    """Loads and compares; quick the second time."""

    help = "载入示例文件，给其中的自评表打分，列出自评与按规则得分的对照"

    def add_arguments(self, parser: CommandParser) -> None:
        """Where the samples stand."""
        default = Path(settings.BASE_DIR) / "tests" / "samples"
        parser.add_argument("--folder", type=Path, default=default, help="示例文件所在目录")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints one row an evaluation."""
        try:
            compared = list(load_samples(options["folder"]))
        except ServiceError as error:
            raise CommandError(str(error)) from None
        for line in _table([_HEAD, *(_row(one) for one in compared)]):
            self.stdout.write(line)
        names = "、".join(username for username, _, _ in DEMO_ACCOUNTS)
        self.stdout.write(f"演示账号：{names}；密码：{DEMO_PASSWORD}（仅限本机开发环境）")


def _row(one: Compared) -> tuple[str, ...]:
    claimed = "—" if one.claimed is None else f"{one.claimed:.2f} {one.claimed_grade}"
    difference = "" if one.claimed is None else f"{one.total - one.claimed:+.2f}"
    total = f"{one.total:.2f} {one.grade or '部分'}"
    return (one.document, one.project, one.ruleset, claimed, total, difference)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(_width(row[column]) for row in rows) for column in range(len(_HEAD))]
    lines = []
    for row in rows:
        cells = []
        for column, text in enumerate(row):
            gap = " " * (widths[column] - _width(text))
            cells.append(gap + text if column >= 3 else text + gap)
        lines.append("  ".join(cells).rstrip())
    lines.insert(1, "-" * (sum(widths) + 2 * (len(widths) - 1)))
    return lines
