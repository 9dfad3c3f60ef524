"""Judging one's own work, tried by page, API and raw SQL: refused every time.

Who is tried: whoever wrote, submitted, wrote an older version, wrote before a role was granted,
wrote before being transferred, wrote before the unit was moved, or entered a self-evaluation. At
each state every judging move of the table is tried in every way; then another person makes the
same kind of move in one of the same ways and must be let through.
"""

from __future__ import annotations

import random
import sys
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.contents import DEADLINE, actuals, targets
from tests.torture.report import Report, controls_follow, options, over
from tests.torture.stage import Server, as_the_service, own_database, session_of

TABLES, EVALUATIONS = "target-tables", "evaluations"
WAYS = ("page", "api", "sql")
ROLES = ("clerk", "unit_head", "department_reviewer", "finance_reviewer")
HANDS = {"submitted": "head", "unit_checked": "reviewer", "department_reviewed": "finance"}
FORWARD = {"submitted": "check", "unit_checked": "review"}
NAMES = {TABLES: "target_table", EVALUATIONS: "evaluation"}
SITUATIONS = (
    "writer", "submitter", "older_version", "granted_later", "transferred", "unit_moved",
    "evaluation",
)  # fmt: skip


@dataclass
class Bureau:
    """The people, each with a way in, however the service runs."""

    cast: Any
    way_in: Callable[[Any], Any]
    """An account's way to the API."""
    form: Callable[[Any, str, dict[str, str]], int]
    """Sends a page's form; its status."""
    known: dict[int, Any] = field(default_factory=dict)
    task: str = ""

    def api(self, person: Any) -> Any:
        """The account's way in, kept."""
        found = self.cast[person] if isinstance(person, str) else person
        if found.pk not in self.known:
            self.known[found.pk] = self.way_in(found)
        return self.known[found.pk]

    def account(self, *roles: str) -> Any:
        """A new account with roles."""
        from budgets.access import seen_by_system
        from budgets.models import User

        with seen_by_system():
            user = User.objects.create_user(uuid.uuid4().hex[:12], None, display_name="自审人")
            for role in roles:
                self.grant(user, role)
        return user

    def grant(self, user: Any, role: str) -> None:
        """One role more."""
        from budgets.access import seen_by_system
        from budgets.models import Member

        scope: dict[str, Any] = {"department": self.cast.department}
        if role in {"clerk", "unit_head"}:
            scope["unit"] = self.cast.unit
        if role == "finance_reviewer":
            scope = {"region": self.cast.region}
        with seen_by_system():
            Member.objects.create(user=user, role=role, **scope)

    def new_project(self) -> str:
        """A project of the unit."""
        from budgets.access import seen_by_system
        from budgets.models import Project

        with seen_by_system():
            made = Project.unscoped.create(
                name=uuid.uuid4().hex, unit=self.cast.unit, department=self.cast.department
            )
        return str(made.public_id)


