"""A superuser tampers with the trail: every kind of it must be seen, and the untouched be sound.

Each kind is played on a fresh copy of a database with real events, made through the services, with
two checkpoints made on the way. Triggers are switched off for it, as only a superuser can.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.torture import sabotage
from tests.torture.report import Report, options, over
from tests.torture.stage import StageError, own_database

TRAIL = ("budgets_auditevent", "budgets_auditchange", "budgets_auditseal")
Sql = Callable[..., Any]


class Scene:
    """A played database, copied for each attack."""

    def __init__(self, cluster: Any, played: str, shelf: Path) -> None:
        self.cluster = cluster
        self.played = played
        self.shelf = shelf
        self._number = 0
        self.department = 0
        with self.superuser(played) as db:
            rows = db.execute(
                "SELECT chain FROM budgets_auditevent WHERE chain > 0 GROUP BY chain ORDER BY count(*) DESC"
            )
            self.department = rows.fetchone()[0]

    @contextmanager
    def superuser(self, name: str) -> Iterator[Any]:
        """A connection whose writes no trigger and no foreign key sees."""
        with psycopg.connect(self.cluster.address("postgres", name), autocommit=True) as db:
            db.execute("SET session_replication_role = replica")
            yield db

    @contextmanager
    def copy(self) -> Iterator[tuple[str, Path]]:
        """A copy of the database and of the checkpoints, for one attack."""
        with self.files() as (_, shelf):
            name = shelf.name
            address = self.cluster.address("postgres", "postgres")
            with psycopg.connect(address, autocommit=True) as db:
                db.execute(f'CREATE DATABASE "{name}" TEMPLATE "{self.played}" OWNER perf_owner')
                try:
                    yield name, shelf
                finally:
                    db.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    @contextmanager
    def files(self) -> Iterator[tuple[str, Path]]:
        """The played database itself with a copy of the checkpoints."""
        self._number += 1
        shelf = self.shelf.with_name(f"tampered_{self._number}")
        shutil.copytree(self.shelf, shelf)
        try:
            yield self.played, shelf
        finally:
            shutil.rmtree(shelf)


@contextmanager
def looking_at(cluster: Any, name: str, role: str = "perf_app") -> Iterator[None]:
    """Django's connection at a copy, and back."""
    from django.db import connections

    connection = connections["default"]
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(
        NAME=name,
        USER=role,
        HOST=str(cluster.places.sockets),
        PORT=str(cluster.places.port),
        PASSWORD="",
    )
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


def found(shelf: Path | None, *, fold: bool = True) -> list[Any]:
    """What verifying says."""
    from budgets.services.checkpoints import read_shelf
    from budgets.services.trail import verify

    places = [shelf, shelf / "copy"] if shelf else None
    return verify(shelf=read_shelf(places) if places else None, fold=fold).faults


def play(shelf: Path) -> None:
    """A year of the office with two checkpoints on the way, in the present database."""
    from django.conf import settings

    from budgets.access import seen_by_system
    from budgets.services.checkpoints import make_checkpoint
    from tests.cast import assemble
    from tests.office import Office, a_year

    settings.CHECKPOINT_DIR, settings.CHECKPOINT_COPY_DIR = str(shelf), str(shelf / "copy")
    with seen_by_system():
        cast = assemble()
    a_year(Office(cast), make_checkpoint)


# ── rows: what a superuser may do ───────────────────────────────────────────────────────────────


def _middle(scene: Scene, db: Any) -> tuple[int, int]:
    """Id and number of an event of the busiest chain that the first checkpoint covers."""
    row = db.execute(
        "SELECT id, seq FROM budgets_auditevent WHERE chain = %s AND seq = 2", [scene.department]
    )
    found: tuple[int, int] = row.fetchone()
    return found


def _edit(column: str, value: str) -> Callable[[Scene, Any], None]:
    def edit(scene: Scene, db: Any) -> None:
        event, _ = _middle(scene, db)
        db.execute(f"UPDATE budgets_auditevent SET {column} = {value} WHERE id = %s", [event])

    return edit


def _edit_change(scene: Scene, db: Any) -> None:
    db.execute(
        """UPDATE budgets_auditchange SET new = jsonb_set(new, '{name}', '"另一个"')
        WHERE id = (SELECT max(id) FROM budgets_auditchange WHERE table_name = 'performance_indicator')"""
    )


def _delete_change(scene: Scene, db: Any) -> None:
    db.execute(
        "DELETE FROM budgets_auditchange WHERE id = (SELECT max(id) FROM budgets_auditchange)"
    )


