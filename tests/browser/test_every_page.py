"""Every page of the service in the browser, as people who may see it: found from the addresses.

A new page is visited as soon as it stands in ``tests.routes``; one that takes an id of a new kind
needs that id in ``tests.browser.everywhere``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.browser.looking import DRAWN, WATCH, faults_of, too_wide
from tests.browser.test_procedure import SHOTS, Bureau, running
from tests.routes import ROUTES, Route

pytestmark = pytest.mark.browser
HEAVIEST = 150_000
"""Bytes of a page without its pictures, styles and scripts."""
PEOPLE = ("finance2", "clerk", "auditor", "security", "system", "audit_admin", "finance")
_POLICY = "content-security-policy"
_NOT_PAGES = ("api/v1/", "healthz", "readyz")
API_DOCS = "api/v1/docs/"
"""Drawn by another's script: what that draws is not held against accessibility."""


@pytest.fixture(scope="module")
def everywhere(cluster: Any, migrated: str, django_db_blocker: Any) -> Iterator[Bureau]:
    """A bureau in which every page has something to show; mistakes are told as in the office."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JIHENG_DEBUG", "false")
        with running(cluster, migrated, django_db_blocker, "tests.browser.everywhere") as found:
            yield found


@dataclass
class Visits:
    """A page of the browser for each person, and what was wrong where."""

    bureau: Bureau
    wrong: list[str] = field(default_factory=list)
    visited: list[str] = field(default_factory=list)
    heaviest: tuple[int, str] = (0, "")
    pages: dict[str, Any] = field(default_factory=dict)
    foreign: list[str] = field(default_factory=list)

    def as_one(self, person: str, *, signed: bool = True) -> Any:
        """The person's page, opened once; empty is nobody."""
        if person not in self.pages:
            context = self.bureau.browser.new_context(viewport={"width": 1366, "height": 768})
            if person and signed:
                self.bureau.sign_in(context, person)
            context.add_init_script(WATCH)
            context.on("request", self._asked)
            page = context.new_page()
            page.complaints = []
            page.on(
                "console",
                lambda said: page.complaints.append(said.text) if said.type == "error" else None,
            )
            page.on("pageerror", lambda error: page.complaints.append(str(error)))
            self.pages[person] = page
        return self.pages[person]

    def _asked(self, request: Any) -> None:
        where = urlsplit(request.url)
        if where.scheme not in {"data", "blob"} and not request.url.startswith(self.bureau.url):
            self.foreign.append(request.url)

    def who_may(self, where: str) -> list[tuple[int, str]]:
        """The first two who get a page there, with the bytes of it; who gets more comes first."""
        found: dict[int, str] = {}
        for person in PEOPLE:
            if len(found) == 2:
                break
            reply = self.as_one(person).request.get(f"{self.bureau.url}{where}", max_redirects=0)
            if reply.status == 200 and reply.headers["content-type"].startswith("text/html"):
                body = reply.body()
                if b"<html" in body:
                    found.setdefault(len(body), person)
        return sorted(found.items(), reverse=True)

    def see(self, where: str, person: str, name: str, *, whole: bool, status: int = 200) -> None:
        """Opens a page and notes what is wrong; ``whole`` asks all, for once is enough."""
        page = self.as_one(person)
        page.complaints.clear()
        reply = page.goto(f"{self.bureau.url}{where}")
        if name == _name(API_DOCS):
            page.wait_for_selector(".opblock")
        if page.locator("[data-glance]").count():
            page.locator("[data-glance]").scroll_into_view_if_needed()
            page.wait_for_selector("[data-glance] :is(h2, .empty)")
        page.evaluate(DRAWN)
        size = len(reply.body())
        self.heaviest = max(self.heaviest, (size, where))
        told = [f"answers {reply.status}"] if reply.status != status else []
        told += [f"{size} bytes"] if size >= HEAVIEST else []
        told += [] if "default-src 'self'" in reply.headers.get(_POLICY, "") else ["no policy"]
        told += [] if page.locator("h1").count() or name == _name(API_DOCS) else ["no heading"]
        if status == 404:
            told += [] if "没有找到" in page.inner_text("h1") else ["not our page of errors"]
        complaints = [one for one in page.complaints if status == 200 or "status of" not in one]
        told += [f"complaint: {one}" for one in complaints]
        ours = name != _name(API_DOCS)
        told += faults_of(page, walk=whole and ours)
        if whole:
            told += self._looked(page, name)
            told += _unreadable(page)
        self.visited.append(where)
        self.wrong += [f"{where} as {person or 'nobody'}: {one}" for one in told]

    def _looked(self, page: Any, name: str) -> list[str]:
        told = []
        SHOTS.mkdir(parents=True, exist_ok=True)
        for width, height in ((1920, 1080), (1366, 768)):
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate(DRAWN)
            told += too_wide(page)
            page.screenshot(path=SHOTS / f"every-{name}-{width}.png", full_page=True)
        return told


