"""Lines of a review are a finance reviewer's who had no hand in the paper: the database sees to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from budgets import audit
from budgets.access import seen_by
from performance.models import Review
from tests.cast import assemble
from tests.office import Office


@pytest.fixture
def office(db: None, settings: Any, tmp_path: Path) -> Office:
    settings.MEDIA_ROOT = tmp_path / "media"
    return Office(assemble())


@pytest.mark.parametrize(
    ("name", "refused"),
    [
        ("finance2", ""),
        ("both", "step_not_own"),
        ("clerk", "step_not_own"),
        ("head", "step_role"),
        ("reviewer", "step_role"),
    ],
)
def test_who_may_set_a_line_by_sql(office: Office, name: str, refused: str) -> None:
    evaluation = office.evaluation()
    person = office["both"]
    if name == "both":  # wrote in it once, and holds the bureau's role as well
        from performance.services import drafts
        from performance.workflow import Paper
        from tests.contents import actuals

        with seen_by(person.pk):
            drafts.save(
                actor=person,
                paper=Paper.EVALUATION,
                public_id=evaluation.public_id,
                version=2,
                body=actuals(improvement="加强管理"),
            )
    office.open_review_of(evaluation)
    with seen_by(0):
        review = Review.unscoped.get(evaluation_id=evaluation.pk)
    person = office[name]
    assert _line(review, person) == refused


def _line(review: Review, person: Any) -> str:
    """What the database says to a line in the name of an event of one's own; empty when it takes it."""
    with seen_by(0), connection.cursor() as cursor:
        audit.record(
            actor=person,
            verb="adjust",
            object_type="evaluation",
            object_id=review.public_id,
            department_id=review.department_id,
            detail={},
        )
        try:
            with transaction.atomic():
                cursor.execute(
                    "INSERT INTO performance_reviewline (review_id, seq, points, reason_code, reason,"
                    " department_id, unit_id) VALUES (%s, 1, 1, 'other', 'x', %s, %s)",
                    [review.pk, review.department_id, review.unit_id],
                )
        except IntegrityError as error:
            cause: Any = error.__cause__
            return str(cause.diag.constraint_name)
    return ""
