"""The reviewed sheet between reviewer and unit, and the ledger, on their pages."""

from __future__ import annotations

from typing import Any

from budgets.access import seen_by_system
from performance.models import RectificationItem, Review
from tests.cast import Cast
from tests.web.test_procedure_pages import evaluated


def test_a_sheet_is_sent_objected_to_decided_and_confirmed(at: Any, cast: Cast) -> None:
    address = evaluated(at, cast)
    finance = at("finance").open(address).press("open_review")
    typed = {"seq": "1", "reason_code": "no_evidence", "reason": "没有签到表"}
    finance.press("line:", 400, points="20", **typed)
    assert "按“没有佐证资料”不得分，本行应为 0 分" in finance.text
    finance.press("line:1", points="", reason_code="no_evidence", reason="没有签到表")
    assert "没有佐证资料（no_evidence，条款待核）：没有签到表" in finance.text
    clerk = at("clerk").open(address)
    assert "没有签到表" not in clerk.text
    finance.press("send_feedback", 400, deadline="")
    finance.press("send_feedback", deadline="2099-06-30")
    clerk.open(address)
    assert "没有签到表" in clerk.text
    assert "答复期限 2099-06-30 23:59" in clerk.text
    clerk.press("object:", 400, seq="1", words="")
    assert "请写明申诉的理由" in clerk.text
    clerk.press("object:1", words="签到表已补交")
    clerk.press("accept:", 400, seq="9")
    clerk.press("accept:", seq="2")
    clerk.press("accept:all")
    assert "单位已答复完毕" in clerk.text
    finance.open(address)
    assert "1 条申诉待决定" in finance.text
    finance.press("move:confirm", 409)
    typed = {"seq": "1", "reason_code": "no_formula", "words": "方向明确，没有计算方法"}
    finance.press("uphold:", 400, points="很多", **typed)
    assert finance.page.one("form", id="decide-1").fields()["reason_code"] == "no_formula"
    finance.press("uphold:1", points="")
    assert "采纳：方向明确，没有计算方法" in finance.text
    finance.press("move:confirm")
    with seen_by_system():
        review = Review.unscoped.select_related("outcome").get()
        assert review.state == "confirmed"
        assert review.outcome is not None
        assert review.outcome.total == review.total


def test_the_ledger_on_its_pages(at: Any, cast: Cast) -> None:
    address = evaluated(at, cast)
    finance = at("finance").open(address)
    finance.press("raise_item", 400, what="", deadline="2025-06-30", seq="")
    assert "请写明整改要求" in finance.text
    finance.press("raise_item", what="补齐签到表", deadline="2025-06-30", seq="1")
    with seen_by_system():
        item = f"/rectifications/{RectificationItem.unscoped.get().public_id}/"
    clerk = at("clerk").open("/rectifications/?state=pending")
    assert "补齐签到表" in clerk.text
    clerk.open(item).press("answer", 400, answer=" ")
    clerk.press("answer", answer="已补齐，见附件")
    finance.open(item).press("return", 400, words="")
    assert "请写明退回的理由" in finance.text
    finance.press("close", words="核对过")
    assert "已销号" in finance.text
    assert "补齐签到表" not in at("clerk").open("/rectifications/?state=pending").text


def test_a_line_written_by_its_number_keeps_what_was_typed(at: Any, cast: Cast) -> None:
    finance = at("finance").open(evaluated(at, cast)).press("open_review")
    own = [one.given.get("data-offer") for one in finance.page.all("td")]
    assert {one for one in own if one} == {"0", "1", "2", "3"}
    typed = {"points": "20", "reason_code": "rule", "reason": "没有签到表"}
    finance.press("line:", 400, seq="99", **typed)
    kept = {**typed, "seq": "99"}
    assert {name: finance.fields("line:")[name] for name in kept} == kept
    finance.press("line:", 400, seq="2", points="很多", reason="没有签到表")
    assert "请填写分数" in finance.page.one("form", id="line-2").text
    assert finance.fields("line:2")["points"] == "很多"
    sheet = finance.page.one("table", has="review")
    assert [one.one("form").given["id"] for one in sheet.all("details", open="")] == ["line-2"]
