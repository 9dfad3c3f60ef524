"""Running text against the published tables of the same document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from performance.examination.prose.facts import Fact, FactKind
from performance.examination.prose.figures import amount, shown
from performance.examination.prose.matching import FactBook
from performance.examination.prose.model import Figure
from performance.examination.prose.pages import Clash, Paragraph
from performance.examination.prose.targets import indicator_clash
from performance.tables import Passage, Severity

_ROUNDED = re.compile(r"尾数(?:误差|差异|差)|四舍五入")


def check_printed(
    pages: list[Paragraph], passages: Iterable[Passage], book: FactBook
) -> Iterator[Clash]:
    """Figures of the text that a table gives another value, and indicators of another number.

    A difference of one unit of the last place is only a hint where the document says that its
    figures are rounded.
    """
    rounded = any(_ROUNDED.search(passage.text) for passage in passages)
    for paragraph in pages:
        for figure in paragraph.reading.figures:
            found = book.match(figure, heading=paragraph.passage.heading)
            if found is None or found.agrees:
                continue
            if found.fact.what is FactKind.TARGET and "满意" in figure.subject:
                continue  # whose satisfaction, and with what, only the form says
            if found.fact.what in (FactKind.TARGET, FactKind.ACTUAL):
                yield indicator_clash(figure, paragraph, found.fact)
            else:
                yield printed_clash(figure, paragraph, found.fact, rounded=rounded)


def printed_clash(
    figure: Figure, paragraph: Paragraph, fact: Fact, *, rounded: bool = False
) -> Clash:
    """A text that gives a row of a table another value."""
    tail = rounded and abs(figure.value - fact.value) <= max(figure.step, fact.step)
    return Clash(
        figure=figure,
        paragraph=paragraph,
        project=fact.project or None,
        severity=Severity.NOTICE if tail else Severity.ERROR,
        message=(
            f"正文“{figure.subject}” {shown(figure)}（{paragraph.place(figure)}），{fact.source}"
            f"{'' if fact.project else f'中“{fact.subject}”'}为 {amount(fact.value, fact.kind, fact.unit, fact.step)}"
            f"（{fact.at}）；{'只差在尾数，请统一' if tail else '请核对，改成一致'}"
        ),
    )
