"""Reviewing self-evaluations: open, set points line by line with a reason or go back to the
rule's, say an opinion.

Confirming is a move of the evaluation (``moves``); it closes the review with it.
"""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import F

from budgets import audit
from budgets.errors import Conflict, Invalid, NotAllowed, NotFound, StaleVersion
from budgets.models import User
from budgets.text import clean_text
from performance.models import Evaluation, Review, ReviewLine
from performance.rulebook import load, review_rules
from performance.scoring import grade_of
from performance.scoring.criteria import Criterion, Taking, applies, reviewed_points
from performance.selectors.contents import indicators_of
from performance.selectors.feedback import was_sent
from performance.selectors.papers import lines_of
from performance.selectors.procedure import contributors_of, open_review_of
from performance.services.moves import refuse_unseen
from performance.services.papers import Held, hold, record
from performance.services.scoring import computed, kept
from performance.values import plain
from performance.workflow import Paper, State, writable_fields


def open_review(
    *, actor: User, public_id: UUID, digest: str, origin: audit.Origin | None = None
) -> Review:
    """Begins the review of an evaluation that waits for the finance bureau.

    Scores it first. Raises NotFound, NotAllowed (not the role, own work),
    Conflict (another state, or a review is open), Missing and SeenOther.
    """
    with transaction.atomic():
        held = _held(actor, public_id)
        refuse_unseen(held, digest)
        evaluation = held.row
        assert isinstance(evaluation, Evaluation)
        if open_review_of(evaluation.pk) is not None:
            raise Conflict("这张自评表已经在复核")
        scored = computed(actor, evaluation.pk)
        record(actor, held, "open_review", origin, digest=digest, **scored.detail)
        run = kept(scored, actor)
        return Review.unscoped.create(
            evaluation=evaluation,
            reviewer=actor,
            run=run,
            digest=digest,
            total=run.total if run.complete else None,
            grade=run.grade,
            department_id=evaluation.department_id,
            unit_id=evaluation.unit_id,
        )


def _held(actor: User, public_id: UUID) -> Held:
    """The evaluation, locked, if this actor may review it now."""
    held = hold(actor, Paper.EVALUATION, public_id)
    if "finance_reviewer" not in held.roles:
        raise NotAllowed("只有财政审核人员可以复核")
    if held.state is not State.DEPARTMENT_REVIEWED:
        raise Conflict("自评表不在待财政审核状态，不能复核")
    if "review" not in writable_fields(held.paper, held.state, held.roles):
        raise NotAllowed("您的身份不能复核")
    if actor.pk in contributors_of(held.paper, held.row.pk):
        raise NotAllowed("不能审核自己填写或提交的表；请由其他人员办理")
    return held


def adjust(
    *,
    actor: User,
    public_id: UUID,
    version: int,
    seq: int,
    points: Decimal | None = None,
    reason_code: str,
    reason: str,
    origin: audit.Origin | None = None,
) -> Review:
    """Sets the reviewed points of one line by a criterion, with words. Line 0 is budget execution.

    ``points`` may be left out where the criterion fixes them. Raises NotFound, NotAllowed,
    Conflict (no open review), StaleVersion and Invalid (also for another figure than the
    criterion's).
    """
    with transaction.atomic():
        held = _held(actor, public_id)
        review = _open(held)
        refuse_stale_review(review, version, {"seq": seq, "points": str(points), "reason": reason})
        _refuse_sent(review)
        words = clean_text(reason, field="理由").strip()
        points = checked_points(review, seq, points, reason_code, words)
        record(actor, held, "adjust", origin, line=seq, points=points, reason=reason_code)
        set_line(review, seq, points, reason_code, words)
        return bumped(review, actor)


def adopt(
    *,
    actor: User,
    public_id: UUID,
    version: int,
    seq: int | None = None,
    origin: audit.Origin | None = None,
) -> Review:
    """Goes back to the points by the rule: on one line, or with no ``seq`` on all of them.

    Raises NotFound, NotAllowed, Conflict (no open review, nothing adjusted) and StaleVersion.
    """
    with transaction.atomic():
        held = _held(actor, public_id)
        review = _open(held)
        refuse_stale_review(review, version, {"seq": seq})
        _refuse_sent(review)
        adjusted = ReviewLine.unscoped.filter(review=review)
        if seq is not None:
            adjusted = adjusted.filter(seq=seq)
        if not adjusted.exists():
            raise Conflict("没有调整过的行，已经是按规则得分")
        record(actor, held, "adopt", origin, line="all" if seq is None else seq)
        adjusted.delete()
        return bumped(review, actor)


def say_opinion(
    *,
    actor: User,
    public_id: UUID,
    version: int,
    opinion: str,
    origin: audit.Origin | None = None,
) -> Review:
    """Writes the reviewer's opinion. Raises as ``adjust``."""
    with transaction.atomic():
        held = _held(actor, public_id)
        review = _open(held)
        refuse_stale_review(review, version, {"opinion": opinion})
        _refuse_sent(review)
        words = clean_text(opinion, field="意见").strip()
        if len(words) > 30000:
            raise Invalid({"opinion": "意见太长"})
        record(actor, held, "say_opinion", origin)
        review.opinion = words
        return bumped(review, actor, opinion=words)


