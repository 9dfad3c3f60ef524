"""Money, texts, canonical form: plain and exact."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

import pytest

from budgets import money, text
from budgets.canonical import canonical, digest
from budgets.errors import InvalidInput, StaleVersion


def test_money_is_rounded_half_up_in_one_place() -> None:
    assert str(money.to_fen(Decimal("0.005"))) == "0.01"
    assert str(money.to_fen(Decimal("-0.001"))) == "0.00"
    assert money.to_wan(Decimal("1842236")) == Decimal("184.2236")
    assert str(money.from_wan(Decimal("184.2236"))) == "1842236.00"


def test_equal_content_gives_equal_bytes() -> None:
    class Colour(StrEnum):
        RED = "red"

    one = {"b": [Decimal("1.50"), date(2023, 1, 2), Colour.RED], "a": None}
    other = {"a": None, "b": [Decimal("1.50"), date(2023, 1, 2), Colour.RED]}
    assert canonical(one) == canonical(other) == '{"a":null,"b":["1.50","2023-01-02","red"]}'
    assert digest(one) == digest(other)
    assert digest({"a": Decimal("1.5")}) != digest({"a": Decimal("1.50")})


@pytest.mark.parametrize("content", [1.5, {"a": [1.5]}, {"a": {"b": 0.0}}])
def test_floats_have_no_canonical_form(content: object) -> None:
    with pytest.raises(TypeError, match="float"):
        canonical(content)


def test_unknown_things_have_no_canonical_form() -> None:
    with pytest.raises(TypeError, match="object"):
        canonical({"a": object()})


@pytest.mark.parametrize("sign", ["\x00", "\x08", "\x1b", "\u202e", "\ud800", "\ufffe", "\u200f"])
def test_characters_that_cannot_be_shown_are_refused(sign: str) -> None:
    with pytest.raises(InvalidInput, match="单位名称的第 3 个字符"):
        text.clean_text(f"甲市{sign}", field="单位名称")
    assert text.without_controls(f"甲{sign}市") == "甲市"


def test_texts_keep_lines_and_tabs_and_become_nfc() -> None:
    assert text.clean_text("甲\n\t乙e\u0301") == "甲\n\t乙é"
    assert text.clean_text("第一行\r\n第二行") == "第一行\n第二行", "as a browser sends it"


@pytest.mark.parametrize(
    ("name", "masked"), [("张三", "张*"), ("欧阳小明", "欧***"), ("张", "*"), ("", "")]
)
def test_names_are_masked(name: str, masked: str) -> None:
    assert text.mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"), [("13800000000", "***00"), ("110", "***"), ("0335-1234567", "***67")]
)
def test_phones_are_masked(phone: str, masked: str) -> None:
    assert text.mask_phone(phone) == masked


def test_phones_in_running_text_are_masked() -> None:
    written = "电话13800000000，传真0335-1234567，编码R13800000000，金额13800000000000元"
    assert text.mask_phones(written) == "电话***，传真***，编码R13800000000，金额13800000000000元"


def test_errors_have_codes() -> None:
    assert StaleVersion("x", base=1, current=2).code == "stale_version"
