"""Cells put in question by people without scripts: by row and column, written beside, sent back."""

from __future__ import annotations

from typing import Any

import pytest

from budgets.models import AuditEvent
from performance.models import Step
from tests.cast import Cast
from tests.contents import progress
from tests.web.pages import Person
from tests.web.scenes import drafted, evaluated, filled, handed_on, issued


def _asked(person: Person) -> dict[str, str]:
    """The ticked cells of the page with what stands beside them."""
    boxes = person.page.all("input", type="checkbox", name="cell")
    ticked = [one.value for one in boxes if "checked" in one.given]
    return {at: person.value(f"note.{at}") for at in ticked}


def test_cells_are_put_in_question_by_row_and_sent_back(at: Any, cast: Cast) -> None:
    address = drafted(cast)
    at("clerk").open(address).press("save:submit")
    head = at("head").open(address)
    assert _asked(head) == {}
    boxes = {one.value for one in head.page.all("input", name="cell")}
    assert "objectives.1" in boxes and "indicators.1.target" not in boxes
    events = AuditEvent.objects.count()
    head.press("ask", ask_rows="2、 3", ask_name="target", reason="口径不清")
    assert _asked(head) == {"indicators.2.target": "", "indicators.3.target": ""}
    told = head.page.one(id="doubted")
    assert [one.given["href"] for one in told.all("a")][:2] == [
        "#m-indicators.2.target",
        "#m-indicators.3.target",
    ]
    assert "指标 第2行 指标值、指标 第3行 指标值" in told.text
    head.press(
        "ask",
        ask_rows="１",
        ask_name="basis",
        cell=["indicators.2.target", "objectives.1"],
        **{"note.indicators.2.target": "请写明口径", "note.objectives.1": "太笼统"},
    )
    assert head.value("ask_name") == "basis"
    kept = {
        "indicators.1.basis": "",
        "indicators.2.target": "请写明口径",
        "objectives.1": "太笼统",
    }
    assert _asked(head) == kept
    basis = head.page.one(id="m-indicators.1.basis")
    while basis.above is not None and basis.tag != "details":
        basis = basis.above
    assert "open" in basis.given, "what is to be written in is not folded away"
    assert head.value("reason") == "口径不清"
    assert AuditEvent.objects.count() == events

    head.press("move:return_to_clerk", 400, note__indicators__1__basis="没有依据")
    assert _asked(head) == {**kept, "indicators.1.basis": "没有依据"}
    head.press("move:return_to_clerk", reason_code="target_unclear")
    step = Step.unscoped.order_by("-id").first()
    assert step is not None
    assert {one["at"]: one["note"] for one in step.cells} == {
        **kept,
        "indicators.1.basis": "没有依据",
    }
    clerk = at("clerk").open(address)
    for words in ("存疑 请写明口径", "存疑 太笼统", "存疑 没有依据"):
        assert words in clerk.text


def test_enter_in_a_box_decides_nothing(at: Any, cast: Cast) -> None:
    address = drafted(cast)
    at("clerk").open(address).press("save:submit")
    head = at("head").open(address)
    form = head.page.one("form", id="decide")
    assert form.all("button")[0].value == "ask", "what Enter presses in any field of the form"
    head.press("ask", cell=["objectives.1"], **{"note.objectives.1": "太笼统"})
    assert _asked(head) == {"objectives.1": "太笼统"}
    assert "已提交，待单位审核" in head.text


@pytest.mark.parametrize(
    ("rows", "name", "words"),
    [
        ("", "target", "请写明第几行"),
        ("0", "target", "没有第“0”行，请写 1 到 3 的行号"),
        ("2 9", "target", "没有第“9”行，请写 1 到 3 的行号"),
        ("二", "target", "没有第“二”行，请写 1 到 3 的行号"),
        ("1", "actual", "请选择哪一格"),
        ("1", "", "请选择哪一格"),
    ],
)
def test_a_row_that_is_not_there_is_said_and_the_text_stays(
    at: Any, cast: Cast, rows: str, name: str, words: str
) -> None:
    address = drafted(cast)
    at("clerk").open(address).press("save:submit")
    head = at("head").open(address)
    head.press("ask", 400, ask_rows=rows, ask_name=name, reason="写了理由")
    assert words in head.page.one(id="problem").text
    head.press("ask", ask_rows="3", ask_name="name")
    typed = {"note.indicators.3.name": "太笼统"}
    head.press("ask", 400 if rows else 200, ask_rows=rows, ask_name=name, **typed)
    assert _asked(head) == {"indicators.3.name": "太笼统"}
    assert (head.value("reason"), head.value("ask_rows")) == ("写了理由", rows)


def test_only_who_may_send_it_back_puts_in_question(at: Any, cast: Cast) -> None:
    address = drafted(cast)
    at("clerk").open(address).press("save:submit")
    form = at("head").open(address).fields("ask")
    clerk = at("clerk").open(address)
    assert "ask" not in clerk.acts()
    clerk.send({**form, "ask_rows": "1", "ask_name": "target"}, 409)
    assert "这张表现在不能由您退回" in clerk.text
    assert _asked(clerk) == {}
    at("foreign_clerk").send({**form, "ask_rows": "1", "ask_name": "target"}, 404, address)


def test_the_other_papers_name_their_own_cells(at: Any, cast: Cast) -> None:
    evaluation = evaluated(at, cast)
    finance = at("finance").open(evaluation)
    finance.press("ask", ask_rows="2", ask_name="claimed")
    assert _asked(finance) == {"actuals.2.claimed": ""}
    task = issued(at, cast, "monitoring", month="7")
    clerk = at("clerk").open(task)
    clerk.press("start", project=str(cast.projects["road"].public_id))
    clerk.press("save", **{k.replace(".", "__"): v for k, v in filled(progress()).items()})
    address = str(clerk.address)
    handed_on(at, address, to="")
    finance.open(address)
    choices = finance.page.one(id="f-ask_name").all("option")
    assert [one.text for one in choices] == ["进展", "全年预计完成", "偏差原因"]
    finance.press("ask", ask_rows="1", ask_name="cause")
    assert _asked(finance) == {"lines.1.cause": ""}
