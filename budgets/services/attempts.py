"""Counting attempts to sign in, so that five wrong guesses are five, however many come at once.

An attempt is counted before its password is looked at, under the lock of its rows: a ticket. Whoever
gets no ticket is refused without a look. A right password gives its ticket back, a wrong one has
spent it. No lock is held while a password is being hashed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from budgets import keys
from budgets.models import AttemptCount, AttemptKind
from budgets.requests import counted_address
from budgets.selectors.people import mark_of

_DAY = timedelta(days=1)
_PAIR_LOCK = timedelta(hours=1)
_LEFT_OVER = 200
"""How many counts that say nothing any more are dropped with each new one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """The right to look at one password; ``locks`` when it was the last one."""

    rows: tuple[int, ...]
    name_mark: str
    locks: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """No ticket: until when, for the name or the address, and whether it is the first refusal."""

    until: datetime
    by_address: bool
    is_first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Limit:
    """So many attempts; counted anew after ``rest``; locked for ``lock``."""

    most: int
    rest: timedelta
    lock: timedelta


def _limits() -> dict[str, _Limit]:
    lock = timedelta(minutes=settings.SIGN_IN_LOCK_MINUTES)
    return {
        AttemptKind.NAME: _Limit(most=settings.SIGN_IN_FAILURES, rest=lock, lock=lock),
        AttemptKind.PAIR: _Limit(most=settings.SIGN_IN_PAIR_FAILURES, rest=_DAY, lock=_PAIR_LOCK),
        AttemptKind.ADDRESS: _Limit(most=settings.SIGN_IN_ADDRESS_FAILURES, rest=lock, lock=lock),
    }


def take(name: str, address: str | None) -> Ticket | Refusal:
    """Counts an attempt before it is made; a refusal when the name or the address is locked."""
    name_mark = mark_of(name)
    with transaction.atomic():
        rows = _locked_rows(name_mark, counted_address(address or ""))
        limits = _limits()
        refusing = [row for row in rows if row.locked_until and row.locked_until > row.now]
        if refusing:
            return _refused(refusing)
        locks = False
        for row in rows:
            locks |= _count(row, limits[row.kind]) and row.kind != AttemptKind.ADDRESS
        return Ticket(rows=tuple(row.pk for row in rows), name_mark=name_mark, locks=locks)


def _locked_rows(name_mark: str, address: str) -> list[Any]:
    """The rows of an attempt, made when missing and locked in one order for everybody.

    Each with ``now``, the database's time: the clocks of several servers need not agree.
    """
    marks = {
        AttemptKind.ADDRESS: keys.marks(address.encode(), "address")[0],
        AttemptKind.NAME: name_mark,
        AttemptKind.PAIR: keys.marks(f"{name_mark} {address}".encode(), "address")[0],
    }
    now = timezone.now()
    made = [
        AttemptCount(
            kind=kind,
            mark=mark,
            since=now,
            last_at=now,
            name_mark="" if kind == AttemptKind.ADDRESS else name_mark,
        )
        for kind, mark in sorted(marks.items())
    ]
    wanted = AttemptCount.objects.filter(mark__in=marks.values()).order_by("kind")
    while True:
        rows = list(wanted.annotate(now=Now()).select_for_update(no_key=True))
        if len(rows) == len(made):
            return rows
        AttemptCount.objects.bulk_create(made, ignore_conflicts=True)
        _drop_left_over()


def _drop_left_over() -> None:
    old = (
        AttemptCount.objects.filter(last_at__lt=Now() - 2 * _DAY)
        .select_for_update(skip_locked=True)
        .values_list("pk", flat=True)[:_LEFT_OVER]
    )
    AttemptCount.objects.filter(pk__in=list(old)).delete()


def _refused(rows: list[Any]) -> Refusal:
    row = max(rows, key=lambda row: row.locked_until or row.now)
    AttemptCount.objects.filter(pk=row.pk).update(refused=F("refused") + 1)
    return Refusal(
        until=row.locked_until,
        by_address=row.kind == AttemptKind.ADDRESS,
        is_first=row.refused == 0,
    )


def _count(row: Any, limit: _Limit) -> bool:
    """One attempt more; True when it was the last for now."""
    begun = row.since if row.kind == AttemptKind.ADDRESS else row.last_at
    if row.locked_until is not None or begun + limit.rest < row.now:
        row.count, row.since = 0, row.now
    row.count += 1
    row.last_at = row.now
    is_last: bool = row.count >= limit.most
    row.locked_until = row.now + limit.lock if is_last else None
    row.refused = 0
    row.save(update_fields=["count", "since", "last_at", "locked_until", "refused"])
    return is_last


def give_back(ticket: Ticket) -> None:
    """The attempt was right as far as it went: it does not count, earlier wrong ones still do."""
    AttemptCount.objects.filter(pk__in=ticket.rows, count__gt=0).update(
        count=F("count") - 1, locked_until=None
    )


def succeed(ticket: Ticket) -> None:
    """Signed in: the name is counted anew; of the address only this attempt is taken off."""
    with transaction.atomic():
        give_back(ticket)
        AttemptCount.objects.filter(pk__in=ticket.rows).exclude(kind=AttemptKind.ADDRESS).update(
            count=0, locked_until=None
        )


def clear(name: str) -> int:
    """Unlocks a name from wherever; returns how many attempts had been refused meanwhile."""
    rows = AttemptCount.objects.filter(name_mark=mark_of(name))
    refused = sum(rows.values_list("refused", flat=True))
    rows.update(count=0, refused=0, locked_until=None)
    return refused


def minutes_until(moment: datetime) -> int:
    """Whole minutes from now, at least one."""
    return max(1, -int((timezone.now() - moment).total_seconds() // 60))
