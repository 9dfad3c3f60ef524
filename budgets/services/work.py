"""Working jobs off: each done exactly once, whoever is told how often, whatever dies meanwhile.

Two transactions. The first counts the attempt and says when the next may be: so a job that ends
its worker is not forgotten, and not tried for ever. The second holds the job's row, has the effect
and marks the job done: both or neither. The lock goes with its session, so a killed worker leaves
nothing behind that somebody would have to clear.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string

from budgets.access import SYSTEM, seen_by_system, told
from budgets.errors import ServiceError
from budgets.jobs import Kind, Task, enqueue, ring
from budgets.models import MOST_ATTEMPTS, Job, JobState, User

_log = logging.getLogger(__name__)
_PATIENCE = "120s"
"""A statement of a job may take longer than one of a page."""
_ASLEEP = "180s"
"""Longer than a task may run: else the session goes while its worker computes."""
_AT_ONCE = 100
"""How many jobs one sweep rings for; the next sweep rings for more."""
_SWEEPING = 7107
DONE, RETRY, DEAD, NOTHING = "done", "retry", "dead", "nothing"


def kinds() -> Mapping[str, Kind]:
    """All kinds of work, by name."""
    return cast("Mapping[str, Kind]", import_string(settings.JOB_KINDS))


def pause(attempts: int) -> timedelta:
    """How long to wait before the next attempt."""
    return timedelta(seconds=2**attempts)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A counted attempt that has not begun yet."""

    job_id: int
    number: int


# ── one job ─────────────────────────────────────────────────────────────────────────────────────


def run(job_id: int) -> str:
    """Works one job off, if it is due and nobody else does: done, retry, dead or nothing."""
    attempt = begin(job_id)
    return perform(attempt) if attempt is not None else NOTHING


def run_next() -> str | None:
    """Works off the job that has been due longest; None when none is."""
    attempt = begin(None)
    return perform(attempt) if attempt is not None else None


def work_off(most: int = 1000) -> list[str]:
    """Works off what is due now, one after the other."""
    found: list[str] = []
    while len(found) < most and (outcome := run_next()) is not None:
        found.append(outcome)
    return found


def begin(job_id: int | None) -> Attempt | None:
    """Counts an attempt in a transaction of its own. A job tried too often is set aside instead."""
    with seen_by_system(), connection.cursor() as cursor:
        cursor.execute(_FIND if job_id is None else _FIND_ONE, [] if job_id is None else [job_id])
        row = cursor.fetchone()
        if row is None:
            return None
        found, attempts = row
        if attempts >= MOST_ATTEMPTS:
            cursor.execute(_SET_ASIDE, [found])
            _log.error("job %s was set aside: it was begun %s times and never ended", *row)
            return None if job_id is not None else begin(None)
        cursor.execute(_COUNT, [pause(attempts + 1).total_seconds(), found])
        return Attempt(found, attempts + 1)


_DUE = "SELECT id, attempts FROM budgets_job WHERE state = 'queued' AND run_after <= statement_timestamp()"
_FIND = f"{_DUE} ORDER BY run_after, id LIMIT 1 FOR UPDATE SKIP LOCKED"
_FIND_ONE = f"{_DUE} AND id = %s FOR UPDATE SKIP LOCKED"
_COUNT = (
    "UPDATE budgets_job SET attempts = attempts + 1, started_at = statement_timestamp(), run_after = statement_timestamp() + make_interval(secs => %s)"
    " WHERE id = %s"
)
_SET_ASIDE = (
    "UPDATE budgets_job SET state = 'dead', finished_at = statement_timestamp(), last_error ="
    " CASE WHEN last_error = '' THEN 'worker_lost' ELSE last_error END WHERE id = %s"
)


def perform(attempt: Attempt) -> str:
    """The effect and the job's end in one transaction; NOTHING when somebody else has it."""
    try:
        return effect_and_end(attempt)
    except ServiceError as error:
        return fail(attempt, f"refused: {error.code}", for_good=True)
    except Exception as error:
        _log.exception("job %s failed", attempt.job_id)
        return fail(attempt, f"{type(error).__name__} {place_of(error)}", for_good=False)


