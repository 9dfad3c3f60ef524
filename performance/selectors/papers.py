"""Rows of papers with what stands on them, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Prefetch, QuerySet

from budgets.models import Funding
from performance.models import (
    Actual,
    Evaluation,
    Indicator,
    Objective,
    RunKind,
    ScoreLine,
    ScoreRun,
    TargetTable,
)


def _table_rows(prefix: str = "") -> tuple[Prefetch[str], ...]:
    return (
        Prefetch(f"{prefix}objectives", Objective.unscoped.order_by("seq")),
        Prefetch(f"{prefix}indicators", Indicator.unscoped.order_by("seq")),
    )


def with_evaluation_rows(rows: QuerySet[Evaluation]) -> QuerySet[Evaluation]:
    """Evaluations with their table's rows and their actuals."""
    return rows.select_related(
        "project", "unit", "document", "table", "table__project", "table__unit"
    ).prefetch_related(*_table_rows("table__"), Prefetch("actuals", Actual.unscoped.order_by("id")))


def evaluation_with_rows(rows: QuerySet[Evaluation], pk: int) -> Evaluation | None:
    """One evaluation with all its rows, or None when it is not among ``rows``."""
    return with_evaluation_rows(rows).filter(pk=pk).first()


def with_target_rows(rows: QuerySet[TargetTable]) -> QuerySet[TargetTable]:
    """Target tables with their objectives and indicators."""
    return rows.select_related("project", "unit", "document").prefetch_related(*_table_rows())


def funding_of(project_id: int, fiscal_year: int) -> list[Funding]:
    """A project's money of a year, in the order it was read."""
    return list(
        Funding.unscoped.filter(project_id=project_id, fiscal_year=fiscal_year).order_by("id")
    )


def funding_by_project(project_ids: Sequence[int]) -> dict[tuple[int, int], list[Funding]]:
    """Money of several projects by (project, year), in one query."""
    found: dict[tuple[int, int], list[Funding]] = {}
    for row in Funding.unscoped.filter(project_id__in=project_ids).order_by("id"):
        found.setdefault((row.project_id, row.fiscal_year), []).append(row)
    return found


def latest_runs(evaluation_ids: Sequence[int]) -> dict[int, ScoreRun]:
    """The newest computed score run of each evaluation, in one query."""
    runs = (
        ScoreRun.unscoped.filter(evaluation_id__in=evaluation_ids, kind=RunKind.COMPUTED)
        .order_by("evaluation_id", "-id")
        .distinct("evaluation_id")
    )
    return {run.evaluation_id: run for run in runs}


def lines_of(runs: Sequence[ScoreRun]) -> dict[int, list[ScoreLine]]:
    """The lines of several runs by run, in one query."""
    found: dict[int, list[ScoreLine]] = {run.pk: [] for run in runs}
    rows = ScoreLine.objects.filter(
        fiscal_year__in={run.fiscal_year for run in runs}, run_id__in=list(found)
    ).order_by("run_id", "seq")
    for line in rows:
        found[line.run_id].append(line)
    return found
