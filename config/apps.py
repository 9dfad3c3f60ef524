"""The service as a whole: guards that belong to no part of it."""

from __future__ import annotations

from django.apps import AppConfig


class ServiceConfig(AppConfig):
    """绩衡."""

    name = "config"
    verbose_name = "绩衡"

    def ready(self) -> None:
        """Registers the checks."""
        from config import guard

        guard.watch_connections()
