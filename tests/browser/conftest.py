"""Whatever stands in this folder needs a browser, said once."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the tests of this folder before those without their tool are left out."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")
