"""Red, yellow, green, blue of monitoring lines, figure by figure at the thresholds."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from performance.examination.limits import FOLDER, read_thresholds, thresholds_for
from performance.examination.loader import DataError
from performance.examination.progress import (
    Judged,
    Light,
    judge,
    judge_execution,
    judge_line,
    likelihood_of,
)
from performance.rulebook import load
from performance.tables import Execution, ParsedIndicator, ParsedTable, TableKind
from performance.values import ValueContext, parse_actual, parse_target

RULES = load("mof-2020-10")
LIMITS = thresholds_for("", 2025).progress
LEVELS = {
    "数量": ("产出指标", "数量指标"),
    "质量": ("产出指标", "质量指标"),
    "时效": ("产出指标", "时效指标"),
    "成本": ("成本指标", "经济成本指标"),
    "社会": ("效益指标", "社会效益指标"),
}


def _line(written: str) -> ParsedIndicator:
    """``数量|名称|目标|进展|偏差原因`` as an indicator."""
    kind, name, target, actual, *rest = [*written.split("|"), "", ""]
    level1, level2 = LEVELS[kind]
    context = ValueContext(name=name, level1=level1, level2=level2, fiscal_year=2025)
    goal = parse_target(target, context)
    return ParsedIndicator(
        name=name, at="第1行", level1=level1, level2=level2, target=goal,
        actual=parse_actual(actual, goal, context), deviation=rest[0] or None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("written", "light", "why"),
    [
        # what adds up is held against the share of the year: 7 of 12 months of 120 are 70
        ("数量|检查机构|≥120家|41家", "red", "7 个月应完成 70，是应完成的 58.57%，低于 60%"),
        ("数量|检查机构|≥120家|42家", "yellow", "是应完成的 60%，低于 80%"),
        ("数量|检查机构|≥120家|56家", "green", "是应完成的 80%"),
        ("数量|检查机构|≥120家|83家", "green", "118.57%"),
        ("数量|检查机构|≥120家|84家", "blue", "是应完成的 120%，达到 120%"),
        ("数量|检查机构|120家|0家", "red", "是应完成的 0%"),
        # a rate, a standard, a level: against the target itself, and never blue
        ("质量|合格率|≥95%|56.9%", "red", "是目标的 59.89%，低于 60%"),
        ("质量|合格率|≥95%|75%", "yellow", "低于 80%"),
        ("质量|合格率|≥50%|99%", "green", "已达到"),
        ("数量|补助标准|=1200元/人/年|600元/人/年", "red", "是目标的 50%"),
        ("数量|设备使用年限|≥10年|10年", "green", "已达到"),
        ("数量|开放天数|≥300天|175天", "green", "7 个月应完成 175，是应完成的 100%"),
        # what must stay within
        ("成本|运行维护费|≤500万元|480万元", "green", "在目标之内"),
        ("成本|运行维护费|≤500万元|501万元", "red", "超出目标"),
        ("时效|办理时限|≤5天|6天", "red", "超出目标"),
        ("质量|安全事故|0次|0次", "green", "在目标之内"),
        ("质量|安全事故|0次|1次", "red", "超出目标"),
        # dates: due or not by the end of July
        ("时效|完成时间|2025年7月31日前|正在办理", "red", "已到期"),
        ("时效|完成时间|2025年8月1日前|正在办理", None, "还没有到期"),
        ("时效|完成时间|2025年10月底前|2025年6月2日", "green", "按时完成"),
        ("时效|完成时间|2025年3月底前|2025年4月2日", "red", "晚于目标"),
        # words
        ("社会|机制建设|机制健全|全部完成", "green", "归入"),
        ("社会|机制建设|机制健全|部分完成", "yellow", "归入"),
        ("社会|机制建设|机制健全|尚未开展", "red", "归入"),
        ("社会|机制建设|机制健全|正在推进", None, "看不出达成的程度"),
        # nothing to judge
        ("数量|检查机构|≥120家|", None, "没有填进展"),
        ("数量|检查机构||12家", None, "没有指标值"),
        ("数量|检查机构|≥120家|不适用", None, "不适用"),
        ("数量|检查机构|≥120家|顺利推进", None, "不能与目标"),
        ("成本|运行维护费|≤500万元|3家", None, "不能与目标"),
    ],
)  # fmt: skip
def test_the_light_of_a_line_in_july(written: str, light: str | None, why: str) -> None:
    found = judge_line(_line(written), month=7, year=2025, rules=RULES, limits=LIMITS)
    assert (found.light and found.light.value, why in found.why) == (light, True), found


@pytest.mark.parametrize(
    ("executed", "light"),
    [("349", "red"), ("350", "yellow"), ("466", "yellow"), ("467", "green"), ("1000", "green")],
)
def test_execution_against_the_share_of_the_year(executed: str, light: str) -> None:
    money = Execution(budget=Decimal(1000), executed=Decimal(executed))
    table = ParsedTable(kind=TableKind.MONITORING, at="", execution=money)
    assert judge_execution(table, month=7, limits=LIMITS).light == light
    assert judge_execution(table, month=12, limits=LIMITS).light == (
        "green" if executed == "1000" else "red"
    )


@pytest.mark.parametrize("money", [None, Execution(), Execution(budget=Decimal(0), executed=Decimal(0))])  # fmt: skip
def test_execution_without_money_has_no_light(money: Execution | None) -> None:
    table = ParsedTable(kind=TableKind.MONITORING, at="", execution=money)
    assert judge_execution(table, month=7, limits=LIMITS).light is None


@pytest.mark.parametrize(
    ("target", "forecast", "expected"),
    [
        ("≥120家", "130家", "确定能"), ("≥120家", "≥120家", "确定能"), ("≥120家", "119家", "完全不可能"),
        ("≥120家", "可以完成", "确定能"), ("≥120家", "基本完成", "有可能"), ("≥120家", "年底再看", None),
        ("≥120家", "", None), ("≥120家", "不适用", None), ("2025年10月底前", "2025年11月2日", "完全不可能"),
    ],
)  # fmt: skip
def test_what_the_forecast_says(target: str, forecast: str, expected: str | None) -> None:
    line = _line(f"数量|检查机构|{target}|")
    found = likelihood_of(line, forecast, fiscal_year=2025, rules=RULES)
    assert (found.value if found is not None else None) == expected


def _judged(
    *lines: str, cause: str | None = None, forecasts: tuple[str, ...] = ()
) -> tuple[list[Judged], Judged, Light | None]:
    table = ParsedTable(
        kind=TableKind.MONITORING, at="", fiscal_year=2025, deviation_reason=cause,
        indicators=tuple(_line(line) for line in lines),
        execution=Execution(budget=Decimal(1000), executed=Decimal(300)),
    )  # fmt: skip
    said = forecasts or ("",) * len(lines)
    found = judge(table, said, month=7, rules=RULES, limits=LIMITS)
    return list(found.lines), found.execution, found.worst


def test_a_cause_is_asked_for_where_a_line_is_red_or_yellow_or_will_fail() -> None:
    lines, execution, worst = _judged(
        "数量|甲|≥120家|10家", "数量|乙|≥120家|50家|停业两个月", "数量|丙|≥120家|70家",
        "数量|丁|≥120家|70家", "数量|戊|≥120家|50家|无",
        forecasts=("", "", "120家", "110家", ""),
    )  # fmt: skip
    assert [bool(line.due) for line in lines] == [True, False, False, True, True]
    assert lines[3].due == "预计全年达不到目标"
    assert execution.due
    assert worst is Light.RED
    lines, execution, _ = _judged("数量|甲|≥120家|10家", cause="年初经费没有到位")
    assert not lines[0].due
    assert not execution.due


def test_the_worst_light_counts_and_none_is_none() -> None:
    assert _judged("数量|甲|≥120家|70家")[2] is Light.RED, "execution is red"
    table = ParsedTable(kind=TableKind.MONITORING, at="", fiscal_year=2025)
    none = judge(table, (), month=7, rules=RULES, limits=LIMITS)
    assert (none.worst, none.label, none.counts["red"]) == (None, "未判定", 0)


def test_the_thresholds_are_data(tmp_path: Path) -> None:
    strict = replace(LIMITS, red_below=Decimal("0.90"), yellow_below=Decimal("0.95"))
    line = _line("质量|合格率|≥100%|89%")
    assert judge_line(line, month=7, year=2025, rules=RULES, limits=strict).light is Light.RED
    assert judge_line(line, month=7, year=2025, rules=RULES, limits=LIMITS).light is Light.GREEN
    written = (FOLDER / "default.yaml").read_text(encoding="utf-8")
    path = tmp_path / "default.yaml"
    for wrong, words in (
        (written.replace('red_below: "0.60"', 'red_below: "0.90"'), "从小到大"),
        (written.replace('  blue_from: "1.20"\n', ""), "progress 应依次写"),
    ):
        path.write_text(wrong, encoding="utf-8")
        with pytest.raises(DataError, match=words):
            read_thresholds(path)
