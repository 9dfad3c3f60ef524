"""Planted faults: each switches one safeguard off, so that a harness can show that it sees it."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

from django.db.models import Q


def plant(name: str | None = None) -> None:
    """Plants the fault that SABOTAGE names; refuses outside tests."""
    wanted = os.environ.get("SABOTAGE", "") if name is None else name
    if not wanted:
        return
    if os.environ.get("TESTING") != "1":
        raise RuntimeError("faults are planted in tests only")
    _FAULTS[wanted]()


def _no_version() -> None:
    from performance.services import drafts, moves, papers, reviews

    def keep_going(*args: Any, **kwargs: Any) -> None:
        return None

    for module in (drafts, moves, papers):
        module.refuse_stale = keep_going  # type: ignore[attr-defined]
    reviews._refuse_stale = keep_going  # type: ignore[assignment]


def _no_idempotency() -> None:
    from budgets.services import idempotency

    idempotency.claim = lambda *args, **kwargs: None  # type: ignore[assignment]


def _no_digest() -> None:
    from performance.services import moves, reviews

    moves.refuse_unseen = lambda *args: None  # type: ignore[assignment]
    reviews.refuse_unseen = lambda *args: None  # type: ignore[assignment]


def _no_scope() -> None:
    import budgets.access
    import performance.access

    def all_of_it(user: Any) -> list[tuple[str, Q]]:
        return [("auditor", Q(pk__isnull=False))]

    budgets.access.reach_of = all_of_it
    performance.access.reach_of = all_of_it  # type: ignore[attr-defined]


def _no_recomputation() -> None:
    from budgets.services import trail

    _kept["no_recomputation"] = trail._judged
    trail._judged = lambda *args: iter(())  # type: ignore[assignment]


def heal(name: str) -> None:
    """Takes a fault out again, where it was planted in the harness's own process."""
    from budgets.services import trail

    trail._judged = _kept.pop(name)


_kept: dict[str, Any] = {}


def _no_lock_out_lock() -> None:
    """Attempts are counted after the password was looked at, as others do it."""
    from django.db.models import F
    from django.db.models.functions import Now

    from budgets.models import AttemptCount
    from budgets.services import attempts, sign_in

    take, failed = attempts.take, sign_in._failed

    def look(name: str, address: str | None) -> Any:
        found = take(name, address)
        if isinstance(found, attempts.Ticket):
            attempts.give_back(found)
        return found

    def count_then(user: Any, ticket: attempts.Ticket, *rest: Any) -> None:
        rows = AttemptCount.objects.filter(pk__in=ticket.rows)
        rows.update(count=F("count") + 1)
        rows.filter(count__gte=5, kind="name").update(locked_until=Now() + _QUARTER)
        failed(user, ticket, *rest)

    attempts.take = look
    sign_in._failed = count_then


_QUARTER = timedelta(minutes=15)


def _plain_jobs() -> None:
    """A job is marked done first and done afterwards: what a message taken early amounts to."""
    from budgets.access import seen_by_system
    from budgets.services import work

    def in_two(attempt: work.Attempt) -> str:
        with seen_by_system():
            job = work.hold(attempt)
            if job is None:
                return work.NOTHING
            work.finish(job, "")
        with seen_by_system():
            work.be_patient()
            work.work_of(job)
        return work.DONE

    work.effect_and_end = in_two


_FAULTS = {
    "no_recomputation": _no_recomputation,
    "no_version": _no_version,
    "no_idempotency": _no_idempotency,
    "no_digest": _no_digest,
    "no_scope": _no_scope,
    "no_lock_out_lock": _no_lock_out_lock,
    "plain_jobs": _plain_jobs,
}
