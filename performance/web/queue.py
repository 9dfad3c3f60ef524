"""The bureau's queue: what waits, the riskiest first, and decisions on several at once."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from budgets.errors import Invalid, InvalidInput, ServiceError
from budgets.web.forms import KEY, once, origin_of, status_of, told, user_of
from performance.selectors import queue as selected
from performance.selectors.risks import WEIGHED
from performance.services import decisions
from performance.web.sheets import KIND_OF, address_of
from performance.workflow import PAPER_LABELS, RETURN_REASONS, Paper

_TOLD = "told"
"""In the address: which form's outcomes are shown above the list."""


@require_http_methods(["GET", "HEAD", "POST"])
@told
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, by what stands in the address; POST decides on the rows chosen."""
    user = user_of(request)
    if not selected.reads_queue(user):
        raise Http404
    given = {name: value for name, value in request.GET.dict().items() if name != _TOLD}
    try:
        asked = selected.wanted(given)
    except Invalid as error:
        named = {selected.FILTERS.get(name, name): words for name, words in error.fields.items()}
        return _page(request, selected.Wanted(), status=400, filter_errors=named)
    if request.method != "POST":
        return _page(request, asked)
    try:
        return once(request, lambda: _decide(request, asked))
    except Invalid as error:
        return _page(
            request,
            asked,
            status=400,
            errors=error.fields,
            problem=error.fields.get("rows", "请写明退回的原因和理由"),
        )
    except InvalidInput:
        raise
    except ServiceError as error:
        return _page(request, asked, status=status_of(error), problem=str(error))


def _decide(request: HttpRequest, asked: selected.Wanted) -> str:
    found = decisions.decide(
        actor=user_of(request),
        verb=request.POST.get("verb", ""),
        chosen=[_chosen(request, text) for text in request.POST.getlist("row")],
        reason_code=request.POST.get("reason_code", ""),
        reason=request.POST.get("reason", ""),
        origin=origin_of(request),
    )
    key = request.POST[KEY]
    # Kept until the next decisions: the list of outcomes outlives the redirect and a reload.
    request.session["queue_outcomes"] = {
        "key": key,
        "verb": decisions.VERBS[request.POST["verb"]],
        "rows": [
            {
                "project": one.project,
                "paper": PAPER_LABELS[one.paper],
                "address": address_of(one.paper, one.public_id),
                "outcome": one.outcome,
                "label": one.label,
                "words": one.words,
            }
            for one in found
        ],
    }
    return f"{reverse('performance:queue')}?{urlencode({**selected.again(asked), _TOLD: key})}"


def _chosen(request: HttpRequest, text: str) -> decisions.Chosen:
    """A row as its checkbox names it: the kind of paper, its id, the digest seen."""
    kind, _, rest = text.partition(":")
    identity, _, digest = rest.partition(":")
    try:
        paper, public_id = Paper(kind), UUID(identity)
    except ValueError:
        raise InvalidInput("页面上没有这一行，请刷新后重试") from None
    return decisions.Chosen(
        paper=paper,
        public_id=public_id,
        digest=digest[:64],
        cells=[{"at": at, "note": ""} for at in request.POST.getlist(f"cell.{public_id}")],
    )


def _page(
    request: HttpRequest,
    asked: selected.Wanted,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    user = user_of(request)
    page = selected.queue_of(user, asked)
    again = selected.again(asked)
    kept = request.session.get("queue_outcomes")
    outcomes = kept if kept and kept["key"] == request.GET.get(_TOLD) else None
    context = {
        "section": "queue",
        "rows": [{"row": row, "kind": KIND_OF[row.paper]} for row in page.rows],
        "asked": asked,
        "given": again,
        "address": urlencode(again),
        "next_page": urlencode({**again, "cursor": page.next_cursor}) if page.next_cursor else "",
        "choices": selected.choices(user),
        "states": selected.STATES,
        "papers": {kind: PAPER_LABELS[Paper(kind)] for kind in WEIGHED},
        "severities": selected.SEVERITIES,
        "decides": asked.state == selected.WAITING.value and selected.decides_queue(user),
        "outcomes": outcomes,
        "done": sum(one["outcome"] == "done" for one in outcomes["rows"]) if outcomes else 0,
        "verbs": decisions.VERBS,
        "return_reasons": RETURN_REASONS,
        "typed": request.POST,
        "typed_rows": set(request.POST.getlist("row")),
        "errors": {},
        **more,
    }
    return render(request, "performance/queue.html", context, status=status)
