"""Growth beside the figure that grew: 增加 x 万元，增长 y%."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from performance.examination.prose import words
from performance.examination.prose.figures import share_fits, shown
from performance.examination.prose.model import Figure, FigureKind, Role, Sentence
from performance.examination.prose.pages import Clash, Paragraph
from performance.examination.prose.shares import borne_out, percent_of, values_of
from performance.examination.prose.subjects import cut

_COMPARISON = re.compile(
    r"比|较|同比|与20\d\d|与上年|与去年|相比|增|减|下降|上升|提高|降低|上涨|占|完成|20\d\d年|上年|去年"
)
"""Where the words of a comparison begin; what stands in front of them is a subject."""
_COMPARABLE = re.compile(r"可比|同口径")
"""Growth on another base than the figures printed."""
_FIGURES = re.compile(r"[-\d.,%‰]+(?:万元|亿元|元|个百分点)?")
_PLAIN_LEADS = {"决算数", "预算数", "总额", "总量", "总体", "收入", "支出", "收支", "收、支", "收、支总计", "其中", "合计", "总计", "支出合计", "收入合计", "执行数", "为财政当年拨付的资金", "金额", "规模"}  # fmt: skip


def check_growth(paragraphs: list[Paragraph]) -> Iterator[Clash]:
    """增加 x 万元，增长 y%: y must follow from x and the figure that grew."""
    for paragraph in paragraphs:
        before: list[Figure] = []
        for sentence in paragraph.reading.sentences:
            yield from _grown(sentence, paragraph, before)
            before = values_of(sentence)


def _grown(sentence: Sentence, paragraph: Paragraph, before: list[Figure]) -> Iterator[Clash]:
    for change, percent in pairwise(sentence.figures):
        if not _is_growth(change, percent):
            continue
        now = _grew(change, sentence, before)
        falls = _falls(change)
        if not now or falls is None or not change.value or _COMPARABLE.search(sentence.text):
            continue
        grown = [f for f in now if _before(f, change, falls).value > 0]
        bases = [_before(f, change, falls) for f in grown]
        if not bases:
            continue
        before_growth = [f for f in now if words.PRIOR.search(f.clause) or "较" in f.clause]
        if any(share_fits(change, base, percent) for base in [*bases, *before_growth]):
            yield borne_out(percent, paragraph, grown[-1], change)
            continue
        yield Clash(
            figure=percent,
            paragraph=paragraph,
            message=(
                f"正文“{grown[-1].subject}” {shown(grown[-1])}，{change.clause.strip(',:;')}"
                f" {shown(change)}，{'下降' if falls else '增长'}应为 "
                f"{percent_of(change.value, bases[-1].value)}，文中写 {shown(percent)}"
                f"（{paragraph.place(percent)}）；请重新计算"
            ),
        )


def _is_growth(change: Figure, percent: Figure) -> bool:
    """Whether two neighbours are an amount of growth and its percentage."""
    if change.role is not Role.CHANGE or percent.role is not Role.CHANGE:
        return False
    if change.kind is not FigureKind.AMOUNT or percent.kind is not FigureKind.RATE:
        return False
    if change.approximate or percent.approximate or change.unit != "元":
        return False
    falls = _falls(change)
    return falls is not None and falls is _falls(percent)


def _grew(change: Figure, sentence: Sentence, before: list[Figure]) -> list[Figure]:
    """The amounts that may have grown: those in front, with no other thing named in between.

    The sentence before counts only where this one begins with the comparison.
    """
    here = [
        f
        for f in values_of(sentence)
        if f.kind is FigureKind.AMOUNT and f.unit == "元" and f.spot[0] < change.spot[0]
    ]
    if here:
        between = sentence.text[here[-1].spot[1] : change.spot[0]]
        return here if not _names_another(between, here[-1]) else []
    begins = sentence.text[: change.spot[0]]
    amounts = [f for f in before if f.kind is FigureKind.AMOUNT and f.unit == "元"]
    return amounts if amounts and not _names_another(begins, amounts[0]) else []


def _names_another(text: str, grown: Figure) -> bool:
    """Whether a clause on the way to the change has a subject of its own."""
    for piece in re.split(r"[,;:。]", cut(text)):
        found = _COMPARISON.search(piece)
        lead = _FIGURES.sub("", piece[: found.start()] if found else piece).strip("、()各均 ")
        if lead and lead not in grown.subject and grown.subject not in lead:
            if lead not in _PLAIN_LEADS:
                return True
    return False


def _falls(figure: Figure) -> bool | None:
    tail = figure.clause[-6:]
    if re.search(r"减|降|压缩|节约", tail):
        return True
    return False if re.search(r"增|长|升|提高|涨", tail) else None


def _before(now: Figure, change: Figure, falls: bool) -> Figure:
    return replace(
        now,
        value=now.value + change.value if falls else now.value - change.value,
        step=max(now.step, change.step),
    )
