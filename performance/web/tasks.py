"""Tasks: who is asked for what until when, how far they are, and where one begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from budgets.errors import Invalid, InvalidInput, NotFound, ServiceError
from budgets.text import page_number, sought_words, uuid_or_none
from budgets.web.forms import once, origin_of, status_of, told, user_of
from performance.rulebook import all_rulesets
from performance.selectors import tasks as selected
from performance.selectors import units
from performance.services import drafts, tasks
from performance.web.desk import chosen, year_of
from performance.web.sheets import KINDS, MARKED, address_of, number
from performance.workflow import PAPER_LABELS, Paper

_LOOK = "look"
"""The buttons that only show another part of the tree."""
_KIND_OF = {paper.value: kind for kind, paper in KINDS.items()}


@require_safe
@told
def task_list(request: HttpRequest) -> HttpResponse:
    """Tasks with their progress, newest first."""
    user = user_of(request)
    page = selected.task_list(user, request.GET.get("cursor"))
    context = {
        "section": "tasks",
        "rows": page.rows,
        "next_cursor": page.next_cursor,
        "issues": units.may_ask(user),
    }
    return render(request, "performance/tasks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@told
def task(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One task: its units and one's own projects; POST begins a paper, reminds, moves the deadline
    or ends the task."""
    if request.method != "POST":
        return _task_page(request, public_id)
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise InvalidInput("没有这个动作，请返回后重试")
    try:
        return once(request, lambda: act(request, public_id))
    except NotFound:
        raise
    except ServiceError as error:
        problem, errors = str(error), {}
        if isinstance(error, Invalid) and act is _move_deadline:
            problem, errors = MARKED, error.fields
        return _task_page(
            request, public_id, status=status_of(error), problem=problem, errors=errors
        )


def _task_page(
    request: HttpRequest,
    public_id: UUID,
    *,
    status: int = 200,
    problem: str = "",
    errors: Mapping[str, str] = MappingProxyType({}),
) -> HttpResponse:
    standing = request.GET.get("standing", "")
    shown = selected.Shown(
        standing=standing if standing in selected.STANDINGS else "",
        words=sought_words(request.GET.get("words", "")),
        page=page_number(request.GET.get("page", "")),
    )
    sheet = selected.task_sheet(user_of(request), public_id, shown)
    if sheet is None:
        raise Http404
    context = {
        "section": "tasks",
        "sheet": sheet,
        "shown": shown,
        "owing": any(unit.submitted_at is None for unit in sheet.units),
        "typed": request.POST,
        "kind": _KIND_OF[sheet.task.paper],
        "problem": problem,
        "errors": errors,
    }
    return render(request, "performance/task.html", context, status=status)


def _remind(request: HttpRequest, public_id: UUID) -> str:
    everyone = request.POST.get("act") == "remind_all"
    chosen = [found for text in request.POST.getlist("unit") if (found := uuid_or_none(text))]
    count = tasks.remind_units(
        actor=user_of(request),
        public_id=public_id,
        units=None if everyone else chosen,
        words=request.POST.get("words", ""),
        origin=origin_of(request),
    )
    messages.success(request, f"已提醒 {count} 个单位的经办")
    return reverse("performance:task", kwargs={"public_id": public_id})


def _move_deadline(request: HttpRequest, public_id: UUID) -> str:
    tasks.move_deadline(
        actor=user_of(request),
        public_id=public_id,
        version=number(request, "version"),
        deadline=_deadline(request),
        reason=request.POST.get("reason", ""),
        origin=origin_of(request),
    )
    messages.success(request, "截止时间已改，各单位的经办会收到消息")
    return reverse("performance:task", kwargs={"public_id": public_id})


def _close(request: HttpRequest, public_id: UUID) -> str:
    tasks.close_task(
        actor=user_of(request),
        public_id=public_id,
        version=number(request, "version"),
        origin=origin_of(request),
    )
    messages.success(request, "任务已结束，不再新开表")
    return reverse("performance:task", kwargs={"public_id": public_id})


def _start(request: HttpRequest, public_id: UUID) -> str:
    """The paper a task asks for, of one project."""
    user = user_of(request)
    sheet = selected.task_sheet(user, public_id)
    if sheet is None:
        raise NotFound("没有这个任务，或者不在您的可见范围内")
    asked: dict[str, Any] = {
        "actor": user,
        "project": chosen(request, "project", "请选择项目"),
        "task": public_id,
        "origin": origin_of(request),
    }
    paper = Paper(sheet.task.paper)
    made: Any
    if paper is Paper.EVALUATION:
        made = drafts.start_evaluation(**asked)
    elif paper is Paper.MONITORING:
        made = drafts.start_monitoring(**asked)
    else:
        made = drafts.create_target_table(fiscal_year=sheet.task.fiscal_year, **asked)
    messages.success(request, f"已新建{PAPER_LABELS[paper]}，请填写后提交")
    return address_of(paper, made.public_id)


