"""Details of lines that are easy to get slightly wrong."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from performance.rulebook import load
from performance.scoring import score
from performance.scoring.engine import raw_total
from performance.tables import Execution, ParsedTable, TableKind
from tests.scoring.test_corners import HUBEI, NATIONAL, _line, _one, _sheet


def test_a_line_names_its_place_its_source_and_its_clause() -> None:
    checked = replace(NATIONAL, source=replace(NATIONAL.source, clause="第九条", checked=True))
    sheet = _sheet(
        replace(_line("≥5次", "5次"), at="T2R05C03"),
        rules=checked,
        execution=Execution(budget_used=Decimal(100), executed=Decimal(50), at="T2R01C01"),
    )
    assert sheet.execution is not None
    for line, at in ((sheet.lines[0], "T2R05C03"), (sheet.execution, "T2R01C01")):
        assert (line.at, line.source, line.clause) == (at, "财预〔2020〕10号", "第九条")
    bare = score(ParsedTable(kind=TableKind.SELF_EVALUATION, at="L0007"), NATIONAL)
    assert bare.execution is not None
    assert bare.execution.at == "L0007"
    assert _one("≥5次", "5次", rules=HUBEI).source == "鄂财绩发〔2020〕3号 系列制度"
    assert (
        _one("≥5次", "5次", rules=load("linear-excess")).source == "一体化自评通用规则 (线性超额)"
    )


@pytest.mark.parametrize(
    ("target", "actual", "reason", "ratio"),
    [
        (">5次", "6次", "met", "1.000000"),
        (">5次", "5次", "edge", "1.000000"),
        ("≥5次", "5次", "met", "1.000000"),
        ("≥5次", "4次", "below", "0.800000"),
        ("≤5次", "6次", "above_inverse", "0.833333"),
        ("=5次", "6次", "met_over", "1.000000"),
    ],
)
def test_reasons_and_ratios(target: str, actual: str, reason: str, ratio: str) -> None:
    line = _one(target, actual)
    assert (line.reason, str(line.ratio)) == (reason, ratio)


def test_all_or_nothing_on_a_number() -> None:
    assert str(_one("≥100", "100", rule="直接赋分").awarded) == "10.00"
    assert str(_one(">100", "100", rule="直接赋分").awarded) == "10.00"
    missed = _one("≥100", "99", rule="直接赋分")
    assert str(missed.awarded) == "0.00"
    assert "达标得分、不达标不得分" in missed.explanation
    undecided = _one("有效提升", "效果良好", rule="直接赋分")
    assert undecided.awarded is None


def test_the_rule_of_a_line_goes_before_its_level() -> None:
    rules = load("xinjiang-2023")
    by_band = _one("≥95%", "92%", rule="满意度赋分", rules=rules)
    assert (by_band.reason, str(by_band.awarded)) == ("satisfaction_band", "10.00")
    by_ratio = _one(
        "≥95%",
        "85.5%",
        rule="按照正常比例赋分",
        level1="满意度指标",
        level2="满意度指标",
        rules=rules,
    )
    assert (by_ratio.reason, str(by_ratio.awarded)) == ("below", "9.00")
    own = _one("≥95%", "92%", rule="每少1个百分点扣1分", level1="满意度指标", rules=rules)
    assert own.reason == "satisfaction_band"
    assert own.hint_only


def test_over_achievement_means_nothing_for_cost_and_satisfaction() -> None:
    for level1, level2 in (
        ("成本指标", "经济成本指标"),
        ("产出指标", "成本指标"),
        ("满意度指标", None),
    ):
        line = _one("≥50%", "90%", level1=level1, level2=level2, name="节约率")
        assert "O01" not in [flag.code for flag in line.flags]
    flag = _one("≥50%", "90%", name="覆盖率").flags[0]
    assert flag.message == "指标“覆盖率”完成目标的 180%，请说明原因"


def test_a_bound_that_meets_is_met_for_a_direct_rule_too() -> None:
    line = _one("≥90%", "≥95%", rule="直接赋分")
    assert str(line.awarded) == "10.00"
    down = _one("≤5天", "≤4天", level2="时效指标")
    assert str(down.awarded) == "10.00"
    assert down.flags[0].message == "指标“示例”的实际写成界值“≤4天”，不是实际数"


def test_inferred_points_say_so() -> None:
    sheet = _sheet(
        _line("≥90%", "95%", None, claimed="60"),
        _line("≥90%", "45%", None, claimed="10"),
        rules=HUBEI,
    )
    met, rest = sheet.lines
    assert (met.points_inferred, met.own_award) == (True, True)
    assert (rest.points_inferred, rest.own_award) == (True, False)
    assert "分值 20 由得分推出" in rest.explanation


def test_a_budget_of_a_single_yuan_is_a_budget() -> None:
    sheet = _sheet(execution=Execution(budget_used=Decimal(1), executed=Decimal(1)))
    assert sheet.execution is not None
    assert str(sheet.execution.awarded) == "10.00"


def test_bands_keep_their_remarks() -> None:
    rules = load("mof-2021-101")
    sheet = _sheet(rules=rules, execution=Execution(budget_used=Decimal(100), executed=Decimal(70)))
    assert sheet.execution is not None
    assert sheet.execution.notes == ("R02",)
    assert "按执行率区间赋分，得 5.00 分" in sheet.execution.explanation
    assert sheet.execution.flags[0].message == "项目“”预算结余超过 20%，请说明原因"


def test_odd_money_is_told_in_figures() -> None:
    table = ParsedTable(
        kind=TableKind.SELF_EVALUATION,
        at="L0001",
        project="能力提升",
        execution=Execution(
            budget=Decimal(0),
            budget_used=Decimal(606500),
            executed=Decimal(606500),
            awarded=Decimal(18),
            inferred=("budget_used",),
        ),
    )
    line = score(table, HUBEI).execution
    assert line is not None
    assert line.flags[0].message == (
        "项目“能力提升”表内预算数为 0，却执行了 60.65 万元；正文的调整预算数为 60.65 万元，"
        "按它计得 20.00 分，自评 18.00 分；请把调整预算数填入表内"
    )
    assert line.explanation == (
        "表内预算数为 0 万元，按正文的调整预算数 60.65 万元计；执行率 60.65÷60.65＝100%，得满分 20.00 分"
    )


def test_tails_in_full() -> None:
    line = _one("100人", "130人", rules=load("capped-by-execution"), name="培训人数")
    assert line.explanation == (
        "实际 130 人 ≥ 目标 100 人，达标，满分 10 分；超额完成达到 130%，扣 2 分，得 8.00 分；目标未写比较符，按“≥”理解"
    )
    partial = _one("有效提升", "部分达成", claimed="9")
    assert partial.explanation == (
        "实际“部分达成”，归入“部分达成年度指标并具有一定效果”（60%–80%），按本档 60% 计，10×60%＝6.00 分；"
        "自评 9.00 分不在本档范围内"
    )
    floor = _one("≥90", "60", "20", rules=load("mof-2021-101"))
    assert (
        floor.explanation
        == "实际 60 < 目标 90，完成比率 60÷90≈66.67%，20×(66.67%－0.6)÷0.4＝3.33 分"
    )


def test_units_of_one_kind_are_comparable_and_others_are_not() -> None:
    assert _one("≥5家", "6个").awarded == 10
    assert _one("≥5家", "6").awarded == 10
    for target, actual in (("≥5元", "6个"), ("≥5天", "6小时"), ("≥5‰", "6%"), ("≥5元/人", "6元")):
        assert _one(target, actual).reason == "unit_mismatch"


def test_what_lines_come_to_before_a_cap() -> None:
    rules = load("capped-by-execution")
    table = ParsedTable(
        kind=TableKind.SELF_EVALUATION,
        at="L0001",
        execution=Execution(budget_used=Decimal(100), executed=Decimal(40)),
        indicators=(_line("≥5次", "5次", points="80"),),
        goal_points=Decimal(80),
    )
    sheet = score(table, rules)
    assert sheet.execution is not None
    assert raw_total(table, sheet.lines, sheet.execution, rules) == Decimal("88.00")
    assert raw_total(table, sheet.lines, None, rules) == Decimal("80.00")
    assert sheet.total == Decimal("59.00")
