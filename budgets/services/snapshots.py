"""One state of the database for as long as something is read from it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from budgets.access import seen_by_system


@contextmanager
def one_snapshot() -> Iterator[None]:
    """A read-only transaction of the service itself that sees one state, however long it takes.

    Inside a transaction it is that one, as it is.
    """
    if connection.in_atomic_block:
        with seen_by_system():
            yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        with seen_by_system():
            yield
