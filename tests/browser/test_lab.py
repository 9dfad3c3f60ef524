"""The rule lab and the indicator library in a real browser, with long names; suggestions by keyboard."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

from tests.browser.test_pages import ROOT
from tests.browser.test_procedure import SAVED, SHOTS, Bureau, _fits, _shot, bureau

__all__ = ["bureau"]
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def published(bureau: Bureau, cluster: Any) -> Bureau:
    """The bureau with published documents and a library."""
    import psycopg

    with psycopg.connect(cluster.address("postgres", "postgres"), autocommit=True) as admin:
        (name,) = admin.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'jiheng\\_desk\\_%' ORDER BY oid DESC LIMIT 1"
        ).fetchone()
    environment = {**os.environ, "DATABASE_URL": cluster.address("perf_app", name), "DJANGO_SETTINGS_MODULE": "config.settings"}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "tests.browser.published"], cwd=ROOT, env=environment, check=True, capture_output=True
    )  # fmt: skip
    assert int(done.stdout) > 20
    return bureau


def test_rules_are_tried(published: Bureau) -> None:
    with published.at("finance") as page:
        page.go("/rule-lab/")
        page.select_option("[name=year]", "2022")
        page.select_option("[name=base]", "hubei-2020")
        for name in ("mof-2021-101", "capped-by-execution"):
            page.check(f"input[value='{name}']")
        page.click("summary:has-text('改几个界限')")
        page.fill("[name='set.grades']", "优:95,良:80,中:60,差:0")
        page.click(".buttons button:has-text('试算')")
        page.wait_for_selector("text=平均差")
        assert page.locator("section h2").all_inner_texts() == [
            "capped-by-execution",
            "mof-2021-101",
            "hubei-2020（改：等级界限 优:95,良:80,中:60,差:0）",
        ]
        page.locator("section").first.locator("summary").first.click()
        assert page.locator("text=执行率偏低，总分封顶 59.00 分").first.is_visible()
        _fits(page)
        _shot(page, "rule-lab")


def test_the_library_side_by_side(published: Bureau) -> None:
    with published.at("clerk") as page:
        page.go("/indicator-library/")
        _fits(page)
        _shot(page, "indicator-library")
        page.fill("[name=q]", "参保对象")
        page.press("[name=q]", "Enter")
        page.click("tbody a:has-text('参保对象满意度')")
        page.wait_for_selector("h2:has-text('“参保对象满意度”在各项目中')")
        assert page.locator(".beside-grid tbody tr").count() == 4
        _fits(page)
        _shot(page, "indicator-library-beside")


def test_suggestions_by_keyboard(published: Bureau) -> None:
    with published.at("clerk") as page:
        page.go("draft")
        page.get_by_role("button", name="增加一个指标").click()
        field = "[name='indicators.7.name']"
        page.focus(field)
        page.keyboard.type("参保对象")
        page.wait_for_selector("#suggestions:not([hidden])")
        assert page.get_attribute(field, "aria-controls") == "suggestions"
        page.screenshot(
            path=SHOTS / "suggestions-1366.png"
        )  # a whole page would be resized: closed
        page.keyboard.press("Escape")
        assert page.locator("#suggestions").is_hidden()
        page.keyboard.type("满")
        page.wait_for_selector("#suggestions:not([hidden])")
        page.keyboard.press("ArrowDown")
        assert page.get_attribute(field, "aria-activedescendant") == "suggestion-0"
        name = page.inner_text("#suggestion-0 .suggested-name")
        page.keyboard.press("Enter")
        assert page.locator("#suggestions").is_hidden()
        assert name.startswith(page.input_value(field)) and page.input_value(field)
        assert page.input_value("[name='indicators.7.target']").startswith("≥")
        assert page.input_value("[name='indicators.7.level2']") == "服务对象满意度指标"
        page.wait_for_selector(SAVED)
        page.locator("[value='remove:indicators.7']").click()
        page.wait_for_selector(SAVED)
