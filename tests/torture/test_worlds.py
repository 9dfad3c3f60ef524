"""A hundred pairs of the two worlds and the controls of both nets; ``JIHENG_FULL=1``: every control."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.draws import FULL
from tests.torture.worlds import CONTROLS, Control, Databases, Worlds, judged

SEED = 20260104


@pytest.fixture(scope="module")
def worlds(
    cluster: Any, migrated: str, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[Worlds]:
    from django.db import connections

    connections["default"].close()
    databases = Databases(cluster, tmp_path_factory.mktemp("worlds"))
    with django_db_blocker.unblock():
        yield Worlds(databases, migrated)
    for name in ("world_common", "world_poor", "world_rich"):
        databases.drop(name)


def test_two_worlds_look_the_same(worlds: Worlds) -> None:
    outcome = worlds.run(SEED, 100)
    print(outcome.figures, dict(outcome.counts), *outcome.differing[:20], sep="\n")
    assert outcome.differing == []
    assert outcome.foreign == []
    assert outcome.accepted >= 3


@pytest.mark.parametrize(
    "control", CONTROLS if FULL else CONTROLS[:4], ids=lambda control: control.name
)
def test_each_net_holds_alone_and_each_fault_is_seen(
    worlds: Worlds, control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TESTING", "1")
    outcome = worlds.run(
        SEED, 80, prepare=control.prepare, fault=control.fault, focus=control.focus
    )
    print(control.name, outcome.figures)
    assert judged(control, outcome) == []
