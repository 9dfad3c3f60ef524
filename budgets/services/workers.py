"""Who works jobs off when Celery does not: a command of its own, or a thread of the web process."""

from __future__ import annotations

import logging
import os
import threading
import time
from typing import Any

from django.conf import settings
from django.core.signals import request_started
from django.db import DatabaseError, connections

from budgets import jobs
from budgets.services import work

_log = logging.getLogger(__name__)
SWEEP_SECONDS = 15.0
_BETWEEN = 1.0
"""How often a worker without a bell looks for what others have promised."""


class Worker:
    """Sweeps, works off what is due, waits. Any number of them, on any number of machines."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self._bell = threading.Event()
        self._swept = 0.0

    def stop(self) -> None:
        """Lets the job at hand end, then no other."""
        self.stopped.set()
        self._bell.set()

    def wake(self) -> None:
        """There is something to do."""
        self._bell.set()

    def run(self, *, look_every: float = _BETWEEN) -> None:
        """Works until it is stopped. A database that is away is waited for."""
        while not self.stopped.is_set():
            try:
                self._round()
            except DatabaseError as error:
                _log.warning("the database does not answer: %s", type(error).__name__)
                self.stopped.wait(_BETWEEN)
            except Exception:
                _log.exception("a round of background work failed")
                self.stopped.wait(_BETWEEN)
            finally:
                connections.close_all()
            self._bell.wait(look_every)
            self._bell.clear()

    def _round(self) -> None:
        if time.monotonic() - self._swept >= SWEEP_SECONDS or not self._swept:
            work.sweep()
            self._swept = time.monotonic()
        while not self.stopped.is_set() and work.run_next() is not None:
            pass


class Sweeper(Worker):
    """Only sweeps: rings for what is due, for workers that wait for a bell."""

    def _round(self) -> None:
        heard = False
        while not self.stopped.is_set() and not heard:
            _, heard = work.sweep()
            if not heard:  # the broker is away: do not let a whole round pass once it is back
                self.stopped.wait(_BETWEEN)


# ── in a web process ────────────────────────────────────────────────────────────────────────────


class _InProcess:
    """One worker thread in each web process, begun when it is first needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._worker: Worker | None = None
        self._pid = 0

    def wake(self, **_: Any) -> None:
        """Begins the thread of this process when there is none, and wakes it."""
        with self._lock:
            if self._worker is None or self._pid != os.getpid():
                self._worker, self._pid = Worker(), os.getpid()
                threading.Thread(
                    target=self._worker.run,
                    kwargs={"look_every": SWEEP_SECONDS},
                    name="jobs",
                    daemon=True,
                ).start()
                return
        self._worker.wake()

    def begin(self, **_: Any) -> None:
        """Begins the thread with the first request, for jobs left from before."""
        if self._pid != os.getpid():
            self.wake()


_in_process = _InProcess()


def work_in_this_process() -> bool:
    """Lets this web process work jobs off by itself; False where a broker or the settings say no."""
    if settings.CELERY_BROKER_URL or not settings.JOBS_IN_PROCESS:
        return False
    jobs.when_rung(_in_process.wake)
    request_started.connect(_in_process.begin, dispatch_uid="jobs")
    return True
