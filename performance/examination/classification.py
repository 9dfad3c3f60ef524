"""Indicators that measure payment (M01) or stand under the wrong class (M02)."""

from __future__ import annotations

from collections.abc import Iterator

from performance.documents.labels import FAMILY
from performance.examination.model import Case, Remark, on_row
from performance.examination.nature import (
    begins_with_payment,
    is_cost_name,
    is_execution_name,
    is_money,
    is_payment,
)
from performance.tables import Scope, Severity

_LEVELS1 = {"产出指标", "效益指标", "满意度指标", "成本指标"}


def check_m01_payment(case: Case) -> Iterator[Remark]:
    """M01 (错误): a quantity that measures what is paid, not what is done."""
    for row in case.rows:
        target = row.target
        if row.indicator.level2 != "数量指标" or target is None:
            continue
        if not (is_money(target.unit) or target.unit == "%"):
            continue
        paid = is_payment(row.name) or (is_money(target.unit) and begins_with_payment(row.name))
        if paid and not is_execution_name(row.name):
            yield on_row(
                case,
                row,
                f"数量指标“{row.indicator.name}”（{target.text}）考核的是花了多少钱，不是做了多少事；"
                "请改为产出的数量，资金支付由预算执行率考核",
                Severity.ERROR,
                field="name",
            )


def check_m01_execution(case: Case) -> Iterator[Remark]:
    """M01 (错误): budget execution as an indicator, though it is scored apart.

    A department's own table (部门整体支出) may have it, unless its form awards points for it too.
    """
    execution = case.table.execution
    apart = execution is not None and execution.points is not None
    if case.table.scope is Scope.DEPARTMENT and not apart:
        return
    for row in case.rows:
        if is_execution_name(row.name):
            yield on_row(
                case,
                row,
                f"指标“{row.indicator.name}”考核的是预算执行，预算执行率另行计分，重复计算；"
                "请删去或换成反映产出、效果的指标",
                Severity.ERROR,
                field="name",
            )


def check_m02_level(case: Case) -> Iterator[Remark]:
    """M02 (提示): a level 2 under a level 1 where it does not belong in the table's taxonomy.

    A table with a level-1 成本指标 of its own has no 成本指标 under 产出.
    """
    own_costs = any(row.indicator.level1 == "成本指标" for row in case.rows)
    for row in case.rows:
        level1, level2 = row.indicator.level1, row.indicator.level2
        if level1 not in _LEVELS1 or level2 not in FAMILY:
            continue
        home = "成本指标" if own_costs and level2 == "成本指标" else FAMILY[level2][0]
        if level1 == home or (level1 in FAMILY[level2] and home == FAMILY[level2][0]):
            continue
        if "level1" in row.indicator.inferred or "level2" in row.indicator.inferred:
            continue
        yield on_row(
            case,
            row,
            f"指标“{row.indicator.name}”的二级指标“{level2}”放在“{level1}”下；应放在“{home}”下",
            Severity.NOTICE,
            field="level2",
        )


def check_m02_kind(case: Case) -> Iterator[Remark]:
    """M02 (提示): a cost under 效益, satisfaction under 社会效益, awareness under 满意度."""
    for row in case.rows:
        indicator, target, name = row.indicator, row.target, row.name
        words = None
        if row.is_benefit and is_cost_name(name) and target is not None and is_money(target.unit):
            words = f"“{indicator.name}”（{target.text}）是花的钱，不是效益；应放在成本指标下"
        elif row.is_benefit and ("满意度" in name or "满意率" in name):
            words = f"“{indicator.name}”放在“{indicator.level2}”下；应放在满意度指标下"
        elif row.is_satisfaction and "知晓" in name and "满意" not in name:
            words = f"“{indicator.name}”放在满意度指标下，知晓不等于满意；应放在社会效益指标下"
        if words:
            yield on_row(case, row, words, Severity.NOTICE, field="level2")
