"""Verifying the trail: every event and change recomputed, and the rows of today against them.

Events and changes are streamed side by side in order of their ids, so that memory does not grow
with the trail. All of it is read in one snapshot of the database.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from budgets.digests import FIRST, Changes, event_digest, seal_digest
from budgets.services.checkpoints import Shelf
from budgets.services.faults import Fault
from budgets.services.replay import replay, streamed
from budgets.services.snapshots import one_snapshot

DIRECT = "direct_write"
"""Verb of what was written without an office verb."""
_AT = """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
_EVENTS = f"""
SELECT e.id, e.chain, e.seq, e.verb, s.changes, s.changes_digest, s.digest, e.digest, e.previous,
  e.id::text, e.chain::text, e.seq::text, {_AT.format("e.at")}, e.actor_id::text, e.request_id, e.ip::text,
  e.verb, e.object_type, e.object_id, e.xact::text, e.canonical
FROM budgets_auditevent e LEFT JOIN budgets_auditseal s ON s.event_id = e.id ORDER BY e.id"""
_CHANGES = f"""
SELECT c.event_id, c.id::text, {_AT.format("c.at")}, c.table_name, c.row_id::text, c.operation, c.old::text, c.new::text
FROM budgets_auditchange c ORDER BY c.event_id, c.id"""
_MOST = 200


@dataclass(slots=True)
class Verdict:
    """What was looked at and what was found."""

    events: int = 0
    changes: int = 0
    chains: int = 0
    direct_writes: int = 0
    checkpoints: int = 0
    heads: int = 0
    """Places in chains that checkpoints vouch for."""
    rows: int = 0
    """Rows of today that were compared with the trail."""
    tables: int = 0
    faults: list[Fault] = field(default_factory=list)
    unlisted: int = 0

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def add(self, fault: Fault) -> None:
        """One more fault; beyond a number they are only counted."""
        if len(self.faults) < _MOST:
            self.faults.append(fault)
        else:
            self.unlisted += 1


def verify(*, shelf: Shelf | None = None, fold: bool = True) -> Verdict:
    """Recomputes the whole trail, holds it against the checkpoints and the tables of today."""
    verdict = Verdict()
    with one_snapshot():
        _verify_chains(verdict, shelf)
        if fold:
            replayed = replay()
            verdict.tables, verdict.rows = replayed.tables, replayed.rows
            for fault in replayed.faults:
                verdict.add(fault)
    return verdict


# ── chains ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Chain:
    """How far a chain has been followed."""

    seq: int = 0
    head: str = FIRST
    changes: int = 0


def _verify_chains(verdict: Verdict, shelf: Shelf | None) -> None:
    chains: dict[int, _Chain] = {}
    wanted = dict(shelf.heads) if shelf else {}
    noted: dict[int, str] = {}
    with streamed(_EVENTS) as events, streamed(_CHANGES) as changes:
        groups = _Groups(changes)
        for row in events:
            event_id, number, seq, verb = row[:4]
            chain = chains.setdefault(number, _Chain())
            for fault in _lost(groups.before(event_id)):
                verdict.add(fault)
            taken = groups.of(event_id)
            verdict.events += 1
            verdict.changes += taken.count
            verdict.direct_writes += verb == DIRECT
            for words in _judged(chain, row, taken):
                verdict.add(Fault(kind="event", chain=number, seq=seq, words=words))
            chain.seq, chain.changes = seq, chain.changes + taken.count
            chain.head = row[6] or row[7]
            for claim in wanted.pop((number, seq), ()):
                verdict.heads += 1
                if (chain.head, chain.changes) != (claim.head, claim.changes):
                    words = f"与第 {claim.number} 号检查点不符：此处或此前的留痕被改写"
                    verdict.add(Fault(kind="checkpoint", chain=number, seq=seq, words=words))
            if verb == "make_checkpoint":
                noted[event_id] = row[20]
        for fault in _lost(groups.before(None)):
            verdict.add(fault)
    for fault in _orphan_seals():
        verdict.add(fault)
    verdict.chains = len(chains)
    if shelf is None:
        return
    for (number, seq), claims in sorted(wanted.items()):
        end = chains[number].seq if number in chains else 0
        what = f"链只到第 {end} 条" if end else "整条链不见了"
        for claim in claims:
            words = f"第 {claim.number} 号检查点记有第 {seq} 条，{what}：留痕被删去"
            verdict.add(Fault(kind="checkpoint", chain=number, seq=seq, words=words))
    verdict.checkpoints = shelf.count
    for fault in (*shelf.faults, *shelf.missing(noted.values())):
        verdict.add(fault)


def _judged(chain: _Chain, row: Sequence[Any], taken: Changes) -> Iterator[str]:
    """What is wrong with one event after the one before it."""
    seq = row[2]
    changes, changes_digest, seal, digest, previous = row[4:9]
    if seq != chain.seq + 1:
        yield f"上一条是第 {chain.seq} 条：中间缺少或次序被改动"
    if previous != chain.head:
        yield "不接上一条的封印：上一条被改写、删去，或此条是插入的"
    if digest != event_digest(previous, row[9:]):
        yield "内容与摘要不符：此条被改动"
    if seal is None:
        yield "没有封印：此条不是正常写入的"
        return
    if (changes, changes_digest) != (taken.count, taken.digest):
        yield f"封印时有 {changes} 处变更，现有 {taken.count} 处，或变更内容被改动"
    if seal != seal_digest(digest, changes, changes_digest):
        yield "封印与内容不符：封印被改动"


class _Groups:
    """A stream of changes, handed out event by event."""

    def __init__(self, rows: Iterator[Sequence[Any]]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def before(self, event_id: int | None) -> Iterator[tuple[int, int]]:
        """Events below ``event_id`` (None: all that are left) that have changes, and how many."""
        while self._next is not None and (event_id is None or self._next[0] < event_id):
            named = self._next[0]
            yield named, self.of(named).count

    def of(self, event_id: int) -> Changes:
        """The changes of an event."""
        taken = Changes()
        while self._next is not None and self._next[0] == event_id:
            taken.add(self._next[1:])
            self._next = next(self._rows, None)
        return taken


def _lost(groups: Iterator[tuple[int, int]]) -> Iterator[Fault]:
    for event_id, count in groups:
        words = f"有 {count} 处变更属于编号 {event_id} 的留痕，而这条留痕不见了"
        yield Fault(kind="change", words=words)


def _orphan_seals() -> Iterator[Fault]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.event_id FROM budgets_auditseal s LEFT JOIN budgets_auditevent e"
            " ON e.id = s.event_id WHERE e.id IS NULL ORDER BY 1 LIMIT 50"
        )
        for (event_id,) in cursor.fetchall():
            words = f"有编号 {event_id} 的留痕的封印，而这条留痕不见了"
            yield Fault(kind="event", words=words)
