"""The cast at work, with files and checkpoints kept aside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cast import assemble
from tests.office import Office


@pytest.fixture
def aside(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.CHECKPOINT_DIR = str(tmp_path / "checkpoints")
    settings.CHECKPOINT_COPY_DIR = ""
    return tmp_path


@pytest.fixture
def office(db: None, aside: Path) -> Office:
    """In the test's own transaction, rolled back."""
    return Office(assemble())


@pytest.fixture
def real_office(committed: str, aside: Path) -> Office:
    """In a database of its own, where transactions really commit."""
    from budgets.access import seen_by_system

    with seen_by_system():
        cast = assemble()
    return Office(cast)
