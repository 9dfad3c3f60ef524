"""The trail's pages for auditors: a door to the selectors, nothing else."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from budgets.access import reads_trail
from budgets.errors import Invalid
from budgets.models import User
from budgets.selectors import trail


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """Events, newest first, by what stands in the address."""
    user = cast(User, request.user)
    if not reads_trail(user):
        raise Http404
    given = request.GET.dict()
    context: dict[str, Any] = {"section": "trail", "given": given, "errors": {}}
    try:
        asked = trail.wanted(given)
    except Invalid as error:
        names = {name: trail.FILTERS.get(name, name) for name in error.fields}
        context["errors"] = {names[name]: words for name, words in error.fields.items()}
        return render(request, "performance/trail.html", context, status=400)
    rows, following = trail.event_list(user, asked)
    again = trail.asked_again(asked)
    context |= {
        "rows": rows,
        "asked": again,
        "next_page": urlencode({**again, "cursor": following}) if following else "",
    }
    return render(request, "performance/trail.html", context)


@require_safe
def event(request: HttpRequest, pk: int) -> HttpResponse:
    """One event with its changes, before and after."""
    page = trail.event_page(cast(User, request.user), pk)
    if page is None:
        raise Http404
    return render(request, "performance/trail_event.html", {"section": "trail", "page": page})
