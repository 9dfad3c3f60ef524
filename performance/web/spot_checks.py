"""Spot checks: a sample drawn, a form for each drawn one, and what it came to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from budgets.errors import Invalid, NotFound, ServiceError
from budgets.web.forms import once, origin_of, status_of, told, user_of
from performance.selectors import spot_checks as selected
from performance.selectors.queue import reads_queue
from performance.services import spot_checks
from performance.values import parse_number
from performance.web.desk import chosen
from performance.web.sheets import number


@require_http_methods(["GET", "HEAD", "POST"])
@told
def spot_check_list(request: HttpRequest) -> HttpResponse:
    """Spot checks, newest first; POST draws one."""
    if not reads_queue(user_of(request)):
        raise Http404
    if request.method != "POST":
        return _list(request)
    try:
        return once(request, lambda: _draw(request))
    except NotFound:
        raise
    except Invalid as error:
        return _list(request, status=400, errors=error.fields)
    except ServiceError as error:
        return _list(request, status=status_of(error), problem=str(error))


def _list(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    user = user_of(request)
    page = selected.spot_check_list(user, request.GET.get("cursor"))
    context = {
        "section": "queue",
        "rows": page.rows,
        "next_cursor": page.next_cursor,
        "tasks": selected.tasks_to_draw_from(user),
        "typed": request.POST,
        "errors": {},
        **more,
    }
    return render(request, "performance/spot_checks.html", context, status=status)


def _draw(request: HttpRequest) -> str:
    size = request.POST.get("size", "").strip()
    if not (size.isascii() and size.isdigit() and len(size) <= 6):
        raise Invalid({"size": "请填写要抽多少个"})
    made = spot_checks.draw_spot_check(
        actor=user_of(request),
        task=chosen(request, "task", "请选择任务"),
        size=int(size),
        seed=request.POST.get("seed", "").strip(),
        origin=origin_of(request),
    )
    messages.success(request, "已抽取，请逐个填写抽查情况")
    return reverse("performance:spot-check", kwargs={"public_id": made.public_id})


@require_http_methods(["GET", "HEAD", "POST"])
@told
def spot_check(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One spot check; POST writes down what was found on one of its items.

    ``recount`` shows what the population is now: nothing is stored, sent again it is read again.
    """
    if request.method != "POST":
        return _sheet(request, public_id)
    if "recount" in request.POST:
        return _sheet(request, public_id, recount=selected.recount(user_of(request), public_id))
    try:
        return once(request, lambda: _record(request, public_id))
    except NotFound:
        raise
    except Invalid as error:
        return _sheet(request, public_id, status=400, errors=error.fields)
    except ServiceError as error:
        return _sheet(request, public_id, status=status_of(error), problem=str(error))


def _sheet(
    request: HttpRequest, public_id: UUID, *, status: int = 200, **more: Any
) -> HttpResponse:
    found = selected.spot_check_sheet(user_of(request), public_id)
    if found is None:
        raise Http404
    context = {
        "section": "queue",
        "sheet": found,
        "typed": request.POST,
        "typed_item": request.POST.get("item", ""),
        "errors": {},
        **more,
    }
    return render(request, "performance/spot_check.html", context, status=status)


def _record(request: HttpRequest, public_id: UUID) -> str:
    points = parse_number(request.POST.get("points", ""))
    if points is None:
        raise Invalid({"points": "请填写分数"})
    item = chosen(request, "item", "没有这个抽查项")
    spot_checks.record_outcome(
        actor=user_of(request),
        item=item,
        version=number(request, "version"),
        points=points,
        words=request.POST.get("words", ""),
        origin=origin_of(request),
    )
    messages.success(request, "已写下抽查情况")
    return f"{reverse('performance:spot-check', kwargs={'public_id': public_id})}#item-{item}"
