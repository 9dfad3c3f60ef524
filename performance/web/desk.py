"""The desk: what waits for whoever is signed in, until when, and what came back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from budgets.errors import Conflict, Invalid, InvalidInput
from budgets.services.notices import read_notices
from budgets.web.forms import once, origin_of, status_of, told, user_of
from performance.selectors import tasks, waiting
from performance.services import drafts
from performance.web.sheets import KIND_OF, KINDS, MARKED, address_of
from performance.workflow import Paper

_KINDS = {paper.value: kind for kind, paper in KINDS.items()}


@require_http_methods(["GET", "HEAD", "POST"])
@told
def desk(request: HttpRequest) -> HttpResponse:
    """What waits; POST marks the messages as read."""
    user = user_of(request)
    if request.method == "POST":
        if request.POST.get("act") != "read":
            raise InvalidInput("没有这个动作，请返回后重试")

        def act() -> str:
            read_notices(actor=user)
            return reverse("performance:desk")

        return once(request, act)
    rows = waiting.waiting_for(user)
    context = {
        "section": "desk",
        "rows": [{"row": row, "kind": KIND_OF[row.paper]} for row in rows],
        "late": sum(row.late for row in rows),
        "most": waiting.MOST,
        "notices": [
            {"notice": notice, "kind": _KINDS.get(notice.object_type, "")}
            for notice in waiting.unread_notices(user)
        ],
        "tasks": tasks.open_tasks(user),
        "enters": tasks.units_to_enter(user),
    }
    return render(request, "performance/desk.html", context)


# ── beginning ───────────────────────────────────────────────────────────────────────────────────


@require_http_methods(["GET", "HEAD", "POST"])
@told
def new_project(request: HttpRequest) -> HttpResponse:
    """A new project of a unit one enters for."""
    user = user_of(request)
    context: dict[str, Any] = {
        "section": "desk",
        "units": tasks.units_to_enter(user),
        "typed": request.POST,
    }
    if request.method != "POST":
        return render(request, "performance/new_project.html", context)

    def act() -> str:
        made = drafts.create_project(
            actor=user,
            unit=chosen(request, "unit", "请选择单位"),
            name=request.POST.get("name", ""),
            code=request.POST.get("code", ""),
            origin=origin_of(request),
        )
        messages.success(request, f"已建立项目“{made.name}”，请填报绩效目标表")
        return f"{reverse('performance:new-target-table')}?project={made.public_id}"

    return _begun(request, act, "new_project", context)


@require_http_methods(["GET", "HEAD", "POST"])
@told
def new_target_table(request: HttpRequest) -> HttpResponse:
    """A new target table of a project one enters for."""
    user = user_of(request)
    context: dict[str, Any] = {
        "section": "desk",
        "projects": tasks.projects_to_enter(user),
        "tasks": tasks.target_tasks(user),
        "typed": request.POST or request.GET,
    }
    if request.method != "POST":
        return render(request, "performance/new_target_table.html", context)

    def act() -> str:
        task = request.POST.get("task", "")
        made = drafts.create_target_table(
            actor=user,
            project=chosen(request, "project", "请选择项目"),
            fiscal_year=year_of(request),
            task=chosen(request, "task", "没有这个任务") if task else None,
            origin=origin_of(request),
        )
        messages.success(request, "已新建绩效目标表，请填写后提交")
        return address_of(Paper.TARGET_TABLE, made.public_id)

    return _begun(request, act, "new_target_table", context)


def _begun(request: HttpRequest, act: Any, template: str, context: dict[str, Any]) -> HttpResponse:
    """Where the beginning leads, or its form again with what was wrong."""
    try:
        return once(request, act)
    except Invalid as error:
        context |= {"errors": error.fields, "problem": MARKED}
        status = status_of(error)
    except Conflict as error:
        context["problem"] = str(error)
        status = status_of(error)
    return render(request, f"performance/{template}.html", context, status=status)


def chosen(request: HttpRequest, name: str, words: str) -> UUID:
    """A thing chosen by its id. Raises Invalid."""
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        raise Invalid({name: words}) from None


def year_of(request: HttpRequest) -> int:
    """The fiscal year. Raises Invalid."""
    text = request.POST.get("fiscal_year", "").strip()
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise Invalid({"fiscal_year": "请填写四位数的年度"})
    return int(text)
