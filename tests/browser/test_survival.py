"""A clerk's typing survives what happens in two weeks: a killed server, a paste through it all.

A second tab, a stale version, one field through an expired session and a lost network are tried in
``test_procedure``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.test_grid import _PASTE, grid, thirty
from tests.browser.test_procedure import SAVED, Bureau, running

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def desk(cluster: Any, migrated: str, django_db_blocker: Any) -> Iterator[Bureau]:
    """A clerk's desk."""
    with running(cluster, migrated, django_db_blocker, "tests.browser.grid_desk") as found:
        yield found


def _pasted(page: Any) -> list[list[str]]:
    text = "\r\n".join("\t".join(line) for line in thirty())
    page.evaluate(_PASTE, ["indicators.1.level1", text, ""])
    return grid(page)


def test_a_paste_survives_network_restart_and_session(desk: Bureau) -> None:
    with desk.at("clerk") as page:
        page.go("survivor")
        # the network is gone, and the window is closed on top of it
        page.context.set_offline(True)
        mine = _pasted(page)
        page.wait_for_selector("text=没有保存：网络中断，内容留在本机")
        page.route("**/content/", lambda route: route.abort())  # nothing of it reaches the server
        page.context.set_offline(False)
        page.go("survivor")
        assert grid(page) == [[""] * 5]
        page.get_by_role("button", name="恢复我的填写").click()
        assert grid(page) == mine
        # a proxy answers for a server that is away
        page.wait_for_selector("text=没有保存：网络中断")
        page.unroute("**/content/")
        page.route("**/content/", lambda route: route.fulfill(status=502, body="Bad Gateway"))
        page.fill("[name='indicators.30.target']", "≥91%")
        page.wait_for_selector("text=没有保存：系统繁忙，内容留在本机，稍后自动再试")
        assert page.input_value("[name='indicators.30.target']") == "≥91%"
        page.unroute("**/content/")
        page.wait_for_selector(SAVED, timeout=20_000)
        # the session is over; signing in again in another tab is enough
        page.context.clear_cookies()
        page.focus("[name='indicators.2.name']")
        page.keyboard.press("Control+d")
        page.wait_for_selector("text=登录已过期")
        assert len(grid(page)) == 31
        desk.sign_in(page.context, "clerk")
        page.evaluate("window.dispatchEvent(new Event('focus'))")
        page.wait_for_selector(SAVED)
        page.go("survivor")
        assert len(grid(page)) == 31
        assert grid(page)[30][3] == "≥91%"
        assert grid(page)[1] == grid(page)[2]
        page.complaints.clear()


def test_typing_goes_on_while_the_server_is_killed(desk: Bureau) -> None:
    """Twice: while one types, and just as a save is on its way, whose answer then never comes."""
    cell, typed, saves = "[name='indicators.1.name']", "", []
    with desk.at("clerk") as page:
        page.go("killed")
        page.on(
            "response", lambda reply: saves.append(reply) if reply.request.method == "PUT" else None
        )

        def types(words: str) -> str:
            page.keyboard.type(words, delay=15)
            return typed + words

        page.focus(cell)
        typed = types("一二三四五六七八九十，开始写的时候服务器还在；")
        desk.service.kill()
        typed = types("服务器没有了，照样写下去，甲乙丙丁戊己庚辛；")
        page.wait_for_selector("text=没有保存：网络中断，内容留在本机，稍后自动再试")
        typed = types("页面说了没有保存，还在写。")
        assert page.input_value(cell) == typed
        assert not any(reply.ok for reply in saves)
        desk.service.start()
        page.wait_for_selector(SAVED, timeout=30_000)
        version = int(page.input_value("#content [name=version]"))
        assert (version, [reply.status for reply in saves]) == (2, [200]), "saved once, whole"

        with page.expect_request(lambda asked: asked.method == "PUT"):
            typed = types("子丑寅卯辰巳午未。")
        desk.service.kill()
        page.wait_for_selector("text=没有保存：网络中断")
        typed = types("申酉戌亥。")
        desk.service.start()
        page.wait_for_selector(SAVED, timeout=30_000)
        page.complaints.clear()
        shown = int(page.input_value("#content [name=version]"))
        page.go("killed")
        assert page.input_value(cell) == typed
        assert page.locator("#offered").is_hidden()
        assert int(page.input_value("#content [name=version]")) == shown
        print(
            f"typed {len(typed)} signs, kept {len(page.input_value(cell))}; versions 1 to {shown}"
        )
        # The save that was cut off counts once or not at all: sent again, it has the same key.
        assert shown in {3, 4}
        page.complaints.clear()


def test_a_grid_that_became_stale_is_compared_in_three_columns(desk: Bureau) -> None:
    with desk.at("clerk") as mine, desk.at("clerk2") as theirs:
        mine.go("filled")
        theirs.go("filled")
        theirs.fill("[name='indicators.1.target']", "≥121家")
        theirs.wait_for_selector(SAVED)
        mine.focus("[name='indicators.6.name']")
        mine.keyboard.press("Control+d")
        mine.fill("[name='indicators.7.name']", "我加的满意度")
        mine.fill("[name='indicators.1.target']", "≥122家")
        mine.wait_for_selector("text=版本已变，请对照")
        mine.get_by_role("button", name="保存", exact=True).click()
        mine.wait_for_selector("h1:has-text('对照后再保存')")
        row = mine.locator("tr", has_text="指标 第1行 指标值")
        assert row.locator("td").all_inner_texts() == ["≥122家", "≥121家", "≥120家"]
        row.get_by_label("≥122家").check()
        mine.get_by_role("button", name="按选择保存").click()
        mine.wait_for_selector("[data-grid]")
        assert mine.input_value("[name='indicators.1.target']") == "≥122家"
        assert mine.input_value("[name='indicators.7.name']") == "我加的满意度"
        mine.complaints.clear()
