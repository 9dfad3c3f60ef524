"""A cast whose first department has rows of every kind: what separation is shown with."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import psycopg
from django.db import transaction

from tests.contents import DEADLINE, actuals, progress, targets
from tests.talk import Api, ClientApi, Reply

if TYPE_CHECKING:
    from tests.cast import Cast

TABLES, EVALUATIONS, MONITORINGS = "target-tables", "evaluations", "monitorings"
PDF = b"%PDF-1.4 evidence"


@dataclass
class Filled:
    """The cast, its voices, and what was made: public ids by name."""

    cast: Cast
    ids: dict[str, str] = field(default_factory=dict)
    voices: dict[str, Api] = field(default_factory=dict)
    without: list[str] = field(default_factory=list)
    """Tables of departments that hold no row even so."""

    def api(self, name: str) -> Any:
        """One person's way to the API."""
        if name not in self.voices:
            self.voices[name] = ClientApi(self.cast[name])
        return self.voices[name]


def ok(reply: Reply, *statuses: int) -> Reply:
    """The reply, which must have gone well."""
    assert reply.status in (statuses or (200, 201)), (reply.status, reply.body)
    return reply


def attach(
    api: Any, public_id: str, seq: int, data: bytes, version: int, name: str = "签到表.pdf"
) -> Reply:
    """Evidence for a line, as a form with a file."""
    import uuid

    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile(name, io.BytesIO(data).read())
    response = api.client.post(
        f"{api.base}{EVALUATIONS}/{public_id}/evidence/",
        {"seq": seq, "file": file, "note": "附件"},
        headers={"Idempotency-Key": uuid.uuid4().hex, "If-Match": f'"{version}"'},
    )
    return Reply(response.status_code, response.json(), dict(response.headers), response.content)


class Hands:
    """The people of one department, and the way papers go through their hands."""

    def __init__(
        self, filled: Filled, *, clerk: str, head: str, reviewer: str, finance: str, unit: str
    ) -> None:
        self.filled = filled
        self.clerk, self.head, self.reviewer, self.finance = clerk, head, reviewer, finance
        self.unit = unit

    def _api(self, name: str) -> Any:
        return self.filled.api(name)

    def drafted(self, project: str, year: int = 2024, **changes: Any) -> str:
        """A target table with content."""
        made = ok(
            self._api(self.clerk).post(f"{TABLES}/", {"project": project, "fiscal_year": year})
        )
        public_id: str = made.body["id"]
        ok(
            self._api(self.clerk).put(
                f"{TABLES}/{public_id}/content/", targets(**changes), version=1
            )
        )
        return public_id

    def handed_on(self, kind: str, public_id: str, *verbs: str) -> None:
        """The moves in their order, each by who may make it."""
        holders = {
            "submit": self.clerk,
            "withdraw": self.clerk,
            "check": self.head,
            "review": self.reviewer,
        }
        for verb in verbs:
            api = self._api(holders.get(verb, self.finance))
            said: dict[str, Any] = {}
            if verb not in {"submit", "withdraw", "publish", "close"}:
                said["digest"] = ok(api.content(kind, public_id)).body["digest"]
            if verb.startswith("return"):
                said |= {
                    "reason_code": "other",
                    "reason": "再看一看",
                    "cells": [{"at": "unit", "note": "请核对"}],
                }
            ok(api.move(kind, public_id, verb, **said))

    def task(self, paper: str, title: str, **more: Any) -> str:
        """A task for the unit."""
        body = {
            "paper": paper, "fiscal_year": 2024, "title": title, "deadline": DEADLINE.isoformat(), "units": [self.unit], **more,
        }  # fmt: skip
        public_id: str = ok(self._api(self.finance).post("tasks/", body)).body["id"]
        return public_id

    def begun(self, kind: str, project: str, task: str, content: dict[str, Any]) -> str:
        """A paper that a task asks for, with content."""
        made = ok(self._api(self.clerk).post(f"{kind}/", {"project": project, "task": task}))
        public_id: str = made.body["id"]
        ok(self._api(self.clerk).put(f"{kind}/{public_id}/content/", content, version=1))
        return public_id

    def reviewed(self, public_id: str, points: str = "20", opinion: str = "复核意见") -> None:
        """The review of an evaluation that waits for it: one line set, an opinion said."""
        api = self._api(self.finance)
        digest = ok(api.content(EVALUATIONS, public_id)).body["digest"]
        version = ok(api.post(f"{EVALUATIONS}/{public_id}/review/", {"digest": digest})).version
        line = {"points": points, "reason_code": "rule", "reason": f"{opinion}：没有签到表"}
        path = f"{EVALUATIONS}/{public_id}/review/"
        version = ok(api.put(f"{path}lines/1/", line, version=version)).version
        ok(api.put(f"{path}opinion/", {"opinion": opinion}, version=version))


