"""Parts and totals: a list that does not add to its total, a part above its whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from performance.examination.prose import words
from performance.examination.prose.figures import amount, shown, sum_fits
from performance.examination.prose.groups import Group, groups_of
from performance.examination.prose.model import Figure, FigureKind, Role, Sentence
from performance.examination.prose.pages import Clash, Paragraph

_OVERLAPPING = re.compile(r"小微企业|中小企业|微型企业|预留份额|专门面向")
"""Such parts overlap with their neighbours: their sum says nothing."""
_MOST_NAMED = 4
_MOST_PARTS = 8
_OPEN_END = re.compile(r"(?:其中|包括)[:,]?$")


def check_lists(paragraphs: list[Paragraph]) -> Iterator[Clash]:
    """All lists of a text whose parts and total disagree."""
    for paragraph in paragraphs:
        before: list[Sentence] = []
        for sentence in paragraph.reading.sentences:
            carried = _main(before[-1]) if before else None
            for group in groups_of(sentence, carried):
                others = _other_totals(group, sentence, before)
                yield from _judged(group, paragraph, others)
            if sentence.figures:
                before = [*before[-1:], sentence]


def check_sections(paragraphs: list[Paragraph]) -> Iterator[Clash]:
    """A total that ends its paragraph with 其中：, and parts that each begin one of their own.

    Only parts that always make up the whole (基本支出 and 项目支出) are added up.
    """
    for position, paragraph in enumerate(paragraphs):
        last = paragraph.reading.sentences[-1]
        amounts = _amounts(last)
        if not amounts or not _OPEN_END.search(last.text):
            continue
        total = amounts[-1]
        below = _beginnings(paragraphs[position + 1 : position + 1 + _MOST_PARTS], paragraph)
        for family in words.PARTITIONS:
            parts = [p for p in below if any(word in p.subject for word in family)]
            whole = Group(total=total, parts=tuple(parts), opener="分别为")
            if len(parts) != len(family) or any(p.approximate for p in parts):
                continue
            every = Group(total=total, parts=tuple(below), opener="分别为")
            others = [f.value for f in amounts[:-1]]
            if not _fits(whole, others) and not _fits(every, others):
                yield _sum_clash(whole, paragraph, [paragraph.place(total)])
                break


def _beginnings(paragraphs: list[Paragraph], above: Paragraph) -> list[Figure]:
    """The amounts that the next paragraphs of a section begin with."""
    found: list[Figure] = []
    for paragraph in paragraphs:
        first = paragraph.reading.figures[0]
        if paragraph.passage.heading != above.passage.heading or first.sentence:
            break
        if first.role is not Role.VALUE or first.unit != "元" or not first.subject:
            break
        found.append(first)
    return found


def _main(sentence: Sentence) -> Figure | None:
    """The first amount of a sentence: what it is about."""
    return next(iter(_amounts(sentence)), None)


def _amounts(sentence: Sentence) -> list[Figure]:
    return [
        f
        for f in sentence.figures
        if f.kind is FigureKind.AMOUNT and f.unit == "元" and f.role in (Role.VALUE, Role.CHANGE)
    ]


def _other_totals(group: Group, sentence: Sentence, before: list[Sentence]) -> list[Decimal]:
    """Amounts that the list may be of instead of the one it was put to."""
    others = [f.value for f in _amounts(sentence) if f.spot[0] < group.parts[0].spot[0]]
    if group.carried:
        for earlier in before:
            values = [f.value for f in _amounts(earlier)]
            others.extend([*values, sum(values, Decimal(0))])
    return others


def _judged(group: Group, paragraph: Paragraph, others: list[Decimal]) -> Iterator[Clash]:
    total, parts = group.total, group.parts
    if any(figure.approximate for figure in (total, *parts)):
        return
    above = [part for part in parts if _exceeds(part, total)]
    if above and not any(part.value <= other for part in above for other in others):
        for part in above:
            yield Clash(
                figure=part,
                paragraph=paragraph,
                message=(
                    f"正文“{_name(part)}” {shown(part)} 超过了它所属的“{_name(total)}”"
                    f" {shown(total)}（{_places(paragraph, part, total)}）；部分不能大于整体，"
                    "请核对并改正其中有误的一个数"
                ),
            )
        return
    if len(parts) < 2 or any(_OVERLAPPING.search(part.subject) for part in parts):
        return
    listed = sum((part.value for part in parts), Decimal(0))
    if _fits(group, others) or (listed < total.value and not group.is_exhaustive):
        return
    if group.carried and not group.is_exhaustive:
        return
    places = [paragraph.place(figure) for figure in (total, parts[-1])]
    yield _sum_clash(group, paragraph, places)


def _sum_clash(group: Group, paragraph: Paragraph, places: list[str]) -> Clash:
    total, parts = group.total, group.parts
    listed = sum((part.value for part in parts), Decimal(0))
    return Clash(
        figure=total,
        paragraph=paragraph,
        message=(
            f"正文“{_name(total)}” {shown(total)}，所列 {len(parts)} 项（{_named(parts)}）"
            f"合计 {amount(listed, FigureKind.AMOUNT, '元')}，相差 "
            f"{amount(abs(listed - total.value), FigureKind.AMOUNT, '元')}"
            f"（{'、'.join(dict.fromkeys(places))}）；请核对各项金额或改正合计数"
        ),
    )


def _exceeds(part: Figure, total: Figure) -> bool:
    return part.value > total.value + max(part.step, total.step) / 2


def _fits(group: Group, others: list[Decimal]) -> bool:
    """Whether the parts, or the first of them, make up the total or another amount before it."""
    total, parts = group.total, group.parts
    if sum_fits(total, parts):
        return True
    if any(sum_fits(total, parts[:count], exact=True) for count in range(2, len(parts))):
        return True
    listed = sum((part.value for part in parts), Decimal(0))
    tolerance = min(part.step for part in parts) * (len(parts) + 1)
    return any(abs(listed - other) <= tolerance for other in others if other != total.value)


def _name(figure: Figure) -> str:
    return figure.subject or figure.clause.strip(":，,、") or "合计"


def _named(parts: tuple[Figure, ...]) -> str:
    first = "、".join(f"{part.subject}{shown(part)}" for part in parts[:_MOST_NAMED])
    return f"{first}等" if len(parts) > _MOST_NAMED else first


def _places(paragraph: Paragraph, *figures: Figure) -> str:
    return "、".join(dict.fromkeys(paragraph.place(figure) for figure in figures))
