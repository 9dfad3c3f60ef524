"""The page of one paper: its content, where it stands, what was done, and the moves offered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from budgets.errors import (
    Conflict,
    Invalid,
    InvalidInput,
    NotFound,
    SeenOther,
    ServiceError,
    StaleVersion,
)
from budgets.web.forms import once, origin_of, status_of, told, user_of
from performance.selectors import desk as desks
from performance.selectors.trials import trial_of
from performance.services import drafts, moves
from performance.services.examinations import Blocked
from performance.web import checkups, concluding, earlier, evaluating, feedback, fields, reviewing
from performance.web.sheets import (
    KIND_OF,
    KINDS,
    address_of,
    asked,
    examined_part,
    number,
    page,
    refused,
)
from performance.workflow import PAPER_LABELS, VERB_LABELS, Paper


@require_http_methods(["GET", "HEAD", "POST"])
@told
def paper(request: HttpRequest, kind: str, public_id: UUID) -> HttpResponse:
    """A paper, and everything that is done with it: ``act`` says what."""
    found = KINDS[kind]
    if request.method != "POST":
        return page(request, found, public_id)
    act, _, rest = request.POST.get("act", "").partition(":")
    if act not in _ACTS:
        raise InvalidInput("没有这个动作，请返回后重试")
    return _ACTS[act](request, found, public_id, rest)


# ── writing ─────────────────────────────────────────────────────────────────────────────────────


def _save(request: HttpRequest, paper: Paper, public_id: UUID, rest: str) -> HttpResponse:
    """Saves what was typed; ``submit`` hands it on in the same breath."""
    return _keep(request, paper, public_id, rest, fields.typed_content(request.POST.dict(), paper))


def _remove_evidence(
    request: HttpRequest, paper: Paper, public_id: UUID, rest: str
) -> HttpResponse:
    """Saves what was typed and takes a file away from a line: ``rest`` names both."""
    if desks.paper_row(user_of(request), paper, public_id) is None:
        raise Http404
    if paper is not Paper.EVALUATION:
        raise InvalidInput("只有绩效自评表附佐证资料")
    content = fields.typed_content(request.POST.dict(), paper)
    return _keep(
        request,
        paper,
        public_id,
        "",
        content,
        lambda version: reviewing.evidence_removed(request, public_id, version, rest),
    )


def _merge(request: HttpRequest, paper: Paper, public_id: UUID, rest: str) -> HttpResponse:
    """Saves what was chosen between mine and theirs."""
    return _keep(request, paper, public_id, rest, fields.merged(request.POST.dict(), paper))


def _keep(
    request: HttpRequest,
    paper: Paper,
    public_id: UUID,
    rest: str,
    content: dict[str, Any],
    further: Callable[[int], str] | None = None,
) -> HttpResponse:
    """Saves a content; ``further`` does more on the version it made, and says where to go."""
    user, version = user_of(request), number(request, "version")
    who: dict[str, Any] = {"actor": user, "origin": origin_of(request)}

    def act() -> str:
        new = drafts.save(paper=paper, public_id=public_id, version=version, body=content, **who)
        if further is not None:
            return further(new)
        if rest == "submit":
            try:
                moves.move(paper=paper, public_id=public_id, verb="submit", version=new, **who)
            except Blocked as error:  # what was typed is kept, and the page says what to mend
                messages.error(request, f"已保存，没有提交。{error}")
                return f"{address_of(paper, public_id)}#checkup"
        messages.success(request, "已保存并提交" if rest == "submit" else "已保存")
        if rest == "checkup":
            return f"{address_of(paper, public_id)}#checkup"
        return _onward(request, paper, public_id)

    try:
        return once(request, act)
    except StaleVersion as error:
        return _stale(request, paper, public_id, content, version, error)
    except NotFound:
        raise
    except Invalid as error:
        return refused(request, paper, public_id, error, content=content, version=version)
    except ServiceError as error:
        found = desks.desk_of(user, paper, public_id)
        if found is not None and not found.editable:
            return _stale(request, paper, public_id, content, version, error)
        return refused(request, paper, public_id, error, content=content, version=version)


def _stale(
    request: HttpRequest,
    paper: Paper,
    public_id: UUID,
    content: Mapping[str, Any],
    base: int,
    error: ServiceError,
) -> HttpResponse:
    """Three columns: mine, theirs, before. What was typed stands in the page's fields."""
    user = user_of(request)
    found = desks.desk_of(user, paper, public_id)
    if found is None:
        raise Http404
    differences = desks.stale_differences(user, paper, public_id, base, dict(content))
    context = {
        "desk": found,
        "kind": KIND_OF[paper],
        "paper_label": PAPER_LABELS[paper],
        "section": "desk",
        "problem": str(error),
        "choices": fields.choices(differences),
        "mine": fields.flat_content(content),
    }
    return render(request, "performance/stale.html", context, status=status_of(error))