def _unreadable(page: Any) -> list[str]:
    """What axe finds; it brings its script into the page from outside the policy."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:160]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"][:20]
    ]


def _where(route: Route, ids: dict[str, str]) -> str:
    """Its address for a thing there is; rows of the reading room go by the name of their kind."""
    row = ids.get(route.path.removeprefix("admin/budgets/").partition("/")[0], ids["event"])
    return route.at(ids.get(route.takes, ""), pk=row)


def _name(route_path: str) -> str:
    return (
        re.sub(r"[^a-z0-9]+", "-", re.sub(r"<\w+:(\w+)>", "one", route_path)).strip("-") or "home"
    )


def test_every_page_is_sound(everywhere: Bureau) -> None:
    visits, ids = Visits(everywhere), everywhere.made["ids"]
    without = []
    for route in ROUTES:
        if "GET" not in route.verbs or route.path.startswith("sign-"):
            continue
        if route.path.startswith(_NOT_PAGES) and route.path != API_DOCS:
            continue
        where = _where(route, ids)
        people = visits.who_may(where)
        if not people:
            without.append(route.path)
        for number, (_, person) in enumerate(people[:2]):
            visits.see(where, person, _name(route.path), whole=number == 0)
    _second_step(visits)
    for where in ("/sign-in/", "/nowhere/"):
        visits.see(where, "", _name(where[1:]), whole=True, status=404 if "no" in where else 200)
    visits.see("/nowhere/", "clerk", "nowhere-signed", whole=False, status=404)
    visits.see("/queue/?paper=none", "finance2", "queue-refused", whole=False, status=400)
    _failures(visits)
    print(len(visits.visited), "visits; heaviest", visits.heaviest)
    assert visits.foreign == []
    assert visits.wrong == [], "\n".join(visits.wrong)
    assert set(without) <= _NOT_SEEN, without
    assert len(set(visits.visited)) >= 40


def _second_step(visits: Visits) -> None:
    """The code after the password, as one comes to it."""
    page = visits.as_one("half signed in", signed=False)
    page.goto(f"{visits.bureau.url}/sign-in/")
    for name, value in visits.bureau.made["half"].items():
        page.fill(f"[name={name}]", value)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/second/")
    visits.see("/sign-in/second/", "half signed in", "sign-in-second", whole=True)


def _failures(visits: Visits) -> None:
    """A fault of the service's own, then a database that is gone: both come back."""
    import psycopg
    import psycopg.conninfo

    owner = visits.bureau.owner
    away = "ALTER TABLE performance_task RENAME TO away"
    with psycopg.connect(owner, autocommit=True) as database:
        database.execute(away)
        try:
            visits.see("/tasks/", "finance2", "failed-500", whole=True, status=500)
        finally:
            database.execute("ALTER TABLE away RENAME TO performance_task")
    name = psycopg.conninfo.conninfo_to_dict(owner)["dbname"]
    with psycopg.connect(owner, dbname="postgres", autocommit=True) as server:
        server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        try:
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            )
            visits.see("/tasks/", "finance2", "failed-503", whole=True, status=503)
        finally:
            server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    visits.see("/tasks/", "finance2", "tasks-again", whole=False)


_NOT_SEEN = {
    "account/second-factor/picture/",
    "admin/jsi18n/",
    "desk/glance/",
    "imports/<uuid:public_id>/file/",
    "admin/<slug:app_label>/",
}
"""Read, but no page: a picture; fragments and files."""


def test_the_menu_is_left_as_one_expects(everywhere: Bureau) -> None:
    with everywhere.at("finance2") as page:
        page.go("/tasks/")
        menu, more = page.locator("details.nav-more"), page.locator("details.nav-more summary")
        opened = "document.querySelector('details.nav-more').open"
        more.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "整改台账"
        page.keyboard.press("Escape")
        assert page.evaluate(opened) is False
        assert page.evaluate("document.activeElement.matches('details.nav-more summary')")
        page.keyboard.press("Enter")
        assert menu.get_by_role("link", name="使用手册").is_visible()
        page.locator("h1").click()
        assert page.evaluate(opened) is False
        more.click()
        page.keyboard.press("Shift+Tab")
        assert page.evaluate(opened) is False, "left backwards"
        more.click()
        menu.get_by_role("link", name="使用手册").click()
        page.wait_for_url("**/manual/")
        page.get_by_role("link", name="财政", exact=True).click()
        page.wait_for_selector("h1:has-text('财政')")
        for picture in page.locator("main img").all():
            picture.scroll_into_view_if_needed()
            assert picture.evaluate("(one) => one.decode().then(() => one.naturalWidth)") > 300
