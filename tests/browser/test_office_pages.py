"""Desk, imports, projects, tasks, trail and the administrators' room in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.test_pages import CHARTS
from tests.browser.test_procedure import SHOTS, Bureau, running
from tests.worlds import SHANXI

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def bureau(cluster: Any, migrated: str, django_db_blocker: Any) -> Iterator[Bureau]:
    with running(cluster, migrated, django_db_blocker, "tests.browser.bureau") as found:
        yield found


def _seen(page: Any, name: str, width: int = 1366) -> None:
    """Nothing hangs out of the window, axe finds nothing serious; a picture is kept."""
    from axe_playwright_python.sync_playwright import Axe

    assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    complaints = list(page.complaints)
    found = Axe().run(page).response["violations"]
    page.complaints[:] = complaints  # axe brings its script in from outside the policy
    assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == [], name
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(SHOTS / f"office-{name}.png"), full_page=True)


def test_files_are_dropped_read_and_taken_over(bureau: Bureau) -> None:
    with bureau.at("clerk") as page:
        page.go("/imports/")
        _seen(page, "imports-empty")
        # two files let fall on the form: a good one and one that is no Word file
        page.evaluate(
            """([name, text]) => {
              const given = new DataTransfer();
              given.items.add(new File([text], name, { type: "text/plain" }));
              given.items.add(new File(["PK\\u0003\\u0004"], "省级医疗保障基金监管能力提升项目绩效目标申报表（终稿）.docx"));
              document.getElementById("upload").dispatchEvent(
                new DragEvent("drop", { dataTransfer: given, bubbles: true, cancelable: true }));
            }""",
            ["2023年度部门预算公开说明（含绩效目标表）.txt", SHANXI.read_text(encoding="utf-8")],
        )
        page.wait_for_selector("text=已收下，读出 9 张表")
        assert page.locator("text=已收下，但读不出表").count() == 1
        _seen(page, "imports")
        page.get_by_role("link", name="省级医疗保障基金监管能力提升项目").click()
        page.wait_for_selector("text=文件已经收下，但读不出表")
        _seen(page, "import-unreadable")
        page.go("/imports/")
        page.get_by_role("link", name="2023年度部门预算公开说明").click()
        page.wait_for_selector("text=处待核对")
        assert page.locator("td .in-question, th .in-question").count() >= 15
        _seen(page, "import")
        page.screenshot(path=str(SHOTS / "office-import-top.png"))
        # by keyboard alone: tick the first table, leave the rest, agree
        page.locator("input[name='take.1']").focus()
        page.keyboard.press("Space")
        page.locator("input[name='year.1']").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/papers/target-tables/**")
        assert "已接收为草稿" in page.locator("main").inner_text()
        page.go_back()
        page.reload()
        assert "不会再做一份" in page.locator("main").inner_text()


def test_the_desk_shows_the_year_when_scrolled_to(bureau: Bureau) -> None:
    with bureau.at("finance") as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.go("/desk/")
        page.wait_for_load_state("networkidle")
        page.locator("#h-glance").scroll_into_view_if_needed()
        page.wait_for_selector("#h-units")
        assert all(url.startswith(bureau.url) for url in asked)
        if CHARTS.is_file():
            page.wait_for_selector("figure.chart svg >> nth=1")
        _seen(page, "desk-finance")
        page.go("/overview/")
        page.wait_for_load_state("networkidle")
        _seen(page, "overview")
    with bureau.at("clerk") as page:
        page.go("/desk/")
        page.locator("#h-glance").scroll_into_view_if_needed()
        page.wait_for_selector("#h-units")
        _seen(page, "desk-clerk")


def test_projects_are_narrowed_and_taken_away(bureau: Bureau) -> None:
    with bureau.at("finance") as page:
        page.go("/projects/?q=监管&column=code&column=computed")
        assert page.locator("thead th").all_inner_texts() == [
            "项目",
            "单位",
            "项目代码",
            "按规则得分",
        ]
        _seen(page, "projects")
        with page.expect_download() as taken:
            page.get_by_role("button", name="CSV").click()
        text = taken.value.path().read_bytes().decode("utf-8-sig")
        assert text.splitlines()[0] == "项目,单位,项目代码,按规则得分"
        assert "基金监管专项" in text
        page.get_by_role("link", name="基金监管专项", exact=True).click()
        page.wait_for_selector("text=谁做了什么")
        _seen(page, "project")


def test_a_task_is_followed_and_units_reminded(bureau: Bureau) -> None:
    with bureau.at("finance") as page:
        page.go("/tasks/")
        page.get_by_role("link", name="2026年度绩效目标申报").click()
        page.wait_for_selector("text=逾期未交 3")
        page.fill("#id_words", "请于本周五下班前提交，逾期将在全市通报。")
        page.get_by_role("button", name="提醒勾选的单位").click()
        page.wait_for_selector("text=个单位的经办")
        _seen(page, "task")
    with bureau.at("clerk") as page:
        page.go("/desk/")
        assert "请于本周五下班前提交" in page.locator("main").inner_text()


def test_a_deadline_is_moved_and_what_was_typed_survives_a_refusal(bureau: Bureau) -> None:
    reason = "自评系统升级停用两天，经局领导同意顺延；" * 8
    with bureau.at("finance") as page:
        page.go("task")
        assert page.input_value("#f-deadline") == "2099-01-01T00:00"
        move = page.get_by_role("button", name="改截止时间")
        move.click()
        page.wait_for_selector("text=与原来的截止时间相同")
        page.fill("#f-deadline", "2020-01-01T08:30")
        page.fill("#f-reason", reason)
        move.click()
        page.wait_for_selector("text=截止时间应在现在")
        assert page.input_value("#f-deadline") == "2020-01-01T08:30"
        assert page.input_value("#f-reason") == reason
        _seen(page, "deadline-refused")
        assert all("status of 400" in one for one in page.complaints), page.complaints
        page.complaints.clear()  # a refusal (400) counts among the browser's errors
        page.fill("#f-deadline", "2099-01-31T18:00")
        move.click()
        page.wait_for_selector("text=截止时间已改")
        assert page.input_value("#f-deadline") == "2099-01-31T18:00"
        _seen(page, "deadline-moved")
    with bureau.at("clerk") as page:
        page.go("task")
        assert "由 2099-01-01 00:00 改为 2099-01-31 18:00" in page.locator("main").inner_text()
        assert page.locator("#f-deadline").count() == 0
        _seen(page, "deadline-read")


def test_the_trail_is_walked_and_verified(bureau: Bureau) -> None:
    with bureau.at("auditor") as page:
        page.go("evaluation")
        page.get_by_role("link", name="留痕", exact=True).last.click()
        page.wait_for_url("**/audit/?object_id=**")
        assert "开始自评" in page.locator("tbody").inner_text()
        page.go("/audit/")
        page.get_by_role("button", name="校验我看得到的链").click()
        page.wait_for_selector("text=已登记校验")
        for _ in range(60):
            if page.locator(".verdicts").count():
                break
            page.wait_for_timeout(1000)
            page.reload()
        assert "没有发现改动" in page.locator(".verdicts").inner_text()
        _seen(page, "trail")


def test_the_reading_room_holds_to_the_policy(bureau: Bureau) -> None:
    """Every page of the stock admin under the strict policy: no complaint, nothing from elsewhere."""
    with bureau.at("security") as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.go("/admin/")
        assert "管理后台" in page.locator("#header").inner_text()
        page.screenshot(path=str(SHOTS / "office-admin.png"))
        page.get_by_role("link", name="用户", exact=True).click()
        page.wait_for_selector("#result_list")
        page.screenshot(path=str(SHOTS / "office-admin-users.png"))
        page.fill("#searchbar", "王经办")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=王经办")
        page.locator("#result_list tbody th a").first.click()
        page.wait_for_selector(".readonly")
        page.screenshot(path=str(SHOTS / "office-admin-user.png"))
        page.go("/people/?place=辛市")
        _seen(page, "people")
        page.go("/admin/budgets/budgetunit/")
        page.wait_for_selector("#result_list")
        assert all(url.startswith((bureau.url, "data:")) for url in asked)