def _examine(request: HttpRequest, paper: Paper, public_id: UUID, rest: str) -> HttpResponse:
    """The check-up of what was typed; nothing is written, and the fields keep what was typed.

    ``part`` asks for the findings alone, as a page does while one types.
    """
    content = fields.typed_content(request.POST.dict(), paper)
    version = number(request, "version")
    try:
        found = checkups.examined(request, paper, public_id, content)
    except Invalid as error:
        if request.POST.get("part"):
            return HttpResponse(status=status_of(error))
        return refused(request, paper, public_id, error, content=content, version=version)
    if request.POST.get("part"):
        return examined_part(request, paper, public_id, found)
    return page(request, paper, public_id, content=content, version=version, examined=found)


def _take(request: HttpRequest, paper: Paper, public_id: UUID, rest: str) -> HttpResponse:
    """The computed points as the claim of one line or of all; nothing is written."""
    if desks.paper_row(user_of(request), paper, public_id) is None:
        raise Http404
    if paper is not Paper.EVALUATION:
        raise InvalidInput("只有绩效自评表有自评得分")
    content = fields.typed_content(request.POST.dict(), paper)
    version = number(request, "version")
    try:
        trial = trial_of(user_of(request), public_id, content)
        if trial is None:
            raise Http404
        content = evaluating.taken(content, trial, rest)
        found = checkups.examined(request, paper, public_id, content)
    except Invalid as error:
        return refused(request, paper, public_id, error, content=content, version=version)
    return page(request, paper, public_id, content=content, version=version, examined=found)


def _add(request: HttpRequest, paper: Paper, public_id: UUID, rest: str) -> HttpResponse:
    """One more blank row; nothing is written."""
    content = fields.typed_content(request.POST.dict(), paper)
    version = number(request, "version")
    return page(request, paper, public_id, content=content, version=version, blank_rows={rest: 1})


def _remove(request: HttpRequest, paper: Paper, public_id: UUID, rest: str) -> HttpResponse:
    """One row less; nothing is written. Of the indicators ``row`` says which."""
    if rest == "indicators":
        rest = f"indicators.{request.POST.get('row', '').strip()}"
    kept = {
        name: value
        for name, value in request.POST.dict().items()
        if name != rest and not name.startswith(f"{rest}.")
    }
    content = fields.typed_content(kept, paper)
    return page(request, paper, public_id, content=content, version=number(request, "version"))


def _unfold(request: HttpRequest, paper: Paper, public_id: UUID, rest: str) -> HttpResponse:
    """The second line of the indicator in ``row``, to write in; nothing is written.

    A script makes the blank ones itself, so the page does not carry them.
    """
    if desks.paper_row(user_of(request), paper, public_id) is None:
        raise Http404
    content = fields.typed_content(request.POST.dict(), paper)
    row, most = request.POST.get("row", "").strip(), len(content.get("indicators", ()))
    if not (row.isascii() and row.isdigit() and len(row) < 5 and 0 < int(row) <= most):
        raise InvalidInput("没有这一行，请写行号")
    version = number(request, "version")
    return page(request, paper, public_id, content=content, version=version, unfolded=int(row))


