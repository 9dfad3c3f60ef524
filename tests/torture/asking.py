"""What 甲局's people ask: every route, right and wrong, theirs and others', reads and writes."""

from __future__ import annotations

import hashlib
import random
import re
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

from tests.contents import DEADLINE, actuals, progress, targets
from tests.routes import METHODS, ROUTES, UNSAFE, Route, Verb
from tests.torture.replay import Answer, Ask
from tests.torture.worldbuild import A_PROJECTS, B_CODES, FILES, Known

PEOPLE = (
    ("clerk", 30), ("clerk2", 10), ("head", 12), ("reviewer", 12), ("finance2", 22), ("sister_clerk", 6), ("anonymous", 5),
)  # fmt: skip
_ATTACHED = [hashlib.sha256(data).hexdigest() for data in FILES]
_CONTENTS = {"target_table": targets, "evaluation": actuals, "monitoring": progress}
_QUERIES = ("search", "q", "order", "ordering", "sort", "limit", "offset", "page", "filter", "status",
            "fiscal_year", "unit", "department", "project__name", "score__gte")  # fmt: skip


class Asker:
    """Makes one request after another out of its dice and what the answers taught it."""

    def __init__(self, dice: random.Random, known: Known, focus: tuple[str, ...] = ()) -> None:
        self.dice, self.known = dice, known
        self.own = {kind: list(ids) for kind, ids in known.own.items()}
        self.focus = [route for route in ROUTES if route.path in focus]
        self.versions: dict[str, int] = {}
        self.digests: dict[str, str] = {}
        self.etags: dict[str, str] = {}
        self.cursors: list[str] = []
        self.next: list[Ask] = []
        self._keys = 0
        self.earnest = False
        self._unasked = [(r, method) for r in ROUTES for method in r.verbs]
        dice.shuffle(self._unasked)
        self.bodies: dict[str, Callable[[Route, str], Any]] = {
            "new_project": self._new_project,
            "new_target_table": lambda r, i: {
                "project": self._id("project"), "fiscal_year": self._one(2024, 2025, 2026, 1990, "x"),
                **({"task": self._id("task")} if self._chance(0.3) else {}),
            },
            "new_evaluation": lambda r, i: {"project": self._id("project"), "task": self._id("task")},
            "new_monitoring": lambda r, i: {"project": self._id("project"), "task": self._id("task")},
            "new_task": self._new_task,
            "close_task": lambda r, i: {},
            "move_deadline": lambda r, i: {
                "deadline": self._one("2098-06-30T16:00:00Z", "2099-06-30T16:00:00Z", "2000-01-01T00:00:00Z", "x"),
                "reason": self._one("系统升级两天", "单位人手不够", " "),
            },
            "save": lambda r, i: self._content(r.takes),
            "trial": lambda r, i: self._content(r.takes),
            "try_progress": lambda r, i: self._content(r.takes),
            "move": self._move,
            "adjustment": lambda r, i: {"reason_code": self._one("budget_changed", "other", "no"), "reason": "调整"},
            "open_review": lambda r, i: {"digest": self.digests.get(i, "0" * 64)},
            "review": self._review,
            "conclude": lambda r, i: {
                "digest": self.digests.get(i, "0" * 64), "overall": self._one("优", "良", "差", "好"), "words": "另有看法",
                "aspects": dict.fromkeys(("完整性", "相关性", "适当性", "可行性"), self._one("优", "中")),
            },
            **self._queue_bodies(),
            "evidence": lambda r, i: {"seq": self._one(1, 2, 3, 9), "note": "附件"},
            "remove_evidence": lambda r, i: {},
            # what comes of reviews
            "send_feedback": lambda r, i: {"deadline": self._one("2099-01-01T00:00:00Z", "2000-01-01T00:00:00Z", "x")},
            "answer_feedback": lambda r, i: self._one({}, {"seq": self._one(1, 2, 9), "objects_to": True, "words": "不同意"}),
            "decide_objection": lambda r, i: {"seq": self._one(1, 2, 9), "upheld": self._one(True, False), "words": "决定"},
            "raise_item": lambda r, i: {
                "evaluation": self._id("evaluation"), "what": "补齐材料", "deadline": self._one("2025-06-30", "x"),
            },
            "answer_item": lambda r, i: {"answer": self._one("已补齐", " ")},
            "judge_item": lambda r, i: {"words": self._one("核对过", "")},
            "sign_in": lambda r, i: {"username": self._one("clerk", "foreign_clerk", "nobody"), "password": "wrong"},
            "sign_out": lambda r, i: {},
            "sign_in_second": lambda r, i: {"code": "000000"},
            "page_form": self._page_form,
            "new_export": lambda r, i: {
                "list": self._one("evaluations", "target_tables", "projects"), "format": self._one("csv", "xlsx"),
            },
            # files that clerks bring
            "upload_form": lambda r, i: {
                "take.2": "on", "as.2": "target_table", "project.2": self._one("new", self._id("project")),
                "name.2": f"甲项目{self.dice.randrange(A_PROJECTS)}", "year.2": self._one("2024", "2025", "x"),
            },
            "trail_form": lambda r, i: {"act": "verify"},
            # proofreading
            "proof": lambda r, i: {"text": "培训120人，支出3万元。", "document": self._id("document")},
            "new_token": lambda r, i: {"name": "程序", "scopes": [self._one("read", "write")], "days": self._one(1, 90)},
            "new_person": lambda r, i: {"username": self._one("xinren", "foreign_clerk"), "display_name": "新人"},
            "grant": lambda r, i: {"role": "clerk", "unit": self._id("unit")},
            "new_units": lambda r, i: {"department": self._id("unit"), "name": "新中心"},
            **{
                name: lambda r, i: {}
                for name in ("own_token", "own_token_page", "security", "security_form", "security_act", "security_verb",
                             "security_undone", "ungrant", "places_form", "new_regions", "new_offices", "new_departments")
            },
        }  # fmt: skip

    def _queue_bodies(self) -> dict[str, Callable[[Route, str], Any]]:
        """Bodies of the queue and of spot checks."""

        def decisions(route: Route, identity: str) -> Any:
            kind = self._one("target_table", "evaluation")
            public_id = self._id(kind)
            row = {"paper": kind, "id": public_id, "digest": self.digests.get(public_id, "0" * 64)}
            return {
                "verb": self._one("accept", "open_review", "return_to_clerk", "return_to_unit"),
                "rows": [row],
                **self._one({}, {"reason_code": "other", "reason": "再看一看"}),
            }

        return {
            "queue_decisions": decisions,
            "queue_form": lambda r, i: (
                {"task": self._id("task"), "size": self._one(1, 3, 0), "seed": self._one("", "7")}
                if r.path == "spot-checks/"
                else {"verb": "accept", "row": f"target_table:{self._id('target_table')}:{'0' * 64}"}
            ),
            "new_spot_check": lambda r, i: {"task": self._id("task"), "size": self._one(1, 5), "seed": "7"},
            "spot_check": lambda r, i: {},
            "spot_check_form": lambda r, i: self._one({"recount": "1"}, {}) or {
                "item": self._id("spot_check_item"), "version": self._one(1, 2), "points": self._one("80", "x"),
                "words": "与台账核对",
            },
            "spot_check_outcome": lambda r, i: {"points": self._one("80", "101"), "words": "与台账核对"},
        }  # fmt: skip

    # ── the next request ────────────────────────────────────────────────────────────────────────

    def ask(self) -> Ask:
        """One request; what an answer suggested goes first, then what was never asked."""
        self.earnest = False
        if self.next and self._chance(0.5):
            return self.next.pop(0)
        if not self.focus and self._chance(0.3):
            return self._earnest()
        person = self.dice.choices(*zip(*PEOPLE, strict=True))[0]
        if self.focus and self._chance(0.8):
            route = self.dice.choice(self.focus)
            method = self._one(*route.verbs)
            return self._made("clerk", route, method)
        if self._unasked and self._chance(0.2):
            route, method = self._unasked.pop()
            return self._made(person, route, method)
        route = self.dice.choice(ROUTES)
        if self._chance(0.03):
            return self._made(person, route, self._one(*METHODS))
        return self._made(person, route, self._one(*route.verbs))

    def _earnest(self) -> Ask:
        """A write by whoever may make it, of one's own things: most of these are accepted."""
        self.earnest = True
        route, method = self._one(*_WRITES)
        return self._made(self._one(*_HANDS[route.verbs[method].who]), route, method)

    def _made(self, person: str, route: Route, method: str) -> Ask:
        if route.path.startswith("sign-") and method in UNSAFE:
            person = "anonymous"  # nobody is signed out in the middle of it
        identity = self._id(route.takes) if route.takes else ""
        path = route.at(
            self._written(identity),
            seq=self._one(0, 1, 2, 7),
            year=self._one(2024, 2023),
            member=self._one(0, 1, 9),
            pk=self._one(1, 9, 99, 10**9),
            sha256=self._one(*_ATTACHED, "0" * 64),
        )
        verb = route.verbs.get(method)
        headers = self._headers(path, method, verb, identity)
        if method in {"GET", "HEAD"}:
            method = "HEAD" if self._chance(0.12) else method
            return Ask(person, method, path + self._query(), route.path, headers=headers)
        body = self.bodies[verb.who](route, identity) if verb else {}
        file = None
        if verb and verb.typed:
            body = {**body, "form_key": f"world-form-{self._keys:05d}"}
            return Ask(person, method, path, route.path, body=body, headers=headers, typed=True)
        if verb and verb.form:
            file = (self._one("甲.pdf", "丙秘密.pdf", "x.exe"), self.dice.choice(FILES))
        elif not self.earnest and self._chance(0.04) and isinstance(body, dict):
            body = {**body, self._one("status", "department", "unit_id", "lock_version"): 1}
        return Ask(person, method, path, route.path, body=body, headers=headers, file=file)

    def _headers(self, path: str, method: str, verb: Verb | None, identity: str) -> dict[str, str]:
        found = {}
        if method in UNSAFE:
            self._keys += 1
            again = not self.earnest and self._chance(0.03)
            number = self.dice.randrange(self._keys) if again else self._keys
            if self.earnest or not self._chance(0.02):
                found["Idempotency-Key"] = f"world-key-{number:05d}"
        if verb and verb.versioned and (self.earnest or not self._chance(0.03)):
            version = self.versions.get(f"{verb.who in _OF_REVIEW}{identity}", self._one(1, 2, 3))
            found["If-Match"] = f'"{version + (0 if self.earnest else self._one(0, 0, 0, 1))}"'
        elif path in self.etags and self._chance(0.4):
            found["If-None-Match"] = self.etags[path]
        return found

    def _query(self) -> str:
        if self._chance(0.55):
            return ""
        some = self.dice.choice(["project", "target_table", "evaluation", "monitoring", "document"])
        cursor = self._one(
            self._id(some),
            self._one(*self.cursors) if self.cursors else "",
            "0",
            "-1",
            "不是",
            "%00",
        )
        found = {"cursor": cursor} if self._chance(0.7) else {}
        if self._chance(0.4):
            found[self._one(*_QUERIES)] = self._one("乙秘", "-id", "1", "甲项目1", self._id("unit"))
        return "?" + urlencode(found)

    # ── things ──────────────────────────────────────────────────────────────────────────────────

    def _chance(self, share: float) -> bool:
        return self.dice.random() < share

    def _one(self, *choices: Any) -> Any:
        return self.dice.choice(choices)

    def _id(self, kind: str) -> str:
        """Mostly one's own, often 乙局's, sometimes nobody's."""
        where = self.dice.random() * (0.7 if self.earnest or self.focus else 1)
        if where < 0.68 and self.own.get(kind):
            return self.dice.choice(self.own[kind])
        if where < 0.92 and self.known.theirs.get(kind):
            return self.dice.choice(self.known.theirs[kind])
        return str(uuid.UUID(int=self.dice.getrandbits(128), version=4))

    def _written(self, identity: str) -> str:
        if identity and not self.earnest and self._chance(0.04):
            return str(
                self._one(identity.upper(), "0", quote("⟨无⟩"), identity[:-1], identity + "0")
            )
        return identity

    def _new_project(self, route: Route, identity: str) -> Any:
        number = self.dice.randrange(max(B_CODES, A_PROJECTS))
        unit = self.own["unit"][0] if self.earnest or self.focus else self._id("unit")
        return {
            "unit": unit,
            "name": self._one(
                f"甲项目{number}", f"乙项目{number}", f"新项目{self.dice.randrange(10**6)}"
            ),
            "code": self._one("", f"A-{number:02d}", f"B-{number:02d}", f"B-{number:02d}", "B-N1"),
        }

    def _new_task(self, route: Route, identity: str) -> Any:
        paper = self._one("target_table", "evaluation", "monitoring")
        return {
            "paper": paper,
            "fiscal_year": 2024,
            "title": self._one(
                f"任务{self.dice.randrange(8)}", "2024 年自评", f"甲任务{self._keys}"
            ),
            "deadline": DEADLINE.isoformat(),
            "units": [self._id("unit")],
            **({"month": self._one(6, 7, 9)} if paper == "monitoring" else {}),
        }

    def _content(self, kind: str) -> Any:
        word = f"写{self.dice.randrange(100)}"
        if self._chance(0.05):
            return {"status": "approved"}
        if kind == "target_table":
            return targets(unit=word)
        if kind == "evaluation":
            return actuals(improvement=word)
        return progress(measures=word)

    def _page_form(self, route: Route, identity: str) -> Any:
        """The form of a page, filled as a person would: mostly something that can be done."""
        if route.path == "projects/new/":
            return self._new_project(route, identity)
        if route.path == "target-tables/new/":
            year = self._one(2024, 2025, 2026)
            return {
                "project": self._id("project"),
                "fiscal_year": year,
                "task": self._one("", self._id("task")),
            }
        if route.path == "tasks/new/":
            body = self._new_task(route, identity)
            return {**body, "unit": body["units"][0], "deadline": "2098-12-31T18:00"}
        if route.path == "projects/":
            return {"format": self._one("csv", "x"), "q": self._one("", "乙秘")}
        if route.path == "imports/":
            return {"unit": self._id("unit")}
        if route.path == "desk/":
            return {"act": "read"}
        if route.path == "proof/":
            place = f"{self._id('unit')}/2024"
            return {"text": "培训120人，支出3万元。", "place": self._one("", place)}
        if route.path == "exports/":
            return {"list": self._one("evaluations", "projects"), "format": "csv"}
        if route.takes == "task":
            act = self._one("close", "deadline", "start", "remind", "remind_all", "nothing")
            return {
                "act": act,
                "unit": self._id("unit"),
                "version": self._one(1, 2),
                "project": self._id("project"),
                "deadline": self._one("2098-06-30T18:00", "2099-06-30T18:00", "明天"),
                "reason": self._one("系统升级两天", ""),
            }
        if route.takes in _CONTENTS:
            return self._paper_form(route, identity)
        return {"old": "错", "new": "也错", "again": "不同", "name": "程序", "days": "x"}

    def _paper_form(self, route: Route, identity: str) -> Any:
        version = self.versions.get(f"False{identity}", self._one(1, 2, 3))
        if self._chance(0.5):
            # Imported late: a harness run by hand sets Django up first.
            from performance.web.fields import flat_content

            content = flat_content(self._content(route.takes))
            return {
                "act": self._one(
                    "save", "save", "save:submit", "save:checkup", "examine", "earlier"
                ),
                "version": version,
                **content,
            }
        said = self._move(route, identity)
        return {
            **said,
            "act": f"move:{said['move']}",
            "adjustment": "调整",
            "opinion": "可以",
            "version": version,
        }

    def _move(self, route: Route, identity: str) -> Any:
        verbs = ("submit", "withdraw", "check", "review", "approve", "confirm", "return_to_clerk",
                 "return_to_unit", "publish", "close", "nothing")  # fmt: skip
        return self._said(self._one(*verbs), identity)

    def _said(self, verb: str, identity: str) -> dict[str, Any]:
        said: dict[str, Any] = {"move": verb, "digest": self.digests.get(identity, "")}
        if verb.startswith("return"):
            said |= {"reason_code": "other", "reason": "再看"}
        return said

    def _review(self, route: Route, identity: str) -> Any:
        if "opinion" in route.path:
            return {"opinion": f"意见{self.dice.randrange(9)}"}
        points = self._one("1", "10", "30", "99")
        return {"points": points, "reason_code": "rule", "reason": "没有材料"}

    # ── what an answer teaches ──────────────────────────────────────────────────────────────────

    def learn(self, ask: Ask, answer: Answer) -> None:
        """Takes ids, versions, digests and cursors out of an answer, and thinks of what comes next."""
        etag = dict(answer.headers).get("ETag")
        if etag:
            self.etags[ask.path.split("?")[0]] = etag
        self._learn_from_page(ask, answer)
        body = answer.body
        if not isinstance(body, dict):
            return
        if isinstance(body.get("next"), str):
            self.cursors.append(body["next"])
            if self._chance(0.3):
                self.next.append(
                    Ask(
                        ask.person,
                        "GET",
                        f"{ask.path.split('?')[0]}?{urlencode({'cursor': body['next']}, safe='⟨⟩ ')}",
                        ask.route,
                    )
                )
        identity = body.get("id")
        if not isinstance(identity, str) or answer.status not in {200, 201, 202}:
            return
        if (
            answer.status in {201, 202}
            and ask.route in _MAKES
            and identity not in self.own.get(_MAKES[ask.route], [])
        ):
            self.own.setdefault(_MAKES[ask.route], []).append(identity)
        if answer.status == 201 and ask.file is not None and self._chance(0.5):
            self._take_away(ask, body["version"])
        if isinstance(body.get("version"), int):
            self.versions[f"{'/review/' in ask.path}{identity}"] = body["version"]
        if "digest" in body:
            self.digests[identity] = body["digest"]
            self._follow(ask, identity, body)

    def _learn_from_page(self, ask: Ask, answer: Answer) -> None:
        """Where a form led: what it made is one's own from now on."""
        found = _MADE.search(dict(answer.headers).get("Location", "")) if ask.typed else None
        if found is None:
            return
        kind = _PAGES.get(found[1], "project")
        if found[2] not in self.own.setdefault(kind, []):
            self.own[kind].append(found[2])

    def _take_away(self, ask: Ask, version: int) -> None:
        """After evidence was attached: the same file off the same line."""
        assert ask.file is not None
        self._keys += 1
        headers = {"Idempotency-Key": f"world-key-{self._keys:05d}", "If-Match": f'"{version}"'}
        sha256 = hashlib.sha256(ask.file[1]).hexdigest()
        path = f"{ask.path.split('?')[0]}{ask.body['seq']}/{sha256}/"
        self.next.append(
            Ask(ask.person, "DELETE", path, f"{ask.route}<int:seq>/<str:sha256>/", {}, headers)
        )

    def _follow(self, ask: Ask, identity: str, body: dict[str, Any]) -> None:
        """After a content: the move that is offered, or a save."""
        path = ask.path.split("?")[0]
        kind = next(route.takes for route in ROUTES if route.path == ask.route)
        if body["editable"] and self._chance(0.7):
            self._keys += 1
            headers = {
                "Idempotency-Key": f"world-key-{self._keys:05d}",
                "If-Match": f'"{body["version"]}"',
            }
            content = self._content(kind)
            self.next.append(Ask(ask.person, "PUT", path, ask.route, content, headers))
            self.next.append(Ask(ask.person, "GET", path, ask.route))
        if body["moves"] and self._chance(0.7):
            verb = self._one(*body["moves"])["verb"]
            self._keys += 1
            headers = {"Idempotency-Key": f"world-key-{self._keys:05d}"}
            moves = path.replace("/content/", "/moves/")
            self.next.append(
                Ask(
                    ask.person,
                    "POST",
                    moves,
                    ask.route.replace("content/", "moves/"),
                    self._said(verb, identity),
                    headers,
                )
            )


