"""How far claims were from what the reviews found: by project and by department."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from uuid import UUID

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

    department: str
    projects: int
    compared: int
    claimed: Decimal
    reviewed: Decimal
    deviation: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviations:
    """All confirmed reviews of a task in reach."""

    task: str
    task_id: UUID
    departments: tuple[DepartmentDeviation, ...]
    rows: tuple[DeviationRow, ...]


def percent(share: Fraction | None) -> Decimal | None:
    """A share in per cent to two places, half up (away from nothing)."""
    if share is None:
        return None
    exact = share * 100
    found = Decimal(exact.numerator) / Decimal(exact.denominator)
    return found.quantize(Decimal("0.01"), ROUND_HALF_UP)


def deviations(user: User, task: UUID) -> Deviations | None:
    """The deviations of a task's confirmed reviews; None when it is not there or not yours."""
    found = tasks_visible_to(user).filter(public_id=task).first()
    if found is None:
        return None
    reviews = (
        Review.unscoped.filter(
            state=ReviewState.CONFIRMED,
            evaluation__in=evaluations_visible_to(user).filter(
                task=found, status__in=("confirmed", "published", "closed")
            ),
        )
        .select_related("run", "evaluation__project", "unit", "department")
        .order_by("department__name", "department_id", "unit__name", "evaluation__project__name")
    )
    rows = tuple(_row(review) for review in reviews)
    names = dict.fromkeys(row.department for row in rows)
    return Deviations(
        task=found.title,
        task_id=found.public_id,
        departments=tuple(_department(name, rows) for name in names),
        rows=rows,
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


def _department(name: str, rows: tuple[DeviationRow, ...]) -> DepartmentDeviation:
    own = [row for row in rows if row.department == name]
    both = [
        (row.claimed, row.reviewed)
        for row in own
        if row.claimed is not None and row.reviewed is not None
    ]
    claimed = sum((one for one, _ in both), Decimal(0))
    reviewed = sum((one for _, one in both), Decimal(0))
    return DepartmentDeviation(
        department=name,
        projects=len(own),
        compared=len(both),
        claimed=claimed,
        reviewed=reviewed,
        deviation=percent(deviation(claimed, reviewed)),
    )