def fill() -> Filled:
    """Every kind of row for 甲局, and one project of 乙局."""
    from budgets.access import seen_by_system
    from budgets.models import ContactPerson, ExpenditureByFunction
    from performance.models import Document, ImportRun
    from performance.services.tallies import count_papers
    from tests.cast import assemble

    filled = Filled(assemble())
    cast = filled.cast
    unit = str(cast.unit.public_id)
    hands = Hands(
        filled, clerk="clerk", head="head", reviewer="reviewer", finance="finance2", unit=unit
    )
    road, clinic = (str(cast.projects[name].public_id) for name in ("road", "clinic"))
    ids = filled.ids
    ids |= {"project": road, "unit": unit, "other_project": str(cast.projects["foreign"].public_id)}
    ids["target_table"] = hands.drafted(road)
    hands.handed_on(TABLES, ids["target_table"], "submit", "check", "review", "approve")
    ids["draft"] = hands.drafted(clinic)
    with seen_by_system():
        count_papers()  # what comes after this has changed since
    ids["task"] = hands.task("evaluation", "2024 年自评")
    ids["task_monitoring"] = hands.task("monitoring", "2024 年监控", month=7)
    ids["monitoring"] = hands.begun(MONITORINGS, road, ids["task_monitoring"], progress())
    ids["evaluation"] = hands.begun(EVALUATIONS, road, ids["task"], actuals())
    ok(attach(filled.api("clerk"), ids["evaluation"], 1, PDF, 2))
    hands.handed_on(EVALUATIONS, ids["evaluation"], "submit", "check", "review")
    hands.reviewed(ids["evaluation"])
    drawn = filled.api("finance2").post("spot-checks/", {"task": ids["task"], "size": 1})
    ids["spot_check"] = ok(drawn).body["id"]
    sample = ok(filled.api("finance2").get(f"spot-checks/{ids['spot_check']}/")).body["items"]
    ids["spot_check_item"] = sample[0]["id"]
    item = {
        "evaluation": ids["evaluation"],
        "what": "补齐签到表",
        "deadline": "2025-06-30",
        "seq": 1,
    }
    ids["rectification"] = ok(filled.api("finance2").post("rectifications/", item)).body["id"]
    hands.handed_on(MONITORINGS, ids["monitoring"], "submit", "check")
    document = Document.unscoped.get()
    ids["document"] = str(document.public_id)
    own = {"department": cast.department, "unit": cast.unit}
    ImportRun.unscoped.create(
        document=document, table_count=0, indicator_count=0, actor=cast["clerk"], **own
    )
    ids["upload"] = uploaded(cast, taken=True)
    ContactPerson.unscoped.create(
        project=cast.projects["road"],
        fiscal_year=2024,
        paper="target_table",
        role="负责人",
        name="甲某",
        **own,
    )
    ExpenditureByFunction.unscoped.create(
        fiscal_year=2024,
        stage="budget",
        table_title="支出表",
        seq=1,
        code="",
        name="合计",
        total="1.00",
        **own,
    )
    filled.voices.clear()  # a voice is a session: who tries the scene signs in anew
    return filled


