"""The trail replayed: what the changes come to must be the rows of today.

An edit behind the trail's back is seen in two ways: the row is not what its last change left, or a
later change does not begin where the one before it ended.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from budgets.services.faults import Fault

_AT_ONCE = 2000
_TRAILED = """
SELECT c.relname, t.tgargs FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_proc p ON p.oid = t.tgfoid
WHERE p.proname = 'budgets_audit_row' AND NOT t.tgisinternal ORDER BY 1"""
_MISFITS = """
SELECT row_id, operation, kept::text, now::text FROM (
  SELECT coalesce(l.row_id, t.id) AS row_id, l.operation, l.new AS kept, to_jsonb(t) - %s::text[] AS now
  FROM (SELECT DISTINCT ON (row_id) row_id, operation, new FROM budgets_auditchange
        WHERE table_name = %s ORDER BY row_id, id DESC) l
  FULL JOIN {table} t ON t.id = l.row_id) AS found
WHERE operation IS NULL OR CASE WHEN operation = 'DELETE' THEN now IS NOT NULL ELSE kept IS DISTINCT FROM now END"""
_BREAKS = """
SELECT row_id, id, before::text, old::text FROM (
  SELECT row_id, id, operation, old, lag(operation) OVER w AS did, lag(new) OVER w AS before
  FROM budgets_auditchange WHERE table_name = %s WINDOW w AS (PARTITION BY row_id ORDER BY id)) AS c
WHERE CASE WHEN did IS NULL OR did = 'DELETE' THEN operation <> 'INSERT'
           ELSE operation = 'INSERT' OR old IS DISTINCT FROM before END"""


@dataclass(slots=True)
class Replayed:
    """Denominators and what does not fit."""

    tables: int = 0
    rows: int = 0
    faults: list[Fault] = field(default_factory=list)


def replay() -> Replayed:
    """Holds every table that leaves changes against them; columns of personal data excepted.

    Reads in the transaction it is called in, as the account that is told there.
    """
    found = Replayed()
    for table, private in trailed_tables().items():
        found.tables += 1
        found.rows += _count(table)
        found.faults.extend(_misfits(table, private))
        found.faults.extend(_breaks(table))
    return found


def trailed_tables() -> dict[str, tuple[str, ...]]:
    """Tables whose rows leave changes, with the columns that are personal data and left out."""
    with connection.cursor() as cursor:
        cursor.execute(_TRAILED)
        return {
            table: tuple(name.decode() for name in bytes(arguments).split(b"\0") if name)
            for table, arguments in cursor.fetchall()
        }


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
        found = cursor.fetchone()
    return int(found[0]) if found else 0


def _misfits(table: str, private: Sequence[str]) -> Iterator[Fault]:
    sql = _MISFITS.format(table=connection.ops.quote_name(table))
    with streamed(sql, [list(private), table]) as rows:
        for row_id, operation, kept, now in rows:
            if words := _misfit(operation, kept, now):
                yield Fault(kind="row", words=f"{table} 第 {row_id} 行{words}")


def _misfit(operation: str | None, kept: str | None, now: str | None) -> str:
    if operation is None:
        return "不在留痕里：绕过留痕添加"
    if operation == "DELETE":
        return "在留痕里已经删除，表里还有：绕过留痕添加"
    if now is None or kept is None:
        return "在留痕里，表里没有：绕过留痕删除"
    columns = _differing(kept, now)
    return f"的 {columns} 与留痕不符：绕过留痕改动" if columns else ""


def _breaks(table: str) -> Iterator[Fault]:
    with streamed(_BREAKS, [table]) as rows:
        for row_id, change, before, old in rows:
            if before is None or old is None or _differing(before, old):
                words = f"编号 {change} 的变更不接上一次变更：其间绕过留痕改动"
                yield Fault(kind="row", words=f"{table} 第 {row_id} 行，{words}")


def _differing(before: str, after: str) -> str:
    """Names of columns that differ; one that came later is empty, one that went is nothing."""
    first, second = json.loads(before), json.loads(after)
    shared = set(first) & set(second)
    changed = {name for name in shared if first[name] != second[name]}
    changed |= {name for name in set(second) - shared if second[name] is not None}
    return "、".join(sorted(changed))


@contextmanager
def streamed(sql: str, parameters: Sequence[Any] = ()) -> Iterator[Iterator[Sequence[Any]]]:
    """Rows of a query, read as they come: memory does not grow with their number."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, parameters or None)
        yield _read(cursor)


def _read(cursor: Any) -> Iterator[Sequence[Any]]:
    while rows := cursor.fetchmany(_AT_ONCE):
        yield from rows
