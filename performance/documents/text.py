"""Reader for plain text: tabs, pipes or gaps between cells, and Word text, one cell a line."""

from __future__ import annotations

import html
import re

from performance.documents.grid import Cell, Item, Line, Row

_CHECKED = re.compile(r"<input\b[^<>]{0,200}\bchecked\b[^<>]{0,200}>", re.IGNORECASE)
_UNCHECKED = re.compile(r"<input\b[^<>]{0,200}>", re.IGNORECASE)
_BREAK = re.compile(r"<(?:br|/p)\s{0,3}/?>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:p|b|i|u|a|em|strong|span|div|font|sup|sub|br|hr|img|t[drh]|tbody|thead|table|[ou]l|li"
    r"|h[1-6]|o:p)(?:\s{1,9}[a-zA-Z][\w:-]{0,30}(?:\s?=\s?(?:\"[^\"<>]{0,200}\"|'[^'<>]{0,200}'"
    r"|[^\s\"'<>]{1,100}))?){0,10}\s{0,3}/?>",
    re.IGNORECASE,
)
_BOOKMARK = re.compile(r"\[bookmark:[^\[\]]{0,80}\]")
_HEADING = re.compile(r"^\s{0,20}#{1,6}\s{1,20}")
_SPACES = re.compile(r"[ \u00a0\u3000]{1,200}")
_PIPED = re.compile(r"\s{0,20}\|.{0,20000}\|\s{0,20}")
_PIPE = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"[\s|:+=-]{1,20000}")
_GAP = re.compile(r"(?: {2,200}|\u3000{2,200})")
_FEWEST_GAPS = 2
_LONGEST_GAPPED = 400
_ENCODINGS = ("utf-8-sig", "gb18030")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
CHECKED = "☑"
UNCHECKED = "☐"


def decode(data: bytes) -> str | None:
    """Text of a file in UTF-8, UTF-16 with its mark, or GB18030; None when it is none of them."""
    if data.startswith(_UTF16_MARKS):
        return _decoded(data, "utf-16")
    if b"\x00" in data:
        return None
    for encoding in _ENCODINGS:
        text = _decoded(data, encoding)
        if text is not None:
            return text
    return None


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def clean(text: str) -> str:
    """Text of a cell or line without mark-up; check boxes become ☑ and ☐, runs of blanks one."""
    if "<" in text:
        text = _UNCHECKED.sub(UNCHECKED, _CHECKED.sub(CHECKED, text))
        text = _TAG.sub("", _BREAK.sub(" ", text))
    if "&" in text:
        text = html.unescape(text)
    if "[bookmark:" in text:
        text = _BOOKMARK.sub("", text)
    text = _SPACES.sub(" ", text.replace("**", "")).strip()
    return _HEADING.sub("", text)


def read_text(text: str) -> list[Item]:
    """Rows and lines of a text, in order. Places are line numbers from 1: ``L0658``.

    A line with tabs, or pipes at both ends, or at least two wide gaps is a row. Lines that begin
    with their only tab stand for one cell each, and those that follow each other without a break
    make one row.
    """
    # Not splitlines(): a form feed inside a line would put every later place one off.
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    items: list[Item] = []
    pending: list[Cell] = []

    def flush() -> None:
        if pending:
            items.append(Row(tuple(pending)))
            pending.clear()

    for number, raw in enumerate(lines, start=1):
        at = f"L{number:04d}"
        if raw.startswith("\t") and raw.count("\t") == 1:
            pending.append(Cell(clean(raw), at))
            continue
        flush()
        parts = _cells(raw)
        if parts is not None:
            if parts:
                items.append(Row(tuple(Cell(clean(part), at) for part in parts)))
        else:
            words = clean(raw)
            if words:
                items.append(Line(words, at))
    flush()
    return items


def _cells(raw: str) -> list[str] | None:
    """The cells of a line, none for the rule of a Markdown table, None when it is no row."""
    if "\t" in raw:
        return raw.split("\t")
    if raw.count("|") >= _FEWEST_GAPS and _PIPED.fullmatch(raw):
        if _RULE.fullmatch(raw):
            return []
        return [part.replace("\\|", "|") for part in _PIPE.split(raw.strip()[1:-1])]
    if len(raw) <= _LONGEST_GAPPED:
        parts = _GAP.split(raw.strip(" \u3000"))
        if len(parts) > _FEWEST_GAPS:
            return parts
    return None
