"""What a text is held against: a plain list of facts, each with its source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from performance.examination.prose.model import FigureKind
from performance.examination.prose.subjects import label_core
from performance.examination.prose.words import scope_of
from performance.tables import (
    Fund,
    FundSource,
    FundStage,
    ParsedDocument,
    ParsedIndicator,
    ParsedTable,
    Place,
    PrintedFigure,
    TableKind,
)
from performance.values import Comparator, Value, ValueKind

_TOTAL_ROWS = {"合计", "总计", "部门合计", "合计:"}
_PLAIN_COLUMNS = re.compile(
    r"|(?:20\d\d年?)?(?:预算数?|决算数?|金额|合计|总计|小计|支出预算|预算金额|本年预算数?)|\d{1,2}"
)
_EXPENDITURE = re.compile(
    r"(?:部门|本年|全年|年度|总体)*支出(?:总预算|预算|(?:决算)?(?:合计|总计|总额))(?:数|总额|合计|总计)?|部门支出|预算支出(?:合计|总计|总额)?|总支出"
)
_INCOME = re.compile(
    r"(?:部门|本年|全年|年度|总体)*收入(?:总预算|预算|(?:决算)?(?:合计|总计|总额))(?:数|总额|合计|总计)?|部门收入|预算收入(?:合计|总计|总额)?|总收入"
)
_BOTH = re.compile(
    r"(?:部门)?(?:预算)?(?:收支|收、支)(?:总预算|预算|总计|合计|预算总计|预算总额)?|预算收支(?:总计|合计)?"
)
_OVERALL = re.compile(r"收支|收入支出|支出|收入")
_PARTIAL = re.compile(r"项目支出|基本支出|结转|采购|明细|经济")
_SHARES = {"基本支出", "项目支出"}
CHECKED = False
"""Nobody has yet held these words against an official text."""


class FactKind(StrEnum):
    """Which figure of which paper a fact is."""

    PRINTED = "printed"
    """A row of a published table."""
    TOTAL = "total"
    """Income or expenditure as a whole; the scope says of which money."""
    TARGET = "target"
    ACTUAL = "actual"
    BUDGET = "budget"
    EXECUTED = "executed"
    RATE = "rate"
    """A project's execution rate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One figure that is known, and where it stands."""

    subject: str
    what: FactKind
    kind: FigureKind
    value: Decimal
    """In the base unit: money in 元, percentages as they are."""
    step: Decimal
    """What one unit of the last place printed is."""
    unit: str
    source: str
    """In Chinese, as sentences name it."""
    scope: str = ""
    """Part of the money the source is about; empty for all of it."""
    comparator: Comparator | None = None
    project: str = ""
    definition: str = ""
    """A fuller wording of the subject."""
    column: str = ""
    """Of a printed figure: the words above it."""
    decisive: bool = True
    """A text that says another figure is wrong; not for the target beside an actual."""
    year: int | None = None
    at: Place = ""


def facts_of(document: ParsedDocument) -> tuple[Fact, ...]:
    """All facts of a document: its published tables, indicators, budgets and executions."""
    return (
        *(fact for printed in document.printed for fact in _printed(printed, document)),
        *(fact for table in document.tables for fact in _table(table)),
    )


def total_name(subject: str) -> str | None:
    """收入总计, 支出总计 or 收支总计 where a subject means the whole; None elsewhere."""
    core = label_core(subject)
    for name, pattern in (("支出总计", _EXPENDITURE), ("收入总计", _INCOME), ("收支总计", _BOTH)):
        if pattern.fullmatch(core):
            return name
    return None


def _printed(printed: PrintedFigure, document: ParsedDocument) -> Iterator[Fact]:
    label, column = label_core(printed.label), label_core(printed.column)
    scope = scope_of(printed.title)
    names: list[tuple[str, FactKind]] = []
    is_total = label in _TOTAL_ROWS or total_name(label) is not None
    if label and not is_total:
        names.append((label, FactKind.PRINTED))
    elif not _PLAIN_COLUMNS.fullmatch(column):
        kind = FactKind.TOTAL if column in _SHARES else FactKind.PRINTED
        names.append((column, kind))
    if is_total and (total := _whole(label, column, printed.title)) is not None:
        names.append((total, FactKind.TOTAL))
    for subject, what in names:
        yield Fact(
            subject=subject,
            what=what,
            kind=FigureKind.AMOUNT,
            value=printed.value,
            step=printed.step,
            unit="元",
            source=f"“{printed.title}”" if printed.title else "表格",
            scope=scope,
            column=column,
            year=document.fiscal_year,
            at=printed.at,
        )


