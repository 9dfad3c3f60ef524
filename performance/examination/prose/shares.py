"""Percentages beside the two figures they come from: shares, completions, growth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain

from performance.examination.prose.facts import Fact
from performance.examination.prose.figures import amount, share_fits, shown
from performance.examination.prose.groups import Group, groups_of
from performance.examination.prose.matching import FactBook
from performance.examination.prose.model import Figure, FigureKind, Role, Sentence
from performance.examination.prose.pages import Clash, Paragraph
from performance.tables import Passage

_NOUNS = ("支出", "收入", "拨款", "预算", "资金", "采购", "合同金额", "经费", "总额")
_BUDGETS = re.compile(r"预算|计划|安排|下达|到位")
_SPENT = re.compile(r"决算|执行|支出|完成|使用|拨付|支付|支付数")
_FEWEST_SIBLINGS = 3
_MOST_SIBLINGS = 100
"""Shares under one heading that are compared: no section lists more, a text without headings may."""
_SENTENCES_BACK = 30
"""How far before a share, in its own paragraph, the whole may stand."""
_MOST_ABOVE = 300
"""Amounts under one main heading that may be the whole of its shares, the last ones."""


@dataclass(slots=True)
class _Section:
    """What stands under one heading: totals that a colon hands on, shares without a base."""

    heading: str = ""
    totals: list[Figure] = field(default_factory=list)
    orphans: list[tuple[Figure, Figure, Paragraph]] = field(default_factory=list)
    above: list[Figure] = field(default_factory=list)
    """Amounts told before under the same main heading."""


@dataclass(slots=True)
class _Lists:
    """The lists of a sentence, read once for all its shares of one unit."""

    sentence: Sentence
    before: list[Figure]
    """The values of the sentence before."""
    found: dict[str, tuple[list[Figure], list[Group]]] = field(default_factory=dict)

    def of(self, unit: str) -> tuple[list[Figure], list[Group]]:
        """The values before that are of this unit, and the lists that the first of them begins."""
        if unit not in self.found:
            same = [f for f in self.before if f.unit == unit]
            self.found[unit] = same, groups_of(self.sentence, same[0] if same else None)
        return self.found[unit]


def check_shares(paragraphs: list[Paragraph], book: FactBook) -> Iterator[Clash]:
    """All shares (占 x%) that do not come from the figures beside them."""
    section = _Section()
    for paragraph in paragraphs:
        if paragraph.passage.heading != section.heading:
            yield from _siblings(section, book)
            told = section.above if _main(section) == _main(paragraph.passage) else []
            section = _Section(heading=paragraph.passage.heading, above=told)
        earlier: list[list[Figure]] = []
        amounts: list[Figure] = []
        for sentence in paragraph.reading.sentences:
            yield from _sentence(sentence, paragraph, earlier, section, book)
            if values := values_of(sentence):
                earlier.append(values)
                del earlier[:-_SENTENCES_BACK]
                amounts.extend(f for f in values if f.unit == "元")
        section.above.extend(amounts)
        del section.above[:-_MOST_ABOVE]
        last = paragraph.reading.sentences[-1]
        if last.text.endswith(":") and values_of(last):
            section.totals = [f for f in values_of(last) if f.kind is FigureKind.AMOUNT]
    yield from _siblings(section, book)


def _main(under: _Section | Passage) -> str:
    return under.heading.partition(" ")[0]


def values_of(sentence: Sentence) -> list[Figure]:
    """The amounts and counts of a sentence that say how large a thing is."""
    return [
        f
        for f in sentence.figures
        if f.role is Role.VALUE and f.kind is not FigureKind.RATE and not f.approximate
    ]


def _sentence(
    sentence: Sentence,
    paragraph: Paragraph,
    earlier: list[list[Figure]],
    section: _Section,
    book: FactBook,
) -> Iterator[Clash]:
    shares = [f for f in sentence.figures if f.role is Role.SHARE and not f.approximate]
    if not shares:
        return
    values = values_of(sentence)
    before = [*chain.from_iterable(earlier)]
    lists = _Lists(sentence, earlier[-1] if earlier else [])
    for percent in shares:
        parts = _numerators(percent, sentence, values)
        if not parts:
            continue
        known = [*before, *(f for f in values if f.spot[0] < percent.spot[0])]
        wholes = _wholes(percent, parts[0], known, lists, section)
        facts = [] if wholes or not percent.base else book.named(percent.base)
        wholes = wholes or [_as_figure(f) for f in facts if f.unit == parts[0].unit]
        if not wholes:
            if not percent.base:
                section.orphans.append((parts[0], percent, paragraph))
            continue
        if found := _fitting_pair(percent, parts, wholes):
            yield borne_out(percent, paragraph, *found)
            continue
        yield _share_clash(parts[0], wholes[0], percent, paragraph, book)


def borne_out(percent: Figure, paragraph: Paragraph, part: Figure, whole: Figure) -> Clash:
    """That a percentage follows from the two figures beside it."""
    return Clash(
        figure=percent,
        paragraph=paragraph,
        fits=True,
        message=f"与正文 {shown(part)} 和 {shown(whole)} 计算的结果相符",
    )


def _fitting_pair(
    percent: Figure, parts: list[Figure], wholes: list[Figure]
) -> tuple[Figure, Figure] | None:
    return next(
        ((one, base) for one in parts for base in wholes if share_fits(one, base, percent)), None
    )


def _numerators(percent: Figure, sentence: Sentence, values: list[Figure]) -> list[Figure]:
    """The figures that a share may be of, the nearest first."""
    begin = sentence.text.rfind(";", 0, percent.spot[0])
    before = [f for f in values if begin < f.spot[0] and f.spot[1] <= percent.spot[0]][::-1]
    if percent.subject:
        return [f for f in before if f.subject == percent.subject]
    return [f for f in before if f.kind is before[0].kind and f.unit == before[0].unit]


def _wholes(
    percent: Figure,
    part: Figure,
    known: list[Figure],
    lists: _Lists,
    section: _Section,
) -> list[Figure]:
    before, groups = lists.of(part.unit)
    enclosing: list[Figure] = []
    for group in groups:
        if part in group.parts:
            enclosing.extend(before if group.carried else [group.total])
    handed = [f for f in section.totals if f.kind is part.kind and f.unit == part.unit]
    same = [f for f in known if f.kind is part.kind and f.unit == part.unit and f is not part]
    if not percent.base:
        return enclosing or handed
    named = [
        f for f in same if f.subject and (f.subject in percent.base or percent.base in f.subject)
    ]
    nouns = [noun for noun in _NOUNS if noun in percent.base]
    around = [f for f in (*enclosing, *handed) if any(noun in f.subject for noun in nouns)]
    return [*named, *around]


def _as_figure(fact: Fact) -> Figure:
    return Figure(
        written="",
        start=0,
        end=0,
        kind=fact.kind,
        value=fact.value,
        step=fact.step,
        unit=fact.unit,
        subject=f"{fact.source}{fact.subject}",
    )


def _share_clash(
    part: Figure, whole: Figure, percent: Figure, paragraph: Paragraph, book: FactBook
) -> Clash:
    computed = percent_of(part.value, whole.value)
    base = f"“{whole.subject}”" if whole.subject else ""
    fitting = _fitting(part, percent, whole, book)
    hint = f"；按 {fitting} 计算才是 {shown(percent)}，请核对基数" if fitting else "；请重新计算"
    return Clash(
        figure=percent,
        paragraph=paragraph,
        message=(
            f"正文“{part.subject}” {shown(part)} 占{base} {shown(whole)} 的 {computed}，"
            f"文中写 {shown(percent)}（{paragraph.place(percent)}）{hint}"
        ),
    )


def _fitting(part: Figure, percent: Figure, whole: Figure, book: FactBook) -> str:
    """A total of the document's tables from which the printed share would follow."""
    spent = "支出" in part.subject
    for fact in sorted(book.facts, key=lambda fact: spent and "支出" not in fact.subject):
        if fact.what != "total" or fact.value == whole.value or fact.unit != part.unit:
            continue
        if share_fits(part, _as_figure(fact), percent):
            return f"{fact.source}的{fact.subject} {amount(fact.value, fact.kind, fact.unit)}"
    return ""


