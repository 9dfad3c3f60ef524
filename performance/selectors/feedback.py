"""How far the unit's word on a reviewed sheet is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models.functions import Now

from budgets.canonical import digest
from performance.mapping.values import trimmed
from performance.models import (
    Decision,
    Feedback,
    FeedbackAnswer,
    Review,
    ReviewLine,
    ReviewState,
)
from performance.selectors.papers import lines_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The unit's word on one line, and the decision."""

    seq: int
    objects_to: bool
    words: str
    by: str
    document: UUID | None
    document_name: str
    decision: str
    decision_label: str
    decision_words: str
    decided_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackProgress:
    """A sent sheet: until when, whether the unit is done, which objections are open."""

    row: Feedback
    digest: str
    sent_at: datetime
    sent_by: str
    deadline: datetime
    finished: bool
    """The unit said it is done."""
    lapsed: bool
    """The deadline has passed; what was not answered counts as accepted."""
    answers: tuple[Said, ...]

    @property
    def waiting(self) -> bool:
        """Whether the unit may still answer."""
        return not (self.finished or self.lapsed)

    @property
    def undecided(self) -> int:
        """Objections without a decision."""
        return sum(one.objects_to and not one.decision for one in self.answers)


def progress_of(review: Review) -> FeedbackProgress | None:
    """The feedback of a review by the database's clock; None when nothing was sent."""
    row = (
        Feedback.unscoped.filter(review=review)
        .select_related("sent_by")
        .annotate(now=Now())
        .first()
    )
    if row is None:
        return None
    answers = (
        FeedbackAnswer.unscoped.filter(feedback=row)
        .select_related("answered_by", "decided_by", "document")
        .order_by("seq")
    )
    return FeedbackProgress(
        row=row,
        digest=row.digest,
        sent_at=row.sent_at,
        sent_by=row.sent_by.display_name,
        deadline=row.deadline,
        finished=row.finished_at is not None,
        lapsed=row.deadline <= row.now,
        answers=tuple(_said(one) for one in answers),
    )


def _said(one: FeedbackAnswer) -> Said:
    return Said(
        seq=one.seq,
        objects_to=one.objects_to,
        words=one.words,
        by=one.answered_by.display_name,
        document=one.document.public_id if one.document is not None else None,
        document_name=one.document.name if one.document is not None else "",
        decision=one.decision,
        decision_label=Decision(one.decision).label if one.decision else "",
        decision_words=one.decision_words,
        decided_by=one.decided_by.display_name if one.decided_by is not None else "",
    )


def was_sent(review: Review) -> bool:
    """Whether the sheet of a review was sent to the unit."""
    return Feedback.unscoped.filter(review=review).exists()


def last_sent_to(evaluation_id: int) -> Review | None:
    """The open review of an evaluation whose sheet the unit was sent, or None."""
    return Review.unscoped.filter(
        evaluation_id=evaluation_id, state=ReviewState.OPEN, feedback__isnull=False
    ).first()


def sheet_digest(review: Review) -> str:
    """SHA-256 of the whole reviewed sheet: content reviewed, every line, total, grade, opinion."""
    assert review.run is not None
    adjusted = {row.seq: row for row in ReviewLine.unscoped.filter(review=review)}
    lines: list[dict[str, Any]] = []
    for line in lines_of([review.run])[review.run.pk]:
        own = adjusted.get(line.seq)
        lines.append(
            {
                "seq": line.seq,
                "points": trimmed(line.points),
                "claimed": trimmed(line.claimed),
                "reviewed": trimmed(own.points if own else line.awarded),
                "criterion": own.reason_code if own else "",
                "reason": own.reason if own else "",
            }
        )
    return digest(
        {
            "content": review.digest,
            "total": trimmed(review.total),
            "grade": review.grade,
            "opinion": review.opinion,
            "lines": lines,
        }
    )
