"""The running text of a document or of a pasted draft, read once for all checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from performance.documents.passages import passages_of_text
from performance.examination.prose.model import Figure, Reading
from performance.examination.prose.reader import read_prose, topic_of
from performance.tables import Passage, Place, Severity
from performance.values import normalise


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One passage with what was read of it."""

    passage: Passage
    reading: Reading

    def place(self, figure: Figure) -> Place:
        """Where a figure of it stands in the document."""
        return self.passage.place(figure.start)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """A figure of a text that disagrees with another, in words.

    With ``fits`` it agrees: a percentage that the figures beside it bear out.
    """

    figure: Figure
    paragraph: Paragraph
    message: str
    severity: Severity = Severity.ERROR
    project: str | None = None
    indicator: str | None = None
    fits: bool = False


def paragraphs(passages: Iterable[Passage]) -> list[Paragraph]:
    """The passages with their figures, those without any left out."""
    found: list[Paragraph] = []
    topic = ""
    for passage in passages:
        reading = read_prose(passage.text, topic=_item(passage.heading) or topic)
        topic = "" if reading.figures else _item(passage.text)
        if reading.figures:
            found.append(Paragraph(passage, reading))
    return found


def _item(text: str) -> str:
    """The item that a heading, or a paragraph without figures, announces."""
    return topic_of(normalise(text)) if "项" in text else ""


def paragraphs_of_text(text: str) -> Iterator[tuple[int, Paragraph]]:
    """The paragraphs of a pasted text, each with where it begins in it."""
    topic = ""
    for start, passage in passages_of_text(text):
        reading = read_prose(passage.text, topic=_item(passage.heading) or topic)
        topic = "" if reading.figures else _item(passage.text)
        if reading.figures:
            yield start, Paragraph(passage, reading)
