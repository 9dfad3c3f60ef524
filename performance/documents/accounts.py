"""What final accounts say of single projects: budget and executed, with the place it was read from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from performance.documents.labels import squeeze
from performance.tables import ParsedDocument, Place, PrintedFigure, TableKind

_TITLE = re.compile(r"决算|执行情况")
_EXECUTED = re.compile(
    r"(?:本年|全年|实际)?(?:支出)?(?:决算|执行|支出)(?:数|金额|合计)?|(?:本年)?项目支出(?:决算数?)?"
)
_ADJUSTED = re.compile(r"(?:全年|调整后?(?:的)?(?:全年)?)预算(?:数|金额)?|预算(?:调整|变更)数")
_LINE = re.compile(r"L0*(\d+)")
_CELL = re.compile(r"(?:P0*(\d+))?T0*(\d+)R0*(\d+)(?:C0*\d+)?")
_SHEET = re.compile(r"(.+)!([A-Z]+\d+)")
_ASIDE = str.maketrans("", "", "“”\"'《》「」")
FORM = "绩效自评表"
TEXT = "正文"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectAccount:
    """The money of one project as a document states it, in 元; what it does not say is None."""

    project: str
    budget: Decimal | None
    """The adjusted annual budget; the initial one never stands in for it."""
    executed: Decimal | None
    table: str
    """Title of the table, or 正文 for a sentence."""
    at: Place


def project_accounts(document: ParsedDocument) -> tuple[ProjectAccount, ...]:
    """Projects with their money: rows of tables first, then forms, then sentences."""
    return (*_rows(document), *_forms(document), *_sentences(document))


def bare(name: str) -> str:
    """A project's name as it is compared: blanks and quotes do not count, everything else does."""
    return squeeze(name).translate(_ASIDE)


def _rows(document: ParsedDocument) -> Iterator[ProjectAccount]:
    named = (figure for figure in document.printed if figure.label and _TITLE.search(figure.title))
    for (title, label), figures in groupby(named, key=lambda one: (one.title, one.label)):
        row = list(figures)
        budget, executed = _first(row, _ADJUSTED), _first(row, _EXECUTED)
        if executed is not None:
            yield ProjectAccount(
                project=label,
                budget=budget.value if budget is not None else None,
                executed=executed.value,
                table=title,
                at=executed.at,
            )


def _first(row: list[PrintedFigure], column: re.Pattern[str]) -> PrintedFigure | None:
    return next((one for one in row if column.fullmatch(squeeze(one.column))), None)


def _forms(document: ParsedDocument) -> Iterator[ProjectAccount]:
    for table in document.tables:
        money = table.execution
        if table.kind is TableKind.SELF_EVALUATION and money is not None:
            if money.executed is not None:
                yield ProjectAccount(
                    project=table.project,
                    budget=money.budget_used if money.budget_used is not None else money.budget,
                    executed=money.executed,
                    table=FORM,
                    at=money.at or table.at,
                )


def _sentences(document: ParsedDocument) -> Iterator[ProjectAccount]:
    for sentence in document.sentences:
        if sentence.executed is not None:
            yield ProjectAccount(
                project=sentence.project,
                budget=sentence.adjusted,
                executed=sentence.executed,
                table=TEXT,
                at=sentence.at,
            )


def in_words(at: Place) -> str:
    """A place in a document as people find it: ``L0658`` → 第 658 行."""
    if found := _LINE.fullmatch(at):
        return f"第 {found.group(1)} 行"
    if found := _CELL.fullmatch(at):
        page, table, row = found.groups()
        return f"{f'第 {page} 页' if page else ''}第 {table} 张表第 {row} 行"
    if found := _SHEET.fullmatch(at):
        return f"工作表“{found.group(1)}” {found.group(2)}"
    return at
