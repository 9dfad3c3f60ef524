"""Large products are asked in part: a draw seeded by the case itself, the same in every run.

``JIHENG_FULL=1`` asks the whole product.
"""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from typing import TypeVar

FULL = os.environ.get("JIHENG_FULL") == "1"
Case = TypeVar("Case")


def drawn(share: float, *case: object) -> bool:
    """Whether this case is asked in this run."""
    return FULL or random.Random(repr(case)).random() < share


def some(cases: Sequence[Case], share: float, seed: object = "") -> list[Case]:
    """The part of the cases that is asked in this run; never none of them."""
    if FULL:
        return list(cases)
    return random.Random(repr(seed)).sample(list(cases), max(1, round(len(cases) * share)))
