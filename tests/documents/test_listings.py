"""Lists of projects that a budget prints outside its forms."""

from __future__ import annotations

from tests.documents.forms import document, target_table

HEAD = "项目名称\t合计\t一般公共预算\t单位资金"


def _listed(*lines: str) -> list[tuple[str, str, str]]:
    return [(p.name, p.at, f"{p.amount}") for p in document(*lines).listed]


def test_a_list_with_its_amounts() -> None:
    lines = ("项目支出预算表", "单位：万元", HEAD, "1\t2\t3\t4", "甲项目\t30.00\t30.00\t")
    assert _listed(*lines) == [("甲项目", "L0005", "300000.00")]


def test_a_list_ends_where_text_begins() -> None:
    lines = (HEAD, "甲项目\t30\t30\t", "以上为全部项目。", "乙项目\t30\t30\t")
    assert [name for name, _, _ in _listed(*lines)] == ["甲项目"]


def test_what_is_no_line_of_a_list() -> None:
    assert _listed(HEAD, "甲项目\t见附表\t\t", "30\t30\t30\t", "—\t30\t\t", "甲") == []


def test_a_form_is_no_list() -> None:
    assert _listed(*target_table("产出指标\t数量指标\t人数\t≥1人")) == []
