"""Reader for CSV: every record is a row, placed at the line it begins on."""

from __future__ import annotations

import csv
import io

from performance.documents.grid import Cell, Item, Row
from performance.documents.text import clean

_DELIMITERS = (",", "\t", ";")
_LONGEST_CELL = 10 * 1024 * 1024


def read_delimited(text: str) -> list[Item]:
    """Rows of a CSV text. Places are line numbers from 1: ``L0007``."""
    csv.field_size_limit(_LONGEST_CELL)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    reader = csv.reader(io.StringIO(text, newline="\n"), delimiter=_delimiter(text))
    items: list[Item] = []
    begins = 1
    try:
        for record in reader:
            at = f"L{begins:04d}"
            begins = reader.line_num + 1
            if record:
                items.append(Row(tuple(Cell(clean(" ".join(part.split())), at) for part in record)))
    except csv.Error:
        pass  # a quote that never ends: what stands before it has been read
    return items


def _delimiter(text: str) -> str:
    """The sign that stands most often in the first lines."""
    head = text[:20_000]
    return max(_DELIMITERS, key=head.count)
