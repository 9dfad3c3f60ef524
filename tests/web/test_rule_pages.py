"""The rules as pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from performance.rulebook import all_rulesets
from tests.worlds import World


@pytest.fixture
def clerk(world: World) -> Client:
    client = Client()
    client.force_login(world.clerk)
    client.get("/rules/")
    return client


def test_every_set_has_its_page(clerk: Client) -> None:
    listed = clerk.get("/rules/").content.decode()
    for identity, rules in all_rulesets().items():
        assert f"/rules/{identity}/" in listed
        page = clerk.get(f"/rules/{identity}/").content.decode()
        assert rules.source.title in page
        assert rules.digest in page
        assert "条款待核" in page


def test_what_differs_is_told_in_words(clerk: Client) -> None:
    page = clerk.get("/rules/mof-2021-101/").content.decode()
    assert "5 处不同" in page
    assert "完成比率低于 60% 不得分" in page
    assert "（空）" in page
    assert "未评" in page


@pytest.mark.parametrize("path", ["/rules/none/", "/rules/HUBEI-2020/", "/rules/hubei_2020/"])
def test_there_is_no_other_set(clerk: Client, path: str) -> None:
    assert clerk.get(path).status_code == 404


def test_pages_of_rules_ask_no_more_than_any_page(
    clerk: Client, django_assert_num_queries: Any
) -> None:
    for path in ("/rules/", "/rules/hubei-2020/"):
        with django_assert_num_queries(7) as seen:
            clerk.get(path)
        assert not [q for q in seen.captured_queries if "performance_" in q["sql"]]
