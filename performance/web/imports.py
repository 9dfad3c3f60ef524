"""导入: upload files, look at what was read with its problems in place, agree to drafts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from budgets.errors import Invalid, NotFound, ServiceError
from budgets.models.money import FundSourceChoice
from budgets.text import uuid_or_none
from budgets.web.downloads import attachment
from budgets.web.forms import once, origin_of, status_of, told, user_of
from performance.selectors import tasks, uploads
from performance.services.uploads import (
    ENDINGS,
    LARGEST,
    Choice,
    Received,
    TakenOver,
    receive_upload,
    take_over_upload,
    too_large,
)
from performance.tables import FundStage
from performance.web.sheets import KIND_OF, address_of
from performance.workflow import PAPER_LABELS, Paper

MOST_FILES = 10
_NEW = "new"


@require_http_methods(["GET", "HEAD", "POST"])
@told
def imports(request: HttpRequest) -> HttpResponse:
    """The files of one's units, and a form for more; POST keeps what is sent."""
    if request.method != "POST":
        return _list(request)
    refused: list[tuple[str, str]] = []
    try:
        return once(request, lambda: _receive(request, refused))
    except NotFound:
        raise
    except ServiceError as error:
        return _list(request, status=status_of(error), problem=str(error), refused=refused)


def _list(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    user = user_of(request)
    page = uploads.upload_list(user, request.GET.get("cursor"))
    context = {
        "section": "imports",
        "rows": page.rows,
        "next_cursor": page.next_cursor,
        "units": tasks.units_to_enter(user),
        "accept": ",".join(f".{ending}" for ending in ENDINGS),
        "most_files": MOST_FILES,
        "largest": LARGEST // 1024 // 1024,
        "typed_unit": request.POST.get("unit", ""),
        **more,
    }
    return render(request, "performance/imports.html", context, status=status)


def _receive(request: HttpRequest, refused: list[tuple[str, str]]) -> str:
    """Keeps each file for itself: a bad one is told of and holds up no other."""
    files = request.FILES.getlist("file")
    unit = uuid_or_none(request.POST.get("unit", ""))
    if unit is None:
        raise Invalid({"单位": "请选择单位"})
    if not 0 < len(files) <= MOST_FILES:
        raise Invalid({"文件": f"请选择文件，一次最多 {MOST_FILES} 个"})
    kept: list[Received] = []
    for file in files:
        try:
            with transaction.atomic():
                kept.append(_kept(request, unit, file))
        except Invalid as error:
            refused.append((file.name or "", "；".join(error.fields.values())))
    if not kept:
        raise Invalid({"文件": "一个也没有收下，原因见下"})
    for name, words in refused:
        messages.error(request, f"{name}：{words}")
    for one in kept:
        _tell(request, one)
    if len(kept) == 1 and not refused:
        return reverse("performance:import", args=[kept[0].upload.public_id])
    return reverse("performance:imports")


def _kept(request: HttpRequest, unit: UUID, file: UploadedFile[Any]) -> Received:
    if (file.size or 0) > LARGEST:
        raise too_large(file.size or 0)
    return receive_upload(
        actor=user_of(request),
        unit=unit,
        name=file.name or "",
        data=file.read(),
        origin=origin_of(request),
    )


def _tell(request: HttpRequest, one: Received) -> None:
    upload = one.upload
    if one.again:
        messages.info(request, f"“{upload.name}”以前上传过，没有再存一份")
    elif upload.refusal:
        messages.warning(request, f"“{upload.name}”已收下，但读不出表：{upload.refusal}")
    else:
        messages.success(request, f"“{upload.name}”已收下，读出 {upload.table_count} 张表")


# ── one file ────────────────────────────────────────────────────────────────────────────────────


@require_http_methods(["GET", "HEAD", "POST"])
@told
def import_(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What was read from one file; POST makes drafts of the tables that are ticked."""
    if request.method != "POST":
        return _page(request, public_id)
    try:
        return once(request, lambda: _agree(request, public_id))
    except NotFound:
        raise
    except Invalid as error:
        words = "没有接收：有的内容不能使用，请看标红处"
        return _page(request, public_id, status=400, problem=words, errors=_errors(error))
    except ServiceError as error:
        return _page(request, public_id, status=status_of(error), problem=str(error))


def _errors(error: Invalid) -> dict[int, list[str]]:
    """What was wrong, by the table's number; 0 for what concerns none of them."""
    found: dict[int, list[str]] = {}
    for at, words in error.fields.items():
        seq, _, rest = at.partition(".")
        number = int(seq) if seq.isascii() and seq.isdigit() and len(seq) < 6 else 0
        place = _places(rest)
        found.setdefault(number, []).append(f"{place}{words}" if number else words)
    return found


def _places(at: str) -> str:
    """Which row of the table a complaint is about, in words."""
    parts = at.split(".")
    if parts[0] in {"indicators", "actuals"} and len(parts) > 1:
        return f"第 {parts[1]} 行："
    return ""


def _page(
    request: HttpRequest,
    public_id: UUID,
    *,
    status: int = 200,
    problem: str = "",
    errors: dict[int, list[str]] | None = None,
) -> HttpResponse:
    found = uploads.upload_page(user_of(request), public_id)
    if found is None:
        raise Http404
    context = {
        "section": "imports",
        "page": found,
        "tables": [_shown(request, one, errors or {}) for one in found.tables],
        "problem": problem,
        "general": (errors or {}).get(0, []),
        "new": _NEW,
    }
    return render(request, "performance/import.html", context, status=status)


def _shown(
    request: HttpRequest, one: uploads.OfferedTable, errors: dict[int, list[str]]
) -> dict[str, Any]:
    """One table for the page, with what was chosen, else what is likely."""
    seq, posted = one.laid.seq, request.POST
    project = str(one.project or _NEW)
    return {
        "offered": one,
        "seq": seq,
        "kind": KIND_OF[one.taken.paper] if one.taken else "",
        "paper_label": PAPER_LABELS[one.taken.paper] if one.taken else "",
        "ticked": f"take.{seq}" in posted if request.method == "POST" else False,
        "as": posted.get(f"as.{seq}", one.reads_as[0][0].value if one.reads_as else ""),
        "project": posted.get(f"project.{seq}", project),
        "name": posted.get(f"name.{seq}", one.laid.table.project),
        "year": posted.get(f"year.{seq}", str(one.year or "")),
        "funds": [
            (FundSourceChoice(fund.source.value).label, fund)
            for fund in one.laid.table.funds
            if fund.stage is FundStage.ANNUAL
        ],
        "measured": any(row.indicator.actual is not None for row in one.laid.rows),
        "errors": errors.get(seq, []),
    }


def _agree(request: HttpRequest, public_id: UUID) -> str:
    choices: list[Choice] = []
    wrong: dict[str, str] = {}
    for name in request.POST:
        head, _, text = name.partition(".")
        if head != "take" or not (text.isascii() and text.isdigit() and len(text) < 6):
            continue
        try:
            choices.append(_choice(request, int(text)))
        except Invalid as error:
            wrong |= error.fields
    if wrong:
        raise Invalid(wrong)
    made = take_over_upload(
        actor=user_of(request),
        public_id=public_id,
        choices=choices,
        origin=origin_of(request),
    )
    for one in made:
        _tell_taken(request, one)
    if len(made) == 1:
        return address_of(made[0].paper, made[0].public_id)
    return reverse("performance:import", args=[public_id])


def _choice(request: HttpRequest, seq: int) -> Choice:
    posted = request.POST
    year, project = posted.get(f"year.{seq}", "").strip(), posted.get(f"project.{seq}", "")
    wrong: dict[str, str] = {}
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        wrong[f"{seq}.year"] = "请填写四位数的年度"
    if project != _NEW and uuid_or_none(project) is None:
        wrong[f"{seq}.project"] = "请选择项目"
    try:
        paper = Paper(posted.get(f"as.{seq}", ""))
    except ValueError:
        wrong[f"{seq}.as"] = "请选择作为哪张表接收"
    if wrong:
        raise Invalid(wrong)
    return Choice(
        seq=seq,
        paper=paper,
        fiscal_year=int(year),
        project=uuid_or_none(project),
        name=posted.get(f"name.{seq}", ""),
    )


def _tell_taken(request: HttpRequest, one: TakenOver) -> None:
    messages.success(
        request, f"已接收为草稿：“{one.project}”的{PAPER_LABELS[one.paper]}，请核对后提交"
    )
    if one.strange:
        names = "、".join(one.strange[:5]) + ("等" if len(one.strange) > 5 else "")
        messages.warning(
            request,
            f"文件里有 {len(one.strange)} 个指标在批复的目标表里找不到，没有填入：{names}",
        )


@require_safe
def import_file(request: HttpRequest, public_id: UUID) -> FileResponse:
    """The file as it came."""
    found = uploads.uploaded_file(user_of(request), public_id)
    if found is None:
        raise Http404
    return attachment(found.path, found.name)
