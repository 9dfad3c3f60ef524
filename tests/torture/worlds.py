"""Two worlds that differ only in 乙局's own business must look the same to 甲局's people.

One random sequence of requests is played in both; every pair of answers must be equal to the byte,
after nothing but form tokens, dates of now and ids made in the run are masked.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, field
from typing import Any

from tests.filled import Filled
from tests.routes import ROUTES, unlisted
from tests.torture import sabotage
from tests.torture.asking import PEOPLE, Asker
from tests.torture.replay import Ask, World
from tests.torture.report import Report, controls_follow, options, over
from tests.torture.worldbuild import Databases, Known, build, live, without_the_net

PROJECTS = ("api/v1/projects/",)
_EVERY = 20
"""乙局 acts after this many requests, in the rich world only."""
_PAGE = 4
"""Rows on a page: small, so that pages are turned."""


@dataclass
class Outcome:
    """What a run came to."""

    pairs: int = 0
    differing: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    asked: set[tuple[str, str]] = field(default_factory=set)
    accepted: int = 0

    @property
    def figures(self) -> dict[str, int]:
        """The three figures of a control."""
        return {
            "pairs": self.pairs,
            "differing": len(self.differing),
            "foreign_rows": len(self.foreign),
        }


class Worlds:
    """The two worlds with who is in them."""

    def __init__(self, databases: Databases, template: str) -> None:
        self.databases = databases
        self.filled, self.known = build(databases, template)
        self._runs = 0

    def run(
        self,
        seed: int,
        pairs: int,
        *,
        prepare: Callable[[Databases, str], None] | None = None,
        fault: str = "",
        focus: tuple[str, ...] = (),
    ) -> Outcome:
        """Plays ``pairs`` requests in fresh clones of both worlds.

        ``prepare`` is done to each clone first; ``fault`` is planted while the requests run.
        """
        self._runs += 1
        names = [f"world_{side}_{self._runs}" for side in ("poor", "rich")]
        for name in names:
            self.databases.clone(name.rsplit("_", 1)[0], name)
            if prepare is not None:
                prepare(self.databases, name)
        worlds = [_world(self.databases, name, self.known) for name in names]
        try:
            with ExitStack() as stack:
                stack.enter_context(_small_pages())
                stack.enter_context(sabotage.planted(fault) if fault else nullcontext())
                people = {
                    name: None if name == "anonymous" else self.filled.cast[name]
                    for name, _ in PEOPLE
                }
                for world in worlds:
                    world.open(people)
                return _play(worlds, self.filled, self.known, seed, pairs, focus)
        finally:
            for world in worlds:
                world.close()
                self.databases.drop(world.name)

    def timing(self, seed: int, pairs: int) -> dict[str, float | int]:
        """How long a 404 takes for what exists elsewhere and for what exists nowhere."""
        dice = random.Random(seed)
        self.databases.clone("world_rich", "world_timed")
        world = _world(self.databases, "world_timed", self.known)
        spent: dict[bool, list[float]] = {True: [], False: []}
        try:
            world.open({"clerk": self.filled.cast["clerk"]})
            theirs = self.known.theirs["target_table"]
            for number in range(pairs + 5):
                for exists in dice.sample([True, False], 2):
                    identity = (
                        dice.choice(theirs) if exists else str(uuid.UUID(int=dice.getrandbits(128)))
                    )
                    path = f"/api/v1/target-tables/{identity}/content/"
                    began = time.perf_counter()
                    answer = world.send(Ask("clerk", "GET", path, ""), number)
                    if number >= 5:
                        spent[exists].append(time.perf_counter() - began)
                    assert answer.status == 404
        finally:
            world.close()
            self.databases.drop("world_timed")
        there, nowhere = (statistics.median(spent[exists]) * 1000 for exists in (True, False))
        return {
            "pairs": pairs,
            "exists_elsewhere_ms": round(there, 3),
            "exists_nowhere_ms": round(nowhere, 3),
            "difference_percent": round(100 * (there - nowhere) / nowhere, 2),
        }


def _world(databases: Databases, name: str, known: Known) -> World:
    theirs = {identity for ids in known.theirs.values() for identity in ids}
    return World(databases, name, known.all, theirs)


def _small_pages() -> Any:
    from unittest.mock import patch

    return patch("performance.selectors.pages.PAGE_SIZE", _PAGE)


def _play(
    worlds: list[World], filled: Filled, known: Known, seed: int, pairs: int, focus: tuple[str, ...]
) -> Outcome:
    asker = Asker(random.Random(seed), known, focus)
    found = Outcome()
    for number in range(pairs):
        if over():
            break
        if number % _EVERY == _EVERY - 1:
            with worlds[1].here():
                live(filled, number)
        ask = asker.ask()
        first, second = (world.send(ask, number) for world in worlds)
        _count(found, ask, first.status)
        if first.seen != second.seen:
            found.differing.append(_told(number, ask, first.seen, second.seen))
        for answer in (first, second):
            if answer.foreign:
                found.foreign.append(f"{number} {ask.method} {ask.path}: {answer.foreign[:3]}")
        if ask.route.endswith("exports/") and ask.method == "POST":
            for world in worlds:
                world.work()
        asker.learn(ask, first)
    return found


def _count(found: Outcome, ask: Ask, status: int) -> None:
    found.pairs += 1
    found.counts[f"status {status}"] += 1
    found.counts[ask.method] += 1
    found.counts[f"as {ask.person}"] += 1
    found.asked.add((ask.route, "GET" if ask.method == "HEAD" else ask.method))
    done = {302} if ask.typed else {200, 201, 202, 204}
    if ask.method not in {"GET", "HEAD"} and status in done:
        found.accepted += 1


def _told(number: int, ask: Ask, first: Any, second: Any) -> str:
    for one, other in zip(first, second, strict=True):
        if one != other:
            at = next(
                (n for n, (a, b) in enumerate(zip(str(one), str(other), strict=False)) if a != b), 0
            )
            return (
                f"{number} {ask.person} {ask.method} {ask.path}: "
                f"{str(one)[max(0, at - 60) : at + 120]!r} | {str(other)[max(0, at - 60) : at + 120]!r}"
            )
    return f"{number} {ask.method} {ask.path}"


# ── controls ────────────────────────────────────────────────────────────────────────────────────


def _one_code_for_all(databases: Databases, name: str) -> None:
    databases.as_owner(
        name, "CREATE UNIQUE INDEX planted_code ON budgets_project (code) WHERE code <> ''"
    )


@dataclass(frozen=True)
class Control:
    """A run with something switched off or planted, and whether the harness must see it."""

    name: str
    seen: bool
    prepare: Callable[[Databases, str], None] | None = None
    fault: str = ""
    focus: tuple[str, ...] = ()


CONTROLS = (
    Control("application_net_off", False, fault="no_scope"),
    Control("database_net_off", False, prepare=without_the_net),
    Control("both_nets_off", True, prepare=without_the_net, fault="no_scope"),
    Control("one_code_for_all_departments", True, prepare=_one_code_for_all, focus=PROJECTS),
    Control("count_over_all_rows", True, fault="counted_all", focus=PROJECTS),
    Control("ordered_by_a_hidden_column", True, fault="hidden_order", focus=PROJECTS),
    Control("serial_numbers_in_cursors", True, fault="serial_cursor", focus=PROJECTS),
)


def judged(control: Control, outcome: Outcome) -> list[str]:
    """What speaks against the harness, or against a net that stands alone."""
    if control.seen:
        return [] if outcome.differing else [f"{control.name}: not seen in {outcome.pairs} pairs"]
    return [f"{control.name}: {what}" for what in [*outcome.differing[:5], *outcome.foreign[:5]]]


def never_asked(outcome: Outcome) -> list[str]:
    """Routes and methods that a run left out."""
    wanted = {(route.path, method) for route in ROUTES for method in route.verbs}
    return sorted(f"{method} {path}" for path, method in wanted - outcome.asked)


def main() -> int:
    """All pairs, each net alone, the planted faults, and the clock."""
    from tests.torture.stage import own_database

    given = options("two worlds", pairs=2000, control_pairs=150, timed=200)
    report = Report("worlds", given)
    os.environ |= {"TESTING": "1", "JIHENG_LOG_LEVEL": "CRITICAL"}
    with own_database() as (cluster, folder):
        from django.db import connections
        from django.test.utils import setup_test_environment

        setup_test_environment(debug=False)
        violations = unlisted()
        connections["default"].close()
        worlds = Worlds(Databases(cluster, folder), "jiheng")
        found = worlds.run(given.seed, given.pairs)
        print(found.figures, f"writes accepted {found.accepted}", flush=True)
        controls_follow()
        controls = {}
        for control in CONTROLS:
            outcome = worlds.run(
                given.seed,
                given.control_pairs,
                prepare=control.prepare,
                fault=control.fault,
                focus=control.focus,
            )
            controls[control.name] = {**outcome.figures, "must_be_seen": control.seen}
            violations += judged(control, outcome)
        timing = worlds.timing(given.seed, given.timed)
    violations += [*found.differing[:20], *found.foreign[:20]]
    if found.pairs >= 1000:
        violations += [f"never asked: {what}" for what in never_asked(found)]
    return report.finish(
        given.report,
        **found.figures,
        writes_accepted=found.accepted,
        routes_and_methods=len(found.asked),
        counts=dict(sorted(found.counts.items())),
        controls=controls,
        timing_of_404=timing,
        violations=violations,
    )


if __name__ == "__main__":
    sys.exit(main())
