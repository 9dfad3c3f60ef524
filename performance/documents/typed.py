"""What people type into pages and programs send to the API, read like the cells of a document.

The content of a paper is one plain dictionary of texts: the body of the API, the fields of the
page, what a snapshot keeps and what a comparison shows. Reading it goes through the same functions
as a form's cells. Every unusable field is told at once, each with its place and a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from budgets.errors import Invalid, InvalidInput
from budgets.text import clean_text
from performance.documents.labels import level1_label, level2_label
from performance.tables import Execution, Fund, FundSource, ParsedIndicator
from performance.values import (
    Value,
    ValueContext,
    is_empty,
    parse_actual,
    parse_number,
    parse_target,
    read_amount,
)

UNNAMED = "（未填名称）"
"""Stands for a name that is not typed yet; no paper is submitted with it."""
MOST_ROWS = 400
_LONG = 30000
_MOST_POINTS = Decimal(1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedTargets:
    """The content of a target table."""

    objectives: tuple[str, ...]
    funds: tuple[Fund, ...]
    goal_points: Decimal | None
    supervisor: str
    unit: str
    indicators: tuple[ParsedIndicator, ...]
    texts: tuple[str, ...]
    """What was typed as the target of each indicator, whether it could be read or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedActual:
    """What was achieved on the indicator of one row, with the text as typed."""

    text: str
    actual: Value | None
    claimed: Decimal | None
    deviation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedEvaluation:
    """The content of a self-evaluation, its actuals in the order of the table's indicators."""

    actuals: tuple[TypedActual, ...]
    execution: Execution | None
    total_claimed: Decimal | None
    deviation_reason: str
    improvement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedProgress:
    """How far the indicator of one row is, with the text as typed."""

    text: str
    progress: Value | None
    forecast: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedMonitoring:
    """The content of a monitoring table, its lines in the order of the table's indicators."""

    lines: tuple[TypedProgress, ...]
    adjusted: Decimal | None
    executed: Decimal | None
    cause: str
    measures: str


class _Reader:
    """Reads fields out of a body and collects what is wrong with them."""

    def __init__(self) -> None:
        self.errors: dict[str, str] = {}

    def finish(self) -> None:
        """Raises Invalid when anything was unusable."""
        if self.errors:
            raise Invalid(self.errors)

    def block(self, body: object, at: str, allowed: Sequence[str]) -> Mapping[str, Any]:
        """A dictionary without unknown keys."""
        if not isinstance(body, Mapping):
            self.errors[at or "正文"] = "应为一个对象"
            return {}
        for key in body:
            if key not in allowed:
                self.errors[f"{at}{'.' if at else ''}{key}"] = "没有这个字段"
        return body

    def rows(self, body: Mapping[str, Any], name: str) -> list[Any]:
        """A list within bounds; missing is empty."""
        found = body.get(name)
        if found is None:
            return []
        if not isinstance(found, list) or len(found) > MOST_ROWS:
            self.errors[name] = f"应为列表，最多 {MOST_ROWS} 行"
            return []
        return found

    def text(self, body: Mapping[str, Any], name: str, at: str = "", most: int = _LONG) -> str:
        """A text; missing is empty."""
        where = f"{at}{name}"
        found = body.get(name)
        if found is None:
            return ""
        if not isinstance(found, str):
            self.errors[where] = "应为文字；数字也请写成文字"
            return ""
        try:
            cleaned = clean_text(found.replace("\r\n", "\n").replace("\r", "\n")).strip()
        except InvalidInput as error:
            self.errors[where] = str(error)
            return ""
        if len(cleaned) > most:
            self.errors[where] = f"太长：最多 {most} 字，现有 {len(cleaned)} 字"
            return ""
        return cleaned

    def number(self, body: Mapping[str, Any], name: str, at: str = "") -> Decimal | None:
        """Points; missing is missing, zero is zero."""
        written = self.text(body, name, at, 60)
        if is_empty(written):
            return None
        found = parse_number(written)
        if found is None or not 0 <= found <= _MOST_POINTS or _places(found) > 4:
            self.errors[f"{at}{name}"] = f"“{written}”不是 0 到 1000 之间的分数"
            return None
        return found

    def amount(self, body: Mapping[str, Any], name: str, at: str = "") -> Decimal | None:
        """An amount in 元, or with its unit (15.5万元)."""
        written = self.text(body, name, at, 60)
        read = read_amount(written)
        if not read.ok:
            self.errors[f"{at}{name}"] = f"“{written}”不是金额；请写元，或写明万元"
        return read.value

    def yes_no(self, body: Mapping[str, Any], name: str, at: str = "") -> bool | None:
        """true, false or nothing."""
        found = body.get(name)
        if found is not None and not isinstance(found, bool):
            self.errors[f"{at}{name}"] = "应为 true、false 或不填"
            return None
        return found


