"""The bell: a broker that is down costs a request next to nothing, and no work."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from budgets import jobs
from budgets.access import seen_by_system
from budgets.jobs import Bell, enqueue
from budgets.models import Job
from budgets.services import work, workers
from tests.cast import Cast, assemble
from tests.talk import ClientApi

ROOT = Path(__file__).resolve().parent.parent.parent


class DeafBroker:
    """Takes connections and never answers; closed, the port refuses them."""

    def __init__(self) -> None:
        self.wire = socket.create_server(("127.0.0.1", 0))
        self.port = self.wire.getsockname()[1]

    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"


@pytest.fixture
def deaf() -> Iterator[DeafBroker]:
    broker = DeafBroker()
    yield broker
    broker.wire.close()


@pytest.fixture
def with_broker(deaf: DeafBroker, settings: Any, monkeypatch: pytest.MonkeyPatch) -> DeafBroker:
    from config.celery import app

    settings.CELERY_BROKER_URL = deaf.url()
    settings.BELL_OPTIONS = {
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0,
        "socket_timeout": settings.BELL_SECONDS,
        "socket_connect_timeout": settings.BELL_SECONDS,
    }
    monkeypatch.setattr(app.conf, "broker_write_url", deaf.url())
    monkeypatch.setattr(app.conf, "broker_url", deaf.url())
    monkeypatch.setattr(jobs, "_bell", Bell())
    return deaf


@pytest.mark.parametrize("down", [False, True])
def test_writes_go_on_while_the_broker_is_down(
    committed: str, with_broker: DeafBroker, down: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Deaf, then refusing: every write is accepted, and hardly one of them waits for the broker."""
    if down:
        with_broker.wire.close()
    tries: list[int] = []
    send = Bell._send
    monkeypatch.setattr(Bell, "_send", lambda bell, job: tries.append(job) or send(bell, job))
    with seen_by_system():
        cast = assemble()
    api = ClientApi(cast["clerk"])
    began = time.monotonic()
    for _ in range(50):
        assert api.post("exports/", {"list": "projects", "format": "csv"}).status == 202
    assert 1 <= len(tries) <= 1 + (time.monotonic() - began) / jobs.QUIET_SECONDS
    with seen_by_system():
        assert Job.objects.filter(state="queued").count() == 50


def test_a_bell_that_failed_is_left_alone_for_a_while(
    with_broker: DeafBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    bell, tries = Bell(), []
    monkeypatch.setattr(bell, "_send", lambda job_id: tries.append(job_id) or 1 / 0)
    assert [bell.ring(n) for n in range(5)] == [False] * 5
    assert tries == [0]
    bell.ring(7, insist=True)
    bell._quiet_until = time.monotonic() - 1
    bell.ring(9)
    assert tries == [0, 7, 9]


def test_a_bell_is_made_anew_after_a_fork(with_broker: DeafBroker) -> None:
    bell = Bell()
    bell._connection, bell._pid = object(), os.getpid() - 1
    assert bell.ring(1) is False  # the inherited connection is not used: no AttributeError escapes
    assert bell._connection is None


# ── without a broker ────────────────────────────────────────────────────────────────────────────


def test_a_web_process_works_by_itself(
    committed: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.JOB_KINDS = "tests.jobs.test_work.KINDS"
    near: list[Any] = []
    monkeypatch.setattr(jobs, "_nearby", near)
    monkeypatch.setattr(workers, "_in_process", inside := workers._InProcess())
    assert workers.work_in_this_process() is True
    assert near == [inside.wake]
    with seen_by_system():
        cast: Cast = assemble()
        enqueue("tell", {}, actor=cast["clerk"])
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and _waiting():
        time.sleep(0.05)
    assert _waiting() == 0
    names = [thread.name for thread in threading.enumerate()]
    assert names.count("jobs") == 1
    assert inside._worker is not None
    inside._worker.stop()
    workers.request_started.disconnect(dispatch_uid="jobs")
    for thread in threading.enumerate():
        if thread.name == "jobs":
            thread.join(20)


def _waiting() -> int:
    with seen_by_system():
        return Job.objects.filter(state="queued", kind="tell").count()


def test_no_thread_where_nobody_asked(settings: Any) -> None:
    settings.JOBS_IN_PROCESS = False
    assert workers.work_in_this_process() is False
    settings.JOBS_IN_PROCESS, settings.CELERY_BROKER_URL = True, "redis://127.0.0.1:1/0"
    assert workers.work_in_this_process() is False


def test_a_worker_of_its_own_is_killed_and_another_ends_the_work(
    committed: str, cluster: Any, tmp_path: Path
) -> None:
    """``manage.py worker`` under kill -9 while it works, then once more."""
    with seen_by_system():
        cast = assemble()
        for n in range(20):
            enqueue(
                "export",
                {"list": "projects", "format": "xlsx"},
                actor=cast["clerk"],
                once_key=f"x:{n}",
            )
    connections["default"].close()
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": cluster.address("perf_app", committed),
        "JIHENG_VAR": str(tmp_path),
        "JIHENG_LOG_LEVEL": "CRITICAL",
    }

    def begun() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "manage.py", "worker"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
        )

    def done() -> int:
        with seen_by_system():
            return Job.objects.filter(state="done", kind="export").count()

    first = begun()
    _until(lambda: done() >= 3)
    first.send_signal(signal.SIGKILL)
    first.wait(10)
    second, third = begun(), begun()
    _until(lambda: done() == 20)
    for worker in (second, third):
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(20) == 0
    with seen_by_system():
        assert Job.objects.filter(kind="export", file__isnull=False).count() == 20
        assert not Job.objects.filter(state="dead").exists()
    connections["default"].close()


def _until(true: Any, seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_kinds_are_registered_where_the_settings_say() -> None:
    assert {"score", "export", "remind", "tidy", "ping"} <= set(work.kinds())
