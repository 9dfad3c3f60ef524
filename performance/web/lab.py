"""The rule lab's page: a form that only reads, a door to the selector, nothing else."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from budgets.errors import Invalid
from budgets.web.forms import told, user_of
from performance.selectors import lab

_ASKED = ("base", "against")
_LIST = "list"
"""The button that only lists the units of the chosen department."""
_SHOWN = 100
"""Papers of each comparison on the page, what changed most first; the interface gives them all."""


@require_safe
@told
def rule_lab(request: HttpRequest) -> HttpResponse:
    """The form; with a wish in the address also what comes of it."""
    user = user_of(request)
    given = {name: request.GET.getlist(name) for name in request.GET}
    choices = lab.choices_of(user, given)
    typed = {key: request.GET.get(f"set.{key}", "") for key, _ in choices.settings}
    given["set"] = [f"{key}={text}" for key, text in typed.items() if text.strip()]
    context: dict[str, Any] = {
        "section": "lab",
        "most": _SHOWN,
        "choices": choices,
        "given": request.GET.dict(),
        "against": set(given.get("against", ())),
        "settings": [(key, words, typed[key]) for key, words in choices.settings],
        "changed": bool(given["set"]),
        "errors": {},
    }
    status = 200
    if _LIST not in request.GET and any(name in request.GET for name in _ASKED):
        try:
            found = lab.tried(user, lab.wish_of(given))
            context["report"] = found.report
            context["compared"] = [
                {
                    "one": one,
                    "rows": [(row, found.papers[row.index]) for row in one.by_change[:_SHOWN]],
                }
                for one in found.report.contenders
            ]
        except Invalid as error:
            context["errors"], status = error.fields, 400
    return render(request, "performance/rule_lab.html", context, status=status)
