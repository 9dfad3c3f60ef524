"""Details of values that are easy to lose."""

from __future__ import annotations

from decimal import Decimal

import pytest

from performance.values import (
    ValueContext,
    ValueKind,
    is_lower_better,
    is_placeholder,
    parse_actual,
    parse_target,
    read_amount,
)


def test_a_year_from_the_table_is_called_inferred() -> None:
    year = ValueContext(fiscal_year=2023)
    for written, inferred in (("12月", ("year",)), ("2023年12月", ()), ("12月5日", ("year",))):
        actual = parse_actual(written, None, year)
        assert actual is not None
        assert actual.inferred == inferred


def test_an_answer_to_a_yes_no_is_a_yes_no() -> None:
    answer = parse_actual("已完成", parse_target("是"))
    assert answer is not None
    assert (answer.kind, answer.text) == (ValueKind.YES_NO, "已完成")


def test_ranges_at_their_edges() -> None:
    same = parse_target("90-90%")
    assert same is not None
    assert (same.kind, same.value, same.upper) == (ValueKind.RANGE, Decimal(90), Decimal(90))
    first = parse_target("80%-90")
    assert first is not None
    assert first.unit == "%"
    around = parse_target("80-90", ValueContext(header_unit="%"))
    assert around is not None
    assert (around.unit, around.inferred) == ("%", ("unit",))
    none = parse_target("80-90")
    assert none is not None
    assert (none.unit, none.inferred) == (None, ())


@pytest.mark.parametrize(
    ("written", "comparator", "unit"),
    [
        ("每季度≥1次", "≥", "次/季度"),
        ("每月1次", "≥", "次/月"),
        ("每月度2次", "≥", "次/月"),
        ("每日1次", "≥", "次/天"),
    ],
)
def test_rhythms(written: str, comparator: str, unit: str) -> None:
    value = parse_target(written)
    assert value is not None
    assert value.comparator is not None
    assert (value.comparator.value, value.unit) == (comparator, unit)
    assert ("comparator" in value.inferred) is ("≥" not in written)


def test_limits_are_inclusive() -> None:
    assert read_amount("1".rjust(15, "0").rjust(60), "元").ok
    assert not read_amount("1".rjust(61, "0"), "元").ok
    assert is_placeholder("无" + " " * 19)
    assert not is_placeholder("无" + " " * 20)
    assert is_lower_better("甲" * 198 + "事故")


def test_a_numeral_inside_words_counts_once() -> None:
    value = parse_target("开展三次活动")
    assert value is not None
    assert (value.value, value.unit, value.inferred) == (Decimal(3), "次", ("comparator", "value"))
