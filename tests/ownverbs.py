"""Verbs about one's own account, the queue and the lists one takes away, each prepared for one call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pyotp
from django.utils import timezone

from budgets.access import seen_by_system
from budgets.audit import Origin
from budgets.jobs import enqueue
from budgets.models import Job, JobState
from budgets.services import passwords, queue, second_factors, sign_in, tokens
from performance.models import SpotCheckItem
from performance.selectors.projects import ProjectFilters
from performance.services import (
    conclusions,
    exports,
    feedback,
    rectification,
    reviews,
    scoring,
    spot_checks,
    tasks,
    uploads,
    verification,
)
from performance.workflow import Paper
from tests.office import CALLS, NO_OFFICE_VERB, Office, adjusted_review
from tests.worlds import SHANXI

_OLD, _NEW = "Spring-2024-water", "Autumn-2025-river"


def _change_own(office: Office) -> Callable[[], Any]:
    clerk = office["clerk"]
    clerk.set_password(_OLD)
    clerk.save()
    return lambda: passwords.change_own(actor=clerk, old=_OLD, new=_NEW, again=_NEW)


def _confirm(office: Office) -> Callable[[], Any]:
    clerk = office["clerk"]
    second_factors.begin(actor=clerk)
    secret = second_factors.offered_secret(clerk)
    assert secret
    return lambda: second_factors.confirm(actor=clerk, code=pyotp.TOTP(secret).now())


def _token(office: Office) -> Any:
    return tokens.make_token(actor=office["clerk"], name="报表", scopes=["read"], days=30)


def _make_token(office: Office) -> Callable[[], Any]:
    return lambda: _token(office)


def _revoke_token(office: Office) -> Callable[[], Any]:
    token = _token(office).token
    return lambda: tokens.revoke_token(actor=office["clerk"], public_id=token.public_id)


def _signed_out(office: Office) -> Callable[[], Any]:
    return lambda: sign_in.signed_out(actor=office["clerk"], origin=Origin(ip="192.0.2.1"))


def _dead(office: Office, verb: Callable[..., None]) -> Callable[[], Any]:
    with seen_by_system():
        public_id = enqueue("ping", {}, actor=None)
        Job.objects.filter(public_id=public_id).update(
            state=JobState.DEAD, attempts=5, finished_at="2024-01-01T00:00:00Z"
        )
    return lambda: office.act(verb, "system", public_id=public_id)


def _request_export(office: Office) -> Callable[[], Any]:
    wish = {"list_name": "projects", "format": "csv", "filters": {}}
    return lambda: office.act(exports.request_export, "clerk", **wish)


def _adopt(office: Office) -> Callable[[], Any]:
    evaluation = office.reviewed()
    adjusted_review(office, evaluation)
    return lambda: office.act(
        reviews.adopt, "finance", public_id=evaluation.public_id, version=2, seq=1
    )


def _score_submitted(office: Office) -> Callable[[], Any]:
    evaluation = office.waiting().public_id
    digest = office.digest(Paper.EVALUATION, evaluation)
    return lambda: office.act(scoring.score_submitted, "clerk", public_id=evaluation, digest=digest)


def _conclude_targets(office: Office) -> Callable[[], Any]:
    table = office.table().public_id
    office.handed_on(Paper.TARGET_TABLE, table)
    grades = {"完整性": "优", "相关性": "良", "适当性": "优", "可行性": "优"}
    return lambda: office.act(
        conclusions.conclude_targets,
        "finance",
        public_id=table,
        version=1,
        digest=office.digest(Paper.TARGET_TABLE, table),
        aspects=grades,
        overall="良",
        words="指标还可以更贴近职责",
    )


def _draw(office: Office) -> Any:
    task = office.waiting().task
    assert task is not None
    return office.act(spot_checks.draw_spot_check, "finance", task=task.public_id, size=3)


def _draw_spot_check(office: Office) -> Callable[[], Any]:
    task = office.waiting().task
    assert task is not None
    return lambda: office.act(
        spot_checks.draw_spot_check, "finance", task=task.public_id, size=3, seed="7"
    )


def _record_outcome(office: Office) -> Callable[[], Any]:
    drawn = _draw(office)
    with seen_by_system():
        item = SpotCheckItem.unscoped.get(spot_check=drawn).public_id
    found = {"item": item, "version": 1, "points": Decimal("88.5"), "words": "与台账核对"}
    return lambda: office.act(spot_checks.record_outcome, "finance", **found)


# ── what comes of reviews ───────────────────────────────────────────────────────────────────────


def _sent(office: Office) -> Any:
    """An evaluation whose reviewed sheet the unit was sent; the review is at its version 2."""
    evaluation = office.reviewed().public_id
    until = timezone.now() + timedelta(days=3)
    office.act(feedback.send_feedback, "finance", public_id=evaluation, version=1, deadline=until)
    return evaluation


def _send_feedback(office: Office) -> Callable[[], Any]:
    given = {"public_id": office.reviewed().public_id, "version": 1}
    until = timezone.now() + timedelta(days=3)
    return lambda: office.act(feedback.send_feedback, "finance", deadline=until, **given)


def _object(office: Office, evaluation: Any) -> Any:
    said = {"public_id": evaluation, "seq": 1, "objects_to": True, "words": "不同意"}
    return office.act(feedback.answer_feedback, "clerk", version=2, **said)


def _answer_feedback(office: Office) -> Callable[[], Any]:
    evaluation = _sent(office)
    return lambda: _object(office, evaluation)


def _decide_objection(office: Office) -> Callable[[], Any]:
    evaluation = _sent(office)
    _object(office, evaluation)
    said = {"seq": 1, "upheld": False, "words": "不采纳"}
    return lambda: office.act(
        feedback.decide_objection, "finance", public_id=evaluation, version=3, **said
    )


def _item(office: Office) -> Any:
    said = {"what": "补齐签到表", "deadline": date(2025, 6, 30), "seq": 1}
    evaluation = office.waiting().public_id
    return office.act(rectification.raise_item, "finance", evaluation=evaluation, **said)


def _raise_item(office: Office) -> Callable[[], Any]:
    evaluation = office.waiting().public_id
    said = {"what": "补齐签到表", "deadline": date(2025, 6, 30)}
    return lambda: office.act(rectification.raise_item, "finance2", evaluation=evaluation, **said)


def _answer_item(office: Office) -> Callable[[], Any]:
    given = {"public_id": _item(office).public_id, "version": 1, "answer": "已补齐"}
    return lambda: office.act(rectification.answer_item, "clerk", **given)


def _judge_item(verb: Callable[..., Any]) -> Callable[[Office], Callable[[], Any]]:
    def prepared(office: Office) -> Callable[[], Any]:
        item = _item(office).public_id
        office.act(rectification.answer_item, "clerk", public_id=item, version=1, answer="已补齐")
        return lambda: office.act(verb, "finance", public_id=item, version=2, words="核对过")

    return prepared


# ── files that clerks bring ─────────────────────────────────────────────────────────────────────


def _remind_units(office: Office) -> Callable[[], Any]:
    asked = {"public_id": office.task(Paper.EVALUATION).public_id}
    units = [office.cast.unit.public_id]
    return lambda: office.act(tasks.remind_units, "finance", units=units, words="请抓紧", **asked)


def _request_verification(office: Office) -> Callable[[], Any]:
    return lambda: office.act(verification.request_verification, "auditor")


def _export_projects(office: Office) -> Callable[[], Any]:
    wish = {"filters": ProjectFilters(name="road"), "columns": ["code"], "format": "csv"}
    return lambda: office.act(exports.export_projects, "clerk", **wish)


def _receive_upload(office: Office) -> Callable[[], Any]:
    unit = office.cast.unit.public_id
    given = {"unit": unit, "name": "目标表.txt", "data": SHANXI.read_bytes()}
    return lambda: office.act(uploads.receive_upload, "clerk", **given)


def _take_over_upload(office: Office) -> Callable[[], Any]:
    kept = _receive_upload(office)().upload.public_id
    chosen = [
        uploads.Choice(seq=seq, paper=Paper.TARGET_TABLE, fiscal_year=2023, name=f"项目{seq}")
        for seq in (1, 2)
    ]
    return lambda: office.act(uploads.take_over_upload, "clerk", public_id=kept, choices=chosen)


ALL_CALLS: dict[str, Callable[[Office], Callable[[], Any]]] = {
    **CALLS,
    "budgets.services.passwords.change_own": _change_own,
    "budgets.services.queue.drop": lambda office: _dead(office, queue.drop),
    "budgets.services.queue.retry": lambda office: _dead(office, queue.retry),
    "budgets.services.second_factors.confirm": _confirm,
    "budgets.services.sign_in.signed_out": _signed_out,
    "budgets.services.tokens.make_token": _make_token,
    "budgets.services.tokens.revoke_token": _revoke_token,
    "performance.services.conclusions.conclude_targets": _conclude_targets,
    "performance.services.exports.request_export": _request_export,
    "performance.services.exports.export_projects": _export_projects,
    "performance.services.feedback.answer_feedback": _answer_feedback,
    "performance.services.feedback.decide_objection": _decide_objection,
    "performance.services.feedback.send_feedback": _send_feedback,
    "performance.services.rectification.answer_item": _answer_item,
    "performance.services.rectification.close_item": _judge_item(rectification.close_item),
    "performance.services.rectification.raise_item": _raise_item,
    "performance.services.rectification.return_item": _judge_item(rectification.return_item),
    "performance.services.reviews.adopt": _adopt,
    "performance.services.spot_checks.draw_spot_check": _draw_spot_check,
    "performance.services.spot_checks.record_outcome": _record_outcome,
    "performance.services.scoring.score_submitted": _score_submitted,
    "performance.services.tasks.remind_units": _remind_units,
    "performance.services.uploads.receive_upload": _receive_upload,
    "performance.services.uploads.take_over_upload": _take_over_upload,
    "performance.services.verification.request_verification": _request_verification,
}
WITHOUT_ROWS = {
    "budgets.services.queue.drop": "a job's row is no business row",
    "budgets.services.queue.retry": "a job's row is no business row",
    "budgets.services.second_factors.confirm": "secrets and codes are kept out of the trail",
    "budgets.services.sign_in.signed_out": "nothing is written but that somebody left",
    "performance.services.exports.export_projects": "a file that is handed over is no row",
    "performance.services.verification.request_verification": "a job's row is no business row",
    "performance.services.tasks.remind_units": "a message is its reader's",
    "performance.services.exports.request_export": "a job's row is no business row",
}
"""Verbs whose event has no changed rows with it, each with the reason."""
ADMINISTRATION = {
    "budgets.services.people": {
        "create_account", "disable_account", "enable_account", "grant_role", "reset_second_factor",
        "revoke_role", "set_initial_password", "unlock",
    },
    "budgets.services.places": {
        "change_department", "create_department", "create_office", "create_region", "create_unit",
        "rename_unit",
    },
}  # fmt: skip
"""Verbs of the administrators: ``tests/budgets/test_people.py`` calls each and counts its event."""
NO_VERB = {
    **NO_OFFICE_VERB,
    "performance.services.decisions.decide": "each paper's own move leaves its event",
    "budgets.services.second_factors.begin": "a secret that is offered does nothing yet",
}
