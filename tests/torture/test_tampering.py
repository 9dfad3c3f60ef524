"""A twentieth of the tampering harness: every kind once in a family, few bytes."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from tests.torture import sabotage
from tests.torture.tampering import (
    ATTEMPTS,
    FILES,
    Scene,
    as_application,
    attacks,
    edits,
    played_scene,
    untouched,
)

_KINDS = (
    "edit canonical", "edit address", "edit change", "delete change", "delete event",
    "insert forged event", "cut tail", "rewrite chain", "delete chain", "edit row",
)  # fmt: skip


@pytest.fixture
def scene(cluster: Any, committed: str, settings: Any, tmp_path: Path) -> Scene:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.CHECKPOINT_DIR, settings.CHECKPOINT_COPY_DIR = "", ""
    return played_scene(cluster, committed, tmp_path)


def test_tampering_is_seen_and_the_untouched_is_sound(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert untouched(scene) == []
    seen = attacks(scene, [*_KINDS, *FILES])
    assert [name for name, how in seen.items() if not how["detected"]] == []
    # What the chain alone cannot see is why there are checkpoints.
    for name in ("cut tail", "rewrite chain", "delete chain"):
        assert (seen[name]["chain_alone"], seen[name]["chain_and_checkpoints"]) == (False, True)
    assert edits(scene, random.Random(7), 25)["missed"] == []
    monkeypatch.setenv("TESTING", "1")
    with sabotage.planted("no_recomputation"):
        assert edits(scene, random.Random(7), 5)["missed"]


def test_the_application_can_do_nothing_to_the_trail(scene: Scene) -> None:
    found = as_application(scene)
    assert found == {"attempts": len(ATTEMPTS), "allowed": [], "faults_afterwards": []}
