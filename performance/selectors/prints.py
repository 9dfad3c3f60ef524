"""A paper with all that its printed form shows, for one account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from budgets.models import Funding, User
from performance.models import Evaluation, TargetTable
from performance.reports.forms import BOXES, spans
from performance.rulebook import load
from performance.selectors.checkups import Checkup, checkup_of
from performance.selectors.contents import indicators_of
from performance.selectors.desk import Desk, desk_of, paper_row
from performance.selectors.papers import funding_of
from performance.workflow import Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedFund:
    """A row of the fund block, in 元."""

    label: str
    whole: bool
    initial: Decimal | None
    adjusted: Decimal | None
    executed: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedRow:
    """An indicator of a form, with how far its level cells run down."""

    seq: int
    level1: str
    level2: str
    span1: int
    """0: the cell above covers it."""
    span2: int
    name: str
    target: str
    points: Decimal | None
    nature: str
    """定量 or 定性; empty where the target is missing."""
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedPaper:
    """A paper ready for its form."""

    desk: Desk
    checkup: Checkup | None
    department: str
    region_code: str
    project_code: str
    ticked: Mapping[str, tuple[str, ...]]
    """What the project is by category, attribute and type, in words."""
    objectives: tuple[tuple[str, str], ...]
    """Text and how it was met."""
    funds: tuple[PrintedFund, ...]
    rows: tuple[PrintedRow, ...]
    execution_points: Decimal | None
    """Of self-evaluations: as the form prints them, else the rule set's."""
    ruleset: str

    @property
    def points(self) -> Decimal | None:
        """What all indicators carry together; None where the form has no points."""
        known = [row.points for row in self.rows if row.points is not None]
        return sum(known, Decimal(0)) if known else None


def printed_paper(user: User, paper: Paper, public_id: UUID) -> PrintedPaper | None:
    """A paper for printing, in a constant number of queries; None when not there or not yours."""
    desk = desk_of(user, paper, public_id)
    row = paper_row(user, paper, public_id) if desk is not None else None
    if desk is None or row is None:
        return None
    table = row if isinstance(row, TargetTable) else row.table
    ruleset = load(row.ruleset) if isinstance(row, Evaluation) else None
    points = row.execution_points if isinstance(row, Evaluation) else None
    if points is None and ruleset is not None:
        points = ruleset.execution_points
    return PrintedPaper(
        desk=desk,
        checkup=checkup_of(user, paper, public_id),
        department=table.supervisor_text or row.department.name,
        region_code=row.department.region.code,
        project_code=row.project.code,
        ticked={name: tuple(getattr(row.project, name)) for name, _, _ in BOXES},
        objectives=tuple((one.text, one.completed) for one in table.objectives.order_by("seq")),
        funds=tuple(
            _fund(one) for one in funding_of(row.project_id, row.fiscal_year) if _annual(one)
        ),
        rows=_rows(table),
        execution_points=points,
        ruleset=ruleset.source.title if ruleset is not None else "",
    )


def _annual(fund: Funding) -> bool:
    return fund.stage == "annual"


def _fund(fund: Funding) -> PrintedFund:
    return PrintedFund(
        label=fund.get_source_display(),
        whole=fund.source == "total",
        initial=fund.initial,
        adjusted=fund.adjusted,
        executed=fund.executed,
    )


def _rows(table: Any) -> tuple[PrintedRow, ...]:
    indicators = indicators_of(table.pk)
    levels = [(one.level1_text or one.level1, one.level2_text or one.level2) for one in indicators]
    return tuple(
        PrintedRow(
            seq=seq,
            level1=level[0],
            level2=level[1],
            span1=span[0],
            span2=span[1],
            name=one.name,
            target=one.text,
            points=one.points,
            nature=_nature(one.kind),
            unit=one.measure_unit,
        )
        for seq, (one, level, span) in enumerate(
            zip(indicators, levels, spans(levels), strict=True), start=1
        )
    )


def _nature(kind: str) -> str:
    if not kind:
        return ""
    return "定性" if kind in {"qualitative", "yes_no"} else "定量"
