"""The grid of a target table in a real browser: pasted into, walked with keys, undone, kept fast."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.test_procedure import SAVED, Bureau, _fits, _shot, running

pytestmark = pytest.mark.browser
COLUMNS = ("level1", "level2", "name", "target", "points")
ROW = "[data-of=indicators]"
_PASTE = """([at, text, html]) => {
  const field = document.querySelector(`[name='${at}']`), given = new DataTransfer();
  given.setData("text/plain", text);
  if (html) given.setData("text/html", html);
  field.focus();
  field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: given, bubbles: true, cancelable: true }));
}"""


@pytest.fixture(scope="module")
def desk(cluster: Any, migrated: str, django_db_blocker: Any) -> Iterator[Bureau]:
    """A clerk's desk."""
    with running(cluster, migrated, django_db_blocker, "tests.browser.grid_desk") as found:
        yield found


def thirty() -> list[list[str]]:
    """Thirty indicators as they stand in a spreadsheet, with the merged levels left blank."""
    groups = (
        ("产出指标", "数量指标", 10, "≥{n}家", "2"),
        ("", "质量指标", 5, "≥9{n}%", "3"),
        ("", "时效指标", 5, "≤{n}0天", "3"),
        ("效益指标", "社会效益指标", 9, "≥8{n}%", "3.25"),
        ("满意度指标", "服务对象满意度指标", 1, "≥90%", "10.75"),
    )
    rows = []
    for level1, level2, count, target, points in groups:
        for n in range(1, count + 1):
            first = n == 1
            name = f"{level2[:-2]}第{n}项：开展“双随机、一公开”监督检查并完成整改"
            rows.append(
                [
                    level1 if first else "",
                    level2 if first else "",
                    name,
                    target.format(n=n),
                    points,
                ]
            )
    return rows


def grid(page: Any) -> list[list[str]]:
    """What stands in the grid."""
    found: list[list[str]] = page.evaluate(
        """(columns) => [...document.querySelectorAll("[data-of=indicators]")]
            .map((row) => columns.map((name) => row.querySelector(`[name$='.${name}']`).value))""",
        list(COLUMNS),
    )
    return found


def focused(page: Any) -> str:
    name: str = page.evaluate("document.activeElement.name")
    return name


# ── pasting ─────────────────────────────────────────────────────────────────────────────────────


def test_thirty_indicators_are_pasted_in_one_go_and_undone(desk: Bureau) -> None:
    with desk.at("clerk") as page:
        page.go("blank")
        lines = thirty()
        text = "\r\n".join("\t".join(line) for line in lines)
        page.evaluate(_PASTE, ["indicators.1.level1", text, ""])
        assert "粘贴了 30 行 × 5 列" in page.inner_text("#autosave")
        assert page.inner_text("#h-indicators") == "绩效指标（30）"
        found = grid(page)
        assert len(found) == 30
        assert [line[2:] for line in found] == [line[2:] for line in lines]
        assert found[9][:2] == ["产出指标", "数量指标"]
        assert found[10][:2] == found[14][:2] == ["产出指标", "质量指标"]
        assert found[29][:2] == ["满意度指标", "服务对象满意度指标"]
        assert page.locator(f"{ROW} td.same").count() == 30 - 3 + 30 - 5
        page.wait_for_selector("#points:has-text('90 / 90')")
        assert "正好" in page.inner_text("#points-total")
        page.wait_for_selector(SAVED)
        _fits(page)
        _shot(page, "grid-thirty")
        page.keyboard.press("Control+z")
        assert grid(page) == [[""] * 5]
        page.keyboard.press("Control+y")
        assert grid(page) == found
        page.wait_for_selector(SAVED)
        page.go("blank")
        assert grid(page) == found


