"""What checking an invariant comes to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

LISTED = 50


@dataclass(slots=True)
class Result:
    """One invariant: how much was looked at, and what breaks it."""

    name: str
    title: str
    checked: int = 0
    broken: int = 0
    violations: list[str] = field(default_factory=list)
    """The first of them, as sentences; ``broken`` counts all."""
    notes: list[str] = field(default_factory=list)
    """What somebody should know and that breaks nothing."""

    def add(self, words: str) -> None:
        """One more violation."""
        self.broken += 1
        if len(self.violations) < LISTED:
            self.violations.append(words)

    def extend(self, sentences: Iterable[str]) -> None:
        """Several more."""
        for words in sentences:
            self.add(words)

    @property
    def holds(self) -> bool:
        """Whether nothing breaks it."""
        return self.broken == 0


def rows(sql: str, parameters: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
    """All rows of a query whose answer is short."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def streamed(sql: str, parameters: Sequence[Any] | None = None) -> Iterator[tuple[Any, ...]]:
    """Rows of a query as they come, in constant memory."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, parameters)
        while found := cursor.fetchmany(2000):
            yield from found
