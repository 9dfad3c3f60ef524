"""A small storm in the ordinary tests: two kills while fifty writes are acknowledged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from tests.torture.faults import Storm
from tests.torture.machine import people_and_tasks
from tests.torture.troupe import Troupe


@pytest.mark.tools
def test_nothing_is_lost_or_doubled(committed: str, cluster: Any, tmp_path: Path) -> None:
    """Worker and broker are killed; the tests' database, which is everybody's, is left alone."""

    class Named:
        places = cluster.places

        def address(self, role: str) -> str:
            return str(cluster.address(role, committed))

    troupe = Troupe(Named(), tmp_path, owns=False)
    troupe.start()
    try:
        setting = people_and_tasks(troupe.server.port)
        storm = Storm(troupe, setting, 11, writers=3, pace=0.05, evaluations=1)
        storm.rage(2, 50, poison=False, seconds=60)
        violations = storm.judge(storm.heal())
        figures = storm.figures()
        storm.close()
    finally:
        troupe.stop()
        connections["default"].close()
    assert violations == []
    assert figures["kills"] == 2
    assert figures["writes"]["acknowledged"] >= 50
    assert figures["jobs"]["export done"] >= 3
