"""How many papers stand where: kept sums, and the papers themselves where a sum is out of date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Count, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from budgets.models import User
from performance.access import papers_shown, papers_visible_to, tallies_visible_to
from performance.models import RunKind, ScoreRun, Tally, TallyMark
from performance.workflow import Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The papers of a year as one account sees them, counted."""

    year: int | None
    years: tuple[int, ...]
    """All years with papers, the newest first."""
    states: Mapping[tuple[Paper, str], int]
    """Of the year, by kind and state."""
    by_department: bool
    """Whether a place is a department, or a unit."""
    places: Mapping[tuple[int, str], int]
    """Of the year, by the key of the place and state."""
    grades: Mapping[tuple[str, str], int]
    """Self-evaluations of the year by the grade they claim and the one they come to."""


def counts_of(user: User, year: int | None) -> Counts:
    """The year asked for, else the newest with papers.

    Exact as of now: sums of departments in which something changed are not used. Who sees a whole
    region reads sums; everybody else has few papers and counts them.
    """
    rows = {paper: papers_visible_to(paper, user) for paper in Paper}
    tallies = tallies_visible_to(user)
    if tallies is not None:
        # Read first: a department without a mark now has sums of now, or newer ones.
        marked = marked_departments()
        found = _summed(tallies, rows, marked, year)
        if len({place for place, _ in found.places}) > 1:
            return found
    return _counted(rows, year)


def evaluation_years(user: User, rows: QuerySet[Any]) -> tuple[int, ...]:
    """The years of self-evaluations, the newest first; ``rows`` are those this account may see.

    Exact as of now, as ``counts_of``.
    """
    tallies = tallies_visible_to(user)
    if tallies is None:
        return _newest_first(rows.order_by().values_list("fiscal_year", flat=True).distinct())
    marked = marked_departments()
    sums = tallies.exclude(department__in=marked).filter(paper=Paper.EVALUATION.value)
    found = set(sums.order_by().values_list("fiscal_year", flat=True).distinct())
    if marked:
        anew = rows.filter(department__in=marked).order_by()
        found.update(anew.values_list("fiscal_year", flat=True).distinct())
    return _newest_first(found)


# ── from the papers ─────────────────────────────────────────────────────────────────────────────

_Row = tuple[int, int, int, Paper, str, int]
"""Department, unit, year, kind, state, how many."""


def _counted(rows: Mapping[Paper, QuerySet[Any]], year: int | None) -> Counts:
    found = list(_groups(rows))
    years = _newest_first(of for _, _, of, _, _, _ in found)
    year = year if year in years else max(years, default=None)
    states: Counter[tuple[Paper, str]] = Counter()
    departments: Counter[tuple[int, str]] = Counter()
    units: Counter[tuple[int, str]] = Counter()
    for department, unit, of, paper, status, count in found:
        if of == year:
            states[paper, status] += count
            departments[department, status] += count
            units[unit, status] += count
    several = len({place for place, _ in departments}) > 1
    return Counts(
        year=year,
        years=years,
        states=states,
        by_department=several,
        places=departments if several else units,
        grades=_grades(rows[Paper.EVALUATION], year),
    )


def _groups(rows: Mapping[Paper, QuerySet[Any]]) -> Iterator[_Row]:
    for paper, found in rows.items():
        groups = found.order_by().values_list("department_id", "unit_id", "fiscal_year", "status")
        for department, unit, year, status, count in groups.annotate(Count("pk")):
            yield department, unit, year, paper, status, count


def _grades(evaluations: QuerySet[Any], year: int | None) -> Counter[tuple[str, str]]:
    groups = (
        _graded(evaluations.filter(fiscal_year=year)).order_by().values_list("claimed", "computed")
    )
    return Counter(
        {(claimed, computed): n for claimed, computed, n in groups.annotate(Count("pk"))}
    )


