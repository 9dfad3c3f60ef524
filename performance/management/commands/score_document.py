"""``manage.py score_document PATH --ruleset ID``: the document, its scores and the findings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from performance.appraisal import appraise
from performance.documents import read
from performance.management.output import file_bytes, write_json
from performance.reports.json import scored_json
from performance.rulebook import UnknownRuleset, load


class Command(BaseCommand):
    """Scores every self-evaluation of a file without any database."""

    help = "按给定的规则集给文件中的每张自评表打分，以 JSON 输出"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """The path and the rule set; ``--json`` leaves out the indentation."""
        parser.add_argument("path", type=Path, help="文件路径")
        parser.add_argument("--ruleset", required=True, help="规则集编号，如 hubei-2020")
        parser.add_argument("--json", action="store_true", dest="compact", help="紧凑的 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the document with scores and findings."""
        try:
            rules = load(options["ruleset"])
        except UnknownRuleset as error:
            raise CommandError(str(error), returncode=2) from None
        document = read(file_bytes(options["path"]), options["path"].name)
        appraisal = appraise(document, rules)
        write_json(
            scored_json(document, appraisal.sheets, appraisal.findings),
            compact=options["compact"],
        )
