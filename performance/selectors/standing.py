"""How a project stood in a year: beside next year's targets."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from budgets.models import User
from performance.access import evaluations_visible_to, rectification_visible_to
from performance.mapping.scores import EXECUTION_SEQ
from performance.models import ItemState, Review, ReviewState, ScoreLine
from performance.selectors.papers import latest_runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A year of a project: its grade, its money, what was claimed and found, what is still to mend."""

    evaluation: UUID
    fiscal_year: int
    grade: str
    grade_of: str
    """Where the grade comes from: ``复核`` or ``按规则``."""
    execution_rate: Decimal | None
    claimed: Decimal | None
    reviewed: Decimal | None
    open_items: int


def standing_of(user: User, project_id: int, fiscal_year: int) -> Standing | None:
    """The year of a project by its newest self-evaluation in sight; None where there is none."""
    row = (
        evaluations_visible_to(user)
        .filter(project_id=project_id, fiscal_year=fiscal_year, kind="self")
        .order_by("-id")
        .first()
    )
    if row is None:
        return None
    review = (
        Review.unscoped.filter(evaluation=row, state=ReviewState.CONFIRMED)
        .select_related("run")
        .order_by("-id")
        .first()
    )
    run = review.run if review is not None else latest_runs([row.pk]).get(row.pk)
    execution = None
    if run is not None:
        execution = ScoreLine.objects.filter(
            fiscal_year=run.fiscal_year, run_id=run.pk, seq=EXECUTION_SEQ
        ).first()
    graded = review is not None and bool(review.grade)
    return Standing(
        evaluation=row.public_id,
        fiscal_year=fiscal_year,
        grade=review.grade if review is not None and graded else (run.grade if run else ""),
        grade_of="复核" if graded else "按规则",
        execution_rate=execution.ratio if execution is not None else None,
        claimed=run.claimed_total if run is not None else None,
        reviewed=review.total if review is not None else None,
        open_items=rectification_visible_to(user)
        .filter(evaluation__project_id=project_id)
        .exclude(state=ItemState.CLOSED)
        .count(),
    )
