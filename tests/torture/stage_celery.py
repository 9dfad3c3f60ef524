"""The project's Celery app, with the door through which one fault may be planted."""

from __future__ import annotations

from typing import Any

from celery.signals import worker_process_init

from config.celery import app
from tests.torture import sabotage

__all__ = ["app"]


@worker_process_init.connect
def _plant(**_: Any) -> None:
    sabotage.plant()
