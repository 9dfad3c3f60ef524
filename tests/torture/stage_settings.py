"""The project's settings, with the doors through which one fault and one deadly job may come."""

from __future__ import annotations

import os

from config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.torture.stage_urls"
if os.environ.get("STAGE_QUICK_HASHES") == "1":
    PASSWORD_HASHERS = ["tests.torture.lockout.QuickHasher"]
JOB_KINDS = "tests.torture.stage_jobs.KINDS"
CELERY_APP = "tests.torture.stage_celery.app"
