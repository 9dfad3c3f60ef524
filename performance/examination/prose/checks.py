"""X01 over the running text of a document: every check in order, one finding a figure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from performance.examination.prose.facts import facts_of
from performance.examination.prose.growth import check_growth
from performance.examination.prose.listed import check_lists, check_sections
from performance.examination.prose.matching import FactBook
from performance.examination.prose.pages import Clash, paragraphs
from performance.examination.prose.printed import check_printed
from performance.examination.prose.products import check_bases, check_formulas
from performance.examination.prose.shares import check_completions, check_shares
from performance.examination.prose.targets import check_allocations, check_objectives
from performance.examination.prose.wholes import check_assets, check_costs, check_projects
from performance.tables import Finding, ParsedDocument


def check_x01_prose(document: ParsedDocument) -> Iterator[Finding]:
    """X01: figures of the text that disagree with each other or with the tables."""
    read = paragraphs(document.passages)
    lines = [paragraph for paragraph in read if not paragraph.passage.cell]
    cells = [paragraph for paragraph in read if paragraph.passage.cell]
    forms = [paragraph for paragraph in cells if paragraph.passage.project]
    told = [*lines, *forms]
    book = FactBook(facts_of(document))
    # Sentences that tell a project's execution are held against its table by another check.
    tied = {sentence.at for sentence in document.sentences}
    clashes = chain(
        check_lists(told),
        check_sections(lines),
        check_shares(told, book),
        check_completions([p for p in told if p.passage.at not in tied]),
        check_growth(told),
        check_formulas(read),
        check_bases(forms, document.tables),
        check_allocations(lines, document.tables),
        check_projects(lines, document),
        check_printed(lines, document.passages, book),
        check_objectives(document.tables, cells, book),
    )
    yield from _once(clashes)
    yield from check_assets(document.printed)
    yield from check_costs(document.tables)


def _once(clashes: Iterator[Clash]) -> Iterator[Finding]:
    """Findings of clashes: the first for each figure."""
    seen: set[tuple[str, int]] = set()
    for clash in clashes:
        if clash.fits:
            continue
        key = (clash.paragraph.passage.at, clash.figure.start)
        if key not in seen:
            seen.add(key)
            yield finding_of(clash)


def finding_of(clash: Clash) -> Finding:
    """A clash as the finding that is shown."""
    return Finding(
        code="X01",
        severity=clash.severity,
        project=clash.project,
        indicator=clash.indicator,
        message=clash.message,
        at=clash.paragraph.place(clash.figure),
    )


PROSE_CHECKS = (check_x01_prose,)
"""Checks of the running text, after those of the tables."""
