"""Stored papers and expenditure → the facts that a report is held against."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from budgets.models import ExpenditureByFunction
from performance.examination.prose.facts import Fact, facts_of
from performance.tables import ParsedDocument, ParsedTable, PrintedFigure

_WHOLE_TOTAL = "合计"
_CENT = Decimal("0.01")
_HUNDRED = Decimal(100)


def stored_facts(
    tables: Iterable[ParsedTable], lines: Iterable[ExpenditureByFunction], year: int
) -> tuple[Fact, ...]:
    """The facts of a unit's year: what its papers say, and its tables of expenditure."""
    return facts_of(
        ParsedDocument(
            format="",
            sha256="",
            fiscal_year=year,
            tables=tuple(tables),
            printed=tuple(figure for line in lines for figure in _printed(line)),
        )
    )


def _printed(line: ExpenditureByFunction) -> Iterator[PrintedFigure]:
    """The line as it was printed: its three amounts under their columns."""
    for column, value in (
        (_WHOLE_TOTAL, line.total),
        ("基本支出", line.basic),
        ("项目支出", line.project),
    ):
        if value is not None:
            yield PrintedFigure(
                title=line.table_title,
                label=line.name if line.code else _WHOLE_TOTAL,
                column=column,
                value=value,
                step=_step(value),
                at=f"第 {line.seq} 行",
            )


def _step(value: Decimal) -> Decimal:
    """What was printed in 万元 is known to the hundred 元, everything else to the cent."""
    return _HUNDRED if value % _HUNDRED == 0 else _CENT
