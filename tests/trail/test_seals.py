"""What the database itself keeps of the trail, and that a second program computes the same."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from budgets import audit
from budgets.access import seen_by_system
from budgets.digests import FIRST, sm3
from budgets.models import AuditEvent, AuditSeal, Department, Region
from budgets.services.trail import verify
from tests.office import Office, a_year


def _record(department_id: int, verb: str = "test") -> int:
    return audit.record(
        actor=None,
        verb=verb,
        object_type="x",
        object_id="1",
        department_id=department_id,
        detail={},
    )


def _close() -> None:
    """What a commit does."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


# ── a second verifier: nothing of the service, a plain dump, the description in budgets/digests ─


def second_verifier(events: list[dict[str, Any]], changes: list[dict[str, Any]]) -> list[str]:
    """Recomputes the trail from rows as a plain SELECT gives them; what does not fit."""

    def net(*texts: Any) -> bytes:
        found = b""
        for text in texts:
            data = None if text is None else str(text).encode()
            found += b"-" if data is None else str(len(data)).encode() + b":" + data
        return found

    def utc(moment: Any) -> str:
        return str(moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))

    def sha(data: bytes) -> str:
        return hashlib.sha256(data).hexdigest()

    wrong, heads = [], {}
    for e in sorted(events, key=lambda row: (row["chain"], row["seq"])):
        seq, head = heads.get(e["chain"], (0, "0" * 64))
        own = [c for c in changes if c["event_id"] == e["id"]]
        over = b"".join(
            net(
                c["id"],
                utc(c["at"]),
                c["table_name"],
                c["row_id"],
                c["operation"],
                c["old"],
                c["new"],
            )
            for c in sorted(own, key=lambda row: row["id"])
        )
        digest = sha(
            b"event"
            + net(
                head, e["id"], e["chain"], e["seq"], utc(e["at"]), e["actor_id"], e["request_id"], e["ip"],
                e["verb"], e["object_type"], e["object_id"], e["xact"], e["canonical"],
            )
        )  # fmt: skip
        seal = sha(b"seal" + net(digest, len(own), sha(over)))
        if (seq + 1, head, digest, seal) != (e["seq"], e["previous"], e["digest"], e["seal"]):
            wrong.append(f"{e['chain']}/{e['seq']}")
        heads[e["chain"]] = (e["seq"], e["seal"])
    return wrong


def _dump() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    def rows(sql: str) -> list[dict[str, Any]]:
        with seen_by_system(), connection.cursor() as cursor:
            cursor.execute(sql)
            names = [column.name for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    return (
        rows(
            "SELECT e.id, chain, seq, at, actor_id, request_id, ip::text AS ip, verb, object_type, object_id,"
            " xact::text AS xact, canonical, previous, e.digest, s.digest AS seal"
            " FROM budgets_auditevent e LEFT JOIN budgets_auditseal s ON s.event_id = e.id"
        ),
        rows(
            "SELECT event_id, id, at, table_name, row_id, operation, old::text AS old, new::text AS new"
            " FROM budgets_auditchange"
        ),
    )


def test_two_verifiers_agree(real_office: Office) -> None:
    a_year(real_office)
    verdict = verify()
    assert verdict.sound
    events, changes = _dump()
    assert (len(events), len(changes)) == (verdict.events, verdict.changes)
    assert second_verifier(events, changes) == []
    for place, column in ((3, "verb"), (5, "request_id")):
        bent = [dict(row) for row in events]
        bent[place][column] += "x"
        assert second_verifier(bent, changes) == [
            f"{events[place]['chain']}/{events[place]['seq']}"
        ]
    bent = [dict(row) for row in changes]
    bent[-1]["new"] = "{}"
    assert len(second_verifier(events, bent)) == 1


# ── the rules of the database ───────────────────────────────────────────────────────────────────


def test_a_transaction_with_several_events_and_chains(office: Office) -> None:
    first, second = office.cast.department.pk, office.cast.other_department.pk
    for number, chain in enumerate((first, second, first)):
        _record(chain)
        Region.objects.create(code=f"37010{number}", name="地区")
    _close()
    found = [
        (event.chain, event.seq, event.seal.changes, event.previous)
        for event in AuditEvent.objects.filter(verb="test").order_by("id").select_related("seal")
    ]
    head = AuditSeal.objects.get(event__chain=first, event__seq=1).digest
    assert found == [(first, 1, 1, FIRST), (second, 1, 1, FIRST), (first, 2, 1, head)]
    assert verify().sound


def test_a_savepoint_takes_its_event_back(office: Office) -> None:
    chain = office.cast.department.pk
    outer = _record(chain)
    try:
        with transaction.atomic():
            _record(chain, "inner")
            Region.objects.create(code="370100", name="甲")
            raise KeyError
    except KeyError:
        pass
    region = Region.objects.create(code="370200", name="乙")
    _close()
    assert not AuditEvent.objects.filter(verb="inner").exists()
    assert AuditEvent.objects.get(pk=outer).changes.get().row_id == region.pk
    assert verify().sound


def test_what_is_closed_takes_no_more_changes(office: Office) -> None:
    _record(office.cast.department.pk)
    _close()
    with pytest.raises(DatabaseError, match="没有留痕"), transaction.atomic():
        Region.objects.create(code="370100", name="甲")


def test_a_write_cannot_leave_its_event(office: Office) -> None:
    _record(office.cast.department.pk)
    for said in ("", "1"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.event', %s, true)", [said])
        with pytest.raises(DatabaseError, match="没有留痕"), transaction.atomic():
            Region.objects.create(code="370100", name="甲")


def test_what_is_written_without_a_verb_says_so(real_office: Office) -> None:
    before = verify().direct_writes
    with seen_by_system():
        Department.objects.create(region=real_office.cast.region, name="丙局")
    with seen_by_system():
        event = AuditEvent.objects.order_by("-id")[0]
        assert (event.chain, event.verb, event.actor_id) == (-1, "direct_write", None)
        assert event.seal.changes == 1
    verdict = verify()
    assert verdict.sound
    assert verdict.direct_writes == before + 1


def test_sm3_is_that_of_the_standard() -> None:
    known = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm3(b"abc") == known