_ACTS: Mapping[str, Callable[[HttpRequest, UUID], str]] = MappingProxyType(
    {
        "close": _close,
        "deadline": _move_deadline,
        "start": _start,
        "remind": _remind,
        "remind_all": _remind,
    }
)


# ── issuing ─────────────────────────────────────────────────────────────────────────────────────


@require_http_methods(["GET", "HEAD", "POST"])
@told
def new_task(request: HttpRequest) -> HttpResponse:
    """A task for units chosen from the tree; a look around in the tree issues nothing."""
    if request.method != "POST" or _LOOK in request.POST:
        return _new_page(request)
    try:
        return once(request, _issuing(request))
    except NotFound:
        raise
    except Invalid as error:
        fields = dict(error.fields)
        return _new_page(
            request,
            status=400,
            errors=fields,
            problem=MARKED,
        )
    except ServiceError as error:
        return _new_page(request, status=status_of(error), problem=str(error))


def _new_page(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "section": "tasks",
        "tree": units.unit_tree(user_of(request), _picked(request)),
        "papers": PAPER_LABELS,
        "months": range(1, 13),
        "rulesets": all_rulesets().values(),
        "typed": request.POST,
        **more,
    }
    return render(request, "performance/new_task.html", context, status=status)


def _issuing(request: HttpRequest) -> Callable[[], str]:
    def act() -> str:
        errors: dict[str, str] = {}
        given: dict[str, Any] = {}
        for name, reading in (
            ("paper", lambda: _paper(request)),
            ("fiscal_year", lambda: year_of(request)),
            ("month", lambda: _month(request)),
            ("deadline", lambda: _deadline(request)),
            ("units", lambda: _units(request)),
        ):
            try:
                given[name] = reading()
            except Invalid as error:
                errors |= error.fields
        if errors:
            raise Invalid(errors)
        made = tasks.issue_task(
            actor=user_of(request),
            title=request.POST.get("title", ""),
            form=request.POST.get("form", ""),
            ruleset=request.POST.get("ruleset", ""),
            origin=origin_of(request),
            **given,
        )
        messages.success(request, f"任务已下达给 {len(given['units'])} 个单位")
        return reverse("performance:task", kwargs={"public_id": made.public_id})

    return act


def _paper(request: HttpRequest) -> Paper:
    try:
        return Paper(request.POST.get("paper", ""))
    except ValueError:
        raise Invalid({"paper": "请选择要哪张表"}) from None


def _month(request: HttpRequest) -> int | None:
    """The month up to which a monitoring table tells; other papers have none."""
    text = request.POST.get("month", "")
    if request.POST.get("paper") != Paper.MONITORING.value or not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 2):
        raise Invalid({"month": "月份应在 1 到 12 之间"})
    return int(text)


def _deadline(request: HttpRequest) -> datetime:
    text = request.POST.get("deadline", "").strip()
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid({"deadline": "请填写截止时间，例如 2026-03-31 18:00"}) from None
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def _units(request: HttpRequest) -> list[UUID]:
    """The chosen units, and all units of the chosen departments."""
    if any(uuid_or_none(text) is None for text in request.POST.getlist("unit")):
        raise Invalid({"units": "有的单位不存在"})
    found = units.asked_units(user_of(request), _picked(request))
    if not found:
        raise Invalid({"units": "请至少选择一个单位"})
    return found


def _picked(request: HttpRequest) -> units.Picked:
    """What the form has chosen, and where its reader wants to look."""
    verb, _, value = request.POST.get(_LOOK, "").partition(":")
    page = value if verb == "page" else request.POST.get("page", "")
    opened = _ids(request, "opened")
    if verb == "open" and (one := uuid_or_none(value)) is not None:
        opened |= {one}
    return units.Picked(
        everyone="everyone" in request.POST,
        departments=_ids(request, "department"),
        units=_ids(request, "unit"),
        opened=opened,
        words=sought_words(request.POST.get("words", "")),
        page=1 if verb == "find" else page_number(page),
    )


def _ids(request: HttpRequest, name: str) -> frozenset[UUID]:
    given = (uuid_or_none(text) for text in request.POST.getlist(name))
    return frozenset(one for one in given if one is not None)
