"""The overall objectives of a form: prose under its own heads, expected beside completed."""

from __future__ import annotations

from dataclasses import dataclass, field

from performance.documents.grid import Cell, Row
from performance.documents.labels import Label, field_of, squeeze
from performance.tables import Objective

_HEADS = {Label.OBJECTIVE_HEAD, Label.OBJECTIVE, Label.OBJECTIVE_PART}


@dataclass(frozen=True, slots=True)
class _Head:
    """One head: where it stands, and whether what was achieved stands under it."""

    position: int
    completed: bool


@dataclass(slots=True)
class ObjectiveBlock:
    """The rows of objectives of one form, as they come."""

    found: list[Objective] = field(default_factory=list)
    since_indicators: bool = False
    """Whether objectives came after the last indicator: the next header begins another form."""
    _heads: list[_Head] = field(default_factory=list)
    _open: bool = False

    def read(self, row: Row, *, indicators_begun: bool) -> bool:
        """Takes a row if it is one of objectives; says whether it was."""
        filled = row.filled()
        labels = [field_of(cell.text) for _, cell in filled]
        if not filled:
            return False
        heads = [
            _Head(index, "完成" in squeeze(cell.text))
            for (index, cell), label in zip(filled, labels, strict=True)
            if label is Label.OBJECTIVE_HEAD
        ]
        texts = [item for item, label in zip(filled, labels, strict=True) if label is None]
        if heads and all(label in _HEADS for label in labels):
            self._heads, self._open = heads, True
            return True
        if labels[0] in _HEADS:
            self._add(texts, heads or self._heads)
            return True
        if self._open and labels[0] is None and not indicators_begun:
            self._add(texts, self._heads)
            return True
        return False

    def _add(self, texts: list[tuple[int, Cell]], heads: list[_Head]) -> None:
        self.since_indicators = True
        if not texts:
            return
        self._open = False
        if any(head.completed for head in heads):
            self._beside(texts, heads)
        else:
            self._same_twice([cell.text for _, cell in texts])

    def _beside(self, texts: list[tuple[int, Cell]], heads: list[_Head]) -> None:
        """Expected and completed: by order where there is one text a head, else by position."""
        expected: list[str] = []
        completed: list[str] = []
        for number, (index, cell) in enumerate(texts):
            if len(texts) == len(heads):
                head = heads[number]
            else:
                head = next((h for h in reversed(heads) if h.position <= index), heads[0])
            (completed if head.completed else expected).append(cell.text)
        self.found.append(Objective(text=" ".join(expected), completed=" ".join(completed) or None))

    def _same_twice(self, texts: list[str]) -> None:
        """The halves of a form (实施期, 年度) repeat the objective, sometimes cut off."""
        unique: list[str] = []
        for text in texts:
            same = next((u for u in unique if _same_start(u, text)), None)
            if same is None:
                unique.append(text)
            elif len(squeeze(text)) > len(squeeze(same)):
                unique[unique.index(same)] = text
        self.found.extend(Objective(text=text) for text in unique)


def _same_start(one: str, other: str) -> bool:
    left, right = squeeze(one), squeeze(other)
    return left.startswith(right) or right.startswith(left)