def percent_of(part: Decimal, whole: Decimal) -> str:
    """A share in percent with at most two places."""
    return amount(part / whole * 100, FigureKind.RATE, "%") if whole else "0%"


def _siblings(section: _Section, book: FactBook) -> Iterator[Clash]:
    """Shares of one unnamed whole: all but one fit a total of the tables, the one does not."""
    told = [i for i in section.orphans if i[1].value and i[0].value and i[0].unit == "元"]
    if not _FEWEST_SIBLINGS <= len(told) <= _MOST_SIBLINGS:
        return
    totals = [_as_figure(fact) for fact in book.facts if fact.what == "total"]
    parts = {id(item[0]) for item in told}
    above = [figure for figure in section.above if id(figure) not in parts]
    wholes = {whole.value: whole for whole in (*above, *totals)}
    ranked = sorted(
        (
            ([i for i in told if not share_fits(i[0], whole, i[1])], whole)
            for whole in wholes.values()
        ),
        key=lambda pair: len(pair[0]),
    )
    if not ranked or len(ranked[0][0]) != 1:
        return
    (part, percent, paragraph), whole = ranked[0][0][0], ranked[0][1]
    if any(len(odd) == 1 and odd[0][1] is not percent for odd, _ in ranked):
        return
    yield Clash(
        figure=percent,
        paragraph=paragraph,
        message=(
            f"正文“{part.subject}” {shown(part)} 占 {shown(percent)}（{paragraph.place(percent)}），"
            f"同段其他各项的占比都以 {shown(whole)} 为基数，按此应为 "
            f"{percent_of(part.value, whole.value)}；请重新计算"
        ),
    )


