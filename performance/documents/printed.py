"""Amounts of published tables that are no forms, with the words beside and above them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from performance.documents.expenditure import is_figure
from performance.documents.fields import unit_in
from performance.documents.forms import is_title
from performance.documents.grid import Grid, Line, Row
from performance.documents.labels import squeeze
from performance.documents.passages import is_heading
from performance.tables import PrintedFigure
from performance.values import read_amount

_TITLE = re.compile(r"(?!公开|附件?表|表\d).{2,60}表(?:[（(].{0,30}[)）])?")
_NO_AMOUNT = re.compile(
    r"行次|序号|栏次|档次|.{0,8}(?:编码|代码)|类|款|项|数\s?量|.{0,6}(?:人数|个数|占比|比例|增减率|幅度).{0,4}"
)
_DASHES = re.compile(r"[-—–―/]{1,4}")
_COUNTER_ROWS = {"栏次", "行次", "档次"}
_FACTORS = {
    "元": Decimal(1),
    "千元": Decimal(1000),
    "万元": Decimal(10**4),
    "百万元": Decimal(10**6),
    "亿元": Decimal(10**8),
}
_MOST_COLUMNS = 60
_LONGEST_LABEL = 60


@dataclass(slots=True)
class _Table:
    title: str = ""
    unit: str | None = None
    head: dict[int, str] = field(default_factory=dict)
    in_head: bool = False
    figures: list[PrintedFigure] = field(default_factory=list)
    places: int = 0


def read_printed(grid: Grid) -> Iterator[PrintedFigure]:
    """All amounts of tables that name their unit of money; forms are left to their own reader."""
    table = _Table()
    for item in grid:
        title = _title(item)
        if title is not None:
            yield from _finished(table)
            table = _Table(title=title)
        texts = [item.text] if isinstance(item, Line) else [c.text for _, c in item.filled()]
        for text in texts:
            if len(text) <= 80 and (unit := unit_in(text)):
                table.unit = unit
        if isinstance(item, Row):
            _row(table, item)
    yield from _finished(table)


def _title(item: Line | Row) -> str | None:
    """The title that a line or a row with little else holds; form titles end a table, too."""
    texts = [item.text] if isinstance(item, Line) else [c.text for _, c in item.filled()]
    if not 0 < len(texts) <= 2:
        return None
    text = squeeze(texts[0])
    if _TITLE.fullmatch(text) or is_title(text):
        return texts[0]
    return text if isinstance(item, Line) and is_heading(text) else None


def _row(table: _Table, row: Row) -> None:
    texts = [
        _DASHES.sub("", text) if _DASHES.fullmatch(text) else text
        for text in map(squeeze, row.texts[:_MOST_COLUMNS])
    ]
    filled = [text for text in texts if text]
    if not filled:
        return
    if filled[0] in _COUNTER_ROWS or all(text.isdecimal() and len(text) < 3 for text in filled):
        return
    if not any(is_figure(text) for text in texts):
        if len(filled) > 1:
            if not table.in_head:
                table.head = {}
            table.in_head = True
            for index, text in enumerate(texts):
                if text:
                    table.head[index] = text
        return
    table.in_head = False
    if table.unit in _FACTORS:
        _amounts(table, row, texts)


def _amounts(table: _Table, row: Row, texts: list[str]) -> None:
    label = ""
    for index, text in enumerate(texts):
        if not text:
            continue
        if not is_figure(text):
            label = text if len(text) <= _LONGEST_LABEL else ""
            continue
        column = table.head.get(index, "")
        if _NO_AMOUNT.fullmatch(column):
            continue
        amount = read_amount(text, table.unit)
        if amount.value is None:
            continue
        decimals = len(text.partition(".")[2])
        table.places = max(table.places, min(decimals, 6))
        table.figures.append(
            PrintedFigure(
                title=table.title,
                label=label,
                column=column,
                value=amount.value,
                step=Decimal(1),
                at=row.cells[index].at,
            )
        )


def _finished(table: _Table) -> Iterator[PrintedFigure]:
    """The figures of a table: all are as precise as its most precise one (1.2 beside 34.36)."""
    step = _FACTORS.get(table.unit or "", Decimal(1)).scaleb(-table.places)
    for figure in table.figures:
        yield replace(figure, step=step)
