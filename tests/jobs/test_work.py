"""Jobs: promised in a transaction, done exactly once, tried five times and no oftener."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from budgets import jobs
from budgets.access import seen_by, seen_by_system, told
from budgets.errors import Conflict
from budgets.jobs import Kind, Task, enqueue
from budgets.models import MOST_ATTEMPTS, AuditEvent, Job, JobState, Notice, User
from budgets.services import work
from budgets.services.notices import tell
from tests.cast import Cast, assemble

EFFECTS: list[Any] = []


def _effect(task: Task) -> str:
    """One notice: an effect in the database that can be counted."""
    assert task.actor is not None
    tell([task.actor], kind="tried", object_type="job", object_id=task.public_id, text="一")
    return "told"


def _break(task: Task) -> str:
    _effect(task)
    raise ZeroDivisionError("王五 13800000000")


def _die(task: Task) -> str:
    _effect(task)
    os._exit(9)


def _refuse(task: Task) -> str:
    raise Conflict("王五的表")


KINDS = {
    "tell": Kind(work=_effect),
    "break": Kind(work=_break),
    "refuse": Kind(work=_refuse),
    "see": Kind(work=lambda task: f"{EFFECTS.append(_uid())}"),
    "hourly": Kind(work=lambda task: "", every=timedelta(hours=1)),
    "daily": Kind(
        work=lambda task: "",
        every=timedelta(days=1),
        at=timedelta(hours=8),
        slots=lambda date: [{"date": date, "region": 1}, {"date": date, "region": 2}],
    ),
}


def _uid() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.uid', true)")
        return str(cursor.fetchone()[0])


@pytest.fixture(autouse=True)
def _kinds(settings: Any) -> None:
    settings.JOB_KINDS = "tests.jobs.test_work.KINDS"
    EFFECTS.clear()


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def _add(kind: str, actor: User | None, **more: Any) -> Job:
    public_id = enqueue(kind, {}, actor=actor, **more)
    return Job.objects.get(public_id=public_id)


def _due(job: Job) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE budgets_job SET run_after = statement_timestamp() WHERE id = %s", [job.pk]
        )


# ── promising ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "payload",
    [{"a": "王五"}, {"a": "a b"}, {"a": 1.5}, {"a": {"b": 1}}, {"a": ["x"]}, {"a": "x" * 81}],
)
def test_a_job_holds_ids_and_codes_only(cast: Cast, payload: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="ids and codes"):
        enqueue("tell", payload, actor=cast["clerk"])
    assert not Job.objects.exists()


def test_the_first_of_a_name_counts(cast: Cast) -> None:
    assert enqueue("tell", {}, actor=cast["clerk"], once_key="a:1") is not None
    assert enqueue("tell", {}, actor=cast["head"], once_key="a:1") is None
    assert enqueue("tell", {}, actor=cast["clerk"]) is not None
    assert enqueue("tell", {}, actor=cast["clerk"]) is not None
    assert Job.objects.count() == 3


def test_a_job_goes_with_its_transaction(
    cast: Cast, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[int] = []
    monkeypatch.setattr(jobs, "ring", rung.append)
    with (
        django_capture_on_commit_callbacks(execute=True),
        suppress(ZeroDivisionError),
        transaction.atomic(),
    ):
        enqueue("tell", {}, actor=cast["clerk"])
        raise ZeroDivisionError
    assert not Job.objects.exists()
    assert rung == []
    with django_capture_on_commit_callbacks(execute=True):
        job = _add("tell", cast["clerk"])
        assert rung == []
    assert rung == [job.pk]


# ── working ─────────────────────────────────────────────────────────────────────────────────────


def test_effect_and_end_go_together_and_come_once(cast: Cast) -> None:
    job = _add("tell", cast["clerk"])
    assert [work.run(job.pk) for _ in range(10)] == ["done", *["nothing"] * 9]
    job.refresh_from_db()
    assert (job.state, job.attempts, job.result_ref) == ("done", 1, "told")
    assert job.finished_at is not None
    assert Notice.objects.filter(kind="tried").count() == 1


def test_work_sees_with_the_eyes_of_its_account(cast: Cast) -> None:
    _add("see", cast["clerk"])
    _add("see", None)
    assert work.work_off() == ["done", "done"]
    assert list(EFFECTS) == [str(cast["clerk"].pk), "0"]
    assert _uid() == "0"


def test_an_account_that_is_gone_has_nothing_done(cast: Cast) -> None:
    job = _add("tell", cast["clerk"])
    User.objects.filter(pk=cast["clerk"].pk).update(is_active=False)
    assert work.run(job.pk) == "done"
    job.refresh_from_db()
    assert job.result_ref == "account_gone"
    assert not Notice.objects.filter(kind="tried").exists()


def test_a_failure_is_tried_again_later_and_later_and_then_set_aside(cast: Cast) -> None:
    job, other = _add("break", cast["clerk"]), _add("tell", cast["clerk"])
    for n in range(1, MOST_ATTEMPTS + 1):
        assert work.run(job.pk) == ("retry" if n < MOST_ATTEMPTS else "dead")
        assert work.run(job.pk) == "nothing"
        job.refresh_from_db()
        assert job.attempts == n
        with connection.cursor() as cursor:
            cursor.execute("SELECT run_after - started_at FROM budgets_job WHERE id = %s", [job.pk])
            assert cursor.fetchone()[0] == timedelta(seconds=2**n)
        if n < MOST_ATTEMPTS:
            _due(job)
    assert job.state == JobState.DEAD
    assert job.last_error.startswith("ZeroDivisionError test_work.py:")
    assert job.last_error.endswith(":_break")
    assert not Notice.objects.filter(kind="tried").exists()
    assert work.run(other.pk) == "done"


def test_what_is_refused_is_not_tried_again(cast: Cast) -> None:
    job = _add("refuse", cast["clerk"])
    assert work.run(job.pk) == "dead"
    job.refresh_from_db()
    assert job.last_error == "refused: conflict"


def test_an_unknown_kind_is_set_aside_in_the_end(cast: Cast) -> None:
    job = _add("gone", cast["clerk"])
    for _ in range(MOST_ATTEMPTS):
        work.run(job.pk)
        if Job.objects.get(pk=job.pk).state == JobState.QUEUED:
            _due(job)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DEAD, MOST_ATTEMPTS)


def test_a_job_that_ends_its_worker_is_begun_five_times(cast: Cast) -> None:
    """``begin`` without ``perform``: what is left of a worker that was killed."""
    job = _add("tell", cast["clerk"])
    for _ in range(MOST_ATTEMPTS):
        assert work.begin(job.pk) is not None
        _due(job)
    assert work.begin(job.pk) is None
    job.refresh_from_db()
    assert (job.state, job.attempts, job.last_error) == ("dead", MOST_ATTEMPTS, "worker_lost")


def test_an_attempt_that_was_overtaken_has_no_effect(cast: Cast) -> None:
    job = _add("tell", cast["clerk"])
    slow = work.begin(job.pk)
    assert slow is not None
    _due(job)
    assert work.run(job.pk) == "done"
    assert work.perform(slow) == "nothing"
    assert Notice.objects.filter(kind="tried").count() == 1


def test_what_is_done_stays_done(cast: Cast) -> None:
    job = _add("tell", cast["clerk"])
    work.run(job.pk)
    for change in ({"state": "queued", "finished_at": None}, {"attempts": 0}):
        with pytest.raises(IntegrityError, match="已结束"), transaction.atomic():
            Job.objects.filter(pk=job.pk).update(**change)
    other = _add("tell", cast["clerk"])
    with pytest.raises(IntegrityError, match="不能修改"), transaction.atomic():
        Job.objects.filter(pk=other.pk).update(actor=cast["head"])


# ── recurring ───────────────────────────────────────────────────────────────────────────────────


def test_what_recurs_is_added_once_a_slot(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "ring", lambda job_id, insist: True)
    china = ZoneInfo("Asia/Shanghai")
    for hour, minute in ((7, 59), (7, 59), (8, 0), (8, 1), (9, 0)):
        work.sweep(datetime(2024, 5, 6, hour, minute, tzinfo=china))
    keys = sorted(Job.objects.values_list("once_key", flat=True))
    assert keys == [
        "daily:20240505T000000:2024-05-05:1",
        "daily:20240505T000000:2024-05-05:2",
        "daily:20240506T000000:2024-05-06:1",
        "daily:20240506T000000:2024-05-06:2",
        "hourly:20240506T070000",
        "hourly:20240506T080000",
        "hourly:20240506T090000",
    ]


def test_a_sweep_rings_for_what_is_due(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[int] = []
    monkeypatch.setattr(work, "ring", lambda job_id, insist: rung.append(job_id) or insist)
    due, later = _add("tell", cast["clerk"]), _add("tell", cast["clerk"])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE budgets_job SET run_after = now() + interval '1 h' WHERE id = %s", [later.pk]
        )
    found, heard = work.sweep()
    assert heard is True
    assert due.pk in found
    assert due.pk in rung
    assert later.pk not in rung


# ── the database's net ──────────────────────────────────────────────────────────────────────────


def test_an_account_sees_and_adds_its_own_jobs_only(cast: Cast) -> None:
    mine = _add("tell", cast["clerk"])
    theirs = _add("tell", cast["head"])
    with seen_by(cast["clerk"].pk):
        assert list(Job.objects.values_list("pk", flat=True)) == [mine.pk]
        assert enqueue("tell", {}, actor=cast["clerk"]) is not None
        assert Job.objects.filter(pk=mine.pk).update(state="done") == 0
        assert Job.objects.filter(pk__in=[mine.pk, theirs.pk]).delete()[0] == 0
        for actor in (cast["head"], None):
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                enqueue("tell", {}, actor=actor)
    with seen_by(None):
        assert not Job.objects.exists()


def test_an_administrator_sees_what_was_set_aside_and_only_mends(cast: Cast) -> None:
    dead, waiting = _add("refuse", cast["clerk"]), _add("tell", cast["clerk"])
    work.run(dead.pk)
    with seen_by(cast["system"].pk):
        assert list(Job.objects.values_list("pk", flat=True)) == [dead.pk]
        assert Job.objects.filter(pk=waiting.pk).update(state="queued") == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            Job.objects.filter(pk=dead.pk).update(state="done")
        assert not AuditEvent.objects.exists()
    with seen_by(cast["security"].pk):
        assert not Job.objects.exists()


# ── several at once, really committed ───────────────────────────────────────────────────────────


@pytest.fixture
def clerk(committed: str) -> Iterator[User]:
    with seen_by_system():
        yield_user = assemble()["clerk"]
    yield yield_user
    connections["default"].close()


def _committed_job(kind: str, actor: User) -> int:
    with seen_by_system():
        return int(_add(kind, actor).pk)


def _notices() -> int:
    with seen_by_system():
        return Notice.objects.filter(kind="tried").count()


def test_a_job_in_hand_is_left_alone_by_others(clerk: User) -> None:
    job_id = _committed_job("tell", clerk)
    holding, go_on = threading.Event(), threading.Event()
    found: list[str] = []

    def slow(task: Task) -> str:
        holding.set()
        assert go_on.wait(20)
        return _effect(task)

    KINDS["tell"] = Kind(work=slow)
    try:
        thread = threading.Thread(
            target=lambda: (found.append(work.run(job_id)), connections["default"].close())
        )
        thread.start()
        assert holding.wait(20)
        with seen_by_system(), connection.cursor() as cursor:
            # Seen from outside the row still waits; holding it is what tells.
            cursor.execute("SELECT state, attempts FROM budgets_job WHERE id = %s", [job_id])
            assert cursor.fetchone() == ("queued", 1)
        assert work.run(job_id) == "nothing"
        assert work.run_next() is None
        go_on.set()
        thread.join(20)
    finally:
        KINDS["tell"] = Kind(work=_effect)
        go_on.set()
    assert found == ["done"]
    assert _notices() == 1


def test_the_same_message_ten_times_at_once_is_one_effect(clerk: User) -> None:
    job_id = _committed_job("tell", clerk)
    barrier, found = threading.Barrier(10), []

    def hear() -> None:
        barrier.wait()
        found.append(work.run(job_id))
        connections["default"].close()

    threads = [threading.Thread(target=hear) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(found) == ["done", *["nothing"] * 9]
    assert _notices() == 1
    with seen_by_system():
        assert Job.objects.get(pk=job_id).attempts == 1


def test_who_only_looked_does_not_keep_a_job_from_its_attempt(clerk: User) -> None:
    """Between counting an attempt and its effect somebody holds the row for a moment."""
    job_id = _committed_job("tell", clerk)
    attempt = work.begin(job_id)
    assert attempt is not None
    holding = threading.Event()

    def look() -> None:
        with seen_by_system(), connection.cursor() as cursor:
            cursor.execute("SELECT id FROM budgets_job WHERE id = %s FOR UPDATE", [job_id])
            holding.set()
            time.sleep(0.3)
        connections["default"].close()

    thread = threading.Thread(target=look)
    thread.start()
    assert holding.wait(20)
    assert work.perform(attempt) == "done"
    thread.join(20)
    assert _notices() == 1


def test_a_worker_that_dies_in_the_middle_leaves_nothing_half_done(clerk: User) -> None:
    """A child process has the effect and dies before the commit; the next one does it once."""
    job_id = _committed_job("tell", clerk)
    connections["default"].close()
    child = os.fork()
    if child == 0:
        KINDS["tell"] = Kind(work=_die)
        try:
            work.run(job_id)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert _notices() == 0
    with seen_by_system():
        job = Job.objects.get(pk=job_id)
        assert (job.state, job.attempts) == ("queued", 1)
        _due(job)
    assert work.run(job_id) == "done"
    assert _notices() == 1


def test_told_is_needed_in_a_transaction(clerk: User) -> None:
    with pytest.raises(RuntimeError):
        told(0)
    with pytest.raises(RuntimeError):
        enqueue("tell", {}, actor=clerk)
