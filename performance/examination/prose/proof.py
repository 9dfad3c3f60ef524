"""Proofreading of a draft (数字校对): each figure agrees, disagrees with another, or is not found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain

from performance.documents.labels import squeeze
from performance.examination.prose.facts import Fact, FactKind, facts_of
from performance.examination.prose.figures import amount, shown
from performance.examination.prose.growth import check_growth
from performance.examination.prose.listed import check_lists, check_sections
from performance.examination.prose.matching import FactBook, Match, agrees, project_core
from performance.examination.prose.model import Figure, Role
from performance.examination.prose.pages import Clash, Paragraph, paragraphs_of_text
from performance.examination.prose.printed import printed_clash
from performance.examination.prose.products import check_formulas
from performance.examination.prose.shares import check_completions, check_shares
from performance.examination.prose.targets import indicator_clash
from performance.tables import ParsedDocument, Place

_LEAD = re.compile(
    r"^(?:[(（]?[\d一二三四五六七八九十]{1,3}[)）、.．])?(?P<name>[^:：,，。；;]{3,60})[:：]"
)
_SHORTEST_NAME = 4
_SAID: tuple[tuple[re.Pattern[str], FactKind], ...] = (
    (re.compile(r"执行数|执行金额|支出决算|实际支出|全年支出"), FactKind.EXECUTED),
    (re.compile(r"调整.{0,4}预算|全年预算|年初预算|预算数|预算金额|预算安排"), FactKind.BUDGET),
)
"""What a clause in a project's own paragraph says of it."""


class Status(StrEnum):
    """What became of a figure."""

    AGREES = "agrees"
    DISAGREES = "disagrees"
    NOT_FOUND = "not_found"
    """Nothing known is said of the same thing, or the text does not say of what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proofed:
    """One figure of a draft. ``text[figure.start:figure.end] == figure.written``."""

    figure: Figure
    status: Status
    at: Place
    """The line of the draft, from 1: ``L0003``."""
    fact: Fact | None = None
    """What it agrees with, or the nearest that it disagrees with."""
    message: str = ""
    """In Chinese; empty where nothing was found."""


def proof(text: str, against: ParsedDocument | Iterable[Fact]) -> list[Proofed]:
    """Every figure of a draft in order, held against known facts and against the draft itself.

    ``against`` is a document or a plain list of facts (``facts_of`` makes one). Never raises.
    """
    book = FactBook(facts_of(against) if isinstance(against, ParsedDocument) else against)
    found = [*paragraphs_of_text(text)]
    within = _within([paragraph for _, paragraph in found], book)
    return [
        proofed
        for start, paragraph in found
        for proofed in _proofed(start, paragraph, book, within)
    ]


def _within(pages: list[Paragraph], book: FactBook) -> dict[tuple[int, int], Clash]:
    """What disagrees within the draft, by paragraph and place of the figure."""
    clashes = chain(
        check_lists(pages),
        check_sections(pages),
        check_shares(pages, book),
        check_completions(pages),
        check_growth(pages),
        check_formulas(pages),
    )
    found: dict[tuple[int, int], Clash] = {}
    for clash in clashes:
        found.setdefault((id(clash.paragraph), clash.figure.start), clash)
    return found


def _proofed(
    start: int,
    paragraph: Paragraph,
    book: FactBook,
    within: dict[tuple[int, int], Clash],
) -> Iterator[Proofed]:
    project = _project(paragraph, book)
    for figure in paragraph.reading.figures:
        placed = _moved(figure, start)
        at = paragraph.place(figure)
        clash = within.get((id(paragraph), figure.start))
        match = book.match(figure, heading=paragraph.passage.heading)
        match = match or _of_project(figure, project, book)
        if match is not None and not match.agrees:
            yield Proofed(
                figure=placed,
                status=Status.DISAGREES,
                at=at,
                fact=match.fact,
                message=_against(figure, paragraph, match.fact),
            )
        elif match is not None:
            rest = f"；但{clash.message}" if clash is not None and not clash.fits else ""
            yield Proofed(
                figure=placed,
                status=Status.AGREES,
                at=at,
                fact=match.fact,
                message=f"{_borne_out(match.fact)}{rest}",
            )
        elif clash is not None:
            status = Status.AGREES if clash.fits else Status.DISAGREES
            yield Proofed(figure=placed, status=status, at=at, message=clash.message)
        else:
            yield Proofed(figure=placed, status=Status.NOT_FOUND, at=at)


def _borne_out(fact: Fact) -> str:
    value = amount(fact.value, fact.kind, fact.unit, fact.step)
    return f"与{fact.source}“{fact.subject}” {value} 一致"


def _moved(figure: Figure, start: int) -> Figure:
    return replace(figure, start=figure.start + start, end=figure.end + start)


def _project(paragraph: Paragraph, book: FactBook) -> str:
    """The project that a paragraph begins with: 甲项目：全年预算数为 …."""
    found = _LEAD.match(squeeze(paragraph.passage.text[:200]))
    if found is None:
        return ""
    said = project_core(found["name"])
    if book.project(said):
        return said
    near = [
        name
        for name in book.projects
        if min(len(name), len(said)) >= _SHORTEST_NAME and (said in name or name in said)
    ]
    return near[0] if len(near) == 1 else ""


def _of_project(figure: Figure, project: str, book: FactBook) -> Match | None:
    """The project's own budget, execution or rate that a figure of its paragraph tells."""
    if figure.role is Role.COMPLETION:
        named = re.sub(r"(?:项目)?(?:的)?(?:预算|资金)?执行率$", "", figure.subject)
        facts = [f for f in book.project(project or named) if f.what is FactKind.RATE]
    elif project and figure.role is Role.VALUE and figure.unit == "元":
        what = next((kind for said, kind in _SAID if said.search(figure.clause)), None)
        facts = [fact for fact in book.project(project) if fact.what is what]
    else:
        return None
    for fact in facts:
        if agrees(figure, fact):
            return Match(fact, agrees=True)
    return Match(facts[0], agrees=False) if facts else None


def _against(figure: Figure, paragraph: Paragraph, fact: Fact) -> str:
    if fact.what in (FactKind.TARGET, FactKind.ACTUAL):
        return indicator_clash(figure, paragraph, fact).message
    if fact.what in (FactKind.BUDGET, FactKind.EXECUTED, FactKind.RATE):
        words = {FactKind.BUDGET: "预算数", FactKind.EXECUTED: "执行数"}.get(fact.what, "执行率")
        return (
            f"正文写 {shown(figure)}（{paragraph.place(figure)}），{fact.source}的{words}为 "
            f"{amount(fact.value, fact.kind, fact.unit, fact.step)}（{fact.at}）；请核对，改成一致"
        )
    return printed_clash(figure, paragraph, fact).message
