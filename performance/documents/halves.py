"""Names that two half-tables side by side say twice, one of them often cut off."""

from __future__ import annotations

from performance.documents.columns import value_like
from performance.documents.labels import is_level, squeeze

_SHORTEST_PREFIX = 4


def same_name(one: str, other: str) -> bool:
    """Whether one name is the other, or the other cut off."""
    left, right = squeeze(one), squeeze(other)
    shorter, longer = sorted((left, right), key=len)
    return longer.startswith(shorter) and (left == right or len(shorter) >= _SHORTEST_PREFIX)


def twins(texts: list[str]) -> set[str]:
    """Texts that say the row's name again, whole or cut off: the name on the right half."""
    named = [t for t in texts if not (is_level(t) or value_like(t))]
    if not named or len(squeeze(named[0])) < _SHORTEST_PREFIX:
        return set()
    return {text for text in named[1:] if same_name(named[0], text)}
