"""Every route × method × person × state: who gets what, and that reading changes nothing.

Each run asks a drawn part: for every route, method and state one person for each answer that must
come. ``JIHENG_FULL=1`` asks the whole product.
"""

from __future__ import annotations

import hashlib
import random
import uuid
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from budgets.access import seen_by_system
from tests.contents import DEADLINE, actuals, progress, targets
from tests.draws import FULL, drawn
from tests.filled import PDF, Standing, belongings, standing, undone
from tests.routes import METHODS, ROUTES, UNSAFE, Route, Verb, addresses, unlisted

ANONYMOUS = "anonymous"
FORM = "application/x-www-form-urlencoded"
ROLES = {
    "clerk": "clerk", "head": "unit_head", "reviewer": "department_reviewer", "finance": "finance_reviewer",
    "finance2": "finance_reviewer", "auditor": "auditor", "reader": "report_reader",
}  # fmt: skip
"""Those who reach the unit, each with one role."""
STRANGERS = (
    "sister_clerk", "elsewhere", "foreign_clerk", "foreign_head", "foreign_reviewer", "system", "security", "audit_admin",
)  # fmt: skip
"""Those who do not: to them nothing is there."""
PEOPLE = (ANONYMOUS, *ROLES, *STRANGERS)
STATES = (
    "draft", "submitted", "unit_checked", "department_reviewed", "approved", "confirmed", "published", "returned",
    "withdrawn", "superseded", "closed",
)  # fmt: skip
EDITABLE = {"draft", "returned", "withdrawn"}
ATTACHED = hashlib.sha256(PDF).hexdigest()
"""What the filled evaluation has on its first line."""
SHOWN_AT_LAST = {"approved", "confirmed", "published", "superseded", "closed"}
HIDDEN = {
    "department_reviewer": {"draft", "withdrawn"},
    "finance_reviewer": {"draft", "withdrawn"},
    "report_reader": set(STATES) - SHOWN_AT_LAST,
}
"""Written from the description, not from rights.csv: two hands must agree."""
PAPERS = {"target_table": targets, "evaluation": actuals, "monitoring": progress}


def _sees(person: str, state: str) -> bool:
    return person in ROLES and state not in HIDDEN.get(ROLES[person], set())


def _writes(person: str, state: str, role: str, done: int, *, states: set[str]) -> int:
    """What a write of a paper comes to that one role makes in some states."""
    if not _sees(person, state):
        return 404
    if ROLES[person] != role:
        return 403
    return done if state in states else 409


def _move(person: str, state: str) -> int:
    if not _sees(person, state):
        return 404
    if state not in EDITABLE:
        return 409
    return 200 if ROLES[person] == "clerk" else 403


def _review_shown(person: str, state: str) -> int:
    waits = state == "department_reviewed" and ROLES.get(person) in {"finance_reviewer", "auditor"}
    return 200 if _sees(person, state) and (waits or state in SHOWN_AT_LAST) else 404


def _in_ledger(person: str) -> bool:
    return person in ROLES and person != "reader"


def _begins(done: int) -> Any:
    return lambda p, s: 404 if p not in ROLES else (done if ROLES[p] == "clerk" else 403)


def _only(*people: str, done: int = 200, otherwise: int = 403) -> Any:
    return lambda p, s: done if p in people else otherwise


