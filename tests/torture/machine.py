"""The procedure as a state machine over HTTP, against a model of its own.

The model below is written from the description of the procedure, not from ``workflow.py``: two
hands must agree. Legal moves must be accepted, everything else refused, and every accepted move
leaves exactly one event. More than half of the steps are tried by whoever, whatever.
"""

from __future__ import annotations

import random
import sys
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, ClassVar

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.torture.report import Report, options, over
from tests.torture.stage import Server, as_the_service, own_database, session_of

WRITABLE = {"draft", "returned", "withdrawn"}
FORWARD = {
    "check": ("submitted", "unit_checked", "unit_head"),
    "review": ("unit_checked", "department_reviewed", "department_reviewer"),
}
BACK = {
    "return_to_clerk": "returned",
    "return_to_unit": "submitted",
    "return_to_department": "unit_checked",
}
HOLDER = {
    "submitted": "unit_head",
    "unit_checked": "department_reviewer",
    "department_reviewed": "finance_reviewer",
}
DEPTH = {"returned": 0, "submitted": 1, "unit_checked": 2, "department_reviewed": 3}
TAKEN_BACK = {
    "submitted": ("clerk", "withdrawn"),
    "unit_checked": ("unit_head", "submitted"),
    "department_reviewed": ("department_reviewer", "unit_checked"),
}
ROLES: dict[str, set[str]] = {
    "clerk": {"clerk"},
    "clerk2": {"clerk"},
    "head": {"unit_head"},
    "both": {"clerk", "unit_head", "department_reviewer", "finance_reviewer"},
    "reviewer": {"department_reviewer"},
    "finance": {"finance_reviewer"},
    "finance2": {"finance_reviewer"},
    "elsewhere": set(),
    "auditor": set(),
    "reader": set(),
    "sister_clerk": set(),
    "foreign_clerk": set(),
    "foreign_head": set(),
    "foreign_reviewer": set(),
    "system": set(),
}
VERBS = [
    "submit", "withdraw", "check", "review", "approve", "confirm", "return_to_clerk",
    "return_to_unit", "return_to_department", "publish", "supersede", "close", "publish_import",
]  # fmt: skip
EVENT_PER_KIND = {
    "target-tables": "target_table",
    "evaluations": "evaluation",
    "monitorings": "monitoring",
}


@dataclass
class Model:
    """What the harness believes of one paper."""

    kind: str
    public_id: str
    state: str = "draft"
    version: int = 1
    contributors: set[str] = field(default_factory=set)
    last: str = ""
    fit: bool = False
    digest: str = ""
    reviewed: bool = False
    adjusts: Model | None = None
    newest: bool = True

    def legal(self, person: str, verb: str) -> str | None:
        """The state a move leads to, or None when it must be refused. Digest and reason are given."""
        roles = ROLES[person]
        if verb == "submit":
            ok = self.state in WRITABLE and "clerk" in roles and self.fit
            return "submitted" if ok else None
        if verb == "withdraw":
            role, target = TAKEN_BACK.get(self.state, ("", ""))
            return target if role in roles and self.last == person else None
        if verb in {"publish", "close"}:
            return self._end(verb) if "finance_reviewer" in roles else None
        if person in self.contributors:
            return None
        if verb in FORWARD:
            source, target, role = FORWARD[verb]
            return target if self.state == source and role in roles else None
        if verb in {"approve", "confirm"}:
            if self.state != "department_reviewed" or "finance_reviewer" not in roles:
                return None
            if self.kind == "evaluations":
                return "confirmed" if verb == "confirm" and self.reviewed else None
            in_force = self.adjusts is None or self.adjusts.state in {"approved", "published"}
            return "approved" if verb == "approve" and in_force else None
        if verb in BACK:
            target = BACK[verb]
            holder = HOLDER.get(self.state)
            further = holder in roles and DEPTH[target] < DEPTH.get(self.state, 0)
            return target if further else None
        return None

    def _end(self, verb: str) -> str | None:
        published = self.state == "published"
        if verb == "publish":
            wanted = {"target-tables": "approved", "evaluations": "confirmed"}.get(self.kind)
            return "published" if self.state == wanted else None
        if self.kind == "target-tables":
            return "closed" if published or self.state == "approved" else None
        if self.kind == "monitorings":
            return "closed" if self.state == "approved" else None
        return "closed" if published else None