def effect_and_end(attempt: Attempt) -> str:
    """Holds the row, works as the actor, marks it done."""
    with seen_by_system():
        be_patient()
        job = hold(attempt)
        if job is None:
            return NOTHING
        result = work_of(job)
        finish(job, result)
    return DONE


def be_patient() -> None:
    """The times a job may take, for the running transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('statement_timeout', %s, true),"
            " set_config('idle_in_transaction_session_timeout', %s, true)",
            [_PATIENCE, _ASLEEP],
        )


def hold(attempt: Attempt) -> Job | None:
    """The job, locked, if it still waits for this attempt.

    Waits for the lock: who looked for a due job a moment ago may hold the row until it has seen
    that this one no longer is. Skipping it would leave the job undone until its next attempt.
    """
    rows = Job.objects.select_for_update(of=("self",))
    return rows.filter(pk=attempt.job_id, state=JobState.QUEUED, attempts=attempt.number).first()


def work_of(job: Job) -> str:
    """Does the work with the eyes of the job's account, and no others."""
    actor: User | None = None
    if job.actor_id is not None:
        actor = User.objects.filter(pk=job.actor_id, is_active=True).first()
        if actor is None:
            return "account_gone"
    kind = kinds()[job.kind]
    told(actor.pk if actor is not None else SYSTEM)
    result = kind.work(Task(id=job.pk, public_id=job.public_id, payload=job.payload, actor=actor))
    told(SYSTEM)
    return result


def finish(job: Job, result: str) -> None:
    """Marks a held job done."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE budgets_job SET state = 'done', finished_at = statement_timestamp(), last_error = '',"
            " result_ref = %s WHERE id = %s",
            [result[:200], job.pk],
        )


def fail(attempt: Attempt, reason: str, *, for_good: bool) -> str:
    """Notes why an attempt failed; sets the job aside when it was the last, or can never go well."""
    dead = for_good or attempt.number >= MOST_ATTEMPTS
    with seen_by_system(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE budgets_job SET last_error = %s, state = CASE WHEN %s THEN 'dead' ELSE state END,"
            " finished_at = CASE WHEN %s THEN statement_timestamp() ELSE NULL END"
            " WHERE id = %s AND state = 'queued' AND attempts = %s",
            [reason[:300], dead, dead, attempt.job_id, attempt.number],
        )
    return DEAD if dead else RETRY


def place_of(error: BaseException) -> str:
    """File, line and function where an error arose: what broke, never what was in it."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    code = trace.tb_frame.f_code
    return f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}:{code.co_name}"


# ── sweeping ────────────────────────────────────────────────────────────────────────────────────


def sweep(now: datetime | None = None) -> tuple[list[int], bool]:
    """Adds the jobs whose time has come, and rings for what is due.

    Returns the ids of what is due, and whether the bell was heard. Any number of processes may
    sweep; one at a time does. Lost messages cost one round.
    """
    with seen_by_system(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, 0)", [_SWEEPING])
        row = cursor.fetchone()
        if not row or not row[0]:
            return [], True
        _add_recurring(now or timezone.now())
        cursor.execute(
            "SELECT id FROM budgets_job WHERE state = 'queued' AND run_after <= statement_timestamp()"
            " ORDER BY run_after, id LIMIT %s FOR UPDATE SKIP LOCKED",
            [_AT_ONCE],
        )
        due = [int(row[0]) for row in cursor.fetchall()]
    return due, all(ring(job_id, insist=True) for job_id in due)


def _add_recurring(now: datetime) -> None:
    for name, kind in kinds().items():
        if kind.every is None:
            continue
        began = slot_of(now, kind)
        date = f"{began:%Y-%m-%d}"
        for payload in kind.slots(date):
            tail = "".join(f":{payload[key]}" for key in sorted(payload))
            enqueue(name, payload, actor=None, once_key=f"{name}:{began:%Y%m%dT%H%M%S}{tail}")


def slot_of(now: datetime, kind: Kind) -> datetime:
    """The beginning of the slot of local time that ``now`` falls into, without a zone."""
    assert kind.every is not None
    local = timezone.localtime(now).replace(tzinfo=None) - kind.at
    origin = datetime(2000, 1, 1)
    whole: int = (local - origin) // kind.every
    return origin + whole * kind.every
