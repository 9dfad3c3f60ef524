"""The table of the year before, beside the one that is typed: held against it, and copied from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from budgets.errors import InvalidInput
from budgets.web.forms import user_of
from performance.selectors import desk as desks
from performance.selectors.earlier import Earlier, earlier_of
from performance.web import fields
from performance.web.editor import as_json
from performance.web.sheets import number, page
from performance.workflow import Paper


def earlier(request: HttpRequest, paper: Paper, public_id: UUID, rest: str) -> HttpResponse:
    """The table of the year before beside what was typed; ``part`` asks for it alone.

    Nothing is written.
    """
    content, found = _typed(request, paper, public_id)
    if request.POST.get("part"):
        context = {"earlier": found, "earlier_rows": _rows(found)}
        return render(request, "performance/_earlier.html", context)
    return _shown(request, paper, public_id, content, found)


def copy_last(request: HttpRequest, paper: Paper, public_id: UUID, rest: str) -> HttpResponse:
    """One indicator of the year before, or all of them, behind those that were typed.

    Nothing is written. Raises InvalidInput for a row that is not there.
    """
    content, found = _typed(request, paper, public_id)
    rows = [dict(row.copied) for row in found.rows if row.number and rest in {"", str(row.number)}]
    if not rows:
        raise InvalidInput("上年的表里没有这一行，请刷新后重试")
    content["indicators"] = [*content["indicators"], *rows]
    return _shown(request, paper, public_id, content, None)


def _typed(request: HttpRequest, paper: Paper, public_id: UUID) -> tuple[dict[str, Any], Earlier]:
    user = user_of(request)
    desk = desks.desk_of(user, paper, public_id)
    if desk is None:
        raise Http404
    if paper is not Paper.TARGET_TABLE or not desk.editable:
        raise InvalidInput("只有正在填写的绩效目标表可以与上年对照")
    content = fields.typed_content(request.POST.dict(), paper)
    found = earlier_of(user, desk.project_id, desk.fiscal_year, content)
    if found is None:
        raise InvalidInput("这个项目上年没有您可以看到的绩效目标表")
    return content, found


def _shown(
    request: HttpRequest,
    paper: Paper,
    public_id: UUID,
    content: Mapping[str, Any],
    found: Earlier | None,
) -> HttpResponse:
    beside: dict[str, Any] = (
        {"earlier": found, "earlier_rows": _rows(found)} if found is not None else {}
    )
    return page(
        request, paper, public_id, content=content, version=number(request, "version"), **beside
    )


def _rows(found: Earlier) -> list[dict[str, Any]]:
    """The rows with what a script copies from them."""
    return [{"row": row, "copied": as_json(dict(row.copied))} for row in found.rows]
