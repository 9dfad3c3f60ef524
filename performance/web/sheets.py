"""A paper's page as it is shown: fields, progress, what may be done, what was refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from budgets.errors import Invalid, InvalidInput, NotFound, ServiceError
from budgets.web.forms import status_of, user_of
from performance.reports.comparison import Difference, in_words
from performance.rulebook import review_rules
from performance.selectors import desk as desks
from performance.selectors.accounts import stated_money
from performance.selectors.checkups import Checkup, ConclusionSheet, checkup_of
from performance.selectors.procedure import StepRow
from performance.selectors.rectification import may_raise
from performance.selectors.versions import SupportingFile, supporting_files, versions_of
from performance.web import checkups, editor, evaluating, fields, monitoring
from performance.workflow import (
    ADJUSTMENT_REASONS,
    PAPER_LABELS,
    RETURN_REASONS,
    Paper,
    State,
)

KINDS = {
    "target-tables": Paper.TARGET_TABLE,
    "monitorings": Paper.MONITORING,
    "evaluations": Paper.EVALUATION,
}
KIND_OF = {paper: kind for kind, paper in KINDS.items()}
_Stage = tuple[str, frozenset[State]]
_BEFORE: tuple[_Stage, ...] = (
    ("经办填报", frozenset({State.DRAFT, State.RETURNED, State.WITHDRAWN})),
    ("单位审核", frozenset({State.SUBMITTED})),
    ("主管部门审核", frozenset({State.UNIT_CHECKED})),
    ("财政审核", frozenset({State.DEPARTMENT_REVIEWED})),
)
_DECIDED: dict[Paper, tuple[_Stage, ...]] = {
    # A target table may be closed without ever being published: that is no stage of its own.
    Paper.TARGET_TABLE: (("批复", frozenset({State.APPROVED, State.PUBLISHED})),),
    Paper.MONITORING: (("批复", frozenset({State.APPROVED})),),
    Paper.EVALUATION: (
        ("复核确认", frozenset({State.CONFIRMED})),
        ("公开", frozenset({State.PUBLISHED})),
    ),
}
_AFTER: tuple[_Stage, ...] = (("办结", frozenset({State.CLOSED, State.SUPERSEDED})),)
STAGES = {paper: (*_BEFORE, *decided, *_AFTER) for paper, decided in _DECIDED.items()}
"""What a paper goes through, with the states in which it is there."""


MARKED = "有的内容不能使用，请看标红处"
"""Said above a page whose fields say the rest."""
_MOST_LISTED = 20
"""Findings of one severity in the list; the rest is one press away."""
_OWN_FIELDS = ("line:", "object:", "uphold:", "dismiss:", "raise_item", "send_feedback")
"""Acts whose forms show what was typed themselves."""


def address_of(paper: Paper, public_id: UUID) -> str:
    """The address of a paper's page."""
    return reverse("performance:paper", kwargs={"kind": KIND_OF[paper], "public_id": public_id})


