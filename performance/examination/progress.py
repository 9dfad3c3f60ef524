"""Red, yellow, green, blue: how far the lines of a monitoring table are in the middle of the year.

Local practice, not a national rule: the thresholds are data of the region. What is held against a
share of the year is what adds up over it (counts, amounts); a rate, a standard or a level is held
against its target itself, and what must stay within a bound is within it or not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from performance.examination.achievement import is_reason
from performance.examination.limits import ProgressLimits
from performance.scoring.attainment import attain, points_down
from performance.scoring.explain import percent
from performance.scoring.lines import is_numeric
from performance.scoring.qualitative import tier_by_words
from performance.scoring.rules import RuleSet
from performance.tables import ParsedIndicator, ParsedTable
from performance.values import (
    Comparator,
    Value,
    ValueContext,
    ValueKind,
    is_standard,
    parse_actual,
    plain,
)

_MONTHS = 12
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_ANY_MEASURE = {"%", "‰"}


class Light(StrEnum):
    """The colours, the gravest first."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    BLUE = "blue"


LIGHT_LABELS = {
    Light.RED: "红 可能完不成",
    Light.YELLOW: "黄 有偏差",
    Light.GREEN: "绿 正常",
    Light.BLUE: "蓝 大幅超前",
}
NO_LIGHT = "未判定"


class Likelihood(StrEnum):
    """Whether the target of the year will be reached, by the unit's own forecast (136号)."""

    CERTAIN = "确定能"
    POSSIBLE = "有可能"
    IMPOSSIBLE = "完全不可能"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One line: its light, why, and whether a cause is asked for."""

    light: Light | None
    why: str
    likelihood: Likelihood | None = None
    due: str = ""
    """Why a cause is asked for; empty where none is."""

    @property
    def label(self) -> str:
        """The light in words."""
        return LIGHT_LABELS[self.light] if self.light is not None else NO_LIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A monitoring table: each line in order, execution, and the worst of them."""

    lines: tuple[Judged, ...]
    execution: Judged

    @property
    def worst(self) -> Light | None:
        """The gravest light on the table; None where there is none."""
        return worst_of((*self.lines, self.execution))

    @property
    def label(self) -> str:
        """The worst light in words."""
        return LIGHT_LABELS[self.worst] if self.worst is not None else NO_LIGHT

    @property
    def counts(self) -> dict[str, int]:
        """How many lines of each light, execution among them."""
        shown = (*self.lines, self.execution)
        return {light.value: sum(one.light is light for one in shown) for light in Light}


def worst_of(judged: Iterable[Judged]) -> Light | None:
    """The gravest of several lights."""
    lights = {one.light for one in judged}
    return next((light for light in Light if light in lights), None)


def judge(
    table: ParsedTable,
    forecasts: Iterable[str],
    *,
    month: int,
    rules: RuleSet,
    limits: ProgressLimits,
) -> Progress:
    """The lights of a monitoring table whose progress stands where actuals do.

    ``forecasts`` are what is expected of the year, by row; ``month`` is the last one counted.
    """
    explained = is_reason(table.deviation_reason)
    lines = tuple(
        _with_forecast(
            indicator,
            forecast,
            judge_line(
                indicator, month=month, year=table.fiscal_year or 0, rules=rules, limits=limits
            ),
            table,
            rules,
            explained=explained,
        )
        for indicator, forecast in zip(table.indicators, forecasts, strict=True)
    )
    execution = judge_execution(table, month=month, limits=limits)
    if execution.light in {Light.RED, Light.YELLOW} and not explained:
        execution = replace(execution, due="预算执行偏慢，请在表下写明偏差原因")
    return Progress(lines=lines, execution=execution)


