"""Background work on pages: one's own exports, and for system administrators what was set aside."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from budgets.selectors.jobs import dead_jobs, figures, is_system_admin
from budgets.services import queue
from budgets.web.forms import once, origin_of, told, user_of
from performance.selectors.exports import LISTS, exports_of
from performance.services.background import label_of
from performance.services.exports import FORMATS, request_export
from performance.workflow import STATE_LABELS


@require_http_methods(["GET", "HEAD", "POST"])
@told
def exports(request: HttpRequest) -> HttpResponse:
    """An account's own exports, and a form for another."""
    if request.method == "POST":
        return once(request, lambda: _promise(request))
    page = exports_of(user_of(request), request.GET.get("cursor"))
    context = {
        "section": "exports",
        "rows": page.rows,
        "next_cursor": page.next_cursor,
        "lists": [(name, one.label) for name, one in LISTS.items()],
        "formats": FORMATS,
        "states": [(state.value, label) for state, label in STATE_LABELS.items()],
        "administers": is_system_admin(user_of(request)),
    }
    return render(request, "performance/exports.html", context)


def _promise(request: HttpRequest) -> str:
    year = request.POST.get("fiscal_year", "").strip()
    request_export(
        actor=user_of(request),
        list_name=request.POST.get("list", ""),
        format=request.POST.get("format", ""),
        filters={
            "fiscal_year": int(year)
            if year.isascii() and year.isdigit() and len(year) < 5
            else year,
            "status": request.POST.get("status", ""),
        },
        origin=origin_of(request),
    )
    return reverse("performance:exports")


@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """What was set aside, with the figures of the whole queue."""
    if not is_system_admin(user_of(request)):
        raise Http404
    rows = [(job, label_of(job.kind)) for job in dead_jobs()]
    context = {"section": "jobs", "rows": rows, "figures": figures()}
    return render(request, "performance/jobs.html", context)


@require_POST
@told
def retry_job(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Puts a job back."""

    def act() -> str:
        queue.retry(actor=user_of(request), public_id=public_id, origin=origin_of(request))
        return reverse("performance:jobs")

    return once(request, act)


@require_POST
@told
def drop_job(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Lets a job go."""

    def act() -> str:
        queue.drop(actor=user_of(request), public_id=public_id, origin=origin_of(request))
        return reverse("performance:jobs")

    return once(request, act)
