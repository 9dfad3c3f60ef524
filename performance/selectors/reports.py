"""Figures for annual reports: counted and summed in one place, exact."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from budgets.models import BudgetUnit, User
from performance.access import evaluations_visible_to, target_tables_visible_to
from performance.scoring import LineState
from performance.scoring.execution import execution_rate
from performance.selectors.pages import evaluation_pages
from performance.selectors.papers import funding_by_project, with_evaluation_rows
from performance.selectors.shapes import EvaluationPage


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectResult:
    """One project of an annual report."""

    evaluation_id: UUID
    project: str
    budget: Decimal | None
    executed: Decimal | None
    execution_rate: Decimal | None
    claimed_total: Decimal | None
    total: Decimal | None
    grade: str | None
    complete: bool
    unmet: tuple[str, ...]
    """Names of scored indicators that did not earn all their points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnualReport:
    """What a report writer may quote of a unit's year. Amounts in 元; rates are shares."""

    fiscal_year: int
    unit: str
    target_tables: int
    target_budget: Decimal
    evaluations: int
    scored: int
    budget: Decimal
    executed: Decimal
    execution_rate: Decimal | None
    grades: dict[str, int]
    claimed_grades: dict[str, int]
    average_total: Decimal | None
    indicators: int
    indicators_met: int
    projects: tuple[ProjectResult, ...]


def annual_report(user: User, year: int, unit_id: UUID) -> AnnualReport | None:
    """The figures of a unit's year, or None when nothing of it may be seen.

    Classified projects stand in no figure: the rows they would come from are not visible.
    """
    evaluations = list(
        with_evaluation_rows(
            evaluations_visible_to(user).filter(fiscal_year=year, unit__public_id=unit_id)
        ).order_by("id")
    )
    tables = list(
        target_tables_visible_to(user)
        .filter(fiscal_year=year, unit__public_id=unit_id)
        .values_list("project_id", flat=True)
    )
    if not evaluations and not tables:
        return None
    unit = BudgetUnit.objects.get(public_id=unit_id)
    pages = evaluation_pages(evaluations)
    funding = funding_by_project(tables)
    results = tuple(_result(page) for page in pages)
    lines = [line for page in pages if page.sheet for line in page.sheet.lines]
    graded = [result for result in results if result.grade is not None]
    return AnnualReport(
        fiscal_year=year,
        unit=unit.name,
        target_tables=len(tables),
        target_budget=sum(
            (
                row.initial or Decimal(0)
                for (_, of_year), rows in funding.items()
                for row in rows
                if of_year == year and row.source == "total" and row.stage == "annual"
            ),
            Decimal(0),
        ),
        evaluations=len(results),
        scored=len(graded),
        budget=_sum([result.budget for result in results]),
        executed=_sum([result.executed for result in results]),
        execution_rate=execution_rate(
            _sum([result.executed for result in results]), _sum([r.budget for r in results])
        ),
        grades=dict(Counter(result.grade for result in graded if result.grade)),
        claimed_grades=dict(
            Counter(
                page.sheet.claimed_grade
                for page in pages
                if page.sheet and page.sheet.claimed_grade
            )
        ),
        average_total=_average([result.total for result in graded]),
        indicators=len(lines),
        indicators_met=sum(
            1 for line in lines if line.awarded is not None and line.awarded == line.points
        ),
        projects=results,
    )


def _result(page: EvaluationPage) -> ProjectResult:
    execution, sheet = page.table.execution, page.sheet
    budget = execution.budget_used if execution else None
    executed = execution.executed if execution else None
    return ProjectResult(
        evaluation_id=page.public_id,
        project=page.table.project,
        budget=budget,
        executed=executed,
        execution_rate=execution_rate(executed, budget),
        claimed_total=sheet.claimed_total if sheet else None,
        total=sheet.total if sheet else None,
        grade=sheet.grade if sheet else None,
        complete=bool(sheet and sheet.complete),
        unmet=tuple(
            line.name
            for line in (sheet.lines if sheet else ())
            if line.state is LineState.SCORED and line.awarded != line.points
        ),
    )


def _sum(amounts: list[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def _average(totals: list[Decimal | None]) -> Decimal | None:
    known = [total for total in totals if total is not None]
    return (sum(known, Decimal(0)) / len(known)).quantize(Decimal("0.01")) if known else None
