"""The running text of a document: paragraphs put together from lines, and prose in cells."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from performance.documents.fields import is_project_row
from performance.documents.grid import Cell, Grid, Line, Row
from performance.documents.labels import Label, field_of, squeeze
from performance.tables import Passage

_HEADING = re.compile(
    r"(?:第[一二三四五六七八九十]{1,3}部分|[一二三四五六七八九十]{1,3}[、.．]"
    r"|[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）]|\d{1,2}\s?[、.．](?!\d)|[图表]\s?\d|注[:：]|[-•●])"
)
_MAJOR = re.compile(r"第[一二三四五六七八九十]{1,3}部分|[一二三四五六七八九十]{1,3}[、.．]")
_LABELLED = re.compile(r"[^，。；、,;]{2,14}[:：]")
_PAGE = re.compile(r"[-—–]{0,3}\d{1,4}[-—–]{0,3}|第\d{1,4}页(?:,?共\d{1,4}页)?")
_ENDS = "。：！？:!?.…"
_GOES_ON = "，、,；;"
_FULL_LINE = 20
"""A line as long as this that does not end a sentence goes on below."""
_LONGEST_HEADING = 60
_LONGEST_PARAGRAPH = 20_000
_MOST_LINES = 200
_SHORTEST_PROSE = 12
_DIGIT = re.compile(r"\d")


def read_passages(grid: Grid) -> Iterator[Passage]:
    """Paragraphs and prose cells that hold a digit, in order, with the heading above them."""
    major, heading, project = "", "", ""
    open_lines: list[Line] = []
    for item in grid:
        if isinstance(item, Line):
            text = squeeze(item.text)
            if _PAGE.fullmatch(text):
                continue
            begins = _HEADING.match(text) is not None
            apart = begins or _LABELLED.match(text) is not None
            if open_lines and (apart or not _goes_on(open_lines)):
                yield from _paragraph(open_lines, heading)
                open_lines = []
            if not open_lines and is_heading(text):
                if _MAJOR.match(text):
                    major = heading = item.text
                else:
                    heading = f"{major} {item.text}".strip()
                project = ""
                continue
            open_lines.append(item)
            continue
        if open_lines:
            yield from _paragraph(open_lines, heading)
            open_lines = []
        project = _project(item) or project
        yield from _cells(item, heading, project)
    if open_lines:
        yield from _paragraph(open_lines, heading)


def passages_of_text(text: str) -> Iterator[tuple[int, Passage]]:
    """The paragraphs of a pasted text with where each begins; ``at`` is the line from 1.

    ``text[start : start + len(passage.text)] == passage.text``: line breaks are left in.
    """
    major, heading = "", ""
    begin, end = 0, 0
    rows: list[tuple[int, str]] = []
    position = 0
    for number, raw in enumerate(text.split("\n"), start=1):
        start, position = position, position + len(raw) + 1
        line = squeeze(raw[:_LONGEST_PARAGRAPH])
        if not line:
            continue
        apart = _HEADING.match(line) is not None or _LABELLED.match(line) is not None
        goes_on = _is_open(text[max(begin, end - 80) : end]) and len(rows) < _MOST_LINES
        if rows and (apart or not goes_on or end - begin > _LONGEST_PARAGRAPH):
            yield begin, _passage(text[begin:end], rows, heading)
            rows = []
        if not rows and is_heading(line):
            if _MAJOR.match(line):
                major = heading = line
            else:
                heading = f"{major} {line}".strip()
            continue
        if not rows:
            begin = start
        rows.append((start - begin, f"L{number:04d}"))
        end = start + len(raw)
    if rows:
        yield begin, _passage(text[begin:end], rows, heading)


def _passage(text: str, rows: list[tuple[int, str]], heading: str) -> Passage:
    return Passage(text=text, at=rows[0][1], lines=tuple(rows[1:]), heading=heading)


def is_heading(text: str) -> bool:
    """Whether a squeezed line is a heading: short, numbered or a title, and no sentence."""
    if len(text) > _LONGEST_HEADING or any(sign in text for sign in "。；;"):
        return False
    if text.endswith(("：", ":", "，", ",")):
        return False
    return _HEADING.match(text) is not None and not re.search(
        r"\d(?:\.\d{1,4})?(?:万元|亿元|元|%|个|家|次|人)", text
    )


def _goes_on(lines: list[Line]) -> bool:
    if sum(len(line.text) for line in lines[-_MOST_LINES:]) > _LONGEST_PARAGRAPH:
        return False
    return len(lines) < _MOST_LINES and _is_open(lines[-1].text)


def _is_open(text: str) -> bool:
    """Whether a line stops within a sentence."""
    last = text.rstrip("* \t\r")
    if last.endswith(tuple(_ENDS)):
        return False
    return last.endswith(tuple(_GOES_ON)) or len(squeeze(last)) >= _FULL_LINE


def _paragraph(lines: list[Line], heading: str) -> Iterator[Passage]:
    starts: list[tuple[int, str]] = []
    length = 0
    for line in lines:
        starts.append((length, line.at))
        length += len(line.text)
    text = "".join(line.text for line in lines)
    if _DIGIT.search(text):
        yield Passage(text=text, at=lines[0].at, lines=tuple(starts[1:]), heading=heading)


def _project(row: Row) -> str | None:
    """The project that a row of a form names."""
    filled = [cell for _, cell in row.filled()]
    if not filled or not is_project_row(row):
        return None
    for cell, value in itertools.pairwise(filled):
        if field_of(cell.text) is Label.PROJECT:
            return value.text
    return None


def _cells(row: Row, heading: str, project: str) -> Iterator[Passage]:
    """The cells that hold prose; a form that says a thing twice in one row says it once."""
    seen: set[str] = set()
    for _, cell in row.filled():
        if _is_prose(cell) and cell.text not in seen:
            seen.add(cell.text)
            yield Passage(text=cell.text, at=cell.at, heading=heading, project=project, cell=True)


def _is_prose(cell: Cell) -> bool:
    return len(cell.text) >= _SHORTEST_PROSE and _DIGIT.search(cell.text) is not None
