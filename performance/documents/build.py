"""One form being put together, and how it becomes a ParsedTable."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal

from performance.documents.columns import Header, is_dash
from performance.documents.fields import Pair, checked_options, is_project_row, labelled
from performance.documents.figures import FigureReader
from performance.documents.funds import FundBlock
from performance.documents.grid import Cell, Line, Row
from performance.documents.labels import Column, Label, label_key, squeeze
from performance.documents.objectives import ObjectiveBlock
from performance.documents.problems import problem
from performance.documents.raw import RawIndicator
from performance.tables import (
    Attributes,
    Contact,
    Execution,
    Objective,
    ParsedIndicator,
    ParsedTable,
    Place,
    Problem,
    Scope,
    TableKind,
)
from performance.values import parse_number, parse_share

_HEADING_NUMBER = re.compile(
    r"^(?:[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）]?[、.．:：]?)\s{0,5}"
)
_HEADING_TAIL = re.compile(
    r"(?:项目支出)?(?:绩效)?(?:目标|自评|监控|申报|评价|批复|运行){0,3}表?(?:[（(].{0,20}[)）])?$"
)
_GENERAL_TITLE = re.compile(
    r".{0,60}(?:^|年|年度|单位|部门|[局委院厅处办校部]|中心|[)）])项目(?:支出)?(?:绩效|自评).{0,20}"
)
"""Titles of forms in general, that name no project (…中心项目绩效自评表)."""
_GOAL_POINTS = re.compile(r"[（(](\d{1,3}(?:\.\d{1,2})?)(分|%)")
_YEAR = re.compile(r"(20\d\d)年")
_MONITORING = re.compile(r"监控(?:情况|运行)?表|绩效(?:运行)?监控")
_LOOSE = {Label.TOTAL, Label.IGNORED, Label.FUND_HEAD, Label.EXECUTION_HEAD}
"""Labels beside which more may stand than one value."""
_PHONE = re.compile(r"(?:1[3-9]\d{9}|0\d{2,3}[-－—]?\d{7,8}|\d{3,4}[-－—]\d{7,8})")
_ROLE_TAIL = re.compile(r"(?:及|和)?(?:联系)?(?:电话|方式)$")
_TOTAL_INSIDE = re.compile(r"[^\d]{2,8}:(\d{1,3}(?:\.\d{1,2})?)分?")
_SELF_EVALUATION = re.compile(r"自评(?:情况)?表|绩效自评")


@dataclass(slots=True)
class DocumentFacts:
    """What the document says of itself outside its forms."""

    unit: str | None = None
    fiscal_year: int | None = None


@dataclass(slots=True)
class Form:
    """A form whose rows are still coming in."""

    heading: Line | None = None
    unit_line: str | None = None
    year: int | None = None
    at: Place = ""
    started: bool = False
    project: str | None = None
    fields: dict[Label, Cell] = field(default_factory=dict)
    objectives: ObjectiveBlock = field(default_factory=ObjectiveBlock)
    contacts: list[Contact] = field(default_factory=list)
    money: FundBlock = field(default_factory=FundBlock)
    headers: list[Header] = field(default_factory=list)
    indicators: list[tuple[RawIndicator, Header]] = field(default_factory=list)
    goals: list[str] = field(default_factory=list)
    total: Decimal | None = None
    policy: bool = False
    problems: list[Problem] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The heading the form stands under, or nothing."""
        return self.heading.text if self.heading else ""

    def start(self, at: Place) -> None:
        """Notes where the form begins."""
        if not self.started:
            self.started, self.at = True, at

    def add(self, raw: RawIndicator, header: Header) -> None:
        """One more indicator."""
        self.indicators.append((raw, header))
        self.objectives.since_indicators = False

    def note_goal(self, text: str | None) -> None:
        """A goal cell of a form that splits its indicators by goal."""
        if text and text not in self.goals:
            self.goals.append(text)

    def continues(self, before: Form) -> bool:
        """Whether this is the form before it, its title and header repeated on another page."""
        foot = {Label.DEVIATION, Label.IMPROVEMENT}
        bare = self.project is None and set(self.fields) <= foot and not self.objectives.found
        named = self.title and "表" in self.title and squeeze(self.title) == squeeze(before.title)
        same = [h.columns for h in self.headers] == [h.columns for h in before.headers[-1:]]
        return bool(bare and named and same and not self.money.funds)

    def append(self, rest: Form) -> None:
        """Takes in the rows of the same form on another page."""
        self.indicators.extend(rest.indicators)
        self.problems.extend(rest.problems)
        self.contacts.extend(rest.contacts)
        self.total = self.total if rest.total is None else rest.total
        self.fields.update(rest.fields)
        self.problems.append(problem("table_continued", rest.at, raw=rest.title))

    # ── fields ──────────────────────────────────────────────────────────────────────────────────

    def read_fields(self, row: Row) -> bool:
        """Takes what a row outside the indicators says; False when it says nothing known."""
        if self.objectives.read(row, indicators_begun=bool(self.indicators)):
            self.start(row.at)
            return True
        money = self.money.read(row)
        taken = money
        found, rest = labelled(row)
        for label, key, value in found:
            taken = True
            if label in {Label.CONTACT, Label.PHONE}:
                continue
            if label is Label.TOTAL:
                if not money:
                    self._total(row, key)
            elif label is Label.PROJECT:
                if value is not None and is_project_row(row):
                    self.project = value.text
                    self.policy = self.policy or squeeze(key.text).startswith("政策")
                    self.start(row.at)
            elif value is not None:
                self._field_value(label, value)
        self._people(found)
        if money:
            self.start(row.at)
        elif self.started and found and found[0][0] not in _LOOSE:
            for cell in rest:
                if not is_dash(cell.text):
                    self.problems.append(
                        problem("cell_unplaced", cell.at, raw=cell.text, detail=cell.text[:40])
                    )
        return taken

    def _field_value(self, label: Label, value: Cell) -> None:
        """The first value of a field stands; another one is told."""
        known = self.fields.setdefault(label, value)
        if label is not Label.IGNORED and squeeze(known.text) != squeeze(value.text):
            self.problems.append(
                problem("field_repeated", value.at, field=label.value, raw=value.text)
            )

    def _people(self, found: list[Pair]) -> None:
        phone = next((v.text for label, _, v in found if label is Label.PHONE and v), "")
        for label, key, value in found:
            if label is not Label.CONTACT or value is None:
                continue
            own = _PHONE.search(value.text)
            name = _PHONE.sub("", value.text).strip(" ,，、;；/()（）")
            if name:
                self.contacts.append(
                    Contact(
                        role=_ROLE_TAIL.sub("", label_key(key.text)),
                        name=name,
                        phone=own.group(0) if own else phone,
                    )
                )

    def _total(self, row: Row, key: Cell) -> None:
        if not any(header.has(Column.AWARDED) for header in self.headers):
            return
        if inside := _TOTAL_INSIDE.fullmatch(squeeze(key.text)):
            self.total = Decimal(inside.group(1))
            return
        numbers = [
            (index, number)
            for index, cell in row.filled()
            if (number := parse_number(cell.text)) is not None
        ]
        if not numbers:
            return
        both = any(header.has(Column.POINTS) for header in self.headers)
        if both and len(numbers) == 1 and not self._under(Column.AWARDED, numbers[0][0]):
            if len(row.filled()) > 1 and not self._under(Column.POINTS, numbers[0][0]):
                self.problems.append(
                    problem("total_unclear", row.at, field="total_claimed", raw=row.joined)
                )
            return
        self.total = numbers[-1][1]

    def _under(self, role: Column, position: int) -> bool:
        columns = self.headers[-1].columns
        return position < len(columns) and columns[position].role is role

    # ── the table ───────────────────────────────────────────────────────────────────────────────

    def build(self, facts: DocumentFacts) -> ParsedTable:
        """The table as the rest of the service speaks of it; problems are added to the form."""
        self.problems.extend(self.money.problems)
        inferred: list[str] = []
        year = self._year()
        if year is None and facts.fiscal_year is not None:
            year = facts.fiscal_year
            inferred.append("fiscal_year")
        unit = self._field(Label.UNIT) or self.unit_line
        if unit is None and facts.unit is not None:
            unit = facts.unit
            inferred.append("unit")
        kind, scope = self._kind(), self._scope()
        execution = self._execution(kind)
        return ParsedTable(
            kind=kind,
            at=self.at,
            scope=scope,
            project=self._project(scope, inferred),
            project_code=self._field(Label.PROJECT_CODE),
            supervisor=self._field(Label.SUPERVISOR),
            unit=unit,
            fiscal_year=year,
            attributes=Attributes(
                category=self._options(Label.CATEGORY),
                attribute=self._options(Label.ATTRIBUTE),
                type=self._options(Label.TYPE),
            ),
            objectives=self._with_goals(),
            funds=tuple(self.money.funds),
            execution=execution,
            indicators=self._indicators(kind, year),
            goal_points=self._goal_points(),
            total_claimed=self.total,
            deviation_reason=self._field(Label.DEVIATION),
            improvement=self._field(Label.IMPROVEMENT),
            contacts=tuple(self.contacts),
            inferred=tuple(inferred),
        )

    def _project(self, scope: Scope, inferred: list[str]) -> str:
        """The project's name; from the heading where no field gives it, and then inferred."""
        if self.project is not None:
            return self.project
        inferred.append("project")
        if scope is Scope.DEPARTMENT:
            return "部门整体支出"
        name = _project_of_heading(self.title)
        if not name:
            self.problems.append(problem("project_missing", self.at, field="project"))
        return name

    def _indicators(self, kind: TableKind, year: int | None) -> tuple[ParsedIndicator, ...]:
        reader = FigureReader(kind, year)
        read = tuple(
            reader.read(raw, header)
            for raw, header in self.indicators
            if not (raw.execution and self._takes_execution(kind))
        )
        self.problems.extend(reader.problems)
        return read

    def _field(self, label: Label) -> str | None:
        cell = self.fields.get(label)
        return cell.text if cell else None

    def _options(self, label: Label) -> tuple[str, ...]:
        return checked_options(self._field(label) or "")

    def _year(self) -> int | None:
        if self.year is not None:
            return self.year
        found = _YEAR.search(squeeze(self.title))
        return int(found.group(1)) if found and "表" in self.title else None

    def _kind(self) -> TableKind:
        title = squeeze(self.title)
        if _MONITORING.search(title) or any(header.monitoring for header in self.headers):
            return TableKind.MONITORING
        if _SELF_EVALUATION.search(title) or any(
            header.has(Column.ACTUAL) for header in self.headers
        ):
            return TableKind.SELF_EVALUATION
        return TableKind.TARGET_TABLE

    def _scope(self) -> Scope:
        title = squeeze(self.title)
        if "整体" in title and ("部门" in title or "单位" in title):
            return Scope.DEPARTMENT
        if self.policy or ("政策" in title and "绩效" in title):
            return Scope.POLICY
        return Scope.PROJECT

    # ── execution ───────────────────────────────────────────────────────────────────────────────

    def _takes_execution(self, kind: TableKind) -> bool:
        """Whether a row 预算执行 among the indicators is the form's execution: nothing else
        awards points for it."""
        money = self.money.execution
        return kind is TableKind.SELF_EVALUATION and (money is None or money.awarded is None)

    def _execution(self, kind: TableKind) -> Execution | None:
        if kind is not TableKind.SELF_EVALUATION:
            return None
        execution = self.money.execution
        for raw, _ in self.indicators:
            if not raw.execution:
                continue
            if self._takes_execution(kind):
                execution = self._with_row(execution or Execution(at=raw.at), raw)
            else:
                self.problems.append(
                    problem("execution_twice", raw.at, field="execution", subject=raw.name)
                )
        if execution is None:
            return None
        return replace(execution, finished=_yes_or_no(self._options(Label.FINISHED)))

    def _with_row(self, execution: Execution, raw: RawIndicator) -> Execution:
        """Points and claimed rate from the row among the indicators."""
        actual = raw.cells.get(Column.ACTUAL)
        rate = parse_share(actual.text) if actual else None
        if actual and rate is None:
            self.problems.append(
                problem("rate_unreadable", raw.at, field="rate_claimed", raw=actual.text)
            )
        points, awarded = (
            parse_number(cell.text) if (cell := raw.cells.get(role)) else None
            for role in (Column.POINTS, Column.AWARDED)
        )
        return replace(
            execution,
            rate_claimed=execution.rate_claimed if rate is None else rate,
            points=execution.points if points is None else points,
            awarded=awarded,
        )

    # ── goals ───────────────────────────────────────────────────────────────────────────────────

    def _goal_points(self) -> Decimal | None:
        for goal in self.goals if len(self.goals) == 1 else ():
            found = _GOAL_POINTS.search(squeeze(goal))
            if found and found.group(2) == "分":
                return Decimal(found.group(1))
        return next((h.points for h in self.headers if h.points is not None), None)

    def _with_goals(self) -> tuple[Objective, ...]:
        """Objectives, with one for each goal and its share where a form splits by goals."""
        if len(self.goals) < 2:
            return tuple(self.objectives.found)
        found = [_GOAL_POINTS.search(squeeze(goal)) for goal in self.goals]
        figures = [Decimal(f.group(1)) for f in found if f]
        shares: list[Decimal | None] = [None for _ in self.goals]
        if len(figures) < len(self.goals):
            self.problems.append(problem("goal_share_missing", self.at, field="objectives"))
        elif whole := sum(figures, Decimal(0)):
            percent = all(f and f.group(2) == "%" for f in found)
            shares = [figure / (100 if percent else whole) for figure in figures]
        read = self.objectives.found
        return tuple(
            replace(read[i], share=share) if i < len(read) else Objective(text=goal, share=share)
            for i, (goal, share) in enumerate(zip(self.goals, shares, strict=True))
        )


def _project_of_heading(title: str) -> str:
    name = _HEADING_NUMBER.sub("", title.strip())
    if _GENERAL_TITLE.fullmatch(squeeze(name)):
        return ""
    return _HEADING_TAIL.sub("", name).strip()


def _yes_or_no(options: tuple[str, ...]) -> bool | None:
    words = {squeeze(option) for option in options}
    if words & {"是", "已完成", "完成", "已完工", "完工"}:
        return None if words & {"否", "未完成"} else True
    return False if words & {"否", "未完成", "未完工", "在建", "实施中"} else None
