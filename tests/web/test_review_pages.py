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
    finance.press("line:1", 400, points="20", reason_code="no_evidence", reason="没有签到表")
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
    clerk.press("object:1", 400, words="")
    assert "请写明申诉的理由" in clerk.text
    clerk.press("object:1", words="签到表已补交")
    clerk.press("accept:2")
    clerk.press("accept:all")
    assert "单位已答复完毕" in clerk.text
    finance.open(address)
    assert "1 条申诉待决定" in finance.text
    finance.press("move:confirm", 409)
    finance.press("uphold:1", reason_code="no_formula", points="", words="方向明确，没有计算方法")
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
