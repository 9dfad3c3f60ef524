"""The bureau's conclusion on the targets, written on the page of a target table."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from budgets.errors import Invalid, InvalidInput, ServiceError
from budgets.web.forms import once, origin_of, user_of
from performance.services import conclusions
from performance.web.sheets import address_of, number, refused
from performance.workflow import Paper


def conclude(request: HttpRequest, paper: Paper, public_id: UUID, rest: str) -> HttpResponse:
    """The bureau's conclusion on the targets."""

    def act() -> str:
        if paper is not Paper.TARGET_TABLE:
            raise InvalidInput("只有绩效目标表作审核结论")
        conclusions.conclude_targets(
            actor=user_of(request),
            public_id=public_id,
            version=number(request, "version"),
            digest=request.POST.get("digest", "")[:64],
            aspects={
                name.removeprefix("aspects."): value
                for name, value in request.POST.dict().items()
                if name.startswith("aspects.")
            },
            overall=request.POST.get("overall", ""),
            words=request.POST.get("words", ""),
            origin=origin_of(request),
        )
        messages.success(request, "已写下审核结论")
        return f"{address_of(paper, public_id)}#conclusion"

    try:
        return once(request, act)
    except Invalid as error:
        found = {f"conclusion.{name}": words for name, words in error.fields.items()}
        return refused(request, paper, public_id, Invalid(found))
    except ServiceError as error:
        return refused(request, paper, public_id, error)
