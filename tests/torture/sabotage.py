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


def _no_own_check() -> None:
    """The application forgets who contributed; the database still knows."""
    from performance.selectors import procedure
    from performance.services import moves, reviews

    for module in (procedure, moves, reviews):
        module.contributors_of = lambda *args: frozenset()  # type: ignore[attr-defined]


def _no_scope() -> None:
    import budgets.access
    import performance.access

    def all_of_it(user: Any) -> list[tuple[str, Q]]:
        return [("auditor", Q(pk__isnull=False))]

    budgets.access.reach_of = all_of_it
    performance.access.reach_of = all_of_it  # type: ignore[attr-defined]


_FAULTS = {
    "no_version": _no_version,
    "no_idempotency": _no_idempotency,
    "no_digest": _no_digest,
    "no_scope": _no_scope,
    "no_own_check": _no_own_check,
}
