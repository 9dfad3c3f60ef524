"""Corners of the engine that no worked example stands in, and forms without a points column."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from performance.rulebook import load
from performance.scoring import LineState, ScoreLine, ScoreSheet, grade_of, score
from performance.scoring.explain import number, percent, two
from performance.tables import Execution, Objective, ParsedIndicator, ParsedTable, TableKind
from performance.values import ValueContext, parse_actual, parse_target

HUBEI = load("hubei-2020")
NATIONAL = load("mof-2020-10")


def _line(
    target: str,
    actual: str,
    points: str | None = "10",
    *,
    claimed: str | None = None,
    rule: str | None = None,
    goal: str | None = None,
    **context: Any,
) -> ParsedIndicator:
    around = ValueContext(
        **{
            "name": "示例",
            "level1": "产出指标",
            "level2": "质量指标",
            "fiscal_year": 2023,
            **context,
        }
    )
    read = parse_target(target, around)
    return ParsedIndicator(
        name=around.name,
        at="L0001",
        level1=around.level1,
        level2=around.level2,
        goal=goal,
        target=read,
        actual=parse_actual(actual, read, around),
        points=Decimal(points) if points else None,
        awarded=Decimal(claimed) if claimed else None,
        scoring_rule=rule,
    )


def _sheet(*lines: ParsedIndicator, rules: Any = NATIONAL, **table: Any) -> ScoreSheet:
    return score(
        ParsedTable(kind=TableKind.SELF_EVALUATION, at="L0001", indicators=lines, **table), rules
    )


def _one(*args: Any, rules: Any = NATIONAL, **options: Any) -> ScoreLine:
    return _sheet(_line(*args, **options), rules=rules).lines[0]


@pytest.mark.parametrize(
    ("target", "actual", "options", "awarded", "says"),
    [
        ("80-90%", "85%", {}, "10.00", "在 目标 80–90% 之内"),
        ("80-90%", "72%", {}, "9.00", "10×72÷80＝9.00 分"),
        ("80-90%", "100%", {}, "9.00", "10×90÷100＝9.00 分"),
        (">95%", "95%", {}, "10.00", "按比率 1 计"),
        (">0次", "0次", {}, "0.00", "不能按比例计"),
        ("<5%", "5%", {}, "10.00", "按比率 1 计"),
        ("≥90%", "-5%", {}, "0.00", "不能按比例计"),
        ("=100人", "120人", {}, "10.00", "超过"),
        ("=100人", "80人", {}, "8.00", "10×80÷100＝8.00 分"),
        ("=-5%", "-6%", {}, "0.00", "不能按比例计"),
        ("=1.5万元/人", "2万元/人", {"name": "补助标准", "level2": "成本指标"}, "7.50", "10×15000÷20000＝7.50 分"),
        ("=-1元/人", "1元/人", {"name": "补助标准", "level2": "成本指标"}, "0.00", "不能按比例计"),
        ("≥90%", "92-95%", {}, "10.00", "达标"),
        ("≥1000元", "2000元", {"level2": "成本指标"}, "10.00", "达标"),
        ("10月底前", "按时完成", {"level2": "时效指标"}, "10.00", "推断"),
        ("10月底前", "10月底前", {"level2": "时效指标"}, "10.00", "不晚于"),
        ("10月底前", "尚未完成", {"level2": "时效指标"}, "0.00", "晚于"),
        ("是", "是", {}, "10.00", "达标"),
        ("是", "否", {}, "0.00", "未达标"),
        ("是", "已完成", {}, "10.00", "达标"),
        ("否", "否", {}, "10.00", "达标"),
        ("建成", "已建成", {"name": "是否建成平台"}, "10.00", "达标"),
        ("≥100人", "70人", {"rule": "按评判等级赋分", "claimed": "7"}, "7.00", "自评得分在本档内"),
        ("≥100人", "70人", {"rule": "按评判等级赋分", "claimed": "9"}, "6.00", "不在本档范围内"),
        ("≥90%", "80%", {"rule": "每少1个百分点扣1分"}, "8.89", "表内另有评分标准"),
        ("有效提升", "全部完成", {"rule": "直接赋分"}, "10.00", "达成"),
        ("有效提升", "未完成", {"rule": "直接赋分"}, "0.00", ""),
        ("有效提升", "达成年度指标", {}, "10.00", "达成年度指标"),
        ("有效提升", "是", {}, "10.00", "达成"),
        ("有效提升", "否", {}, "0.00", "未达成"),
        ("有效提升", "群众反映良好", {"claimed": "8.5"}, "8.50", "按自评比例 85%"),
        ("≥90%", "≥95%", {}, "10.00", "实际写成“≥95%”，按界值 95%计，≥ 目标 90%"),
    ],
)  # fmt: skip
def test_a_line_is_scored_and_says_why(
    target: str, actual: str, options: dict[str, Any], awarded: str, says: str
) -> None:
    line = _one(target, actual, **options)
    assert str(line.awarded) == awarded, line.explanation
    assert says in line.explanation


@pytest.mark.parametrize(
    ("target", "actual", "options", "reason"),
    [
        ("≥90%", "效果良好", {}, "actual_not_number"),
        ("≥90%", "2023年5月", {}, "actual_not_number"),
        ("≥90%", "95次", {}, "unit_mismatch"),
        ("≥90%", "85-95次", {}, "unit_mismatch"),
        ("≥90%", "85-95%", {}, "range_undecided"),
        ("80-90%", "≥85%", {}, "bound_unusable"),
        ("=5天", "≥5天", {"level2": "时效指标"}, "bound_unusable"),
        ("10月底前", "推进中", {"level2": "时效指标"}, "date_undecided"),
        ("是", "正在办理", {}, "words_undecided"),
        ("有效提升", "效果良好", {}, "words_undecided"),
        ("有效提升", "效果良好", {"claimed": "12"}, "words_undecided"),
        ("", "5", {}, "target_missing"),
        ("≥5次", "", {}, "actual_missing"),
        ("≥100人", "70人", {"points": "0", "rule": "按评判等级赋分"}, ""),
    ],
)
def test_what_cannot_be_judged_is_not_scored_and_says_what_to_do(
    target: str, actual: str, options: dict[str, Any], reason: str
) -> None:
    line = _one(target, actual, **options)
    if not reason:
        assert line.awarded == 0
        return
    assert (line.state, line.awarded, line.reason) == (LineState.NOT_SCORED, None, reason)
    assert "未评分" in line.explanation or "不能按界值评分" in line.explanation


def test_not_applicable_is_left_out_on_either_side() -> None:
    for target, actual in (("不适用", "5"), ("≥5次", "不涉及")):
        line = _one(target, actual)
        assert line.state is LineState.NOT_APPLICABLE
        assert line.awarded is None
    sheet = _sheet(
        _line("≥5次", "5次", "90"),
        _line("≥5次", "不适用", "0"),
        execution=Execution(budget_used=Decimal(100), executed=Decimal(100)),
    )
    assert (sheet.complete, str(sheet.total), sheet.grade) == (True, "100.00", "优")


def test_satisfaction_not_in_percent_is_judged_as_a_number() -> None:
    rules = load("mof-2021-101")
    line = _one("≥90分", "90分", level1="满意度指标", level2="服务对象满意度指标", rules=rules)
    assert str(line.awarded) == "10.00"
    low = _one("≥90%", "50%", level1="满意度指标", level2="服务对象满意度指标", rules=rules)
    assert str(low.awarded) == "0.00"
    assert "按满意度区间赋分 0%" in low.explanation


def test_incomplete_has_a_partial_total_and_no_grade() -> None:
    sheet = _sheet(
        _line("≥5次", "5次", "50"),
        _line("≥5次", "", "40"),
        execution=Execution(budget_used=Decimal(100), executed=Decimal(50)),
        total_claimed=Decimal(95),
    )
    assert (str(sheet.total), str(sheet.available), sheet.grade) == ("55.00", "60", None)
    assert "已评 55.00 分 / 可评 60.00 分" in sheet.explanation
    assert "与自评相差 -40.00 分" in sheet.explanation


def test_a_line_without_points_beside_lines_with_points() -> None:
    line = _sheet(_line("≥5次", "5次", None), _line("≥5次", "5次", "50")).lines[0]
    assert (line.reason, line.points) == ("points_missing", None)


@pytest.mark.parametrize(
    ("unmet", "claimed", "expected"),
    [
        (["45%"], ["10"], ["20"]),
        (["45%", "45%"], ["5", "5"], ["10", "10"]),
        (["45%", "45%"], ["5", "8"], [None, None]),
        (["45%", ""], ["5", "10"], [None, None]),
    ],
)
def test_a_form_without_a_points_column(
    unmet: list[str], claimed: list[str], expected: list[str | None]
) -> None:
    lines = [_line("≥90%", "95%", None, claimed="60", name="达标")]
    lines += [
        _line("≥90%", actual, None, claimed=given, name=f"未达标{number}")
        for number, (actual, given) in enumerate(zip(unmet, claimed, strict=True))
    ]
    sheet = _sheet(*lines, rules=HUBEI)
    points = [None if line.points is None else str(line.points) for line in sheet.lines[1:]]
    assert points == expected
    assert sheet.lines[0].own_award
    codes = [problem.code for problem in sheet.problems]
    assert codes == ["points_unknown"] * expected.count(None)


def test_a_form_without_points_or_awards_is_told() -> None:
    sheet = _sheet(_line("≥90%", "95%", None))
    assert [problem.code for problem in sheet.problems] == ["points_unknown"]
    assert not sheet.complete


def test_the_goal_points_of_a_form_and_of_a_split() -> None:
    printed = _sheet(
        _line("≥90%", "95%", None, claimed="40"),
        _line("≥90%", "45%", None, claimed="10"),
        rules=HUBEI,
        goal_points=Decimal(70),
    )
    assert str(printed.lines[1].points) == "30"
    split = _sheet(
        _line("≥90%", "95%", None, claimed="40"), _line("≥90%", "45%", None, claimed="10")
    )
    assert str(split.lines[1].points) == "50"


def test_several_goals_with_shares_are_rounded_once_a_goal() -> None:
    lines = (
        _line("≥3", "1", "80", goal="一"),
        _line("≥3", "2", "80", goal="二"),
    )
    objectives = (
        Objective(text="一", share=Decimal("0.25")),
        Objective(text="二", share=Decimal("0.75")),
    )
    sheet = _sheet(*lines, rules=HUBEI, objectives=objectives)
    # 26.67 × 0.25 = 6.6675 → 6.67; 53.33 × 0.75 = 39.9975 → 40.00
    assert str(sheet.total) == "46.67"
    halves = tuple(replace(line, points=Decimal(40)) for line in lines)
    weighed = _sheet(*halves, rules=HUBEI, objectives=objectives)
    assert str(weighed.total) == "40.00"


def test_caps_go_by_the_lowest_that_applies() -> None:
    rules = load("capped-by-execution")
    totals = {}
    for executed in ("80", "79.99", "69", "59", "49"):
        sheet = _sheet(
            _line("≥5次", "5次", "80"),
            rules=rules,
            execution=Execution(budget_used=Decimal(100), executed=Decimal(executed)),
        )
        totals[executed] = (str(sheet.total), sheet.grade, sheet.cap)
    assert totals["80"] == ("96.00", "优", None)
    assert totals["79.99"] == ("89", "良", Decimal(89))
    assert totals["69"] == ("79", "中", Decimal(79))
    assert totals["59"] == ("69", "中", Decimal(69))
    assert totals["49"] == ("59", "差", Decimal(59))
    zero = _sheet(
        _line("≥5次", "5次", "80"),
        rules=rules,
        execution=Execution(budget_used=Decimal(0), executed=Decimal(5)),
    )
    assert str(zero.total) == "59"
    assert "封顶 59.00 分" in zero.explanation


def test_below_every_band_and_grade() -> None:
    rules = replace(
        load("mof-2021-101"),
        execution_bands=load("mof-2021-101").execution_bands[:1],
        grades=HUBEI.grades[:1],
    )
    sheet = _sheet(
        _line("≥5次", "0次", "90"),
        rules=rules,
        execution=Execution(budget_used=Decimal(100), executed=Decimal(50)),
    )
    assert sheet.execution is not None
    assert sheet.execution.awarded == 0
    assert grade_of(Decimal(5), rules) is None
    assert "不定等级" in sheet.explanation


def test_an_execution_smaller_than_ten_thousand_is_shown_in_yuan() -> None:
    sheet = _sheet(execution=Execution(budget_used=Decimal(5000), executed=Decimal(2500)))
    assert sheet.execution is not None
    assert sheet.execution.explanation == "执行率 2500÷5000＝50%，10×2500÷5000＝5.00 分"


def test_printed_points_for_execution_stand_before_the_sets() -> None:
    sheet = _sheet(
        execution=Execution(
            budget_used=Decimal(100), executed=Decimal(50), points=Decimal(20), at="L0009"
        )
    )
    assert sheet.execution is not None
    assert (str(sheet.execution.awarded), sheet.execution.notes) == ("10.00", ("R02", "W01"))


def test_the_initial_budget_stands_in_and_says_so() -> None:
    sheet = _sheet(
        execution=Execution(
            budget_used=Decimal(100), executed=Decimal(50), inferred=("budget_used",)
        )
    )
    assert sheet.execution is not None
    assert "正文" in sheet.execution.explanation or "年初" in sheet.execution.explanation


def test_figures_for_the_eye() -> None:
    assert two(None) == "—"
    assert percent(None) == "—"
    assert percent(Decimal("0.246166")) == "24.62%"
    assert number(None) == ""
    assert number(date(2023, 1, 2)) == "2023-01-02"