def held_review(
    actor: User, public_id: UUID, version: int, mine: dict[str, object]
) -> tuple[Held, Review]:
    """The open review this actor may go on with, its evaluation locked; raises as ``adjust``."""
    held = _held(actor, public_id)
    review = _open(held)
    refuse_stale_review(review, version, mine)
    return held, review


def _refuse_sent(review: Review) -> None:
    if was_sent(review):
        raise Conflict("复核意见已发单位，只能就申诉作出决定，不能再改")


def _open(held: Held) -> Review:
    review = open_review_of(held.row.pk)
    if review is None:
        raise NotFound("还没有开始复核")
    return review


def refuse_stale_review(review: Review, version: int, mine: dict[str, object]) -> None:
    """Raises StaleVersion when ``version`` is not the review's present one."""
    if version != review.lock_version:
        raise StaleVersion(
            "您打开之后，复核内容已经被别人修改；请对照后再保存，您填写的内容没有丢失",
            base=version,
            current=review.lock_version,
            mine=mine,
        )


def finer_than_hundredths(points: Decimal) -> bool:
    """Whether points have more than the two places that sheets print."""
    return points != points.quantize(Decimal("0.01"))


def set_line(review: Review, seq: int, points: Decimal, code: str, words: str) -> None:
    """Writes the reviewed points of a line in the event at hand."""
    ReviewLine.unscoped.update_or_create(
        review=review,
        seq=seq,
        defaults={
            "points": points,
            "reason_code": code,
            "reason": words,
            "department_id": review.department_id,
            "unit_id": review.unit_id,
        },
    )


def checked_points(
    review: Review, seq: int, points: Decimal | None, code: str, words: str
) -> Decimal:
    """The reviewed points of a line by a criterion. Raises Invalid with what is wrong."""
    criterion = review_rules().criteria.get(code)
    errors = {}
    if criterion is None or not words:
        errors["reason"] = f"请选择原因（{'、'.join(review_rules().criteria)}）并写明理由"
    assert review.run is not None
    line = next((one for one in lines_of([review.run])[review.run.pk] if one.seq == seq), None)
    if line is None or line.points is None:
        raise Invalid({"seq": "没有这一行", **errors})
    fixed = None
    if criterion is not None:
        if not applies(criterion, _levels(review, seq)):
            errors["reason"] = f"“{criterion.label}”只用于{'、'.join(criterion.levels)}指标"
        before = line.claimed if line.awarded is None else line.awarded
        fixed = reviewed_points(line.points, before, criterion)
    if fixed is None:
        if points is None:
            errors["points"] = "请填写分数"
        elif (
            not points.is_finite()
            or not 0 <= points <= line.points
            or finer_than_hundredths(points)
        ):
            errors["points"] = f"应为 0 到 {plain(line.points)} 的分数，最多两位小数"
    elif criterion is not None and points is not None and points != fixed:
        errors["points"] = f"按“{criterion.label}”{_takes(criterion)}，本行应为 {plain(fixed)} 分"
    if errors:
        raise Invalid(errors)
    found = points if fixed is None else fixed
    assert found is not None
    return found


def _takes(criterion: Criterion) -> str:
    if criterion.taking is Taking.SHARE and criterion.share is not None:
        return f"扣分值的 {plain(criterion.share * 100)}%"
    return {Taking.ALL: "不得分", Taking.NONE: "不扣分"}.get(criterion.taking, "")


def _levels(review: Review, seq: int) -> tuple[str, ...]:
    """Level names of a line; budget execution has none."""
    indicators = indicators_of(review.evaluation.table_id)
    if not 1 <= seq <= len(indicators):
        return ()
    row = indicators[seq - 1]
    return (row.level1, row.level1_text, row.level2, row.level2_text)


def bumped(review: Review, actor: User | None, **columns: object) -> Review:
    """The review with its new total, at its next version."""
    if actor is not None:
        columns["reviewer"] = actor
    total = _total(review)
    rules = load(review.evaluation.ruleset)
    grade = (grade_of(total, rules) or "") if total is not None else ""
    done = Review.unscoped.filter(pk=review.pk, lock_version=review.lock_version).update(
        lock_version=F("lock_version") + 1, total=total, grade=grade, **columns
    )
    if done != 1:
        raise RuntimeError("a held review changed")
    review.lock_version += 1
    review.total, review.grade = total, grade
    return review


def _total(review: Review) -> Decimal | None:
    """Reviewed points where they were set, computed ones elsewhere; None while a line has neither."""
    assert review.run is not None
    adjusted = {row.seq: row.points for row in ReviewLine.unscoped.filter(review=review)}
    total = Decimal(0)
    for line in lines_of([review.run])[review.run.pk]:
        points = adjusted.get(line.seq, line.awarded)
        if points is None and line.state == "not_scored":
            return None
        total += points or Decimal(0)
    cap = review.run.cap
    return min(total, cap) if cap is not None else total