class SelfReview:
    """The tries and what came of them."""

    def __init__(self, bureau: Bureau, seed: int) -> None:
        self.bureau = bureau
        self.dice = random.Random(seed)
        self.counts: Counter[str] = Counter()
        self.accepted: list[str] = []
        self.held_up: list[str] = []
        """Moves by somebody else that were refused: the harness would see nothing."""

    def play(self, tries: int) -> None:
        """Situations in turn until there were enough tries."""
        number = self.dice.randrange(len(SITUATIONS))
        while self.counts["tries"] < tries and not over():
            situation = SITUATIONS[number % len(SITUATIONS)]
            number += 1
            kind, public_id, person = getattr(self, f"_{situation}")()
            self._walk(situation, kind, public_id, person, tries)

    # ── how the work became one's own ───────────────────────────────────────────────────────────

    def _ok(self, reply: Any) -> Any:
        assert reply.status in {200, 201}, reply.body
        return reply

    def _written(self, by: Any, project: str = "") -> str:
        body = {"project": project or self.bureau.new_project(), "fiscal_year": 2024}
        api = self.bureau.api(by)
        public_id: str = self._ok(api.post(f"{TABLES}/", body)).body["id"]
        self._ok(api.put(f"{TABLES}/{public_id}/content/", targets(), version=1))
        return public_id

    def _submit(self, by: Any, kind: str, public_id: str) -> None:
        self._ok(self.bureau.api(by).move(kind, public_id, "submit"))

    def _approve(self, public_id: str) -> None:
        for state, name in HANDS.items():
            digest = self._digest(TABLES, public_id)
            verb = FORWARD.get(state, "approve")
            self._ok(self.bureau.api(name).move(TABLES, public_id, verb, digest=digest))

    def _digest(self, kind: str, public_id: str) -> str:
        digest: str = self.bureau.api("auditor").content(kind, public_id).body["digest"]
        return digest

    def _writer(self) -> tuple[str, str, Any]:
        person = self.bureau.account(*ROLES)
        public_id = self._written(person)
        self._submit("clerk", TABLES, public_id)
        return TABLES, public_id, person

    def _submitter(self) -> tuple[str, str, Any]:
        person = self.bureau.account(*ROLES)
        public_id = self._written("clerk")
        self._submit(person, TABLES, public_id)
        return TABLES, public_id, person

    def _older_version(self) -> tuple[str, str, Any]:
        person = self.bureau.account(*ROLES)
        old = self._written(person)
        self._submit("clerk", TABLES, old)
        self._approve(old)
        said = {"reason_code": "budget_changed", "reason": "预算调整"}
        clerk = self.bureau.api("clerk")
        public_id = self._ok(clerk.post(f"{TABLES}/{old}/adjustments/", said)).body["id"]
        path = f"{TABLES}/{public_id}/content/"
        self._ok(clerk.put(path, targets(goal_points="80"), version=1))
        self._submit("clerk", TABLES, public_id)
        return TABLES, public_id, person

    def _granted_later(self) -> tuple[str, str, Any]:
        person = self.bureau.account("clerk")
        public_id = self._written(person)
        self._submit("clerk", TABLES, public_id)
        for role in ROLES[1:]:
            self.bureau.grant(person, role)
        return TABLES, public_id, person

    def _transferred(self) -> tuple[str, str, Any]:
        from budgets.access import seen_by_system
        from budgets.models import Member

        person = self.bureau.account("clerk")
        public_id = self._written(person)
        self._submit(person, TABLES, public_id)
        with seen_by_system():
            Member.objects.filter(user=person).delete()
        for role in ROLES[1:]:
            self.bureau.grant(person, role)
        return TABLES, public_id, person

    def _unit_moved(self) -> tuple[str, str, Any]:
        from budgets.access import seen_by_system
        from budgets.models import BudgetUnit

        kind, public_id, person = self._writer()
        with seen_by_system():
            made = BudgetUnit.objects.create(
                department=self.bureau.cast.department, name=uuid.uuid4().hex
            )
            BudgetUnit.objects.filter(pk=self.bureau.cast.unit.pk).update(parent=made)
        return kind, public_id, person

    def _evaluation(self) -> tuple[str, str, Any]:
        person = self.bureau.account(*ROLES)
        project = self.bureau.new_project()
        table = self._written("clerk", project)
        self._submit("clerk", TABLES, table)
        self._approve(table)
        if not self.bureau.task:
            asked = {
                "paper": "evaluation",
                "fiscal_year": 2024,
                "title": uuid.uuid4().hex,
                "deadline": DEADLINE.isoformat(),
                "units": [str(self.bureau.cast.unit.public_id)],
            }
            self.bureau.task = self._ok(self.bureau.api("finance").post("tasks/", asked)).body["id"]
        body = {"project": project, "task": self.bureau.task}
        public_id = self._ok(self.bureau.api("clerk").post(f"{EVALUATIONS}/", body)).body["id"]
        path = f"{EVALUATIONS}/{public_id}/content/"
        self._ok(self.bureau.api(person).put(path, actuals(), version=1))
        self._submit("clerk", EVALUATIONS, public_id)
        return EVALUATIONS, public_id, person

    # ── the tries ───────────────────────────────────────────────────────────────────────────────

    def _walk(self, situation: str, kind: str, public_id: str, person: Any, tries: int) -> None:
        """Every judging move at every state in every way; then somebody else goes on."""
        digest = self._digest(kind, public_id)
        for state in HANDS:
            onward = FORWARD.get(state, "confirm" if kind == EVALUATIONS else "approve")
            plan = [(verb, way) for verb in self._judging(kind, state) for way in WAYS]
            if onward == "confirm":
                openings = [("open_review", way) for way in WAYS]
                if not self._try_all(situation, kind, public_id, person, state, digest, openings):
                    return
                self._somebody_else(kind, public_id, state, "open_review", digest)
            self.dice.shuffle(plan)
            if not self._try_all(situation, kind, public_id, person, state, digest, plan):
                return
            if self.counts["tries"] >= tries and state != "submitted":
                return
            self._somebody_else(kind, public_id, state, onward, digest)

    def _judging(self, kind: str, state: str) -> list[str]:
        from performance.workflow import MOVES

        return [
            m.verb for m in MOVES if m.judging and m.source == state and NAMES[kind] in m.papers
        ]

    def _try_all(
        self,
        situation: str,
        kind: str,
        public_id: str,
        person: Any,
        state: str,
        digest: str,
        plan: list[tuple[str, str]],
    ) -> bool:
        for verb, way in plan:
            self.counts["tries"] += 1
            self.counts[way] += 1
            self.counts[situation] += 1
            answer = self._act(way, person, kind, public_id, state, verb, digest)
            self.counts[f"{way}: {answer}"] += 1
            if self._judged(kind, public_id, person, state):
                self.accepted.append(f"{situation} {kind} {state} {verb} by {way}: {answer}")
                return False
        return True

    def _judged(self, kind: str, public_id: str, person: Any, state: str) -> bool:
        """Whether this account has judged the paper, or the paper has left its state."""
        name = NAMES[kind]
        table = f"performance_{name.replace('_', '')}"
        rows = as_the_service(
            f"SELECT status <> %s OR EXISTS (SELECT 1 FROM performance_step s WHERE s.paper = %s"
            f" AND s.paper_id = t.id AND s.actor_id = %s AND s.verb NOT IN ('submit', 'withdraw'))"
            f" OR (%s = 'evaluation' AND EXISTS (SELECT 1 FROM performance_review r"
            f" WHERE r.evaluation_id = t.id AND r.reviewer_id = %s))"
            f" FROM {table} t WHERE public_id = %s",
            [state, name, person.pk, name, person.pk, public_id],
        )
        return bool(rows[0][0])

    def _somebody_else(self, kind: str, public_id: str, state: str, verb: str, digest: str) -> None:
        """The positive control: another person's same try goes through."""
        person = self.bureau.cast[HANDS[state]]
        way = self.dice.choice(WAYS)
        answer = self._act(way, person, kind, public_id, state, verb, digest)
        self.counts["others tried"] += 1
        self.counts[f"others by {way}"] += 1
        if verb == "open_review":
            if way == "sql":  # by SQL it is only let in and taken back, for the review has no score
                self.counts["others accepted"] += answer == "accepted, undone"
                if answer != "accepted, undone":
                    self.held_up.append(f"{kind} {state} {verb} by {way}: {answer}")
                way = "api"
                answer = self._act(way, person, kind, public_id, state, verb, digest)
                self.counts["others tried"] += 1
            done = bool(
                as_the_service(
                    "SELECT 1 FROM performance_review r JOIN performance_evaluation t"
                    " ON t.id = r.evaluation_id WHERE t.public_id = %s AND r.reviewer_id = %s",
                    [public_id, person.pk],
                )
            )
        else:
            done = self._judged(kind, public_id, person, state)
        self.counts["others accepted"] += done
        if not done:
            self.held_up.append(f"{kind} {state} {verb} by {way}: {answer}")

    # ── three ways ──────────────────────────────────────────────────────────────────────────────

    def _act(
        self, way: str, person: Any, kind: str, public_id: str, state: str, verb: str, digest: str
    ) -> str:
        if way == "sql":
            return _by_sql(person, kind, public_id, state, verb, digest)
        api = self.bureau.api(person)
        said = {"digest": digest, "reason_code": "other", "reason": "自己退回"}
        if way == "page":
            act = verb if verb == "open_review" else f"move:{verb}"
            fields = {**said, "act": act, "form_key": uuid.uuid4().hex}
            return str(self.bureau.form(api, f"/papers/{kind}/{public_id}/", fields))
        if verb == "open_review":
            reply = api.post(f"{EVALUATIONS}/{public_id}/review/", {"digest": digest})
        else:
            reply = api.move(kind, public_id, verb, **said)
        return str(reply.status)


