"""``manage.py rule_lab``: a year, or one document, scored again under other rules; nothing written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from budgets.errors import Invalid
from performance.documents import read
from performance.lab import LabReport, compare
from performance.management.output import file_bytes, write_json
from performance.reports.lab import lab_json, lab_lines
from performance.selectors.lab import Wish, contest_of, tried_by_command
from performance.tables import TableKind


class Command(BaseCommand):
    """With ``--document`` no database is needed."""

    help = "规则试算：按别的规则集或改动的界限重新评分，列出等级变化及原因；不写入任何数据"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Papers, base, rule sets to hold against it, changed thresholds."""
        parser.add_argument("--year", type=int, help="年度；与 --document 二选一")
        parser.add_argument("--unit", default="", help="只算这个代码的单位")
        parser.add_argument("--document", type=Path, help="只算这个文件中的自评表，不用数据库")
        parser.add_argument("--base", required=True, help="基准规则集，如 hubei-2020")
        parser.add_argument("--against", action="append", default=[], help="对照的规则集，可重复")
        parser.add_argument(
            "--set",
            action="append",
            default=[],
            dest="thresholds",
            metavar="键=值",
            help="在基准上改一个界限作为又一个对照，可重复，如 grades=优:85,良:75,中:60,差:0",
        )
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the report; exit code 2 for what cannot be tried."""
        if (options["year"] is None) == (options["document"] is None):
            raise CommandError("--year 和 --document 要给一个，且只给一个", returncode=2)
        settings = dict(_setting(text) for text in options["thresholds"])
        wish = Wish(
            year=options["year"] or 0,
            base=options["base"],
            against=options["against"],
            settings=settings,
        )
        papers: tuple[Any, ...] = ()
        try:
            if options["document"]:
                report = _of_document(options["document"], wish)
            else:
                found = tried_by_command(wish, options["unit"])
                report, papers = found.report, found.papers
        except Invalid as error:
            raise CommandError("；".join(map(str, error.fields.values())), returncode=2) from None
        if options["json"]:
            write_json(lab_json(report, papers), compact=False)
        else:
            for line in lab_lines(report):
                self.stdout.write(line)


def _of_document(path: Path, wish: Wish) -> LabReport:
    contest = contest_of(wish.base, wish.against, wish.settings)
    document = read(file_bytes(path), path.name)
    tables = [table for table in document.tables if table.kind is TableKind.SELF_EVALUATION]
    return compare(tables, contest.base, contest.others, contest.labels)


def _setting(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign:
        raise CommandError(f"“{text[:60]}”应写成 键=值", returncode=2)
    return key.strip(), value
