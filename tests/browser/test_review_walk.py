"""Four published self-evaluations reviewed in the browser, from the queue to confirmation.

The one that claims 94 points with a quarter of its money spent lies on top, and the page says why.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.test_procedure import Bureau, _fits, _shot, running

pytestmark = [pytest.mark.browser, pytest.mark.seeds]
DOCUMENT = "003_b3d5e7f0c80101b4.txt"
FIRST = "基金监管专项"
TOTALS = {
    FIRST: ("94.00", "84.92", "良"),
    "医疗保险业务信息化": ("92.00", "91.95", "优"),
    "基本医疗（含生育）业务经办管理": ("100.00", "100.00", "优"),
    "医疗保障与服务能力提升": ("98.00", "100.00", "优"),
}
"""Claimed, by the rules, and the grade, as worked out by hand."""


@pytest.fixture(scope="module")
def waiting(
    cluster: Any, migrated: str, django_db_blocker: Any, seeds_dir: Path
) -> Iterator[Bureau]:
    """The four self-evaluations, waiting for the bureau."""
    path = str(seeds_dir / "seeds" / DOCUMENT)
    with running(
        cluster, migrated, django_db_blocker, "tests.browser.review_bureau", path
    ) as found:
        yield found


def _row(page: Any, project: str) -> Any:
    return page.locator("tr[data-row]", has=page.get_by_role("link", name=project, exact=True))


def test_the_four_are_reviewed_from_queue_to_confirmation(waiting: Bureau) -> None:
    with waiting.at("finance") as page:
        page.go("/queue/")
        rows = page.locator("tr[data-row]")
        assert rows.count() == len(TOTALS)
        assert FIRST in rows.first.inner_text()
        for project, (claimed, computed, grade) in TOTALS.items():
            shown = _row(page, project).inner_text()
            assert all(figure in shown for figure in (claimed, computed, grade)), shown
        rows.first.locator("summary").click()
        reasons = rows.first.locator(".reasons").inner_text()
        assert "94" in reasons
        assert "84.92" in reasons
        assert "24.6" in reasons
        _fits(page)
        _shot(page, "queue")
        page.keyboard.press("Escape")
        for project in TOTALS:
            page.go("/queue/")
            page.get_by_role("link", name=project, exact=True).click()
            page.wait_for_selector("#review")
            _review(page, project)
        page.go("/queue/")
        assert "没有符合条件的表" in page.locator("main").inner_text()
        page.go("/queue/?state=confirmed")
        assert page.locator("tr[data-row]").count() == len(TOTALS)
        _shot(page, "queue-confirmed")


def _review(page: Any, project: str) -> None:
    claimed, computed, grade = TOTALS[project]
    page.get_by_role("button", name="开始复核").click()
    page.wait_for_selector(".review summary")
    assert computed in page.locator("#review .facts").inner_text()
    if project == FIRST:
        page.wait_for_load_state("load")  # the script has run
        # By the keyboard alone: to the second line, into it, out of it, and back to the rules.
        for key in ("j", "j", "e"):
            page.keyboard.press(key)
        focused = "document.activeElement.closest('form')?.id"
        assert page.evaluate(focused) == "line-1"
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
        page.keyboard.press("e")
        form = page.locator("#line-1")
        form.locator("[name=reason_code]").select_option("no_evidence")
        form.locator("[name=reason]").fill("没有检查记录和处理结果，不能证明已经完成")
        page.keyboard.press("Control+Enter")
        page.wait_for_selector("text=没有检查记录和处理结果")
        _fits(page)
        _shot(page, "review-adjusted")
        page.wait_for_selector("table.review tr :focus")
        page.keyboard.press("k")
        page.keyboard.press("a")
        page.wait_for_selector("text=已采用按规则得分")
        assert "≠" in page.locator(".review tbody").inner_text()
        assert computed in page.locator("#review .facts").inner_text()
    page.locator("[name=opinion]").fill(
        f"{project}：自评 {claimed} 分，按规则 {computed} 分（{grade}）。"
    )
    page.get_by_role("button", name="写下意见").click()
    page.wait_for_selector("text=已写下复核意见")
    _shot(page, f"review-{list(TOTALS).index(project)}")
    page.get_by_role("button", name="确认复核").click()
    page.wait_for_selector("text=已办理：确认复核")
    assert computed in page.locator("#review").inner_text()
    _shot(page, f"reviewed-{list(TOTALS).index(project)}")