_OF_REVIEW = {"review", "send_feedback", "answer_feedback", "decide_objection"}
"""Rules whose version is the review's, not the paper's."""
_HANDS = {
    "new_project": ("clerk", "clerk2"),
    "new_target_table": ("clerk", "clerk2"),
    "new_evaluation": ("clerk",),
    "new_monitoring": ("clerk",),
    "new_task": ("finance2",),
    "close_task": ("finance2",),
    "move_deadline": ("finance2",),
    "queue_decisions": ("finance2",),
    "new_spot_check": ("finance2",),
    "spot_check_outcome": ("finance2",),
    "save": ("clerk", "clerk2"),
    "move": ("clerk", "head", "reviewer", "finance2"),
    "adjustment": ("clerk",),
    "open_review": ("finance2",),
    "review": ("finance2",),
    "conclude": ("finance2",),
    "evidence": ("clerk",),
    "send_feedback": ("finance2",),
    "answer_feedback": ("clerk",),
    "decide_objection": ("finance2",),
    "raise_item": ("reviewer", "finance2"),
    "answer_item": ("clerk",),
    "judge_item": ("reviewer", "finance2"),
    "new_export": ("clerk", "head"),
    "new_token": ("clerk", "clerk2"),
    "own_token": ("clerk",),
    "upload_form": ("clerk", "clerk2"),
    "page_form": ("clerk", "clerk", "head", "reviewer", "finance2"),
}
"""Rule of the table of routes → those of 甲局 who may."""
_WRITES = [
    (r, m) for r in ROUTES for m, verb in r.verbs.items() if m in UNSAFE and verb.who in _HANDS
]
_MADE = re.compile(r"(papers/[a-z-]+/|tasks/|project=)([0-9a-f-]{36}|⟨id \d+⟩)")
_PAGES = {
    "papers/target-tables/": "target_table", "papers/evaluations/": "evaluation",
    "papers/monitorings/": "monitoring", "tasks/": "task",
}  # fmt: skip
_MAKES = {
    "api/v1/projects/": "project",
    "api/v1/target-tables/": "target_table",
    "api/v1/evaluations/": "evaluation",
    "api/v1/monitorings/": "monitoring",
    "api/v1/tasks/": "task",
    "api/v1/rectifications/": "rectification",
    "api/v1/exports/": "export",
    "api/v1/tokens/": "token",
    "api/v1/target-tables/<uuid:public_id>/adjustments/": "target_table",
}
"""Addresses that make something, and what."""
