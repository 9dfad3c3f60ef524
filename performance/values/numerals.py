"""Numbers in Chinese numerals, where they count something: 三次, 百分之九十, 零投诉."""

from __future__ import annotations

import re
from decimal import Decimal

from performance.values import words

_DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_STEPS = {"十": 10, "百": 100, "千": 1000}
_NUMERAL = "[零〇一二两三四五六七八九十百千]{1,9}"
_PERCENT = re.compile(rf"百分之({_NUMERAL})(?:点([零〇一二三四五六七八九]{{1,4}}))?")
_COUNTED = re.compile(
    rf"({_NUMERAL})(万)?(个?(?:{'|'.join(sorted(map(re.escape, words.COUNTING), key=len, reverse=True))}))"
)
_NOTHING = re.compile(
    rf"[零〇](?:{'|'.join(words.LOWER_ENDS)}|容忍|差评|缺陷|失误|拖欠|延误|上访|信访)"
)


def read_numeral(numeral: str) -> int | None:
    """A numeral below ten thousand, or None when the digits do not make one."""
    if not any(step in numeral for step in _STEPS):
        digits = [_DIGITS[sign] for sign in numeral]
        return digits[0] if len(digits) == 1 else None
    total, digit = 0, None
    last = 10**4
    for sign in numeral:
        if sign in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[sign]
            continue
        step = _STEPS[sign]
        if step >= last or digit == 0:
            return None
        total += (1 if digit is None else digit) * step
        digit, last = None, step
    return total + (digit or 0)


def arabic(text: str) -> str | None:
    """The text with its one counted numeral in digits (三次 → 3次), or None where it has none.

    Idioms such as 一站式 or 三级 are words: they never become numbers.
    """
    if found := _PERCENT.search(text):
        whole = read_numeral(found.group(1))
        if whole is None:
            return None
        tenths = "".join(str(_DIGITS[sign]) for sign in found.group(2) or "")
        number = f"{whole}.{tenths}" if tenths else str(whole)
        return f"{text[: found.start()]}{number}%{text[found.end() :]}"
    if _NOTHING.fullmatch(text):
        return f"0{text[1:]}"
    if any(idiom in text for idiom in words.NUMERAL_IDIOMS):
        return None
    found = _COUNTED.search(text)
    if found is None or (found.start() and text[found.start() - 1] in "第每"):
        return None
    number_read = read_numeral(found.group(1))
    if number_read is None:
        return None
    number = str(Decimal(number_read) * (10**4 if found.group(2) else 1))
    return f"{text[: found.start()]}{number}{found.group(3)}{text[found.end() :]}"


def is_nothing(text: str) -> bool:
    """Whether a text says zero of something bad: 零投诉."""
    return _NOTHING.fullmatch(text) is not None
