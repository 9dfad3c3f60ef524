"""Every address of the service with its methods, and who may use them: one table for the harnesses.

A route or a method that is not listed here fails ``tests/web/test_matrix.py`` and the two worlds.
To add one: a line in ``ROUTES``; where the rule of who may is new, a line in ``RULES`` of the
matrix; where it takes a body, a line in ``bodies`` of the two worlds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

RULESET = "hubei-2020"
"""Rule sets are public and the same for everybody: one stands for all."""
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Verb:
    """One method: the name of the rule who may, and how it is sent."""

    who: str
    versioned: bool = False
    """Takes If-Match."""
    form: bool = False
    """Sent as a form with a file, not as JSON."""
    typed: bool = False
    """Sent as a page's form."""


@dataclass(frozen=True)
class Route:
    """One address; ``takes`` names the kind of thing whose id stands in it."""

    path: str
    takes: str
    verbs: dict[str, Verb]

    @property
    def is_api(self) -> bool:
        """Whether programs talk to it."""
        return self.path.startswith("api/")

    def at(self, identity: str = "", **more: object) -> str:
        """The address of one thing."""
        path = re.sub(r"<slug:\w+>", RULESET, self.path)
        path = re.sub(r"<uuid:\w+>", identity, path)
        return "/" + re.sub(r"<(?:int|str):(\w+)>", lambda found: str(more[found.group(1)]), path)


def _route(path: str, takes: str = "", **verbs: str | Verb) -> Route:
    return Route(
        path,
        takes,
        {name: verb if isinstance(verb, Verb) else Verb(verb) for name, verb in verbs.items()},
    )


def _paper(path: str, takes: str) -> tuple[Route, Route]:
    return (
        _route(f"{path}content/", takes, GET="sees", PUT=Verb("save", versioned=True)),
        _route(f"{path}moves/", takes, GET="sees", POST="move"),
    )


def _typed(who: str) -> Verb:
    return Verb(who, typed=True)


