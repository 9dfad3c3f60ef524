"""The Celery app: messages hold a job's id and nothing else; the job is a row in the database."""

from __future__ import annotations

import os
import threading
from typing import Any

from celery import Celery, bootsteps
from celery import Task as CeleryTask
from celery.worker.request import Request as CeleryRequest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class Request(CeleryRequest):  # type: ignore[misc]
    """A message whose acknowledgement may fail without harm.

    When Redis dies while all hands are full, the acknowledgements that follow fail, and kombu goes
    on counting those messages as in hand: the worker then waits for ever without asking for
    another (celery #10302). Nothing hangs on an acknowledgement here: the row says what is done.
    """

    def acknowledge(self) -> None:
        """Acknowledges; lets go of the message even when the broker is not there to hear it."""
        super().acknowledge()
        message = self._message
        forget = getattr(getattr(message.channel, "qos", None), "_quick_ack", None)
        if not message.acknowledged and forget is not None:
            forget(message.delivery_tag)


class Task(CeleryTask):  # type: ignore[misc]
    """Tasks with such requests."""

    Request = "config.celery:Request"


app = Celery("jiheng", include=["performance.tasks"], task_cls="config.celery:Task")
app.config_from_object("django.conf:settings", namespace="CELERY")


class Sweeping(bootsteps.StartStopStep):  # type: ignore[misc]
    """A thread in each worker that sweeps every 15 seconds: no beat, nothing that runs but once."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, parent: Any, **options: Any) -> None:
        self._sweeper: Any = None
        super().__init__(parent, **options)

    def start(self, parent: Any) -> None:
        """Begins with the worker."""
        from budgets.services.workers import SWEEP_SECONDS, Sweeper

        self._sweeper = Sweeper()
        threading.Thread(
            target=self._sweeper.run,
            kwargs={"look_every": SWEEP_SECONDS},
            name="sweeper",
            daemon=True,
        ).start()

    def stop(self, parent: Any) -> None:
        """Ends with the worker."""
        if self._sweeper is not None:
            self._sweeper.stop()


app.steps["worker"].add(Sweeping)
