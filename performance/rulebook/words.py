"""A rule set in words that a bureau officer can read, what it does with plain examples, and where
it differs from another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from performance.rulebook.book import NATIONAL, load
from performance.scoring import RuleSet, score
from performance.scoring.rules import Band, ExecutionMethod, QuantitativeMethod, ReverseMethod
from performance.tables import Execution, ParsedIndicator, ParsedTable, TableKind
from performance.values import ValueContext, parse_actual, parse_target, plain

UNREAD = "条款待核"
_WAN = Decimal(10000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of a set in words."""

    label: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What the set makes of one line, computed by the engine itself."""

    label: str
    target: str
    actual: str
    points: Decimal
    awarded: Decimal | None
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDifference:
    """One rule that two sets have otherwise."""

    label: str
    here: str
    there: str


def described(rules: RuleSet) -> tuple[Rule, ...]:
    """Every rule of a set, in the order of a score sheet. Shares are written as percentages."""
    return tuple(
        Rule(label=label, words=words)
        for label, words in (
            ("预算执行率", _execution(rules)),
            ("执行率说明", _explain(rules)),
            ("指标总分", _goal(rules)),
            ("定量指标", _quantitative(rules)),
            ("反向指标（≤、<）", _reverse(rules)),
            ("定性指标", _tiers(rules)),
            ("满意度", _satisfaction(rules)),
            ("超额完成", _over(rules)),
            ("总分封顶", _caps(rules)),
            ("等级", "，".join(f"{g.label} ≥{plain(g.lower)} 分" for g in rules.grades)),
            ("取整", "每行四舍五入到两位小数，总分为各行之和"),
        )
    )


def differences(here: RuleSet, there: RuleSet) -> tuple[RuleDifference, ...]:
    """The rules in which ``here`` differs from ``there``, as ``described`` words them."""
    return tuple(
        RuleDifference(label=one.label, here=one.words, there=other.words)
        for one, other in zip(described(here), described(there), strict=True)
        if one.words != other.words
    )


def compared_with(rules: RuleSet) -> RuleSet | None:
    """The set that a reader knows: the one it extends, else the national one; None for that."""
    return None if rules.id == NATIONAL else load(rules.extends or NATIONAL)


def examples(rules: RuleSet) -> tuple[Example, ...]:
    """What the set does with plain lines and with an execution rate; the same lines for all sets."""
    return tuple(_examples(rules))


# ── words ───────────────────────────────────────────────────────────────────────────────────────


def _percent(share: Decimal) -> str:
    return f"{plain(share * 100)}%"


def _execution(rules: RuleSet) -> str:
    points = plain(rules.execution_points)
    if rules.execution_method is ExecutionMethod.RATIO:
        return f"{points} 分，按执行数÷全年预算数的比例，执行率最多按 100% 计"
    finished = ""
    if rules.execution_finished_share is not None:
        share = _percent(rules.execution_finished_share)
        finished = f"项目已完成且未超预算得 {share}；"
    return f"{points} 分，{finished}{_bands(rules.execution_bands, '执行率')}"


def _bands(bands: tuple[Band, ...], name: str) -> str:
    ordered = sorted(bands, key=lambda band: band.lower, reverse=True)
    return "，".join(
        f"{name}{f'≥{_percent(band.lower)}' if band.lower else '再低'}得 {_percent(band.share)}"
        for band in ordered
    )


def _explain(rules: RuleSet) -> str:
    if rules.execution_explain_below is None:
        return "没有规定"
    return f"执行率低于 {_percent(rules.execution_explain_below)} 须说明原因"


def _goal(rules: RuleSet) -> str:
    variants: tuple[tuple[str, Mapping[str, Decimal]], ...] = (
        ("", rules.level1),
        ("设成本指标的，", rules.level1_with_cost),
        ("不设满意度的，", rules.level1_without_satisfaction),
        ("设成本指标、不设满意度的，", rules.level1_with_cost_without_satisfaction),
    )
    said = [f"{when}{_split(levels)}" for when, levels in variants if levels]
    if rules.goal_points is not None:
        said.insert(0, f"合计 {plain(rules.goal_points)} 分")
    if not rules.level1:
        return f"{'；'.join(said)}；一级指标如何分配由表自定"
    return f"{'；'.join(said)}{'' if rules.level1_binding else '（表上印有分值的按表）'}"


def _split(levels: Mapping[str, Decimal]) -> str:
    return "、".join(f"{name} {plain(points)} 分" for name, points in levels.items())


def _quantitative(rules: RuleSet) -> str:
    if rules.quantitative is QuantitativeMethod.PROPORTIONAL:
        return "达到目标得满分；没有达到的，分值×完成比率"
    assert rules.floor is not None
    floor = _percent(rules.floor)
    return (
        f"达到目标得满分；完成比率低于 {floor} 不得分，"
        f"其余为分值×（完成比率－{floor}）÷（100%－{floor}），反向指标也一样"
    )


def _reverse(rules: RuleSet) -> str:
    if rules.reverse is ReverseMethod.INVERSE_RATIO:
        return "没有控制住的，完成比率＝目标÷实际"
    return "没有控制住的，完成比率＝1－（实际－目标）÷目标，超出一倍为 0"


def _tiers(rules: RuleSet) -> str:
    return "；".join(
        f"{tier.label} {_percent(tier.upper)}–{_percent(tier.lower)}"
        f"（没有自评得分的按 {_percent(tier.default_share)}）"
        for tier in rules.tiers
    )


def _satisfaction(rules: RuleSet) -> str:
    if not rules.satisfaction_bands:
        return "与定量指标相同"
    return f"按实测满意度，不看目标：{_bands(rules.satisfaction_bands, '实测')}"


def _over(rules: RuleSet) -> str:
    said = []
    if rules.flag_at is not None:
        said.append(f"达到目标的 {_percent(rules.flag_at)} 及以上须说明原因")
    if rules.deduct_at is not None and rules.deduct_points is not None:
        said.append(
            f"达到目标的 {_percent(rules.deduct_at)} 及以上扣该行 {plain(rules.deduct_points)} 分"
        )
    return "；".join(said) or "没有规定"


def _caps(rules: RuleSet) -> str:
    if not rules.caps:
        return "不封顶"
    ordered = sorted(rules.caps, key=lambda cap: cap.rate_below, reverse=True)
    return "，".join(
        f"执行率低于 {_percent(cap.rate_below)} 的总分不超过 {plain(cap.total_at_most)} 分"
        for cap in ordered
    )


# ── examples ────────────────────────────────────────────────────────────────────────────────────

_LINES: tuple[tuple[str, str, str, str, str, str], ...] = (
    ("正向未达标", "产出指标", "数量指标", "≥90人", "60人", "20"),
    ("反向超出一成二", "产出指标", "成本指标", "≤100万元", "120万元", "10"),
    ("反向超出一倍", "产出指标", "成本指标", "≤100万元", "200万元", "10"),
    ("超额三成", "产出指标", "数量指标", "≥100人", "130人", "10"),
    ("满意度 85%，目标 80%", "满意度指标", "服务对象满意度指标", "≥80%", "85%", "10"),
    ("定性，基本完成", "效益指标", "社会效益指标", "有效提升", "基本完成", "10"),
    ("没有填实际完成值", "产出指标", "数量指标", "≥100人", "", "10"),
)
_MONEY = (("执行率 95%", "100", "95"), ("执行率 55%", "100", "55"))
"""Adjusted budget and amount executed, in 万元."""


def _examples(rules: RuleSet) -> Iterator[Example]:
    for label, level1, level2, target, actual, points in _LINES:
        line = score(_table(_indicator(label, level1, level2, target, actual, points)), rules).lines
        yield Example(
            label=label,
            target=target,
            actual=actual,
            points=Decimal(points),
            awarded=line[0].awarded,
            explanation=line[0].explanation,
        )
    for label, budget, executed in _MONEY:
        execution = Execution(
            budget=Decimal(budget) * _WAN,
            budget_used=Decimal(budget) * _WAN,
            executed=Decimal(executed) * _WAN,
        )
        sheet = score(_table(execution=execution), rules)
        assert sheet.execution is not None
        yield Example(
            label=label,
            target=f"全年预算数 {budget} 万元",
            actual=f"执行数 {executed} 万元",
            points=rules.execution_points,
            awarded=sheet.execution.awarded,
            explanation=sheet.execution.explanation,
        )


def _indicator(
    name: str, level1: str, level2: str, target: str, actual: str, points: str
) -> ParsedIndicator:
    context = ValueContext(name=name, level1=level1, level2=level2, fiscal_year=_YEAR)
    goal = parse_target(target, context)
    return ParsedIndicator(
        name=name,
        at="",
        level1=level1,
        level2=level2,
        target=goal,
        actual=parse_actual(actual, goal, context),
        points=Decimal(points),
    )


_YEAR = 2023


def _table(*lines: ParsedIndicator, execution: Execution | None = None) -> ParsedTable:
    return ParsedTable(
        kind=TableKind.SELF_EVALUATION,
        at="",
        fiscal_year=_YEAR,
        indicators=lines,
        execution=execution,
    )
