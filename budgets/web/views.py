"""Health and readiness: both answer when the database does not, so no transaction is begun."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from budgets.selectors.health import is_ready


@transaction.non_atomic_requests
@login_not_required
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Whether the process answers."""
    return JsonResponse({"status": "ok"})


@transaction.non_atomic_requests
@login_not_required
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether the database answers and all migrations are applied."""
    ready = is_ready()
    return JsonResponse({"status": "ok" if ready else "unavailable"}, status=200 if ready else 503)
