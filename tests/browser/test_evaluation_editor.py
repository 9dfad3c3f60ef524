"""The self-evaluation editor in a real browser: points live, what if, evidence, final accounts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.test_procedure import SAVED, Bureau, _fits, _shot, running
from tests.filled import PDF

pytestmark = pytest.mark.browser
DROP = """([row, name, text]) => {
  const files = new DataTransfer();
  files.items.add(new File([text], name));
  const where = document.querySelector(`[data-line='${row}'] th`);
  for (const kind of ["dragover", "drop"])
    where.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: files }));
}"""


@pytest.fixture(scope="module")
def bureau(cluster: Any, migrated: str, django_db_blocker: Any) -> Iterator[Bureau]:
    program = "tests.browser.evaluation_bureau"
    with running(cluster, migrated, django_db_blocker, program) as found:
        yield found


def _row(page: Any, seq: int) -> Any:
    return page.locator(f"[data-line='{seq}']")


def _says(page: Any, where: str, words: str) -> None:
    page.wait_for_function(
        """([where, words]) => {
          const found = document.querySelector(where);
          return found.getClientRects().length > 0 && found.innerText.includes(words);
        }""",
        arg=[where, words],
    )


def _axe(page: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    assert page.complaints == []
    found = Axe().run(page).response["violations"]
    page.complaints.clear()  # axe brings its script into the page from outside the policy
    serious = [v for v in found if v["impact"] in {"serious", "critical"}]
    assert serious == [], [(v["id"], v["nodes"][0]["html"]) for v in serious]


def test_points_are_explained_while_one_types(bureau: Bureau) -> None:
    with bureau.at("clerk") as page:
        page.go("evaluation")
        _says(page, "#trial-sum", "按规则 85.52 分")
        row = _row(page, 10)
        assert row.locator("[data-computed]").inner_text() == "3.72"
        assert row.locator("[data-difference]").inner_text() == "−0.28"
        row.locator("summary").click()
        assert "4×79÷85＝3.72 分" in row.locator("[data-why]").inner_text()
        assert _row(page, 2).locator("[data-due]").is_hidden()
        page.fill("[name='actuals.2.actual']", "76%")
        _says(page, "[data-line='2'] [data-computed]", "9.60")
        _says(page, "[data-line='2'] [data-difference]", "−2.40")
        assert _row(page, 2).locator("[data-due]").is_hidden(), "the claim is still the whole"
        # a key takes the computed points of the row, and the reason is asked for at once
        page.focus("[name='actuals.2.claimed']")
        page.keyboard.press("Alt+Enter")
        _says(page, "[data-line='2'] [data-due]", "请写偏差原因")
        assert page.input_value("[name='actuals.2.claimed']") == "9.6"
        assert page.evaluate("document.activeElement.name") == "actuals.2.claimed"
        page.wait_for_selector(SAVED)
        page.fill("[name='actuals.2.deviation']", "两家机构逾期未整改")
        page.wait_for_selector("[data-line='2'] [data-due]", state="hidden")
        # an empty claim whose actual misses the target wants its reason before it is claimed
        page.fill("[name='actuals.10.claimed']", "")
        _says(page, "[data-line='10'] [data-due]", "得 3.72 分，低于分值 4 分")
        # all of them, and back again
        page.get_by_role("button", name="全部取按规则得分").click()
        page.wait_for_selector("#untake:visible")
        assert page.input_value("[name='actuals.10.claimed']") == "3.72"
        assert float(page.input_value("[name='total_claimed']")) < 95
        page.get_by_role("button", name="撤销取数").click()
        assert page.input_value("[name='actuals.10.claimed']") == ""
        assert page.input_value("[name='total_claimed']") == "95"
        page.wait_for_selector(SAVED)
        page.fill("[name='actuals.10.claimed']", "很多")
        _says(page, "#trial-sum", "1 处不能使用")
        page.wait_for_selector("#error-actuals-10-claimed")
        page.complaints.clear()  # the refused save and trial (400) count among the browser's errors
        page.fill("[name='actuals.10.claimed']", "4")
        _says(page, "#trial-sum", "按规则 8")
        page.wait_for_selector(SAVED)
        _fits(page)
        _shot(page, "evaluate")
        _axe(page)


def test_what_if_is_not_saved_until_it_is_taken(bureau: Bureau) -> None:
    with bureau.at("clerk") as page:
        page.go("evaluation")
        _says(page, "#trial-sum", "按规则")
        was = page.input_value("[name='actuals.4.actual']")
        version = page.input_value("#content [name=version]")
        for keeps in (False, True):
            page.get_by_role("button", name="试一试，不保存").click()
            assert page.evaluate("document.activeElement.id") == "trying"
            page.fill("[name='actuals.4.actual']", "1250家")
            _says(page, "[data-line='4'] [data-computed]", "2.00")
            _says(page, "#trying-words", "−2.00")
            page.wait_for_timeout(1800)  # longer than the pause after which a typing is saved
            assert page.input_value("#content [name=version]") == version
            assert page.evaluate("Object.keys(localStorage).length") == 0
            page.focus("[name='total_claimed']")
            page.keyboard.press("Enter")  # what sends the form says where one is instead
            assert page.evaluate("document.activeElement.id") == "trying"
            if not keeps:
                _shot(page, "evaluate-trying")
                _axe(page)
            name = "采用这些改动" if keeps else "放弃，回到原来"
            page.get_by_role("button", name=name).click()
            now = page.input_value("[name='actuals.4.actual']")
            assert now == ("1250家" if keeps else was)
        page.wait_for_selector(SAVED)
        page.go("evaluation")
        assert page.input_value("[name='actuals.4.actual']") == "1250家"
        page.fill("[name='actuals.4.actual']", was)
        page.wait_for_selector(SAVED)


def test_evidence_is_dropped_on_its_line_or_picked(bureau: Bureau, tmp_path: Path) -> None:
    with bureau.at("clerk") as page:
        page.go("evaluation")
        page.fill("[name='improvement']", "先写一半")
        page.evaluate(DROP, ["3", "追缴台账.txt", "已追缴"])
        page.wait_for_selector("[data-files='3'] a:has-text('追缴台账.txt')")
        assert "9" in page.inner_text("[data-files='3']"), "its size"
        assert "追缴台账.txt 已上传" in _row(page, 3).locator(".going").inner_text()
        page.wait_for_selector(SAVED)
        page.evaluate(DROP, ["5", "程序.exe", "MZ"])
        _says(page, "[data-line='5'] .going", "程序.exe：没有上传：只收")
        page.evaluate(DROP, ["3", "追缴台账.txt", "已追缴"])
        _says(page, "[data-line='3'] .going", "这一行已经有同一个文件")
        page.complaints.clear()
        scan = tmp_path / "系统可用率监测报告（2025年1—12月，含各月中断记录与原因说明）.pdf"
        scan.write_bytes(PDF)
        button = page.locator("[data-pick='5']")
        with page.expect_file_chooser() as chosen:
            button.press("Enter")
        chosen.value.set_files(scan)
        page.wait_for_selector("[data-files='5'] a")
        assert page.locator("#evidence-list tr").count() == 3
        # the upload made a new version: what is typed next is saved upon it
        page.fill("[name='improvement']", "写完了")
        page.wait_for_selector(SAVED)
        page.go("evaluation")
        assert page.input_value("[name='improvement']") == "写完了"
        assert "监测报告" in page.inner_text("[data-files='5']")
        _fits(page)


def test_a_wrong_file_is_taken_away_with_the_keyboard(bureau: Bureau) -> None:
    with bureau.at("clerk") as page:
        page.go("evaluation")
        for name in ("旧通知.txt", "去年的签到表.txt", "验收单.txt"):
            page.evaluate(DROP, ["6", name, name])
        page.wait_for_selector("[data-files='6'] a:has-text('验收单.txt')")
        page.wait_for_selector("#evidence-list a:has-text('验收单.txt')")
        counted = page.inner_text("#h-evidence")
        page.fill("[name='actuals.6.deviation']", "先写一半")
        page.fill("[name='actuals.6.claimed']", "很多")  # which cannot be saved
        summary = page.get_by_label("撤下 旧通知.txt（第 6 行）", exact=True).first
        summary.focus()
        page.keyboard.press("Enter")
        _fits(page)
        page.keyboard.press("Tab")
        label = "document.activeElement.getAttribute('aria-label')"
        assert page.evaluate(label) == "确认撤下 旧通知.txt（第 6 行）"
        assert page.locator("[data-files='6'] a").count() == 3, "asked first"
        _shot(page, "evaluate-taking-away")
        page.keyboard.press("Enter")
        _says(page, "[data-line='6'] .going", "旧通知.txt 已撤下")
        page.wait_for_selector("[data-files='6'] a:has-text('旧通知.txt')", state="detached")
        assert page.evaluate("document.activeElement.dataset.pick") == "6"
        assert page.inner_text("#h-evidence") != counted
        assert page.input_value("[name='actuals.6.deviation']") == "先写一半"
        assert page.input_value("[name='actuals.6.claimed']") == "很多"
        page.fill("[name='actuals.6.claimed']", "4")
        page.wait_for_selector(SAVED)
        page.complaints.clear()

        # an answer that was lost is asked for again, and what was done is not done twice
        def lost(route: Any) -> None:
            route.fetch()
            route.abort()

        listed = page.locator(
            "#evidence-list details", has=page.get_by_label("撤下 去年的签到表.txt")
        )
        listed.locator("summary").press("Enter")
        _axe(page)
        page.route("**/evidence/6/**", lost)
        listed.locator("button").press("Enter")
        _says(page, "#evidence-going", "去年的签到表.txt：没有撤下：网络中断，请再试一次")
        page.unroute("**/evidence/6/**")
        page.complaints.clear()
        listed.locator("button").press("Enter")
        _says(page, "#evidence-going", "去年的签到表.txt 已撤下")
        listed.wait_for(state="detached")
        page.get_by_role("button", name="试一试，不保存").click()
        last = page.locator("[data-files='6'] details")
        last.locator("summary").click()
        last.locator("button").click()
        _says(page, "[data-line='6'] .going", "试一试时不能撤下，请先采用或放弃。")
        page.get_by_role("button", name="放弃，回到原来").click()
        last.locator("button").click()
        _says(page, "[data-files='6']", "没有佐证")
        page.fill("[name='improvement']", "都撤下了")
        page.wait_for_selector(SAVED)
        page.go("evaluation")
        assert page.input_value("[name='actuals.6.deviation']") == "先写一半"
        assert page.input_value("[name='improvement']") == "都撤下了"
        assert "没有佐证" in page.inner_text("[data-files='6']")
        page.fill("[name='actuals.6.deviation']", "")
        page.wait_for_selector(SAVED)


def test_execution_is_filled_from_the_final_accounts_when_asked(bureau: Bureau) -> None:
    with bureau.at("clerk") as page:
        page.go("evaluation")
        page.wait_for_selector(".accounts li")
        words = page.inner_text(".accounts li")
        assert (
            "来自决算 辛市医疗保障事务服务中心2025年度部门决算公开.txt · 项目支出决算明细表 · 第 6 行"
            in words
        )
        assert "全年预算数 15,200,000 元，全年执行数 14,825,000 元" in words
        assert page.input_value("[name='execution.executed']") == "", "nothing is filled by itself"
        page.get_by_role("button", name="填入这些数").click()
        _says(page, ".accounts li", "与填写一致")
        _says(page, "[data-line='0'] [data-computed]", "9.75")
        page.wait_for_selector(SAVED)
        page.fill("[name='execution.executed']", "1480万元")
        _says(page, ".accounts li", "与填写不同：全年执行数填的是 1480万元")
        _shot(page, "evaluate-accounts")
        page.get_by_role("button", name="改用这些数").click()
        assert page.input_value("[name='execution.executed']") == "14825000.00"
        page.wait_for_selector(SAVED)
        _axe(page)


def test_lights_follow_what_is_typed(bureau: Bureau) -> None:
    with bureau.at("clerk") as page:
        page.go("monitoring")
        _says(page, "#lights", "红 可能完不成")
        page.fill("[name='lines.7.progress']", "4900元")
        _says(page, "[data-line='7'] .light", "绿 正常")
        page.wait_for_selector("[data-line='7'] [data-due]", state="hidden")
        page.fill("[name='lines.10.cause']", "制度保障：异地备案流程未打通")
        page.wait_for_selector("[data-line='10'] [data-due]", state="hidden")
        page.wait_for_selector(SAVED)
        _fits(page)
        _shot(page, "monitoring-lights")
        _axe(page)
        page.go("/monitorings/")
        _shot(page, "monitorings")
        _axe(page)


def test_every_form_prints_on_a4(bureau: Bureau) -> None:
    with bureau.at("clerk") as page:
        for name in ("table", "evaluation", "monitoring"):
            for form in ("form", "record"):
                page.goto(f"{bureau.url}{bureau.made[name]}print/?form={form}")
                across = form == "form"
                box = b"/MediaBox [0 0 84" if across else b"/MediaBox [0 0 59"
                assert box in page.pdf(prefer_css_page_size=True), (name, form)
                page.emulate_media(media="print")
                page.set_viewport_size({"width": 1047 if across else 703, "height": 700})
                _fits(page, 1047 if across else 703)
                assert page.locator(".bar").is_hidden()
                for head in page.locator("table.long thead").all():
                    shown = head.evaluate("one => getComputedStyle(one).display")
                    assert shown == "table-header-group"
                assert across <= page.locator("table.long thead").count()
                page.emulate_media(media="null")
            _axe(page)
