"""``manage.py proof_text FILE --against DOCUMENT``: the figures of a draft, held to a document."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from performance.documents import read
from performance.documents.text import decode
from performance.examination.prose.proof import proof
from performance.examination.prose.proof_json import proofs_json
from performance.management.output import file_bytes, write_json


class Command(BaseCommand):
    """Proofreads a text without any database."""

    help = "数字校对：逐个核对文稿中的金额、数量和百分比与所给文件是否一致，以 JSON 输出"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """The draft and the document; ``--json`` leaves out the indentation."""
        parser.add_argument("path", type=Path, help="文稿路径（文本文件）")
        parser.add_argument("--against", type=Path, required=True, help="作为依据的文件路径")
        parser.add_argument("--json", action="store_true", dest="compact", help="紧凑的 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints every figure with its status; exit code 2 when a file cannot be read."""
        path, against = options["path"], options["against"]
        text = decode(file_bytes(path))
        if text is None:
            raise CommandError(f"读不出文稿 {path}：不是文本文件", returncode=2)
        document = read(file_bytes(against), against.name)
        write_json(proofs_json(proof(text, document)), compact=options["compact"])
