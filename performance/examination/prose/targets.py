"""Objectives and other prose against the indicators of the target tables."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from performance.documents.labels import squeeze
from performance.examination.prose.facts import Fact, FactKind
from performance.examination.prose.figures import amount, same, shown
from performance.examination.prose.groups import Group, groups_of
from performance.examination.prose.matching import FactBook, project_core
from performance.examination.prose.model import Figure, FigureKind, Role
from performance.examination.prose.names import is_within, name_core
from performance.examination.prose.pages import Clash, Paragraph, paragraphs
from performance.tables import ParsedTable, Passage, TableKind
from performance.values import is_cost

_PROMISED = re.compile(r"满意度|满意率")
_SHORTEST_PART = 4
_PEOPLE = {"人", "名", "户"}
_LONGEST_START = 12


def check_objectives(
    tables: tuple[ParsedTable, ...], cells: list[Paragraph], book: FactBook
) -> Iterator[Clash]:
    """What the objective of a target table promises, against the indicators below it."""
    places: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for cell in cells:
        places[_start(cell.passage.text)].append((_line(cell.passage.at), cell.passage.at))
    for found in places.values():
        found.sort()
    for table in tables:
        if table.kind is not TableKind.TARGET_TABLE:
            continue
        told: set[tuple[str, Decimal]] = set()
        for text in dict.fromkeys(objective.text for objective in table.objectives):
            at = _nearest(places.get(_start(text), ()), table)
            for paragraph in paragraphs([Passage(text=text, at=at, project=table.project)]):
                for figure in paragraph.reading.figures:
                    if (figure.subject, figure.value) in told:
                        continue
                    clash = _promise(figure, paragraph, table, book)
                    if clash is not None:
                        told.add((figure.subject, figure.value))
                        yield clash


def _start(text: str) -> str:
    return squeeze(text[: _LONGEST_START * 2])[:_LONGEST_START]


def _nearest(places: Sequence[tuple[int, str]], table: ParsedTable) -> str:
    """Where the objective stands: of the cells that begin like it the one nearest to the table."""
    line = _line(table.at)
    after = bisect_left(places, (line, ""))
    near = places[max(0, after - 1) : after + 1]
    return min(near, key=lambda place: abs(place[0] - line), default=(0, table.at))[1]


def _line(at: str) -> int:
    digits = re.findall(r"\d{1,9}", at)
    return int(digits[0]) if digits else 0


def _promise(
    figure: Figure, paragraph: Paragraph, table: ParsedTable, book: FactBook
) -> Clash | None:
    found = book.match(figure, project=table.project)
    if found is not None and found.fact.what is FactKind.TARGET:
        return None if found.agrees else indicator_clash(figure, paragraph, found.fact)
    if found is None and _is_promise_without_indicator(figure, table):
        return Clash(
            figure=figure,
            paragraph=paragraph,
            project=table.project,
            message=(
                f"项目“{table.project}”的绩效目标写明“{figure.subject}”{shown(figure)}"
                f"（{paragraph.place(figure)}），指标中没有满意度指标（{table.at}）；"
                "请补充该指标或修改目标"
            ),
        )
    return None


def _is_promise_without_indicator(figure: Figure, table: ParsedTable) -> bool:
    return (
        figure.kind is FigureKind.RATE
        and figure.role is Role.VALUE
        and _PROMISED.search(figure.subject) is not None
        and not any("满意" in indicator.name for indicator in table.indicators)
    )


def indicator_clash(figure: Figure, paragraph: Paragraph, fact: Fact) -> Clash:
    """A text that gives an indicator another number than its table."""
    sign = fact.comparator.value if fact.comparator is not None else ""
    return Clash(
        figure=figure,
        paragraph=paragraph,
        project=fact.project or None,
        indicator=fact.subject,
        message=(
            f"指标“{fact.subject}”在{fact.source}中为 {sign}{amount(fact.value, fact.kind, fact.unit)}"
            f"（{fact.at}），正文“{figure.subject}”写 {_written(figure)}"
            f"（{paragraph.place(figure)}）；请改成一致"
        ),
    )


def _written(figure: Figure) -> str:
    sign = figure.comparator.value if figure.comparator is not None else ""
    return f"{sign}{shown(figure)}"


def check_allocations(pages: list[Paragraph], tables: tuple[ParsedTable, ...]) -> Iterator[Clash]:
    """A project's money as the text divides it, against the cost indicators of its table."""
    named = {project_core(t.project): t for t in tables if t.project}
    told: set[tuple[str, str, Decimal]] = set()
    for paragraph in pages:
        for sentence in paragraph.reading.sentences:
            for group in groups_of(sentence):
                table = (
                    named.get(project_core(group.total.subject)) if group.total.subject else None
                )
                if table is None:
                    continue
                for clash in _allocated(group, paragraph, table):
                    key = (table.project, clash.figure.subject, clash.figure.value)
                    if key not in told:
                        told.add(key)
                        yield clash


def _allocated(group: Group, paragraph: Paragraph, table: ParsedTable) -> Iterator[Clash]:
    costs = _costs(table)
    for part in group.parts:
        core = name_core(part.subject)
        if len(core) < _SHORTEST_PART or part.approximate:
            continue
        found = [cost for cost in costs if _names(core, cost[0])]
        if len(found) != 1:
            continue
        name, value, words, at = found[0]
        if same(part.value, part.step, value, Decimal(1)):
            continue
        yield Clash(
            figure=part,
            paragraph=paragraph,
            project=table.project,
            indicator=name,
            message=(
                f"项目“{table.project}”：正文“{part.subject}” {shown(part)}"
                f"（{paragraph.place(part)}），绩效目标表“{name}”为 {words}（{at}）；请改成一致"
            ),
        )


def _names(core: str, name: str) -> bool:
    core, other = (text.replace("费", "") for text in (core, name_core(name).replace("人均", "")))
    short, long = sorted((core, other), key=len)
    return core[-2:] == other[-2:] and is_within(short, long)


def _costs(table: ParsedTable) -> list[tuple[str, Decimal, str, str]]:
    """Cost indicators in 元, and those a head times the only number of heads that fits."""
    found: list[tuple[str, Decimal, str, str]] = []
    heads = [
        (i.name, i.target.value)
        for i in table.indicators
        if i.target is not None and i.target.unit in _PEOPLE and isinstance(i.target.value, Decimal)
    ]
    for indicator in table.indicators:
        target = indicator.target
        if target is None or not isinstance(target.value, Decimal) or target.unit is None:
            continue
        if not is_cost(indicator.level1, indicator.level2):
            continue
        sign = target.comparator.value if target.comparator else ""
        if target.unit == "元":
            words = f"{sign}{amount(target.value, FigureKind.AMOUNT, '元')}"
            found.append((indicator.name, target.value, words, indicator.at))
        elif target.unit.startswith("元/人"):
            counts = {value for name, value in heads if _common(name, indicator.name)}
            if len(counts) == 1:
                count = counts.pop()
                value = target.value * count
                words = (
                    f"{amount(target.value, FigureKind.AMOUNT, '元')}/人 × "
                    f"{amount(count, FigureKind.COUNT, '人')} = "
                    f"{amount(value, FigureKind.AMOUNT, '元')}"
                )
                found.append((indicator.name, value, words, indicator.at))
    return found


def _common(one: str, other: str) -> bool:
    """Whether two names share a word of three signs: 周转金."""
    return any(one[i : i + 3] in other for i in range(len(one) - 2))