class Setting:
    """The running service, shared by all examples."""

    def __init__(self, port: int, people: dict[str, str], projects: Any) -> None:
        from tests.talk import HttpApi

        self.api = {name: HttpApi(port, session) for name, session in people.items()}
        self.new_project = projects
        self.tasks: dict[str, str] = {}
        self.counts: Counter[str] = Counter()

    def close(self) -> None:
        """Lets the connections go."""
        for api in self.api.values():
            api.close()


class Procedure(RuleBasedStateMachine):
    """Random hands on random papers of one project."""

    setting: ClassVar[Setting]

    def __init__(self) -> None:
        super().__init__()
        self.papers: list[Model] = []
        self.project = ""

    # ── beginning ───────────────────────────────────────────────────────────────────────────────

    @initialize()
    def begin(self) -> None:
        self.project = self.setting.new_project()
        self._begin("target-tables", "clerk", {"project": self.project, "fiscal_year": 2024})
        self.save("clerk", 0, fit=True, stale=1)
        self.save("clerk", 0, fit=True, stale=1)

    def _begin(self, kind: str, person: str, body: dict[str, Any]) -> Model:
        reply = self.setting.api[person].post(f"{kind}/", body)
        assert reply.status == 201, reply.body
        paper = Model(kind, reply.body["id"], contributors={person})
        self.papers.append(paper)
        return paper

    # ── writing ─────────────────────────────────────────────────────────────────────────────────

    @rule(
        person=st.sampled_from(sorted(ROLES)),
        which=st.integers(0, 9),
        fit=st.booleans(),
        stale=st.integers(0, 4),
    )
    def save(self, person: str, which: int, fit: bool, stale: int) -> None:
        paper = self.papers[which % len(self.papers)]
        version = max(1, paper.version - (1 if stale == 0 else 0))
        reply = self.setting.api[person].put(
            f"{paper.kind}/{paper.public_id}/content/", _content(paper.kind, fit), version=version
        )
        legal = "clerk" in ROLES[person] and paper.state in WRITABLE and version == paper.version
        self._count("save", legal, reply.status)
        assert (reply.status == 200) == legal, (paper, person, version, reply.body)
        if legal:
            paper.fit = fit
            paper.version = reply.version
            paper.contributors.add(person)

    def _count(self, what: str, legal: bool, status: int) -> None:
        assert status < 500, f"{what}: {status}"
        self.setting.counts["steps"] += 1
        self.setting.counts["legal" if legal else "illegal"] += 1
        self.setting.counts[f"status {status}"] += 1

    # ── moving ──────────────────────────────────────────────────────────────────────────────────

    @rule(
        person=st.sampled_from(sorted(ROLES)),
        verb=st.sampled_from(VERBS),
        which=st.integers(0, 9),
        careless=st.integers(0, 5),
        ahead=st.integers(0, 2),
        number=st.integers(0, 1 << 30),
    )
    def try_move(
        self, person: str, verb: str, which: int, careless: int, ahead: int, number: int
    ) -> None:
        """Up to two legal steps, then whoever tries whatever."""
        dice = random.Random(number)
        for _ in range(ahead):
            self._go_on(dice)
        self._move(self.papers[which % len(self.papers)], person, verb, careless)

    @rule(number=st.integers(0, 1 << 30), steps=st.integers(1, 4))
    def advance(self, number: int, steps: int) -> None:
        """A few legal steps."""
        dice = random.Random(number)
        for _ in range(steps):
            self._go_on(dice)

    def _go_on(self, dice: random.Random) -> None:
        """A legal step, forward far oftener than back, so that papers get somewhere."""
        paper = dice.choice(self.papers)
        if paper.state in WRITABLE and not paper.fit:
            self.save("clerk2", self.papers.index(paper), fit=True, stale=1)
        waits = paper.kind == "evaluations" and paper.state == "department_reviewed"
        if waits and not paper.reviewed:
            self.open_review("finance", seen=True)
        legal = [(p, v) for p in sorted(ROLES) for v in VERBS if paper.legal(p, v)]
        aside = {*BACK, "withdraw", "close"}
        forward = [(p, v) for p, v in legal if v not in aside]
        pool = forward if forward and dice.random() < 0.85 else legal
        if pool:
            person, verb = dice.choice(pool)
            self._move(paper, person, verb, careless=1)
        if self._in_force() is not None and dice.random() < 0.4:
            self.start(dice.choice(["evaluations", "monitorings"]), "clerk")
        elif dice.random() < 0.1:
            self.adjust("clerk")

    def _move(self, paper: Model, person: str, verb: str, careless: int) -> None:
        target = paper.legal(person, verb)
        judging = verb in FORWARD or verb in BACK or verb in {"approve", "confirm"}
        body: dict[str, Any] = {}
        if judging:
            body["digest"] = "0" * 64 if careless == 0 else paper.digest
        if verb in BACK and careless != 5:
            body |= {"reason_code": "other", "reason": "请修改"}
        if careless == 0 and judging and target is not None:
            target = None
        if careless == 5 and verb in BACK:
            target = None
        if judging and not paper.digest:
            target = None
        before = self._events(paper)
        reply = self.setting.api[person].move(paper.kind, paper.public_id, verb, **body)
        legal = target is not None
        self._count(verb, legal, reply.status)
        assert (reply.status == 200) == legal, (paper, person, verb, body, reply.body)
        assert self._events(paper) == before + legal, (paper, person, verb)
        if target is not None:
            self._moved(paper, person, verb, target)
        found = self._row(paper)
        assert found == (paper.state, paper.version), (found, paper, person, verb)

    def _moved(self, paper: Model, person: str, verb: str, target: str) -> None:
        left = paper.state
        paper.state, paper.last = target, person
        paper.version += 1
        if verb == "submit":
            paper.contributors.add(person)
            found = self.setting.api["auditor"].content(paper.kind, paper.public_id)
            paper.digest = found.body["digest"]
        if paper.kind == "evaluations" and left == "department_reviewed" and verb != "confirm":
            paper.reviewed = False
        if verb == "approve" and paper.adjusts is not None:
            old = paper.adjusts
            old.state, old.last = "superseded", person
            old.version += 1
            assert self._row(old) == (old.state, old.version)

    # ── what hangs on an approved table ─────────────────────────────────────────────────────────

    def _in_force(self) -> Model | None:
        return next(
            (
                p
                for p in self.papers
                if p.kind == "target-tables" and p.state in {"approved", "published"}
            ),
            None,
        )

    @precondition(lambda self: self._in_force() is not None)
    @rule(
        kind=st.sampled_from(["evaluations", "monitorings"]),
        person=st.sampled_from(["clerk", "both", "finance"]),
    )
    def start(self, kind: str, person: str) -> None:
        body = {"project": self.project, "task": self.setting.tasks[kind]}
        there = any(paper.kind == kind for paper in self.papers)
        reply = self.setting.api[person].post(f"{kind}/", body)
        legal = not there and "clerk" in ROLES[person]
        self._count("start", legal, reply.status)
        assert (reply.status == 201) == legal, (person, reply.body)
        if legal:
            self.papers.append(Model(kind, reply.body["id"], contributors={person}))

    @rule(person=st.sampled_from(["clerk", "clerk2", "both", "head", "finance"]))
    def adjust(self, person: str) -> None:
        tables = [p for p in self.papers if p.kind == "target-tables"]
        paper = tables[-1]
        reply = self.setting.api[person].post(
            f"target-tables/{paper.public_id}/adjustments/",
            {"reason_code": "budget_changed", "reason": "预算调整"},
        )
        legal = "clerk" in ROLES[person] and paper.state in {"approved", "published"}
        self._count("adjust", legal, reply.status)
        assert (reply.status == 201) == legal, (paper, person, reply.body)
        if legal:
            # every version of a table counts: who wrote the old one is no judge of the new
            made = Model(
                "target-tables",
                reply.body["id"],
                contributors=set().union(*(p.contributors for p in tables), {person}),
                fit=paper.fit,
                adjusts=paper,
            )
            for one in tables:
                one.contributors = made.contributors
            self.papers.append(made)

    @rule(
        person=st.sampled_from(["finance", "finance2", "both", "clerk", "reviewer"]),
        seen=st.booleans(),
    )
    def open_review(self, person: str, seen: bool) -> None:
        paper = next((p for p in self.papers if p.kind == "evaluations"), None)
        if paper is None:
            return
        digest = paper.digest if seen and paper.digest else "1" * 64
        reply = self.setting.api[person].post(
            f"evaluations/{paper.public_id}/review/", {"digest": digest}
        )
        legal = (
            paper.state == "department_reviewed"
            and "finance_reviewer" in ROLES[person]
            and person not in paper.contributors
            and not paper.reviewed
            and digest == paper.digest
        )
        self._count("open_review", legal, reply.status)
        assert (reply.status == 201) == legal, (paper, person, reply.body)
        if legal:
            paper.reviewed = True

    # ── the database's word ─────────────────────────────────────────────────────────────────────

    def _row(self, paper: Model) -> tuple[str, int]:
        rows = as_the_service(
            f"SELECT status, lock_version FROM performance_{_TABLES[paper.kind]} WHERE public_id = %s",
            [paper.public_id],
        )
        return rows[0][0], rows[0][1]

    def _events(self, paper: Model) -> int:
        rows = as_the_service(
            "SELECT count(*) FROM budgets_auditevent WHERE object_type = %s AND object_id = %s",
            [EVENT_PER_KIND[paper.kind], str(uuid.UUID(paper.public_id))],
        )
        return int(rows[0][0])


