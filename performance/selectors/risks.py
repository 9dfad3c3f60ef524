"""The risk of stored papers, for as many as there are in a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from statistics import median
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Coalesce, Now

from performance.examination.limits import thresholds_for
from performance.examination.risk import Circumstances, Medians, Risk, assess
from performance.mapping.examinations import kept_finding
from performance.mapping.tables import parsed_evaluation, parsed_target_table
from performance.models import Evaluation, Evidence, Examination, TargetTable, Task, TaskDeadline
from performance.rulebook import load
from performance.scoring import score
from performance.selectors.papers import (
    funding_by_project,
    latest_runs,
    with_evaluation_rows,
    with_target_rows,
)
from performance.selectors.procedure import late_papers
from performance.workflow import Paper

WEIGHED = (Paper.EVALUATION.value, Paper.TARGET_TABLE.value)
"""Papers that have a risk."""
STIRRED = timedelta(hours=3)


def risks_of(rows: Sequence[Examination], medians: Medians | None = None) -> dict[int, Risk]:
    """The risk of each examined paper by the examination's id; other papers have none."""
    found: dict[int, Risk] = {}
    by_paper: dict[str, dict[int, Examination]] = {kind: {} for kind in WEIGHED}
    for row in rows:
        if row.paper in by_paper:
            by_paper[row.paper][row.paper_id] = row
    late = late_papers([row for kept in by_paper.values() for row in kept.values()])
    if evaluations := by_paper[Paper.EVALUATION.value]:
        found |= _of_evaluations(evaluations, late, medians)
    if tables := by_paper[Paper.TARGET_TABLE.value]:
        found |= _of_tables(tables, late)
    return found


def _of_evaluations(
    rows: dict[int, Examination], late: set[tuple[str, int]], medians: Medians | None
) -> dict[int, Risk]:
    papers = list(
        with_evaluation_rows(Evaluation.unscoped.filter(pk__in=list(rows))).select_related(
            "department__region"
        )
    )
    money = funding_by_project([paper.project_id for paper in papers])
    attached = set(
        Evidence.unscoped.filter(actual__evaluation__in=list(rows)).values_list(
            "actual__evaluation_id", "actual__indicator_id"
        )
    )
    found = {}
    for paper in papers:
        row = rows[paper.pk]
        table = parsed_evaluation(paper, money.get((paper.project_id, paper.fiscal_year), []))
        evidence = tuple(
            (paper.pk, indicator.pk) in attached for indicator in paper.table.indicators.all()
        )
        found[row.pk] = assess(
            table,
            score(table, load(paper.ruleset)),
            [kept_finding(one) for one in row.findings],
            thresholds_for(paper.department.region.code, paper.fiscal_year),
            Circumstances(
                late=(row.paper, paper.pk) in late,
                evidence=evidence if paper.document_id is None else None,
                medians=medians,
            ),
        )
    return found


def _of_tables(rows: dict[int, Examination], late: set[tuple[str, int]]) -> dict[int, Risk]:
    papers = list(
        with_target_rows(TargetTable.unscoped.filter(pk__in=list(rows))).select_related(
            "department__region"
        )
    )
    money = funding_by_project([paper.project_id for paper in papers])
    return {
        rows[paper.pk].pk: assess(
            parsed_target_table(paper, money.get((paper.project_id, paper.fiscal_year), [])),
            None,
            [kept_finding(one) for one in rows[paper.pk].findings],
            thresholds_for(paper.department.region.code, paper.fiscal_year),
            Circumstances(late=(Paper.TARGET_TABLE.value, paper.pk) in late),
        )
        for paper in papers
    }


def medians_of(task_id: int) -> Medians:
    """The middle of a task's self-evaluations that were handed on, in two queries."""
    handed_on = Examination.unscoped.filter(task_id=task_id, paper=Paper.EVALUATION.value)
    papers = list(
        Evaluation.unscoped.filter(task_id=task_id, pk__in=handed_on.values("paper_id"))
        .annotate(planned=Coalesce("budget_used", "budget"))
        .values_list("pk", "planned", "executed")
    )
    runs = latest_runs([pk for pk, _, _ in papers])
    points = [run.total / run.available for run in runs.values() if run.available]
    rates = [done / planned for _, planned, done in papers if planned and done is not None]
    return Medians(count=len(papers), points=_middle(points), rate=_middle(rates))


def _middle(values: Sequence[Decimal]) -> Decimal | None:
    return Decimal(median(values)).quantize(Decimal("0.0001")) if values else None


def task_examinations(task_id: int, after: int, most: int) -> list[Examination]:
    """Examinations of a task's papers that have a risk, in the order of their ids."""
    rows = Examination.unscoped.filter(task_id=task_id, paper__in=WEIGHED, pk__gt=after)
    rows = rows.select_related("task")
    return list(rows.order_by("id")[:most])


def stirred_tasks() -> list[UUID]:
    """Tasks whose risks may have moved: a paper was handed on within the last hours, or what was
    late is so no more."""
    recent = Examination.unscoped.filter(
        paper__in=WEIGHED, task__isnull=False, examined_at__gt=Now() - STIRRED
    )
    moved = TaskDeadline.objects.filter(moved_at__gt=Now() - STIRRED)
    found = Task.objects.filter(
        Q(pk__in=recent.values("task_id")) | Q(pk__in=moved.values("task_id"))
    )
    return list(found.order_by("pk").values_list("public_id", flat=True))
