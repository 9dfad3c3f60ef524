"""Two worlds that differ only in what is 乙局's own business: one database, cloned, then made to differ."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from tests.contents import actuals
from tests.filled import EVALUATIONS, PDF, TABLES, Filled, Hands, attach, belongings, fill, ok

CANARY = "乙秘"
"""Stands in texts of 乙局 alone: a response to 甲局's people that holds it shows a foreign row."""
FILES = tuple(PDF + bytes([65 + n]) for n in range(12))
"""What is attached in the run: in the rich world 乙局 holds most of them already."""
A_PROJECTS, B_CODES = 9, 24


@dataclass
class Known:
    """What may be named in requests: ids by kind, of 甲局, of 乙局, and the codes 乙局 uses."""

    own: dict[str, list[str]] = field(default_factory=dict)
    theirs: dict[str, list[str]] = field(default_factory=dict)
    files: tuple[str, ...] = ()

    @property
    def all(self) -> set[str]:
        """Every id that is no run's own."""
        return {i for ids in (*self.own.values(), *self.theirs.values()) for i in ids}


_MEMBER = "JOIN budgets_member m ON m.department_id IS NOT NULL AND m.user_id ="
_IDS = {
    "project": "SELECT public_id, department_id FROM budgets_project",
    "target_table": "SELECT public_id, department_id FROM performance_targettable WHERE NOT from_evaluation",
    "evaluation": "SELECT public_id, department_id FROM performance_evaluation",
    "monitoring": "SELECT public_id, department_id FROM performance_monitoring",
    "upload": "SELECT public_id, department_id FROM performance_upload",
    "document": "SELECT public_id, department_id FROM performance_document",
    "unit": "SELECT public_id, department_id FROM budgets_budgetunit",
    "person": f"SELECT DISTINCT u.public_id, m.department_id FROM budgets_user u {_MEMBER} u.id",
    "token": f"SELECT DISTINCT t.public_id, m.department_id FROM budgets_accesstoken t {_MEMBER} t.user_id",
    "export": f"SELECT DISTINCT j.public_id, m.department_id FROM budgets_job j {_MEMBER} j.actor_id AND j.kind = 'export'",
    "spot_check": "SELECT DISTINCT c.public_id, i.department_id FROM performance_spotcheck c JOIN performance_spotcheckitem i ON i.spot_check_id = c.id",
    "spot_check_item": "SELECT public_id, department_id FROM performance_spotcheckitem",
    "rectification": "SELECT public_id, department_id FROM performance_rectificationitem",
    "task": "SELECT DISTINCT t.public_id, u.department_id FROM performance_task t JOIN performance_taskunit u ON u.task_id = t.id",
}  # fmt: skip


def known_of(address: str) -> Known:
    """The ids of a database, each department's by kind."""
    found = Known()
    with psycopg.connect(address) as admin:
        rows = admin.execute("SELECT id FROM budgets_department WHERE name = '甲局'").fetchall()
        for kind, sql in _IDS.items():
            for public_id, department in admin.execute(f"{sql} ORDER BY 1").fetchall():
                side = found.own if department == rows[0][0] else found.theirs
                side.setdefault(kind, []).append(str(public_id))
        first = admin.execute("SELECT public_id FROM budgets_budgetunit WHERE name = '甲一中心'")
        units = found.own["unit"]
        units.sort(key=[str(row[0]) for row in first.fetchall()].count, reverse=True)
    return found


# ── what both worlds have ───────────────────────────────────────────────────────────────────────


