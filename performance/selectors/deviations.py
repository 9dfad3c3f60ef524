"""How far claims were from what the reviews found: by project and by department."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from budgets.models import User
from performance.access import evaluations_visible_to, tasks_visible_to
from performance.models import Review, ReviewState
from performance.scoring.criteria import deviation


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviationRow:
    """One project: what was claimed, what the review confirmed, and the deviation in per cent."""

    evaluation: UUID
    project: str
    unit: str
    department: str
    claimed: Decimal | None
    reviewed: Decimal | None
    deviation: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentDeviation:
    """A department: sums over its projects that have both figures."""

    department_id: UUID
    department: str
    projects: int
    compared: int
    claimed: Decimal
    reviewed: Decimal
    deviation: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviations:
    """The confirmed reviews of a task in reach."""

    task: str
    task_id: UUID
    departments: tuple[DepartmentDeviation, ...]
    shown: UUID | None
    """The department whose projects are in ``rows``."""
    rows: tuple[DeviationRow, ...]


def percent(share: Fraction | None) -> Decimal | None:
    """A share in per cent to two places, half up (away from nothing)."""
    if share is None:
        return None
    exact = share * 100
    found = Decimal(exact.numerator) / Decimal(exact.denominator)
    return found.quantize(Decimal("0.01"), ROUND_HALF_UP)


def deviations(user: User, task: UUID, department: UUID | None = None) -> Deviations | None:
    """The deviations of a task's confirmed reviews; None when it is not there or not yours.

    Sums of all departments in reach; projects of the department asked for, or of the only one:
    all projects of a bureau are more than anybody reads.
    """
    found = tasks_visible_to(user).filter(public_id=task).first()
    if found is None:
        return None
    reviews = Review.unscoped.filter(
        state=ReviewState.CONFIRMED,
        evaluation__in=evaluations_visible_to(user).filter(
            task=found, status__in=("confirmed", "published", "closed")
        ),
    )
    departments = _departments(reviews)
    if department is None and len(departments) == 1:
        department = departments[0].department_id
    rows = (
        reviews.filter(department__public_id=department)
        .select_related("run", "evaluation__project", "unit", "department")
        .order_by("unit__name", "evaluation__project__name", "pk")
        if department is not None
        else ()
    )
    return Deviations(
        task=found.title,
        task_id=found.public_id,
        departments=departments,
        shown=department,
        rows=tuple(_row(review) for review in rows),
    )


def _row(review: Review) -> DeviationRow:
    claimed = review.run.claimed_total if review.run is not None else None
    return DeviationRow(
        evaluation=review.evaluation.public_id,
        project=review.evaluation.project.name,
        unit=review.unit.name,
        department=review.department.name,
        claimed=claimed,
        reviewed=review.total,
        deviation=percent(deviation(claimed, review.total)),
    )


def _departments(reviews: QuerySet[Review]) -> tuple[DepartmentDeviation, ...]:
    both = Q(run__claimed_total__isnull=False, total__isnull=False)
    nothing = Value(Decimal(0))
    sums = (
        reviews.order_by("department__name", "department_id")
        .values_list("department__public_id", "department__name")
        .annotate(
            projects=Count("pk"),
            compared=Count("pk", filter=both),
            claimed=Coalesce(Sum("run__claimed_total", filter=both), nothing),
            reviewed=Coalesce(Sum("total", filter=both), nothing),
        )
    )
    return tuple(
        DepartmentDeviation(
            department_id=public_id,
            department=name,
            projects=projects,
            compared=compared,
            claimed=claimed,
            reviewed=reviewed,
            deviation=percent(deviation(claimed, reviewed)),
        )
        for public_id, name, projects, compared, claimed, reviewed in sums
    )