def _whole(label: str, column: str, title: str) -> str | None:
    """The name of the total that a total row holds: its own, or its table's."""
    if (name := total_name(label)) is not None:
        return name
    if _PARTIAL.search(title) or not _OVERALL.search(title):
        return None
    if not (_PLAIN_COLUMNS.fullmatch(column) or total_name(column)):
        return None
    if "收支" in title or "收入支出" in title:
        return "收支总计"
    return "支出总计" if "支出" in title else "收入总计"


def _table(table: ParsedTable) -> Iterator[Fact]:
    paper = "自评表" if table.kind is TableKind.SELF_EVALUATION else "绩效目标表"
    source = f"“{table.project}”{paper}" if table.project else paper
    for indicator in table.indicators:
        yield from _indicator(indicator, table, source)
    for fund in table.funds:
        if fund.source is FundSource.TOTAL and fund.stage is FundStage.ANNUAL:
            yield from _fund(fund, table, source)
    execution = table.execution
    if execution is not None and table.project:
        rate = execution.rate_claimed
        budget = execution.budget_used or execution.budget
        if rate is None and budget and execution.executed is not None:
            rate = execution.executed / budget
        for what, value in ((FactKind.BUDGET, budget), (FactKind.EXECUTED, execution.executed)):
            if value is not None:
                yield _money(table, what, value, source)
        if rate is not None:
            yield Fact(
                subject=table.project,
                what=FactKind.RATE,
                kind=FigureKind.RATE,
                value=(rate * 100).quantize(Decimal("0.01")),
                step=Decimal("0.01"),
                unit="%",
                source=source,
                project=table.project,
                year=table.fiscal_year,
                at=execution.at or table.at,
            )


def _fund(fund: Fund, table: ParsedTable, source: str) -> Iterator[Fact]:
    for what, value in (
        (FactKind.BUDGET, fund.initial),
        (FactKind.BUDGET, fund.adjusted),
        (FactKind.EXECUTED, fund.executed),
    ):
        if value is not None and table.project:
            yield _money(table, what, value, source)


def _money(table: ParsedTable, what: FactKind, value: Decimal, source: str) -> Fact:
    return Fact(
        subject=table.project,
        what=what,
        kind=FigureKind.AMOUNT,
        value=value,
        step=Decimal(100) if value % 100 == 0 else Decimal("0.01"),
        unit="元",
        source=source,
        project=table.project,
        year=table.fiscal_year,
        at=table.at,
    )


def _indicator(indicator: ParsedIndicator, table: ParsedTable, source: str) -> Iterator[Fact]:
    for what, value in ((FactKind.TARGET, indicator.target), (FactKind.ACTUAL, indicator.actual)):
        if value is None or value.kind is not ValueKind.QUANTITATIVE:
            continue
        if not isinstance(value.value, Decimal) or value.unit is None or value.approximate:
            continue
        yield Fact(
            subject=indicator.name,
            what=what,
            kind=kind_of(value),
            value=value.value,
            step=step_of(value),
            unit=value.unit,
            source=source,
            comparator=value.comparator,
            project=table.project,
            definition=indicator.definition or "",
            decisive=what is FactKind.ACTUAL or table.kind is TableKind.TARGET_TABLE,
            year=table.fiscal_year,
            at=indicator.at,
        )


def kind_of(value: Value) -> FigureKind:
    """What a value counts, by its unit."""
    if value.unit == "%":
        return FigureKind.RATE
    money = value.unit is not None and (value.unit == "元" or value.unit.startswith("元/"))
    return FigureKind.AMOUNT if money else FigureKind.COUNT


def step_of(value: Value) -> Decimal:
    """What one unit of the last place of a written value is, in its base unit."""
    found = re.search(r"\d[\d,，]{0,24}(?:\.(\d{1,10}))?", value.text)
    places = len(found.group(1) or "") if found else 0
    factor = Decimal(1)
    written = found.group().replace(",", "").replace("，", "") if found else ""
    if written and isinstance(value.value, Decimal) and value.value and Decimal(written):
        factor = abs(value.value) / Decimal(written)
    return Decimal(1).scaleb(-places) * factor
