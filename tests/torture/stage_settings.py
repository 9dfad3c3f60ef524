"""The project's settings, with the door through which one fault may be planted."""

from __future__ import annotations

from config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.torture.stage_urls"
