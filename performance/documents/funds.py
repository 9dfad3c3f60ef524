"""The fund block of a form: one row per source below a header, or labels with amounts beside."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from performance.documents.align import align
from performance.documents.columns import is_dash
from performance.documents.fields import unit_in
from performance.documents.fund_labels import FundColumn, fund_column, fund_source
from performance.documents.grid import Cell, Row
from performance.documents.labels import Label, field_of, label_key, squeeze
from performance.documents.problems import problem
from performance.tables import Execution, Fund, FundSource, FundStage, Place, Problem
from performance.values import parse_number, parse_share, read_amount

_POINTS = re.compile(r"[（(](\d{1,3}(?:\.\d{1,2})?)分")
_AMOUNT_LIKE = re.compile(r"[-+]?\d[\d,.]{0,24}(?:元|万元|亿元|%)?")


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
    _percent: bool = False
    """The header says that rates are in percent: 86.3 is 86.3%."""

    def read(self, row: Row) -> bool:
        """Takes a row if it is one of money; says whether it was."""
        if self._header(row):
            return True
        if self._columns is not None:
            return self._under_header(row)
        return self._beside_labels(row)

    def _header(self, row: Row) -> bool:
        roles = [_column(cell.text) for cell in row.cells]
        found = set(roles)
        if FundColumn.EXECUTED not in found and FundColumn.ADJUSTED not in found:
            return False
        if len(found - {None, FundColumn.OTHER}) < 2:
            return False
        if self._amounts_beside(row):
            return True
        for _, cell in row.filled():
            self.unit = unit_in(cell.text) or self.unit
            if field_of(cell.text) is Label.EXECUTION_HEAD or _column(cell.text) in {
                FundColumn.AWARDED,
                FundColumn.POINTS,
            }:
                points = _POINTS.search(squeeze(cell.text))
                if points and self.points is None:
                    self.points = Decimal(points.group(1))
            if _column(cell.text) is FundColumn.RATE and "%" in squeeze(cell.text):
                self._percent = True
        self._columns = roles
        return True

    def _amounts_beside(self, row: Row) -> bool:
        """预算数 | 100 | 执行数 | 80 | 执行率 | 80%: labels with figures, all of one total."""
        filled = [cell for _, cell in row.filled()]
        cells: dict[FundColumn, Cell] = {}
        for label, figure in pairwise(filled):
            role = _column(label.text)
            if role is not None and _AMOUNT_LIKE.fullmatch(squeeze(figure.text)):
                cells.setdefault(role, figure)
        if len(cells) < 2:
            return False
        for cell in filled:
            self.unit = unit_in(cell.text) or self.unit
        self._take(FundSource.TOTAL, filled[0], cells)
        return True

    # ── one row per source below a header ───────────────────────────────────────────────────────

    def _under_header(self, row: Row) -> bool:
        filled = row.filled()
        label_at = next((i for i, (_, cell) in enumerate(filled) if fund_source(cell.text)), None)
        if label_at is None or label_at > 1:
            return False
        label = filled[label_at][1]
        source = fund_source(label.text)
        assert source is not None
        assert self._columns is not None
        self.unit = self.unit or unit_in(label.text)
        rest = [(index, cell) for index, cell in filled[label_at + 1 :] if not is_dash(cell.text)]
        self._take(source, label, self._cells(rest))
        return True

    def _take(self, source: FundSource, label: Cell, cells: dict[FundColumn, Cell]) -> None:
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
        columns = self._columns if self._columns is not None else cells
        if source is FundSource.TOTAL and FundColumn.EXECUTED in columns:
            self._execution(label, cells, amounts)

    def _cells(self, rest: list[tuple[int, Cell]]) -> dict[FundColumn, Cell]:
        columns = self._columns or []

        def fit(text: str, column: int) -> float:
            role = columns[column]
            if role is None:
                return -6.0
            if role is FundColumn.OTHER:
                return 0.2
            percent = "%" in squeeze(text)
            if role is FundColumn.RATE:
                return 4.0 if percent else 0.5
            return -3.0 if percent else 3.0

        placed = align([(index, cell.text) for index, cell in rest], len(columns), fit)
        found: dict[FundColumn, Cell] = {}
        for (_, cell), column in zip(rest, placed, strict=True):
            role = columns[column] if column is not None else None
            if role is None or (role in found and role is not FundColumn.OTHER):
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
            if rate is None and self._percent and (number := parse_number(cell.text)) is not None:
                rate = number / 100
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
            amount = self._amount(filled[index + 1]) if follows else None
            stage = FundStage.ANNUAL
            first_of_two = annual and source not in seen and not _says_annual(filled[index].text)
            if first_of_two or label_key(filled[index].text).startswith("实施期"):
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


def _column(text: str) -> FundColumn | None:
    """What a header cell announces; 预算执行情况 is the head of the block and no column."""
    if field_of(text) in {Label.EXECUTION_HEAD, Label.FUND_HEAD}:
        return None
    return fund_column(text)