# ── moving ──────────────────────────────────────────────────────────────────────────────────────


def _move(request: HttpRequest, paper: Paper, public_id: UUID, rest: str) -> HttpResponse:
    user = user_of(request)
    decision = moves.Decision(
        digest=request.POST.get("digest", "")[:64],
        reason_code=request.POST.get("reason_code", "")[:40],
        reason=request.POST.get("reason", ""),
        cells=[{"at": at, "note": note} for at, note in asked(request).items()],
    )

    def act() -> str:
        moves.move(
            actor=user,
            paper=paper,
            public_id=public_id,
            verb=rest,
            decision=decision,
            origin=origin_of(request),
        )
        messages.success(request, f"已办理：{VERB_LABELS[rest]}")
        return _onward(request, paper, public_id)

    try:
        return once(request, act)
    except SeenOther as error:
        seen = desks.seen_differences(user, paper, public_id, error.seen)
        return refused(request, paper, public_id, error, seen=seen)
    except ServiceError as error:
        return refused(request, paper, public_id, error)


def _ask(request: HttpRequest, paper: Paper, public_id: UUID, rest: str) -> HttpResponse:
    """Cells put in question by row and column, to write beside them; nothing is written.

    A script puts a box into every cell itself, so the page does not carry them. Enter in a box
    presses this too, as the first button of its form: then the page comes again as it is.
    """
    found = desks.desk_of(user_of(request), paper, public_id)
    if found is None:
        raise Http404
    if not any(move.reasoned for move in found.moves):
        error = Conflict("这张表现在不能由您退回，没有标为存疑")
        return refused(request, paper, public_id, error)
    rows = found.indicators or found.content.get("indicators", ())
    typed = request.POST.get("ask_rows", ""), request.POST.get("ask_name", "")
    if not typed[0].strip() and asked(request):
        return page(request, paper, public_id)
    try:
        doubted = fields.places_in(paper, *typed, len(rows))
    except Invalid as error:
        return refused(request, paper, public_id, error)
    return page(request, paper, public_id, doubted=doubted)


def _onward(request: HttpRequest, paper: Paper, public_id: UUID) -> str:
    """The paper's page, or the desk when the paper went out of one's sight."""
    if desks.paper_row(user_of(request), paper, public_id) is None:
        return reverse("performance:desk")
    return address_of(paper, public_id)


def _adjust(request: HttpRequest, paper: Paper, public_id: UUID, rest: str) -> HttpResponse:
    """A new version of an approved table."""

    def act() -> str:
        if paper is not Paper.TARGET_TABLE:
            raise InvalidInput("只有绩效目标表可以调整")
        made = drafts.start_adjustment(
            actor=user_of(request),
            public_id=public_id,
            reason_code=request.POST.get("adjustment_code", ""),
            reason=request.POST.get("adjustment", ""),
            origin=origin_of(request),
        )
        messages.success(request, f"已生成第 {made.revision} 版，请修改后提交")
        return address_of(paper, made.public_id)

    try:
        return once(request, act)
    except Invalid as error:
        renamed = Invalid({"adjustment": error.fields.get("reason", str(error))})
        return refused(request, paper, public_id, renamed)
    except ServiceError as error:
        return refused(request, paper, public_id, error)


_ACTS: Mapping[str, Callable[[HttpRequest, Paper, UUID, str], HttpResponse]] = {
    "save": _save,
    "merge": _merge,
    "examine": _examine,
    "take": _take,
    "add": _add,
    "remove": _remove,
    "unfold": _unfold,
    "earlier": earlier.earlier,
    "copy_last": earlier.copy_last,
    "ask": _ask,
    "move": _move,
    "adjust": _adjust,
    "evidence": reviewing.evidence,
    "remove_evidence": _remove_evidence,
    "open_review": reviewing.open_review,
    "line": reviewing.line,
    "adopt": reviewing.adopt,
    "opinion": reviewing.opinion,
    "conclude": concluding.conclude,
    **feedback.ACTS,
}
