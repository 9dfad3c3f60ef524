"""The trail's pages for auditors: a door to the selectors, nothing else."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from budgets.access import reads_trail
from budgets.errors import Invalid, InvalidInput
from budgets.models import User
from budgets.selectors import trail
from budgets.web.forms import once, origin_of, told
from performance.selectors.waiting import verdicts_of
from performance.services.verification import request_verification
from performance.web.verbs import OBJECTS, WORDS


@require_http_methods(["GET", "HEAD", "POST"])
@told
def events(request: HttpRequest) -> HttpResponse:
    """Events, newest first, by what stands in the address; POST asks to verify the chains."""
    user = cast(User, request.user)
    if not reads_trail(user):
        raise Http404
    if request.method == "POST":
        if request.POST.get("act") != "verify":
            raise InvalidInput("没有这个动作，请返回后重试")
        return once(request, lambda: _verify(request))
    given = request.GET.dict()
    context: dict[str, Any] = {
        "section": "trail",
        "given": given,
        "errors": {},
        "verbs": WORDS,
        "object_types": OBJECTS,
        "verdicts": verdicts_of(user),
    }
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


def _verify(request: HttpRequest) -> str:
    request_verification(actor=cast(User, request.user), origin=origin_of(request))
    messages.success(request, "已登记校验，做完后结果会写在这里和工作台的消息里")
    return reverse("performance:trail")


@require_safe
def event(request: HttpRequest, pk: int) -> HttpResponse:
    """One event with its changes, before and after."""
    page = trail.event_page(cast(User, request.user), pk)
    if page is None:
        raise Http404
    return render(request, "performance/trail_event.html", {"section": "trail", "page": page})
