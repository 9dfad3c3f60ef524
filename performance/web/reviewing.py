"""What is done with a self-evaluation besides its content: evidence, and the bureau's review."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from budgets.errors import Invalid, InvalidInput, ServiceError
from budgets.web.forms import once, origin_of, user_of
from performance.services import evidence as files
from performance.services import reviews
from performance.values import parse_number
from performance.web.sheets import address_of, line_of, number, refused
from performance.workflow import Paper

# ── evidence ────────────────────────────────────────────────────────────────────────────────────


def evidence(request: HttpRequest, paper: Paper, public_id: UUID, rest: str) -> HttpResponse:
    """A file for one line."""
    file = request.FILES.get("file")

    def act() -> str:
        if paper is not Paper.EVALUATION:
            raise InvalidInput("只有绩效自评表附佐证资料")
        if file is None:
            raise Invalid({"file": "请选择文件"})
        files.add_evidence(
            actor=user_of(request),
            public_id=public_id,
            version=number(request, "version"),
            seq=number(request, "seq"),
            name=file.name or "",
            data=file.read(files.LARGEST + 1),
            note=request.POST.get("note", ""),
            origin=origin_of(request),
        )
        messages.success(request, "佐证已上传")
        return f"{address_of(paper, public_id)}#evidence"

    try:
        return once(request, act)
    except ServiceError as error:
        return refused(request, paper, public_id, error)


def evidence_removed(request: HttpRequest, public_id: UUID, version: int, which: str) -> str:
    """Takes a file away from a line, both named in ``which``; where to go then."""
    line, _, sha256 = which.partition(":")
    files.remove_evidence(
        actor=user_of(request),
        public_id=public_id,
        version=version,
        seq=seq_of(line),
        sha256=sha256,
        origin=origin_of(request),
    )
    messages.success(request, "佐证已撤下")
    return f"{address_of(Paper.EVALUATION, public_id)}#evidence"


# ── review ──────────────────────────────────────────────────────────────────────────────────────


def act_on_review(
    request: HttpRequest,
    paper: Paper,
    public_id: UUID,
    act: Callable[[dict[str, Any]], object],
    words: str,
    at: str = "",
) -> HttpResponse:
    """One verb of a review; what was typed stays in its field when it is refused."""
    who = {"actor": user_of(request), "public_id": public_id, "origin": origin_of(request)}

    def made() -> str:
        if paper is not Paper.EVALUATION:
            raise InvalidInput("只有绩效自评表有复核")
        act(who)
        messages.success(request, words)
        return f"{address_of(paper, public_id)}#review"

    try:
        return once(request, made)
    except Invalid as error:
        found = {f"review.{at}{name}": text for name, text in error.fields.items()}
        return refused(request, paper, public_id, Invalid(found))
    except ServiceError as error:
        return refused(request, paper, public_id, error)


def open_review(request: HttpRequest, paper: Paper, public_id: UUID, rest: str) -> HttpResponse:
    def act(who: dict[str, Any]) -> object:
        return reviews.open_review(digest=request.POST.get("digest", "")[:64], **who)

    return act_on_review(request, paper, public_id, act, "已开始复核")


def line(request: HttpRequest, paper: Paper, public_id: UUID, rest: str) -> HttpResponse:
    """The reviewed points of one line, with the reason."""
    rest = line_of(request, rest)

    def act(who: dict[str, Any]) -> object:
        written = request.POST.get("points", "").strip()
        points = parse_number(written)
        if points is None and written:
            raise Invalid({"points": "请填写分数"})
        try:
            return reviews.adjust(
                version=number(request, "version"),
                seq=seq_of(rest),
                points=points,
                reason_code=request.POST.get("reason_code", ""),
                reason=request.POST.get("reason", ""),
                **who,
            )
        except Invalid as error:
            if error.fields.get("reason", "").startswith("请选择原因"):
                raise Invalid({**error.fields, "reason": "请选择原因并写明理由"}) from None
            raise

    return act_on_review(request, paper, public_id, act, "已写下复核得分", f"{rest}.")


def adopt(request: HttpRequest, paper: Paper, public_id: UUID, rest: str) -> HttpResponse:
    """Back to the points by the rule, on one line or on all."""

    def act(who: dict[str, Any]) -> object:
        seq = None if rest == "all" else seq_of(rest)
        return reviews.adopt(version=number(request, "version"), seq=seq, **who)

    return act_on_review(request, paper, public_id, act, "已采用按规则得分")


def seq_of(text: str) -> int:
    """The number of a line. Raises Invalid."""
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise Invalid({"seq": "没有这一行"})
    return int(text)


def opinion(request: HttpRequest, paper: Paper, public_id: UUID, rest: str) -> HttpResponse:
    def act(who: dict[str, Any]) -> object:
        return reviews.say_opinion(
            version=number(request, "version"), opinion=request.POST.get("opinion", ""), **who
        )

    return act_on_review(request, paper, public_id, act, "已写下复核意见")
