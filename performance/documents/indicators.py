"""One row of an indicator block: cells under columns, levels carried down, halves made one."""

from __future__ import annotations

from dataclasses import dataclass, field

from performance.documents.align import align
from performance.documents.columns import FITS, Header, is_dash
from performance.documents.grid import Cell, Row
from performance.documents.halves import same_name, twins
from performance.documents.labels import (
    FAMILY,
    Column,
    is_execution,
    is_level,
    is_note,
    is_placeholder_name,
    is_subtotal,
    level1_label,
    level2_label,
    squeeze,
)
from performance.documents.problems import problem
from performance.documents.raw import Levels, RawIndicator
from performance.tables import Problem

_SAME_NAME = 8.0
_SAME_NAME_ELSEWHERE = -8.0
_FIGURES = {Column.ACTUAL, Column.POINTS, Column.AWARDED}
_LEVELS_AND_NAME = {Column.LEVEL1, Column.LEVEL2, Column.NAME, Column.OTHER}


@dataclass(slots=True)
class IndicatorReader:
    """Reads the rows below one header, in order."""

    header: Header
    goal: str | None = None
    problems: list[Problem] = field(default_factory=list)
    levels: Levels = field(default_factory=Levels)

    def fits(self, row: Row) -> bool:
        """Whether a row looks like one of this block without moving any of its cells."""
        worth: list[float] = []
        roles: set[Column] = set()
        for index, cell in row.filled():
            if index >= len(self.header.columns):
                return False
            role = self.header.columns[index].role
            roles.add(role)
            worth.append(FITS[role](cell.text))
        named = Column.NAME in roles and bool(roles & {Column.TARGET, Column.VALUE, Column.POINTS})
        levels = any(is_level(cell.text) for _, cell in row.filled())
        return (named or levels) and all(value > 0 for value in worth)

    def takes_execution(self, row: Row) -> bool:
        """Whether a row that begins with 预算执行 is one of this block."""
        filled = [(index, cell) for index, cell in row.filled() if not is_dash(cell.text)]
        return self._execution_row(filled) is not None

    def read(self, row: Row) -> RawIndicator | None:
        """The indicator of a row, or None where the row holds none; problems are collected."""
        filled = [(index, cell) for index, cell in row.filled() if not is_dash(cell.text)]
        if not filled or self._is_no_indicator(filled):
            return None
        if (execution := self._execution_row(filled)) is not None:
            return execution
        halves, moved, left_out = self._place(filled)
        left = halves[0]
        self._carry(left)
        merged = self._merge(halves, moved)
        name = merged.get(Column.NAME)
        if name is None:
            self._without_name(merged, row, left_out)
            return None
        raw = self._indicator(name, merged)
        lacking = {column.role for column in self.header.columns[len(row.cells) :]}
        if moved:
            self._problem("row_shifted", name, raw=row.joined)
        elif lacking & _FIGURES:
            self._problem("row_short", name, raw=row.joined)
        for cell in left_out:
            self._problem("cell_unplaced", name, raw=cell.text, detail=cell.text[:40])
        return raw

    # ── rows of another kind ────────────────────────────────────────────────────────────────────

    def _is_no_indicator(self, filled: list[tuple[int, Cell]]) -> bool:
        """Notes, subtotals, prompts left in, and texts that run over the whole width."""
        texts = [cell.text for _, cell in filled]
        if is_note(texts[0]):
            return True
        if any(is_subtotal(text) for text in texts[:3]):
            self._carry_in_place(filled)
            return True
        words = [(index, cell) for index, cell in filled if not is_level(cell.text)]
        if len(words) != 1:
            return False
        index, cell = words[0]
        if is_placeholder_name(cell.text):
            self._problem("placeholder_row", cell, field="name", raw=cell.text)
            self._carry_in_place(filled)
            return True
        at_name = index < len(self.header.columns) and (
            self.header.columns[index].role is Column.NAME
        )
        if len(filled) == 1 and not at_name:
            self.problems.append(
                problem("row_unplaced", cell.at, raw=cell.text, detail=cell.text[:40])
            )
            return True
        return False

    def _carry_in_place(self, filled: list[tuple[int, Cell]]) -> None:
        """Levels of a row that is no indicator hold for those below all the same."""
        columns = self.header.columns
        self._carry(
            {
                columns[index].role: cell
                for index, cell in filled
                if index < len(columns) and not columns[index].half and is_level(cell.text)
            }
        )

    def _execution_row(self, filled: list[tuple[int, Cell]]) -> RawIndicator | None:
        """Budget execution as a row of the block, its cells where the header has them."""
        columns = self.header.columns
        index, first = filled[0]
        if index >= len(columns) or columns[index].role is not Column.LEVEL1:
            return None
        if not is_execution(first.text) or filled[-1][0] >= len(columns):
            return None
        cells: dict[Column, Cell] = {}
        for index, cell in filled:
            role = columns[index].role
            if role not in _LEVELS_AND_NAME and FITS[role](cell.text) < 0:
                return None
            cells[role] = cell
        name = cells.get(Column.NAME, first)
        second = cells.get(Column.LEVEL2)
        self.levels = Levels()
        return RawIndicator(
            name=name.text,
            at=name.at,
            level1=first.text,
            level2=second.text if second else None,
            level1_text=first.text,
            level2_text=second.text if second else None,
            goal=self.goal,
            cells=cells,
            execution=True,
        )

    # ── placing ─────────────────────────────────────────────────────────────────────────────────

    def _place(
        self, filled: list[tuple[int, Cell]]
    ) -> tuple[list[dict[Column, Cell]], bool, list[Cell]]:
        columns = self.header.columns
        texts = [(index, cell.text) for index, cell in filled]
        again = twins([text for _, text in texts]) if self.header.halves > 1 else set()

        known: dict[tuple[Column, str], float] = {}

        def fit(text: str, column: int) -> float:
            role = columns[column].role
            worth = known.get((role, text))
            if worth is None:
                worth = known[role, text] = FITS[role](text)
            if columns[column].half and text in again:
                worth += _SAME_NAME if role is Column.NAME else _SAME_NAME_ELSEWHERE
            return worth

        placed = align(texts, len(columns), fit)
        halves: list[dict[Column, Cell]] = [{} for _ in range(self.header.halves)]
        left_out: list[Cell] = []
        moved = False
        for (index, cell), column in zip(filled, placed, strict=True):
            if column is None:
                left_out.append(cell)
                continue
            moved = moved or column != index
            role = columns[column].role
            half = halves[columns[column].half]
            if role in {Column.OTHER, Column.UNKNOWN}:
                continue
            if role is Column.BLANK or role in half:
                left_out.append(cell)
            else:
                half[role] = cell
        if moved:
            self._move_level(halves[0])
        return halves, moved, left_out

    def _move_level(self, cells: dict[Column, Cell]) -> None:
        """成本指标 and 满意度指标 are words of both levels: in a slipped row with nothing under
        level 2 such a word is the level 2 that slipped."""
        first = cells.get(Column.LEVEL1)
        if first is None or Column.LEVEL2 in cells or not self.header.has(Column.LEVEL2):
            return
        if level2_label(first.text) is not None:
            cells[Column.LEVEL2] = cells.pop(Column.LEVEL1)

    # ── levels ──────────────────────────────────────────────────────────────────────────────────

    def _carry(self, cells: dict[Column, Cell]) -> None:
        levels = self.levels
        if goal := cells.get(Column.GOAL):
            self.goal = goal.text
        first, second = cells.get(Column.LEVEL1), cells.get(Column.LEVEL2)
        if first is not None:
            label = level1_label(first.text) or first.text
            if label != levels.level1:
                levels.level2 = levels.level2_text = None
            levels.level1, levels.level1_text = label, first.text
        if second is not None:
            levels.level2 = level2_label(second.text) or second.text
            levels.level2_text = second.text

    def _indicator(self, name: Cell, cells: dict[Column, Cell]) -> RawIndicator:
        levels = self.levels
        raw = RawIndicator(
            name=name.text,
            at=name.at,
            level1=levels.level1,
            level2=levels.level2,
            level1_text=levels.level1_text,
            level2_text=levels.level2_text,
            goal=self.goal,
            cells=cells,
        )
        self._check_levels(raw, name, written="level1" if Column.LEVEL1 in cells else "")
        return raw

    def _check_levels(self, raw: RawIndicator, name: Cell, *, written: str) -> None:
        family = FAMILY.get(raw.level2 or "")
        if family and raw.level1 not in family and not written:
            known = level1_label(raw.level1 or "") is not None or raw.level1 is None
            if known:
                raw.level1, raw.level1_text = family[0], None
                raw.inferred.append("level1")
                self.levels.level1, self.levels.level1_text = family[0], None
                self._problem("level_inferred", name, field="level1", detail=raw.level2 or "")
        for text, label, which, words in (
            (raw.level1, level1_label(raw.level1 or ""), "level1", "一级指标"),
            (raw.level2, level2_label(raw.level2 or ""), "level2", "二级指标"),
        ):
            if text is None:
                if which == "level1" or self.header.has(Column.LEVEL2):
                    self._problem("level_missing", name, field=which, detail=words)
            elif label is None:
                self._problem("level_unknown", name, field=which, raw=text, detail=words)

    # ── halves ──────────────────────────────────────────────────────────────────────────────────

    def _merge(self, halves: list[dict[Column, Cell]], moved: bool) -> dict[Column, Cell]:
        """One set of cells from the halves side by side; the fuller name wins."""
        merged = dict(halves[0])
        for other in halves[1:]:
            if not other:
                continue
            name, theirs = merged.get(Column.NAME), other.get(Column.NAME)
            if name is None and theirs is None:
                continue
            if name is None and theirs is not None:
                self._take_right(merged, other, theirs)
                continue
            assert name is not None
            self._compare(merged, other, name, theirs)
        return merged

    def _take_right(
        self, merged: dict[Column, Cell], other: dict[Column, Cell], theirs: Cell
    ) -> None:
        self._carry({role: cell for role, cell in other.items() if role is Column.LEVEL2})
        for role, cell in other.items():
            merged.setdefault(role, cell)
        self._problem("half_lost", theirs, field="name", detail="三级指标")

    def _compare(
        self,
        merged: dict[Column, Cell],
        other: dict[Column, Cell],
        name: Cell,
        theirs: Cell | None,
    ) -> None:
        if theirs is None:
            self._problem("half_lost", name, field="name", detail="三级指标")
            self._compare_level2(other, name)
            return
        if not same_name(name.text, theirs.text):
            self._problem(
                "halves_differ",
                name,
                field="name",
                raw=theirs.text,
                detail="三级指标",
                taken=f"“{name.text}”",
            )
            return
        if len(squeeze(theirs.text)) > len(squeeze(name.text)):
            merged[Column.NAME] = name = Cell(theirs.text, name.at)
        self._compare_level2(other, name)
        mine, annual = merged.get(Column.TARGET), other.get(Column.TARGET)
        if mine is None and annual is not None:
            merged[Column.TARGET] = annual
            self._problem("half_lost", name, field="target", detail="指标值")
        elif mine is not None and annual is None:
            self._problem("half_lost", name, field="target", detail="指标值")
        elif mine and annual and squeeze(mine.text) != squeeze(annual.text):
            merged[Column.TARGET] = annual
            self._problem(
                "halves_differ",
                name,
                field="target",
                raw=mine.text,
                detail="指标值",
                taken=f"年度的“{annual.text}”",
            )

    def _compare_level2(self, other: dict[Column, Cell], name: Cell) -> None:
        theirs = other.get(Column.LEVEL2)
        if theirs is None:
            return
        label = level2_label(theirs.text) or theirs.text
        if self.levels.level2 is None:
            self.levels.level2, self.levels.level2_text = label, theirs.text
        elif label != self.levels.level2:
            self._problem(
                "halves_differ",
                name,
                field="level2",
                raw=theirs.text,
                detail="二级指标",
                taken=f"“{self.levels.level2}”",
            )

    # ── what does not fit ───────────────────────────────────────────────────────────────────────

    def _without_name(self, merged: dict[Column, Cell], row: Row, left_out: list[Cell]) -> None:
        """An empty class is normal; a value without a name, or cells nobody can place, are not."""
        levels = {Column.LEVEL1, Column.LEVEL2}
        rest = [c for role, c in merged.items() if role not in levels or not is_level(c.text)]
        if Column.TARGET in merged or Column.ACTUAL in merged or Column.VALUE in merged:
            self.problems.append(problem("name_missing", row.at, field="name", raw=row.joined))
        elif rest or left_out:
            texts = [cell.text for cell in [*rest, *left_out]]
            self.problems.append(
                problem(
                    "row_unplaced",
                    row.at,
                    raw=row.joined,
                    detail="、".join(texts)[:60],
                )
            )

    def _problem(
        self,
        code: str,
        name: Cell,
        *,
        field: str | None = None,
        raw: str = "",
        detail: str = "",
        taken: str = "",
    ) -> None:
        self.problems.append(
            problem(
                code,
                name.at,
                field=field,
                raw=raw,
                subject=name.text,
                detail=detail,
                taken=taken,
            )
        )
