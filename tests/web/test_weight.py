"""What the longest editors weigh: two hundred indicators, in plain text and as they are sent."""

from __future__ import annotations

import gzip
from typing import Any

from performance.services import drafts
from performance.workflow import Paper
from tests.browser.grid_desk import many
from tests.cast import Cast
from tests.web.scenes import handed_on, issued

PLAIN, SENT = 150_000, 20_000
"""Bytes of a page without pictures, styles and scripts: as it is read, and as it goes over the line."""
ROWS = 200


def _weighed(person: Any, address: str) -> str:
    plain = person.client.get(address)
    sent = person.client.get(address, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain
    assert sent["Content-Encoding"] == "gzip"
    assert len(plain.content) < PLAIN, (address, len(plain.content))
    assert len(sent.content) < SENT, (address, len(sent.content))
    text: str = gzip.decompress(sent.content).decode()
    print(address, len(plain.content), len(sent.content))
    return text


def test_editors_of_two_hundred_indicators_are_light_and_lose_nothing(at: Any, cast: Cast) -> None:
    clerk, content = cast["clerk"], many(ROWS)
    table = drafts.create_target_table(
        actor=clerk, project=cast.projects["road"].public_id, fiscal_year=2024
    )
    content["indicators"][7]["basis"] = "国家医保局 2024 年工作要点"
    drafts.save(
        actor=clerk, paper=Paper.TARGET_TABLE, public_id=table.public_id, version=1, body=content
    )
    address = f"/papers/target-tables/{table.public_id}/"
    text = _weighed(at("clerk"), address)
    assert text.count("aria-labelledby=c3") == ROWS
    # what the page carries is all there is, with and without the second lines
    at("clerk").open(address).press("unfold", row="9")
    at("clerk").press("save", indicators__9__evidence="验收单")
    kept = at("clerk").client.get(f"/api/v1/target-tables/{table.public_id}/content/").json()
    rows = kept.get("content", kept)["indicators"]
    assert [row["name"] for row in rows] == [row["name"] for row in content["indicators"]]
    assert (rows[7]["basis"], rows[8]["evidence"]) == ("国家医保局 2024 年工作要点", "验收单")
    at("clerk").send({**at("clerk").fields("unfold"), "row": "0"}, 400)

    handed_on(at, address)
    task = issued(at, cast, "evaluation")
    person = at("clerk").open(task)
    person.press("start", project=str(cast.projects["road"].public_id))
    own = str(person.address)
    text = _weighed(person, own)
    assert "其余 " in text and "?all#found-block" in text
    shown = person.open(f"{own}?all").page.one(id="checkup")
    assert len(shown.all("li", has="finding-block")) > ROWS
    person.address = own
    typed = {}
    for n in range(1, ROWS + 1):
        typed[f"actuals__{n}__actual"] = f"{n + (5 if n % 9 == 0 else 9)}个"
        typed[f"actuals__{n}__claimed"] = "0.45"
    person.press("save", **typed)
    text = _weighed(person, own)
    assert person.value("actuals.200.actual") == "209个"
    assert text.count("aria-labelledby=c9") == ROWS
