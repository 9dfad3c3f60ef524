"""The cast at its pages."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import Cast, assemble
from tests.web.pages import Person


@pytest.fixture
def cast(db: None, settings: Any, tmp_path: Any) -> Cast:
    settings.MEDIA_ROOT = tmp_path / "media"
    return assemble()


@pytest.fixture
def at(cast: Cast) -> Any:
    known: dict[str, Person] = {}

    def of(name: str) -> Person:
        if name not in known:
            known[name] = Person(cast[name])
        return known[name]

    return of