def _add_change(scene: Scene, db: Any) -> None:
    event, _ = _middle(scene, db)
    db.execute(
        "INSERT INTO budgets_auditchange (event_id, at, table_name, row_id, operation, old, new)"
        " SELECT %s, at, table_name, row_id, operation, old, new FROM budgets_auditchange"
        " WHERE event_id = %s LIMIT 1",
        [event, event],
    )


def _unlink_change(scene: Scene, db: Any) -> None:
    event, _ = _middle(scene, db)
    db.execute(
        "UPDATE budgets_auditchange SET event_id = event_id + 1 WHERE event_id = %s", [event]
    )


def _remove(db: Any, condition: str, *parameters: Any) -> None:
    ids = f"(SELECT id FROM budgets_auditevent WHERE {condition})"
    for table in ("budgets_auditchange", "budgets_auditseal"):
        db.execute(f"DELETE FROM {table} WHERE event_id IN {ids}", parameters)
    db.execute(f"DELETE FROM budgets_auditevent WHERE {condition}", parameters)


def _delete_event(scene: Scene, db: Any) -> None:
    event, _ = _middle(scene, db)
    _remove(db, "id = %s", event)


def _delete_and_close_the_gap(scene: Scene, db: Any) -> None:
    """The next event takes the number and the link of the one that is gone."""
    event, seq = _middle(scene, db)
    _remove(db, "id = %s", event)
    db.execute(
        "UPDATE budgets_auditevent SET seq = -seq WHERE chain = %s AND seq > %s",
        [scene.department, seq],
    )
    db.execute(
        "UPDATE budgets_auditevent SET seq = -seq - 1 WHERE chain = %s AND seq < 0",
        [scene.department],
    )
    _rewrite(db, scene.department)


def _insert_forged(scene: Scene, db: Any) -> None:
    """A forged event in the middle, its own digest and seal right."""
    event, seq = _middle(scene, db)
    for sign in ("-seq", "-seq + 1"):
        db.execute(
            f"UPDATE budgets_auditevent SET seq = {sign} WHERE chain = %s AND (seq > %s OR seq < 0)",
            [scene.department, seq],
        )
    db.execute(
        "INSERT INTO budgets_auditevent (chain, seq, at, actor_id, request_id, ip, verb, object_type,"
        " object_id, canonical, previous, digest) SELECT chain, seq + 1, at, actor_id, '', ip, 'move',"
        " object_type, object_id, canonical, (SELECT digest FROM budgets_auditseal WHERE event_id = e.id), ''"
        " FROM budgets_auditevent e WHERE id = %s",
        [event],
    )
    db.execute("UPDATE budgets_auditevent e SET digest = budgets_event_digest(e) WHERE digest = ''")
    db.execute("SELECT budgets_audit_seal(max(id)) FROM budgets_auditevent")


def _cut_tail(scene: Scene, db: Any) -> None:
    """The newest events go with their changes, those of after the last checkpoint and three more."""
    last = json.loads(sorted(scene.shelf.glob("checkpoint-*.json"))[-1].read_text())
    seq = next(r["seq"] for r in last["checkpoint"]["chains"] if r["chain"] == scene.department)
    _remove(db, "chain = %s AND seq > %s", scene.department, seq - 3)


def _rewrite(db: Any, chain: int) -> None:
    """Everything computed anew, as the database itself would: digests, seals, links."""
    previous = "0" * 64
    rows = db.execute("SELECT id FROM budgets_auditevent WHERE chain = %s ORDER BY seq", [chain])
    for (event,) in rows.fetchall():
        db.execute("UPDATE budgets_auditevent SET previous = %s WHERE id = %s", [previous, event])
        db.execute(
            "UPDATE budgets_auditevent e SET digest = budgets_event_digest(e) WHERE id = %s",
            [event],
        )
        db.execute("DELETE FROM budgets_auditseal WHERE event_id = %s", [event])
        db.execute("SELECT budgets_audit_seal(%s)", [event])
        seal = db.execute("SELECT digest FROM budgets_auditseal WHERE event_id = %s", [event])
        previous = seal.fetchone()[0]


def _rewrite_chain(scene: Scene, db: Any) -> None:
    event, _ = _middle(scene, db)
    db.execute("UPDATE budgets_auditevent SET ip = '10.9.8.7' WHERE id = %s", [event])
    _rewrite(db, scene.department)


def _delete_chain(scene: Scene, db: Any) -> None:
    _remove(db, "chain = %s", scene.department)


