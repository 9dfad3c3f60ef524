"""What was read from a file, laid out with each problem at its cell. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from performance.tables import ParsedDocument, ParsedIndicator, ParsedTable, Problem

COLUMNS = ("level1", "level2", "name", "target", "actual", "points", "awarded")
"""The cells of a row that a problem may stand at."""
_DIGITS = re.compile(r"(\d{1,9})")


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidRow:
    """One indicator as it was read, with what is doubtful at each of its cells."""

    indicator: ParsedIndicator
    problems: Mapping[str, tuple[Problem, ...]]
    """By column; what names no cell stands at the indicator's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidTable:
    """One table as it was read; ``seq`` counts the tables of the file from 1."""

    seq: int
    table: ParsedTable
    rows: tuple[LaidRow, ...]
    problems: tuple[Problem, ...]
    """What is doubtful about its head, its money or the table as a whole."""

    @property
    def doubtful(self) -> int:
        """How many problems stand in it."""
        return len(self.problems) + sum(
            len(found) for row in self.rows for found in row.problems.values()
        )


def laid_out(document: ParsedDocument) -> tuple[tuple[LaidTable, ...], tuple[Problem, ...]]:
    """The tables of a document with their problems, and the problems that stand in none."""
    anchors = sorted(
        (place, seq, number)
        for seq, table in enumerate(document.tables, start=1)
        for place, number in (
            (_natural(table.at), 0),
            *((_natural(row.at), n) for n, row in enumerate(table.indicators, start=1)),
        )
    )
    places = [place for place, _, _ in anchors]
    ends = {seq: place for place, seq, _ in anchors}
    heads: dict[int, list[Problem]] = defaultdict(list)
    cells: dict[tuple[int, int], dict[str, list[Problem]]] = defaultdict(lambda: defaultdict(list))
    outside = []
    for problem in document.problems:
        place = _natural(problem.at)
        found = bisect_right(places, place) - 1
        if found < 0:
            outside.append(problem)
            continue
        _, seq, number = anchors[found]
        row = document.tables[seq - 1].indicators[number - 1] if number else None
        about = row is not None and (
            problem.at == row.at or problem.message.startswith(f"指标“{row.name}”")
        )
        if about and (problem.field is None or problem.field in COLUMNS):
            cells[seq, number][problem.field or "name"].append(problem)
        elif about or place <= ends[seq]:
            heads[seq].append(problem)
        else:
            outside.append(problem)
    return (
        tuple(
            LaidTable(
                seq=seq,
                table=table,
                rows=tuple(
                    LaidRow(
                        indicator=row,
                        problems={name: tuple(said) for name, said in cells[seq, n].items()},
                    )
                    for n, row in enumerate(table.indicators, start=1)
                ),
                problems=tuple(heads[seq]),
            )
            for seq, table in enumerate(document.tables, start=1)
        ),
        tuple(outside),
    )


def _natural(at: str) -> list[tuple[int, str]]:
    """Places in reading order: L9999 before L10000."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in _DIGITS.split(at)]
