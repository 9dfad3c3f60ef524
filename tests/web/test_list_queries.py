"""No list asks the database more for sixty rows than for ten: all lists, found by address."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.bureau import multiply
from benchmarks.pages import addresses
from performance.selectors.overview import MOST
from tests.filled import Standing, standing
from tests.web.pages import parsed

PEOPLE = ("finance", "clerk", "reviewer", "security", "system", "audit_admin")
FEW, MANY = 10, 60
"""Projects: ten have a paper in every state and one thing of every kind."""
CROWD = range(1_001, 1_701)
"""Projects of the year at a glance: more than its chart has dots."""
LIGHT = 150_000
"""Bytes of a page, as it is read."""
ASKED = 2
"""People asked for each list: the first of those who get an answer."""


@pytest.fixture(scope="module")
def stage(
    cluster: Any, migrated: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Standing]:
    media = tmp_path_factory.mktemp("media")
    with (
        standing(cluster, migrated, django_db_blocker, media) as found,
        django_db_blocker.unblock(),
    ):
        yield found


def _questions(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200, address
    return len(asked)


def _lists(stage: Standing, clients: dict[str, Client]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for address in addresses(stage.filled.ids):
        people = (one for one in PEOPLE if clients[one].get(address).status_code == 200)
        for person in islice(people, 1 if address.startswith("/api/") else ASKED):
            found[address, person] = _questions(clients[person], address)
    return found


def test_sixty_rows_ask_no_more_than_ten(stage: Standing) -> None:
    clients = {}
    for name in PEOPLE:
        clients[name] = Client()
        clients[name].force_login(stage.filled.cast[name])
    multiply(stage.admin, 1, FEW)
    few = _lists(stage, clients)
    multiply(stage.admin, FEW + 1, MANY)
    grown = {}
    for (address, person), before in few.items():
        now = _questions(clients[person], address)
        if now > before:  # a session is rewritten once a minute, which is not the list's doing
            now = _questions(clients[person], address)
        if now > before:
            grown[address, person] = (before, now)
    assert len(few) >= 45
    assert grown == {}


def test_the_year_at_a_glance_is_light_however_many(stage: Standing) -> None:
    multiply(stage.admin, CROWD.start, CROWD.stop - 1)
    client = Client()
    client.force_login(stage.filled.cast["finance"])
    text = client.get("/overview/?year=2024").content.decode()
    data = parsed(text).one("script", id="dots-data").text
    chart = json.loads(data)
    assert len(chart["projects"]) == MOST
    assert all(name and at.startswith("/projects/") for name, at, _ in chart["projects"])
    assert len(text.encode()) < LIGHT, len(text.encode())
    print(len(text.encode()), len(data.encode()))
