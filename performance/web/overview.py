"""A year at a glance."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from budgets.text import page_number
from budgets.web.forms import user_of
from performance.reports.overview import Dot, dots_chart, grades_chart
from performance.selectors.overview import overview as select


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Progress by stage, the spread of grades, execution against points.

    In the address: ``year``, and ``page`` of the projects in a corner.
    """
    return render(request, "performance/overview.html", _context(request))


@require_safe
def glance(request: HttpRequest) -> HttpResponse:
    """The same for the desk, which asks for it when somebody scrolls down to it."""
    return render(request, "performance/_glance.html", _context(request))


def _context(request: HttpRequest) -> dict[str, Any]:
    year = request.GET.get("year", "")
    found = select(
        user_of(request),
        int(year) if year.isascii() and year.isdigit() else None,
        page_number(request.GET.get("page", "")),
    )
    return {
        "section": "overview",
        "page": found,
        "corners": list(zip(found.corners, _addresses(found.corners), strict=True)),
        "grades_chart": grades_chart(found.grades),
        "dots_chart": dots_chart(found.dots, _addresses(found.dots)),
    }


def _addresses(dots: Iterable[Dot]) -> list[str]:
    return [reverse("performance:project", args=[dot.project_id]) for dot in dots]
