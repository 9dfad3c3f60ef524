"""Function-coded expenditure tables (支出总表, 支出决算表): what the projects have to tie to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from performance.documents.fields import unit_in
from performance.documents.grid import Grid, Line, Row
from performance.documents.labels import is_note, label_key, squeeze
from performance.documents.problems import problem
from performance.tables import ExpenditureLine, Problem
from performance.values import read_amount


class _Role(StrEnum):
    CODE = "code"
    NAME = "name"
    TOTAL = "total"
    BASIC = "basic"
    PROJECT = "project"


_ROLES: tuple[tuple[_Role, re.Pattern[str]], ...] = (
    (
        _Role.CODE,
        re.compile(
            r"(?:功能分类)?科目(?:编码|代码)|支出功能分类科目编码|功能分类科目编码|类|款|项|科目编号|编码|代码"
        ),
    ),
    (
        _Role.NAME,
        re.compile(r"(?:项目)?(?:支出)?(?:功能分类)?科目名称|功能分类科目|支出功能分类"),
    ),
    (_Role.BASIC, re.compile(r"基本支出(?:小计|预算数?)?")),
    (_Role.PROJECT, re.compile(r"项目支出(?:小计|预算数?)?")),
    (
        _Role.TOTAL,
        re.compile(r"合计|总计|小计|本年支出合计|本年支出|支出合计|支出预算合计"),
    ),
)
_CODE = re.compile(r"[12]\d{2}(?:\d{2}){0,2}")
_CODE_PART = re.compile(r"\d{2,3}")
_TOTAL_NAMES = {"合计", "总计", "支出合计", "本年支出合计"}
_FIGURE = re.compile(r"-?\d[\d,]{0,20}(?:\.\d{1,6})?")
_ORDINALS = re.compile(r"\d{1,2}")
_TITLE = re.compile(r"(?!公开|附件?表|表\d).{2,60}表(?:[（(].{0,30}[)）])?")
_MOST_HEADER_ROWS = 2


def _roles(row: Row) -> dict[int, _Role]:
    found: dict[int, _Role] = {}
    for index, cell in row.filled():
        key = label_key(cell.text)
        for role, pattern in _ROLES:
            if pattern.fullmatch(key):
                found[index] = role
                break
    return found


def is_expenditure_header(row: Row) -> bool:
    """Whether a row announces basic and project expenditure side by side."""
    roles = set(_roles(row).values())
    return {_Role.BASIC, _Role.PROJECT} <= roles


@dataclass(slots=True)
class ExpenditureReader:
    """Collects the lines of all expenditure tables of a document."""

    lines: list[ExpenditureLine] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _title: str = ""
    _unit: str | None = None
    _codes: list[int] = field(default_factory=list)
    _columns: dict[_Role, int] = field(default_factory=dict)
    _before: list[Row] = field(default_factory=list)
    _reading: bool = False

    def run(self, grid: Grid) -> None:
        """Walks all items."""
        for item in grid:
            if isinstance(item, Line):
                self._line(item)
            else:
                self._row(item)

    def _line(self, line: Line) -> None:
        text = squeeze(line.text)
        if _TITLE.fullmatch(text):
            self._title, self._unit = line.text, None
            self._reading = False
            self._before.clear()
        elif unit := unit_in(line.text):
            self._unit = unit

    def _row(self, row: Row) -> None:
        filled = row.filled()
        if not filled:
            return
        for _, cell in filled:
            text = squeeze(cell.text)
            if unit := unit_in(text):
                self._unit = unit
            if _TITLE.fullmatch(text) and len(filled) <= 2:
                self._title, self._reading = cell.text, False
                self._before.clear()
        if is_expenditure_header(row):
            self._open(row)
        elif self._reading:
            self._header_or_line(row)
        else:
            self._before = [*self._before[1 - _MOST_HEADER_ROWS :], row]

    def _open(self, row: Row) -> None:
        self._columns, self._codes = {}, []
        for before in self._before[-_MOST_HEADER_ROWS:]:
            if not any(is_figure(text) for text in before.texts):
                self._take(before, {_Role.CODE, _Role.NAME})
        self._take(row, set(_Role))
        self._reading = True
        self._before.clear()

    def _take(self, row: Row, roles: set[_Role]) -> None:
        """Notes the columns of a header row; 小计 below 基本支出 is no total of the table."""
        for index, role in _roles(row).items():
            if role not in roles:
                continue
            if role is _Role.CODE:
                if index not in self._codes:
                    self._codes.append(index)
            elif role is _Role.NAME or role not in self._columns:
                self._columns[role] = index

    def _header_or_line(self, row: Row) -> None:
        texts = [squeeze(text) for text in row.texts]
        roles = _roles(row)
        if roles and not any(is_figure(text) for text in texts):
            if len(row.filled()) > 1:
                self._take(row, set(_Role) - {_Role.BASIC, _Role.PROJECT})
            return
        if not self._codes and _Role.NAME not in self._columns:
            self._reading = False  # by unit or by kind of money, and not by function
            return
        code, name = self._code(texts), self._name(texts)
        if code is None and name is None:
            if not _is_ordinal_row(texts):
                self._stop_or_tell(row, texts)
            return
        if any(index >= len(texts) for index in self._columns.values()):
            self._unplaced(row, name or code or "")
            return
        total, basic, project = (
            self._amount(row, role) for role in (_Role.TOTAL, _Role.BASIC, _Role.PROJECT)
        )
        if total is None and basic is None and project is None:
            return
        self.lines.append(
            ExpenditureLine(
                table=self._title,
                code=code or "",
                name=name or "",
                total=total,
                basic=basic,
                project=project,
                at=row.at,
            )
        )

    def _stop_or_tell(self, row: Row, texts: list[str]) -> None:
        """A row of words ends the table; a row with figures and no code is a problem."""
        if any(is_figure(text) for text in texts) and not is_note(row.filled()[0][1].text):
            self._unplaced(row, row.filled()[0][1].text[:40])
        else:
            self._reading = False

    def _unplaced(self, row: Row, detail: str) -> None:
        self.problems.append(problem("row_unplaced", row.at, raw=row.joined, detail=detail))

    def _code(self, texts: list[str]) -> str | None:
        parts = [texts[i] for i in self._codes if i < len(texts) and texts[i]]
        if not parts or not all(_CODE_PART.fullmatch(p) or _CODE.fullmatch(p) for p in parts):
            return None
        code = "".join(parts)
        return code if _CODE.fullmatch(code) else None

    def _name(self, texts: list[str]) -> str | None:
        first_amount = min(
            (
                self._columns[r]
                for r in (_Role.TOTAL, _Role.BASIC, _Role.PROJECT)
                if r in self._columns
            ),
            default=len(texts),
        )
        total = next((t for t in texts[:first_amount] if t in _TOTAL_NAMES), None)
        if total is not None:
            return total
        at = self._columns.get(_Role.NAME)
        name_at = at if at is not None else (max(self._codes) + 1 if self._codes else None)
        if name_at is None or name_at >= len(texts) or self._code(texts) is None:
            return None
        return texts[name_at] or None

    def _amount(self, row: Row, role: _Role) -> Decimal | None:
        index = self._columns.get(role)
        if index is None or index >= len(row.cells):
            return None
        cell = row.cells[index]
        read = read_amount(cell.text, self._unit or "万元")
        if not read.ok:
            self.problems.append(
                problem(
                    "amount_unreadable",
                    cell.at,
                    field=role.value,
                    raw=cell.text,
                    detail=f"“{cell.text[:40]}”",
                )
            )
        return read.value


def is_figure(text: str) -> bool:
    """Whether a cell is a number, as codes and amounts are."""
    return len(text) <= 40 and _FIGURE.fullmatch(squeeze(text)) is not None


def _is_ordinal_row(texts: list[str]) -> bool:
    filled = [text for text in texts if text]
    return all(_ORDINALS.fullmatch(text) or text in {"栏次", "行次", "档次"} for text in filled)
