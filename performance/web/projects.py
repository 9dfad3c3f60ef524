"""Projects as pages: the list, its filters in the address, and the life of one."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from budgets.text import uuid_or_none
from budgets.web.forms import user_of
from performance.selectors import projects as selected
from performance.web.sheets import KIND_OF

COLUMNS = {
    "code": "项目代码",
    "department": "主管部门",
    "target": "绩效目标表",
    "evaluation": "绩效自评表",
    "rate": "执行率",
    "claimed": "自评得分",
    "computed": "按规则得分",
}
"""Columns that may be left out; project and unit always stand."""
_AT_FIRST = ("department", "target", "evaluation", "rate", "claimed", "computed")
_LONGEST = 100


@require_safe
def projects(request: HttpRequest) -> HttpResponse:
    """The list; ``q``, ``department``, ``year`` and ``column`` stay in the address."""
    user, asked = user_of(request), request.GET
    filters = selected.ProjectFilters(
        name=asked.get("q", "").replace("\0", "")[:_LONGEST].strip(),
        department=uuid_or_none(asked.get("department", "")),
        year=_year(asked.get("year", "")),
    )
    page = selected.filtered_projects(user, filters, asked.get("cursor"))
    chosen = [name for name in COLUMNS if name in asked.getlist("column")] or list(_AT_FIRST)
    context = {
        "section": "projects",
        "rows": page.rows,
        "next_cursor": page.next_cursor,
        "filters": filters,
        "departments": selected.departments_of_projects(user),
        "columns": COLUMNS,
        "chosen": chosen,
        "kept": _kept(filters, chosen),
    }
    return render(request, "performance/projects.html", context)


@require_safe
def project(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One project's life."""
    life = selected.project_life(user_of(request), public_id)
    if life is None:
        raise Http404
    context = {
        "section": "projects",
        "life": life,
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