_FINANCE = {"finance", "finance2"}
_QUEUE = {"finance", "finance2", "elsewhere", "auditor"}
_ADMINISTRATORS = {"system", "security", "audit_admin"}
_TRYING = _FINANCE | {"elsewhere", "reviewer", "foreign_reviewer", "auditor"}
RULES: dict[str, Any] = {
    "open": lambda p, s: 200,
    "sign_in": lambda p, s: {200, 302},
    "sign_out": lambda p, s: 302,
    "signed": lambda p, s: 200,
    "reaches": lambda p, s: 200 if p in ROLES else 404,
    "report": lambda p, s: 200 if p in ROLES else 404,
    "sees": lambda p, s: 200 if _sees(p, s) else 404,
    "sees_review": _review_shown,
    "new_project": lambda p, s: 201 if ROLES.get(p) == "clerk" else 404,
    "new_target_table": _begins(201),
    "new_evaluation": _begins(409),
    "new_monitoring": _begins(409),
    "new_task": lambda p, s: 201 if p in _FINANCE else (404 if p == "elsewhere" else 403),
    "close_task": lambda p, s: 404 if p not in ROLES else (200 if p in _FINANCE else 403),
    "move_deadline": lambda p, s: 404 if p not in ROLES else (200 if p in _FINANCE else 403),
    "save": lambda p, s: _writes(p, s, "clerk", 200, states=EDITABLE),
    "move": _move,
    "adjustment": lambda p, s: _writes(p, s, "clerk", 201, states={"approved", "published"}),
    "open_review": lambda p, s: _writes(p, s, "finance_reviewer", 409, states=set(STATES)),
    "review": lambda p, s: _writes(p, s, "finance_reviewer", 200, states={"department_reviewed"}),
    "evidence": lambda p, s: _writes(p, s, "clerk", 201, states=EDITABLE),
    "remove_evidence": lambda p, s: _writes(p, s, "clerk", 200, states=EDITABLE),
    # what comes of reviews: nothing was sent to the unit yet, and the matter is open
    "send_feedback": lambda p, s: _writes(
        p, s, "finance_reviewer", 200, states={"department_reviewed"}
    ),
    "answer_feedback": lambda p, s: 403 if _sees(p, s) and ROLES[p] != "clerk" else 404,
    "decide_objection": lambda p, s: _writes(p, s, "finance_reviewer", 409, states=set(STATES)),
    "deviations": lambda p, s: 400,
    "ledger": lambda p, s: 200 if _in_ledger(p) else 404,
    "raise_item": lambda p, s: (
        (201 if p in {"finance", "finance2", "reviewer"} else 403) if _in_ledger(p) else 404
    ),
    "answer_item": lambda p, s: (200 if p == "clerk" else 403) if _in_ledger(p) else 404,
    "judge_item": lambda p, s: (409 if p in _FINANCE else 403) if _in_ledger(p) else 404,
    "sign_in_second": lambda p, s: 302,
    "nothing": lambda p, s: 404,
    "own_token": _only("clerk", done=204, otherwise=404),
    "own_token_page": _only("clerk", done=302, otherwise=404),
    "new_token": lambda p, s: 400 if p in _ADMINISTRATORS else 201,
    "security": _only("security"),
    "security_form": _only("security", done=400),
    "security_act": _only("security", done=302),
    "security_verb": _only("security"),
    "security_undone": _only("security", done=409),
    "new_person": _only("security", done=201),
    "grant": _only("security", done=201),
    "ungrant": _only("security", done=204),
    "places": _only("security", "system"),
    # the administrators' reading room; which rows there are is asked in test_reading_room.py
    "room": _only("security", "system", otherwise=404),
    "room_places": _only("security", "system", otherwise=404),
    "room_accounts": _only("security", otherwise=404),
    "room_places_row": lambda p, s: {200, 404} if p in {"security", "system"} else 404,
    "room_accounts_row": lambda p, s: {200, 404} if p == "security" else 404,
    "places_form": _only("security", "system", done=400),
    **{
        f"new_{kind}": _only("system", done=201)
        for kind in ("regions", "offices", "departments", "units")
    },
    "system": _only("system", otherwise=404),
    "trail": _only("auditor", "audit_admin", otherwise=404),
    "trail_form": lambda p, s: {400, 428} if p in {"auditor", "audit_admin"} else 404,
    # the rule lab: whoever reviews or audits, of whatever department; a wish is asked elsewhere
    "lab": _only(*_TRYING),
    "lab_api": _only(*_TRYING, done=400),
    # files that clerks bring: the unit's clerks', and nobody else's
    "own_upload": _only("clerk", otherwise=404),
    "upload_form": lambda p, s: {400, 428} if p == "clerk" else 404,
    "new_export": lambda p, s: 202,
    "own_export": _only("clerk", otherwise=404),
    # examinations
    "sees_findings": lambda p, s: 200 if _sees(p, s) and ROLES[p] != "report_reader" else 404,
    "sees_conclusion": _review_shown,
    "trial": lambda p, s: (
        (200 if s in EDITABLE else 409) if _sees(p, s) and ROLES[p] != "report_reader" else 404
    ),
    "try_progress": lambda p, s: (200 if s in EDITABLE else 409) if _sees(p, s) else 404,
    "conclude": lambda p, s: _writes(p, s, "finance_reviewer", 200, states={"department_reviewed"}),
    # the queue and spot checks
    "queue": _only(*_QUEUE, otherwise=404),
    "queue_form": lambda p, s: {400, 428} if p in _QUEUE else 404,
    "queue_decisions": lambda p, s: 403 if p == "auditor" else (200 if p in _QUEUE else 404),
    "new_spot_check": lambda p, s: {"finance": 201, "finance2": 201, "auditor": 403}.get(p, 404),
    "spot_check": _only("finance", "finance2", "auditor", otherwise=404),
    "spot_check_form": lambda p, s: {400, 428} if p in {"finance", "finance2", "auditor"} else 404,
    "spot_check_outcome": lambda p, s: {"finance": 200, "finance2": 200, "auditor": 403}.get(
        p, 404
    ),
    # proofreading against the figures of a unit
    "proof": lambda p, s: 200 if p in ROLES else 404,
    # An empty form says nothing that could be allowed; what filled ones come to is asked in
    # test_page_guards.py.
    "page_form": lambda p, s: {400, 428},
}
"""Rule → person and state → status, or statuses. Anonymous requests have their own."""