_A = "api/v1/"
_ID = "<uuid:public_id>/"
_ROOM = {
    **dict.fromkeys(("user", "member"), "accounts"),
    **dict.fromkeys(("region", "office", "department", "budgetunit", "fiscalyear"), "places"),
}
ROUTES: tuple[Route, ...] = (
    _route("healthz", GET="open"),
    _route("readyz", GET="open"),
    _route("sign-in/", GET="sign_in", POST="sign_in", PUT="sign_in"),
    _route("sign-in/second/", GET="sign_in_second", POST="sign_in_second"),
    _route("sign-out/", POST="sign_out"),
    # pages
    _route("", GET="signed"),
    _route(f"evaluations/{_ID}", "evaluation", GET="sees"),
    _route("target-tables/", GET="signed"),
    _route(f"target-tables/{_ID}", "target_table", GET="sees"),
    _route("documents/", GET="signed"),
    _route(f"documents/{_ID}", "document", GET="reaches"),
    _route("monitorings/", GET="signed"),
    # files that clerks bring
    _route("imports/", GET="signed", POST=_typed("page_form")),
    _route(f"imports/{_ID}", "upload", GET="own_upload", POST=_typed("upload_form")),
    _route(f"imports/{_ID}file/", "upload", GET="own_upload"),
    # pages with forms
    *(
        _route(path, GET="signed", POST=_typed("page_form"))
        for path in ("desk/", "projects/new/", "target-tables/new/", "tasks/new/")
    ),
    _route("tasks/", GET="signed"),
    _route(f"tasks/{_ID}", "task", GET="reaches", POST=_typed("page_form")),
    _route(f"papers/target-tables/{_ID}", "target_table", GET="sees", POST=_typed("page_form")),
    _route(f"papers/monitorings/{_ID}", "monitoring", GET="sees", POST=_typed("page_form")),
    _route(f"papers/evaluations/{_ID}", "evaluation", GET="sees", POST=_typed("page_form")),
    *(
        _route(f"papers/{takes.replace('_', '-')}s/{_ID}print/", takes, GET="sees")
        for takes in ("target_table", "monitoring", "evaluation")
    ),
    # one's own account
    _route("account/", GET="signed"),
    _route("account/password/", GET="signed", POST=_typed("page_form")),
    _route("account/second-factor/", GET="signed", POST=_typed("page_form")),
    _route("account/second-factor/picture/", GET="nothing"),
    _route("account/tokens/", GET="signed", POST=_typed("page_form")),
    _route(f"account/tokens/{_ID}revoke/", "token", POST=_typed("own_token_page")),
    # people and places
    _route("people/", GET="security"),
    _route("people/new/", GET="security", POST=_typed("security_form")),
    _route(f"people/{_ID}", "person", GET="security"),
    *(
        _route(f"people/{_ID}{verb}/", "person", POST=_typed("security_act"))
        for verb in ("disable", "enable", "unlock", "second-factor", "roles/<int:member>/revoke")
    ),
    _route(f"people/{_ID}password/", "person", POST=_typed("security")),
    _route(f"people/{_ID}roles/", "person", POST=_typed("security")),
    _route("places/", GET="places", POST=_typed("places_form")),
    # the administrators' reading room
    _route("admin/", GET="room"),
    _route("admin/jsi18n/", GET="room"),
    _route("admin/<slug:app_label>/", GET="nothing"),
    *(_route(f"admin/budgets/{name}/", GET=f"room_{who}") for name, who in _ROOM.items()),
    *(
        _route(f"admin/budgets/{name}/<int:pk>/", GET=f"room_{who}_row")
        for name, who in _ROOM.items()
    ),
    # projects, the year at a glance, the rules
    _route("projects/", GET="signed", POST=_typed("page_form")),
    _route(f"projects/{_ID}", "project", GET="reaches"),
    _route("overview/", GET="signed"),
    _route("desk/glance/", GET="signed"),
    _route("rules/", GET="signed"),
    _route("rules/<slug:identity>/", GET="signed"),
    # the trail, exports, background work
    _route("audit/", GET="trail", POST=_typed("trail_form")),
    _route("audit/<int:pk>/", GET="trail"),
    _route("exports/", GET="signed", POST=_typed("page_form")),
    _route("jobs/", GET="system"),
    *(
        _route(f"jobs/{_ID}{verb}/", "export", POST=_typed("page_form"))
        for verb in ("retry", "drop")
    ),
    # the API of people and places
    _route(f"{_A}me/", GET="signed"),
    _route(f"{_A}people/", GET="security", POST="new_person"),
    _route(f"{_A}people/{_ID}", "person", GET="security"),
    *(
        _route(f"{_A}people/{_ID}{verb}/", "person", POST="security_verb")
        for verb in ("disable", "unlock", "password")
    ),
    *(
        _route(f"{_A}people/{_ID}{verb}/", "person", POST="security_undone")
        for verb in ("enable", "second-factor")
    ),
    _route(f"{_A}people/{_ID}roles/", "person", POST="grant"),
    _route(f"{_A}people/{_ID}roles/<int:member>/", "person", DELETE="ungrant"),
    _route(f"{_A}tokens/", GET="signed", POST="new_token"),
    _route(f"{_A}tokens/{_ID}", "token", DELETE="own_token"),
    *(
        _route(f"{_A}places/{kind}/", POST=f"new_{kind}")
        for kind in ("regions", "offices", "departments", "units")
    ),
    # the API of exports and of the trail
    _route(f"{_A}exports/", GET="signed", POST="new_export"),
    _route(f"{_A}exports/{_ID}", "export", GET="own_export"),
    _route(f"{_A}exports/{_ID}file/", "export", GET="own_export"),
    _route(f"{_A}audit/events/", GET="trail"),
    _route(f"{_A}audit/events/<int:pk>/", GET="trail"),
    # papers and what they stand on
    _route(f"{_A}projects/", GET="signed", POST="new_project"),
    _route(f"{_A}projects/{_ID}", "project", GET="reaches"),
    _route(f"{_A}target-tables/", GET="signed", POST="new_target_table"),
    _route(f"{_A}target-tables/{_ID}", "target_table", GET="sees"),
    _route(f"{_A}evaluations/", GET="signed", POST="new_evaluation"),
    _route(f"{_A}evaluations/{_ID}", "evaluation", GET="sees"),
    _route(f"{_A}monitorings/", GET="signed", POST="new_monitoring"),
    *_paper(f"{_A}target-tables/{_ID}", "target_table"),
    *_paper(f"{_A}evaluations/{_ID}", "evaluation"),
    *_paper(f"{_A}monitorings/{_ID}", "monitoring"),
    _route(f"{_A}target-tables/{_ID}adjustments/", "target_table", GET="sees", POST="adjustment"),
    # examinations
    _route(f"{_A}target-tables/{_ID}findings/", "target_table", GET="sees_findings"),
    _route(f"{_A}evaluations/{_ID}findings/", "evaluation", GET="sees_findings"),
    _route(f"{_A}monitorings/{_ID}findings/", "monitoring", GET="sees_findings"),
    _route(
        f"{_A}target-tables/{_ID}conclusion/",
        "target_table",
        GET="sees_conclusion",
        PUT=Verb("conclude", versioned=True),
    ),
    # reviews and evidence
    _route(f"{_A}evaluations/{_ID}review/", "evaluation", GET="sees_review", POST="open_review"),
    _route(f"{_A}evaluations/{_ID}review/opinion/", "evaluation", PUT=Verb("review", True)),
    _route(f"{_A}evaluations/{_ID}review/lines/<int:seq>/", "evaluation", PUT=Verb("review", True)),
    _route(f"{_A}evaluations/{_ID}evidence/", "evaluation", POST=Verb("evidence", True, True)),
    _route(
        f"{_A}evaluations/{_ID}evidence/<int:seq>/<str:sha256>/",
        "evaluation",
        DELETE=Verb("remove_evidence", versioned=True),
    ),
    _route(f"{_A}monitorings/{_ID}progress/", "monitoring", GET="sees", POST="try_progress"),
    _route(f"{_A}evaluations/{_ID}trial/", "evaluation", POST="trial"),
    _route(f"{_A}evaluations/{_ID}final-accounts/", "evaluation", GET="sees"),
    _route(f"{_A}documents/{_ID}file/", "document", GET="reaches"),
    # the queue and spot checks
    _route("queue/", GET="queue", POST=_typed("queue_form")),
    _route("spot-checks/", GET="queue", POST=_typed("queue_form")),
    _route(f"spot-checks/{_ID}", "spot_check", GET="spot_check", POST=_typed("spot_check_form")),
    _route(f"{_A}queue/", GET="queue"),
    _route(f"{_A}queue/decisions/", POST="queue_decisions"),
    _route(f"{_A}spot-checks/", GET="queue", POST="new_spot_check"),
    _route(f"{_A}spot-checks/{_ID}", "spot_check", GET="spot_check"),
    _route(f"{_A}spot-checks/{_ID}population/", "spot_check", POST="spot_check"),
    _route(
        f"{_A}spot-check-items/{_ID}",
        "spot_check_item",
        PUT=Verb("spot_check_outcome", versioned=True),
    ),
    # proofreading
    _route("proof/", GET="signed", POST=_typed("page_form")),
    _route(f"{_A}proofs/", POST="proof"),
    # what comes of reviews
    *(
        _route(f"{_A}evaluations/{_ID}review/feedback/{path}", "evaluation", POST=Verb(who, True))
        for path, who in (
            ("", "send_feedback"),
            ("answers/", "answer_feedback"),
            ("decisions/", "decide_objection"),
        )
    ),
    _route(f"{_A}reviews/deviations/", GET="deviations"),
    _route(f"tasks/{_ID}deviations/", "task", GET="reaches"),
    _route("rectifications/", GET="signed"),
    _route(f"rectifications/{_ID}", "rectification", GET="ledger", POST=_typed("page_form")),
    _route(f"{_A}rectifications/", GET="signed", POST="raise_item"),
    _route(f"{_A}rectifications/{_ID}", "rectification", GET="ledger"),
    _route(f"{_A}rectifications/{_ID}answer/", "rectification", POST=Verb("answer_item", True)),
    *(
        _route(f"{_A}rectifications/{_ID}{verb}/", "rectification", POST=Verb("judge_item", True))
        for verb in ("close", "return")
    ),
    # the manual
    _route("manual/", GET="signed"),
    *(
        _route(f"manual/{part}/", GET="signed")
        for part in ("clerk", "reviewer", "finance", "administrator", "report")
    ),
    # the bureau
    _route(f"{_A}tasks/", GET="signed", POST="new_task"),
    _route(f"{_A}tasks/{_ID}close/", "task", POST=Verb("close_task", versioned=True)),
    _route(f"{_A}tasks/{_ID}deadline/", "task", POST=Verb("move_deadline", versioned=True)),
    _route(f"{_A}waiting/", GET="signed"),
    _route(f"{_A}annual-reports/<int:year>/<uuid:unit>/", "unit", GET="report"),
    # rule lab and indicator library
    _route("rule-lab/", GET="lab"),
    _route("indicator-library/", GET="signed"),
    _route(f"{_A}rule-lab/", GET="lab_api"),
    _route(f"{_A}indicator-library/", GET="signed"),
    _route(f"{_A}indicator-library/side-by-side/", GET="signed"),
    _route(f"{_A}schema/", GET="signed"),
    _route(f"{_A}docs/", GET="signed"),
)


def addresses(resolver: Any = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every address of the URLconf with its view."""
    from django.urls import URLPattern, URLResolver, get_resolver

    for entry in (resolver or get_resolver("config.urls")).url_patterns:
        if isinstance(entry, URLResolver):
            yield from addresses(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry.callback


def unlisted() -> list[str]:
    """Addresses and methods that stand in the URLconf or in the table, but not in both."""
    found = []
    listed = {route.path: route for route in ROUTES}
    served = dict(addresses())
    found += [f"not listed: {path}" for path in served if path not in listed]
    found += [f"not served: {path}" for path in listed if path not in served]
    for path, view in served.items():
        kind = getattr(view, "cls", None) or getattr(view, "view_class", None)
        if kind is None or path not in listed:
            continue  # plain functions are asked with every method
        methods = {m.upper() for m in kind.http_method_names if hasattr(kind, m)}
        methods -= {"OPTIONS", "HEAD"}
        if methods != set(listed[path].verbs):
            found.append(f"methods of {path}: {sorted(methods)}")
    return found