def uploaded(cast: Cast, *, clerk: str = "clerk", taken: bool = False) -> str:
    """A file that a clerk brought for her unit, its first table a draft already; its public id."""
    from budgets.access import units_entered_by
    from performance.services.uploads import Choice, receive_upload, take_over_upload
    from performance.workflow import Paper
    from tests.worlds import SHANXI

    actor = cast[clerk]
    unit = units_entered_by(actor).get().public_id
    kept = receive_upload(actor=actor, unit=unit, name="目标表.txt", data=SHANXI.read_bytes())
    if taken:
        project = cast.projects["clinic"].public_id
        first = Choice(seq=1, paper=Paper.TARGET_TABLE, fiscal_year=2023, project=project)
        take_over_upload(actor=actor, public_id=kept.upload.public_id, choices=[first])
    return str(kept.upload.public_id)


def belongings(filled: Filled, name: str) -> tuple[str, str]:
    """What is one's own: a token, and an export that is ready; their public ids."""
    from budgets.models import Scope
    from budgets.services.tokens import make_token
    from budgets.services.work import DONE, work_off
    from performance.services.exports import request_export

    person = filled.cast[name]
    made = make_token(actor=person, name=f"{name}的程序", scopes=[Scope.READ.value], days=30)
    wish: dict[str, Any] = {"list_name": "target_tables", "format": "csv", "filters": {}}
    export = request_export(actor=person, **wish)
    outcomes = work_off()
    assert set(outcomes) == {DONE}, outcomes
    return str(made.token.public_id), str(export)


# ── papers standing in any state ────────────────────────────────────────────────────────────────

_TABLES_OF = {
    "target_table": "performance_targettable",
    "evaluation": "performance_evaluation",
    "monitoring": "performance_monitoring",
}


class Standing:
    """The filled cast in a database of its own, its papers put into any state by the superuser."""

    def __init__(self, filled: Filled, superuser: str) -> None:
        self.filled = filled
        self.admin = psycopg.connect(superuser, autocommit=True)
        self.admin.execute("SET session_replication_role = replica")

    def put(self, paper: str, state: str) -> str:
        """Puts the paper of a kind into a state; its public id. No trigger is asked."""
        table = _TABLES_OF[paper]
        public_id = self.filled.ids[paper]
        self.admin.execute(
            f"UPDATE {table} SET status = %s WHERE public_id = %s", [state, public_id]
        )
        return public_id

    def ask(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows as the superuser sees them, outside the test's transaction."""
        return self.admin.execute(sql, values).fetchall()

    def close(self) -> None:
        """Lets the connection go."""
        self.admin.close()


@contextmanager
def standing(cluster: Any, template: str, blocker: Any, media: Any) -> Iterator[Standing]:
    """A clone of the migrated database with the filled cast in it, committed."""
    from django.conf import settings
    from django.db import connections

    from budgets.access import seen_by_system
    from tests.conftest import _point

    name = f"jiheng_{os.urandom(4).hex()}"
    connections["default"].close()
    with psycopg.connect(cluster.address("postgres", "postgres"), autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" OWNER perf_owner')
        before = settings.MEDIA_ROOT, settings.EXPORT_ROOT
        with blocker.unblock():
            _point(settings, connections, cluster, name, "perf_app")
            settings.MEDIA_ROOT, settings.EXPORT_ROOT = media, media / "exports"
            with seen_by_system():
                filled = fill()
                for person in filled.cast.people:
                    filled.api(person)  # signed in for good, not in what is undone
            found = Standing(filled, cluster.address("postgres", name))
            try:
                yield found
            finally:
                found.close()
                settings.MEDIA_ROOT, settings.EXPORT_ROOT = before
                _point(settings, connections, cluster, template, "perf_app")
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
