"""The indicator library's page: a door to the selector, nothing else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from budgets.web.forms import user_of
from performance.selectors.library import library_page


@require_safe
def indicator_library(request: HttpRequest) -> HttpResponse:
    """Entries by text, level 2 and field; one indicator side by side."""
    asked = request.GET.dict()
    page = library_page(user_of(request), asked)
    context = {"section": "library", "page": page, "asked": asked}
    return render(request, "performance/indicator_library.html", context)
