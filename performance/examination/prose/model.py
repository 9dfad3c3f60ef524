"""What the reader of running text hands on: figures, and what is said of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from performance.values import Comparator


class FigureKind(StrEnum):
    """What a figure counts."""

    AMOUNT = "amount"
    """Money, in 元."""
    COUNT = "count"
    RATE = "rate"
    """A percentage: 95% is 95."""


class Role(StrEnum):
    """What a figure says of its subject."""

    VALUE = "value"
    """That the subject is so large."""
    CHANGE = "change"
    """By how much it grew or fell."""
    SHARE = "share"
    """Which part of something else it is (占…的 x%)."""
    COMPLETION = "completion"
    """Which part of a budget was spent (完成预算的 x%)."""
    STANDARD = "standard"
    """An amount for one person or piece (每人 280 元)."""
    THRESHOLD = "threshold"
    """The size that makes a thing one of its class (单价 20 万元以上的设备)."""
    FACTOR = "factor"
    """A part of a written formula."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of a text with what it is said of. ``text[start:end] == written``."""

    written: str
    start: int
    end: int
    kind: FigureKind
    value: Decimal
    """In the base unit: money in 元, counts multiplied out, percentages as they are."""
    step: Decimal
    """What one unit of the last place printed is."""
    unit: str
    role: Role = Role.VALUE
    comparator: Comparator | None = None
    approximate: bool = False
    subject: str = ""
    """The noun in front of it, empty where the text names none."""
    base: str = ""
    """Of a share: of what, as the text names it."""
    year: int | None = None
    """A year that the clause or its sentence names."""
    sentence: int = 0
    """Number of the sentence in the text."""
    clause: str = ""
    """The words from the last stop to the figure, normalised."""
    lead: str = ""
    """The beginning of its sentence, normalised."""
    topic: str = ""
    """The item of the classification (项) that the sentence or the one before is about."""
    in_reasons: bool = False
    """Whether it stands where the sentence tells reasons (主要原因是…)."""
    spot: tuple[int, int] = (0, 0)
    """Where the figure stands in its normalised sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence, normalised, with the figures in it."""

    number: int
    text: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that was read from one text."""

    sentences: tuple[Sentence, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures of all sentences, in order."""
        return tuple(figure for sentence in self.sentences for figure in sentence.figures)