def _edit_row(scene: Scene, db: Any) -> None:
    db.execute(
        "UPDATE performance_indicator SET name = '改过' WHERE id = (SELECT min(id) FROM performance_indicator)"
    )


def _edit_row_and_back(scene: Scene, db: Any) -> None:
    """An edit behind the trail, then another that the trail sees."""
    before = "(SELECT min(id) FROM budgets_project)"
    db.execute(f"UPDATE budgets_project SET name = '改过' WHERE id = {before}")
    db.execute("SET session_replication_role = origin")
    db.execute(f"UPDATE budgets_project SET name = '再改' WHERE id = {before}")


def _delete_row(scene: Scene, db: Any) -> None:
    db.execute("DELETE FROM performance_step WHERE id = (SELECT max(id) FROM performance_step)")


def _add_row(scene: Scene, db: Any) -> None:
    db.execute(
        "INSERT INTO budgets_member (user_id, role) SELECT id, 'audit_admin' FROM budgets_user"
        " WHERE username = 'clerk'"
    )


ROWS: dict[str, Callable[[Scene, Any], None]] = {
    "edit canonical": _edit("canonical", "replace(canonical, 'draft', 'Draft') || ' '"),
    "edit time": _edit("at", "at - interval '1 day'"),
    "edit address": _edit("ip", "'10.9.8.7'"),
    "edit actor": _edit("actor_id", "actor_id + 1"),
    "edit change": _edit_change,
    "delete change": _delete_change,
    "add change": _add_change,
    "move changes to another event": _unlink_change,
    "delete event": _delete_event,
    "delete event and close the gap": _delete_and_close_the_gap,
    "insert forged event": _insert_forged,
    "cut tail": _cut_tail,
    "rewrite chain": _rewrite_chain,
    "delete chain": _delete_chain,
    "edit row": _edit_row,
    "edit row, then once more in the open": _edit_row_and_back,
    "delete row": _delete_row,
    "add row": _add_row,
}


# ── checkpoint files ────────────────────────────────────────────────────────────────────────────


def _named(folder: Path, number: int) -> Path:
    return folder / f"checkpoint-{number:08d}.json"


def _everywhere(folder: Path, act: Callable[[Path], object]) -> None:
    for place in (folder, folder / "copy"):
        act(place)


def _remove_first(folder: Path) -> None:
    _everywhere(folder, lambda place: _named(place, 1).unlink())


def _remove_last(folder: Path) -> None:
    _everywhere(folder, lambda place: _named(place, 2).unlink())


def _remove_one_copy(folder: Path) -> None:
    _named(folder, 2).unlink()


def _alter(folder: Path) -> None:
    def alter(place: Path) -> None:
        path = _named(place, 1)
        whole = json.loads(path.read_text())
        whole["checkpoint"]["chains"][0]["head"] = "f" * 64
        path.write_text(json.dumps(whole, sort_keys=True, separators=(",", ":")) + "\n")

    _everywhere(folder, alter)


def _replay(folder: Path) -> None:
    """The older one under the newer's name: it vouches for less."""
    _everywhere(folder, lambda place: shutil.copy(_named(place, 1), _named(place, 2)))


