"""Printed amounts above the whole they belong to, and totals of projects named in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from performance.examination.prose.figures import amount
from performance.examination.prose.model import Figure, FigureKind, Role, Sentence
from performance.examination.prose.pages import Clash, Paragraph
from performance.examination.prose.subjects import label_core
from performance.tables import (
    Finding,
    FundSource,
    FundStage,
    ParsedDocument,
    ParsedTable,
    PrintedFigure,
    Scope,
    Severity,
    TableKind,
)
from performance.values import ValueKind, is_cost

_HALF = Decimal("0.5")
_PROJECTS = re.compile(r"项目")
_MONEY = re.compile(r"涉及|资金|金额|预算|支出|拨款")
_ALL = re.compile(r"绩效|目标|自评|管理|全部|所有|共")
_PARTIAL = re.compile(r"重点|部分|抽取|选取|评价项目|试点|其中|事前|重大")
_NUMBERED = re.compile(
    r"^(?:\d{1,2}|[一二三四五六七八九十]{1,2}|[(（][一二三四五六七八九十\d]{1,2}[)）])[、.．]?"
)
_ASSETS = re.compile(r"资产总额|固定资产(?:总额|合计|总值)?|合计")


def check_costs(tables: tuple[ParsedTable, ...]) -> Iterator[Finding]:
    """The actual of a cost indicator above all money that was executed."""
    for table in tables:
        execution = table.execution
        if table.kind is not TableKind.SELF_EVALUATION or execution is None:
            continue
        executed = execution.executed
        if executed is None or executed <= 0 or table.scope is not Scope.PROJECT:
            continue
        for indicator in table.indicators:
            actual = indicator.actual
            if actual is None or actual.kind is not ValueKind.QUANTITATIVE or actual.approximate:
                continue
            if actual.unit != "元" or not isinstance(actual.value, Decimal):
                continue
            if not is_cost(indicator.level1, indicator.level2):
                continue
            if _print(actual.value) >= _print(executed):
                step = min(_print(actual.value), _print(actual.value))
                over = actual.value - executed > step * _HALF
            else:
                over = actual.value > executed
            if over:
                yield Finding(
                    code="X01",
                    severity=Severity.ERROR,
                    project=table.project,
                    indicator=indicator.name,
                    message=(
                        f"成本指标“{indicator.name}”的实际完成值 {_wan(actual.value)} 超过项目全部执行数 "
                        f"{_wan(executed)}（{indicator.at}、{execution.at or table.at}）；请核对改正"
                    ),
                    at=indicator.at,
                )


def _print(value: Decimal) -> Decimal:
    """The last place that is not zero: 102.7 万元 is printed to 1,000 元."""
    exponent = value.normalize().as_tuple().exponent
    return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)


def _wan(value: Decimal) -> str:
    return amount(value, FigureKind.AMOUNT, "元")


def check_assets(printed: tuple[PrintedFigure, ...]) -> Iterator[Finding]:
    """The total of an asset table against its numbered rows, with and without 无形资产."""
    titles: dict[str, list[PrintedFigure]] = {}
    for figure in printed:
        if "资产" in figure.title:
            titles.setdefault(figure.title, []).append(figure)
    for title, rows in titles.items():
        first = rows[0]
        if _ASSETS.fullmatch(label_core(first.label)) is None:
            continue
        parts = [
            row for row in rows[1:] if _NUMBERED.match(row.label) and row.column == first.column
        ]
        if len(parts) < 2 or any(
            not _NUMBERED.match(r.label) and "其中" not in r.label for r in rows[1:]
        ):
            continue
        fixed = [row for row in parts if "无形" not in row.label]
        tolerance = first.step * _HALF * (len(parts) + 1)
        sums = {_sum(parts), _sum(fixed)}
        if any(abs(total - first.value) <= tolerance for total in sums):
            continue
        listed = "+".join(_wan(row.value).removesuffix(" 万元") for row in parts)
        yield Finding(
            code="X01",
            severity=Severity.ERROR,
            message=(
                f"“{title}”的{label_core(first.label)}为 {_wan(first.value)}（{first.at}），"
                f"所列各项 {listed} 合计 {_wan(_sum(parts))}"
                f"{'' if len(sums) == 1 else f'，不含无形资产为 {_wan(_sum(fixed))}'}；请核对改正"
            ),
            at=first.at,
        )


def _sum(rows: list[PrintedFigure]) -> Decimal:
    return sum((row.value for row in rows), Decimal(0))


def check_projects(pages: list[Paragraph], document: ParsedDocument) -> Iterator[Clash]:
    """N 个项目，涉及 x 万元: N tables stand in the document and add to another sum."""
    final = any(t.kind is TableKind.SELF_EVALUATION for t in document.tables)
    kind = TableKind.SELF_EVALUATION if final else TableKind.TARGET_TABLE
    tables = [t for t in document.tables if t.kind is kind and t.scope is Scope.PROJECT]
    sums = _sums(tables)
    if len(tables) < 2 or not sums:
        return
    for paragraph in pages:
        for sentence in paragraph.reading.sentences:
            for count, money in _counted(sentence, len(tables)):
                tolerance = money.step * _HALF * (len(tables) + 1)
                if any(abs(total - money.value) <= tolerance for total in sums):
                    continue
                yield Clash(
                    figure=money,
                    paragraph=paragraph,
                    message=(
                        f"正文说 {count.written}项目{_said(money)} {money.written}"
                        f"（{paragraph.place(money)}），{len(tables)} 张{'自评表' if final else '绩效目标表'}"
                        f"的{'执行数' if final else '资金'}合计 {_wan(sums[0])}"
                        f"（{tables[0].at} 至 {tables[-1].at}）；请核对改正"
                    ),
                )


def _said(money: Figure) -> str:
    return money.clause.strip(",;: ")[-20:] or "资金"


def _sums(tables: list[ParsedTable]) -> list[Decimal]:
    """What the projects may add to: money executed, adjusted or first budgeted."""
    columns: list[list[Decimal | None]] = [
        [t.execution.executed if t.execution else None for t in tables],
        [_total(t, "initial") for t in tables],
        [_total(t, "adjusted") for t in tables],
        [t.execution.budget if t.execution else None for t in tables],
    ]
    return [
        sum((value for value in column if value is not None), Decimal(0))
        for column in columns
        if all(value is not None for value in column)
    ]


def _total(table: ParsedTable, stage: str) -> Decimal | None:
    for fund in table.funds:
        if fund.source is FundSource.TOTAL and fund.stage is FundStage.ANNUAL:
            return fund.initial if stage == "initial" else fund.adjusted
    return None


def _counted(sentence: Sentence, number: int) -> Iterator[tuple[Figure, Figure]]:
    """The number of projects of a sentence and the next amount behind it."""
    for position, count in enumerate(sentence.figures):
        if count.kind is not FigureKind.COUNT or count.value != number or count.unit != "个":
            continue
        behind = sentence.text[count.spot[1] : count.spot[1] + 8]
        if not (_PROJECTS.search(count.clause[-8:]) or behind.startswith("项目")):
            continue
        around = sentence.text[: count.spot[1] + 12]
        if not _ALL.search(around) or _PARTIAL.search(around):
            continue
        money = next(iter(sentence.figures[position + 1 : position + 2]), None)
        if money is None or money.kind is not FigureKind.AMOUNT or money.role is not Role.VALUE:
            continue
        if money.unit == "元" and _MONEY.search(money.clause) and not money.approximate:
            yield count, money