def _graded(evaluations: QuerySet[Any]) -> QuerySet[Any]:
    """With the grades of the newest computed run; empty where there is none."""
    runs = ScoreRun.unscoped.filter(evaluation=OuterRef("pk"), kind=RunKind.COMPUTED)
    newest = runs.order_by("-id")
    graded: QuerySet[Any] = evaluations.annotate(
        claimed=Coalesce(Subquery(newest.values("claimed_grade")[:1]), Value("")),
        computed=Coalesce(Subquery(newest.values("grade")[:1]), Value("")),
    )
    return graded


def _newest_first(years: Any) -> tuple[int, ...]:
    return tuple(sorted(set(years), reverse=True))


# ── from the sums ───────────────────────────────────────────────────────────────────────────────


def _summed(
    tallies: QuerySet[Tally],
    rows: Mapping[Paper, QuerySet[Any]],
    marked: Collection[int],
    year: int | None,
) -> Counts:
    """By department; those that are marked are counted anew."""
    anew = {paper: found.filter(department__in=marked) for paper, found in rows.items()}
    counted = list(_groups(anew)) if marked else []
    sums = tallies.exclude(department__in=marked).order_by()
    by_year: Counter[tuple[int, Paper, str]] = Counter()
    for of, paper, status, count in _added(sums, "fiscal_year", "paper", "status"):
        by_year[of, Paper(paper), status] += count
    for _, _, of, kind, status, count in counted:
        by_year[of, kind, status] += count
    years = _newest_first(of for of, _, _ in by_year)
    year = year if year in years else max(years, default=None)
    sums = sums.filter(fiscal_year=year or 0)
    places: Counter[tuple[int, str]] = Counter()
    for department, status, count in _added(sums, "department_id", "status"):
        places[department, status] += count
    for department, _, of, _, status, count in counted:
        if of == year:
            places[department, status] += count
    grades: Counter[tuple[str, str]] = Counter()
    evaluations = sums.filter(paper=Paper.EVALUATION.value)
    for claimed, computed, count in _added(evaluations, "claimed_grade", "computed_grade"):
        grades[claimed, computed] += count
    if marked:
        grades += _grades(anew[Paper.EVALUATION], year)
    return Counts(
        year=year,
        years=years,
        states={(paper, status): n for (of, paper, status), n in by_year.items() if of == year},
        by_department=True,
        places=places,
        grades=grades,
    )


def _added(sums: QuerySet[Tally], *names: str) -> QuerySet[Any, Any]:
    return sums.values_list(*names).annotate(Sum("count"))


# ── what sums are made of ───────────────────────────────────────────────────────────────────────


def tallies_of(departments: Collection[int]) -> list[Tally]:
    """The sums of some departments, worked out from all their papers; for the service itself."""
    found = []
    for paper in Paper:
        rows = papers_shown(paper).filter(department__in=departments).order_by()
        if paper is Paper.EVALUATION:
            rows = _graded(rows)
        else:
            rows = rows.annotate(claimed=Value(""), computed=Value(""))
        imported: Any = Q(document__isnull=False)
        if paper is Paper.MONITORING:
            imported = Value(False, output_field=BooleanField())
        groups = rows.annotate(imported=imported).values_list(
            "department_id", "fiscal_year", "status", "imported", "claimed", "computed"
        )
        for department, year, status, brought, claimed, computed, count in groups.annotate(
            Count("pk")
        ):
            found.append(
                Tally(
                    department_id=department,
                    fiscal_year=year,
                    paper=paper.value,
                    status=status,
                    imported=brought,
                    claimed_grade=claimed,
                    computed_grade=computed,
                    count=count,
                )
            )
    return found


def departments_with_papers() -> set[int]:
    """The keys of departments that have a paper that is counted."""
    found: set[int] = set()
    for paper in Paper:
        found.update(
            papers_shown(paper).order_by().values_list("department_id", flat=True).distinct()
        )
    return found


def marked_departments() -> set[int]:
    """The keys of departments in which something changed since they were counted."""
    return set(TallyMark.objects.values_list("department_id", flat=True).distinct())


def is_marked() -> bool:
    """Whether there is something to count anew."""
    return TallyMark.objects.exists()
