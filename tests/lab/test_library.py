"""The indicator library as plain figures: gathering, the usual, near-duplicates."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from performance.library import Use, form_of, gathered, is_same, key_of, merged
from performance.values import ValueContext, parse_target

SATISFIED = "服务对象满意度指标"


def _use(name: str, target: str, **more: Any) -> Use:
    level2 = more.pop("level2", SATISFIED)
    context = ValueContext(name=name, level1="满意度指标", level2=level2, fiscal_year=2023)
    given = {
        "project": "示例项目", "unit": "甲一中心", "department": "甲局", "region": "辛市", "field": "甲局", "year": 2023,
    }  # fmt: skip
    return Use(
        name=name,
        level1="满意度指标",
        level2=level2,
        target=parse_target(target, context) if target else None,
        **{**given, **more},
    )


def test_prints_of_one_name_are_one_entry() -> None:
    found = gathered(
        [
            _use("参保人员满意度", "≥90%"),
            _use("参保人员 满意度(%)", "≥95%", department="乙局"),
            _use("“参保人员满意度”（%）", "≥95%", year=2022, met=True),
            _use("参保人员满意度", "≥85%", met=False),
        ]
    )
    assert list(found) == [(SATISFIED, "参保人员满意度")]
    one = found[SATISFIED, "参保人员满意度"]
    summary = one.summary
    assert (summary.name, summary.comparator, summary.unit) == ("参保人员满意度", "≥", "%")
    # 85, 90, 95, 95: the median is one that stands in a table, the lower of the two in the middle.
    assert summary.numbers == (Decimal(85), Decimal(90), Decimal(95))
    assert summary.texts == ("≥85%", "≥90%", "≥95%")
    assert summary.target == "≥95%"
    assert (summary.uses, summary.judged, summary.reached) == (4, 2, 1)
    assert one.departments == {"甲局", "乙局"}
    assert [use.year for use in one.examples] == [2023, 2023, 2023, 2022]


def test_the_range_is_that_of_the_usual_measure() -> None:
    found = gathered(
        [
            _use("培训人次", "≥100人次", level2="数量指标"),
            _use("培训人次", "≥300人次", level2="数量指标"),
            _use("培训人次", "≥2期", level2="数量指标"),
            _use("培训人次", "有所增加", level2="数量指标"),
        ]
    )
    summary = found["数量指标", "培训人次"].summary
    assert (summary.comparator, summary.unit) == ("≥", "人次")
    assert summary.texts == ("≥100人次", "≥100人次", "≥300人次")
    assert summary.uses == 4


def test_words_are_usual_where_most_are_words() -> None:
    found = gathered(
        [_use("政策落实", text, level2="质量指标") for text in ("有效", "有效", "有效", "≥90%")]
    )
    summary = found["质量指标", "政策落实"].summary
    assert summary.target == "有效"
    assert summary.numbers == (Decimal(90),) * 3


def test_level_2_keeps_apart_and_nothing_is_no_name() -> None:
    found = gathered(
        [_use("知晓率", "≥90%"), _use("知晓率", "≥90%", level2="质量指标"), _use("——", "")]
    )
    assert set(found) == {(SATISFIED, "知晓率"), ("质量指标", "知晓率")}
    assert key_of(" 知晓率（%） ", "质量指标") == ("质量指标", "知晓率")
    assert form_of("（）") == ""


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("参保人员满意度", "参保人员的满意度", True),
        ("参保人员满意度", "参保对象满意度", True),
        ("培训人次", "培训人数", True),  # their units keep them apart
        ("线上稽查医药机构数量", "线下稽查医药机构数量", False),
        ("一季度完成率", "二季度完成率", False),
        ("城镇居民参保率", "城乡居民参保率", False),
        ("投诉办结率", "投诉未办结率", False),
    ],
)
def test_only_light_signs_make_no_other_indicator(one: str, other: str, same: bool) -> None:
    assert is_same(one, other) is same
    assert is_same(other, one) is same


def test_near_duplicates_go_into_the_name_used_most() -> None:
    found = gathered(
        [
            *(_use("参保人员的满意度", "≥95%") for _ in range(2)),
            *(_use("参保人员满意度", "≥90%", department="乙局") for _ in range(3)),
            _use("参保对象满意度", "≥80%"),
            _use("参保人员满意程度", "≥5分"),
        ]
    )
    keys = sorted(found)
    pairs = [(a, b) for a in keys for b in keys if a < b]
    went = merged(found, pairs)
    kept = (SATISFIED, "参保人员满意度")
    assert set(found) == {kept, (SATISFIED, "参保人员满意程度")}  # another measure
    assert {went[SATISFIED, name] for name in ("参保人员的满意度", "参保对象满意度")} == {kept}
    one = found[kept]
    assert one.summary.uses == 6
    assert one.summary.texts == ("≥80%", "≥90%", "≥95%")
    assert one.aliases == {"参保人员的满意度", "参保对象满意度"}


def test_chains_end_in_one_name() -> None:
    found = gathered(
        [
            *(_use("办理完成率", "≥90%") for _ in range(1)),
            *(_use("办理工作完成率", "≥90%") for _ in range(2)),
            *(_use("办理工作的完成率", "≥90%") for _ in range(4)),
        ]
    )
    keys = sorted(found)
    merged(found, [(a, b) for a in keys for b in keys if a < b])
    assert list(found) == [(SATISFIED, "办理工作的完成率")]
    assert found[SATISFIED, "办理工作的完成率"].uses == 7


def test_examples_are_the_newest() -> None:
    found = gathered([_use("知晓率", "≥90%", year=2000 + n % 100) for n in range(300)])
    one = found[SATISFIED, "知晓率"]
    assert one.summary.uses == 300
    assert [use.year for use in one.examples[:3]] == [2099, 2099, 2099]
    assert len(one.examples) == 50
