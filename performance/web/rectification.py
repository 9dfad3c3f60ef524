"""The ledger of what has to be mended, and the deviations of a task, as pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from budgets.errors import Invalid, InvalidInput, NotFound, ServiceError
from budgets.text import uuid_or_none
from budgets.web.forms import once, origin_of, status_of, told, user_of
from performance.selectors import rectification as selected
from performance.selectors.deviations import deviations
from performance.services import rectification
from performance.web.sheets import number

STATES = {
    "pending": "未销号",
    "open": "待整改",
    "answered": "已答复，待销号",
    "returned": "退回，继续整改",
    "closed": "已销号",
}


def filters_of(given: Mapping[str, str]) -> dict[str, Any]:
    """What a list of the ledger is narrowed to; what is not known narrows nothing."""
    state = given.get("state", "")
    return {
        "state": state if state in STATES else "",
        "department": uuid_or_none(given.get("department", "")),
        "overdue": given.get("overdue") in {"1", "true"},
    }


@require_safe
@told
def ledger(request: HttpRequest) -> HttpResponse:
    """Matters in reach, narrowed by state, department and whether the deadline has passed."""
    user, narrowed = user_of(request), filters_of(request.GET)
    page = selected.item_list(user, request.GET.get("cursor"), **narrowed)
    kept = {
        name: request.GET[name]
        for name in ("state", "department", "overdue")
        if name in request.GET
    }
    context = {
        "section": "rectifications",
        "rows": page.rows,
        "next_cursor": page.next_cursor,
        "states": STATES,
        "departments": selected.departments_of_items(user),
        "narrowed": narrowed,
        "query": urlencode(kept),
    }
    return render(request, "performance/rectifications.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@told
def item(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One matter; POST answers it, strikes it off or hands it back."""
    if request.method != "POST":
        return _page(request, public_id)
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise InvalidInput("没有这个动作，请返回后重试")

    def made() -> str:
        messages.success(request, act(request, public_id))
        return reverse("performance:rectification", kwargs={"public_id": public_id})

    try:
        return once(request, made)
    except NotFound:
        raise
    except ServiceError as error:
        fields = error.fields if isinstance(error, Invalid) else {}
        return _page(request, public_id, status=status_of(error), problem=str(error), errors=fields)


def _page(
    request: HttpRequest,
    public_id: UUID,
    *,
    status: int = 200,
    problem: str = "",
    errors: Mapping[str, str] | None = None,
) -> HttpResponse:
    found = selected.item_of(user_of(request), public_id)
    if found is None:
        raise Http404
    context = {
        "section": "rectifications",
        "item": found,
        "problem": problem,
        "errors": errors or {},
        "typed": request.POST,
    }
    return render(request, "performance/rectification.html", context, status=status)


def _answer(request: HttpRequest, public_id: UUID) -> str:
    rectification.answer_item(
        actor=user_of(request),
        public_id=public_id,
        version=number(request, "version"),
        answer=request.POST.get("answer", ""),
        origin=origin_of(request),
    )
    return "已答复"


def _close(request: HttpRequest, public_id: UUID) -> str:
    rectification.close_item(
        actor=user_of(request),
        public_id=public_id,
        version=number(request, "version"),
        words=request.POST.get("words", ""),
        origin=origin_of(request),
    )
    return "已销号"


def _return(request: HttpRequest, public_id: UUID) -> str:
    rectification.return_item(
        actor=user_of(request),
        public_id=public_id,
        version=number(request, "version"),
        words=request.POST.get("words", ""),
        origin=origin_of(request),
    )
    return "已退回"


_ACTS: Mapping[str, Callable[[HttpRequest, UUID], str]] = {
    "answer": _answer,
    "close": _close,
    "return": _return,
}


@require_safe
@told
def task_deviations(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """How far the claims of a task were from its confirmed reviews."""
    asked = request.GET.get("department", "")
    found = deviations(user_of(request), public_id, uuid_or_none(asked))
    if found is None:
        raise Http404
    return render(request, "performance/deviations.html", {"section": "tasks", "found": found})
