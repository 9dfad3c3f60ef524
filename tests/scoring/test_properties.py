"""What holds for every table and every rule set."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performance.rulebook import all_rulesets, load
from performance.scoring import LineState, RuleSet, score
from performance.tables import Execution, Objective, ParsedIndicator, ParsedTable, TableKind
from performance.values import (
    Comparator,
    Value,
    ValueContext,
    ValueKind,
    parse_actual,
    parse_target,
)

RULES = sorted(all_rulesets())
amounts = st.decimals(min_value=-50, max_value=1000, places=2, allow_nan=False)
written = st.one_of(
    st.sampled_from(
        ["", "无", "不适用", "是", "否", "已完成", "基本完成", "未完成", "有效提升", "10月底前", "2023年9月",
         "3-5次", "≥90%", "≤5天", "=2天", "0次", "1:10", "100%1000件"]
    ),
    st.builds(
        lambda sign, number, unit: f"{sign}{number}{unit}",
        st.sampled_from(["", "≥", ">", "≤", "<", "="]),
        st.decimals(min_value=-100, max_value=10000, places=2, allow_nan=False).map(lambda d: f"{d:f}"),
        st.sampled_from(["", "%", "次", "人", "万元", "天", "元/人", "比例"]),
    ),
    st.text(max_size=20),
)  # fmt: skip
levels = st.sampled_from(
    [
        ("产出指标", "数量指标"),
        ("产出指标", "质量指标"),
        ("产出指标", "时效指标"),
        ("产出指标", "成本指标"),
        ("效益指标", "社会效益指标"),
        ("满意度指标", "服务对象满意度指标"),
        (None, None),
    ]
)
names = st.sampled_from(["覆盖率", "安全事故次数", "办理时限", "发放标准", "培训人数", "经费"])
points = st.one_of(st.none(), st.decimals(min_value=0, max_value=40, places=1, allow_nan=False))


@st.composite
def indicators(draw: st.DrawFn) -> ParsedIndicator:
    level1, level2 = draw(levels)
    context = ValueContext(name=draw(names), level1=level1, level2=level2, fiscal_year=2023)
    target = parse_target(draw(written), context)
    return ParsedIndicator(
        name=context.name,
        at=f"L{draw(st.integers(1, 9999)):04d}",
        level1=level1,
        level2=level2,
        goal=draw(st.sampled_from([None, "目标1", "目标2"])),
        target=target,
        actual=parse_actual(draw(written), target, context),
        points=draw(points),
        awarded=draw(points),
        scoring_rule=draw(
            st.sampled_from([None, "直接赋分", "按照正常比例赋分", "按评判等级赋分", "满意度赋分", "每少1家扣1分"])
        ),
    )  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> ParsedTable:
    money = st.one_of(st.none(), st.decimals(min_value=0, max_value=10**9, places=2))
    budget = draw(money)
    return ParsedTable(
        kind=TableKind.SELF_EVALUATION,
        at="L0001",
        fiscal_year=2023,
        objectives=draw(
            st.sampled_from(
                [(), (Objective(text="一", share=Decimal("0.6")), Objective(text="二", share=Decimal("0.4")))]
            )
        ),
        execution=draw(
            st.one_of(
                st.none(),
                st.builds(
                    Execution,
                    budget=st.just(budget),
                    budget_used=st.just(budget),
                    executed=money,
                    awarded=points,
                    finished=st.sampled_from([None, True, False]),
                ),
            )
        ),
        indicators=tuple(draw(st.lists(indicators(), max_size=6))),
        total_claimed=draw(points),
    )  # fmt: skip


@given(table=tables(), identity=st.sampled_from(RULES))
def test_points_stay_within_what_can_be_earned(table: ParsedTable, identity: str) -> None:
    sheet = score(table, load(identity))
    for line in [*sheet.lines, *([sheet.execution] if sheet.execution else [])]:
        assert (line.awarded is not None) == (line.state is LineState.SCORED)
        if line.awarded is not None:
            assert line.points is not None
            assert 0 <= line.awarded <= line.points.quantize(Decimal("0.01")) + Decimal("0.005")
        if line.ratio is not None:
            assert 0 <= line.ratio <= 1
        assert line.explanation
    assert sheet.total >= 0
    assert (sheet.grade is None) or sheet.complete


@given(table=tables(), identity=st.sampled_from(RULES))
def test_scoring_twice_gives_equal_bytes(table: ParsedTable, identity: str) -> None:
    rules = load(identity)
    assert repr(score(table, rules)).encode() == repr(score(table, rules)).encode()


@given(table=tables(), identity=st.sampled_from(RULES), seed=st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_change_the_total(
    table: ParsedTable, identity: str, seed: object
) -> None:
    # Goals are matched to objectives by their order, so they keep it.
    plain = replace(
        table, indicators=tuple(replace(one, goal=None) for one in table.indicators), objectives=()
    )
    shuffled = list(plain.indicators)
    seed.shuffle(shuffled)  # type: ignore[attr-defined]
    rules = load(identity)
    before = score(plain, rules)
    after = score(replace(plain, indicators=tuple(shuffled)), rules)
    assert (before.total, before.grade, before.complete) == (
        after.total,
        after.grade,
        after.complete,
    )


def _line(comparator: Comparator, target: Decimal, actual: Decimal, rules: RuleSet) -> Decimal:
    indicator = ParsedIndicator(
        name="指标",
        at="L0001",
        level1="产出指标",
        level2="质量指标",
        target=Value(text="t", kind=ValueKind.QUANTITATIVE, comparator=comparator, value=target),
        actual=Value(text="a", kind=ValueKind.QUANTITATIVE, value=actual),
        points=Decimal(10),
    )
    table = ParsedTable(kind=TableKind.SELF_EVALUATION, at="L0001", indicators=(indicator,))
    awarded = score(table, rules).lines[0].awarded
    assert awarded is not None
    return awarded


@given(target=amounts, one=amounts, other=amounts)
@pytest.mark.parametrize("identity", [name for name in RULES if load(name).deduct_at is None])
@pytest.mark.parametrize(
    ("comparator", "up"),
    [
        (Comparator.AT_LEAST, True),
        (Comparator.MORE_THAN, True),
        (Comparator.AT_MOST, False),
        (Comparator.LESS_THAN, False),
        (Comparator.EQUAL, True),
    ],
)
def test_awarded_never_falls_when_the_actual_moves_the_targets_way(
    comparator: Comparator, up: bool, identity: str, target: Decimal, one: Decimal, other: Decimal
) -> None:
    if comparator is Comparator.EQUAL and target == 0:
        return  # zero is met by zero alone
    low, high = sorted((one, other))
    worse, better = (low, high) if up else (high, low)
    rules = load(identity)
    assert _line(comparator, target, worse, rules) <= _line(comparator, target, better, rules)


@given(table=tables())
def test_caps_hold(table: ParsedTable) -> None:
    rules = load("capped-by-execution")
    sheet = score(table, rules)
    execution = sheet.execution
    if execution is None or execution.state is not LineState.SCORED or execution.ratio is None:
        return
    for cap in rules.caps:
        if execution.ratio < cap.rate_below - Decimal("0.000001"):
            assert sheet.total <= cap.total_at_most
