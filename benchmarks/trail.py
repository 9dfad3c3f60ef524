"""How fast the trail is verified, and that twice as much takes twice as long.

Run as ``python -m benchmarks.trail [events]``: a database of its own is filled with chains of
events of four changes each, digests computed in Python, and verified whole.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from budgets.digests import FIRST, Changes, event_digest, seal_digest
from tests.torture.stage import own_database

CHAINS, CHANGES = 20, 4
_BEGAN = datetime(2024, 1, 1, tzinfo=UTC)
_ROW = json.dumps(
    {"id": 1, "name": "培训人次", "points": "40.0000", "text": "≥100人次" * 12}, ensure_ascii=False
)


def _moment(number: int) -> str:
    return (_BEGAN + timedelta(milliseconds=number)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def fill(db: Any, first: int, number: int, heads: dict[int, tuple[int, str]]) -> None:
    """Appends ``number`` events with ids from ``first`` on, as the database would."""
    (row,) = db.execute("SELECT %s::jsonb::text", [_ROW]).fetchone()
    events, changes, seals = [], [], []
    for event in range(first, first + number):
        chain = 1 + event % CHAINS
        seq, previous = heads.get(chain, (0, FIRST))
        at, taken = _moment(event), Changes()
        for n in range(CHANGES):
            one = (str(event * CHANGES + n), at, "trailed", str(n), "UPDATE", row, row)
            taken.add(one)
            changes.append((one[0], str(event), *one[1:]))
        columns = (
            str(event),
            str(chain),
            str(seq + 1),
            at,
            None,
            "",
            None,
            "save",
            "x",
            "1",
            "9",
            "{}",
        )
        digest = event_digest(previous, columns)
        seal = seal_digest(digest, taken.count, taken.digest)
        events.append((*columns, previous, digest))
        seals.append((event, taken.count, taken.digest, seal))
        heads[chain] = (seq + 1, seal)
    for table, names, rows in (
        ("budgets_auditevent", "id, chain, seq, at, actor_id, request_id, ip, verb, object_type, object_id, xact, canonical, previous, digest", events),
        ("budgets_auditchange", "id, event_id, at, table_name, row_id, operation, old, new", changes),
        ("budgets_auditseal", "event_id, changes, changes_digest, digest", seals),
    ):  # fmt: skip
        with db.cursor().copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for found in rows:
                copy.write_row(found)


def appended(number: int) -> float:
    """Events a second that are appended with one change each, every one committed."""
    from budgets import audit
    from budgets.access import seen_by_system
    from budgets.models import Region

    with seen_by_system():
        region = Region.objects.create(code="360000", name="辛省")
    started = time.monotonic()
    for n in range(number):
        with seen_by_system():
            audit.record(
                actor=None,
                verb="test",
                object_type="region",
                object_id="1",
                department_id=7000,
                detail={"n": n},
            )
            Region.objects.filter(pk=region.pk).update(name=f"辛省{n}")
    return number / (time.monotonic() - started)


def measured(events: int) -> dict[str, Any]:
    """Seconds for N and for 2N events, and rows a second."""
    with own_database() as (cluster, _):
        from budgets.services.trail import verify

        found: dict[str, Any] = {"appended_per_second": round(appended(300))}
        heads: dict[int, tuple[int, str]] = {}
        address = cluster.address("postgres", "jiheng")
        with psycopg.connect(address, autocommit=True) as db:
            db.execute("SET session_replication_role = replica")
            for table in ("budgets_auditseal", "budgets_auditchange", "budgets_auditevent"):
                db.execute(f"DELETE FROM {table}")
            for step in (1, 2):
                begun = 1 + (step - 1) * events
                for first in range(begun, begun + events, 10_000):
                    fill(db, first, min(10_000, begun + events - first), heads)
                db.execute("ANALYZE")
                started = time.monotonic()
                verdict = verify(fold=False)
                seconds = time.monotonic() - started
                assert verdict.sound, verdict.faults[:3]
                rows = verdict.events + verdict.changes
                found[f"{step}N"] = {
                    "events": verdict.events,
                    "changes": verdict.changes,
                    "seconds": round(seconds, 2),
                    "events_per_second": round(verdict.events / seconds),
                    "rows_per_second": round(rows / seconds),
                }
        found["ratio"] = round(found["2N"]["seconds"] / found["1N"]["seconds"], 2)
        found["seconds_for_a_million_rows"] = round(1_000_000 / found["2N"]["rows_per_second"], 1)
        return found


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000), indent=1))
