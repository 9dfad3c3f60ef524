"""``manage.py read_document PATH``: one JSON document of all that stands in a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from performance.documents import read
from performance.management.output import file_bytes, write_json
from performance.reports.json import document_json


class Command(BaseCommand):
    """Reads a file without any database."""

    help = "读出文件中的绩效目标表、自评表和支出表，以 JSON 输出"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """The path; ``--json`` leaves out the indentation."""
        parser.add_argument("path", type=Path, help="文件路径")
        parser.add_argument("--json", action="store_true", dest="compact", help="紧凑的 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the document."""
        data = file_bytes(options["path"])
        write_json(document_json(read(data, options["path"].name)), compact=options["compact"])