def common() -> Filled:
    """甲局 with papers in many states, and what 乙局 has in both worlds."""
    from budgets.models import Project

    filled = fill()
    cast = filled.cast
    ours = _ours(filled)
    for n in range(A_PROJECTS):
        Project.unscoped.create(
            name=f"甲项目{n}", code=f"A-{n:02d}", unit=cast.unit, department=cast.department
        )
    projects = [str(p.public_id) for p in Project.unscoped.filter(code__startswith="A-")]
    ways: tuple[tuple[str, ...], ...] = (
        ("submit", "check", "review", "approve", "publish"),
        ("submit", "check"),
        ("submit",),
        ("submit", "withdraw"),
        ("submit", "check", "return_to_clerk"),
        ("submit", "check", "review"),
    )
    for project, way in zip(projects, ways, strict=False):
        holders = {"check": "head", "return_to_clerk": "reviewer"}
        public_id = ours.drafted(project)
        for verb in way:
            if verb == "return_to_clerk":
                _returned(filled, public_id, holders[verb])
            else:
                ours.handed_on(TABLES, public_id, verb)
    theirs = _theirs(filled)
    foreign = filled.ids["other_project"]
    table = theirs.drafted(foreign, unit=f"{CANARY}单位")
    theirs.handed_on(TABLES, table, "submit", "check", "review", "approve")
    task = theirs.task("evaluation", "2024 年自评")
    evaluation = theirs.begun(EVALUATIONS, foreign, task, actuals())
    ok(attach(filled.api("foreign_clerk"), evaluation, 1, PDF, 2, name=f"{CANARY}.pdf"))
    for name in ("clerk", "foreign_clerk"):
        belongings(filled, name)
    filled.ids |= {"b_table": table, "b_evaluation": evaluation, "b_task": task}
    return filled


def _returned(filled: Filled, public_id: str, name: str) -> None:
    api = filled.api(name)
    digest = ok(api.content(TABLES, public_id)).body["digest"]
    said = {"reason_code": "other", "reason": "请核对", "cells": [{"at": "unit", "note": "核对"}]}
    ok(api.move(TABLES, public_id, "return_to_clerk", digest=digest, **said))


def _ours(filled: Filled) -> Hands:
    unit = str(filled.cast.unit.public_id)
    return Hands(
        filled, clerk="clerk", head="head", reviewer="reviewer", finance="finance2", unit=unit
    )


def _theirs(filled: Filled) -> Hands:
    unit = str(filled.cast.foreign.public_id)
    people = {"clerk": "foreign_clerk", "head": "foreign_head", "reviewer": "foreign_reviewer"}
    return Hands(filled, **people, finance="elsewhere", unit=unit)


# ── what differs ────────────────────────────────────────────────────────────────────────────────


def poor(filled: Filled) -> None:
    """乙局 with little: one more draft, an evaluation left as it was."""
    project = _new_project(filled, "乙局独有", "")
    _theirs(filled).drafted(project, unit=f"{CANARY}少")


def rich(filled: Filled) -> None:
    """乙局 with much: 甲局's names, files and keys, papers in every hand, scores, reviews, tasks."""
    theirs, unit = _theirs(filled), str(filled.cast.foreign.public_id)
    clerk = filled.api("foreign_clerk")
    for n in range(B_CODES):
        name = f"甲项目{n}" if n % 2 else f"乙项目{n}"
        body = {"unit": unit, "name": name, "code": f"B-{n:02d}"}
        made = ok(clerk.post("projects/", body, key=f"world-key-{n:05d}"))
        if n >= 8:
            continue
        table = theirs.drafted(made.body["id"], unit=f"{CANARY}{n}", objectives=[f"{CANARY}目标"])
        steps = ("submit", "check", "review", "approve")[: n % 5]
        theirs.handed_on(TABLES, table, *steps)
    for n in range(6):
        theirs.task("target_table", f"任务{n}")
    evaluation = filled.ids["b_evaluation"]
    version = ok(clerk.content(EVALUATIONS, evaluation)).version
    changed = actuals(total_claimed="61", deviation_reason=f"{CANARY}原因")
    saved = ok(clerk.put(f"{EVALUATIONS}/{evaluation}/content/", changed, version=version))
    version = saved.version
    for data in FILES[:8]:
        attached = attach(clerk, evaluation, 2, data, version, f"{CANARY}.pdf")
        version = ok(attached).body["version"]
    theirs.handed_on(EVALUATIONS, evaluation, "submit", "check", "review")
    theirs.reviewed(evaluation, points="11", opinion=f"{CANARY}意见")
    item = {"evaluation": evaluation, "what": f"{CANARY}整改", "deadline": "2025-06-30"}
    ok(filled.api(theirs.finance).post("rectifications/", item))
    theirs.handed_on(EVALUATIONS, evaluation, "confirm", "publish")


