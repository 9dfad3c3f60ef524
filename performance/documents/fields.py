"""Fields around the indicators: labels with their values, check boxes, the fund block."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from performance.documents.align import align
from performance.documents.columns import is_dash
from performance.documents.grid import Cell, Row
from performance.documents.labels import (
    FundColumn,
    Label,
    field_of,
    fund_column,
    fund_source,
    label_key,
    squeeze,
)
from performance.documents.problems import problem
from performance.tables import Execution, Fund, FundSource, FundStage, Place, Problem
from performance.values import parse_number, parse_share, read_amount

_UNIT = re.compile(r"[（(](?:单位|金额单位)?[:：]?(万元|亿元|百万元|千元|元)[)）]|单位[:：](万元|亿元|元)")
_POINTS = re.compile(r"[（(](\d{1,3}(?:\.\d{1,2})?)分")
_BOX = re.compile(r"([☑☒✓✔√■☐□○◻▢]|\[[xX√ ]\]|[（(][√✓xX ][)）])")
_CHECKED = set("☑☒✓✔√■")
_OPTION = re.compile(r"^\s{0,4}(?:\d{1,2}|[一二三四五六七八九十])\s{0,4}[、.．:：]\s{0,4}")


def pairs(row: Row) -> Iterator[tuple[Label, Cell, Cell | None]]:
    """The labels of a row, each with the cell that holds its value (None when it is empty)."""
    filled = [cell for _, cell in row.filled()]
    labels = [field_of(cell.text) for cell in filled]
    for index, label in enumerate(labels):
        if label is None:
            continue
        follows = index + 1 < len(filled) and labels[index + 1] is None
        yield label, filled[index], filled[index + 1] if follows else None


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


@dataclass(slots=True)
class FundBlock:
    """The rows of money of one form, as they come."""

    unit: str | None = None
    unit_inferred: bool = False
    funds: list[Fund] = field(default_factory=list)
    execution: Execution | None = None
    points: Decimal | None = None
    problems: list[Problem] = field(default_factory=list)
    _columns: list[FundColumn | None] | None = None

    def read(self, row: Row) -> bool:
        """Takes a row if it is one of money; says whether it was."""
        if self._header(row):
            return True
        if self._columns is not None:
            return self._under_header(row)
        return self._beside_labels(row)

    def _header(self, row: Row) -> bool:
        roles = [fund_column(cell.text) for cell in row.cells]
        found = set(roles)
        if FundColumn.EXECUTED not in found and FundColumn.ADJUSTED not in found:
            return False
        if len(found - {None}) < 2:
            return False
        for _, cell in row.filled():
            self.unit = unit_in(cell.text) or self.unit
            if field_of(cell.text) is Label.EXECUTION_HEAD or fund_column(cell.text) in {
                FundColumn.AWARDED,
                FundColumn.POINTS,
            }:
                points = _POINTS.search(squeeze(cell.text))
                if points and self.points is None:
                    self.points = Decimal(points.group(1))
        self._columns = roles
        return True

    # ── one row per source below a header ───────────────────────────────────────────────────────

    def _under_header(self, row: Row) -> bool:
        filled = row.filled()
        label_at = next((i for i, (_, cell) in enumerate(filled) if fund_source(cell.text)), None)
        if label_at is None or label_at > 1:
            return False
        label = filled[label_at][1]
        source = fund_source(label.text)
        assert source is not None and self._columns is not None
        self.unit = self.unit or unit_in(label.text)
        rest = [(index, cell) for index, cell in filled[label_at + 1 :] if not is_dash(cell.text)]
        cells = self._cells(rest)
        amounts = {
            role: self._amount(cells.get(role))
            for role in (FundColumn.INITIAL, FundColumn.ADJUSTED, FundColumn.EXECUTED)
        }
        self.funds.append(
            Fund(
                source=source,
                initial=amounts[FundColumn.INITIAL],
                adjusted=amounts[FundColumn.ADJUSTED],
                executed=amounts[FundColumn.EXECUTED],
            )
        )
        if source is FundSource.TOTAL and FundColumn.EXECUTED in self._columns:
            self._execution(label, cells, amounts)
        return True

    def _cells(self, rest: list[tuple[int, Cell]]) -> dict[FundColumn, Cell]:
        columns = self._columns or []

        def fit(text: str, column: int) -> float:
            role = columns[column]
            if role is None or role is FundColumn.LABEL:
                return -6.0
            percent = "%" in squeeze(text)
            if role is FundColumn.RATE:
                return 4.0 if percent else 0.5
            return -3.0 if percent else 3.0

        placed = align([(index, cell.text) for index, cell in rest], len(columns), fit)
        found: dict[FundColumn, Cell] = {}
        for (_, cell), column in zip(rest, placed, strict=True):
            role = columns[column] if column is not None else None
            if role is None:
                self.problems.append(
                    problem("cell_unplaced", cell.at, raw=cell.text, detail=cell.text[:40])
                )
            else:
                found[role] = cell
        return found

    def _execution(
        self,
        label: Cell,
        cells: dict[FundColumn, Cell],
        amounts: dict[FundColumn, Decimal | None],
    ) -> None:
        rate = None
        if cell := cells.get(FundColumn.RATE):
            rate = parse_share(cell.text)
            if rate is None:
                self.problems.append(
                    problem("rate_unreadable", cell.at, field="rate_claimed", raw=cell.text)
                )
        points = self._number(cells.get(FundColumn.POINTS))
        adjusted, initial = amounts[FundColumn.ADJUSTED], amounts[FundColumn.INITIAL]
        inferred: list[str] = []
        if adjusted is None and initial is not None:
            inferred.append("budget_used")
        self.execution = Execution(
            budget=adjusted,
            budget_used=adjusted if adjusted is not None else initial,
            executed=amounts[FundColumn.EXECUTED],
            rate_claimed=rate,
            points=points if points is not None else self.points,
            awarded=self._number(cells.get(FundColumn.AWARDED)),
            inferred=tuple(inferred),
            at=label.at,
        )

    # ── labels with the amount beside them ──────────────────────────────────────────────────────

    def _beside_labels(self, row: Row) -> bool:
        filled = [cell for _, cell in row.filled()]
        sources = [fund_source(cell.text) for cell in filled]
        if not any(sources):
            return False
        if not self._looks_like_money(filled, sources):
            return False
        for cell in filled:
            if field_of(cell.text) is Label.FUND_HEAD:
                self.unit = unit_in(cell.text) or self.unit
        annual = sum(1 for source in sources if source) > 1 and self._has_period(filled, sources)
        seen: set[FundSource] = set()
        for index, source in enumerate(sources):
            if source is None:
                continue
            follows = index + 1 < len(filled) and sources[index + 1] is None
            cell = filled[index + 1] if follows else None
            amount = self._amount(cell) if cell is not None else None
            stage = FundStage.ANNUAL
            if annual and source not in seen and not _says_annual(filled[index].text):
                stage = FundStage.WHOLE_PERIOD
            seen.add(source)
            self.funds.append(Fund(source=source, stage=stage, initial=amount))
        return True

    @staticmethod
    def _looks_like_money(filled: list[Cell], sources: list[FundSource | None]) -> bool:
        """A source alone, or followed by a number: the word in running text is none."""
        for index, source in enumerate(sources):
            if source is None:
                continue
            if index + 1 < len(filled) and sources[index + 1] is None:
                text = squeeze(filled[index + 1].text)
                if not is_dash(text) and not text[:1].isdigit() and not text.startswith("-"):
                    return False
        return True

    @staticmethod
    def _has_period(filled: list[Cell], sources: list[FundSource | None]) -> bool:
        """Whether the same source stands twice in the row: whole period left, year right."""
        named = [source for source in sources if source]
        return len(named) != len(set(named))

    # ── figures ─────────────────────────────────────────────────────────────────────────────────

    def _amount(self, cell: Cell | None) -> Decimal | None:
        if cell is None:
            return None
        if self.unit is None:
            self.unit, self.unit_inferred = "万元", True
            self.problems.append(problem("unit_assumed", cell.at, field="funds", raw=cell.text))
        read = read_amount(cell.text, self.unit)
        if not read.ok:
            self._unreadable(cell.at, cell.text)
        return read.value

    def _number(self, cell: Cell | None) -> Decimal | None:
        return parse_number(cell.text) if cell is not None else None

    def _unreadable(self, at: Place, raw: str) -> None:
        self.problems.append(
            problem("amount_unreadable", at, field="funds", raw=raw, detail=f"“{raw[:40]}”")
        )


def _says_annual(text: str) -> bool:
    return label_key(text).startswith(("年度", "全年", "当年", "本年"))
