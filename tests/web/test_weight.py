"""What the longest pages weigh: two hundred indicators, in plain text and as they are sent."""

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


# ── read by whoever may send it back ────────────────────────────────────────────────────────────


def _table(cast: Cast) -> str:
    """A target table of two hundred indicators that may be submitted; its page's address."""
    clerk = cast["clerk"]
    table = drafts.create_target_table(
        actor=clerk, project=cast.projects["road"].public_id, fiscal_year=2024
    )
    is_it = {"paper": Paper.TARGET_TABLE, "public_id": table.public_id}
    drafts.save(actor=clerk, version=1, body=many(ROWS), **is_it)
    return f"/papers/target-tables/{table.public_id}/"


def _begun(at: Any, cast: Cast, paper: str, **more: Any) -> Any:
    """The clerk at a paper that is measured against the table."""
    person = at("clerk").open(issued(at, cast, paper, **more))
    return person.press("start", project=str(cast.projects["road"].public_id))


def _seen_on_the_way(at: Any, address: str) -> None:
    """Whoever may send it back reads it, each cell may be put in question, and hands it on."""
    for name, verb in (("head", "check"), ("reviewer", "review"), ("finance", "")):
        text = _weighed(at(name), address)
        assert 'id="asked-parts"' in text and text.count("<tr><td>") >= ROWS
        if verb:
            at(name).open(address).press(f"move:{verb}")


def test_a_table_of_two_hundred_indicators_is_light_for_those_who_decide(
    at: Any, cast: Cast
) -> None:
    address = _table(cast)
    at("clerk").open(address).press("save:submit")
    _seen_on_the_way(at, address)
    finance = at("finance").open(address)
    finance.press("ask", ask_rows="1 100 200", ask_name="points")
    assert finance.value("note.indicators.200.points") == ""
    assert len(finance.page.all("input", name="cell", value="indicators.100.points")) == 1
    shown = {one.given["id"]: one.text for one in finance.page.all("span") if "id" in one.given}
    for n, row in enumerate(many(ROWS)["indicators"], start=1):
        assert {k: shown[f"f-indicators.{n}.{k}"] for k in row} == row


def test_monitoring_of_two_hundred_indicators_is_light_for_all(at: Any, cast: Cast) -> None:
    handed_on(at, _table(cast))
    person = _begun(at, cast, "monitoring", month="7")
    own = str(person.address)
    assert _weighed(person, own).count("aria-labelledby=c7") == ROWS
    typed = {"adjusted": "60万元", "executed": "20万元", "cause": "下达较晚", "measures": "加快"}
    for n in range(1, ROWS + 1):
        typed[f"lines__{n}__progress"] = f"{n + 5}个"
        typed[f"lines__{n}__forecast"] = f"{n + 9}个"
    person.press("save", **typed)
    text = _weighed(person, own)
    assert text.count("是应完成的") == ROWS, "each line says why"
    assert person.open(own).value("lines.200.progress") == "205个"
    assert person.value("lines.200.forecast") == "209个"
    for n in range(1, ROWS + 1, 9):
        typed[f"lines__{n}__cause"] = "经费保障：资金下达较晚，设备采购推迟"
    person.press("save:submit", **typed)
    _seen_on_the_way(at, own)
    assert at("finance").open(own).text.count("是应完成的") == ROWS


def test_a_self_evaluation_of_two_hundred_indicators_is_light_for_those_who_decide(
    at: Any, cast: Cast
) -> None:
    handed_on(at, _table(cast))
    person = _begun(at, cast, "evaluation")
    typed = {
        "execution__budget": "60万元",
        "execution__executed": "60万元",
        "execution__points": "10",
        "execution__claimed": "10",
        "total_claimed": "100",
        "deviation_reason": "资金下达较晚",
        "improvement": "加快",
    }
    for n in range(1, ROWS + 1):
        typed[f"actuals__{n}__actual"] = f"{n + (5 if n % 9 == 0 else 9)}个"
        typed[f"actuals__{n}__claimed"] = "0.45"
        typed[f"actuals__{n}__deviation"] = "设备采购推迟" if n % 9 == 0 else ""
    person.press("save:submit", **typed)
    _seen_on_the_way(at, str(person.address))
    own = str(person.address)

    # the review: open, sent to the unit, answered
    finance = at("finance").open(own).press("open_review")
    text = _weighed(finance, own)
    assert text.count("采用按规则得分</td><td data-offer=") == ROWS + 1
    lines = finance.open(own).page.one("table", has="review").one("tbody").all("tr")
    shown = [[cell.text for cell in line.all("td")[:4]] for line in lines]
    assert shown[-1] == ["0.45", "0.45", "0.45", "0.45"], "points, claimed, by the rule, reviewed"
    assert shown[-3] == ["0.45", "0.45", "≠ 与自评不同：0.44", "0.44"], "203 of 207"
    many_words = "验收单只有一半的设备，其余设备到货之后没有验收，也没有佐证"
    for seq in ("9", "100", "200"):
        finance.press("line:", seq=seq, points="0.2", reason_code="rule", reason=many_words)
    _weighed(finance, own)
    finance.press("send_feedback", deadline="2099-06-30")
    clerk = at("clerk").open(own)
    assert _weighed(clerk, own).count("data-offer=") == ROWS + 1
    clerk.press("object:", seq="9", words="其余设备已经验收，验收单补上")
    clerk.press("accept:", seq="100")
    _weighed(clerk, own)
    clerk.press("accept:all")
    assert _weighed(finance, own).count("data-offer=9>") == 1
