"""The one place where a score is put into words, from stored figures and codes alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from performance.scoring.execution import money_of
from performance.scoring.lines import over_rate
from performance.scoring.reasons import Note, Reason
from performance.scoring.rules import RuleSet
from performance.scoring.sheet import Flag
from performance.tables import ParsedIndicator, ParsedTable
from performance.values import Value, ValueKind, plain

_WAN = Decimal(10000)
_SAID = {
    Reason.TARGET_MISSING: "未填指标值，未评分；请补填指标值",
    Reason.ACTUAL_MISSING: "未填实际完成值，未评分；没有完成请填 0，不适用请注明",
    Reason.POINTS_MISSING: "没有分值，未评分；请补填分值",
    Reason.NOT_APPLICABLE: "不适用，不计入得分，也不计入可评分值",
    Reason.WORDS_UNDECIDED: "看不出达成的程度，也没有自评得分，未评分；请写明达成情况",
    Reason.EXECUTION_NO_MONEY: "预算为 0，也没有执行，不适用",
    Reason.EXECUTION_MISSING: "预算数或执行数没有填，未评分；请补填",
}
_TIERS = {
    Reason.TIER_ACHIEVED: "achieved",
    Reason.TIER_PARTIAL: "partial",
    Reason.TIER_NOT_ACHIEVED: "not_achieved",
}


@dataclass(frozen=True, slots=True)
class Stored:
    """The narrow figures of a line, as the engine made them or the database keeps them."""

    reason: str
    points: Decimal | None
    claimed: Decimal | None
    awarded: Decimal | None
    ratio: Decimal | None
    notes: Collection[str] = ()


def two(points: Decimal | None) -> str:
    """Points with two places."""
    return "—" if points is None else f"{points:.2f}"


def number(figure: Decimal | date | None) -> str:
    """A figure as people read it: large ones in 万 stay exact."""
    if figure is None:
        return ""
    return plain(figure) if isinstance(figure, Decimal) else figure.isoformat()


def _with_unit(figure: Decimal | date | None, unit: str | None) -> str:
    if isinstance(figure, Decimal) and unit and unit.startswith("元") and abs(figure) >= _WAN:
        return f"{plain(figure / _WAN)} 万{unit}"
    if unit in {"%", "‰"}:
        return f"{number(figure)}{unit}"
    return f"{number(figure)} {unit}" if unit else number(figure)


def explain_line(indicator: ParsedIndicator, stored: Stored, rules: RuleSet) -> str:
    """Why a line has its points: figures, formula, result, and what to do where it has none."""
    reason = Reason(stored.reason)
    sentence = _SAID.get(reason) or _sentence(indicator, reason, stored, rules)
    return "；".join([sentence, *_tails(indicator, stored, rules)])


def _sentence(indicator: ParsedIndicator, reason: Reason, stored: Stored, rules: RuleSet) -> str:
    target, actual = indicator.target, indicator.actual
    assert target is not None, "a line without a target has its own sentence"
    assert actual is not None, "a line without an actual has its own sentence"
    if reason in _TIERS:
        return _tier(target, actual, reason, stored, rules)
    if reason in _UNSCORED:
        return _UNSCORED[reason].format(target=target.text, actual=actual.text)
    if reason in _DATES:
        return _DATES[reason].format(
            target=target.text, actual=actual.text, points=two(stored.awarded)
        )
    return _measured(target, actual, reason, stored, rules)


_UNSCORED = {
    Reason.ACTUAL_NOT_NUMBER: "目标“{target}”要的是数，实际“{actual}”读不出数，未评分；请填实际完成的数",
    Reason.UNIT_MISMATCH: "目标“{target}”与实际“{actual}”的计量单位不同，未评分；请统一单位",
    Reason.BOUND_UNUSABLE: "实际写成“{actual}”，方向与目标“{target}”不合或低于目标，不能按界值评分；请填实际完成的数",
    Reason.RANGE_UNDECIDED: "实际“{actual}”是一个范围，两端不都达到目标“{target}”，未评分；请填一个数",
    Reason.DATE_UNDECIDED: "实际“{actual}”不足以判断是否在“{target}”之前，未评分；请填完成日期",
}
_DATES = {
    Reason.DATE_MET: "实际“{actual}”不晚于目标“{target}”，达标，得满分 {points} 分",
    Reason.DATE_MET_WORDS: "实际“{actual}”，视为在“{target}”内完成（推断），得满分 {points} 分",
    Reason.DATE_MISSED: "实际“{actual}”晚于目标“{target}”，未达标，得 {points} 分",
    Reason.YES_MET: "目标“{target}”，实际“{actual}”，达标，得满分 {points} 分",
    Reason.YES_MISSED: "目标“{target}”，实际“{actual}”，未达标，得 {points} 分",
}


def _tier(target: Value, actual: Value, reason: Reason, stored: Stored, rules: RuleSet) -> str:
    tier = next(t for t in rules.tiers if t.tier == _TIERS[reason])
    low, high = percent(tier.lower), percent(tier.upper)
    if Note.TIER_BY_CLAIM in stored.notes and stored.points:
        share = percent(Fraction(stored.claimed or 0) / Fraction(stored.points))
        how = f"实际“{actual.text}”，按自评比例 {share} 归入"
    elif actual.text == target.text:
        how = f"实际“{actual.text}”与目标相同，归入"
    else:
        how = f"实际“{actual.text}”，归入"
    text = f"{how}“{tier.label}”（{low}–{high}）"
    if Note.CLAIM_KEPT in stored.notes:
        return f"{text}，自评得分在本档内，得 {two(stored.awarded)} 分"
    share = percent(tier.default_share)
    return f"{text}，按本档 {share} 计，{number(stored.points)}×{share}＝{two(stored.awarded)} 分"


def _measured(target: Value, actual: Value, reason: Reason, stored: Stored, rules: RuleSet) -> str:
    sign = target.comparator.value if target.comparator else "="
    goal, got = _goal(target), _with_unit(actual.value, actual.unit or target.unit)
    said = f"实际 {got} "
    if actual.kind is ValueKind.BOUND:
        said = f"实际写成“{actual.text}”，按界值 {got}计，"
    points, awarded = number(stored.points), two(stored.awarded)
    sign = "在" if target.kind is ValueKind.RANGE else sign
    if reason is Reason.MET:
        earned = f"满分 {points}" if Note.DEDUCTED in stored.notes else f"得满分 {awarded}"
        return f"{said}{sign} 目标 {goal}{_within(target)}，达标，{earned} 分"
    if reason is Reason.MET_OVER:
        return f"实际 {got} 超过目标 {goal}，达标，得满分 {awarded} 分（超过）"
    if reason is Reason.EDGE:
        return f"实际 {got} 等于目标 {goal}（目标写的是“{sign}”，按比率 1 计），得 {awarded} 分"
    if reason is Reason.ZERO_TARGET_MISSED:
        return f"目标为 {goal}，实际 {got}，未达标，得 {awarded} 分"
    if reason is Reason.NEGATIVE:
        return f"实际 {got}，目标 {goal}，不能按比例计，得 {awarded} 分"
    if reason is Reason.ALL_OR_NOTHING_MISSED:
        return (
            f"实际 {got}，目标 {sign} {goal}，未达标；本指标达标得分、不达标不得分，得 {awarded} 分"
        )
    if reason is Reason.SATISFACTION_BAND:
        share = percent(stored.ratio)
        below = "未达目标值，" if Note.BELOW_TARGET_BY_BAND in stored.notes else ""
        return f"实测 {got}（目标 {goal}），{below}按满意度区间赋分 {share}，{points}×{share}＝{awarded} 分"
    return _short(target, actual, reason, stored, rules)


def _short(target: Value, actual: Value, reason: Reason, stored: Stored, rules: RuleSet) -> str:
    """A line that fell short: the fraction, written out."""
    goal, got = _goal(target), _with_unit(actual.value, actual.unit or target.unit)
    edge = _edge(target, reason)
    top, bottom = number(actual.value if isinstance(actual.value, Decimal) else None), number(edge)
    points, awarded = number(stored.points), two(stored.awarded)
    compare, fraction = "<", f"{top}÷{bottom}"
    if reason in {Reason.ABOVE_INVERSE, Reason.STANDARD_OVER}:
        compare, fraction = ">", f"{bottom}÷{top}"
    elif reason is Reason.ABOVE_LINEAR:
        compare, fraction = ">", f"[1－({top}－{bottom})÷{bottom}]"
    ratio = percent(stored.ratio)
    lead = f"实际 {got} {compare} 目标 {goal}，"
    if reason is Reason.BELOW_FLOOR:
        floor = percent(rules.floor)
        return f"实际 {got}，目标 {goal}，完成比率 {ratio} 低于及格线 {floor}，得 {awarded} 分"
    if Note.FLOOR in stored.notes:
        floor = number(rules.floor)
        rest = number(Decimal(1) - (rules.floor or Decimal(0)))
        return (
            f"{lead}完成比率 {fraction}≈{ratio}，{points}×({ratio}－{floor})÷{rest}＝{awarded} 分"
        )
    return f"{lead}{points}×{fraction}＝{awarded} 分"


def _edge(target: Value, reason: Reason) -> Decimal | None:
    """The end of the target that the actual is held against."""
    if target.kind is ValueKind.RANGE and reason is not Reason.BELOW:
        return target.upper if isinstance(target.upper, Decimal) else None
    return target.value if isinstance(target.value, Decimal) else None


def _goal(target: Value) -> str:
    if target.kind is ValueKind.RANGE:
        return f"{number(target.value)}–{_with_unit(target.upper, target.unit)}"
    return _with_unit(target.value, target.unit)


def _within(target: Value) -> str:
    return " 之内" if target.kind is ValueKind.RANGE else ""


def percent(share: Decimal | Fraction | None) -> str:
    """A share as a percentage with at most two places."""
    if share is None:
        return "—"
    exact = Fraction(share) * 100
    hundredths = (exact * 200 + 1) // 2
    return f"{plain(Decimal(int(hundredths)) / 100)}%"


def _tails(indicator: ParsedIndicator, stored: Stored, rules: RuleSet) -> list[str]:
    tails: list[str] = []
    notes = stored.notes
    if Note.POINTS_INFERRED in notes:
        tails.append(f"表内没有分值栏，分值 {number(stored.points)} 由得分推出")
    if Note.OWN_RULE in notes:
        tails.append("表内另有评分标准，这里按规则集计算")
    if Note.S02 in notes:
        tails.append(f"自评 {two(stored.claimed)} 分不在本档范围内")
    if Note.DEDUCTED in notes:
        tails.append(
            f"超额完成达到 {percent(rules.deduct_at)}，扣 {number(rules.deduct_points)} 分，得 {two(stored.awarded)} 分"
        )
    target = indicator.target
    if target is not None and "comparator" in target.inferred and stored.awarded is not None:
        sign = target.comparator.value if target.comparator else ""
        tails.append(f"目标未写比较符，按“{sign}”理解")
    return tails


def flags_of(indicator: ParsedIndicator, stored: Stored) -> tuple[Flag, ...]:
    """Check codes the engine raises on a line, with their sentences."""
    flags: list[Flag] = []
    actual = indicator.actual
    if Note.A01 in stored.notes and actual is not None:
        flags.append(
            Flag(
                code="A01",
                message=f"指标“{indicator.name}”的实际写成界值“{actual.text}”，不是实际数",
            )
        )
    if Note.O01 in stored.notes:
        flags.append(
            Flag(
                code="O01",
                message=f"指标“{indicator.name}”完成目标的 {percent(over_rate(indicator))}，请说明原因",
            )
        )
    if Note.S02 in stored.notes:
        flags.append(
            Flag(
                code="S02",
                message=f"指标“{indicator.name}”自评 {two(stored.claimed)} 分，不在所属档次的范围内",
            )
        )
    return tuple(flags)


# ── execution ───────────────────────────────────────────────────────────────────────────────────


def explain_execution(table: ParsedTable, stored: Stored, rules: RuleSet) -> str:
    """Why execution has its points."""
    reason = Reason(stored.reason)
    if reason in _SAID:
        return _SAID[reason]
    money = money_of(table)
    assert money.adjusted is not None and money.executed is not None
    executed, budget, unit = _money_pair(money.executed, money.adjusted)
    awarded, points = two(stored.awarded), number(stored.points)
    lead = ""
    if Note.BUDGET_FROM_TEXT in stored.notes:
        lead = f"表内预算数为 {_in_wan(_printed(table))} 万元，按正文的调整预算数 {_in_wan(money.adjusted)} 万元计；"
    elif Note.BUDGET_INITIAL in stored.notes:
        lead = "没有全年预算数，按年初预算数计；"
    if reason is Reason.EXECUTION_ZERO_BUDGET:
        return f"预算为 0，却执行了 {executed} {unit}，得 {awarded} 分；请核对全年预算数"
    rate = f"执行率 {executed}÷{budget}{_rate(money.executed, money.adjusted)}"
    if Note.OVER_BUDGET in stored.notes:
        rate += "，超过预算，按 100% 计"
    if reason is Reason.EXECUTION_RATIO:
        if stored.ratio == 1:
            return f"{lead}{rate}，得满分 {awarded} 分"
        return f"{lead}{rate}，{points}×{executed}÷{budget}＝{awarded} 分"
    if reason is Reason.EXECUTION_FINISHED:
        return f"{lead}项目已完成且未超预算（{rate}），得 {awarded} 分"
    return f"{lead}{rate}，按执行率区间赋分，得 {awarded} 分"


def _money_pair(executed: Decimal, budget: Decimal) -> tuple[str, str, str]:
    if max(executed, budget) >= _WAN:
        return plain(executed / _WAN), plain(budget / _WAN), "万元"
    return plain(executed), plain(budget), "元"


def _in_wan(amount: Decimal | None) -> str:
    return "空" if amount is None else plain(amount / _WAN)


def _printed(table: ParsedTable) -> Decimal | None:
    return table.execution.budget if table.execution else None


def _rate(executed: Decimal, budget: Decimal) -> str:
    exact = Fraction(executed) / Fraction(budget) * 100
    shown = percent(Fraction(executed) / Fraction(budget))
    return f"{'＝' if exact == Fraction(Decimal(shown[:-1])) else '≈'}{shown}"


def execution_flags(table: ParsedTable, stored: Stored) -> tuple[Flag, ...]:
    """E02 and R02 on execution, with their sentences."""
    money = money_of(table)
    flags: list[Flag] = []
    name = table.project
    if Note.E02 in stored.notes and money.executed is not None and money.adjusted is not None:
        spent = _in_wan(money.executed)
        if Note.BUDGET_FROM_TEXT in stored.notes:
            words = (
                f"项目“{name}”表内预算数为 {_in_wan(_printed(table))}，却执行了 {spent} 万元；"
                f"正文的调整预算数为 {_in_wan(money.adjusted)} 万元，按它计得 {two(stored.awarded)} 分，"
                f"自评 {two(stored.claimed)} 分；请把调整预算数填入表内"
            )
        elif Note.OVER_BUDGET in stored.notes:
            words = (
                f"项目“{name}”执行 {spent} 万元，超过预算 {_in_wan(money.adjusted)} 万元；"
                "请核对全年预算数是否为调整后的数"
            )
        else:
            words = f"项目“{name}”预算数为 0，却执行了 {spent} 万元；请填调整后的全年预算数"
        flags.append(Flag(code="E02", message=words))
    if Note.R02 in stored.notes and money.adjusted is not None:
        words = (
            f"项目“{name}”预算为 0"
            if money.adjusted <= 0
            else f"项目“{name}”预算结余超过 20%，请说明原因"
        )
        flags.append(Flag(code="R02", message=words))
    return tuple(flags)