_TABLES = {"target-tables": "targettable", "evaluations": "evaluation", "monitorings": "monitoring"}


def _content(kind: str, fit: bool) -> dict[str, Any]:
    from tests.contents import actuals, progress, targets

    note = uuid.uuid4().hex
    if kind == "target-tables":
        return targets(unit=note) if fit else targets(unit=note, objectives=[])
    if kind == "evaluations":
        return actuals(improvement=note) if fit else actuals(improvement=note, execution=None)
    return progress(cause=note) if fit else progress(cause=note, executed="")


def people_and_tasks(port: int) -> Setting:
    """The cast with sessions, a way to make projects, and the two tasks."""
    from budgets.access import seen_by_system
    from budgets.models import Project
    from tests.cast import assemble
    from tests.contents import DEADLINE

    with seen_by_system():
        cast = assemble()
        sessions = {name: session_of(user) for name, user in cast.people.items()}
        unit_id, department_id = cast.unit.pk, cast.department.pk
        unit = str(cast.unit.public_id)

    def new_project() -> str:
        with seen_by_system():
            made = Project.unscoped.create(
                name=uuid.uuid4().hex, unit_id=unit_id, department_id=department_id
            )
        return str(made.public_id)

    setting = Setting(port, sessions, new_project)
    for kind, paper, month in (
        ("evaluations", "evaluation", None),
        ("monitorings", "monitoring", 7),
    ):
        body = {
            "paper": paper,
            "fiscal_year": 2024,
            "month": month,
            "title": paper,
            "deadline": DEADLINE.isoformat(),
            "units": [unit],
        }
        reply = setting.api["finance"].post("tasks/", body)
        assert reply.status == 201, reply.body
        setting.tasks[kind] = reply.body["id"]
    return setting


