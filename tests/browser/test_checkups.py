"""The check-up and the conclusion in a real browser: from the finding to its cell, text kept."""

from __future__ import annotations

import pytest

from tests.browser.test_procedure import SHOTS, Bureau, bureau

__all__ = ["bureau"]
pytestmark = pytest.mark.browser
COST = "[name='indicators.4.target']"


def test_a_clerk_goes_from_a_finding_to_its_cell_and_mends_it(bureau: Bureau) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    with bureau.at("clerk") as page:
        page.go("second")
        page.fill(COST, "≥5000元")
        page.fill("[name='indicators.2.target']", "≥95家")
        page.fill("[name='indicators.1.points']", "10")
        page.click("text=只体检，不保存")
        page.wait_for_selector("#found-block")
        assert "合计 85 分" in page.inner_text("#found-block")
        assert "还没有保存" in page.inner_text("#checkup")
        assert page.input_value(COST) == "≥5000元"
        page.screenshot(path=SHOTS / "checkup.png")
        page.screenshot(path=SHOTS / "checkup-whole.png", full_page=True)
        page.click("#found-error .to-cell >> text=指标 第4行 指标值")
        page.wait_for_function(
            "document.querySelector(\"[name='indicators.4.target']\").getBoundingClientRect().top < innerHeight"
        )
        page.fill(COST, "≤5000元")
        page.fill("[name='indicators.2.target']", "≥95%")
        page.fill("[name='indicators.1.points']", "15")
        page.click("text=保存并提交")
        page.wait_for_selector("text=已保存并提交")


def test_the_bureau_concludes(bureau: Bureau) -> None:
    for name, verb in (("head", "单位审核通过"), ("reviewer", "主管部门审核通过")):
        with bureau.at(name) as page:
            page.go("second")
            page.click(f"#moves >> text={verb}")
            page.wait_for_selector("text=已办理")
    with bureau.at("finance") as page:
        page.go("second")
        page.select_option("select[name='overall']", "差")
        page.fill("textarea[name='words']", "指标与单位职责的关联没有说明，须补充测算依据。")
        page.click("text=写下结论")
        page.wait_for_selector("text=已写下审核结论")
        assert "批复前请再核实" in page.inner_text("#conclusion")
        page.locator("#conclusion").scroll_into_view_if_needed()
        page.screenshot(path=SHOTS / "conclusion.png")
        page.screenshot(path=SHOTS / "conclusion-whole.png", full_page=True)
