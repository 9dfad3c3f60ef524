"""A year at a glance."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from budgets.web.forms import user_of
from performance.reports.overview import dots_chart, grades_chart
from performance.selectors.overview import MOST
from performance.selectors.overview import overview as select


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Progress by stage, the spread of grades, execution against points; ``year`` in the address."""
    year = request.GET.get("year", "")
    found = select(user_of(request), int(year) if year.isascii() and year.isdigit() else None)
    addresses = [reverse("performance:evaluation", args=[dot.public_id]) for dot in found.dots]
    context = {
        "section": "overview",
        "page": found,
        "most": MOST,
        "corners": [(dot, at) for dot, at in zip(found.dots, addresses, strict=True) if dot.corner],
        "grades_chart": grades_chart(found.grades),
        "dots_chart": dots_chart(found.dots, addresses),
    }
    return render(request, "performance/overview.html", context)