def page(
    request: HttpRequest,
    paper: Paper,
    public_id: UUID,
    *,
    status: int = 200,
    content: Mapping[str, Any] | None = None,
    version: int | None = None,
    errors: Mapping[str, str] | None = None,
    problem: str = "",
    seen: Sequence[Difference] = (),
    blank_rows: Mapping[str, int] | None = None,
    unfolded: int = 0,
    examined: Checkup | None = None,
    doubted: Sequence[str] = (),
    **beside: Any,
) -> HttpResponse:
    """The page; with ``content`` the fields show what was typed instead of what is kept.

    ``examined`` is the check-up of what was typed; without it that of what is kept is shown.
    ``doubted`` are cells that are put in question now, before anything is written beside them.
    ``beside`` is more for the template to show.
    """
    user = user_of(request)
    found = desks.desk_of(user, paper, public_id)
    if found is None:
        raise Http404
    is_table = paper is Paper.TARGET_TABLE
    editing = found.editable
    checkup = examined if content is not None else checkup_of(user, paper, public_id)
    whole = content is not None or "all" in request.GET
    check = checkups.shown(checkup, found, most=None if whole else _MOST_LISTED)
    files = supporting_files(user, public_id) if paper is Paper.EVALUATION else ()
    stated = None
    if paper is Paper.EVALUATION and editing and "accounts" in request.GET:
        stated = stated_money(user, public_id)
    sheet = fields.sheet_of(
        paper,
        content if content is not None and editing else found.content,
        indicators=found.indicators,
        errors=errors,
        marked=found.marked,
        asked={**dict.fromkeys(doubted, ""), **asked(request)},
        found=checkups.by_cell(check["found_groups"]),
        blank_rows=blank_rows,
        unfolded=unfolded,
    )
    context = {
        **check,
        **editor.context_of(request, found),
        **beside,
        **_concluding(request, check["conclusion"], errors or {}),
        "examined": examined is not None,
        "desk": found,
        "kind": KIND_OF[paper],
        "paper_label": PAPER_LABELS[paper],
        "section": "desk",
        "sheet": sheet,
        **evaluating.shown(sheet, found, checkup, files, stated),
        **monitoring.shown(user, sheet, found, content),
        "version": found.version if version is None else version,
        "editing": editing,
        "marking": any(move.reasoned for move in found.moves),
        "doubted": [(at, in_words(at)) for at in doubted],
        "ask_names": {name: in_words(name) for name in fields.COLUMNS[paper][1]},
        "key": f"{user.public_id}/{public_id}",
        "unsaved": content is not None,
        "errors": errors or {},
        "summary": [
            {"at": at.removesuffix(".text"), "place": in_words(at), "words": words}
            for at, words in (errors or {}).items()
        ],
        "problem": problem,
        "seen": seen,
        "typed": {} if request.POST.get("act", "").startswith(_OWN_FIELDS) else request.POST,
        "review_lines": _review_lines(request, found, errors or {}, files),
        "review_adjusted": found.review and any(one.reason_code for one in found.review.lines),
        "opinion": request.POST.get("opinion", found.review.opinion if found.review else ""),
        "stages": _stages(found),
        "returned": _returned(found),
        "return_reasons": RETURN_REASONS,
        "adjustment_reasons": ADJUSTMENT_REASONS,
        "review_criteria": review_rules(),
        "submits": any(move.verb == "submit" for move in found.moves),
        "onward": [m for m in found.moves if m.sees and not m.reasoned and _ready(m.verb, found)],
        "returns": [move for move in found.moves if move.reasoned],
        "others": [move for move in found.moves if not move.sees and move.verb != "submit"],
        "versions": versions_of(user, public_id) if is_table else (),
        "changes": desks.version_differences(user, public_id) if is_table else (),
        "files": files,
        "posted": request.POST if errors or problem else {},
        "posted_act": request.POST.get("act", ""),
        "by_line": request.POST if errors and request.POST.get("act", "").endswith(":") else {},
        "may_raise": may_raise(user, public_id) if paper is Paper.EVALUATION else False,
    }
    return render(request, "performance/paper.html", context, status=status)


def examined_part(
    request: HttpRequest, paper: Paper, public_id: UUID, examined: Checkup
) -> HttpResponse:
    """The check-up of what was typed, without the page around it: list, counts, marks of cells."""
    found = desks.desk_of(user_of(request), paper, public_id)
    if found is None:
        raise Http404
    check = checkups.shown(examined, found)
    context = {
        **check,
        "examined": True,
        "desk": found,
        "editing": found.editable,
        "submits": any(move.verb == "submit" for move in found.moves),
        "marks": checkups.by_cell(check["found_groups"]),
    }
    return render(request, "performance/_examined.html", context)


