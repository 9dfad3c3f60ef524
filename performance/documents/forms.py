"""The recogniser: walks a document once and puts its forms together from what their words say."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, auto

from performance.documents.build import Form
from performance.documents.columns import read_header
from performance.documents.expenditure import is_expenditure_header
from performance.documents.fields import is_project_row, pairs, with_inline
from performance.documents.grid import Cell, Grid, Line, Row
from performance.documents.indicators import IndicatorReader
from performance.documents.labels import (
    Column,
    Label,
    column_of,
    field_of,
    level1_label,
    level2_label,
    squeeze,
)
from performance.documents.problems import problem
from performance.tables import Problem

_TITLE = re.compile(
    r".{0,80}(?:绩效(?:目标)?(?:申报|批复|自评|评价|监控|复核)?(?:情况)?表|自评表|监控表|申报表|复核表)(?:[（(].{0,20}[)）])?"
)
_HEADING = re.compile(
    r"(?:第[一二三四五六七八九十]{1,3}部分|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）]|\d{1,2}\s?[、.．])"
)
_DOTS = re.compile(r"\.{4,}|…{2,}")
_UNIT_LINE = re.compile(
    r"(?:单位名称|预算单位|填报单位|申报单位|实施单位|编制部门|编制单位|部门名称|部门)[:：](.{2,60})"
)
_YEAR_LINE = re.compile(r"[（(]?(20\d\d)年度?[)）]?")
_LONGEST_TITLE = 80
_FEWEST_IN_ROW = 4
_PAGE = re.compile(
    r"[-—–]{0,3}\d{1,4}[-—–]{0,3}|第\d{1,4}页(?:,?共\d{1,4}页)?|[（(]?(?:续表|接上表)[)）]?"
)
"""Page numbers and the like: they stand between rows and interrupt nothing."""

_IN_BLOCK = {
    Label.TOTAL,
    Label.DEVIATION,
    Label.IMPROVEMENT,
    Label.CONTACT,
    Label.PHONE,
    Label.OBJECTIVE,
    Label.PROJECT,
    Label.SUPERVISOR,
    Label.EXECUTION_HEAD,
}
"""Labels that mean something when they begin a row among the indicators."""


class _Mode(Enum):
    FIELDS = auto()
    INDICATORS = auto()
    CLOSED = auto()
    """After something that is no part of a form: only a header or a labelled field opens one."""


@dataclass(slots=True)
class Recogniser:
    """Reads the forms of one document; ``forms`` and ``problems`` hold what was found."""

    forms: list[Form] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    dropped: list[Form] = field(default_factory=list)
    """What turned out to be no form; kept for the names of persons that must be masked."""
    _form: Form = field(default_factory=Form)
    _mode: _Mode = _Mode.CLOSED
    _reader: IndicatorReader | None = None
    _interrupted: bool = False
    _skip: int = 0
    _orphans_told: bool = False
    """The rows below a header that cannot be read have been told of once."""

    def run(self, grid: Grid) -> None:
        """Walks all items; never stops at a row it cannot place."""
        for index, item in enumerate(grid):
            if self._skip:
                self._skip -= 1
            elif isinstance(item, Line):
                self._line(item)
            else:
                below = grid[index + 1] if index + 1 < len(grid) else None
                self._row(item, below if isinstance(below, Row) else None)
        self._close()

    # ── lines ───────────────────────────────────────────────────────────────────────────────────

    def _line(self, line: Line) -> None:
        text = squeeze(line.text)
        if _PAGE.fullmatch(text):
            return
        if found := _UNIT_LINE.fullmatch(text):
            if self._form.indicators:
                self._close()
            self._form.unit_line = found.group(1)
        elif found := _YEAR_LINE.fullmatch(text):
            if self._form.indicators:
                self._close()
            self._form.year = int(found.group(1))
        elif is_title(text) or _HEADING.match(text):
            self._close()
            if len(text) <= _LONGEST_TITLE and not _DOTS.search(text):
                self._form.heading = line
            self._mode = _Mode.CLOSED
        elif len(cells := with_inline([Cell(line.text, line.at)])) > 1:
            self._field_row(Row(tuple(cells)))
        elif self._mode is _Mode.INDICATORS:
            self._interrupted = True
        elif not self._form.started and len(text) <= _LONGEST_TITLE:
            self._form.heading = self._form.heading or line

    def _close(self) -> None:
        """Ends the form at hand: kept when it has indicators, said so when it lost them."""
        form = self._form
        if self._reader is not None:
            form.problems.extend(self._reader.problems)
        if form.indicators and self.forms and form.continues(self.forms[-1]):
            self.forms[-1].append(form)
        elif form.indicators:
            self.forms.append(form)
        else:
            self.dropped.append(form)
            if form.headers:
                form.problems.append(problem("table_without_indicators", form.at, raw=form.title))
                self.problems.extend(form.problems)
        self._form, self._reader, self._interrupted = Form(), None, False
        self._mode = _Mode.FIELDS

    # ── rows ────────────────────────────────────────────────────────────────────────────────────

    def _row(self, row: Row, below: Row | None) -> None:
        filled = row.filled()
        if not filled:
            return
        if (read := read_header(row, below)) is not None:
            header, taken = read
            self._skip = taken - 1
            if not header.columns:
                self._unreadable_header(row)
                return
            self._open_block(IndicatorReader(header, goal=header.goal), row)
            return
        if is_expenditure_header(row):
            self._close()
            self._mode = _Mode.CLOSED
            return
        if self._mode is _Mode.INDICATORS and self._indicator_row(row):
            return
        self._field_row(row)

    def _unreadable_header(self, row: Row) -> None:
        self.problems.append(problem("header_without_values", row.at, raw=row.joined))
        if self._form.indicators:
            self._close()
        self._mode, self._orphans_told = _Mode.CLOSED, True

    def _open_block(self, reader: IndicatorReader, row: Row) -> None:
        form = self._form
        if form.indicators and form.objectives.since_indicators:
            self._close()
            form = self._form
        if self._reader is not None:
            form.problems.extend(self._reader.problems)
            if reader.goal is None:
                reader.goal = self._reader.goal
            if reader.goal == self._reader.goal and reader.header == self._reader.header:
                reader.levels = self._reader.levels  # the same header on another page
        form.start(row.at)
        form.headers.append(reader.header)
        for _, cell in row.filled():
            if column_of(cell.text) is Column.UNKNOWN:
                form.problems.append(
                    problem("column_unknown", cell.at, raw=cell.text, detail=cell.text[:40])
                )
        form.note_goal(reader.header.goal)
        self._orphans_told = False
        self._reader, self._mode, self._interrupted = reader, _Mode.INDICATORS, False

    def _indicator_row(self, row: Row) -> bool:
        """Takes a row below an indicator header; False when it is a field of the form."""
        reader = self._reader
        assert reader is not None
        first = row.filled()[0][1]
        label = field_of(first.text)
        if label in _IN_BLOCK and not self._in_spite_of(label, row):
            return False
        if self._interrupted and not reader.fits(row):
            self._mode = _Mode.CLOSED
            width = len(reader.header.columns)
            if len(row.cells) == width and len(row.filled()) >= _FEWEST_IN_ROW:
                self._lost(row)
            return False
        self._interrupted = False
        goal = reader.goal
        raw = reader.read(row)
        if reader.goal != goal:
            self._form.note_goal(reader.goal)
            if raw is not None:
                raw.goal = reader.goal
        if raw is not None:
            self._form.add(raw, reader.header)
        return True

    def _in_spite_of(self, label: Label | None, row: Row) -> bool:
        """Whether a row is one of the block though it begins with the label of a field."""
        assert self._reader is not None
        if label is Label.OBJECTIVE:
            return len(row.filled()) > _FEWEST_IN_ROW - 1
        return label is Label.EXECUTION_HEAD and self._reader.takes_execution(row)

    def _field_row(self, row: Row) -> None:
        form = self._form
        labels = [label for label, _, _ in pairs(row)]
        if (
            Label.PROJECT in labels
            and is_project_row(row)
            and (form.indicators or form.project is not None)
        ):
            self._close()
            form = self._form
        if Label.OBJECTIVE in labels and form.indicators:
            self._close()
            form = self._form
        if self._mode is _Mode.CLOSED and not labels:
            self._orphan(row)
            return
        taken = form.read_fields(row)
        if taken and self._mode is _Mode.CLOSED:
            self._mode = _Mode.FIELDS
        if not taken and not _is_known(row) and form.started and not form.indicators:
            form.problems.append(
                problem(
                    "row_unplaced",
                    row.at,
                    raw=row.joined,
                    detail=row.filled()[0][1].text[:40],
                )
            )

    def _orphan(self, row: Row) -> None:
        """A row with a level and more beside it that stands under no header."""
        levels = sum(
            (level1_label(c.text) or level2_label(c.text)) is not None and "指标" in squeeze(c.text)
            for _, c in row.filled()
        )
        if levels and len(row.filled()) - levels >= 2 and not self._orphans_told:
            self._lost(row)

    def _lost(self, row: Row) -> None:
        self.problems.append(problem("row_outside_table", row.at, raw=row.joined))


def _is_known(row: Row) -> bool:
    return any(field_of(cell.text) is not None for cell in row.cells)


def is_title(text: str) -> bool:
    """Whether a squeezed text is the title of a form."""
    return len(text) <= _LONGEST_TITLE and _TITLE.fullmatch(text) is not None
