"""Totals and the parts that a sentence lists behind them: 支出 100 万元，其中：… 60 万元；… 40 万元."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from performance.examination.prose import words
from performance.examination.prose.model import Figure, FigureKind, Role, Sentence
from performance.examination.prose.names import alike

_TOKEN = re.compile(rf"(?P<opener>{words.OPENERS.pattern})|(?P<sign>[;()])")
_LIST_BEGINS = re.compile(r"其中[:,]?")
_PARALLEL = 0.6
"""Names as like as 一般公共预算收入 and 一般公共预算支出 stand side by side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A total with the parts listed behind it."""

    total: Figure
    parts: tuple[Figure, ...]
    opener: str
    """The word that opens the list; empty where the total stands behind its parts."""
    carried: bool = False
    """The total stands in the sentence before."""

    @property
    def is_exhaustive(self) -> bool:
        """Whether the words say that the parts are all there is."""
        if not self.opener:
            return True
        subjects = [part.subject for part in self.parts]
        return self.opener.startswith(("分别", "由")) or any(
            all(any(word in subject for subject in subjects) for word in family)
            for family in words.PARTITIONS
        )


@dataclass(slots=True)
class _Level:
    total: Figure | None
    opener: str
    parts: list[Figure] = field(default_factory=list)
    nested: bool = False
    """A part has parts of its own, or a semicolon stands between parts."""
    bracket: bool = False
    parted: bool = False
    """A semicolon stands behind the last part."""


def groups_of(sentence: Sentence, carried: Figure | None = None) -> list[Group]:
    """The totals of a sentence with their parts, outermost first.

    ``carried`` is the total of the sentence before, for a sentence that begins with 其中.
    """
    walk = _Walk(sentence, carried)
    return [*walk.run(), *_summed_up(sentence)]


class _Walk:
    """One pass over the openers, stops and figures of a sentence."""

    def __init__(self, sentence: Sentence, carried: Figure | None) -> None:
        self.text = sentence.text
        self.figures = [
            f
            for f in sentence.figures
            if f.kind is FigureKind.AMOUNT and f.unit == "元" and f.role is Role.VALUE
        ]
        self.levels: list[_Level] = []
        self.done: list[Group] = []
        self.last: Figure | None = carried if _LIST_BEGINS.match(sentence.text) else None
        self.ends: list[int] = []

    def run(self) -> Iterator[Group]:
        position = 0
        causes = words.CAUSES.search(self.text)
        stop = causes.start() if causes else len(self.text)
        for figure in self.figures:
            self._between(position, min(figure.spot[0], stop))
            if figure.spot[0] >= stop:
                again = self.text.find(";", stop, figure.spot[0])
                if again < 0:
                    position = figure.spot[1]
                    continue
                self._between(again, figure.spot[0])
                causes = words.CAUSES.search(self.text, figure.spot[1])
                stop = causes.start() if causes else len(self.text)
            if self.levels and self._begins_anew(figure):
                while self.levels:
                    self._close()
            if self.levels:
                self.levels[-1].parts.append(figure)
            self.last = figure
            position = figure.spot[1]
        self._between(position, len(self.text))
        while self.levels:
            self._close()
        return iter(sorted(self.done, key=lambda g: (g.total.spot[0], -len(g.parts))))

    def _begins_anew(self, figure: Figure) -> bool:
        """Whether a figure behind a semicolon stands beside the total and not below it.

        收入 80 万元，其中：税收收入 60 万元；支出 90 万元: the expenditure is no part of income.
        """
        level = self.levels[0]
        if len(self.levels) > 1 or level.total is None or not level.parted:
            return False
        one, other = (f.subject or f.clause.strip(":;,、") for f in (level.total, figure))
        if one in other or other in one:
            return False
        opposite = ("收入" in one and other.endswith("支出")) or (
            "支出" in one and other.endswith("收入")
        )
        return opposite or alike(one, other) >= _PARALLEL

    def _between(self, start: int, end: int) -> None:
        for found in _TOKEN.finditer(self.text, start, end):
            sign = found["sign"]
            if found["opener"]:
                self._open(found)
            elif sign == ";":
                self._semicolon()
            elif sign == "(":
                self.levels.append(_Level(self.last, "", bracket=True))
            elif sign == ")":
                while self.levels:
                    bracket = self.levels[-1].bracket
                    self._close()
                    if bracket:
                        break

    def _open(self, found: re.Match[str]) -> None:
        opener = found["opener"]
        if opener == "由" and self.text.find("组成", found.end(), found.end() + 80) < 0:
            return
        if opener == "其中" and self.levels and self.levels[-1].total is self.last:
            self.levels[-1].opener = opener
            return
        if self.levels and self.levels[-1].bracket and not self.levels[-1].parts:
            self.levels[-1].opener = opener
            return
        if self.levels:
            self.levels[-1].nested = True
        self.levels.append(_Level(self.last, opener))

    def _semicolon(self) -> None:
        """Inner lists end; the outer one goes on, unless its parts stood without semicolons."""
        while len(self.levels) > 1 and not self.levels[-1].bracket:
            self._close()
        if len(self.levels) == 1 and not self.levels[0].bracket:
            level = self.levels[0]
            if len(level.parts) > 1 and not level.nested:
                self._close()
                self.last = None
            else:
                level.nested = level.parted = True

    def _close(self) -> None:
        level = self.levels.pop()
        if level.total is not None and level.opener and level.parts:
            self.done.append(
                Group(
                    total=level.total,
                    parts=tuple(level.parts),
                    opener=level.opener,
                    carried=level.total.sentence != level.parts[0].sentence,
                )
            )


def _summed_up(sentence: Sentence) -> Iterator[Group]:
    """甲 10 万元、乙 20 万元，合计 30 万元: only where nothing else opens a list."""
    if words.OPENERS.search(sentence.text):
        return
    parts: list[Figure] = []
    for figure in sentence.figures:
        if figure.kind is not FigureKind.AMOUNT or figure.unit != "元":
            if figure.role is Role.FACTOR:
                return
            continue
        if figure.role is not Role.VALUE:
            return
        bare = figure.clause.strip("、")
        if len(parts) > 1 and bare and words.ENDS_OF_LISTS.fullmatch(bare):
            yield Group(total=figure, parts=tuple(parts), opener="")
            return
        parts.append(figure)
