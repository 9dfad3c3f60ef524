"""The unit's word on a reviewed sheet, the decisions on it, and what has to be mended: forms on a paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from budgets.errors import Invalid
from performance.services import evidence, feedback, rectification
from performance.values import parse_number
from performance.web.reviewing import act_on_review, seq_of
from performance.web.sheets import line_of, number
from performance.workflow import Paper


def day_of(text: str, name: str) -> date:
    """A day from a form's field. Raises Invalid naming the field."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid({name: "请填写日期，如 2025-06-30"}) from None


def _send(request: HttpRequest, paper: Paper, public_id: UUID, rest: str) -> HttpResponse:
    """Sends the sheet; the unit has until the end of the named day."""

    def act(who: dict[str, Any]) -> object:
        day = day_of(request.POST.get("deadline", ""), "deadline")
        until = timezone.make_aware(datetime.combine(day, time(23, 59, 59)))
        return feedback.send_feedback(version=number(request, "version"), deadline=until, **who)

    return act_on_review(request, paper, public_id, act, "复核意见已发单位", "feedback.")


def _accept(request: HttpRequest, paper: Paper, public_id: UUID, rest: str) -> HttpResponse:
    """One line is accepted; ``all`` accepts what is left and ends the answer."""
    rest = line_of(request, rest)

    def act(who: dict[str, Any]) -> object:
        seq = None if rest == "all" else seq_of(rest)
        return feedback.answer_feedback(version=number(request, "version"), seq=seq, **who)

    words = "已答复完毕" if rest == "all" else "已同意"
    return act_on_review(request, paper, public_id, act, words)


def _object(request: HttpRequest, paper: Paper, public_id: UUID, rest: str) -> HttpResponse:
    """An objection to one line, with words and perhaps a file."""
    given, rest = request.FILES.get("file"), line_of(request, rest)

    def act(who: dict[str, Any]) -> object:
        file = None
        if given is not None:
            file = feedback.File(name=given.name or "", data=given.read(evidence.LARGEST + 1))
        return feedback.answer_feedback(
            version=number(request, "version"),
            seq=seq_of(rest),
            objects_to=True,
            words=request.POST.get("words", ""),
            file=file,
            **who,
        )

    return act_on_review(request, paper, public_id, act, "已写下申诉", f"{rest}.")


def _decide(upheld: bool) -> Callable[[HttpRequest, Paper, UUID, str], HttpResponse]:
    def decide(request: HttpRequest, paper: Paper, public_id: UUID, rest: str) -> HttpResponse:
        rest = line_of(request, rest)

        def act(who: dict[str, Any]) -> object:
            written = request.POST.get("points", "").strip() if upheld else ""
            points = parse_number(written)
            if points is None and written:
                raise Invalid({"points": "请填写分数"})
            return feedback.decide_objection(
                version=number(request, "version"),
                seq=seq_of(rest),
                upheld=upheld,
                words=request.POST.get("words", ""),
                points=points,
                reason_code=request.POST.get("reason_code", "") if upheld else "",
                **who,
            )

        return act_on_review(request, paper, public_id, act, "已作出决定", f"{rest}.")

    return decide


def _raise(request: HttpRequest, paper: Paper, public_id: UUID, rest: str) -> HttpResponse:
    """Something that has to be mended."""

    def act(who: dict[str, Any]) -> object:
        line = request.POST.get("seq", "")
        return rectification.raise_item(
            actor=who["actor"],
            evaluation=public_id,
            what=request.POST.get("what", ""),
            deadline=day_of(request.POST.get("deadline", ""), "deadline"),
            seq=seq_of(line) if line else None,
            origin=who["origin"],
        )

    return act_on_review(request, paper, public_id, act, "已记入整改台账", "item.")


ACTS: Mapping[str, Callable[[HttpRequest, Paper, UUID, str], HttpResponse]] = {
    "send_feedback": _send,
    "accept": _accept,
    "object": _object,
    "uphold": _decide(upheld=True),
    "dismiss": _decide(upheld=False),
    "raise_item": _raise,
}
