"""The noun that a figure is said of, cut out of the words in front of it."""

from __future__ import annotations

import re

from performance.examination.prose import words

_BRACKETS = re.compile(r"[(（][^()（）]{0,40}[)）]")
_LONGEST = 40
_YEARS = re.compile(r"^.{0,40}?20\d\d年(?:度)?(?:\d{1,2}月)?")
_NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[(（](?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）]|\d{1,2}[、.．]|[①-⑳]|(?:\d{3}|\d{5}|\d{7})(?=[一-鿿]))"
)
_QUOTES = str.maketrans("", "", "“”\"'《》「」‘’*·")
_MOST_ROUNDS = 12
_WE = re.compile(
    r"^(?:我|本)(?:局|中心|委|院|校|厅|处|办|会|馆|站|所|镇|乡|街道|部门|单位|县|市|区|省)"
)
_WHOLE = re.compile(r"(?:本年|财政拨款)?(?:收入|支出|收支|收、支)(?:决算)?(?:合计|总计|总额)")
"""Names of totals that end in a word which elsewhere only leads to the figure."""


def cut(text: str) -> str:
    """The text without brackets that hold words only: 社会保障支出（类） → 社会保障支出."""
    return _BRACKETS.sub("", text)


def subject_of(clause: str) -> str:
    """The subject of the figure behind a clause; empty where it says too little."""
    text = cut(clause).translate(_QUOTES).strip("()（） 、")
    text = _WE.sub("", _YEARS.sub("", text))
    text = _NUMBERED.sub("", text)
    for _ in range(_MOST_ROUNDS):
        shorter = _trimmed(text)
        if shorter == text:
            break
        text = shorter
    says_nothing = text in words.EMPTY_SUBJECTS or text in words.LEADS
    return "" if len(text) > _LONGEST or says_nothing else text


def _trimmed(text: str) -> str:
    if _WHOLE.fullmatch(text):
        return text
    for lead in words.LEADS if text.startswith(words.LEADS) else ():
        if text.startswith(lead) and text[len(lead) :] not in words.EMPTY_SUBJECTS:
            return text[len(lead) :]
    for tail in words.TAILS if text.endswith(words.TAILS) else ():
        if text.endswith(tail):
            return text[: -len(tail)]
    return text


def label_core(label: str) -> str:
    """A row label or a subject as they are compared: no numbering, brackets, years, quotes."""
    text = cut(label).translate(_QUOTES).strip(" :、-—")
    text = _NUMBERED.sub("", text)
    text = text.removeprefix("其中:").removeprefix("其中")
    return text.strip(" :")
