"""Work promised in a transaction: the promise is a row of it, the bell is rung once it stands.

The row is what counts. The bell only says that there is something to do; a bell that nobody hears
(the broker is down, or has forgotten everything) is made good by the sweep of any worker.
"""

from __future__ import annotations

import json
import logging
import os
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, TypeAlias
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from budgets.models import User

_log = logging.getLogger(__name__)
_PLAIN = re.compile(r"[A-Za-z0-9_.:-]{0,80}")
"""What a text in a job may look like: ids and codes, never words about people."""
TASK = "performance.tasks.run_job"
QUIET_SECONDS = 5.0
"""How long requests leave a bell alone that failed; the sweep goes on trying."""


# ── what a kind of work is ──────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A job as its work sees it."""

    id: int
    public_id: UUID
    payload: Mapping[str, Any]
    actor: User | None


Payload: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of work: a function that runs in the transaction that marks the job done.

    ``work`` returns a short reference to its result. ``every`` makes it recurring: the sweep adds
    one job for each slot of time, ``at`` after the slot's beginning (local time), for each payload
    of ``slots``, which is told the slot's date.
    """

    work: Callable[[Task], str]
    label: str = ""
    """In words, for the list of what was set aside."""
    every: timedelta | None = None
    at: timedelta = timedelta()
    slots: Callable[[str], Sequence[Payload]] = lambda date: ({},)


# ── promising ───────────────────────────────────────────────────────────────────────────────────


def enqueue(
    kind: str,
    payload: Payload,
    *,
    actor: User | None,
    department_id: int | None = None,
    unit_id: int | None = None,
    once_key: str | None = None,
) -> UUID | None:
    """Adds a job in the running transaction and rings once it is committed.

    ``payload`` holds ids and codes. With ``once_key`` the first of its name counts: None when
    there has been one. Raises RuntimeError outside a transaction, ValueError for a payload that
    is more than ids and codes.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a job is promised in the transaction of what it follows from")
    _refuse_words(payload.values())
    public_id = uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO budgets_job (public_id, kind, payload, department_id, unit_id, actor_id,"
            " state, mended, attempts, last_error, result_ref, once_key)"
            " VALUES (%s, %s, %s::jsonb, %s, %s, %s, 'queued', false, 0, '', '', %s)"
            " ON CONFLICT (once_key) DO NOTHING RETURNING id",
            [
                public_id,
                kind,
                json.dumps(dict(payload)),
                department_id,
                unit_id,
                actor.pk if actor else None,
                once_key,
            ],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    transaction.on_commit(partial(ring, int(row[0])), robust=True)
    return public_id


def _refuse_words(values: Iterable[Any]) -> None:
    for value in values:
        if value is None or isinstance(value, (bool, int)):
            continue
        if isinstance(value, str) and _PLAIN.fullmatch(value):
            continue
        raise ValueError("a job holds ids and codes, nothing else")


# ── ringing ─────────────────────────────────────────────────────────────────────────────────────


class Bell:
    """Tells the broker that a job waits. A broker that is down costs one short try, then nothing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._quiet_until = 0.0
        self._connection: Any = None
        self._pid = 0

    def ring(self, job_id: int, *, insist: bool = False) -> bool:
        """Sends the job's id; False when the broker did not take it. Never raises.

        After a failure nothing is tried for a while, unless one insists.
        """
        with self._lock:
            if time.monotonic() < self._quiet_until and not insist:
                return False
            try:
                self._send(job_id)
            except Exception as error:
                self._quiet_until = time.monotonic() + QUIET_SECONDS
                self._let_go()
                _log.warning("the broker does not answer: %s", type(error).__name__)
                return False
            self._quiet_until = 0.0
            return True

    def _send(self, job_id: int) -> None:
        app = import_string(settings.CELERY_APP)
        if self._connection is None or self._pid != os.getpid():
            # A connection of its own: the workers' waits for ever, this one does not.
            self._connection = app.connection_for_write(
                connect_timeout=settings.BELL_SECONDS, transport_options=settings.BELL_OPTIONS
            )
            self._pid = os.getpid()
        app.send_task(TASK, args=[job_id], connection=self._connection, retry=False)

    def _let_go(self) -> None:
        gone, self._connection = self._connection, None
        try:
            if gone is not None:
                gone.release()
        except Exception as error:
            _log.debug("a dead connection: %s", type(error).__name__)


_bell = Bell()
_nearby: list[Callable[[], None]] = []


def when_rung(wake: Callable[[], None]) -> None:
    """Names what is woken in this process when there is no broker."""
    _nearby[:] = [wake]


def ring(job_id: int, *, insist: bool = False) -> bool:
    """Says that a job waits: to the broker, or to the thread of this process. False: not heard."""
    if settings.CELERY_BROKER_URL:
        return _bell.ring(job_id, insist=insist)
    for wake in _nearby:
        wake()
    return True