def judge_execution(table: ParsedTable, *, month: int, limits: ProgressLimits) -> Judged:
    """Executed ÷ budget against the share of the year that has passed; never blue."""
    money = table.execution
    budget, executed = (money.budget, money.executed) if money else (None, None)
    if budget is None or executed is None:
        return Judged(light=None, why="预算数或执行数没有填，不判定")
    if budget <= 0:
        return Judged(light=None, why="预算为 0，不判定")
    rate = Fraction(executed) / Fraction(budget)
    share = rate / Fraction(month, _MONTHS)
    light = _graded(share, limits)
    why = f"执行率 {percent(rate)}，{month} 个月应有 {percent(Fraction(month, _MONTHS))}，是应有的 {percent(share)}"
    return Judged(light=light, why=f"{why}{_against(light, limits)}")


def judge_line(
    indicator: ParsedIndicator, *, month: int, year: int, rules: RuleSet, limits: ProgressLimits
) -> Judged:
    """The light of one line. What cannot be judged has none, and says why."""
    target, actual = indicator.target, indicator.actual
    if target is None:
        return Judged(light=None, why="没有指标值，不判定")
    if actual is None:
        return Judged(light=None, why="没有填进展，不判定")
    if ValueKind.NOT_APPLICABLE in {target.kind, actual.kind}:
        return Judged(light=None, why="不适用，不判定")
    if target.kind is ValueKind.DATE:
        return _date(indicator, target, actual, month=month, year=year, rules=rules)
    if not is_numeric(target):
        return _words(target, actual, rules)
    found = attain(indicator, rules)
    if found.ratio is None:
        return Judged(light=None, why=f"进展“{actual.text}”不能与目标“{target.text}”相比，不判定")
    if target.kind is ValueKind.YES_NO:
        light = Light.GREEN if found.met else Light.RED
        return Judged(light=light, why=f"目标“{target.text}”，现在“{actual.text}”")
    goal, now = target.value, actual.value
    if not isinstance(goal, Decimal) or not isinstance(now, Decimal):
        light = _graded(found.ratio, limits)
        return Judged(light=light, why=_level(target, actual, found.ratio, light, limits))
    down = target.comparator in {Comparator.AT_MOST, Comparator.LESS_THAN} or (
        target.comparator is Comparator.EQUAL and points_down(indicator)
    )
    if goal == 0 or down:
        light = Light.GREEN if found.met else Light.RED
        said = "在目标之内" if found.met else "超出目标"
        return Judged(light=light, why=f"现在 {actual.text}，目标 {target.text}，{said}")
    if _adds_up(indicator, target):
        return _adding(target, actual, goal, now, month=month, limits=limits)
    light = _graded(found.ratio, limits)
    return Judged(light=light, why=_level(target, actual, found.ratio, light, limits))


def _adds_up(indicator: ParsedIndicator, target: Value) -> bool:
    """Whether a figure grows over the year, so that a share of it is due by now.

    Days and lessons do (开放天数); years of use (使用年限) are a level.
    """
    if target.kind is not ValueKind.QUANTITATIVE or target.unit in _ANY_MEASURE:
        return False
    return target.unit != "年" and not is_standard(indicator.name, target.unit)


def _adding(
    target: Value,
    actual: Value,
    goal: Decimal,
    now: Decimal,
    *,
    month: int,
    limits: ProgressLimits,
) -> Judged:
    due = Fraction(goal) * Fraction(month, _MONTHS)
    share = Fraction(now) / due
    light = Light.BLUE if share >= Fraction(limits.blue_from) else _graded(share, limits)
    why = (
        f"现在 {actual.text}，全年目标 {target.text}，{month} 个月应完成 "
        f"{_short(due)}，是应完成的 {percent(share)}{_against(light, limits)}"
    )
    return Judged(light=light, why=why)


def _short(number: Fraction) -> str:
    hundredths = (number * 200 + 1) // 2
    return plain(Decimal(int(hundredths)) / 100)


def _level(
    target: Value, actual: Value, ratio: Fraction, light: Light, limits: ProgressLimits
) -> str:
    return (
        f"现在 {actual.text}，目标 {target.text}，是目标的 {percent(ratio)}{_against(light, limits)}"
        if ratio < 1
        else f"现在 {actual.text}，目标 {target.text}，已达到"
    )


