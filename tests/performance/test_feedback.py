"""A review's own run, the unit's word on it, and the decision on every objection."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from budgets.access import seen_by
from budgets.errors import Conflict, Invalid, NotAllowed, NotFound, StaleVersion
from budgets.models import AuditEvent, Notice
from performance.access import documents_visible_to
from performance.models import Evaluation, Feedback, FeedbackAnswer, Review, RunKind, ScoreRun
from performance.selectors.desk import desk_of
from performance.selectors.papers import latest_runs, lines_of
from performance.services import feedback, reviews
from performance.services.invariants.scores import scores_sum
from performance.workflow import Paper
from tests.cast import assemble
from tests.office import Office, adjusted_review


@pytest.fixture
def office(db: None, settings: Any, tmp_path: Path) -> Office:
    settings.MEDIA_ROOT = tmp_path / "media"
    return Office(assemble())


def _review() -> Review:
    with seen_by(0):
        return Review.unscoped.select_related("run", "outcome").get()  # type: ignore[no-any-return]


def _adjust(office: Office, evaluation: Evaluation, **given: Any) -> Any:
    said = {"version": _review().lock_version, "seq": 1, "reason": "没有材料", **given}
    return office.act(reviews.adjust, "finance", public_id=evaluation.public_id, **said)


def _send(office: Office, evaluation: Evaluation, days: float = 3) -> Any:
    return office.act(
        feedback.send_feedback,
        "finance",
        public_id=evaluation.public_id,
        version=_review().lock_version,
        deadline=timezone.now() + timedelta(days=days),
    )


def _answer(office: Office, evaluation: Evaluation, name: str = "clerk", **given: Any) -> Any:
    said = {"version": _review().lock_version, **given}
    return office.act(feedback.answer_feedback, name, public_id=evaluation.public_id, **said)


def _decide(office: Office, evaluation: Evaluation, name: str = "finance", **given: Any) -> Any:
    said = {"version": _review().lock_version, "seq": 1, "words": "经核对", **given}
    return office.act(feedback.decide_objection, name, public_id=evaluation.public_id, **said)


def _confirm(office: Office, evaluation: Evaluation) -> None:
    office.move("finance", Paper.EVALUATION, evaluation.public_id, "confirm")


# ── criteria ────────────────────────────────────────────────────────────────────────────────────


def test_a_criterion_fixes_the_points(office: Office) -> None:
    evaluation = office.reviewed()
    with seen_by(0):
        line = lines_of([_review().run])[_review().run.pk][1]  # type: ignore[list-item,union-attr]
    assert line.points is not None
    assert line.awarded is not None
    kept = (line.awarded - line.points * Decimal("0.6")).quantize(Decimal("0.01"))
    with pytest.raises(Invalid) as refused:
        _adjust(office, evaluation, reason_code="no_formula", points=kept + 1)
    assert f"扣分值的 60%，本行应为 {kept.normalize():f} 分" in refused.value.fields["points"]
    _adjust(office, evaluation, reason_code="no_formula")
    with seen_by(0):
        assert _review().lines.get().points == kept
    _adjust(office, evaluation, reason_code="no_evidence", points=Decimal(0))
    with seen_by(0):
        assert _review().lines.get().points == 0
    for code, words in (("no_survey", "只用于满意度"), ("late", "只用于时效"), ("none", "请选择")):
        with pytest.raises(Invalid) as refused:
            _adjust(office, evaluation, reason_code=code)
        assert words in refused.value.fields["reason"]
    with pytest.raises(Invalid) as refused:
        _adjust(office, evaluation, reason_code="rule")
    assert refused.value.fields == {"points": "请填写分数"}


# ── the reviewed run ────────────────────────────────────────────────────────────────────────────


def test_confirming_keeps_the_reviewed_sheet_as_a_run_of_its_own(office: Office) -> None:
    evaluation = office.reviewed()
    adjusted_review(office, evaluation)
    computed = _review().run
    _confirm(office, evaluation)
    review = _review()
    assert computed is not None
    assert review.outcome is not None
    with seen_by(0):
        assert review.outcome.kind == RunKind.REVIEWED
        assert (review.outcome.total, review.outcome.grade) == (review.total, review.grade)
        before, after = (lines_of([run])[run.pk] for run in (computed, review.outcome))
        assert [line.claimed for line in before] == [line.claimed for line in after]
        changed = [(o.seq, n.awarded, n.reason) for o, n in zip(before, after, strict=True)
                   if (o.awarded, o.reason) != (n.awarded, n.reason)]  # fmt: skip
        assert changed == [(1, Decimal("11.00"), "rule")]
        newest = latest_runs([evaluation.pk])[evaluation.pk]
        assert (newest.kind, newest.pk) == (RunKind.COMPUTED, computed.pk)
        assert ScoreRun.unscoped.filter(kind=RunKind.REVIEWED).count() == 1
        assert scores_sum().violations == []


# ── feedback ────────────────────────────────────────────────────────────────────────────────────


def test_the_unit_objects_and_the_reviewer_decides(office: Office) -> None:
    evaluation = office.reviewed()
    adjusted_review(office, evaluation)
    with seen_by(office["clerk"].pk):
        shown = desk_of(office["clerk"], Paper.EVALUATION, evaluation.public_id)
        assert shown is not None
        assert shown.review is None
    with pytest.raises(NotFound):
        _answer(office, evaluation)
    _send(office, evaluation)
    for name in ("clerk", "head"):
        with seen_by(office[name].pk):
            shown = desk_of(office[name], Paper.EVALUATION, evaluation.public_id)
            assert shown is not None
            assert shown.review is not None
            assert shown.review.feedback is not None
    with seen_by(office["reviewer"].pk):
        shown = desk_of(office["reviewer"], Paper.EVALUATION, evaluation.public_id)
        assert shown is not None
        assert shown.review is None
    with pytest.raises(Conflict, match="已发单位"):
        _adjust(office, evaluation, reason_code="no_evidence")
    with pytest.raises(Conflict, match="已经发过"):
        _send(office, evaluation)
    with pytest.raises(Conflict, match="答复期限未到"):
        _confirm(office, evaluation)
    with pytest.raises(Invalid):
        _answer(office, evaluation, seq=1, objects_to=True, words=" ")
    with pytest.raises(Invalid):
        _answer(office, evaluation, seq=99, objects_to=True, words="不同意")
    with pytest.raises(NotAllowed):
        _answer(office, evaluation, "head", seq=1, objects_to=True, words="不同意")
    with pytest.raises(StaleVersion):
        _answer(office, evaluation, version=1, seq=1, objects_to=True, words="不同意")
    file = feedback.File(name="签到表.txt", data="签到表共三十页".encode())
    _answer(office, evaluation, seq=1, objects_to=True, words="签到表在附件", file=file)
    with pytest.raises(Conflict, match="已经答复过"):
        _answer(office, evaluation, seq=1, objects_to=True, words="再说一次")
    _answer(office, evaluation, seq=2)
    _answer(office, evaluation)
    with pytest.raises(Conflict, match="答复完毕"):
        _answer(office, evaluation, seq=3, objects_to=True, words="还有")
    with pytest.raises(Conflict, match="1 条申诉"):
        _confirm(office, evaluation)
    with pytest.raises(Conflict, match="没有申诉"):
        _decide(office, evaluation, seq=2, upheld=False)
    with pytest.raises(Invalid):
        _decide(office, evaluation, upheld=True, points=Decimal(30))
    with pytest.raises(NotAllowed):
        _decide(office, evaluation, "clerk", upheld=True)
    _decide(office, evaluation, upheld=True, points=Decimal(30), reason_code="rule")
    with pytest.raises(Conflict, match="已经作出决定"):
        _decide(office, evaluation, upheld=False)
    _confirm(office, evaluation)
    with seen_by(0):
        row = FeedbackAnswer.unscoped.get(seq=1)
        assert (row.decision, row.decision_words, row.document is not None) == (
            "upheld", "经核对", True)  # fmt: skip
        assert Review.unscoped.get().lines.get().points == 30
        for name, seen in (("finance", 1), ("clerk", 1), ("foreign_clerk", 0), ("elsewhere", 0)):
            assert documents_visible_to(office[name]).count() == seen, name
        told = set(Notice.objects.values_list("kind", flat=True))
        assert {"feedback_sent", "feedback_answered", "objection_decided"} <= told
        verbs = list(AuditEvent.objects.order_by("id").values_list("verb", flat=True))
    assert [verb for verb in verbs if verb in {"send_feedback", "answer_feedback", "decide_objection"}] == [
        "send_feedback", "answer_feedback", "answer_feedback", "answer_feedback", "decide_objection",
    ]  # fmt: skip


def test_an_objection_upheld_without_a_criterion_takes_the_rules_points(office: Office) -> None:
    evaluation = office.reviewed()
    adjusted_review(office, evaluation)
    _send(office, evaluation)
    _answer(office, evaluation, seq=1, objects_to=True, words="不同意")
    _answer(office, evaluation)
    _decide(office, evaluation, upheld=True)
    with seen_by(0):
        assert not Review.unscoped.get().lines.exists()
    _confirm(office, evaluation)
    review = _review()
    assert review.run is not None
    assert review.total == review.run.total


def test_silence_until_the_deadline_is_consent(office: Office) -> None:
    evaluation = office.reviewed()
    adjusted_review(office, evaluation)
    with pytest.raises(Invalid):
        _send(office, evaluation, days=-1)
    _send(office, evaluation, days=0.00002)  # 1.7 seconds
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(2)")
    with pytest.raises(Conflict, match="期限已过"):
        _answer(office, evaluation, seq=1, objects_to=True, words="不同意")
    _confirm(office, evaluation)
    assert _review().state == "confirmed"


def test_what_was_said_stays(office: Office) -> None:
    evaluation = office.reviewed()
    _send(office, evaluation)
    _answer(office, evaluation, seq=1, objects_to=True, words="不同意")
    with seen_by(0):
        row, sent = FeedbackAnswer.unscoped.get(), Feedback.unscoped.get()
    for sql, pk in (
        ("UPDATE performance_feedbackanswer SET words = 'x' WHERE id = %s", row.pk),
        ("UPDATE performance_feedback SET digest = 'x' WHERE id = %s", sent.pk),
        ("DELETE FROM performance_feedbackanswer WHERE id = %s", row.pk),
    ):
        with (
            seen_by(0),
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql, [pk])