def test_a_word_table_with_merged_cells_and_headings_is_unfolded(desk: Bureau) -> None:
    html = """<html><body><table><tr><td>序号</td><td>一级<br>指标</td><td>二级指标</td><td>三级指标</td>
      <td>年度指标值</td><td>分值</td></tr>
      <tr><td>1</td><td rowspan=3><p>产出指标</p></td><td rowspan="2">数量指标</td><td>培训村医&nbsp;人次</td><td>≥1200人次</td><td>20</td></tr>
      <tr><td>2</td><td>设备
          更新台数</td><td>≥36台</td><td>20</td></tr>
      <tr><td>3</td><td>质量指标</td><td>验收"一次"合格率</td><td>=100%</td><td>10</td></tr>
      <tr><td>4</td><td>效益指标</td><td>社会效益指标</td><td>就诊率</td><td>≥70%</td><td>40</td></tr></table></body></html>"""
    with desk.at("clerk") as page:
        page.go("keyed")
        page.evaluate(_PASTE, ["indicators.1.level1", "other", html])
        assert "粘贴了 4 行 × 5 列；另有 1 列不是这张表的，没有粘贴" in page.inner_text("#autosave")
        assert grid(page) == [
            ["产出指标", "数量指标", "培训村医 人次", "≥1200人次", "20"],
            ["产出指标", "数量指标", "设备更新台数", "≥36台", "20"],
            ["产出指标", "质量指标", '验收"一次"合格率', "=100%", "10"],
            ["效益指标", "社会效益指标", "就诊率", "≥70%", "40"],
        ]
        # a block from the middle on; text in quotes with its line break; what does not fit is said
        text = '"两行\n名称"\t≥5%\t5\t多余\r\n第二\t≥6%\t6\t多余\r\n'
        page.evaluate(_PASTE, ["indicators.4.name", text, ""])
        found = grid(page)
        assert found[3] == ["效益指标", "社会效益指标", "两行\n名称", "≥5%", "5"]
        assert found[4] == ["", "", "第二", "≥6%", "6"]
        assert "另有 1 列" in page.inner_text("#autosave")
        # and a block out again, as a spreadsheet takes it
        page.focus("[name='indicators.1.target']")
        page.keyboard.press("Shift+ArrowDown")
        page.keyboard.press("Shift+ArrowRight")
        copied = page.evaluate(
            """() => { const given = new DataTransfer();
              document.activeElement.dispatchEvent(new ClipboardEvent("copy", { clipboardData: given, bubbles: true, cancelable: true }));
              return given.getData("text/plain"); }"""
        )
        assert copied == "≥1200人次\t20\r\n≥36台\t20"
        page.keyboard.press("Delete")
        assert [line[3:] for line in grid(page)][:3] == [["", ""], ["", ""], ["=100%", "10"]]
        page.keyboard.press("Control+z")
        page.keyboard.press("Control+z")
        page.keyboard.press("Control+z")
        assert grid(page) == [[""] * 5]
        page.wait_for_selector(SAVED)


# ── keys ────────────────────────────────────────────────────────────────────────────────────────


def test_cells_and_rows_by_keys_and_by_dragging(desk: Bureau) -> None:
    with desk.at("clerk") as page:
        page.go("filled")
        before = grid(page)
        page.focus("[name='indicators.1.level1']")
        walked = []
        for key in ("ArrowRight", "ArrowRight", "ArrowDown", "Tab", "Tab", "Tab", "Shift+Tab",
                    "ArrowUp", "Enter", "Shift+Enter", "ArrowLeft"):  # fmt: skip
            page.keyboard.press(key)
            walked.append(focused(page).removeprefix("indicators."))
        assert walked == [
            "1.level2", "1.name", "2.name", "2.target", "2.points", "3.level1", "2.points",
            "1.points", "2.points", "1.points", "1.target",
        ]  # fmt: skip
        page.keyboard.type("≥150家")  # the text was chosen: it is typed over
        page.keyboard.press("ArrowLeft")  # within the text now
        assert focused(page) == "indicators.1.target"
        assert page.input_value("[name='indicators.1.target']") == "≥150家"
        page.keyboard.press("Escape")
        assert page.input_value("[name='indicators.1.target']") == "≥120家"
        page.keyboard.press("F2")
        page.keyboard.type("左右")
        page.keyboard.press("ArrowRight")  # at the edge of the text: on
        assert focused(page) == "indicators.1.points"
        page.keyboard.press("Control+z")
        assert grid(page) == before
        # rows
        page.focus("[name='indicators.2.name']")
        page.keyboard.press("Alt+ArrowDown")
        page.keyboard.press("Alt+ArrowDown")
        assert focused(page) == "indicators.4.name"
        assert grid(page) == [before[0], before[2], before[3], before[1], *before[4:]]
        page.keyboard.press("Alt+ArrowUp")
        page.keyboard.press("Control+d")
        assert focused(page) == "indicators.4.level1"
        assert grid(page)[2] == grid(page)[3] == before[1]
        page.keyboard.press("Control+Enter")
        assert grid(page)[4] == [""] * 5
        assert (
            page.get_attribute("[name='indicators.5.name']", "aria-label") == "指标 第5行 三级指标"
        )
        for _ in range(5):
            page.keyboard.press("Control+z")
        assert grid(page) == before
        page.locator(f"{ROW} .row-number").nth(5).drag_to(page.locator(f"{ROW} .row-number").nth(0))
        assert grid(page) == [before[5], *before[:5]]
        page.get_by_role("button", name="下移：下移 第1行").click()
        assert grid(page) == [before[0], before[5], *before[1:5]]
        page.keyboard.press("Control+z")
        page.keyboard.press("Control+z")
        assert grid(page) == before
        page.locator("#h-indicators").click()
        assert page.locator("#keys dl").is_hidden()
        page.keyboard.press("?")
        assert page.locator("#keys dl").is_visible()
        # units and comparators
        page.fill("[name='indicators.6.target']", "")
        page.focus("[name='indicators.6.target']")
        page.keyboard.type("95")
        page.wait_for_selector("#suggestions:not([hidden])")
        assert page.locator("#suggestions li").all_inner_texts() == ["≥95%", "=95%"]
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        assert page.input_value("[name='indicators.6.target']") == "≥95%"
        page.fill("[name='indicators.6.target']", "≥90%")
        page.wait_for_selector(SAVED)


