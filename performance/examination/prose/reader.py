"""From running text to its figures, each with what it is said of. Total, linear and pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from performance.examination.prose import words
from performance.examination.prose.model import Figure, FigureKind, Reading, Role, Sentence
from performance.examination.prose.roles import Clue, said_of
from performance.examination.prose.subjects import cut
from performance.values import Located, aligned, is_unit_alone, located, read_unit

_END = re.compile(r"[。!?]")
_LONGEST = 800
_LONGEST_LEAD = 60
_ITEM = re.compile(r"([^(),;:。]{2,40})\(项\)")
"""卫生健康支出（类）行政事业单位医疗（款）行政单位医疗（项）: the last name is the item's."""
_CUT = re.compile(r"[;,、](?=[^\d])")
_YEAR = re.compile(r"(?<!\d)(20\d\d)年")
_STOPS = ",;:。"
_RANGE_BEFORE = re.compile(r"[\d%元个万][-~至到]$")
_RANGE_BEHIND = re.compile(r"[-~至到]\d")
_OPERATOR_BEFORE = re.compile(r"[*×xX✕÷+＋/=]$")
_OPERATOR_BEHIND = re.compile(r"[*×xX✕÷+＋=](?=[\d(])")


def read_figures(text: str) -> tuple[Figure, ...]:
    """The amounts, counts and rates of a text in order, with their subjects, roles and places.

    Years, dates, ordinals, numbers of documents and telephones are no figures. Never raises.
    """
    return read_prose(text).figures


def read_prose(text: str, *, topic: str = "") -> Reading:
    """The sentences of a text with their figures; ``topic`` is what the text before ended on."""
    plain, places = aligned(text)
    sentences: list[Sentence] = []
    for number, (start, end) in enumerate(_spans(plain)):
        piece = plain[start:end]
        figures = tuple(_figures(piece, number, text, places[start:end], topic))
        topic = topic_of(piece, before="" if figures else topic)
        sentences.append(Sentence(number=number, text=piece, figures=figures))
    return Reading(sentences=tuple(sentences))


def _spans(plain: str) -> Iterator[tuple[int, int]]:
    """Sentences; one without an end is cut, where it can be between two words."""
    begin = 0
    size = len(plain)
    while begin < size:
        limit = min(begin + _LONGEST, size)
        end = _END.search(plain, begin, limit)
        if end is not None:
            stop = end.end()
        elif limit == size:
            stop = size
        else:
            cuts = [found.end() for found in _CUT.finditer(plain, begin, limit)]
            stop = cuts[-1] if cuts else limit
        yield begin, stop
        begin = stop


@dataclass(frozen=True, slots=True)
class _Size:
    """A number in its base unit."""

    kind: FigureKind
    value: Decimal
    step: Decimal
    unit: str


def topic_of(piece: str, *, before: str = "") -> str:
    """The last item of the classification that a normalised text names, or the one before it."""
    found = _ITEM.findall(piece)
    return found[-1] if found else before


def _figures(sentence: str, number: int, text: str, places: list[int], topic: str) -> list[Figure]:
    raw = [one for one in located(sentence) if not _in_range(sentence, one)]
    money = any("元" in one.figure.unit for one in raw)
    result: list[Figure] = []
    last_end = 0
    lead_year = _YEAR.search(sentence[:40])
    causes = words.CAUSES.search(sentence)
    has_item = "(项)" in sentence
    for one in raw:
        formula = _in_formula(sentence, one)
        sized = _sized(one, money=money, formula=formula)
        if sized is None:
            continue
        clause = _clause(sentence, last_end, one.start)
        year = _YEAR.findall(clause)
        clue = Clue(sentence, clause, (one.start, one.end), sized.kind, sized.unit, result)
        role, subject, base = (Role.FACTOR, "", "") if formula else said_of(clue)
        first, last = places[one.start], places[one.end - 1] + 1
        figure = Figure(
            written=text[first:last],
            start=first,
            end=last,
            kind=sized.kind,
            value=sized.value,
            step=sized.step,
            unit=sized.unit,
            role=role,
            subject=subject,
            base=base,
            comparator=one.figure.comparator,
            approximate=one.figure.approximate,
            year=int(year[-1]) if year else int(lead_year.group(1)) if lead_year else None,
            sentence=number,
            clause=clause,
            topic=topic_of(sentence[: one.start], before=topic) if has_item else topic,
            in_reasons=causes is not None and causes.start() < one.start,
            lead=sentence[: min(one.start, _LONGEST_LEAD)],
            spot=clue.spot,
        )
        result.append(figure)
        last_end = one.end
    return result


def _in_range(sentence: str, one: Located) -> bool:
    return (
        _RANGE_BEFORE.search(sentence, max(0, one.start - 3), one.start) is not None
        or _RANGE_BEHIND.match(sentence, one.end) is not None
    )


def _in_formula(sentence: str, one: Located) -> bool:
    before = _OPERATOR_BEFORE.search(sentence, max(0, one.start - 1), one.start) is not None
    if before and sentence[one.start - 1] in "=/":
        before = sentence[max(0, one.start - 2) : one.start - 1] not in ("", ",", ":", "(")
        before = before and bool(re.search(r"[*×xX✕÷+]", sentence[: one.start]))
    return before or _OPERATOR_BEHIND.match(sentence, one.end) is not None


def _sized(one: Located, *, money: bool, formula: bool) -> _Size | None:
    """The number in its base unit, or None when it counts nothing that is compared."""
    written = one.figure.unit
    decimals = len(one.digits.partition(".")[2])
    place = Decimal(1).scaleb(-decimals)
    if not written:
        if not formula:
            return None
        return _Size(FigureKind.COUNT, one.figure.number, place, "")
    if not is_unit_alone(written):
        return None
    unit = read_unit(written, money=money)
    name = unit.name or ""
    if unit.name is None and not formula:
        return None
    if name == "%":
        if written in ("个百分点", "百分点", "比例"):
            return None
        return _Size(FigureKind.RATE, one.figure.number, place, "%")
    if (name in words.NO_COUNTS and name not in words.STILL_COUNTS) and not formula:
        return None
    kind = FigureKind.AMOUNT if name == "元" or name.startswith("元/") else FigureKind.COUNT
    return _Size(kind, one.figure.number * unit.factor, place * unit.factor, name)


def _clause(sentence: str, last_end: int, start: int) -> str:
    """The words from the last stop or figure to this figure, brackets without figures left out."""
    begin = max(last_end, start - 120)
    piece = sentence[begin:start]
    piece = cut(piece)
    stops = [piece.rfind(stop) for stop in _STOPS]
    return piece[max(stops) + 1 :]
