"""From the texts of an indicator row to its values; what cannot be read is a problem."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal

from performance.documents.columns import Header
from performance.documents.grid import Cell
from performance.documents.labels import Column, label_key, squeeze
from performance.documents.problems import problem
from performance.documents.raw import RawIndicator
from performance.tables import ParsedIndicator, Problem, TableKind
from performance.values import (
    Value,
    ValueContext,
    is_placeholder,
    parse_actual,
    parse_number,
    parse_target,
)

_SIGN_WORDS = {"文字描述", "定性", "定量"}


@dataclass(slots=True)
class FigureReader:
    """Reads the values of the indicators of one form."""

    kind: TableKind
    year: int | None
    problems: list[Problem] = field(default_factory=list)

    def read(self, raw: RawIndicator, header: Header) -> ParsedIndicator:
        """The indicator with its values; problems are collected."""
        context = ValueContext(
            name=raw.name,
            level1=raw.level1,
            level2=raw.level2,
            fiscal_year=self.year,
            header_unit=header.unit_of(Column.TARGET) or header.unit_of(Column.VALUE),
        )
        prior = _text(raw.cells.get(Column.PRIOR_ACTUAL))
        if prior:
            context = replace(context, prior_actual=parse_actual(prior, None, context))
        target = self._target(raw, context)
        return ParsedIndicator(
            name=raw.name,
            at=raw.at,
            level1=raw.level1,
            level2=raw.level2,
            level1_text=raw.level1_text,
            level2_text=raw.level2_text,
            goal=label_key(raw.goal) or None if raw.goal else None,
            definition=_text(raw.cells.get(Column.DEFINITION)),
            target=target,
            actual=self._actual(raw, target, context, header),
            points=self._points(raw, Column.POINTS, "points", "分值"),
            awarded=self._points(raw, Column.AWARDED, "awarded", "得分"),
            basis=_text(raw.cells.get(Column.BASIS)),
            prior_actual=prior,
            scoring_rule=_text(raw.cells.get(Column.SCORING_RULE)),
            evidence=_text(raw.cells.get(Column.EVIDENCE)),
            deviation=_text(raw.cells.get(Column.DEVIATION)),
            inferred=tuple(raw.inferred),
        )

    def _target(self, raw: RawIndicator, context: ValueContext) -> Value | None:
        text = _target_text(raw)
        if text is None:
            self._note("target_missing", raw, "target")
            return None
        value = parse_target(text, context)
        if value is None:
            code = "T05" if is_placeholder(text) else "target_missing"
            self._note(code, raw, "target", text)
        self._notes(value, raw, "target", "指标值")
        return value

    def _actual(
        self,
        raw: RawIndicator,
        target: Value | None,
        context: ValueContext,
        header: Header,
    ) -> Value | None:
        cell = raw.cells.get(Column.ACTUAL)
        if cell is None:
            if self.kind is TableKind.SELF_EVALUATION and header.has(Column.ACTUAL):
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

    def _points(self, raw: RawIndicator, column: Column, name: str, words: str) -> Decimal | None:
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
    sign, unit = (_text(raw.cells.get(role)) or "" for role in (Column.SIGN, Column.UNIT))
    if squeeze(sign) in _SIGN_WORDS:
        sign = ""
    cell = raw.cells.get(Column.TARGET) or raw.cells.get(Column.VALUE)
    if cell is None:
        return f"{sign}{unit}" or None
    if cell.text.startswith(sign):
        sign = ""
    if cell.text.endswith(unit):
        unit = ""
    return f"{sign}{cell.text}{unit}"
