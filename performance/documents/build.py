"""One form being put together, and how it becomes a ParsedTable."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from performance.documents.columns import Header
from performance.documents.fields import FundBlock, checked_options, pairs
from performance.documents.grid import Cell, Line, Row
from performance.documents.indicators import RawIndicator
from performance.documents.labels import Column, Label, field_of, label_key, squeeze
from performance.documents.problems import problem
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
from performance.values import (
    Value,
    ValueContext,
    is_placeholder,
    parse_actual,
    parse_number,
    parse_target,
)

_HEADING_NUMBER = re.compile(r"^(?:[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）]?[、.．:：]?)\s{0,5}")
_HEADING_TAIL = re.compile(r"(?:项目)?(?:支出)?(?:绩效)?(?:目标|自评|监控|申报|评价|批复){0,3}表?(?:[（(].{0,20}[)）])?$")
_GOAL_POINTS = re.compile(r"[（(](\d{1,3}(?:\.\d{1,2})?)(分|%)")
_YEAR = re.compile(r"(20\d\d)年")
_MONITORING = re.compile(r"监控(?:情况|运行)?表|绩效(?:运行)?监控")
_SELF_EVALUATION = re.compile(r"自评(?:情况)?表|绩效自评")
_SIGN_WORDS = {"文字描述", "定性", "定量"}
_TEXT_FIELDS = {
    "definition": Column.DEFINITION,
    "basis": Column.BASIS,
    "prior_actual": Column.PRIOR_ACTUAL,
    "scoring_rule": Column.SCORING_RULE,
    "evidence": Column.EVIDENCE,
    "deviation": Column.DEVIATION,
}


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
    objectives: list[Objective] = field(default_factory=list)
    objectives_since_indicators: bool = False
    contacts: list[Contact] = field(default_factory=list)
    money: FundBlock = field(default_factory=FundBlock)
    headers: list[Header] = field(default_factory=list)
    indicators: list[tuple[RawIndicator, Header]] = field(default_factory=list)
    goals: list[str] = field(default_factory=list)
    total: Decimal | None = None
    problems: list[Problem] = field(default_factory=list)
    _objective_head: bool = False
    _objective_columns: list[str] = field(default_factory=list)

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
        self.objectives_since_indicators = False

    def note_goal(self, text: str | None) -> None:
        """A goal cell of a form that splits its indicators by goal."""
        if text and text not in self.goals:
            self.goals.append(text)

    # ── fields ──────────────────────────────────────────────────────────────────────────────────

    def read_fields(self, row: Row) -> bool:
        """Takes what a row outside the indicators says; False when it says nothing known."""
        if self._objective_row(row):
            self.start(row.at)
            return True
        money = self.money.read(row)
        taken = money
        people = [(label, key, value) for label, key, value in pairs(row)]
        for label, key, value in people:
            taken = True
            if label in {Label.CONTACT, Label.PHONE}:
                continue
            if label is Label.TOTAL:
                if not money:
                    self._total(row)
            elif label is Label.PROJECT:
                if value is not None and _is_project_name(value.text):
                    self.project = value.text
                    self.start(row.at)
            elif value is not None and label not in self.fields:
                self.fields[label] = value
        self._people(people)
        if money:
            self.start(row.at)
        return taken

    def _people(self, found: list[tuple[Label, Cell, Cell | None]]) -> None:
        phone = next((v.text for label, _, v in found if label is Label.PHONE and v), "")
        for label, key, value in found:
            if label is Label.CONTACT and value is not None and value.text:
                self.contacts.append(
                    Contact(role=label_key(key.text), name=value.text, phone=phone)
                )

    def _objective_row(self, row: Row) -> bool:
        filled = [cell for _, cell in row.filled()]
        labels = [field_of(cell.text) for cell in filled]
        heads = {Label.OBJECTIVE_HEAD, Label.OBJECTIVE, Label.OBJECTIVE_PART}
        if not filled:
            return False
        if Label.OBJECTIVE_HEAD in labels and all(label in heads for label in labels):
            self._objective_head = True
            self._objective_columns = [squeeze(c.text) for c, n in zip(filled, labels, strict=True) if n is Label.OBJECTIVE_HEAD]
            return True
        if labels[0] in {Label.OBJECTIVE, Label.OBJECTIVE_PART}:
            texts = [c.text for c, n in zip(filled, labels, strict=True) if n is None]
            self._objectives(texts)
            return True
        if self._objective_head and labels[0] is None and not self.indicators:
            self._objectives([cell.text for cell in filled])
            return True
        return False

    def _objectives(self, texts: list[str]) -> None:
        completed = any("完成" in head for head in self._objective_columns)
        self.objectives_since_indicators = True
        if not texts:
            return
        if completed:
            self.objectives.append(
                Objective(text=texts[0], completed=texts[1] if len(texts) > 1 else None)
            )
        else:
            unique: list[str] = []
            for text in texts:
                same = next((u for u in unique if _same_start(u, text)), None)
                if same is None:
                    unique.append(text)
                elif len(squeeze(text)) > len(squeeze(same)):
                    unique[unique.index(same)] = text
            self.objectives.extend(Objective(text=text) for text in unique)
        self._objective_head = False

    def _total(self, row: Row) -> None:
        numbers = [
            (index, number)
            for index, cell in row.filled()
            if (number := parse_number(cell.text)) is not None
        ]
        if not numbers or not any(header.has(Column.AWARDED) for header in self.headers):
            return
        both = any(header.has(Column.POINTS) for header in self.headers)
        if both and len(numbers) == 1 and not self._under_awarded(numbers[0][0]):
            return
        self.total = numbers[-1][1]

    def _under_awarded(self, position: int) -> bool:
        columns = self.headers[-1].columns
        return position < len(columns) and columns[position].role is Column.AWARDED

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
        scope = self._scope()
        project = self.project
        if project is None and scope is Scope.DEPARTMENT:
            project = "部门整体支出"
            inferred.append("project")
        if project is None:
            project = _project_of_heading(self.title)
            inferred.append("project")
            if not project:
                self.problems.append(problem("project_missing", self.at, field="project"))
        kind = self._kind()
        indicators = tuple(self._indicator(raw, header, year, kind) for raw, header in self.indicators)
        return ParsedTable(
            kind=kind,
            at=self.at,
            scope=scope,
            project=project,
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
            execution=self._execution(kind),
            indicators=indicators,
            goal_points=self._goal_points(),
            total_claimed=self.total,
            deviation_reason=self._field(Label.DEVIATION),
            improvement=self._field(Label.IMPROVEMENT),
            contacts=tuple(self.contacts),
            inferred=tuple(inferred),
        )

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
        if _MONITORING.search(title):
            return TableKind.MONITORING
        if _SELF_EVALUATION.search(title) or any(header.has(Column.ACTUAL) for header in self.headers):
            return TableKind.SELF_EVALUATION
        return TableKind.TARGET_TABLE

    def _scope(self) -> Scope:
        title = squeeze(self.title)
        if "整体" in title and ("部门" in title or "单位" in title):
            return Scope.DEPARTMENT
        if "政策" in title and "绩效" in title:
            return Scope.POLICY
        return Scope.PROJECT

    def _execution(self, kind: TableKind) -> Execution | None:
        execution = self.money.execution
        if kind is not TableKind.SELF_EVALUATION:
            return None
        return execution

    def _goal_points(self) -> Decimal | None:
        for goal in self.goals if len(self.goals) == 1 else ():
            found = _GOAL_POINTS.search(squeeze(goal).replace("(", "（"))
            if found and found.group(2) == "分":
                return Decimal(found.group(1))
        return None

    def _with_goals(self) -> tuple[Objective, ...]:
        """Objectives, with one for each goal and its share where a form splits by goals."""
        if len(self.goals) < 2:
            return tuple(self.objectives)
        found = [_GOAL_POINTS.search(squeeze(goal).replace("(", "（")) for goal in self.goals]
        figures = [Decimal(f.group(1)) if f else None for f in found]
        whole = sum((f for f in figures if f is not None), Decimal(0))
        shares = [f / whole if f is not None and whole else None for f in figures]
        texts = [objective.text for objective in self.objectives]
        return tuple(
            Objective(text=texts[i] if i < len(texts) else goal, share=share)
            for i, (goal, share) in enumerate(zip(self.goals, shares, strict=True))
        )

    # ── indicators ──────────────────────────────────────────────────────────────────────────────

    def _indicator(
        self, raw: RawIndicator, header: Header, year: int | None, kind: TableKind
    ) -> ParsedIndicator:
        texts = {name: _text(raw.cells.get(column)) for name, column in _TEXT_FIELDS.items()}
        context = ValueContext(
            name=raw.name,
            level1=raw.level1,
            level2=raw.level2,
            fiscal_year=year,
            header_unit=header.unit_of(Column.TARGET),
        )
        if prior := texts["prior_actual"]:
            context = replace(context, prior_actual=parse_actual(prior, None, context))
        target = self._target(raw, _target_text(raw), context)
        actual = self._actual(raw, target, context, header, kind)
        return ParsedIndicator(
            name=raw.name,
            at=raw.at,
            level1=raw.level1,
            level2=raw.level2,
            level1_text=raw.level1_text,
            level2_text=raw.level2_text,
            goal=_goal_name(raw.goal),
            target=target,
            actual=actual,
            points=self._points(raw, Column.POINTS, "points", "分值"),
            awarded=self._points(raw, Column.AWARDED, "awarded", "得分"),
            inferred=tuple(raw.inferred),
            **texts,
        )

    def _target(
        self, raw: RawIndicator, text: str | None, context: ValueContext
    ) -> Value | None:
        if text is None:
            self._note("target_missing", raw, "target")
            return None
        value = parse_target(text, context)
        if value is None and is_placeholder(text):
            self._note("T05", raw, "target", text)
        self._notes(value, raw, "target", "指标值")
        return value

    def _actual(
        self,
        raw: RawIndicator,
        target: Value | None,
        context: ValueContext,
        header: Header,
        kind: TableKind,
    ) -> Value | None:
        cell = raw.cells.get(Column.ACTUAL)
        if cell is None:
            if kind is TableKind.SELF_EVALUATION and header.has(Column.ACTUAL):
                self._note("actual_missing", raw, "actual")
            return None
        unit = (
            header.unit_of(Column.ACTUAL)
            or _text(raw.cells.get(Column.UNIT))
            or context.header_unit
        )
        value = parse_actual(cell.text, target, replace(context, header_unit=unit))
        if value is None:
            self._note("actual_missing", raw, "actual", cell.text)
        self._notes(value, raw, "actual", "实际完成值")
        return value

    def _points(
        self, raw: RawIndicator, column: Column, name: str, words: str
    ) -> Decimal | None:
        cell = raw.cells.get(column)
        if cell is None:
            return None
        number = parse_number(cell.text)
        if number is None:
            self._note("points_unreadable", raw, name, cell.text, words)
        return number

    def _notes(self, value: Value | None, raw: RawIndicator, name: str, words: str) -> None:
        for code in value.problems if value else ():
            self._note(code, raw, name, value.text if value else "", words)

    def _note(
        self, code: str, raw: RawIndicator, name: str, text: str = "", detail: str = ""
    ) -> None:
        self.problems.append(
            problem(code, raw.at, field=name, raw=text, subject=raw.name, detail=detail)
        )


def _text(cell: Cell | None) -> str | None:
    return cell.text if cell is not None else None


def _target_text(raw: RawIndicator) -> str | None:
    """The target as one text: from three cells sign, value and unit joined in that order."""
    if cell := raw.cells.get(Column.TARGET):
        sign = _text(raw.cells.get(Column.SIGN)) or ""
        unit = _text(raw.cells.get(Column.UNIT)) or ""
        if sign in _SIGN_WORDS or cell.text.startswith(sign):
            sign = ""
        if cell.text.endswith(unit):
            unit = ""
        return f"{sign}{cell.text}{unit}"
    parts = [_text(raw.cells.get(role)) for role in (Column.SIGN, Column.VALUE, Column.UNIT)]
    if parts[0] is not None and squeeze(parts[0]) in _SIGN_WORDS:
        parts[0] = None
    return "".join(part for part in parts if part) or None


def _goal_name(text: str | None) -> str | None:
    return label_key(text) or None if text else None


def _same_start(one: str, other: str) -> bool:
    left, right = squeeze(one), squeeze(other)
    return left.startswith(right) or right.startswith(left)


def _is_project_name(text: str) -> bool:
    return squeeze(text) not in {"合计", "金额", "预算资金", "预算数", "单位", "总计", "小计"}


def _project_of_heading(title: str) -> str:
    name = _HEADING_NUMBER.sub("", title.strip())
    return _HEADING_TAIL.sub("", name).strip()


def contact_names(tables: Iterable[ParsedTable]) -> set[str]:
    """Names of the persons on the forms, to be masked wherever raw text is shown."""
    return {contact.name for table in tables for contact in table.contacts}
