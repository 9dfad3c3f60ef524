"""Every way a value is written, and what it is read as."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from performance.values import (
    Value,
    ValueContext,
    ValueKind,
    parse_actual,
    parse_target,
    plain,
    yes_no,
)

Q, R, D, W = "quantitative", "range", "date", "qualitative"


def _read(value: Value | None) -> tuple[object, ...] | None:
    if value is None:
        return None

    def figure(number: Decimal | date | None) -> str | None:
        if number is None:
            return None
        return plain(number) if isinstance(number, Decimal) else number.isoformat()

    return (
        value.kind.value,
        value.comparator.value if value.comparator else None,
        figure(value.value),
        figure(value.upper),
        value.unit,
    )


TARGETS: list[tuple[str, tuple[object, ...] | None]] = [
    # signs in every spelling
    ("≥90万人", (Q, "≥", "900000", None, "人")),
    ("≥ 5 家", (Q, "≥", "5", None, "家")),
    (">=1 个", (Q, "≥", "1", None, "个")),
    ("≧90%", (Q, "≥", "90", None, "%")),
    ("⩾90%", (Q, "≥", "90", None, "%")),
    ("≦5天", (Q, "≤", "5", None, "天")),
    ("⩽5天", (Q, "≤", "5", None, "天")),
    ("＞95%", (Q, ">", "95", None, "%")),
    ("﹥95%", (Q, ">", "95", None, "%")),
    ("＜3%", (Q, "<", "3", None, "%")),
    ("﹤3%", (Q, "<", "3", None, "%")),
    ("＝100%", (Q, "=", "100", None, "%")),
    ("﹦100%", (Q, "=", "100", None, "%")),
    ("═100%", (Q, "=", "100", None, "%")),
    ("不低于95%", (Q, "≥", "95", None, "%")),
    ("不少于3次", (Q, "≥", "3", None, "次")),
    ("不小于3次", (Q, "≥", "3", None, "次")),
    ("大于等于1000人次", (Q, "≥", "1000", None, "人次")),
    ("90%以上", (Q, "≥", "90", None, "%")),
    ("90%及以上", (Q, "≥", "90", None, "%")),
    ("不高于5%", (Q, "≤", "5", None, "%")),
    ("不超过20万元", (Q, "≤", "200000", None, "元")),
    ("不大于5%", (Q, "≤", "5", None, "%")),
    ("小于等于5%", (Q, "≤", "5", None, "%")),
    ("5%以下", (Q, "≤", "5", None, "%")),
    ("5天以内", (Q, "≤", "5", None, "天")),
    ("控制在5%以内", (Q, "≤", "5", None, "%")),
    ("超过90万人", (Q, ">", "900000", None, "人")),
    ("高于90%", (Q, ">", "90", None, "%")),
    ("大于90%", (Q, ">", "90", None, "%")),
    ("多于3次", (Q, ">", "3", None, "次")),
    ("逾3次", (Q, ">", "3", None, "次")),
    ("低于3%", (Q, "<", "3", None, "%")),
    ("小于3%", (Q, "<", "3", None, "%")),
    ("少于3次", (Q, "<", "3", None, "次")),
    # numbers and units
    ("<=508.50 万元", (Q, "≤", "5085000", None, "元")),
    ("=1.5 万元/人/年", (Q, "=", "15000", None, "元/人/年")),
    ("≤1322 元/次", (Q, "≤", "1322", None, "元/次")),
    ("10万元/月", (Q, "≥", "100000", None, "元/月")),
    ("≥2亿元", (Q, "≥", "200000000", None, "元")),
    ("1,234.50万元", (Q, "≥", "12345000", None, "元")),
    ("１２３人", (Q, "≥", "123", None, "人")),
    ("≥100百分比", (Q, "≥", "100", None, "%")),
    (">=95.00比率", (Q, "≥", "95", None, "%")),
    ("≥0.95比例", (Q, "≥", "95", None, "%")),
    ("≥95比例", (Q, "≥", "95", None, "%")),
    ("≤5‰", (Q, "≤", "5", None, "‰")),
    ("15个工作日", (Q, "≥", "15", None, "工作日")),
    ("3千人", (Q, "≥", "3000", None, "人")),
    ("5千米", (Q, "≥", "5", None, "千米")),
    ("5公里", (Q, "≥", "5", None, "公里")),
    ("≥10TB", (Q, "≥", "10", None, "TB")),
    ("37类", (Q, "≥", "37", None, "类")),
    ("0次", (Q, "=", "0", None, "次")),
    ("0%", (Q, "=", "0", None, "%")),
    ("-5%", (Q, "≥", "-5", None, "%")),
    ("提升10%", (Q, "≥", "10", None, "%")),
    ("下降5%", (Q, "≥", "5", None, "%")),
    ("100%推进", (Q, "≥", "100", None, "%")),
    ("100%完成", (Q, "≥", "100", None, "%")),
    ("及时到位100%", (Q, "≥", "100", None, "%")),
    ("对5家以上定点医疗机构检查", (Q, "≥", "5", None, "家")),
    ("约100人", (Q, "≥", "100", None, "人")),
    ("100人左右", (Q, "≥", "100", None, "人")),
    ("每季度1次", (Q, "≥", "1", None, "次/季度")),
    # Chinese numerals
    ("三次", (Q, "≥", "3", None, "次")),
    ("十五个", (Q, "≥", "15", None, "个")),
    ("百分之九十", (Q, "≥", "90", None, "%")),
    ("零投诉", (Q, "=", "0", None, None)),
    # ranges
    ("80-90%", (R, "range", "80", "90", "%")),
    ("80%～90%", (R, "range", "80", "90", "%")),
    ("3至5次", (R, "range", "3", "5", "次")),
    ("≥80%且≤90%", (R, "range", "80", "90", "%")),
    # dates
    ("2023年12月31日前", (D, "≤", "2023-12-31", None, None)),
    ("2022年6月底前", (D, "≤", "2022-06-30", None, None)),
    ("10月底前", (D, "≤", "2023-10-31", None, None)),
    ("9月前", (D, "≤", "2023-08-31", None, None)),
    ("9月底前", (D, "≤", "2023-09-30", None, None)),
    ("1月前", (D, "≤", "2022-12-31", None, None)),
    ("上半年", (D, "≤", "2023-06-30", None, None)),
    ("全年", (D, "≤", "2023-12-31", None, None)),
    ("第三季度", (D, "≤", "2023-09-30", None, None)),
    ("1-12月", (D, "≤", "2023-12-31", None, None)),
    ("3月至5月", (D, "≤", "2023-05-31", None, None)),
    ("2024年2月底前", (D, "≤", "2024-02-29", None, None)),
    # words
    ("县域内全部实现", (W, None, None, None, None)),
    ("有效缓解", (W, None, None, None, None)),
    ("每月10日前", (W, None, None, None, None)),
    ("按季度", (W, None, None, None, None)),
    ("通过", (W, None, None, None, None)),
    ("合格", (W, None, None, None, None)),
    ("已完成", (W, None, None, None, None)),
    ("不低于上年", (W, None, None, None, None)),
    ("100%1000件", (W, None, None, None, None)),
    ("1部宣传片,2套方案", (W, None, None, None, None)),
    ("〔2021〕101号", (W, None, None, None, None)),
    ("GB 3095-2012", (W, None, None, None, None)),
    ("±5%", (W, None, None, None, None)),
    ("1:10", (W, None, None, None, None)),
    ("万元", (W, None, None, None, None)),
    ("2月30日前", (W, None, None, None, None)),
    ("一站式结算", (W, None, None, None, None)),
    ("两定机构全覆盖", (W, None, None, None, None)),
    ("三级甲等", (W, None, None, None, None)),
    ("1e5", (W, None, None, None, None)),
    ("是", ("yes_no", None, None, None, None)),
    ("有", ("yes_no", None, None, None, None)),
    ("达标", ("yes_no", None, None, None, None)),
    ("不适用", ("not_applicable", None, None, None, None)),
    ("不涉及", ("not_applicable", None, None, None, None)),
    ("", None),
    ("–", None),
    ("/", None),
    ("无", None),
    ("暂无", None),
]


@pytest.mark.parametrize(("written", "expected"), TARGETS, ids=[repr(t[0]) for t in TARGETS])
def test_a_target(written: str, expected: tuple[object, ...] | None) -> None:
    assert _read(parse_target(written, ValueContext(fiscal_year=2023))) == expected


ACTUALS: list[tuple[str, tuple[object, ...] | None]] = [
    ("63 家", (Q, None, "63", None, "家")),
    ("=100%", (Q, None, "100", None, "%")),
    ("≥90万人", ("bound", "≥", "900000", None, "人")),
    ("≤5天", ("bound", "≤", "5", None, "天")),
    ("90%以上", ("bound", "≥", "90", None, "%")),
    ("超90万人", (Q, None, "900000", None, "人")),
    ("超过90万人", (Q, None, "900000", None, "人")),
    ("近8万笔", (Q, None, "80000", None, "笔")),
    ("800多家", (Q, None, "800", None, "家")),
    ("7.9万余人", (Q, None, "79000", None, "人")),
    ("98%左右", (Q, None, "98", None, "%")),
    ("将近100人", (Q, None, "100", None, "人")),
    ("0", (Q, None, "0", None, None)),
    ("2023年10月15日", (D, None, "2023-10-15", None, None)),
    ("2023-10-15", (D, None, "2023-10-15", None, None)),
    ("2023年10月", (D, None, "2023-10-01", "2023-10-31", None)),
    ("12月", (D, None, "2023-12-01", "2023-12-31", None)),
    ("不适用", ("not_applicable", None, None, None, None)),
    ("按时完成", (W, None, None, None, None)),
    ("", None),
    ("—", None),
]


@pytest.mark.parametrize(("written", "expected"), ACTUALS, ids=[repr(t[0]) for t in ACTUALS])
def test_an_actual(written: str, expected: tuple[object, ...] | None) -> None:
    assert _read(parse_actual(written, None, ValueContext(fiscal_year=2023))) == expected


def test_nothing_as_the_actual_of_a_number_is_missing_and_never_zero() -> None:
    number, words = parse_target("≥5次"), parse_target("有效提升")
    assert parse_actual("无", number) is None
    said = parse_actual("无", words)
    assert said is not None
    assert said.kind is ValueKind.QUALITATIVE


@pytest.mark.parametrize(
    "written", ["超90万人", "近8万笔", "800多家", "7.9万余人", "98%左右", "约98%"]
)
def test_an_approximate_actual_says_so(written: str) -> None:
    value = parse_actual(written)
    assert value is not None
    assert value.approximate


INFERRED = [
    ("73万元", {"level2": "成本指标", "name": "工作经费"}, "≤"),
    ("1322元/次", {"level1": "成本指标", "level2": "经济成本指标", "name": "平均每次出差费"}, "≤"),
    ("1.5万元/人/年", {"level1": "成本指标", "level2": "经济成本指标", "name": "人均周转金"}, "="),
    ("10%", {"level2": "成本指标", "name": "成本节约率"}, "≥"),
    ("100%", {"level2": "成本指标", "name": "资金到位率"}, "≥"),
    ("0次", {"level2": "质量指标", "name": "事故次数"}, "="),
    ("2天", {"level2": "时效指标", "name": "处理"}, "≤"),
    ("48小时", {"level2": "质量指标", "name": "故障修复时间"}, "≤"),
    ("300天", {"level2": "时效指标", "name": "场馆开放天数"}, "≥"),
    ("15%", {"level2": "质量指标", "name": "系统故障率"}, "≤"),
    ("10起", {"level2": "社会效益指标", "name": "群众投诉"}, "≤"),
    ("5%", {"level2": "社会效益指标", "name": "城镇失业率"}, "≤"),
    ("95%", {"level2": "社会效益指标", "name": "投诉处理率"}, "≥"),
    ("95%", {"level2": "数量指标", "name": "失业保险参保率"}, "≥"),
    ("100人", {"level2": "数量指标", "name": "失业人员培训人数"}, "≥"),
    ("90%", {"level2": "质量指标", "name": "违规行为查处率"}, "≥"),
    ("90%", {"level2": "质量指标", "name": "覆盖率"}, "≥"),
]


@pytest.mark.parametrize(
    ("written", "context", "comparator"), INFERRED, ids=[i[1]["name"] for i in INFERRED]
)
def test_a_target_without_a_sign_gets_one_and_says_so(
    written: str, context: dict[str, str], comparator: str
) -> None:
    value = parse_target(written, ValueContext(**context))  # type: ignore[arg-type]
    assert value is not None
    assert value.comparator is not None
    assert value.comparator.value == comparator
    assert "comparator" in value.inferred


def test_a_written_sign_is_not_called_inferred() -> None:
    value = parse_target("≥90%")
    assert value is not None
    assert value.inferred == ()


@pytest.mark.parametrize(
    ("written", "context", "value", "unit", "inferred"),
    [
        ("≤500万", {"level2": "成本指标", "name": "医疗费报销费用"}, "5000000", "元", ("unit",)),
        ("95.00", {"name": "补助覆盖面（%）"}, "95", "%", ("comparator", "unit")),
        ("100", {"name": "补助金额（万元）"}, "1000000", "元", ("comparator", "unit")),
        ("15", {"header_unit": "万元"}, "150000", "元", ("comparator", "unit")),
        ("15人", {"header_unit": "万元"}, "15", "人", ("comparator",)),
    ],
)
def test_a_unit_from_around_the_value(
    written: str, context: dict[str, str], value: str, unit: str, inferred: tuple[str, ...]
) -> None:
    read = parse_target(written, ValueContext(**context))  # type: ignore[arg-type]
    assert read is not None
    assert isinstance(read.value, Decimal)
    assert (plain(read.value), read.unit, read.inferred, read.text) == (
        value,
        unit,
        inferred,
        written,
    )


def test_not_below_last_year_is_last_years_value_where_it_is_known() -> None:
    prior = parse_actual("85%")
    value = parse_target("不低于上年", ValueContext(prior_actual=prior))
    assert _read(value) == (Q, "≥", "85", None, "%")
    assert value is not None
    assert "value" in value.inferred


@pytest.mark.parametrize(
    ("written", "said"),
    [("是", True), ("否", False), ("已完成", True), ("未完成", False), ("无", False)],
)
def test_yes_and_no(written: str, said: bool) -> None:
    target = parse_target("是")
    value = parse_actual(written, target)
    assert value is not None
    assert yes_no(value) is said


def test_a_name_that_asks_whether_makes_words_a_yes_no() -> None:
    value = parse_target("建成", ValueContext(name="是否建成平台"))
    assert value is not None
    assert value.kind is ValueKind.YES_NO


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("≤500万", "unit_inferred"),
        ("约100人", "approximate"),
        ("100%1000件", "several_numbers"),
        ("±5%", "T01"),
        ("2月30日前", "date_invalid"),
    ],
)
def test_what_could_not_be_read_has_a_code(written: str, code: str) -> None:
    value = parse_target(written, ValueContext(level2="成本指标", name="经费", fiscal_year=2023))
    assert value is not None
    assert code in value.problems


def test_a_date_without_any_year_stays_words() -> None:
    value = parse_target("10月底前")
    assert value is not None
    assert value.kind is ValueKind.QUALITATIVE
    assert value.problems == ("year_unknown",)
