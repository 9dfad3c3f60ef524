"""About a twentieth of each long run, against a real server; the long ones are ``make torture``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest

from tests.torture import keys, machine, races
from tests.torture.machine import Setting, people_and_tasks
from tests.torture.stage import Server, as_the_service

SEED = 20240701
Perform = Callable[..., tuple[Server, Setting]]


@pytest.fixture
def perform(serve: Callable[..., Server]) -> Iterator[Perform]:
    """Starts a server, perhaps with a fault, and puts the cast before it."""
    with ExitStack() as opened:

        def start(sabotage: str = "") -> tuple[Server, Setting]:
            server = serve(sabotage)
            return server, opened.enter_context(closing(people_and_tasks(server.port)))

        yield start


def test_only_what_the_procedure_allows_happens(perform: Perform) -> None:
    _, setting = perform()
    machine.play(setting, SEED, steps=300)
    assert setting.counts["steps"] >= 300
    assert setting.counts["illegal"] > setting.counts["legal"] / 2


def test_two_at_once_lose_nothing(perform: Perform) -> None:
    _, setting = perform()
    race = races.run(setting, SEED, pairs=3)
    assert race.violations == []
    assert sum(race.counts[name.replace("_", "/")] for name in races.PAIRS) == 24


def test_without_the_version_check_updates_are_lost(perform: Perform) -> None:
    _, setting = perform("no_version")
    assert races.run(setting, SEED, 3, ("edit_edit", "adjust_adjust")).violations


def test_one_effect_for_one_key(perform: Perform, committed: str, cluster: Any) -> None:
    server, setting = perform()
    superuser = cluster.address("postgres", committed)
    _, found = keys.play(server, *_clerk(setting), superuser, SEED, 15, 6)
    assert found == {"keys": 15, "effects": 15, "violations": []}


def test_without_keys_repeaters_get_other_answers(
    perform: Perform, committed: str, cluster: Any
) -> None:
    server, setting = perform("no_idempotency")
    superuser = cluster.address("postgres", committed)
    repeaters, _ = keys.play(server, *_clerk(setting), superuser, SEED, 3, 6)
    assert any(len(answers) > 1 for answers in repeaters.answers.values())


def _clerk(setting: Setting) -> tuple[str, str]:
    """The clerk's session and her unit."""
    rows = as_the_service("SELECT public_id FROM budgets_budgetunit WHERE name = '甲一中心'")
    return setting.api["clerk"].session, str(rows[0][0])