def _graded(share: Fraction, limits: ProgressLimits) -> Light:
    if share < Fraction(limits.red_below):
        return Light.RED
    return Light.YELLOW if share < Fraction(limits.yellow_below) else Light.GREEN


def _against(light: Light, limits: ProgressLimits) -> str:
    return {
        Light.RED: f"，低于 {percent(limits.red_below)}",
        Light.YELLOW: f"，低于 {percent(limits.yellow_below)}",
        Light.BLUE: f"，达到 {percent(limits.blue_from)}",
    }.get(light, "")


def _date(
    indicator: ParsedIndicator,
    target: Value,
    actual: Value,
    *,
    month: int,
    year: int,
    rules: RuleSet,
) -> Judged:
    """Done in time green, done late or due and not done red, not yet due no colour."""
    found = attain(indicator, rules)
    if found.ratio is not None and (found.met or actual.kind is ValueKind.DATE):
        light = Light.GREEN if found.met else Light.RED
        said = "按时完成" if found.met else "晚于目标"
        return Judged(light=light, why=f"目标 {target.text}，{actual.text}，{said}")
    if isinstance(target.value, date) and target.value <= _month_end(year, month):
        return Judged(light=Light.RED, why=f"目标 {target.text} 已到期，现在“{actual.text}”")
    return Judged(light=None, why=f"目标 {target.text}，还没有到期")


def _month_end(year: int, month: int) -> date:
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return date(year, month, _DAYS[month - 1] + leap)


_TIER_LIGHTS = {
    "achieved": Light.GREEN,
    "partial": Light.YELLOW,
    "not_achieved": Light.RED,
}


def _words(target: Value, actual: Value, rules: RuleSet) -> Judged:
    tier = tier_by_words(target, actual, rules)
    if tier is None:
        return Judged(light=None, why=f"“{actual.text}”看不出达成的程度，不判定")
    return Judged(light=_TIER_LIGHTS[tier.tier], why=f"“{actual.text}”归入“{tier.label}”")


# ── the year ────────────────────────────────────────────────────────────────────────────────────


def _with_forecast(
    indicator: ParsedIndicator,
    forecast: str,
    judged: Judged,
    table: ParsedTable,
    rules: RuleSet,
    *,
    explained: bool,
) -> Judged:
    likelihood = likelihood_of(indicator, forecast, fiscal_year=table.fiscal_year, rules=rules)
    due = ""
    if not explained and not is_reason(indicator.deviation):
        if judged.light in {Light.RED, Light.YELLOW}:
            due = judged.label
        elif likelihood is Likelihood.IMPOSSIBLE:
            due = "预计全年达不到目标"
    return replace(judged, likelihood=likelihood, due=due)


def likelihood_of(
    indicator: ParsedIndicator, forecast: str, *, fiscal_year: int | None, rules: RuleSet
) -> Likelihood | None:
    """What the forecast says of the target: reached, reached in part, not; None where it is silent."""
    context = ValueContext(
        name=indicator.name,
        level1=indicator.level1,
        level2=indicator.level2,
        fiscal_year=fiscal_year,
    )
    expected = parse_actual(forecast, indicator.target, context)
    target = indicator.target
    if expected is None or target is None or expected.kind is ValueKind.NOT_APPLICABLE:
        return None
    if is_numeric(target):
        found = attain(replace(indicator, actual=expected), rules)
        if found.ratio is not None:
            reached = found.met or found.ratio == 1
            return Likelihood.CERTAIN if reached else Likelihood.IMPOSSIBLE
    tier = tier_by_words(target, expected, rules)
    return _TIER_LIKELIHOODS[tier.tier] if tier is not None else None


_TIER_LIKELIHOODS = {
    "achieved": Likelihood.CERTAIN,
    "partial": Likelihood.POSSIBLE,
    "not_achieved": Likelihood.IMPOSSIBLE,
}