def test_points_funds_and_check_up_follow_the_typing(desk: Bureau) -> None:
    with desk.at("clerk") as page:
        page.go("filled")
        assert "正好" in page.inner_text("#points-total")
        page.fill("[name='indicators.1.points']", "10")
        page.wait_for_selector("#points-total:has-text('还差 5 分')")
        assert "85 / 90" in page.inner_text("#points")
        assert "各来源合计 15,600,000.00 元，与资金总额一致" in page.inner_text("#funds-total")
        page.fill("[name='funds.3.initial']", "310万元")
        page.wait_for_selector("#funds-total:has-text('多 100,000.00 元')")
        page.fill("[name='indicators.4.target']", "≥5000元")
        page.focus("[name='indicators.4.target']")
        page.wait_for_selector("#found-block")
        assert "合计 85 分" in page.inner_text("#found-block")
        assert "阻断 2 错误 1" in page.inner_text(".savebar #found-counts")
        marks = page.locator(f"{ROW} >> nth=3").locator(".marks")
        assert "错误 C01" in marks.inner_text()
        assert focused(page) == "indicators.4.target"
        assert page.inner_text("#checkup-state").startswith("按您填写的更新于")
        _shot(page, "grid-checkup")
        page.fill("[name='indicators.4.target']", "≤5000元")
        page.fill("[name='indicators.1.points']", "15")
        page.fill("[name='funds.3.initial']", "3000000")
        page.wait_for_selector("#found-block", state="detached")
        assert "C01" not in marks.inner_text()
        page.wait_for_selector(SAVED)
        # a blank row above shifts nothing: marks stand by the cell, not by the count
        page.focus("[name='indicators.1.name']")
        page.keyboard.press("Control+Enter")
        page.fill("[name='indicators.5.target']", "≥5000元")
        fifth = page.locator(f"{ROW} >> nth=4").locator(".marks")
        fifth.locator("text=C01").wait_for()
        assert (
            page.locator("#checkup .to-cell", has_text="指标 第4行 指标值").first.get_attribute(
                "href"
            )
            == "#f-indicators.5.target"
        )
        page.context.set_offline(True)
        page.fill("[name='indicators.5.target']", "≤5000元")
        page.wait_for_selector("text=网络中断，没有更新")
        page.context.set_offline(False)
        page.evaluate("window.dispatchEvent(new Event('online'))")
        page.wait_for_selector(SAVED)
        page.wait_for_selector("#checkup:not(:has-text('C01'))")
        assert "C01" not in fifth.inner_text()
        page.complaints.clear()


def test_last_year_is_compared_and_copied(desk: Bureau) -> None:
    with desk.at("clerk", 1920, 1080) as page:
        page.go("lasting")
        page.get_by_role("button", name="与上年对照").click()
        page.wait_for_selector("#earlier")
        shown = [
            text.split("\n")[0].split("\t")[0]
            for text in page.locator("#earlier tbody tr").all_inner_texts()
        ]
        assert shown == ["未变", "指标值或分值变了", "今年没有", "今年没有", "今年没有", "今年新设"]
        _shot(page, "grid-earlier")
        before = grid(page)
        page.locator("#earlier [data-copied]").nth(4).click()
        after = grid(page)
        assert after[:3] == before
        assert after[3][2:] == ["参保群众满意度", "≥90%", "10"]
        page.keyboard.press("Control+z")
        assert grid(page) == before
        page.get_by_role("button", name="收起").click()
        assert page.locator("#earlier").count() == 0


