"""Parallel guesses against a real server, in short; the whole of it is tests/torture/lockout.py."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.torture import lockout
from tests.torture.stage import Server


def _server(cluster: Any, name: str, folder: Path, sabotage: str = "") -> Server:
    addresses = cluster.address("perf_app", name), cluster.address("perf_owner", name)
    server = Server(folder, *addresses, sabotage=sabotage)
    server.environment["STAGE_QUICK_HASHES"] = "1"
    return server


def test_five_guesses_are_looked_at_however_many_come(
    cluster: Any, committed: str, tmp_path: Path, settings: Any
) -> None:
    settings.PASSWORD_HASHERS = ["tests.torture.lockout.QuickHasher"]
    with _server(cluster, committed, tmp_path).running() as server:
        siege = lockout.besiege(server.port, 1, rounds=1, guesses=24)
    assert siege.violations == []
    assert siege.counts["checks"] == 10
    assert siege.counts["guesses"] == 48


def test_the_lock_missing_is_seen(
    cluster: Any, committed: str, tmp_path: Path, settings: Any
) -> None:
    settings.PASSWORD_HASHERS = ["tests.torture.lockout.QuickHasher"]
    with _server(cluster, committed, tmp_path, "no_lock_out_lock").running() as broken:
        seen = lockout.control(broken.port, 2, 24)
    assert seen["seen"], seen