def live(filled: Filled, turn: int) -> None:
    """乙局 goes about its business while 甲局's people ask."""
    project = _new_project(filled, f"乙局新{turn}", f"B-N{turn}")
    table = _theirs(filled).drafted(project, unit=f"{CANARY}新", goal_points=str(turn % 100))
    if turn % 2:
        _theirs(filled).handed_on(TABLES, table, "submit", "check")


def _new_project(filled: Filled, name: str, code: str) -> str:
    body = {"unit": str(filled.cast.foreign.public_id), "name": name, "code": code}
    public_id: str = ok(filled.api("foreign_clerk").post("projects/", body)).body["id"]
    return public_id


# ── databases ───────────────────────────────────────────────────────────────────────────────────


class Databases:
    """The clones of one cluster, each with its folder of files."""

    def __init__(self, cluster: Any, folder: Path) -> None:
        self.cluster, self.folder = cluster, folder

    def clone(self, template: str, name: str) -> None:
        """A database like another; nobody may be connected to that one."""
        with psycopg.connect(self.address("postgres", "postgres"), autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" OWNER perf_owner')
        media = self.media(template)
        if media.is_dir():
            shutil.copytree(media, self.media(name), dirs_exist_ok=True)

    def drop(self, name: str) -> None:
        """Gone with its files."""
        with psycopg.connect(self.address("postgres", "postgres"), autocommit=True) as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        shutil.rmtree(self.media(name), ignore_errors=True)

    def address(self, role: str, name: str) -> str:
        """How a role gets to a database."""
        found: str = self.cluster.address(role, name)
        return found

    def media(self, name: str) -> Path:
        """Where a database's files are kept."""
        return self.folder / f"media-{name}"

    def as_owner(self, name: str, *statements: str) -> None:
        """What only the owner may do."""
        with psycopg.connect(self.address("perf_owner", name), autocommit=True) as owner:
            for statement in statements:
                owner.execute(statement)

    @contextmanager
    def entered(self, name: str) -> Iterator[None]:
        """Django speaks to a database, and keeps files beside it, until the end."""
        from django.conf import settings
        from django.db import connections

        before = connections["default"]
        kept = settings.MEDIA_ROOT, settings.EXPORT_ROOT
        wrapper = type(before)(
            {
                **before.settings_dict,
                "NAME": name,
                "USER": "perf_app",
                "PASSWORD": "",
                "HOST": str(self.cluster.places.sockets),
                "PORT": str(self.cluster.places.port),
            },
            "default",
        )
        connections["default"] = wrapper
        settings.MEDIA_ROOT = self.media(name)
        settings.EXPORT_ROOT = self.media(name) / "exports"
        try:
            yield
        finally:
            wrapper.close()
            connections["default"] = before
            settings.MEDIA_ROOT, settings.EXPORT_ROOT = kept


def without_the_net(databases: Databases, name: str) -> None:
    """The database's net off: what a migration gone wrong might do."""
    with psycopg.connect(databases.address("perf_owner", name), autocommit=True) as owner:
        tables = owner.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace"
        ).fetchall()
        for (table,) in tables:
            owner.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')


def build(databases: Databases, template: str) -> tuple[Filled, Known]:
    """``world_poor`` and ``world_rich`` out of a migrated template; who is in them, what is known."""
    from budgets.access import seen_by_system

    databases.clone(template, "world_common")
    with databases.entered("world_common"), seen_by_system():
        filled = common()
    for name, differ in (("world_poor", poor), ("world_rich", rich)):
        databases.clone("world_common", name)
        with databases.entered(name), seen_by_system():
            differ(filled)
    known = known_of(databases.address("postgres", "world_poor"))
    more = known_of(databases.address("postgres", "world_rich"))
    known.theirs = {
        kind: sorted({*ids, *more.theirs.get(kind, [])}) for kind, ids in known.theirs.items()
    }
    return filled, known
