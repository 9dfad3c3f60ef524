"""The pictures of the manual, taken anew from invented data: ``make manual-pictures``."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.browser.looking import launched
from tests.browser.test_pages import ROOT, _wait
from tests.torture.stage import free_port, own_database

FOLDER = ROOT / "performance/web/static/performance/manual"
WIDTH, HEIGHT = 1180, 620
LARGEST = 60_000


@dataclass(frozen=True)
class Picture:
    """One picture: who looks where; ``at`` is what is brought to the top, ``done`` what is pressed."""

    name: str
    person: str
    where: str
    at: str = ""
    done: Callable[[Any], None] | None = None


def _proofread(page: Any) -> None:
    text = (ROOT / "tests/examination/texts/accounts-coast.txt").read_text(encoding="utf-8")
    page.fill("#f-text", text[text.index("第三部分") :].replace("2,700.55", "2,770.55"))
    basis = {
        "name": "某县水务局2023年度部门决算公开表.txt",
        "mimeType": "text/plain",
        "buffer": text.partition("第三部分")[0].encode(),
    }
    page.set_input_files("#f-basis", files=[basis])
    page.locator("main form button[type=submit]").click()
    page.wait_for_selector(".proof-result")


PICTURES = (
    Picture("desk", "clerk", "/desk/"),
    Picture("targets", "clerk", "/papers/target-tables/{open_table}/", at="form"),
    Picture("evaluation", "finance2", "/evaluations/{waiting_evaluation}/"),
    Picture("check", "finance2", "/papers/target-tables/{waiting_table}/"),
    Picture("task", "finance2", "/tasks/{task}/"),
    Picture("queue", "finance2", "/queue/"),
    Picture("review", "finance2", "/papers/evaluations/{evaluation}/", at="#review"),
    Picture("overview", "finance", "/overview/", at="#h-grades"),
    Picture("trail", "auditor", "/audit/"),
    Picture("people", "security", "/people/"),
    Picture("figures", "finance2", "/"),
    Picture("proof", "finance2", "/proof/", at=".proof-result", done=_proofread),
)


def _taken(page: Any, picture: Picture, folder: Path) -> int:
    """Takes one and keeps it as small as it may be; its size."""
    if picture.done is not None:
        picture.done(page)
    if picture.at:
        page.locator(picture.at).first.evaluate("(one) => one.scrollIntoView()")
    page.wait_for_timeout(200)
    session = page.context.new_cdp_session(page)
    for quality in (80, 60, 40, 20):
        taken = session.send("Page.captureScreenshot", {"format": "webp", "quality": quality})
        data = base64.b64decode(taken["data"])
        if len(data) <= LARGEST:
            break
    (folder / f"{picture.name}.webp").write_bytes(data)
    return len(data)


def main() -> int:
    """Takes all pictures, or those that are named."""
    from playwright.sync_api import sync_playwright

    FOLDER.mkdir(exist_ok=True)
    with own_database():
        environment = dict(os.environ)
        made = json.loads(
            subprocess.run(
                [sys.executable, "-m", "tests.browser.everywhere"],
                cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE,
            ).stdout
        )  # fmt: skip
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        server = subprocess.Popen(
            [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"],
            cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            _wait(f"{url}/readyz")
            with sync_playwright() as playwright:
                browser = launched(playwright)
                for picture in PICTURES:
                    if len(sys.argv) > 1 and picture.name not in sys.argv[1:]:
                        continue
                    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
                    session = made["sessions"][picture.person]
                    context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
                    page = context.new_page()
                    reply = page.goto(url + picture.where.format(**made["ids"]))
                    assert reply.status == 200, picture.where
                    size = _taken(page, picture, FOLDER)
                    sys.stdout.write(f"{picture.name}: {size} bytes\n")
                    context.close()
                browser.close()
        finally:
            server.terminate()
            server.wait(10)
    return 0


if __name__ == "__main__":
    sys.exit(main())
