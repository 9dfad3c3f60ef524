"""The word lists of the checks, read once from words.yaml."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from performance.examination.loader import HERE, DataError, load, only, texts, unchecked

FILE = HERE / "words.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Every list by its name in the file; what each is for stands there."""

    checked: bool
    rates: tuple[str, ...]
    no_rates: tuple[str, ...]
    counts: tuple[str, ...]
    no_counts: tuple[str, ...]
    counting_units: tuple[str, ...]
    named_units: tuple[str, ...]
    unitless: tuple[str, ...]
    bounded: tuple[str, ...]
    bounded_tails: tuple[str, ...]
    vague: tuple[str, ...]
    placeholder_texts: tuple[str, ...]
    fixed_groups: tuple[str, ...]
    open_groups: tuple[str, ...]
    people_units: tuple[str, ...]
    cost_up: tuple[str, ...]
    per_head: tuple[str, ...]
    quantity_down: tuple[str, ...]
    payments: tuple[str, ...]
    payment_tails: tuple[str, ...]
    execution_names: tuple[str, ...]
    cost_names: tuple[str, ...]
    no_cost_names: tuple[str, ...]
    same_words: tuple[tuple[str, ...], ...]
    central_titles: tuple[str, ...]
    survey: tuple[str, ...]
    saving: tuple[str, ...]
    over: tuple[str, ...]
    no_reason: tuple[str, ...]


def read_words(path: Path) -> Words:
    """The lists of one file. Raises DataError for a list too many, too few or of another kind."""
    content = load(path)
    names = [field.name for field in fields(Words)]
    only(content, frozenset(names), path.name)
    lists: dict[str, Any] = {
        name: texts(content[name], name) for name in names if name not in {"checked", "same_words"}
    }
    groups = content["same_words"]
    if not isinstance(groups, list) or any(not isinstance(g, list) or len(g) < 2 for g in groups):
        raise DataError("same_words 的每一项应为至少两个词")
    return Words(
        checked=unchecked(content, path.name),
        same_words=tuple(texts(group, "same_words") for group in groups),
        **lists,
    )


@cache
def words() -> Words:
    """The lists that come with the package."""
    return read_words(FILE)
