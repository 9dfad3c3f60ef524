"""Proofreading a draft on a page: the text with every figure marked. Nothing is stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from budgets.errors import Invalid, NotFound
from budgets.text import sought_words, uuid_or_none
from budgets.web.forms import told, user_of
from performance.examination.prose.proof import Proofed, Status
from performance.selectors import proofing
from performance.selectors.proofing import MOST_BYTES, Draft, Given, Proofread

_WORDS = {Status.AGREES: "一致", Status.DISAGREES: "不一致", Status.NOT_FOUND: "未找到"}
_LOOK = "look"
"""The button that only looks for a unit by its name."""
_MOST_LISTED = 300
"""Figures listed apart that need no mending; all of them are marked in the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of the text: words, or a figure with its number."""

    words: str
    number: int = 0
    status: str = ""
    said: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A figure in a list, with the number by which it is found in the text."""

    number: int
    written: str
    at: str
    subject: str
    message: str


@require_http_methods(["GET", "HEAD", "POST"])
@told
def proof(request: HttpRequest) -> HttpResponse:
    """The form, and beneath it what came of the draft. Sent again it is computed again."""
    if request.method != "POST" or _LOOK in request.POST:
        return _page(request)
    try:
        found = proofing.proofread(user_of(request), _draft(request))
    except Invalid as error:
        return _page(request, status=400, errors=error.fields)
    except NotFound as error:
        return _page(request, status=404, problem=str(error))
    return _page(request, result=_result(found))


def _page(request: HttpRequest, *, status: int = 200, **more: object) -> HttpResponse:
    user = user_of(request)
    unit, _, _ = request.POST.get("place", "").partition("/")
    words = sought_words(request.POST.get("find", ""))
    context = {
        "section": "proof",
        "documents": proofing.offered_documents(user),
        "offered": proofing.offered_years(user, words, uuid_or_none(unit)),
        "typed": request.POST,
        "most": proofing.MOST_CHARACTERS,
        **more,
    }
    return render(request, "performance/proof.html", context, status=status)


def _draft(request: HttpRequest) -> Draft:
    unit, _, year = request.POST.get("place", "").partition("/")
    return Draft(
        text=request.POST.get("text", ""),
        file=_file(request, "file"),
        document=_uuid(request.POST.get("document", ""), "document"),
        basis=_file(request, "basis"),
        unit=_uuid(unit, "place"),
        fiscal_year=_year(year),
    )


def _file(request: HttpRequest, name: str) -> Given | None:
    file = request.FILES.get(name)
    if file is None:
        return None
    return Given(name=file.name or "", data=file.read(MOST_BYTES + 1))


def _uuid(text: str, field: str) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise Invalid({field: "请从列表里选择"}) from None


def _year(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise Invalid({"place": "请从列表里选择"})
    return int(text)


def _result(found: Proofread) -> dict[str, object]:
    numbered = list(enumerate(found.figures, start=1))
    groups = {
        status: [_listed(number, one) for number, one in numbered if one.status is status]
        for status in Status
    }
    return {
        "bases": found.bases,
        "facts": found.facts,
        "pieces": list(_pieces(found)),
        "figures": len(found.figures),
        "agreeing": len(groups[Status.AGREES]),
        "unfound": len(groups[Status.NOT_FOUND]),
        "differing": groups[Status.DISAGREES],
        "others": [
            (label, len(groups[status]), groups[status][:_MOST_LISTED], _MOST_LISTED)
            for status, label in (
                (Status.NOT_FOUND, "未找到依据的数字"),
                (Status.AGREES, "一致的数字"),
            )
        ],
    }


def _listed(number: int, one: Proofed) -> Listed:
    figure = one.figure
    return Listed(
        number=number,
        written=figure.written,
        at=one.at,
        subject=figure.subject,
        message=one.message,
    )


def _pieces(found: Proofread) -> Iterator[Piece]:
    """The whole text in order, nothing twice and nothing lost."""
    done = 0
    for number, one in enumerate(found.figures, start=1):
        figure = one.figure
        if figure.start < done:
            continue
        if figure.start > done:
            yield Piece(words=found.text[done : figure.start])
        yield Piece(
            words=found.text[figure.start : figure.end],
            number=number,
            status=one.status.value.replace("_", "-"),
            said=_WORDS[one.status],
            message=one.message,
        )
        done = figure.end
    if done < len(found.text):
        yield Piece(words=found.text[done:])
