"""The office with its people, as the library and the lab over stored papers need it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import Cast, assemble
from tests.office import Office


@pytest.fixture
def cast(db: None, settings: Any, tmp_path: Any) -> Cast:
    settings.MEDIA_ROOT = tmp_path / "media"
    return assemble()


@pytest.fixture
def office(cast: Cast) -> Office:
    return Office(cast)