def test_a_new_table_is_filled_in_and_submitted_by_keyboard_alone(desk: Bureau) -> None:
    with desk.at("clerk") as page:
        page.go("/target-tables/new/")
        keys = page.keyboard

        def reach(condition: str) -> None:
            for _ in range(120):
                if page.evaluate(
                    f"(() => {{ const one = document.activeElement; return {condition}; }})()"
                ):
                    return
                keys.press("Tab")
            raise AssertionError(condition)

        reach("one.name === 'project'")
        keys.type("城乡")
        reach("one.name === 'fiscal_year'")
        keys.press("Control+a")
        keys.type("2025")
        keys.press("Enter")
        page.wait_for_selector("[data-grid]")
        reach("one.name === 'objectives.1'")
        keys.type(
            "保障城乡居民基本医疗保险参保人员待遇按时足额支付，参保率稳定在百分之九十五以上。"
        )
        reach("one.name === 'funds.1.source'")
        keys.type("资金总额")
        keys.press("Tab")
        keys.type("12000000")
        reach("one.name === 'goal_points'")
        keys.type("90")
        reach("one.name === 'indicators.1.level1'")
        rows = (
            ("产出指标", "数量指标", "参加城乡居民基本医疗保险人数", "≥90万人", "30"),
            ("产出指标", "质量指标", "待遇支付准确率", "≥98%", "20"),
            ("效益指标", "社会效益指标", "政策范围内住院费用报销比例", "≥70%", "30"),
            ("满意度指标", "服务对象满意度指标", "参保群众满意度", "≥90%", "10"),
        )
        for n, row in enumerate(rows):
            for at, text in enumerate(row):
                keys.insert_text(text)
                if at < 4:
                    keys.press("Tab")
            if n < 3:
                keys.press("Enter")  # on the last row: one more
                for _ in range(4):
                    keys.press("ArrowLeft")
        assert grid(page) == [list(row) for row in rows]
        page.wait_for_selector(SAVED)
        for _ in range(200):
            keys.press("Shift+Tab")
            if page.evaluate("document.activeElement.value") == "save:submit":
                break
        keys.press("Enter")
        page.wait_for_selector("text=已保存并提交")
        page.wait_for_selector("text=已提交，待单位审核")


# ── speed and access ────────────────────────────────────────────────────────────────────────────


def test_a_keystroke_among_two_hundred_indicators_is_quick(desk: Bureau) -> None:
    """All work of the page's own thread: script, layout, painting, and what is done late."""
    strokes = 40
    with desk.at("clerk") as page:
        page.go("long")
        page.wait_for_load_state("networkidle")
        assert page.locator(ROW).count() == 200
        page.focus("[name='indicators.120.name']")
        page.wait_for_timeout(1500)
        protocol = page.context.new_cdp_session(page)
        protocol.send("Performance.enable")

        def spent() -> float:
            found = protocol.send("Performance.getMetrics")["metrics"]
            return float(next(one["value"] for one in found if one["name"] == "TaskDuration"))

        from_here = spent()
        for _ in range(strokes):
            page.keyboard.insert_text("字")
            page.wait_for_timeout(25)
        each = (spent() - from_here) / strokes * 1000
        print(f"keystroke with 200 indicators: {each:.1f} ms of the main thread")
        assert each < 50
        page.wait_for_selector(SAVED, timeout=60_000)


def test_the_grid_is_accessible_and_fits(desk: Bureau) -> None:
    from axe_playwright_python.sync_playwright import Axe

    for width, height in ((1366, 768), (1920, 1080)):
        with desk.at("clerk", width, height) as page:
            page.go("filled")
            page.wait_for_load_state("networkidle")
            page.get_by_text("键盘与粘贴").click()
            _fits(page, width)
            _shot(page, "grid")
            if width == 1366:
                # axe brings its script into the page from outside the policy: not ours to allow.
                found = Axe().run(page).response["violations"]
                page.complaints.clear()
                serious = [
                    (v["id"], v["nodes"][0]["html"])
                    for v in found
                    if v["impact"] in {"serious", "critical"}
                ]
                assert serious == []
