"""Texts as they are compared and read: half-width, without white space, bounded."""

from __future__ import annotations

import re

LONGEST = 300
"""A longer text is words: no value is written at such length."""
_BLANKS = re.compile(r"\s{1,1000}")
_TABLE: dict[int, int | str | None] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_TABLE.update(
    {
        ord("≧"): "≥",
        ord("⩾"): "≥",
        ord("≦"): "≤",
        ord("⩽"): "≤",
        ord("﹥"): ">",
        ord("﹤"): "<",
        ord("﹦"): "=",
        ord("═"): "=",
        ord("％"): "%",
        ord("﹪"): "%",
        ord("−"): "-",
        ord("–"): "-",
        ord("—"): "-",
        ord("～"): "~",
        ord("〜"): "~",
        ord("∼"): "~",
        ord("㎡"): "平方米",
        ord("\u200b"): None,
        ord("\ufeff"): None,
        ord("\u00a0"): None,
        ord("\u3000"): None,
    }
)
_SIGN_PAIRS = (("=>", "≥"), (">=", "≥"), ("=<", "≤"), ("<=", "≤"))
_EMPTY = {"", "-", "--", "---", "/", "//", "\\", "'", "’", "~", "…", "……", "...", "·"}


def normalise(text: str) -> str:
    """The text half-width, signs in one spelling, all white space removed."""
    plain = _BLANKS.sub("", text.translate(_TABLE))
    for written, sign in _SIGN_PAIRS:
        plain = plain.replace(written, sign)
    return plain


def aligned(text: str) -> tuple[str, list[int]]:
    """The text as ``normalise`` makes it, with the place in ``text`` that each sign came from."""
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        plain = _TABLE.get(ord(sign), sign)
        if plain is None or sign.isspace():
            continue
        signs.append(chr(plain) if isinstance(plain, int) else plain)
        places.append(place)
    text = "".join(signs)
    for written, sign in _SIGN_PAIRS:
        if written in text:
            text, places = _paired(text, places, written, sign)
    return text, places


def _paired(text: str, places: list[int], written: str, sign: str) -> tuple[str, list[int]]:
    kept: list[int] = []
    begin = 0
    for found in re.finditer(written, text):
        kept.extend(places[begin : found.start() + 1])
        begin = found.end()
    return text.replace(written, sign), [*kept, *places[begin:]]


def is_empty(text: str | None) -> bool:
    """Whether a cell says nothing: empty, a dash, a slash, dots."""
    return text is None or (len(text) <= 20 and normalise(text) in _EMPTY) or not text.strip()
