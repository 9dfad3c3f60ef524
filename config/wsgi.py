"""WSGI entry."""

from __future__ import annotations

import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
import_module("config.guard").refuse_unsafe_start()  # models are there only now
import_module("budgets.services.workers").work_in_this_process()
