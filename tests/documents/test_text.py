"""The reader of plain text: which lines are rows, which cells they hold, where they stand."""

from __future__ import annotations

import pytest

from performance.documents.grid import Line, Row
from performance.documents.text import clean, decode, read_text


def test_tabs_make_a_row_with_its_empty_cells() -> None:
    (row,) = read_text("产出指标\t\t≥1 个\t")
    assert isinstance(row, Row)
    assert row.texts == ["产出指标", "", "≥1 个", ""]
    assert {cell.at for cell in row.cells} == {"L0001"}


def test_places_are_line_numbers_from_one_whatever_stands_between() -> None:
    items = read_text("一\r\n\r\n二\t三\r四\x0b五\n\n六")
    assert [item.at for item in items] == ["L0001", "L0003", "L0004", "L0006"]


def test_a_form_feed_inside_a_line_does_not_count_as_a_line() -> None:
    items = read_text("一\x0c二\n三\u2028四\n五")
    assert [item.at for item in items] == ["L0001", "L0002", "L0003"]


def test_place_is_padded_to_four_digits_and_grows_beyond() -> None:
    items = read_text("\n" * 657 + "甲\t乙" + "\n" * 9342 + "丙")
    assert [item.at for item in items] == ["L0658", "L10000"]


def test_one_cell_a_line_makes_one_row_until_a_break() -> None:
    first, second = read_text("\t产出指标\n\t数量指标\n\t\n\t≥3\n\n\t效益指标\n\t经济效益指标")
    assert isinstance(first, Row)
    assert isinstance(second, Row)
    assert first.texts == ["产出指标", "数量指标", "", "≥3"]
    assert [cell.at for cell in first.cells] == ["L0001", "L0002", "L0003", "L0004"]
    assert second.at == "L0006"


def test_row_at_is_its_first_filled_cell() -> None:
    (row,) = read_text("\t\n\t\n\t三级")
    assert row.at == "L0003"


def test_pipes_make_a_row_and_their_rule_is_dropped() -> None:
    items = read_text("| 一级指标 | 二级指标 |\n|---|:--:|\n| 产出\\|指标 | |")
    assert [item.texts for item in items if isinstance(item, Row)] == [
        ["一级指标", "二级指标"],
        ["产出|指标", ""],
    ]
    assert items[1].at == "L0003"


def test_wide_gaps_make_a_row_of_three_cells_or_more() -> None:
    row, line = read_text("产出指标  数量指标　　培训人数   ≥3人\n目    录")
    assert isinstance(row, Row)
    assert row.texts == ["产出指标", "数量指标", "培训人数", "≥3人"]
    assert isinstance(line, Line)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("<p>偏差</p>", "偏差"),
        ("一<br/>二", "一 二"),
        ("**财政拨款**", "财政拨款"),
        ("## 十、绩效", "十、绩效"),
        ("[bookmark: _Toc1]1、表", "1、表"),
        ("A&amp;B", "A&B"),
        ("金额 \u3000 \u00a0（元）", "金额 （元）"),
        ('是<input checked="" type="checkbox"/>否<input type="checkbox"/>', "是☑否☐"),
        ("a<b 且 c>d", "a<b 且 c>d"),
        ("<=15 %", "<=15 %"),
    ],
)
def test_clean_takes_away_markup_and_nothing_else(raw: str, shown: str) -> None:
    assert clean(raw) == shown


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(encoding: str) -> None:
    assert decode("绩效目标".encode(encoding)) == "绩效目标"


def test_bytes_that_are_no_text() -> None:
    assert decode(b"\x00\x01\x02") is None
    assert decode(b"\xff\xfe\x00") is None
    assert decode(b"\x81") is None
