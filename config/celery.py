"""The Celery app: messages hold a job's id and nothing else; the job is a row in the database."""

from __future__ import annotations

import os
import threading
from typing import Any

from celery import Celery, bootsteps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("jiheng", include=["performance.tasks"])
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