def _review_lines(
    request: HttpRequest,
    found: desks.Desk,
    errors: Mapping[str, str],
    files: Sequence[SupportingFile],
) -> list[dict[str, Any]]:
    """The lines of the review; where one was refused, what was typed for it."""
    verb, _, rest = request.POST.get("act", "").partition(":")
    adjusted, lines = line_of(request, rest) if verb == "line" else "", []
    for line in found.review.lines if found.review else ():
        own = "" if line.reason_code == "" or line.reviewed is None else f"{line.reviewed:.2f}"
        kept = {"points": own, "reason_code": line.reason_code, "reason": line.reason}
        typed = {name: request.POST.get(name, "") for name in kept}
        at = f"review.{line.seq}."
        lines.append(
            {
                "line": line,
                "files": [file for file in files if file.seq == line.seq],
                "open": adjusted == str(line.seq),
                "criterion": review_rules().criteria.get(line.reason_code),
                "errors": {
                    name.removeprefix(at): words
                    for name, words in errors.items()
                    if name.startswith(at)
                },
                **(typed if adjusted == str(line.seq) else kept),
            }
        )
    return lines


def _concluding(
    request: HttpRequest, conclusion: ConclusionSheet | None, errors: Mapping[str, str]
) -> dict[str, Any]:
    """The rows of the conclusion; where it was refused, what was chosen and written."""
    if conclusion is None:
        return {}
    typed = request.POST if request.POST.get("act") == "conclude" else {}
    grades = [
        (f"aspects.{one.aspect}", one.aspect, one.computed, one.own, False)
        for one in conclusion.aspects
    ]
    grades.append(("overall", "总体", conclusion.computed, conclusion.own, True))
    return {
        "conclusion_rows": [
            {
                "name": name,
                "label": label,
                "computed": computed,
                "own": own,
                "chosen": typed.get(name) or own or computed,
                "whole": whole,
                "error": errors.get(f"conclusion.{name}", ""),
            }
            for name, label, computed, own, whole in grades
        ],
        "conclusion_words": typed.get("words", conclusion.words),
        "words_error": errors.get("conclusion.words", ""),
    }


def _ready(verb: str, found: desks.Desk) -> bool:
    """A self-evaluation is confirmed with a review, not without."""
    return verb != "confirm" or found.review is not None


def _returned(found: desks.Desk) -> StepRow | None:
    """The last step, when it sent the paper back."""
    last = found.history[-1] if found.history else None
    return last if last is not None and last.reason_code else None


def _stages(found: desks.Desk) -> list[dict[str, Any]]:
    stages = STAGES[found.paper]
    reached = next(n for n, (_, states) in enumerate(stages) if found.state in states)
    return [
        {"label": label, "done": n < reached, "here": n == reached}
        for n, (label, _) in enumerate(stages)
    ]


def refused(
    request: HttpRequest, paper: Paper, public_id: UUID, error: ServiceError, **more: Any
) -> HttpResponse:
    """The page again with what was wrong; not there and not yours look the same."""
    if isinstance(error, NotFound):
        raise error
    if isinstance(error, Invalid):
        more |= {"errors": _plain_words(error.fields), "problem": MARKED}
    return page(
        request, paper, public_id, status=status_of(error), **{"problem": str(error), **more}
    )


_OWN_WORDS = {
    "reason_code": "请选择退回的原因",
    "cells": "最多标出 200 格",
}
"""Where the service's sentence names codes, the page says it for people."""


def _plain_words(found: Mapping[str, str]) -> dict[str, str]:
    return {at: _OWN_WORDS.get(at, words) for at, words in found.items()}


def number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise InvalidInput("页面缺少版本，请刷新后重试")
    return int(text)


def line_of(request: HttpRequest, rest: str) -> str:
    """The line that is meant: behind the act's colon, or written where rows have no forms."""
    return rest or request.POST.get("seq", "").strip()


def asked(request: HttpRequest) -> dict[str, str]:
    """The cells put in question, each with the note beside it."""
    return {at: request.POST.get(f"note.{at}", "") for at in request.POST.getlist("cell")}
