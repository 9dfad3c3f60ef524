"""Labels with their values, check boxes, units of money."""

from __future__ import annotations

import pytest

from performance.documents.fields import checked_options, pairs, unit_in, with_inline
from performance.documents.grid import Cell, Row
from performance.documents.labels import Label, field_of


def _row(*texts: str) -> Row:
    return Row(tuple(Cell(text, "L0001") for text in texts))


def _pairs(*texts: str) -> list[tuple[Label, str | None]]:
    return [(label, value.text if value else None) for label, _, value in pairs(_row(*texts))]


def test_pairs_with_empty_cells_between() -> None:
    assert _pairs("项目名称", "", "甲项目", "", "项目负责人", "", "张三", "") == [
        (Label.PROJECT, "甲项目"),
        (Label.CONTACT, "张三"),
    ]


def test_a_label_without_value_takes_no_other_label() -> None:
    assert _pairs("主管部门及代码", "", "实施单位", "甲中心") == [
        (Label.SUPERVISOR, None),
        (Label.UNIT, "甲中心"),
    ]


def test_labels_with_colons_stars_spaces_and_brackets() -> None:
    for text in ("负责人:", "负 责 人：", "*负责人", "负责人（签字）"):
        assert field_of(text) is Label.CONTACT, text
    assert field_of("偏差大或 目标未完成 原因分析") is Label.DEVIATION
    assert field_of("改进措施及 结果应用方 案") is Label.IMPROVEMENT
    assert field_of("负责人应当每月检查一次项目的进度并且在系统中登记检查的结果") is None
    assert field_of("") is None


def test_inline_labels_come_apart_only_where_they_are_known() -> None:
    cells = with_inline(_row("项目名称： 甲项目", "绩效目标：做好", "时间：8:30").cells)
    assert [cell.text for cell in cells] == ["项目名称", "甲项目", "绩效目标：做好", "时间：8:30"]


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("1、部门预算项目 ☑ 2、省直专项 ☐ 3、转移支付 ☐", ("部门预算项目",)),
        ("1、持续性项目 ☑ 2、新增性项目 ☑", ("持续性项目", "新增性项目")),
        ("1、持续性项目 ☐ 2、新增性项目 ☐", ()),
        ("☑部门预算项目 ☐省直专项", ("部门预算项目",)),
        ("□ 常年性 √ 一次性 □ 延续性", ("一次性",)),
        ("[x]新增 [ ]延续", ("新增",)),
        ("新增（√） 延续（ ）", ("新增",)),
        ("■常年性项目；□一次性项目", ("常年性项目",)),
        ("一次性项目(1年结束)", ("一次性项目(1年结束)",)),
        ("", ()),
    ],
)
def test_check_boxes_before_and_behind_their_option(text: str, chosen: tuple[str, ...]) -> None:
    assert checked_options(text) == chosen


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("项目资金（万元）", "万元"),
        ("项目资金 (元)", "元"),
        ("预算执行情况（万元） (20分)", "万元"),
        ("金额单位：万元", "万元"),
        ("单位:元", "元"),
        ("资金总额（单位：亿元）", "亿元"),
        ("项目资金", None),
        ("（20分）", None),
    ],
)
def test_units_of_money(text: str, unit: str | None) -> None:
    assert unit_in(text) == unit
