"""Planted faults: each switches one safeguard off, so that a harness can show that it sees it."""

from __future__ import annotations

import os
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
    "no_version": _no_version,
    "no_idempotency": _no_idempotency,
    "no_digest": _no_digest,
    "no_scope": _no_scope,
    "plain_jobs": _plain_jobs,
}
