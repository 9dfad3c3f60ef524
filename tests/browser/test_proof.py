"""Proofreading in a real browser: marked text beside its list, links both ways, printable."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.browser.test_pages import ROOT, _healthy, address, page

__all__ = ["address", "page"]
pytestmark = pytest.mark.browser
SHOTS = Path(os.environ.get("JIHENG_SCREENSHOTS", ROOT / "var" / "screenshots"))
TEXT = ROOT / "tests" / "examination" / "texts" / "accounts-coast.txt"


def test_a_long_report_is_marked_and_listed(page: Any, address: str, tmp_path: Path) -> None:
    whole = TEXT.read_text(encoding="utf-8")
    basis = tmp_path / "某县水务局2023年度部门决算公开表（含收入支出决算总表与支出决算表）.txt"
    basis.write_text(whole.partition("第三部分")[0], encoding="utf-8")
    draft = whole[whole.index("第三部分") :]
    for true, false in (
        ("4%；其他", "8%；其他"),
        ("增长5.71%", "增长7.51%"),
        ("2,700.55", "2,770.55"),
    ):
        draft = draft.replace(true, false)
    page.goto(f"{address}/proof/")
    page.fill("#f-text", draft)
    page.set_input_files("#f-basis", str(basis))
    page.locator("main form button[type=submit]").click()
    page.wait_for_selector(".proof-result")
    _healthy(page)
    wrong = page.locator("mark.proof-disagrees")
    assert wrong.count() == page.locator("ol.findings li").count() >= 2
    first = wrong.first.get_attribute("id") or ""
    page.locator(f"a[href='#{first}']").first.focus()
    page.keyboard.press("Enter")
    assert page.url.endswith(f"#{first}")
    assert page.locator(f"#{first}").is_visible()
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=str(SHOTS / "proof.png"))
    page.screenshot(path=str(SHOTS / "proof-whole.png"), full_page=True)
    page.emulate_media(media="print")
    assert page.locator(".proof-form").is_hidden()
    assert page.locator(".proof-text").is_visible()
    page.emulate_media(media="screen")