def _forge(folder: Path) -> None:
    """The last one, signed with another's key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from budgets.canonical import canonical

    key = Ed25519PrivateKey.generate()

    def forge(place: Path) -> None:
        path = _named(place, 2)
        whole = json.loads(path.read_text())
        whole["checkpoint"]["chains"] = whole["checkpoint"]["chains"][:1]
        signed = canonical(whole["checkpoint"]).encode()
        whole["signature"] = key.sign(signed).hex()
        path.write_text(canonical(whole) + "\n")

    _everywhere(folder, forge)


FILES: dict[str, Callable[[Path], None]] = {
    "remove first checkpoint": _remove_first,
    "remove last checkpoint": _remove_last,
    "remove checkpoint in one folder": _remove_one_copy,
    "alter checkpoint": _alter,
    "replay checkpoint": _replay,
    "forge checkpoint": _forge,
}


def attacks(scene: Scene, names: list[str] | None = None) -> dict[str, dict[str, bool]]:
    """Each kind on a copy of its own: seen by everything together, and by the chain alone."""
    seen: dict[str, dict[str, bool]] = {}
    for name in names if names is not None else [*ROWS, *FILES]:
        with scene.copy() if name in ROWS else scene.files() as (copied, shelf):
            if name in ROWS:
                with scene.superuser(copied) as db:
                    ROWS[name](scene, db)
            else:
                FILES[name](shelf)
            with looking_at(scene.cluster, copied):
                seen[name] = {
                    "detected": bool(found(shelf)),
                    "chain_alone": bool(found(None, fold=False)),
                    "chain_and_checkpoints": bool(found(shelf, fold=False)),
                }
    return seen


def untouched(scene: Scene) -> list[str]:
    """Faults of a copy that nobody touched: there may be none."""
    with scene.copy() as (copied, shelf), looking_at(scene.cluster, copied):
        return [str(fault) for fault in found(shelf)]


# ── random bytes ────────────────────────────────────────────────────────────────────────────────


class _NoEffect(Exception):
    pass


def _changed_text(dice: random.Random, text: str) -> str:
    data = bytearray(text.encode())
    if not data:
        return dice.choice("0aZ")
    for _ in range(100):
        place, byte = dice.randrange(len(data)), dice.randrange(32, 127)
        before, data[place] = data[place], byte
        try:
            changed = data.decode()
        except UnicodeDecodeError:
            changed = text
        if changed != text:
            return changed
        data[place] = before
    raise _NoEffect


def edits(scene: Scene, dice: random.Random, number: int) -> dict[str, Any]:
    """Single bytes of random columns of random rows, one at a time; each must be seen."""
    from django.db import connection, transaction
    from django.db.utils import DatabaseError

    done: Counter[str] = Counter()
    missed: list[str] = []
    with (
        scene.copy() as (copied, shelf),
        looking_at(scene.cluster, copied, "postgres"),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET session_replication_role = replica")
        columns = _columns(cursor)
        while sum(done.values()) < number and not over():
            table, column, kind = dice.choice(columns)
            try:
                with transaction.atomic():
                    key, before, after = _one_edit(cursor, dice, table, column, kind)
                    if not found(shelf, fold=False):
                        missed.append(f"{table}.{column} {key}: {before!r} → {after!r}")
                    done[f"{table}.{column}"] += 1
                    transaction.set_rollback(True)
            except (DatabaseError, _NoEffect):
                continue
    return {"edits": sum(done.values()), "columns": len(done), "of": len(columns), "missed": missed}


def _columns(cursor: Any) -> list[tuple[str, str, str]]:
    cursor.execute(
        "SELECT table_name, column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = ANY (%s) ORDER BY 1, ordinal_position",
        [list(TRAIL)],
    )
    return list(cursor.fetchall())


def _one_edit(
    cursor: Any, dice: random.Random, table: str, column: str, kind: str
) -> tuple[Any, Any, Any]:
    cursor.execute(f"SELECT ctid, {column}::text FROM {table} ORDER BY 1")
    rows = cursor.fetchall()
    key, before = rows[dice.randrange(len(rows))]
    after = _changed_text(dice, before) if before is not None else _FILLED[kind]
    cursor.execute(
        f"UPDATE {table} SET {column} = %s::text::{kind} WHERE ctid = %s::tid RETURNING {column}::text",
        [after, key],
    )
    (kept,) = cursor.fetchone()
    if kept == before:
        raise _NoEffect  # the same to the type: 1.0.0.1 and 1.0.0.01
    return key, before, kept


_FILLED = {"jsonb": '{"a": 1}', "inet": "10.9.8.7", "bigint": "1"}


# ── the application's own role ──────────────────────────────────────────────────────────────────

ATTEMPTS: tuple[str, ...] = (
    *(f"UPDATE {table} SET {column} = {column}" for table, column in zip(TRAIL, ("verb", "operation", "digest"), strict=True)),
    *(f"DELETE FROM {table}" for table in TRAIL),
    *(f"TRUNCATE {table} CASCADE" for table in TRAIL),
    "INSERT INTO budgets_auditevent SELECT * FROM budgets_auditevent",
    "INSERT INTO budgets_auditchange (event_id, at, table_name, row_id, operation) SELECT min(id), now(), 'x', 1, 'INSERT' FROM budgets_auditevent",
    "INSERT INTO budgets_auditseal SELECT * FROM budgets_auditseal",
    *(f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in TRAIL),
    "ALTER TABLE budgets_project DISABLE TRIGGER audit_row",
    "DROP TRIGGER audit_row ON budgets_project",
    "DROP TABLE budgets_auditseal CASCADE",
    "SET session_replication_role = replica",
    "SET ROLE perf_owner",
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION perf_owner",
    "SELECT budgets_audit_seal(1)",
    "SELECT performance_contributed('target_table', 1)",
    "SELECT performance_make_partitions(2040)",
    "CREATE FUNCTION public.budgets_refuse() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION public.budgets_audit_row() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "CREATE RULE quiet AS ON INSERT TO budgets_auditevent DO INSTEAD NOTHING",
    "CREATE POLICY mine ON budgets_auditevent USING (true)",
    "GRANT ALL ON budgets_auditevent TO perf_app; UPDATE budgets_auditevent SET verb = verb",
    "ALTER ROLE perf_app BYPASSRLS",
    "COPY budgets_auditevent TO '/tmp/never'",
    # in the name of another transaction's event, and of none after one of its own
    "SELECT set_config('app.event', (SELECT max(id)::text FROM budgets_auditevent), true); UPDATE budgets_project SET name = name || 'x'",
    "SELECT budgets_audit_append(1, NULL, '', NULL, 'x', 'x', 'x', '{}'); SELECT set_config('app.event', '', true); UPDATE budgets_project SET name = name || 'x'",
    # after its event was closed
    "SELECT budgets_audit_append(1, NULL, '', NULL, 'x', 'x', 'x', '{}'); SET CONSTRAINTS ALL IMMEDIATE; UPDATE budgets_project SET name = name || 'x'",
)  # fmt: skip


def as_application(scene: Scene) -> dict[str, Any]:
    """Everything the application's role could try; what it got away with, and faults afterwards."""
    allowed = []
    with scene.copy() as (copied, shelf):
        for attempt in ATTEMPTS:
            with psycopg.connect(scene.cluster.address("perf_app", copied)) as db:
                db.execute("SELECT set_config('app.uid', '0', true)")
                try:
                    db.execute(attempt)
                except psycopg.Error:
                    db.rollback()
                    continue
                allowed.append(attempt)
                db.rollback()
        with looking_at(scene.cluster, copied):
            after = [str(fault) for fault in found(shelf)]
    return {"attempts": len(ATTEMPTS), "allowed": allowed, "faults_afterwards": after}


