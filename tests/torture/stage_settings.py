"""The project's settings, with the door through which one fault may be planted."""

from __future__ import annotations

import os

from config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.torture.stage_urls"
if os.environ.get("STAGE_QUICK_HASHES") == "1":
    PASSWORD_HASHERS = ["tests.torture.lockout.QuickHasher"]
