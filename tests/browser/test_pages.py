"""The pages in a real browser, on the sample documents: they work, look right and break no policy."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.browser.looking import launched

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parent.parent.parent
CHARTS = ROOT / "performance/web/static/performance/built/charts.js"
ACCOUNT = ("/account/", "/account/password/", "/account/second-factor/", "/account/tokens/")
RULES = ("/projects/", "/overview/", "/rules/", "/rules/mof-2021-101/")
PAGES = ("/", "/target-tables/", "/documents/", "/api/v1/docs/", *ACCOUNT, *RULES)


@pytest.fixture(scope="module")
def address(cluster: Any, migrated: str, django_db_blocker: Any) -> Iterator[str]:
    """A server of its own on a database of its own, with the samples in it."""
    import psycopg
    from django.db import connections

    with django_db_blocker.unblock():
        connections.close_all()  # a database in use cannot be cloned
    name = f"jiheng_browser_{os.urandom(3).hex()}"
    with psycopg.connect(cluster.address("postgres", "postgres"), autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{migrated}" OWNER perf_owner')
    environment = {**os.environ, "DATABASE_URL": cluster.address("perf_app", name)}
    manage = [sys.executable, str(ROOT / "manage.py")]
    subprocess.run([*manage, "load_samples"], env=environment, check=True, capture_output=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [*manage, "runserver", "--noreload", f"127.0.0.1:{port}"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{url}/readyz")
        yield url
    finally:
        server.terminate()
        server.wait(10)


def _wait(url: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(url)


@pytest.fixture(scope="module")
def page(address: str) -> Iterator[Any]:
    """A signed-in page at 1366×768 that collects what the browser complains of."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = launched(playwright)
        tab = browser.new_page(viewport={"width": 1366, "height": 768})
        tab.complaints = []
        tab.on(
            "console",
            lambda message: (
                tab.complaints.append(message.text) if message.type == "error" else None
            ),
        )
        tab.on("pageerror", lambda error: tab.complaints.append(str(error)))
        tab.goto(address)
        tab.fill("#id_username", "caizheng")
        tab.fill("#id_password", "jiheng-demo-2026")
        tab.keyboard.press("Enter")
        tab.wait_for_selector("h1")
        yield tab
        browser.close()


def _healthy(page: Any, width: int = 1366) -> None:
    assert page.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_without_complaint(page: Any, address: str, path: str) -> None:
    page.goto(f"{address}{path}")
    page.wait_for_load_state("networkidle")
    assert page.locator("h1").first.inner_text()
    _healthy(page)


def test_claimed_beside_computed(page: Any, address: str) -> None:
    page.goto(address)
    row = page.locator("tr", has_text="基金监管专项")
    assert "94.00" in row.inner_text()
    assert "84.92" in row.inner_text()
    assert "24.62%" in row.inner_text()


def test_every_line_says_why(page: Any, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="基金监管专项").click()
    page.wait_for_selector("text=得分明细")
    text = page.locator("main").inner_text()
    assert "执行率 14.77÷60≈24.62%，20×14.77÷60＝4.92 分" in text
    assert "实际 63 家 ≥ 目标 60 家，达标，得满分 5.00 分" in text
    assert "E01" in text
    assert "条款待核" in text
    for reason in page.locator("td.why").all_inner_texts():
        assert reason.strip()
    _healthy(page)


def test_a_document_shows_what_was_read(page: Any, address: str) -> None:
    page.goto(f"{address}/documents/")
    page.get_by_role("link", name="hubei-final-accounts-2022.txt").click()
    page.wait_for_selector("text=支出合计")
    text = page.locator("main").inner_text()
    assert "250.59" in text
    assert "X01" in text
    _healthy(page)


def test_charts_are_drawn_and_a_dot_leads_to_its_project(page: Any, address: str) -> None:
    """Where the script was built; else the figures stand in their tables and nothing is empty."""
    from playwright.sync_api import TimeoutError as TooLate

    page.goto(f"{address}/overview/?year=2022")
    page.wait_for_load_state("networkidle")
    text = page.locator("main").inner_text()
    assert "没花钱却高分" in text
    figures = page.locator("figure.chart svg")
    if not CHARTS.is_file():
        assert page.locator("figure.chart:visible").count() == figures.count() == 0
        return
    assert figures.count() == 2
    found = page.locator("figure[data-chart=dots] svg path[fill='#0b5a8f']")
    # All places first: where a click leads away there are no dots any more. The last is the legend's.
    for box in [one.bounding_box() for one in found.all()]:
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        with suppress(TooLate):
            page.wait_for_url("**/projects/**", timeout=3000)
            break
    assert "/projects/" in page.url
    _healthy(page)


def test_pages_are_accessible(page: Any, address: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    found: list[str] = []
    paths = ["/", "/target-tables/", "/documents/", *ACCOUNT, *RULES]
    page.goto(address)
    paths.append(page.get_by_role("link", name="基金监管专项").get_attribute("href"))
    for path in paths:
        page.goto(f"{address}{path}")
        # axe brings its script into the page from outside the policy: it is not ours to allow.
        results = Axe().run(page)
        found.extend(f"{path}: {one['id']}" for one in results.response["violations"])
    page.complaints.clear()
    assert found == []


def test_the_keyboard_reaches_the_content_first(page: Any, address: str) -> None:
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.complaints.clear()


def test_a_narrow_window_keeps_wide_tables_inside(page: Any, address: str) -> None:
    page.set_viewport_size({"width": 800, "height": 600})
    try:
        page.goto(address)
        page.get_by_role("link", name="基金监管专项").click()
        page.wait_for_selector("text=得分明细")
        _healthy(page, width=800)
    finally:
        page.set_viewport_size({"width": 1366, "height": 768})