def _by_sql(person: Any, kind: str, public_id: str, state: str, verb: str, digest: str) -> str:
    """As the application's role, with a proper event of one's own; what the database said."""
    from django.db import DatabaseError, connection, transaction

    from budgets.access import seen_by

    said = []
    for sql, parameters, undone in _statements(person, kind, public_id, state, verb, digest):
        try:
            with seen_by(person.pk), connection.cursor() as cursor, transaction.atomic():
                cursor.execute(
                    "SELECT budgets_audit_append(department_id, %s, '', NULL, %s, %s, %s, '{}')"
                    f" FROM performance_{NAMES[kind].replace('_', '')} WHERE public_id = %s",
                    [person.pk, verb, NAMES[kind], public_id, public_id],
                )
                cursor.execute(sql, parameters)
                if cursor.rowcount == 1 and undone:
                    transaction.set_rollback(True)
                    return "accepted, undone"
                if cursor.rowcount == 1:
                    return "accepted"
                said.append("no row")
        except DatabaseError as error:
            cause: Any = error.__cause__
            name = getattr(getattr(cause, "diag", None), "constraint_name", None)
            said.append(name or type(error).__name__)
    return said[0]


def _statements(
    person: Any, kind: str, public_id: str, state: str, verb: str, digest: str
) -> list[tuple[str, list[Any], bool]]:
    from performance.workflow import MOVES

    table = f"performance_{NAMES[kind].replace('_', '')}"
    if verb == "open_review":
        insert = (
            "INSERT INTO performance_review (public_id, evaluation_id, reviewer_id, state,"
            " lock_version, digest, grade, opinion, notes, reviewed_at, department_id, unit_id)"
            " SELECT gen_random_uuid(), id, %s, 'open', 1, %s, '', '', '{}', now(), department_id,"
            f" unit_id FROM {table} WHERE public_id = %s"
        )
        others = person.username == "finance"
        return [(insert, [person.pk, digest, public_id], others)]
    move = next(
        m for m in MOVES if m.verb == verb and m.source == state and NAMES[kind] in m.papers
    )
    step = (
        "INSERT INTO performance_step (public_id, paper, paper_id, verb, source, target, role,"
        " actor_id, digest, reason_code, reason, cells, late, made_at, department_id, unit_id)"
        " SELECT gen_random_uuid(), %s, id, %s, %s, %s, %s, %s, %s, 'other', 'x', '[]', false,"
        f" now(), department_id, unit_id FROM {table} WHERE public_id = %s"
    )
    said = [
        NAMES[kind],
        verb,
        state,
        str(move.target),
        str(move.role),
        person.pk,
        digest,
        public_id,
    ]
    update = f"UPDATE {table} SET status = %s, lock_version = lock_version + 1 WHERE public_id = %s"
    return [(step, said, False), (update, [str(move.target), public_id], False)]


