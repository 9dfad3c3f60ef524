"""Verbs about one's own account, the queue and the lists one takes away, each prepared for one call."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pyotp

from budgets.access import seen_by_system
from budgets.audit import Origin
from budgets.jobs import enqueue
from budgets.models import Job, JobState
from budgets.services import passwords, queue, second_factors, sign_in, tokens
from performance.models import SpotCheckItem
from performance.services import conclusions, exports, reviews, scoring, spot_checks
from performance.workflow import Paper
from tests.office import CALLS, NO_OFFICE_VERB, Office, adjusted_review

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
    "performance.services.reviews.adopt": _adopt,
    "performance.services.spot_checks.draw_spot_check": _draw_spot_check,
    "performance.services.spot_checks.record_outcome": _record_outcome,
    "performance.services.scoring.score_submitted": _score_submitted,
}
WITHOUT_ROWS = {
    "budgets.services.queue.drop": "a job's row is no business row",
    "budgets.services.queue.retry": "a job's row is no business row",
    "budgets.services.second_factors.confirm": "secrets and codes are kept out of the trail",
    "budgets.services.sign_in.signed_out": "nothing is written but that somebody left",
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
