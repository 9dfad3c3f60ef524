"""Projects as pages: the list, its filters in the address, and the life of one."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from budgets.text import uuid_or_none
from budgets.web.forms import origin_of, told, user_of
from performance.selectors import projects as selected
from performance.services.exports import export_projects
from performance.web.sheets import KIND_OF

_LONGEST = 100


@require_http_methods(["GET", "HEAD", "POST"])
@told
def projects(request: HttpRequest) -> HttpResponse:
    """The list; ``q``, ``department``, ``year`` and ``column`` stay in the address.

    POST with the same words gives the list as a file.
    """
    user = user_of(request)
    asked = request.POST if request.method == "POST" else request.GET
    filters = selected.ProjectFilters(
        name=asked.get("q", "").replace("\0", "")[:_LONGEST].strip(),
        department=uuid_or_none(asked.get("department", "")),
        year=_year(asked.get("year", "")),
    )
    columns = selected.COLUMNS
    chosen = [name for name in columns if name in asked.getlist("column")]
    chosen = chosen or list(selected.AT_FIRST)
    if request.method == "POST":
        return _export(request, filters, chosen)
    page = selected.filtered_projects(user, filters, asked.get("cursor"))
    context = {
        "section": "projects",
        "rows": page.rows,
        "next_cursor": page.next_cursor,
        "filters": filters,
        "departments": selected.departments_of_projects(user),
        "columns": {name: words for name, (words, _) in columns.items()},
        "chosen": chosen,
        "kept": _kept(filters, chosen),
        "formats": (("xlsx", "Excel"), ("csv", "CSV")),
    }
    return render(request, "performance/projects.html", context)


def _export(
    request: HttpRequest, filters: selected.ProjectFilters, chosen: list[str]
) -> HttpResponse:
    name, data = export_projects(
        actor=user_of(request),
        filters=filters,
        columns=chosen,
        format=request.POST.get("format", ""),
        origin=origin_of(request),
    )
    response = HttpResponse(data, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def project(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One project's life."""
    life = selected.project_life(user_of(request), public_id)
    if life is None:
        raise Http404
    context = {
        "section": "projects",
        "life": life,
        "trail_ids": [
            life.project.public_id,
            *(
                one.public_id
                for year in life.years
                for one in (*year.targets, *year.monitorings, *year.evaluations)
            ),
        ],
        "years": [
            (
                year,
                [
                    (label, [(KIND_OF[one.paper], one) for one in papers])
                    for label, papers in (
                        ("绩效目标与调整", year.targets),
                        ("运行监控", year.monitorings),
                        ("自评、复核与公开", year.evaluations),
                    )
                ],
            )
            for year in life.years
        ],
    }
    return render(request, "performance/project.html", context)


def _kept(filters: selected.ProjectFilters, chosen: list[str]) -> str:
    """The address's own words, for the link to the next page."""
    words: list[tuple[str, Any]] = [("column", name) for name in chosen]
    for name, value in (
        ("q", filters.name),
        ("department", filters.department),
        ("year", filters.year),
    ):
        if value:
            words.append((name, value))
    return urlencode(words)


def _year(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else None
