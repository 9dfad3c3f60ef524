"""The edges of reading: what is nearly a value, and what no column can hold."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performance.values import (
    ValueContext,
    ValueKind,
    infer_comparator,
    is_cost,
    is_empty,
    is_lower_better,
    is_placeholder,
    is_satisfaction,
    is_standard,
    normalise,
    parse_actual,
    parse_amount,
    parse_number,
    parse_share,
    parse_target,
    plain,
    read_amount,
    yes_no,
)

YEAR = ValueContext(fiscal_year=2023)


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2023年3月至2023年9月", date(2023, 3, 1), date(2023, 9, 30)),
        ("2023年3月5日至9月10日", date(2023, 3, 5), date(2023, 9, 10)),
        ("2022年第4季度", date(2022, 10, 1), date(2022, 12, 31)),
        ("10月上旬", date(2023, 10, 1), date(2023, 10, 10)),
        ("10月中旬", date(2023, 10, 11), date(2023, 10, 20)),
        ("10月初", date(2023, 10, 1), date(2023, 10, 10)),
        ("下半年", date(2023, 7, 1), date(2023, 12, 31)),
        ("2022年", date(2022, 1, 1), date(2022, 12, 31)),
        ("2023-10", date(2023, 10, 1), date(2023, 10, 31)),
    ],
)
def test_a_period_has_a_first_and_a_last_day(written: str, first: date, last: date) -> None:
    actual = parse_actual(written, None, YEAR)
    assert actual is not None
    assert (actual.value, actual.upper) == (first, last)
    target = parse_target(written, YEAR)
    assert target is not None
    assert target.value == last


@pytest.mark.parametrize(
    "written", ["13月底前", "5月至3月", "2023年9月至2023年3月", "2023年4月31日", "0月前"]
)
def test_days_that_are_not_there(written: str) -> None:
    value = parse_target(written, YEAR)
    assert value is not None
    assert value.kind is ValueKind.QUALITATIVE
    assert value.problems == ("date_invalid",)


@pytest.mark.parametrize(
    ("written", "number", "unit", "comparator"),
    [
        ("5朵以上", "5", "朵", "≥"),
        ("5朵", "5", "朵", "≥"),
        ("5天内", "5", "天", "≤"),
        ("100人民币", "100", "元", "≥"),
        ("千分之三", None, None, None),
        ("三四次", None, None, None),
        ("十三四次", None, None, None),
        ("百千次", None, None, None),
        ("零十次", None, None, None),
        ("百分之十十", None, None, None),
        ("百分之九十点五", "90.5", "%", "≥"),
        ("第三次", None, None, None),
        ("三万人", "30000", "人", "≥"),
        ("一百二十人", "120", "人", "≥"),
        ("5推进以上", None, None, None),
        ("90-80%", None, None, None),
        ("完成5", "5", None, "≥"),
        ("完成5轮次优化提升", "5", "轮", "≥"),
        ("10日前", None, None, None),
    ],
)
def test_nearly_a_number(
    written: str, number: str | None, unit: str | None, comparator: str | None
) -> None:
    value = parse_target(written, YEAR)
    assert value is not None
    assert value.text == written
    shown = plain(value.value) if isinstance(value.value, Decimal) else None
    assert (shown, value.unit, value.comparator.value if value.comparator else None) == (
        number,
        unit,
        comparator,
    )


def test_long_texts_are_words() -> None:
    for written in ("做" * 301, "对全市范围内的定点机构" * 6 + "检查5家"):
        value = parse_target(written, YEAR)
        assert value is not None
        assert value.kind is ValueKind.QUALITATIVE


def test_the_unit_in_the_name_completes_a_number_in_ten_thousands() -> None:
    value = parse_target("5万", ValueContext(name="培训人数（人）"))
    assert value is not None
    assert (value.value, value.unit) == (Decimal(50000), "人")
    noted = parse_target("5", ValueContext(name="人数（人）（含兼职）"))
    assert noted is not None
    assert noted.unit == "人"
    other = parse_target("5万", ValueContext(name="面积", header_unit="万亩"))
    assert other is not None
    assert other.unit is None
    hundred = parse_target("5", ValueContext(header_unit="百人"))
    assert hundred is not None
    assert (hundred.value, hundred.unit) == (Decimal(500), "人")


def test_a_question_of_whether_is_a_yes_no_even_with_a_rhythm() -> None:
    value = parse_target("每月10日前", ValueContext(name="是否按月报送"))
    assert value is not None
    assert value.kind is ValueKind.YES_NO
    odd = parse_actual("看情况", value)
    assert odd is not None
    assert odd.kind is ValueKind.QUALITATIVE
    assert yes_no(odd) is None


@pytest.mark.parametrize(
    ("written", "unit", "amount", "ok"),
    [
        ("1,067.01", "万元", "10670100.00", True),
        ("184.2236", "万元", "1842236.00", True),
        ("0", "万元", "0.00", True),
        ("-0", "元", "0.00", True),
        ("-5.005", "元", "-5.01", True),
        ("５", "万元", "50000.00", True),
        ("3万元", "元", "30000.00", True),
        ("2亿元", None, "200000000.00", True),
        ("7", "美元", "7.00", True),
        (".5", "万元", "5000.00", True),
        ("", "万元", None, True),
        ("–", "万元", None, True),
        (None, "万元", None, True),
        ("1,23", "万元", None, False),
        ("1e5", "万元", None, False),
        ("NaN", "万元", None, False),
        ("约5", "万元", None, False),
        ("999999999999999999", "亿元", None, False),
        ("1" * 61, "元", None, False),
    ],
)
def test_amounts(written: str | None, unit: str | None, amount: str | None, ok: bool) -> None:
    read = read_amount(written, unit)
    assert (None if read.value is None else str(read.value), read.ok) == (amount, ok)
    assert parse_amount(written, unit) == read.value


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("10", "10"),
        ("10分", "10"),
        ("9.50", "9.5"),
        ("１０", "10"),
        ("-", None),
        (None, None),
        ("十", None),
        ("1" * 61, None),
    ],
)
def test_points(written: str | None, number: str | None) -> None:
    read = parse_number(written)
    assert (None if read is None else plain(read)) == number


@pytest.mark.parametrize(
    ("written", "share"),
    [
        ("59.76%", "0.5976"),
        ("100％", "1"),
        ("%", None),
        ("59.76", None),
        (None, None),
        ("1" * 61, None),
    ],
)
def test_shares(written: str | None, share: str | None) -> None:
    read = parse_share(written)
    assert (None if read is None else plain(read)) == share


@pytest.mark.parametrize(
    ("number", "shown"),
    [("0", "0"), ("-0.00", "0"), ("1E+3", "1000"), ("1.2300", "1.23"), ("100", "100")],
)
def test_plain_notation(number: str, shown: str) -> None:
    assert plain(Decimal(number)) == shown


def test_levels_and_names() -> None:
    assert is_cost("成本指标", "经济成本指标")
    assert is_cost("产出指标", "成本指标")
    assert not is_cost("产出指标", "数量指标")
    assert is_satisfaction("满意度指标", None)
    assert is_satisfaction("效益指标", "服务对象满意度指标")
    assert not is_satisfaction("效益指标", "社会效益指标")
    assert is_standard("补助标准", "元/年")
    assert is_standard("周转金", "元/人/年")
    assert not is_standard("平均每次出差费", "元/次")
    assert not is_standard("补助标准", None)
    assert is_lower_better("系统故障率（%）")
    assert is_lower_better("业务办理时限")
    assert not is_lower_better("零事故")
    assert not is_lower_better("投诉办结率")
    assert is_lower_better("长" * 250 + "事故")
    assert is_empty("……")
    assert not is_empty("0")
    assert is_placeholder("暂无")
    assert not is_placeholder(None)
    number = infer_comparator(
        name="处理时间", level1="产出指标", level2="时效指标", value=Decimal(2), unit="天"
    )
    assert number.value == "≤"


anything = st.text(max_size=300) | st.text(
    alphabet="0123456789０１２.,，≥≤<>=＞％%‰-~～至到约近超余多万亿元人次个家天日月年前底上半零一二三十百千每按不低于以内第号〔〕() \t\n\x00\ud800",
    max_size=200,
)


@given(written=anything, name=st.sampled_from(["", "是否建成", "经费（万元）", "事故率"]))
def test_any_text_is_a_value_or_words(written: str, name: str) -> None:
    context = ValueContext(name=name, level2="成本指标", fiscal_year=2023)
    target = parse_target(written, context)
    actual = parse_actual(written, target, context)
    for value in (target, actual):
        if value is not None:
            assert value.text == written.strip()
            if isinstance(value.value, Decimal):
                assert value.value.is_finite()
                assert "E" not in plain(value.value)
    read_amount(written, "万元")
    parse_number(written)
    parse_share(written)
    assert normalise(normalise(written)) == normalise(written)


@given(piece=st.text(min_size=1, max_size=40))
def test_very_long_texts_too(piece: str) -> None:
    written = (piece * 10000)[:10000]
    parse_actual(written, parse_target(written, YEAR), YEAR)
    read_amount(written)


@given(number=st.decimals(min_value=-(10**9), max_value=10**9, places=4, allow_nan=False))
def test_a_plain_number_comes_back(number: Decimal) -> None:
    value = parse_target(plain(number) + "次")
    assert value is not None
    assert value.value == number
