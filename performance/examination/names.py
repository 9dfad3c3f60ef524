"""Names as they are compared: without white space, marks and units in brackets."""

from __future__ import annotations

import re
from functools import lru_cache

from performance.values import normalise

_TAIL_BRACKETS = re.compile(r"[(（][^()（）]{0,20}[)）]$")
_MARKS = re.compile(r"[\s,，.。、;；:：·\-—_/\\“”\"'‘’《》〈〉「」()（）\[\]【】〔〕*#]{1,50}")
_LONGEST = 300


@lru_cache(maxsize=65536)
def bare_name(name: str) -> str:
    """A name half-width, without white space and without a unit in brackets behind it."""
    plain = normalise(name[:_LONGEST])
    return _TAIL_BRACKETS.sub("", plain) or plain


@lru_cache(maxsize=65536)
def normal_form(text: str) -> str:
    """A text without white space, punctuation and brackets: what two prints of it share."""
    return _MARKS.sub("", normalise(text[:2000])).lower()
