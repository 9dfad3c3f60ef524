"""The unit's word before a review is confirmed: send the sheet, answer it, decide the objections."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from budgets import audit
from budgets.errors import Conflict, Invalid, NotAllowed, NotFound
from budgets.models import User
from budgets.services.notices import tell
from budgets.text import clean_text
from performance.models import Decision, Feedback, FeedbackAnswer, Review, ReviewLine
from performance.selectors.feedback import (
    FeedbackProgress,
    last_sent_to,
    progress_of,
    sheet_digest,
    was_sent,
)
from performance.selectors.papers import lines_of
from performance.selectors.procedure import holders
from performance.services import reviews
from performance.services.evidence import kept_document
from performance.services.papers import Held, hold, record
from performance.workflow import Paper, State


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that goes with an objection."""

    name: str
    data: bytes


def send_feedback(
    *,
    actor: User,
    public_id: UUID,
    version: int,
    deadline: datetime,
    origin: audit.Origin | None = None,
) -> Review:
    """Sends the reviewed sheet to the unit, which may object until the deadline.

    From then on points change only by decisions on objections. Raises NotFound, NotAllowed,
    Conflict (no open review, sent already), StaleVersion and Invalid (a deadline that has passed).
    """
    with transaction.atomic():
        held, review = reviews.held_review(actor, public_id, version, {"deadline": str(deadline)})
        if was_sent(review):
            raise Conflict("复核意见已经发过单位")
        found = sheet_digest(review)
        record(actor, held, "send_feedback", origin, digest=found, deadline=deadline.isoformat())
        row = Feedback.unscoped.create(
            review=review,
            digest=found,
            deadline=deadline,
            sent_by=actor,
            department_id=review.department_id,
            unit_id=review.unit_id,
        )
        if Feedback.unscoped.filter(pk=row.pk, deadline__lte=Now()).exists():
            raise Invalid({"deadline": "答复期限应在现在之后"})
        made = reviews.bumped(review, actor)
        _tell(held, actor, "clerk", "feedback_sent", "复核意见已发出，请在期限内答复")
        return made


def answer_feedback(
    *,
    actor: User,
    public_id: UUID,
    version: int,
    seq: int | None = None,
    objects_to: bool = False,
    words: str = "",
    file: File | None = None,
    origin: audit.Origin | None = None,
) -> Review:
    """The clerk's word on one line; with no ``seq`` all that is left is accepted and the unit done.

    Raises NotFound, NotAllowed, Conflict (not sent, deadline passed, answered already),
    StaleVersion and Invalid (an objection without words, no such line, a file that is not taken).
    """
    with transaction.atomic():
        held, review, progress = _sent_to(actor, public_id)
        said = clean_text(words, field="意见").strip()
        reviews.refuse_stale_review(review, version, {"seq": seq, "words": words})
        if progress.lapsed:
            raise Conflict("答复期限已过，没有答复的视为同意")
        if progress.finished:
            raise Conflict("单位已经答复完毕")
        if seq is None and objects_to:
            raise Invalid({"seq": "申诉须指明哪一行"})
        if seq is not None:
            _refuse_answer(review, progress, seq, objects_to, said)
        record(
            actor,
            held,
            "answer_feedback",
            origin,
            line="all" if seq is None else seq,
            objects_to=objects_to,
        )
        if seq is None:
            Feedback.unscoped.filter(pk=progress.row.pk).update(
                finished_by=actor, finished_at=Now()
            )
            _tell(held, actor, "finance_reviewer", "feedback_answered", "单位已答复复核意见")
        else:
            FeedbackAnswer.unscoped.create(
                feedback=progress.row,
                seq=seq,
                objects_to=objects_to,
                words=said,
                document=_document(held, file, actor),
                answered_by=actor,
                department_id=review.department_id,
                unit_id=review.unit_id,
            )
        return reviews.bumped(review, None)


def _document(held: Held, file: File | None, actor: User) -> Any:
    if file is None:
        return None
    return kept_document(held.row, file.name, file.data, actor)


def _refuse_answer(
    review: Review, progress: FeedbackProgress, seq: int, objects_to: bool, said: str
) -> None:
    assert review.run is not None
    errors = {}
    if seq not in {line.seq for line in lines_of([review.run])[review.run.pk]}:
        errors["seq"] = "没有这一行"
    if objects_to and not said:
        errors["words"] = "请写明申诉的理由"
    if errors:
        raise Invalid(errors)
    if any(one.seq == seq for one in progress.answers):
        raise Conflict("这一行已经答复过")


def decide_objection(
    *,
    actor: User,
    public_id: UUID,
    version: int,
    seq: int,
    upheld: bool,
    words: str,
    points: Decimal | None = None,
    reason_code: str = "",
    origin: audit.Origin | None = None,
) -> Review:
    """Decides an objection: dismissed with words, or upheld with new points and their criterion.

    An objection upheld without a criterion takes the line back to the points by the rule. Raises
    NotFound, NotAllowed, Conflict (no objection, decided already), StaleVersion and Invalid.
    """
    with transaction.atomic():
        held, review = reviews.held_review(actor, public_id, version, {"seq": seq, "words": words})
        said = clean_text(words, field="决定的理由").strip()
        progress = progress_of(review)
        if progress is None:
            raise Conflict("复核意见还没有发单位")
        objection = next((o for o in progress.answers if o.seq == seq and o.objects_to), None)
        if objection is None:
            raise Conflict("这一行没有申诉")
        if objection.decision:
            raise Conflict("这条申诉已经作出决定")
        if not said:
            raise Invalid({"words": "请写明决定的理由"})
        new = None
        if upheld and reason_code:
            new = reviews.checked_points(review, seq, points, reason_code, said)
        elif points is not None:
            raise Invalid({"points": "改变分数须写明复核情形"})
        decision = Decision.UPHELD if upheld else Decision.DISMISSED
        record(
            actor, held, "decide_objection", origin, line=seq, decision=decision.value, points=new
        )
        FeedbackAnswer.unscoped.filter(feedback=progress.row, seq=seq).update(
            decision=decision, decision_words=said, decided_by=actor, decided_at=Now()
        )
        if new is not None:
            reviews.set_line(review, seq, new, reason_code, said)
        elif upheld:
            ReviewLine.unscoped.filter(review=review, seq=seq).delete()
        _tell(held, actor, "clerk", "objection_decided", f"申诉已作出决定：{decision.label}")
        return reviews.bumped(review, actor)


def _sent_to(actor: User, public_id: UUID) -> tuple[Held, Review, FeedbackProgress]:
    """The evaluation, locked, whose reviewed sheet was sent to this clerk's unit."""
    held = hold(actor, Paper.EVALUATION, public_id)
    if "clerk" not in held.roles:
        raise NotAllowed("只有本单位的经办可以答复复核意见")
    review = last_sent_to(held.row.pk)
    progress = progress_of(review) if review is not None else None
    if held.state is not State.DEPARTMENT_REVIEWED or review is None or progress is None:
        raise NotFound("没有发给单位的复核意见")
    if "finance_reviewer" in held.roles:
        raise NotAllowed("复核人不能代单位答复")
    return held, review, progress


def _tell(held: Held, actor: User, role: str, kind: str, words: str) -> None:
    row = held.row
    people = holders(
        role,
        unit_id=row.unit_id,
        department_id=row.department_id,
        region_id=row.department.region_id,
    )
    tell(
        [person for person in people if person.pk != actor.pk],
        kind=kind,
        object_type=held.paper.value,
        object_id=row.public_id,
        text=f"“{row.project.name}”{row.fiscal_year} 年度绩效自评表：{words}",
    )
