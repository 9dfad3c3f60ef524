"""A year at a glance: how far the papers are, how grades are spread, money spent against points."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from budgets.models import BudgetUnit, Department, User
from performance.access import evaluations_visible_to
from performance.models import IN_A_CORNER, ScoreRun
from performance.reports.overview import Dot, GradeRow, grade_rows
from performance.reports.progress import ProgressRow, progress_rows
from performance.scoring.execution import execution_rate
from performance.selectors.papers import latest_runs
from performance.selectors.tallies import Counts, counts_of
from performance.workflow import PAPER_LABELS, STATE_LABELS, Paper, State

MOST = 500
"""The most dots of a chart; beyond that nobody tells them apart."""
PER_PAGE = 100
"""Projects in a corner listed at once."""
COUNTED = 1000
"""How far those in a corner are counted."""
MOST_UNITS = 60
"""The most rows of progress; the furthest behind come first."""

_Row = Mapping[str, Any]


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
    """Those of ``corners`` and the newest self-evaluations, at most ``MOST``."""
    corners: tuple[Dot, ...]
    """One page of those in a corner, the newest first."""
    cornered: str
    """How many are in a corner, in words; not counted beyond ``COUNTED``."""
    number: int
    """Which page."""
    more: bool
    """Whether there is a page after it."""
    grades: tuple[GradeRow, ...]
    """Of all of them."""
    evaluations: int
    """How many self-evaluations there are, those without a dot too."""
    by: str
    """What a row of ``units`` is: 单位, or 主管部门 where several are in sight."""
    units: tuple[ProgressRow, ...]
    unshown: int
    """How many units or departments there are beyond those shown."""

    @property
    def unplaced(self) -> int:
        """How many of the dots stand nowhere: no budget or nothing executed is known."""
        return sum(dot.rate is None for dot in self.dots)


def overview(user: User, year: int | None, number: int = 1) -> Overview:
    """The year asked for, else the newest with papers, with one page of the projects in a corner.

    The queries are as many for much as for little.
    """
    counts = counts_of(user, year)
    units = _units(counts)
    cornered, total, newest = _papers(user, counts.year, number)
    rows = (*cornered, *newest)
    runs = latest_runs([row["pk"] for row in rows])
    dots = {row["pk"]: _dot(row, runs.get(row["pk"])) for row in rows}
    corners = tuple(dots[row["pk"]] for row in cornered[:PER_PAGE])
    return Overview(
        year=counts.year,
        years=counts.years,
        progress=tuple(_progress(paper, counts) for paper in Paper),
        dots=(*corners, *(dots[row["pk"]] for row in newest))[:MOST],
        corners=corners,
        cornered=f"{COUNTED} 个以上" if total > COUNTED else f"{total} 个",
        number=number,
        more=len(cornered) > PER_PAGE,
        grades=grade_rows(counts.grades),
        evaluations=sum(counts.grades.values()),
        by="主管部门" if counts.by_department else "单位",
        units=units[:MOST_UNITS],
        unshown=max(0, len(units) - MOST_UNITS),
    )


def _units(counts: Counts) -> tuple[ProgressRow, ...]:
    """Papers of a year by unit and stage; by department for who sees several of them."""
    places = (Department if counts.by_department else BudgetUnit).objects
    keys = {place for place, _ in counts.places}
    names = dict(places.filter(pk__in=keys).values_list("pk", "name"))
    rows = ((place, State(status), n) for (place, status), n in counts.places.items())
    return progress_rows(rows, names)


def _progress(paper: Paper, counts: Counts) -> Progress:
    found = Counter({status: n for (kind, status), n in counts.states.items() if kind is paper})
    return Progress(
        paper=paper,
        label=PAPER_LABELS[paper],
        counts=tuple((STATE_LABELS[s], found[s]) for s in State if found[s]),
        total=sum(found.values()),
    )


def _papers(
    user: User, year: int | None, number: int
) -> tuple[Sequence[_Row], int, Sequence[_Row]]:
    """A page of those in a corner with the first of the next, how many there are, and the newest of the others."""
    if year is None:
        return [], 0, []
    papers = (
        evaluations_visible_to(user)
        .filter(fiscal_year=year)
        .order_by("-id")
        .values(
            "pk", "public_id", "project__public_id", "project__name", "unit__name", "budget_used", "executed",
            "total_claimed",
        )
    )  # fmt: skip
    cornered = papers.filter(IN_A_CORNER)
    before = (number - 1) * PER_PAGE
    page = list(cornered[before : before + PER_PAGE + 1])
    listed = {row["pk"] for row in page[:PER_PAGE]}
    newest = [row for row in papers[:MOST] if row["pk"] not in listed]
    return page, cornered[: COUNTED + 1].count(), newest


def _dot(row: _Row, run: ScoreRun | None) -> Dot:
    return Dot(
        public_id=row["public_id"],
        project_id=row["project__public_id"],
        project=row["project__name"],
        unit=row["unit__name"],
        rate=execution_rate(row["executed"], row["budget_used"]),
        claimed=row["total_claimed"],
        computed=run.total if run is not None and run.complete else None,
        claimed_grade=run.claimed_grade if run is not None else "",
        computed_grade=run.grade if run is not None else "",
    )
