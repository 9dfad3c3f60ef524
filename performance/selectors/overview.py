"""A year at a glance: how far the papers are, how grades are spread, money spent against points."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Subquery

from budgets.models import User
from performance.access import (
    evaluations_visible_to,
    monitorings_visible_to,
    target_tables_visible_to,
)
from performance.models import RunKind, ScoreRun
from performance.reports.overview import Dot, GradeRow, grade_rows
from performance.reports.progress import ProgressRow, progress_rows
from performance.scoring.execution import execution_rate
from performance.workflow import PAPER_LABELS, STATE_LABELS, Paper, State

MOST = 2000
"""The most dots of a chart; beyond that nobody tells them apart."""
MOST_UNITS = 60
"""The most rows of progress; the furthest behind come first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How many papers of one kind stand where."""

    paper: Paper
    label: str
    counts: tuple[tuple[str, int], ...]
    """State in words with the number, in the order of the procedure; states without papers left out."""
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """One year as one account sees it."""

    year: int | None
    years: tuple[int, ...]
    progress: tuple[Progress, ...]
    dots: tuple[Dot, ...]
    grades: tuple[GradeRow, ...]
    more: bool
    """There are more self-evaluations than are shown."""
    by: str
    """What a row of ``units`` is: 单位, or 主管部门 where several are in sight."""
    units: tuple[ProgressRow, ...]
    unshown: int
    """How many units or departments there are beyond those shown."""


def overview(user: User, year: int | None) -> Overview:
    """The year asked for, else the newest with papers, in a constant number of queries."""
    rows: dict[Paper, Any] = {
        Paper.TARGET_TABLE: target_tables_visible_to(user).filter(from_evaluation=False),
        Paper.MONITORING: monitorings_visible_to(user),
        Paper.EVALUATION: evaluations_visible_to(user),
    }
    counted = {
        paper: list(found.values_list("fiscal_year", "status").annotate(Count("pk")).order_by())
        for paper, found in rows.items()
    }
    years = sorted({year for found in counted.values() for year, _, _ in found}, reverse=True)
    if year not in years:
        year = years[0] if years else None
    dots = _dots(rows[Paper.EVALUATION], year)
    by, units = _units(rows, year)
    return Overview(
        year=year,
        years=tuple(years),
        progress=tuple(_progress(paper, found, year) for paper, found in counted.items()),
        dots=tuple(dots[:MOST]),
        grades=grade_rows(dots[:MOST]),
        more=len(dots) > MOST,
        by=by,
        units=units[:MOST_UNITS],
        unshown=max(0, len(units) - MOST_UNITS),
    )


def _units(rows: dict[Paper, Any], year: int | None) -> tuple[str, tuple[ProgressRow, ...]]:
    """Papers of a year by unit and stage; by department for who sees several of them."""
    counted = [
        found
        for one in rows.values()
        for found in one.filter(fiscal_year=year)
        .values_list("department__name", "unit__name", "status")
        .annotate(Count("pk"))
        .order_by()
    ]
    several = len({department for department, *_ in counted}) > 1
    named = (
        (department if several else unit, State(status), count)
        for department, unit, status, count in counted
    )
    return ("主管部门" if several else "单位"), progress_rows(named)


def _progress(paper: Paper, found: list[Any], year: int | None) -> Progress:
    counts: Counter[str] = Counter()
    for of_year, status, count in found:
        if of_year == year:
            counts[status] += count
    return Progress(
        paper=paper,
        label=PAPER_LABELS[paper],
        counts=tuple((STATE_LABELS[s], counts[s]) for s in State if counts[s]),
        total=sum(counts.values()),
    )


def _dots(rows: Any, year: int | None) -> list[Dot]:
    computed = ScoreRun.unscoped.filter(kind=RunKind.COMPUTED)
    runs = computed.filter(evaluation=OuterRef("pk")).order_by("-id")
    found = (
        rows.filter(fiscal_year=year)
        .annotate(
            run_total=Subquery(runs.values("total")[:1]),
            run_grade=Subquery(runs.values("grade")[:1]),
            run_complete=Subquery(runs.values("complete")[:1]),
            run_claimed=Subquery(runs.values("claimed_grade")[:1]),
        )
        .order_by("-id")
        .values(
            "public_id", "project__public_id", "project__name", "unit__name", "budget_used", "executed", "total_claimed",
            "run_total", "run_grade", "run_complete", "run_claimed",
        )[: MOST + 1]
    )  # fmt: skip
    return [
        Dot(
            public_id=row["public_id"],
            project_id=row["project__public_id"],
            project=row["project__name"],
            unit=row["unit__name"],
            rate=execution_rate(row["executed"], row["budget_used"]),
            claimed=row["total_claimed"],
            computed=row["run_total"] if row["run_complete"] else None,
            claimed_grade=row["run_claimed"] or "",
            computed_grade=row["run_grade"] or "",
        )
        for row in found
    ]