def check_completions(paragraphs: list[Paragraph]) -> Iterator[Clash]:
    """完成预算的 x% against the budget and the expenditure of the same sentence."""
    told: dict[tuple[Decimal, Decimal], tuple[Figure, Paragraph]] = {}
    for paragraph in paragraphs:
        for sentence in paragraph.reading.sentences:
            for percent in sentence.figures:
                if percent.role is Role.COMPLETION and not percent.approximate:
                    yield from _completion(percent, sentence, paragraph, told)


def _completion(
    percent: Figure,
    sentence: Sentence,
    paragraph: Paragraph,
    told: dict[tuple[Decimal, Decimal], tuple[Figure, Paragraph]],
) -> Iterator[Clash]:
    amounts = [f for f in values_of(sentence) if f.kind is FigureKind.AMOUNT]
    amounts = [f for f in amounts if f.spot[0] < percent.spot[0]]
    spent = [f for f in amounts if _SPENT.search(_tail(f)) and not _tail(f).endswith("预算")]
    budgets = [f for f in amounts if _BUDGETS.search(_tail(f)) and f not in spent]
    if not spent or not budgets:
        return
    if "执行率" in percent.clause and all("年初" in f.clause for f in budgets):
        return  # the rate is of the adjusted budget, which the sentence does not tell
    part, whole = spent[-1], budgets[0]
    if all(f.value == 0 for f in budgets):
        if part.value:
            yield Clash(
                figure=percent,
                paragraph=paragraph,
                message=(
                    f"正文“{whole.subject}”为 0，“{part.subject}” {shown(part)}，不能说完成预算的 "
                    f"{shown(percent)}（{paragraph.place(percent)}）；请删去该比率并说明预算追加情况"
                ),
            )
        return
    found = _fitting_pair(percent, spent, budgets)
    if found is None:
        yield Clash(
            figure=percent,
            paragraph=paragraph,
            message=(
                f"正文“{whole.subject}” {shown(whole)}、“{part.subject}” {shown(part)}，完成比例应为 "
                f"{percent_of(part.value, whole.value)}，文中写 {shown(percent)}"
                f"（{paragraph.place(percent)}）；请重新计算"
            ),
        )
        return
    if len(spent) != 1 or len(budgets) != 1:
        yield borne_out(percent, paragraph, *found)
        return
    first = told.setdefault((part.value, whole.value), (percent, paragraph))
    if not _one_figure(first[0], percent):
        yield Clash(
            figure=percent,
            paragraph=paragraph,
            message=(
                f"正文同是 {shown(whole)} 完成 {shown(part)}，一处写 {shown(first[0])}"
                f"（{first[1].place(first[0])}），一处写 {shown(percent)}"
                f"（{paragraph.place(percent)}）；按这两个数应为 "
                f"{percent_of(part.value, whole.value)}，请改成一致"
            ),
        )
    else:
        yield borne_out(percent, paragraph, part, whole)


def _tail(figure: Figure) -> str:
    return (figure.subject or figure.clause)[-10:]


def _one_figure(one: Figure, other: Figure) -> bool:
    """Whether two percentages can be one, rounded or cut to the coarser print."""
    step = max(one.step, other.step)
    return abs(one.value - other.value) < (step if one.step != other.step else step / 2)
