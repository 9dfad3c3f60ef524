"""Lists as files for a spreadsheet, in which no text that people typed can act as a formula.

The same rows always give the same bytes: no time, no name of a machine stands in the file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from xlsxwriter import Workbook

Cell: TypeAlias = str | int | Decimal | date | None
_STARTS = tuple("=+-@＝＋－＠\t\r\n")
_BLANKS = " \u00a0\u3000\u200b\ufeff\t\r\n"
_LONGEST = 32_767
"""Characters that a cell of a workbook takes."""
_UNWRITABLE = {0xFFFE: 0xFFFD, 0xFFFF: 0xFFFD}
"""What XML cannot say."""
_EPOCH = datetime(2000, 1, 1)
_EXACT_DIGITS = 15
"""A spreadsheet computes in binary floating point: longer numbers would silently change."""


def csv_file(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with a mark of the encoding, as spreadsheets in Chinese offices expect it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([defused(name) for name in head])
    for row in rows:
        writer.writerow([_csv_cell(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return defused(cell)
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell)


def defused(text: str) -> str:
    """The text, with ' before every line of it that a spreadsheet could take for a formula."""
    lines = text.splitlines(keepends=True)
    if not any(_acts(line) for line in lines) and not text.startswith(_STARTS):
        return text
    return "".join(f"'{line}" if _acts(line) or n == 0 else line for n, line in enumerate(lines))


def _acts(line: str) -> bool:
    return line.lstrip(_BLANKS).startswith(_STARTS)


def xlsx_file(title: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A workbook of one sheet: text is text whatever it begins with, numbers are numbers."""
    out = io.BytesIO()
    book = Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"title": title, "created": _EPOCH})
    sheet = book.add_worksheet(title[:31])
    bold = book.add_format({"bold": True})
    for column, name in enumerate(head):
        sheet.write_string(0, column, name, bold)
    for n, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if cell is None:
                continue
            if isinstance(cell, (int, Decimal)) and _is_exact(cell):
                sheet.write_number(n, column, float(cell))
            else:
                text = cell if isinstance(cell, str) else _csv_cell(cell)
                sheet.write_string(n, column, text[:_LONGEST].translate(_UNWRITABLE))
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


def _is_exact(number: int | Decimal) -> bool:
    return len(Decimal(number).normalize().as_tuple().digits) <= _EXACT_DIGITS
