"""The reviewed sheet with its objections, and the ledger, in the browser."""

from __future__ import annotations

from typing import Any

from tests.browser.test_procedure import Bureau, _fits, _shot, bureau

__all__ = ["bureau"]


def _write_late(page: Any) -> None:
    page.locator("summary", has_text="违规资金追缴到位").click()
    form = page.locator("#line-3")
    form.locator("[name=reason_code]").select_option("late")
    form.locator("[name=points]").fill("")
    form.locator("[name=reason]").fill(
        "三批资金中有一批超过六十天才追缴到位，追缴台账上写着七十四天"
    )
    form.get_by_role("button", name="写下").click()
    page.wait_for_selector("text=部分任务未按时完成（late，条款待核）")


def test_a_sheet_goes_to_the_unit_and_back(bureau: Bureau) -> None:
    with bureau.at("finance") as page:
        page.go("evaluation")
        page.get_by_role("button", name="开始复核").click()
        page.wait_for_selector(".review summary")
        _write_late(page)
        page.locator("summary", has_text="知晓程度").click()
        form = page.locator("#line-5")
        form.locator("[name=reason_code]").select_option("no_formula")
        form.locator("[name=reason]").fill("只写“明显提高”，没有基期数，也没有计算方法")
        form.get_by_role("button", name="写下").click()
        page.wait_for_selector("text=没有计算方法（no_formula，条款待核）")
        # adjusted again, with what was written in the form; by the rule again with a key, and on
        adjusted = page.locator(".review tr.adjusted").first
        adjusted.locator("summary").click()
        form = page.locator("#line-3")
        assert form.locator("[name=reason_code]").input_value() == "late"
        assert form.locator("[name=reason]").input_value().startswith("三批资金中有一批")
        assert (
            form.locator("[name=points]").input_value()
            == adjusted.locator("td").nth(3).inner_text()
        )
        form.locator("[name=points]").fill("4")
        form.locator("[name=reason_code]").select_option("rule")
        form.locator("[name=reason]").fill("第一行\n第二行")
        form.get_by_role("button", name="写下").click()
        page.wait_for_selector("text=与评分规则不符（rule，条款待核）")
        assert page.locator("#line-3 [name=reason]").input_value() == "第一行\n第二行"
        page.locator(".review tr.adjusted button").first.focus()
        page.keyboard.press("a")
        page.wait_for_selector("text=与评分规则不符（rule，条款待核）", state="detached")
        page.wait_for_function("document.activeElement.closest('tr')?.rowIndex === 5")
        _write_late(page)
        _fits(page)
        _shot(page, "review-open")
        page.locator("#send-feedback [name=deadline]").fill("2099-06-30")
        page.get_by_role("button", name="发单位", exact=True).click()
        page.wait_for_selector("text=等待单位答复")
        page.locator("#raise-item [name=what]").fill(
            "补充群众知晓程度的调查问卷和统计方法，下年度目标表改为可计算的指标"
        )
        page.locator("#raise-item [name=deadline]").fill("2025-06-30")
        page.get_by_role("button", name="记入整改台账").click()
        page.wait_for_selector("text=已记入整改台账")
    with bureau.at("clerk") as page:
        page.go("evaluation")
        page.locator("#review summary", has_text="知晓程度").click()
        form = page.locator("#object-5")
        form.locator("[name=words]").fill("委托第三方做过问卷，知晓率由 71% 提高到 88%，报告随附")
        _shot(page, "review-unit")
        form.get_by_role("button", name="申诉").click()
        page.wait_for_selector("text=申诉：委托第三方")
        page.get_by_role("button", name="其余同意，答复完毕").click()
        page.wait_for_selector("text=单位已答复完毕")
        _fits(page)
    with bureau.at("finance") as page:
        page.go("evaluation")
        page.wait_for_selector("text=1 条申诉待决定")
        _fits(page)
        _shot(page, "review-objection")
        page.go("/rectifications/")
        page.wait_for_selector("text=已逾期")
        _fits(page)
        _shot(page, "ledger")


def test_a_line_is_adjusted_by_its_number_without_a_script(bureau: Bureau) -> None:
    context = bureau.browser.new_context(
        viewport={"width": 1366, "height": 768}, java_script_enabled=False
    )
    bureau.sign_in(context, "clerk")
    page = context.new_page()
    page.goto(f"{bureau.url}{bureau.made['evaluation']}")
    assert "单位已答复完毕" in page.inner_text("#review")
    bureau.sign_in(context, "finance")
    page.goto(f"{bureau.url}{bureau.made['evaluation']}")
    page.get_by_label("第几行").first.fill("5")
    page.get_by_label("对这一行申诉的决定理由").fill("知晓率有计算方法")
    _shot(page, "decided-by-number")
    page.get_by_role("button", name="采纳", exact=True).click()
    page.wait_for_selector("text=采纳：知晓率有计算方法")
    context.close()
