"""The year at a glance: what one may see, in a constant number of queries."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from performance.selectors import overview as selecting
from tests.web.pages import parsed
from tests.worlds import World, published


def _client(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    client.get("/overview/")
    return client


@pytest.fixture
def filled(scene: Any) -> World:
    return scene(published)  # type: ignore[no-any-return]


def test_a_year_is_shown_with_its_corners(filled: World) -> None:
    page = _client(filled.finance).get("/overview/?year=2022").content.decode()
    corners = page.split('id="h-corners"')[1]
    assert "基金监管专项" in corners
    assert "没花钱却高分" in corners
    assert "24.62%" in corners
    assert '"grades-data" type="application/json"' in page
    assert "已公开 4" in page
    dots = json.loads(
        page.split('id="dots-data" type="application/json">')[1].split("</script>")[0]
    )
    assert {at.split("/")[1] for _, at, _ in dots["projects"]} == {"projects"}
    rows = page.split('id="h-units"')[1].split("</tbody>")[0]
    assert "丁市医疗保障服务中心" in rows
    assert rows.count("<rect") == 1, "all that was published is settled"
    part = _client(filled.finance).get("/desk/glance/").content.decode()
    assert "<html" not in part
    assert "各单位走到哪一步" in part


def test_another_year_and_nonsense_are_answered(filled: World) -> None:
    client = _client(filled.finance)
    for year in ("2023", "1999", "x", "٢٠٢٢", "99999999999999999999", ""):
        assert client.get("/overview/", {"year": year}).status_code == 200
    assert "基金监管专项" not in client.get("/overview/?year=2023").content.decode()


def test_a_stranger_sees_none_of_it(filled: World) -> None:
    page = _client(filled.stranger).get("/overview/?year=2022").content.decode()
    assert "还没有表" in page
    assert "基金监管专项" not in page


def test_it_asks_a_constant_number_of_questions(
    filled: World, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    """Who sees a region asks for sums first, and counts papers of what changed since."""
    few, many = _client(filled.stranger), _client(filled.finance)
    with django_assert_num_queries(15):
        few.get("/overview/")
    with django_assert_max_num_queries(29):
        many.get("/overview/?year=2022")


def test_those_in_a_corner_are_listed_page_by_page(
    filled: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selecting, "PER_PAGE", 1)
    client = _client(filled.finance)
    total = int(
        client.get("/overview/?year=2022")
        .content.decode()
        .split("两个角上的项目（")[1]
        .split(" ")[0]
    )
    assert total > 1
    found = []
    for number in range(1, total + 1):
        page = parsed(client.get(f"/overview/?year=2022&page={number}").content.decode())
        rows = page.one("section", **{"aria-labelledby": "h-corners"})
        (row,) = rows.one("tbody").all("tr")
        found.append(row.one("a").given["href"])
        ends = {link.given["rel"] for link in rows.one("nav").all("a")}
        assert ends == {"prev", "next"} - ({"prev"} if number == 1 else set()) - (
            {"next"} if number == total else set()
        )
    assert len(set(found)) == total
    assert client.get("/overview/?year=2022&page=99999").status_code == 200
    monkeypatch.setattr(selecting, "COUNTED", 1)
    assert "两个角上的项目（1 个以上）" in client.get("/overview/?year=2022").content.decode()
