"""Lists of projects with their money (项目支出预算表), as a budget prints them outside its forms."""

from __future__ import annotations

import re

from performance.documents.columns import is_dash
from performance.documents.fields import unit_in
from performance.documents.grid import Grid, Line, Row
from performance.documents.labels import label_key, squeeze
from performance.tables import ListedProject
from performance.values import read_amount

_AMOUNT_HEADS = {
    "合计",
    "总计",
    "小计",
    "金额",
    "预算数",
    "预算金额",
    "资金总额",
    "预算安排",
    "安排数",
}
_FIGURE = re.compile(r"-?\d[\d,]{0,20}(?:\.\d{1,6})?")
_LETTER = re.compile(r"[\u4e00-\u9fffA-Za-z]")


def read_listings(grid: Grid) -> list[ListedProject]:
    """The lines of every list whose header has 项目名称 beside a column of amounts, in order.

    Lines of the unit itself stand among them; a list ends where running text begins again.
    """
    found: list[ListedProject] = []
    columns: tuple[int, int] | None = None
    unit: str | None = None
    for item in grid:
        if isinstance(item, Line):
            unit = unit_in(item.text) or unit
            columns = None
            continue
        header = _header(item)
        if header is not None:
            columns = header
        elif columns is not None:
            listed = _listed(item, columns, unit or "万元")
            if listed is not None:
                found.append(listed)
    return found


def _header(row: Row) -> tuple[int, int] | None:
    keys = [label_key(cell.text) for cell in row.cells]
    names = [index for index, key in enumerate(keys) if key == "项目名称"]
    amounts = [index for index, key in enumerate(keys) if key in _AMOUNT_HEADS]
    return (names[0], amounts[0]) if len(names) == 1 and amounts else None


def _listed(row: Row, columns: tuple[int, int], unit: str) -> ListedProject | None:
    name_at, amount_at = columns
    if max(name_at, amount_at) >= len(row.cells):
        return None
    name, figure = row.cells[name_at], squeeze(row.cells[amount_at].text)
    if not _LETTER.search(name.text) or is_dash(name.text) or not _FIGURE.fullmatch(figure):
        return None
    amount = read_amount(figure, unit).value
    return ListedProject(name=name.text, at=name.at, amount=amount)
