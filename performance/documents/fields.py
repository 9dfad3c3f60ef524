"""Fields around the indicators: labels with their values, and check boxes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias

from performance.documents.grid import Cell, Row
from performance.documents.labels import Label, field_of, squeeze

_UNIT = re.compile(
    r"[（(](?:单位|金额单位)?[:：]?(万元|亿元|百万元|千元|元)[)）]|单位[:：](万元|亿元|元)"
)
_INLINE = re.compile(r"\s{0,9}([^:：]{2,12})[:：]\s{0,9}(\S.{0,200})", re.DOTALL)
INLINE_LABELS = {
    Label.PROJECT,
    Label.PROJECT_CODE,
    Label.SUPERVISOR,
    Label.UNIT,
    Label.CONTACT,
    Label.PHONE,
}
_BOX = re.compile(r"([☑☒✓✔√■☐□○◻▢]|\[[xX√ ]\]|[（(][√✓xX ][)）])")
_CHECKED = set("☑☒✓✔√■")
_OPTION = re.compile(r"^\s{0,4}(?:\d{1,2}|[一二三四五六七八九十])\s{0,4}[、.．:：]\s{0,4}")


def with_inline(cells: Iterable[Cell]) -> list[Cell]:
    """Cells, those with a label and its value in one (项目名称：某项目) taken apart."""
    apart: list[Cell] = []
    for cell in cells:
        found = _INLINE.fullmatch(cell.text)
        if found and field_of(found.group(1)) in INLINE_LABELS:
            apart += [
                Cell(found.group(1), cell.at),
                Cell(found.group(2).strip(), cell.at),
            ]
        else:
            apart.append(cell)
    return apart


Pair: TypeAlias = tuple[Label, Cell, Cell | None]
"""A label, its cell, and the cell that holds its value (None when it is empty)."""


def pairs(row: Row) -> list[Pair]:
    """The labels of a row, each with its value."""
    return labelled(row)[0]


def labelled(row: Row) -> tuple[list[Pair], list[Cell]]:
    """The labels of a row with their values, and the cells that are neither."""
    filled = with_inline(cell for _, cell in row.filled())
    labels = [field_of(cell.text) for cell in filled]
    found: list[Pair] = []
    rest: list[Cell] = []
    for index, label in enumerate(labels):
        if label is not None:
            follows = index + 1 < len(filled) and labels[index + 1] is None
            found.append((label, filled[index], filled[index + 1] if follows else None))
        elif index == 0 or labels[index - 1] is None:
            rest.append(filled[index])
    return found, rest


def checked_options(text: str) -> tuple[str, ...]:
    """Texts of the checked boxes; the whole text where it has no boxes at all.

    A box may stand before its option or behind it; the first mark of the line tells which.
    """
    parts = _BOX.split(text)
    if len(parts) == 1:
        return (text,) if text else ()
    before = not _option(parts[0])
    chosen: list[str] = []
    for index in range(1, len(parts), 2):
        if _is_checked(parts[index]):
            option = _option(parts[index + 1] if before else parts[index - 1])
            if option:
                chosen.append(option)
    return tuple(chosen)


def _option(text: str) -> str:
    return _OPTION.sub("", text).strip(" ;；,，、")


def _is_checked(mark: str) -> bool:
    return any(sign in _CHECKED for sign in mark) or "x" in mark.lower()


def unit_in(text: str) -> str | None:
    """The unit of money that a header cell names, or None."""
    found = _UNIT.search(squeeze(text).replace("(", "（").replace(")", "）"))
    return next((group for group in found.groups() if group), None) if found else None


_NO_PROJECTS = {
    "预算资金",
    "预算数",
    "金额",
    "单位",
    "预算金额",
    "支出预算",
    "主要内容",
    "备注",
}


def is_project_row(row: Row) -> bool:
    """Whether 项目名称 in this row has its value beside it, and is no head of a list."""
    cells = with_inline(cell for _, cell in row.filled())
    if field_of(cells[0].text) is not Label.PROJECT or len(cells) < 2:
        return any(field_of(c.text) is Label.PROJECT for c in cells[2:]) and (
            field_of(cells[0].text) is not None
        )
    if squeeze(cells[1].text) in _NO_PROJECTS:
        return False
    return len(cells) == 2 or field_of(cells[2].text) is not None
