"""Planted faults: each switches one safeguard off, so that a harness can show that it sees it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def planted(name: str) -> Iterator[None]:
    """The fault in this process while the block runs; afterwards everything is as it was."""
    modules = [m for n, m in sys.modules.items() if n.startswith(("budgets.", "performance."))]
    before = [(module, dict(vars(module))) for module in modules]
    try:
        plant(name)
        yield
    finally:
        for module, names in before:
            vars(module).update(names)


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


def _no_recomputation() -> None:
    from budgets.services import trail

    trail._judged = lambda *args: iter(())  # type: ignore[assignment]


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
        # So that guesses overlap on a slow machine as they do on a fast one.
        time.sleep(0.5)
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


def _counted_all() -> None:
    """A list says how many rows there are at all, as a cached count would."""
    from dataclasses import replace

    from budgets.access import seen_by_system
    from budgets.models import Project
    from performance.api import views

    plain = views.project_list

    def counted(user: Any, cursor: str | None) -> Any:
        with seen_by_system():
            everything = Project.unscoped.count()
        return replace(plain(user, cursor), next_cursor=f"{cursor}/{everything}")

    views.project_list = counted  # type: ignore[attr-defined]


def _hidden_order() -> None:
    """A list is ordered by something worked out over all departments."""
    from dataclasses import replace

    from budgets.access import seen_by_system
    from budgets.models import Project
    from performance.api import views

    plain = views.project_list

    def ordered(user: Any, cursor: str | None) -> Any:
        page = plain(user, cursor)
        with seen_by_system():
            names = list(Project.unscoped.values_list("name", flat=True))
        return replace(page, rows=sorted(page.rows, key=lambda row: names.count(row.name)))

    views.project_list = ordered  # type: ignore[attr-defined]


def _serial_cursor() -> None:
    """A cursor tells the number of a row, and with it how many others were made."""
    from performance.selectors import pages, projects

    plain = pages.page_of

    def numbered(rows: Any, cursor: str | None) -> Any:
        found, following = plain(rows, cursor)
        return found, str(found[-1].pk) if following else None

    projects.page_of = numbered  # type: ignore[attr-defined]


_FAULTS = {
    "counted_all": _counted_all,
    "hidden_order": _hidden_order,
    "serial_cursor": _serial_cursor,
    "no_recomputation": _no_recomputation,
    "no_version": _no_version,
    "no_idempotency": _no_idempotency,
    "no_digest": _no_digest,
    "no_scope": _no_scope,
    "no_own_check": _no_own_check,
    "no_lock_out_lock": _no_lock_out_lock,
    "plain_jobs": _plain_jobs,
}