# ── all of it ───────────────────────────────────────────────────────────────────────────────────


def run(scene: Scene, seed: int, number: int, control: int) -> dict[str, Any]:
    """The attacks, the edits, the attempts; violations name what was not seen."""
    sound = untouched(scene)
    seen = attacks(scene)
    bytes_ = edits(scene, random.Random(seed), number)
    attempts = as_application(scene)
    os.environ["TESTING"] = "1"
    with sabotage.planted("no_recomputation"):
        blind = edits(scene, random.Random(seed), control)
    violations = [f"sound database: {words}" for words in sound]
    violations += [f"not detected: {name}" for name, how in seen.items() if not how["detected"]]
    violations += [f"edit not detected: {words}" for words in bytes_["missed"]]
    violations += [f"allowed: {words}" for words in attempts["allowed"]]
    violations += [f"after the attempts: {words}" for words in attempts["faults_afterwards"]]
    if not blind["missed"]:
        violations.append("the control without recomputation missed nothing")
    return {
        "untouched_faults": len(sound),
        "tampering": {
            "kinds": len(seen),
            **{
                how: sum(row[how] for row in seen.values())
                for how in ("detected", "chain_alone", "chain_and_checkpoints")
            },
            "missed_by_chain_alone": [n for n, how in seen.items() if not how["chain_alone"]],
        },
        "byte_edits": {**bytes_, "missed": len(bytes_["missed"])},
        "as_perf_app": {"attempts": attempts["attempts"], "allowed": len(attempts["allowed"])},
        "control_without_recomputation": {
            "edits": blind["edits"],
            "missed": len(blind["missed"]),
        },
        "violations": violations,
    }


def played_scene(cluster: Any, name: str, folder: Path) -> Scene:
    """Plays the year in the database at hand and closes it, so that it can be copied."""
    from django.db import connections

    shelf = folder / "shelf"
    play(shelf)
    connections["default"].close()
    if len(list(shelf.glob("*.json"))) != 2:
        raise StageError("the year left no two checkpoints")
    return Scene(cluster, name, shelf)


def main() -> int:
    """All kinds, the edits, the attempts."""
    given = options("tampering with the trail", edits=500, control_edits=30)
    report = Report("tampering", given)
    with own_database() as (cluster, folder):
        scene = played_scene(cluster, "jiheng", folder)
        return report.finish(
            given.report, **run(scene, given.seed, given.edits, given.control_edits)
        )


if __name__ == "__main__":
    sys.exit(main())
