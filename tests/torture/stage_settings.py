"""The project's settings, with the doors through which one fault and one deadly job may come."""

from __future__ import annotations

from config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.torture.stage_urls"
JOB_KINDS = "tests.torture.stage_jobs.KINDS"
CELERY_APP = "tests.torture.stage_celery.app"
