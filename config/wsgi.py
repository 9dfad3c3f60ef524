"""WSGI entry."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from budgets.services.workers import work_in_this_process  # noqa: E402 - models need the application

work_in_this_process()
