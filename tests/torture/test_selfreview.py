"""A twentieth of the tries to judge one's own work, without a server; and that they would be seen."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from tests.cast import assemble
from tests.talk import ClientApi
from tests.torture.selfreview import Bureau, SelfReview


def _form(api: Any, path: str, fields: dict[str, str]) -> int:
    return int(api.client.post(path, fields).status_code)


@pytest.fixture
def bureau(db: None, settings: Any, tmp_path: Any) -> Bureau:
    settings.MEDIA_ROOT = tmp_path / "media"
    return Bureau(assemble(), ClientApi, _form)


def test_nobody_judges_own_work(bureau: Bureau) -> None:
    played = SelfReview(bureau, seed=6)
    played.play(25)
    assert played.counts["tries"] >= 25
    assert played.accepted == []
    assert played.held_up == []
    assert played.counts["others accepted"] == played.counts["others tried"] > 0


def test_the_harness_sees_who_does(bureau: Bureau) -> None:
    """Rolled back with the test: the database forgets who contributed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_proc WHERE proname = 'performance_contributors'")
        assert cursor.fetchone() == (1,)
    played = SelfReview(bureau, seed=6)
    original = SelfReview._act

    def somebody_lets_it_pass(self: Any, way: str, person: Any, *rest: Any) -> str:
        return original(self, way, self.bureau.cast["head"], *rest)

    played._act = somebody_lets_it_pass.__get__(played)  # type: ignore[method-assign]
    played.play(3)
    assert played.accepted
