"""``manage.py db start|stop|status``: the PostgreSQL of this clone."""

from __future__ import annotations

import importlib
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    """Hands the word to the launcher that the settings name."""

    help = "启动、停止或查看本机的数据库"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """One of three words."""
        parser.add_argument("action", choices=["start", "stop", "status"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Exits with the launcher's code."""
        launcher = importlib.import_module(settings.DATABASE_LAUNCHER)
        sys.exit(launcher.main([options["action"]]))