# ── by hand ─────────────────────────────────────────────────────────────────────────────────────


def bureau_at(port: int) -> Bureau:
    """A new cast behind a running server."""
    from budgets.access import seen_by_system
    from tests.cast import assemble
    from tests.talk import HttpApi
    from tests.torture.pages import post_form

    with seen_by_system():
        cast = assemble()

    class Fresh(HttpApi):
        """A connection for each request: idle ones would be closed by the server meanwhile."""

        def send(self, *request: Any) -> Any:
            self.close()
            return super().send(*request)

    def way_in(user: Any) -> Any:
        with seen_by_system():
            return Fresh(port, session_of(user))

    return Bureau(cast, way_in, post_form)


def without_the_databases_check(cluster: Any, name: str) -> None:
    """The owner of a throwaway database makes it forget who contributed."""
    import psycopg

    with psycopg.connect(cluster.address("perf_owner", name), autocommit=True) as owner:
        owner.execute(
            "CREATE OR REPLACE FUNCTION performance_contributors(p_paper text, p_id bigint)"
            " RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER"
            " SET search_path = public, pg_temp AS $$ SELECT '{}'::bigint[] $$"
        )


def _other_database(cluster: Any, name: str, template: str) -> None:
    """A clone of the migrated, still empty database, and Django pointed at it."""
    import psycopg
    from django.db import connections

    connections.close_all()
    with psycopg.connect(cluster.address("postgres", "postgres"), autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" OWNER perf_owner')
    connections["default"].settings_dict["NAME"] = name


def main() -> int:
    """All tries; then with the application's check off; then with the database's off too."""
    given = options("judging one's own work", tries=500, control_tries=100)
    report = Report("selfreview", given)
    facts: dict[str, Any] = {}
    violations: list[str] = []
    with own_database() as (cluster, folder):
        from django.db import connections

        empty = connections["default"].settings_dict["NAME"]
        for number, (what, sabotage, tries) in enumerate(
            (
                ("as it is", "", given.tries),
                ("application's check off", "no_own_check", given.control_tries),
                ("both checks off", "no_own_check", given.control_tries),
            )
        ):
            name = f"selfreview_{number}"
            _other_database(cluster, name, empty)
            if number:
                controls_follow()
            if what == "both checks off":
                without_the_databases_check(cluster, name)
            addresses = cluster.address("perf_app", name), cluster.address("perf_owner", name)
            with Server(folder, *addresses, sabotage=sabotage).running() as server:
                played = SelfReview(bureau_at(server.port), given.seed)
                played.play(tries)
            facts[what] = {
                "accepted": len(played.accepted),
                "examples": played.accepted[:5],
                **dict(sorted(played.counts.items())),
            }
            if what == "both checks off":
                if not played.accepted:
                    violations.append("the control found no judge of own work")
            else:
                violations += [f"{what}: {one}" for one in played.accepted + played.held_up]
        by_database = sum(
            count
            for name, count in facts["application's check off"].items()
            if name in {"page: 409", "api: 409"}
        )
        if not by_database:
            violations.append("with the application's check off nothing was left to the database")
    return report.finish(
        given.report, **facts, refused_by_the_database_alone=by_database, violations=violations[:20]
    )


if __name__ == "__main__":
    sys.exit(main())
