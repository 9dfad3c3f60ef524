"""Reader for HTML: tables with their merged cells spread out, and the text between them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from performance.documents.grid import Cell, Item, Line, Row
from performance.documents.text import CHECKED, UNCHECKED, clean

_CELLS = {"td", "th"}
_HIDDEN = {"script", "style", "template", "noscript"}
_BREAKS = {
    "p",
    "div",
    "br",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "title",
    "section",
    "tr",
}
_WIDEST = 200
"""Wider spans are cut: no form has as many columns, and a page could ask for millions."""
_START = re.compile(
    rb"\s{0,200}(?:<!--.{0,500}?-->\s{0,200})?<(?:!doctype\s{1,9}html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
_SECTION = re.compile(r"<!\[[^<>]{0,200}>")
_DIGITS = re.compile(r"\d{1,6}")


def is_markup(data: bytes) -> bool:
    """Whether a file is a web page, whatever its name says (.xls files often are)."""
    return _START.match(data[:2000].removeprefix(b"\xef\xbb\xbf")) is not None


def read_markup(text: str) -> list[Item]:
    """Rows and lines of a page, in order.

    Places are table, row and column from 1 (``T2R05C03``); a line of text has its number.
    """
    reader = _Reader()
    # The parser of the standard library stops at marked sections it does not know.
    reader.feed(_SECTION.sub(" ", text).replace("<![", " "))
    reader.close()
    reader.end()
    return reader.items


@dataclass(slots=True)
class _Table:
    """A table whose rows are coming in; ``down`` holds the columns that a span above covers."""

    number: int
    row: int = 0
    cells: dict[int, list[str]] = field(default_factory=dict)
    down: dict[int, int] = field(default_factory=dict)
    column: int = 0
    current: int | None = None


class _Reader(HTMLParser):
    """Collects items; nested tables are read as tables of their own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.items: list[Item] = []
        self._tables: list[_Table] = []
        self._count = 0
        self._hidden = 0
        self._line: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Opens tables, rows and cells; check boxes become ☑ and ☐."""
        values = dict(attrs)
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag == "table":
            self.end_line()
            self._count += 1
            self._tables.append(_Table(self._count))
        elif tag == "tr" and self._tables:
            self._end_row()
        elif tag in _CELLS and self._tables:
            self._start_cell(values)
        elif tag == "input" and values.get("type", "").lower() in {"checkbox", "radio"}:  # type: ignore[union-attr]
            self.handle_data(CHECKED if "checked" in values else UNCHECKED)
        elif tag in _BREAKS:
            self._break()

    def handle_endtag(self, tag: str) -> None:
        """Closes what was opened; stray tags are ignored."""
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag == "table" and self._tables:
            self._end_row()
            self._tables.pop()
        elif tag == "tr" and self._tables:
            self._end_row()
        elif tag in _CELLS and self._tables:
            self._tables[-1].current = None
        elif tag in _BREAKS:
            self._break()

    def handle_data(self, data: str) -> None:
        """Text of the cell at hand, or of the line outside tables."""
        if self._hidden:
            return
        table = self._tables[-1] if self._tables else None
        if table is None:
            self._line.append(data)
        elif table.current is not None:
            table.cells[table.current].append(data)

    def end_line(self) -> None:
        """Keeps the line of running text that has come in."""
        words = clean(" ".join("".join(self._line).split()))
        self._line.clear()
        if words:
            self.items.append(Line(words, f"L{len(self.items) + 1:04d}"))

    def end(self) -> None:
        """Keeps what was never closed."""
        while self._tables:
            self._end_row()
            self._tables.pop()
        self.end_line()

    def _break(self) -> None:
        if self._tables:
            self.handle_data(" ")
        else:
            self.end_line()

    def _start_cell(self, values: dict[str, str | None]) -> None:
        table = self._tables[-1]
        while table.down.get(table.column, 0):
            table.column += 1
        across, below = _span(values.get("colspan")), _span(values.get("rowspan"))
        if table.column + across > _WIDEST:
            table.current = None
            return
        table.current = table.column
        table.cells[table.column] = []
        for column in range(table.column, table.column + across):
            table.down[column] = below
        table.column += across

    def _end_row(self) -> None:
        table = self._tables[-1]
        if table.cells:
            width = max(max(table.cells), max(table.down)) + 1
            table.row += 1
            at = f"T{table.number}R{table.row:02d}"
            self.items.append(
                Row(
                    tuple(
                        Cell(
                            clean(" ".join("".join(table.cells.get(column, [])).split())),
                            f"{at}C{column + 1:02d}",
                        )
                        for column in range(width)
                    )
                )
            )
            table.down = {column: left - 1 for column, left in table.down.items() if left > 1}
        table.cells, table.column, table.current = {}, 0, None


def _span(value: str | None) -> int:
    found = _DIGITS.match(value or "")
    return min(max(int(found.group()), 1), _WIDEST) if found else 1
