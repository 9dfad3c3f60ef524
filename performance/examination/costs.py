"""Cost indicators that reward spending, say nothing, or cost too much; outputs held down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from performance.examination.model import Case, Remark, Row, on_row, on_table
from performance.examination.nature import is_money, says
from performance.tables import FundSource, FundStage, ParsedTable, Severity
from performance.values import (
    Comparator,
    ValueKind,
    is_duration,
    is_lower_better,
    is_standard,
    normalise,
    plain,
)

_MAY_BE_WORDS = {"社会成本指标", "生态环境成本指标"}
_LEAD = re.compile(
    r"^(?:[≥>≤<=]|不低于|不少于|不小于|大于等于|大于或等于|大于|高于|超过|至少){1,2}"
)
_TAIL = re.compile(r"(?:及?以上)$")
_WAN = Decimal(10000)


def check_c01(case: Case) -> Iterator[Remark]:
    """C01 (错误): a cost with ≥ or >: the more is spent the more it earns.

    Not where the name says 节约, 降低, 减少, 下降, 控制率, 到位率, 完成率.
    """
    for row in case.rows:
        target = row.target
        if not row.is_cost or target is None or says("cost_up", row.name):
            continue
        if target.comparator not in {Comparator.AT_LEAST, Comparator.MORE_THAN}:
            continue
        money = target.unit is not None and target.unit.startswith("元")
        if row.indicator.level2 in _MAY_BE_WORDS and not money:
            continue
        sign = target.comparator.value
        due = "=" if is_standard(row.name, target.unit) else "≤"
        bare = _TAIL.sub("", _LEAD.sub("", normalise(target.text[:80])))
        yield on_row(
            case,
            row,
            f"成本指标“{row.indicator.name}”用了“{sign}”，花得越多得分越高；应为“{due}{bare}”",
            Severity.ERROR,
            field="target",
        )


def check_c02_words(case: Case) -> Iterator[Remark]:
    """C02 (提示): a cost that is not a number; 社会成本 and 生态环境成本 may be words."""
    for row in case.rows:
        target = row.target
        if not row.is_cost or row.indicator.level2 in _MAY_BE_WORDS or target is None:
            continue
        if target.kind is ValueKind.QUALITATIVE:
            yield on_row(
                case,
                row,
                f"成本指标“{row.indicator.name}”的指标值“{target.text[:40]}”没有量化；"
                "请写明金额，如“≤×万元”",
                Severity.NOTICE,
                field="target",
            )


def check_c02_total(case: Case) -> Iterator[Remark]:
    """C02 (提示): the money of the cost targets is more than the budget.

    Not 元/人 and 元/次; a line equal to the whole is not added to its parts.
    """
    budget = budget_of(case.table)
    if budget is None or budget <= 0:
        return
    lines = [row for row in case.rows if _is_total(row)]
    amounts = [_top(row) for row in lines]
    whole = sum(amounts, Decimal(0))
    parts = [a for a in amounts if a not in {budget, whole - a}] if len(amounts) > 1 else amounts
    cost = max(sum(parts, Decimal(0)), max(amounts, default=Decimal(0)))
    if cost <= budget + case.limits.half_printed * (len(lines) + 1):
        return
    yield on_table(
        case,
        f"成本指标的金额合计 {plain(cost / _WAN)} 万元，超过预算 {plain(budget / _WAN)} 万元，"
        f"多 {plain((cost - budget) / _WAN)} 万元；请核对指标值或预算",
        Severity.NOTICE,
        at=lines[0].indicator.at,
        field="target",
    )


def _is_total(row: Row) -> bool:
    target = row.target
    return (
        row.is_cost
        and target is not None
        and is_money(target.unit)
        and isinstance(target.value, Decimal)
        and target.value > 0
        and not says("per_head", row.name)
        and not says("cost_up", row.name)
    )


def _top(row: Row) -> Decimal:
    target = row.target
    assert target is not None, "only targets are totals"
    top = target.upper if target.kind is ValueKind.RANGE else target.value
    assert isinstance(top, Decimal), "only amounts are totals"
    return top


def budget_of(table: ParsedTable) -> Decimal | None:
    """The annual budget a table states: adjusted before initial; None where it states none."""
    if table.execution is not None and table.execution.budget_used is not None:
        return table.execution.budget_used
    for fund in table.funds:
        if fund.source is FundSource.TOTAL and fund.stage is FundStage.ANNUAL:
            return fund.adjusted if fund.adjusted is not None else fund.initial
    return None


def check_c03(case: Case) -> Iterator[Remark]:
    """C03 (提示): an output quantity with ≤, though more of it is better."""
    for row in case.rows:
        target = row.target
        if row.indicator.level2 != "数量指标" or target is None:
            continue
        if not row.wrote(Comparator.AT_MOST, Comparator.LESS_THAN):
            continue
        if is_lower_better(row.name) or says("quantity_down", row.name):
            continue
        if is_duration(row.name, row.indicator.level2, target.unit):
            continue
        bare = _LEAD.sub("", normalise(target.text[:80])).removesuffix("以内").removesuffix("以下")
        sign = target.comparator.value if target.comparator else "≤"
        yield on_row(
            case,
            row,
            f"数量指标“{row.indicator.name}”用了“{sign}”，做得越少越达标；"
            f"如是要完成的数量，应为“≥{bare.removeprefix('不超过').removeprefix('不高于')}”",
            Severity.NOTICE,
            field="target",
        )
