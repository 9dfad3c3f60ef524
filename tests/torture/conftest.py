"""Small runs of the harnesses: a web server on a database of the test's own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.torture.stage import Server


@pytest.fixture
def serve(committed: str, cluster: Any) -> Iterator[Callable[..., Server]]:
    """Starts a server in front of this test's database; a fault may be planted in it."""
    folder = Path(tempfile.mkdtemp(prefix="js-"))
    addresses = cluster.address("perf_app", committed), cluster.address("perf_owner", committed)
    with ExitStack() as running:

        def start(sabotage: str = "") -> Server:
            server = Server(folder, *addresses, sabotage=sabotage)
            return running.enter_context(server.running())

        yield start
    shutil.rmtree(folder, ignore_errors=True)
