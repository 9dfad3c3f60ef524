"""Filling in and deciding in a real browser: typed text survives, moves are made, nothing is broken."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.browser.looking import launched
from tests.browser.test_pages import ROOT
from tests.torture.stage import free_port, until

pytestmark = pytest.mark.browser
SHOTS = Path(os.environ.get("JIHENG_SCREENSHOTS", ROOT / "var" / "screenshots"))
SAVED = "#autosave.good"


class Service:
    """The server's own process: started, killed, started again on the same port."""

    def __init__(self, environment: dict[str, str], port: int) -> None:
        self.environment, self.port = environment, port
        self.url = f"http://127.0.0.1:{port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Until it answers."""
        self._process = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "runserver", "--noreload", "--insecure",
             f"127.0.0.1:{self.port}"],
            env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until("the server", lambda: _answers(self.url))

    def kill(self) -> None:
        """At once, in the middle of whatever it does."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(10)

    def stop(self) -> None:
        """Asked to end."""
        assert self._process is not None
        self._process.terminate()
        self._process.wait(10)


@dataclass
class Bureau:
    """The running service and a browser for everybody in it."""

    url: str
    made: dict[str, Any]
    browser: Any
    service: Service
    owner: str
    """The database as its superuser reaches it."""

    @contextmanager
    def at(self, name: str, width: int = 1366, height: int = 768) -> Iterator[Any]:
        """A page of one person, which must have no complaints when it is left."""
        context = self.browser.new_context(viewport={"width": width, "height": height})
        self.sign_in(context, name)
        page = context.new_page()
        page.complaints = []
        page.on(
            "console",
            lambda message: (
                page.complaints.append(message.text) if message.type == "error" else None
            ),
        )
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.go = lambda where: page.goto(f"{self.url}{self.made.get(where, where)}")
        try:
            yield page
            assert page.complaints == []
        finally:
            context.close()

    def sign_in(self, context: Any, name: str) -> None:
        """The session that signing in would have given."""
        context.add_cookies(
            [{"name": "sessionid", "value": self.made["sessions"][name], "url": self.url}]
        )


@pytest.fixture(scope="module")
def bureau(cluster: Any, migrated: str, django_db_blocker: Any) -> Iterator[Bureau]:
    """The bureau with papers at every stage."""
    with running(cluster, migrated, django_db_blocker, "tests.browser.bureau") as found:
        yield found


@contextmanager
def running(cluster: Any, migrated: str, django_db_blocker: Any, *program: str) -> Iterator[Bureau]:
    """A server of its own on a database of its own, with what a program makes in it."""
    import psycopg
    from django.db import connections
    from playwright.sync_api import sync_playwright

    with django_db_blocker.unblock():
        connections.close_all()
    name = f"jiheng_desk_{os.urandom(3).hex()}"
    with psycopg.connect(cluster.address("postgres", "postgres"), autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{migrated}" OWNER perf_owner')
    environment = {
        **os.environ,
        "DATABASE_URL": cluster.address("perf_app", name),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    made = subprocess.run(
        [sys.executable, "-m", *program],
        cwd=ROOT, env=environment, check=True, capture_output=True,
    )  # fmt: skip
    service = Service(environment, free_port())
    service.start()
    try:
        with sync_playwright() as playwright:
            browser = launched(playwright)
            owner = cluster.address("postgres", name)
            yield Bureau(service.url, json.loads(made.stdout), browser, service, owner)
            browser.close()
    finally:
        service.stop()


def _answers(url: str) -> bool:
    import urllib.request

    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=2):
            return True
    except OSError:
        return False


def _fits(page: Any, width: int = 1366) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def _shot(page: Any, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    width = page.viewport_size["width"]
    page.screenshot(path=SHOTS / f"{name}-{width}.png", full_page=True)


# ── typing ──────────────────────────────────────────────────────────────────────────────────────


def test_what_is_typed_is_saved_by_itself(bureau: Bureau) -> None:
    with bureau.at("clerk") as page:
        page.go("draft")
        page.fill("[name='indicators.2.target']", "≥96%")
        page.wait_for_selector(SAVED)
        assert page.inner_text("#autosave").startswith("已保存")
        page.get_by_role("button", name="增加一个指标").click()
        assert page.evaluate("document.activeElement.name") == "indicators.7.level1"
        page.keyboard.type("效益指标")
        page.fill("[name='indicators.7.name']", "新加的指标")
        page.fill("[name='indicators.7.target']", "≥1项")
        page.wait_for_function("document.querySelector('#autosave').textContent.startsWith('正在')")
        page.wait_for_selector(SAVED)
        page.go("draft")
        assert page.input_value("[name='indicators.2.target']") == "≥96%"
        assert page.input_value("[name='indicators.7.name']") == "新加的指标"
        assert page.locator("#offered").is_hidden()
        page.locator("[value='remove:indicators.7']").click()
        page.wait_for_selector(SAVED)
        page.go("draft")
        assert page.locator("[name='indicators.7.name']").count() == 0
        assert page.evaluate("Object.keys(localStorage).length") == 0


def test_what_cannot_be_used_is_said_while_typing(bureau: Bureau) -> None:
    with bureau.at("clerk") as page:
        page.go("draft")
        page.fill("[name='indicators.1.points']", "十五")
        page.wait_for_selector("#error-indicators-1-points")
        assert "不是 0 到 1000 之间的分数" in page.inner_text("#error-indicators-1-points")
        page.complaints.clear()  # the browser counts the refusal (400) among its errors
        page.fill("[name='indicators.1.points']", "15")
        page.wait_for_selector(SAVED)
        assert page.locator(".field-error").count() == 0


def test_a_second_tab_makes_the_first_stale_and_nothing_is_lost(bureau: Bureau) -> None:
    with bureau.at("clerk") as mine, bureau.at("clerk2") as theirs:
        mine.go("second")
        theirs.go("second")
        theirs.fill("[name='goal_points']", "80")
        theirs.wait_for_selector(SAVED)
        mine.fill("[name='goal_points']", "85")
        mine.fill("[name='indicators.3.name']", "我改的指标名称")
        mine.wait_for_selector("text=版本已变，请对照")
        mine.get_by_role("button", name="保存", exact=True).click()
        mine.wait_for_selector("h1:has-text('对照后再保存')")
        mine.complaints.clear()  # two answers 409 are among the browser's errors
        row = mine.locator("tr", has_text="指标总分")
        assert row.locator("td").all_inner_texts() == ["85", "80", "90"]
        _fits(mine)
        _shot(mine, "three-columns")
        row.get_by_label("85").check()
        mine.get_by_role("button", name="按选择保存").click()
        mine.wait_for_selector("text=已保存")
        assert mine.input_value("[name='goal_points']") == "85"
        assert mine.input_value("[name='indicators.3.name']") == "我改的指标名称"
        assert mine.locator("#offered").is_hidden()


def test_an_expired_session_keeps_the_text(bureau: Bureau) -> None:
    with bureau.at("clerk") as page:
        page.go("draft")
        page.context.clear_cookies()
        page.fill("[name='unit']", "过期之后写的")
        page.wait_for_selector("text=登录已过期")
        link = page.locator("#autosave a")
        assert (link.get_attribute("target"), link.get_attribute("href")) == ("_blank", "/sign-in/")
        assert page.input_value("[name='unit']") == "过期之后写的"
        bureau.sign_in(page.context, "clerk")
        page.complaints.clear()
        page.go("draft")  # as after signing in again: what was typed is offered back
        page.wait_for_selector("#offered:not([hidden])")
        assert page.input_value("[name='unit']") != "过期之后写的"
        page.get_by_role("button", name="恢复我的填写").click()
        page.wait_for_selector(SAVED)
        page.go("draft")
        assert page.input_value("[name='unit']") == "过期之后写的"
        assert page.locator("#offered").is_hidden()
        # and without leaving the page: the next key stroke finds the new session
        page.context.clear_cookies()
        page.fill("[name='unit']", "又一次过期")
        page.wait_for_selector("text=登录已过期")
        bureau.sign_in(page.context, "clerk")
        page.fill("[name='unit']", "又一次登录")
        page.wait_for_selector(SAVED)
        page.complaints.clear()


def test_a_broken_network_keeps_the_text_here(bureau: Bureau) -> None:
    with bureau.at("clerk") as page:
        page.go("draft")
        page.context.set_offline(True)
        page.fill("[name='supervisor']", "断网时写的")
        page.wait_for_selector("text=没有保存：网络中断，内容留在本机")
        page.context.set_offline(False)
        page.evaluate("window.dispatchEvent(new Event('online'))")
        page.wait_for_selector(SAVED)
        page.complaints.clear()
        page.go("draft")
        assert page.input_value("[name='supervisor']") == "断网时写的"


# ── deciding ────────────────────────────────────────────────────────────────────────────────────


def test_submitted_by_mouse_and_checked_by_keyboard_alone(bureau: Bureau) -> None:
    with bureau.at("clerk") as page:
        page.go("returned")
        assert "去年实际完成 96 家" in page.inner_text("main")
        _shot(page, "returned-to-clerk")
        page.fill("[name='indicators.1.target']", "≥100家")
        page.get_by_role("button", name="保存并提交").click()
        page.wait_for_selector("text=已提交，待单位审核")
        page.get_by_role("button", name="撤回").wait_for()
    with bureau.at("head") as page:
        page.go("/desk/")
        page.get_by_role("link", name="长期护理保险试点经费").first.click()
        page.wait_for_selector("#decide")
        _fits(page)
        _shot(page, "head-decides")
        for _ in range(400):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.value") == "move:check":
                break
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
        page.keyboard.press("Enter")
        page.wait_for_selector("text=单位已审，待主管部门审核")


def test_cells_are_put_in_question_by_keyboard(bureau: Bureau) -> None:
    from axe_playwright_python.sync_playwright import Axe

    with bureau.at("reviewer") as page:
        page.go("returned")
        at = "indicators.2.target"
        assert page.locator(f"[name='note.{at}']").count() == 0
        for _ in range(400):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.value") == at:
                break
        assert page.get_by_role(
            "checkbox", name=re.compile("^存疑 ?：指标 第2行 指标值$")
        ).is_visible()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.name") == f"note.{at}"
        page.keyboard.type("请写明口径")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Space")
        assert page.locator(f"[name='note.{at}']").is_hidden()
        page.keyboard.press("Space")
        assert page.get_by_label("指标 第2行 指标值的疑问").input_value() == "请写明口径"
        page.get_by_label("理由").fill("口径不清")
        page.get_by_role("button", name="退回经办").click()
        page.wait_for_selector("text=请选择退回的原因")
        assert page.get_by_label("指标 第2行 指标值的疑问").input_value() == "请写明口径"
        assert page.locator(f"[id='m-{at}']").count() == 1
        assert page.locator("[id='m-indicators.3.target']").is_visible()
        page.complaints.clear()  # the browser counts the refusal (400) among its errors
        found = Axe().run(page).response["violations"]
        page.complaints.clear()  # axe brings its script in from outside the policy
        serious = [v["id"] for v in found if v["impact"] in {"serious", "critical"}]
        assert serious == [], [v["nodes"][0]["html"] for v in found]
        page.get_by_label("退回的原因").select_option("target_unclear")
        page.get_by_role("button", name="退回经办").click()
        page.wait_for_selector("text=已退回，待修改")
    with bureau.at("clerk") as page:
        page.go("returned")
        assert "存疑 请写明口径" in page.inner_text("main")


def test_cells_are_put_in_question_without_a_script(bureau: Bureau) -> None:
    context = bureau.browser.new_context(
        viewport={"width": 1366, "height": 768}, java_script_enabled=False
    )
    bureau.sign_in(context, "finance")
    page = context.new_page()
    page.goto(f"{bureau.url}{bureau.made['evaluation']}")
    page.get_by_label("理由").fill("写了理由")
    page.get_by_label("第几行").fill("4")
    page.get_by_label("哪一格").select_option("claimed")
    _shot(page, "asked-by-row")
    page.get_by_role("button", name="标为存疑").click()
    page.wait_for_selector("#doubted")
    page.get_by_label("第几行").fill("2")
    page.get_by_label("第几行").press("Enter")  # the same, not the first button that hands it on
    page.wait_for_selector("[id='m-actuals.2.claimed']")
    page.locator("[name='note.actuals.4.claimed']").fill("与佐证")
    page.get_by_label("第几行").fill("")
    page.locator("[id='m-actuals.2.claimed']").press("Enter")
    page.wait_for_selector("#doubted", state="detached")
    page.locator("[name='note.actuals.4.claimed']").fill("与佐证不符")
    page.locator("[id='m-actuals.2.claimed']").uncheck()
    assert page.locator("[name='note.actuals.2.claimed']").is_hidden()
    _shot(page, "asked-without-script")
    page.get_by_role("button", name="退回经办").click()
    page.wait_for_selector("text=请选择退回的原因")
    assert page.locator("[name='note.actuals.4.claimed']").input_value() == "与佐证不符"
    assert page.locator("[id='m-actuals.2.claimed']").count() == 0
    assert page.get_by_label("理由").input_value() == "写了理由"
    context.close()


# ── how it looks ────────────────────────────────────────────────────────────────────────────────

LOOKS = {
    "desk": ("clerk", "/desk/"),
    "desk-finance": ("finance", "/desk/"),
    "edit-targets": ("clerk", "draft"),
    "approved": ("clerk", "approved"),
    "review": ("finance", "evaluation"),
    "tasks": ("finance", "/tasks/"),
    "task": ("finance", "task"),
    "task-clerk": ("clerk", "task"),
    "new-task": ("finance", "/tasks/new/"),
    "new-table": ("clerk", "/target-tables/new/"),
    "new-project": ("clerk", "/projects/new/"),
}


def test_a_review_is_opened_and_a_line_adjusted(bureau: Bureau) -> None:
    with bureau.at("finance") as page:
        page.go("evaluation")
        page.get_by_role("button", name="开始复核").click()
        page.wait_for_selector(".review summary")
        page.locator("summary", has_text="开展定点医药机构现场检查").click()
        form = page.locator("#line-1")
        form.locator("[name=points]").fill("12")
        form.locator("[name=reason_code]").select_option("rule")
        form.locator("[name=reason]").fill("检查记录只有一百一十份")
        form.get_by_role("button", name="写下").click()
        page.wait_for_selector("text=与评分规则不符（rule，条款待核）：检查记录只有一百一十份")
        _fits(page)


@pytest.mark.parametrize("name", LOOKS)
def test_a_page_looks_right_and_is_accessible(bureau: Bureau, name: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    person, where = LOOKS[name]
    for width, height in ((1366, 768), (1920, 1080)):
        with bureau.at(person, width, height) as page:
            page.go(where)
            page.wait_for_load_state("networkidle")
            _fits(page, width)
            _shot(page, name)
            if width == 1366:
                assert page.complaints == []
                # axe brings its script into the page from outside the policy: not ours to allow.
                found = Axe().run(page).response["violations"]
                page.complaints.clear()
                serious = [v["id"] for v in found if v["impact"] in {"serious", "critical"}]
                assert serious == [], [v["nodes"][0]["html"] for v in found]


def test_a_paper_prints_on_a4_landscape(bureau: Bureau, tmp_path: Path) -> None:
    with bureau.at("clerk") as page:
        for where in ("draft", "approved", "evaluation"):
            page.go(where)
            page.emulate_media(media="print")
            page.set_viewport_size({"width": 1032, "height": 700})  # A4 across, within its margins
            _fits(page, 1032)
            _shot(page, f"print-{where}")
            hidden = page.locator(".top, .savebar, #decide, .card.screen")
            assert not any(one.is_visible() for one in hidden.all())
            data = page.pdf(prefer_css_page_size=True)
            SHOTS.mkdir(parents=True, exist_ok=True)
            (SHOTS / f"print-{where}.pdf").write_bytes(data)
            assert b"/MediaBox [0 0 841" in data or b"/MediaBox [0 0 842" in data
            page.emulate_media(media="screen")