def _anonymous(route: Route, method: str, verb: Verb | None) -> set[int]:
    """Sent to sign in from a page, told so when a form or the API was sent."""
    if verb is not None and verb.who in {"open", "sign_in"}:
        return {200}
    if route.path == "api/v1/docs/":
        return {302}  # a page, but for every method
    if route.is_api:
        return {401, 403} if verb is not None else {401, 403, 405}
    found = {401} if method in UNSAFE else {302}
    return found if verb is not None else found | {405}


@pytest.fixture(scope="module")
def stage(
    cluster: Any, migrated: str, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[Standing]:
    with standing(cluster, migrated, django_db_blocker, tmp_path_factory.mktemp("media")) as found:
        filled = found.filled
        with seen_by_system():
            token, export = belongings(filled, "clerk")
        person = filled.cast["clerk2"]
        event = "SELECT max(id) FROM budgets_auditevent WHERE verb = 'create_project' OR verb = 'add_evidence'"
        filled.ids |= {
            "token": token,
            "export": export,
            "person": str(person.public_id),
            "department": str(filled.cast.department.public_id),
            "member": str(person.memberships.get().pk),
            "event": str(found.ask(event)[0][0]),
        }
        yield found


@pytest.fixture(scope="module")
def clients(stage: Standing) -> dict[str, Client]:
    found = {ANONYMOUS: Client()}
    for person in PEOPLE[1:]:
        found[person] = Client()
        found[person].force_login(stage.filled.cast[person])
    return found


class Sender:
    """Sends the request of a route that goes well for who may make it."""

    def __init__(self, stage: Standing) -> None:
        self.stage = stage
        self.ids = stage.filled.ids

    def send(self, client: Client, route: Route, method: str, verb: Verb | None) -> Any:
        identity = self.ids.get(route.takes, "")
        named = {"member": self.ids["member"], "pk": self.ids["event"], "sha256": ATTACHED}
        path = route.at(identity, seq=1, year=2024, **named)
        headers = {"Idempotency-Key": uuid.uuid4().hex} if method in UNSAFE else {}
        if verb and verb.versioned:
            headers["If-Match"] = f'"{self._version(route, verb)}"'
        if verb and verb.form:
            data = {"seq": 2, "file": SimpleUploadedFile("另一张.pdf", PDF + b"2")}
            return client.post(path, data, headers=headers)
        if verb and verb.typed:
            return client.generic(method, path, b"", content_type=FORM, headers=headers)
        body = self._body(route, method, verb)
        return client.generic(
            method, path, _json(body), content_type="application/json", headers=headers
        )

    def _version(self, route: Route, verb: Verb) -> int:
        table = {
            "target_table": "performance_targettable", "evaluation": "performance_evaluation",
            "monitoring": "performance_monitoring", "task": "performance_task",
            "spot_check_item": "performance_spotcheckitem",
            "rectification": "performance_rectificationitem",
        }[route.takes]  # fmt: skip
        if verb.who == "conclude":
            return int(
                self.stage.ask(
                    "SELECT x.lock_version FROM performance_examination x JOIN performance_targettable t"
                    " ON x.paper = 'target_table' AND x.paper_id = t.id WHERE t.public_id = %s",
                    self.ids[route.takes],
                )[0][0]
            )
        if verb.who in {"review", "send_feedback", "answer_feedback", "decide_objection"}:
            return int(self.stage.ask("SELECT lock_version FROM performance_review")[0][0])
        sql = f"SELECT lock_version FROM {table} WHERE public_id = %s"
        return int(self.stage.ask(sql, self.ids[route.takes])[0][0])

    def _body(self, route: Route, method: str, verb: Verb | None) -> Any:
        if verb is None or method not in UNSAFE:
            return None
        ids = self.ids
        if verb.who in {"save", "trial", "try_progress"}:
            return PAPERS[route.takes]()
        if verb.who == "review":
            line = {"points": "30", "reason_code": "rule", "reason": "没有材料"}
            return {"opinion": "可以"} if "opinion" in route.path else line
        return {
            "new_project": {"unit": ids["unit"], "name": "矩阵项目"},
            "new_target_table": {"project": ids["project"], "fiscal_year": 2031},
            "new_evaluation": {"project": ids["project"], "task": ids["task"]},
            "new_monitoring": {"project": ids["project"], "task": ids["task_monitoring"]},
            "new_task": {
                "paper": "evaluation", "fiscal_year": 2024, "title": "又一个任务", "deadline": DEADLINE.isoformat(),
                "units": [ids["unit"]],
            },
            "move_deadline": {"deadline": "2099-01-31T16:00:00Z", "reason": "系统升级"},
            "move": {"move": "submit"},
            "adjustment": {"reason_code": "budget_changed", "reason": "预算调整"},
            "open_review": {"digest": self._digest()},
            "conclude": {"digest": self._submitted(), "overall": "良", "words": "另有看法",
                         "aspects": dict.fromkeys(("完整性", "相关性", "适当性", "可行性"), "良")},
            "queue_decisions": {
                "verb": "accept",
                "rows": [{"paper": "target_table", "id": ids["target_table"], "digest": "0" * 64}],
            },
            "new_spot_check": {"task": ids["task"], "size": 1},
            "spot_check_outcome": {"points": "88.5", "words": "与台账核对"},
            "send_feedback": {"deadline": "2099-01-01T00:00:00Z"},
            "answer_feedback": {"seq": 1, "objects_to": True, "words": "不同意"},
            "decide_objection": {"seq": 1, "upheld": False, "words": "不采纳"},
            "raise_item": {"evaluation": ids["evaluation"], "what": "补齐", "deadline": "2025-06-30"},
            "answer_item": {"answer": "已补齐"},
            "judge_item": {"words": "核对过"},
            "new_person": {"username": "xinren", "display_name": "新人"},
            "grant": {"role": "auditor", "region": "360100"},
            "new_token": {"name": "程序", "scopes": ["read"], "days": 30},
            "new_regions": {"code": "360200", "name": "壬市", "parent": "360000"},
            "new_offices": {"region": "360100", "name": "教科文科"},
            "new_departments": {"region": "360100", "name": "丙局"},
            "new_units": {"department": ids["department"], "name": "甲三中心"},
            "new_export": {"list": "evaluations", "format": "csv"},
            "proof": {"text": "全年培训120人。", "unit": ids["unit"], "fiscal_year": 2024},
        }.get(verb.who, {})  # fmt: skip

    def _digest(self) -> str:
        return str(self.stage.ask("SELECT digest FROM performance_review")[0][0])

    def _submitted(self) -> str:
        sql = "SELECT digest FROM performance_snapshot WHERE paper = 'target_table' AND kind = 'submitted'"
        return str(self.stage.ask(f"{sql} ORDER BY id LIMIT 1")[0][0])


def _json(body: Any) -> bytes:
    import json

    return b"" if body is None else json.dumps(body, ensure_ascii=False).encode()


def _expected(route: Route, method: str, person: str, state: str) -> set[int]:
    verb = route.verbs.get(method) or (route.verbs.get("GET") if method == "HEAD" else None)
    if person == ANONYMOUS:
        return _anonymous(route, method, verb)
    if verb is None:
        return {405}
    found = RULES[verb.who](person, state)
    return found if isinstance(found, set) else {found}


def _events(stage: Standing) -> tuple[Any, ...]:
    return tuple(
        stage.ask(f"SELECT count(*) FROM {table}")[0][0]
        for table in (
            "budgets_auditevent",
            "budgets_auditchange",
            "budgets_idempotencykey",
            "performance_snapshot",
        )
    )


def test_every_route_and_method_is_listed() -> None:
    assert unlisted() == []
    assert {verb.who for route in ROUTES for verb in route.verbs.values()} <= set(RULES)


def test_an_unlisted_route_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.routes.ROUTES", ROUTES[1:])
    assert unlisted() == ["not listed: healthz"]
    planted = (Route("nowhere/", "", {}), *ROUTES)
    monkeypatch.setattr("tests.routes.ROUTES", planted)
    assert unlisted() == ["not served: nowhere/"]
    assert len(dict(addresses())) == len(ROUTES)


_REAL = {
    "target_table": set(STATES) - {"confirmed"},
    "evaluation": set(STATES) - {"approved", "superseded"},
    "monitoring": set(STATES) - {"confirmed", "published", "superseded"},
}
"""States a paper of each kind can come to."""
_STOOD = {
    "target_table": "approved",
    "evaluation": "department_reviewed",
    "monitoring": "unit_checked",
}
_FEW = ("clerk", "foreign_clerk")


def _cases(route: Route) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """State, method and people: for each answer that must come, one of those who must get it.

    With FULL everybody in every state. The draw is seeded by the case: the same in each run.
    """
    for state, method, people in _all_cases(route):
        if FULL:
            yield state, method, people
            continue
        if route.takes in PAPERS and not drawn(0.12, route.path, state, method):
            continue
        dice = random.Random(f"{route.path} {state} {method}")
        by_answer: dict[tuple[int, ...], list[str]] = {}
        for person in people:
            answer = tuple(sorted(_expected(route, method, person, state)))
            by_answer.setdefault(answer, []).append(person)
        if method not in route.verbs:
            by_answer.pop(dice.choice([*by_answer]) if len(by_answer) > 1 else (), None)
        yield state, method, tuple(dice.choice(group) for group in by_answer.values())


def _all_cases(route: Route) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """All of it, but what cannot differ by state or person only once."""
    states = [state for state in STATES if state in _REAL.get(route.takes, {"approved"})]
    for state in states:
        for method in route.verbs:
            if state in {"draft", "published", "approved"}:
                yield state, method, PEOPLE
            else:
                yield state, method, tuple(name for name in ROLES if name != "finance")
    others = [method for method in METHODS if method not in route.verbs]
    for method in others:
        yield states[0], method, (ANONYMOUS, *_FEW)


def test_who_gets_what(stage: Standing, clients: dict[str, Client]) -> None:
    sender = Sender(stage)
    counts: Counter[str] = Counter()
    wrong: list[Any] = []
    whole = sum(len(p) for r in ROUTES for _, _, p in _all_cases(r))
    for route in ROUTES:
        if route.path.startswith("sign-"):
            continue  # signs people in and out: asked below
        for state, method, people in _cases(route):
            if route.takes in PAPERS:
                stage.put(route.takes, state)
            before = _events(stage)
            for person in people:
                with undone():
                    response = sender.send(clients[person], route, method, route.verbs.get(method))
                response.close()
                counts[method] += 1
                counts[f"status {response.status_code}"] += 1
                expected = _expected(route, method, person, state)
                if response.status_code not in expected:
                    wrong.append(
                        (route.path, method, person, state, response.status_code, expected)
                    )
            assert _events(stage) == before
        if route.takes in PAPERS:
            stage.put(route.takes, _STOOD[route.takes])
    print(dict(counts), f"of {whole}")
    assert wrong == []
    assert whole > 4500
    assert sum(counts[method] for method in METHODS) > (4500 if FULL else 600)


def test_reading_changes_nothing(stage: Standing, clients: dict[str, Client]) -> None:
    """GET and HEAD really committed, by whoever: no event, no change, no key, no snapshot."""
    sender = Sender(stage)
    before = _events(stage)
    for route in ROUTES:
        everybody = (ANONYMOUS, "finance2", "auditor", *_FEW)
        for person in everybody if FULL else random.Random(route.path).sample(everybody, 2):
            for method in {"GET", "HEAD"} & {*route.verbs, "HEAD"}:
                if not route.path.startswith("sign-"):
                    sender.send(clients[person], route, method, route.verbs.get("GET")).close()
    assert _events(stage) == before


def test_signing_in_and_out_by_method(stage: Standing) -> None:
    client = Client()
    assert client.get("/sign-in/").status_code == 200
    assert client.patch("/sign-in/").status_code == 405
    for method in ("get", "put", "patch", "delete"):
        assert getattr(client, method)("/sign-out/").status_code in {302, 405}
    client.force_login(stage.filled.cast["clerk"])
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").status_code == 302
    assert client.get("/").status_code == 302


def test_no_unsafe_method_by_session_without_its_token(stage: Standing) -> None:
    sender, before = Sender(stage), _events(stage)
    tried = 0
    for person in ("clerk", "finance"):
        client = Client(enforce_csrf_checks=True)
        client.force_login(stage.filled.cast[person])
        for route in ROUTES:
            for method, verb in route.verbs.items():
                if method in UNSAFE:
                    response = sender.send(client, route, method, verb)
                    assert response.status_code == 403, (route.path, method, response.status_code)
                    tried += 1
    assert _events(stage) == before, "they only ever grow"
    assert tried >= 2 * 18


def test_a_token_of_another_origin_is_refused(stage: Standing) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(stage.filled.cast["clerk"])
    client.cookies["csrftoken"] = "c" * 32
    response = client.post(
        "/api/v1/projects/",
        data=b"{}",
        content_type="application/json",
        headers={
            "X-CSRFToken": "c" * 32,
            "Origin": "https://elsewhere.example",
            "Idempotency-Key": "k" * 8,
        },
    )
    assert response.status_code == 403