def play(setting: Setting, first_seed: int, steps: int, length: int = 50) -> None:
    """Plays examples until ``steps`` steps were made; raises on the first disagreement."""
    Procedure.setting = setting
    number = first_seed
    while setting.counts["steps"] < steps and not over():
        missing = steps - setting.counts["steps"]
        machine = seed(number)(type("Procedure", (Procedure,), {}))
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=max(2, min(50, missing // length + 1)),
                stateful_step_count=length,
                deadline=None,
                database=None,
                phases=(Phase.generate,),
                suppress_health_check=list(HealthCheck),
            ),
        )
        number += 1
        setting.counts["seeds"] += 1


def main() -> int:
    """The whole harness, by hand."""
    given = options("the procedure as a state machine", steps=10_000)
    report = Report("machine", given)
    with own_database() as (cluster, folder):
        server = Server(folder, cluster.address("perf_app"), cluster.address("perf_owner"))
        with server.running():
            setting = people_and_tasks(server.port)
            violation = ""
            try:
                play(setting, given.seed, given.steps)
            except AssertionError as error:
                violation = str(error)[:2000]
    counts = dict(sorted(setting.counts.items()))
    return report.finish(
        given.report,
        counts=counts,
        illegal_share=round(counts.get("illegal", 0) / max(1, counts.get("steps", 0)), 3),
        violations=[violation] if violation else [],
    )


if __name__ == "__main__":
    sys.exit(main())