def _places(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


# ── target tables ───────────────────────────────────────────────────────────────────────────────

INDICATOR_FIELDS = (
    "level1", "level2", "name", "target", "points", "basis", "definition", "scoring_rule",
    "evidence", "prior_actual",
)  # fmt: skip
_TARGET_FIELDS = ("objectives", "funds", "goal_points", "supervisor", "unit", "indicators")


def typed_targets(body: object, *, fiscal_year: int) -> TypedTargets:
    """The content of a target table. Raises Invalid with every unusable field."""
    reader = _Reader()
    fields = reader.block(body, "", _TARGET_FIELDS)
    objectives = tuple(
        text
        for n, row in enumerate(reader.rows(fields, "objectives"), start=1)
        if (text := reader.text({"text": row}, "text", f"objectives.{n}."))
    )
    rows = [
        read_row
        for n, row in enumerate(reader.rows(fields, "indicators"), start=1)
        if (read_row := _indicator(reader, row, n, fiscal_year)) is not None
    ]
    read = TypedTargets(
        objectives=objectives,
        funds=_funds(reader, fields),
        goal_points=reader.number(fields, "goal_points"),
        supervisor=reader.text(fields, "supervisor", most=200),
        unit=reader.text(fields, "unit", most=200),
        indicators=tuple(indicator for indicator, _ in rows),
        texts=tuple(text for _, text in rows),
    )
    reader.finish()
    return read


def _funds(reader: _Reader, fields: Mapping[str, Any]) -> tuple[Fund, ...]:
    found: dict[FundSource, Fund] = {}
    for n, row in enumerate(reader.rows(fields, "funds"), start=1):
        at = f"funds.{n}."
        fund = reader.block(row, f"funds.{n}", ("source", "initial"))
        try:
            source = FundSource(reader.text(fund, "source", at, 20))
        except ValueError:
            reader.errors[f"{at}source"] = "没有这种资金来源"
            continue
        if source in found:
            reader.errors[f"{at}source"] = "同一资金来源写了两行"
        found[source] = Fund(source=source, initial=reader.amount(fund, "initial", at))
    return tuple(found.values())


def _indicator(
    reader: _Reader, row: object, n: int, fiscal_year: int
) -> tuple[ParsedIndicator, str] | None:
    at = f"indicators.{n}."
    fields = reader.block(row, f"indicators.{n}", INDICATOR_FIELDS)
    texts = {
        name: reader.text(fields, name, at, _WIDTHS.get(name, _LONG)) for name in INDICATOR_FIELDS
    }
    points = reader.number(fields, "points", at)
    if not any(texts.values()):
        return None
    level1 = level1_label(texts["level1"]) or texts["level1"] or None
    level2 = level2_label(texts["level2"]) or texts["level2"] or None
    name = texts["name"] or UNNAMED
    context = ValueContext(name=name, level1=level1, level2=level2, fiscal_year=fiscal_year)
    indicator = ParsedIndicator(
        name=name,
        at=f"第{n}行",
        level1=level1,
        level2=level2,
        level1_text=texts["level1"] or None,
        level2_text=texts["level2"] or None,
        target=parse_target(texts["target"], context),
        points=points,
        basis=texts["basis"] or None,
        definition=texts["definition"] or None,
        scoring_rule=texts["scoring_rule"] or None,
        evidence=texts["evidence"] or None,
        prior_actual=texts["prior_actual"] or None,
    )
    return indicator, texts["target"]


_WIDTHS = {"level1": 60, "level2": 60, "name": 500, "target": 2000, "points": 60}


def complaints(targets: TypedTargets) -> dict[str, str]:
    """What keeps a target table from being submitted: by field, in words."""
    found: dict[str, str] = {}
    if not targets.objectives:
        found["objectives"] = "请填写总体目标"
    if not targets.indicators:
        found["indicators"] = "请至少填写一个指标"
    for n, indicator in enumerate(targets.indicators, start=1):
        if indicator.name == UNNAMED:
            found[f"indicators.{n}.name"] = "请填写三级指标名称"
        if indicator.target is None:
            found[f"indicators.{n}.target"] = "请填写指标值"
    return found


# ── self-evaluations ────────────────────────────────────────────────────────────────────────────

_EVALUATION_FIELDS = (
    "actuals", "execution", "total_claimed", "deviation_reason", "improvement",
)  # fmt: skip


def typed_evaluation(
    body: object, indicators: Sequence[ParsedIndicator], *, fiscal_year: int
) -> TypedEvaluation:
    """The content of a self-evaluation of these indicators. Raises Invalid."""
    reader = _Reader()
    fields = reader.block(body, "", _EVALUATION_FIELDS)

    def actual(row: Mapping[str, Any], at: str, indicator: ParsedIndicator) -> TypedActual:
        written = reader.text(row, "actual", at, 2000)
        return TypedActual(
            text=written,
            actual=parse_actual(written, indicator.target, _context(indicator, fiscal_year)),
            claimed=reader.number(row, "claimed", at),
            deviation=reader.text(row, "deviation", at),
        )

    allowed = ("seq", "actual", "claimed", "deviation")
    read = TypedEvaluation(
        actuals=tuple(_by_indicator(reader, fields, "actuals", allowed, indicators, actual)),
        execution=_execution(reader, fields.get("execution")),
        total_claimed=reader.number(fields, "total_claimed"),
        deviation_reason=reader.text(fields, "deviation_reason"),
        improvement=reader.text(fields, "improvement"),
    )
    reader.finish()
    return read


def _execution(reader: _Reader, body: object) -> Execution | None:
    if body is None:
        return None
    at = "execution."
    fields = reader.block(
        body, "execution", ("budget", "executed", "points", "claimed", "finished")
    )
    budget = reader.amount(fields, "budget", at)
    return Execution(
        budget=budget,
        budget_used=budget,
        executed=reader.amount(fields, "executed", at),
        points=reader.number(fields, "points", at),
        awarded=reader.number(fields, "claimed", at),
        finished=reader.yes_no(fields, "finished", at),
        at="预算执行",
    )


def _context(indicator: ParsedIndicator, fiscal_year: int) -> ValueContext:
    return ValueContext(
        name=indicator.name,
        level1=indicator.level1,
        level2=indicator.level2,
        fiscal_year=fiscal_year,
    )


def _by_indicator(
    reader: _Reader,
    fields: Mapping[str, Any],
    name: str,
    allowed: Sequence[str],
    indicators: Sequence[ParsedIndicator],
    read: Callable[[Mapping[str, Any], str, ParsedIndicator], Any],
) -> list[Any]:
    """Rows named by ``seq``, one for each indicator; a row that is not given is empty."""
    given: dict[int, Mapping[str, Any]] = {}
    for n, row in enumerate(reader.rows(fields, name), start=1):
        block = reader.block(row, f"{name}.{n}", allowed)
        seq = block.get("seq", n)
        if not isinstance(seq, int) or isinstance(seq, bool) or not 1 <= seq <= len(indicators):
            reader.errors[f"{name}.{n}.seq"] = f"应为 1 到 {len(indicators)} 的行号"
        elif seq in given:
            reader.errors[f"{name}.{n}.seq"] = f"第 {seq} 行写了两次"
        else:
            given[seq] = block
    return [
        read(given.get(seq, {}), f"{name}.{seq}.", indicator)
        for seq, indicator in enumerate(indicators, start=1)
    ]


def evaluation_complaints(
    typed: TypedEvaluation, indicators: Sequence[ParsedIndicator]
) -> dict[str, str]:
    """What keeps a self-evaluation from being submitted."""
    found: dict[str, str] = {}
    for seq, (row, indicator) in enumerate(zip(typed.actuals, indicators, strict=True), start=1):
        if row.actual is None:
            found[f"actuals.{seq}.actual"] = (
                f"请填写“{indicator.name}”的实际完成值，不适用的写“不适用”"
            )
    if typed.execution is None or typed.execution.executed is None:
        found["execution.executed"] = "请填写全年执行数"
    return found


# ── monitoring ──────────────────────────────────────────────────────────────────────────────────


def typed_monitoring(
    body: object, indicators: Sequence[ParsedIndicator], *, fiscal_year: int
) -> TypedMonitoring:
    """The content of a monitoring table of these indicators. Raises Invalid."""
    reader = _Reader()
    fields = reader.block(body, "", ("lines", "adjusted", "executed", "cause", "measures"))

    def progress(row: Mapping[str, Any], at: str, indicator: ParsedIndicator) -> TypedProgress:
        written = reader.text(row, "progress", at, 2000)
        return TypedProgress(
            text=written,
            progress=parse_actual(written, indicator.target, _context(indicator, fiscal_year)),
            forecast=reader.text(row, "forecast", at, 200),
            cause=reader.text(row, "cause", at),
        )

    allowed = ("seq", "progress", "forecast", "cause")
    read = TypedMonitoring(
        lines=tuple(_by_indicator(reader, fields, "lines", allowed, indicators, progress)),
        adjusted=reader.amount(fields, "adjusted"),
        executed=reader.amount(fields, "executed"),
        cause=reader.text(fields, "cause"),
        measures=reader.text(fields, "measures"),
    )
    reader.finish()
    return read


def monitoring_complaints(
    typed: TypedMonitoring, indicators: Sequence[ParsedIndicator]
) -> dict[str, str]:
    """What keeps a monitoring table from being submitted."""
    found: dict[str, str] = {}
    for seq, (row, indicator) in enumerate(zip(typed.lines, indicators, strict=True), start=1):
        if row.progress is None:
            found[f"lines.{seq}.progress"] = f"请填写“{indicator.name}”的进展，不适用的写“不适用”"
    if typed.executed is None:
        found["executed"] = "请填写截至目前的执行数"
    return found
