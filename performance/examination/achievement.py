"""What was achieved: more than planned (O01), written as a bound (A01), unexplained (U01)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from performance.examination.model import Case, Remark, Row, on_row, on_table
from performance.examination.nature import is_fixed_group, says
from performance.examination.words import words
from performance.scoring.execution import money_of
from performance.scoring.explain import percent
from performance.scoring.sheet import LineState
from performance.tables import Severity
from performance.values import (
    Comparator,
    ValueContext,
    ValueKind,
    is_empty,
    is_lower_better,
    normalise,
    parse_actual,
    plain,
)

_UP = {Comparator.AT_LEAST, Comparator.MORE_THAN, Comparator.EQUAL}


def is_reason(text: str | None) -> bool:
    """Whether a cell gives a reason: not empty, and not 无."""
    if text is None or is_empty(text):
        return False
    return normalise(text[:40]).strip("。.") not in words().no_reason


def check_o01_over(case: Case) -> Iterator[Remark]:
    """O01 (提示): far more than the target was measured, and nothing says why."""
    reason = case.table.deviation_reason or ""
    for row in case.rows:
        if row.line is None or is_reason(row.indicator.deviation):
            continue
        if says("over", reason) or row.name in normalise(reason):
            continue
        for flag in row.line.flags:
            if flag.code == "O01":
                yield on_row(case, row, flag.message, Severity.NOTICE, field="actual")


def check_o01_prior(case: Case) -> Iterator[Remark]:
    """O01 (提示): a rate, quality, benefit or satisfaction target below last year's actual.

    Not for fixed groups of people, nor where less is better.
    """
    for row in case.rows:
        indicator, target = row.indicator, row.target
        if is_empty(indicator.prior_actual) or target is None or row.is_cost:
            continue
        if target.kind is not ValueKind.QUANTITATIVE or target.comparator not in _UP:
            continue
        judged = (
            target.unit == "%"
            or indicator.level2 == "质量指标"
            or row.is_benefit
            or row.is_satisfaction
        )
        if not judged or is_lower_better(row.name) or is_fixed_group(row.name, target.unit):
            continue
        prior = parse_actual(
            indicator.prior_actual,
            target,
            ValueContext(name=indicator.name, level1=indicator.level1, level2=indicator.level2),
        )
        if prior is None or prior.kind is not ValueKind.QUANTITATIVE or prior.unit != target.unit:
            continue
        if not isinstance(prior.value, Decimal) or not isinstance(target.value, Decimal):
            continue
        if target.value < prior.value:
            yield on_row(
                case,
                row,
                f"指标“{indicator.name}”的目标“{target.text}”低于上年完成值“{indicator.prior_actual}”；"
                "请提高目标，或说明下降的原因",
                Severity.NOTICE,
                field="target",
            )


def check_a01_bound(case: Case) -> Iterator[Remark]:
    """A01 (错误): an actual written as a bound is no measurement."""
    for row in case.rows:
        target, actual = row.target, row.actual
        if actual is None or actual.kind is not ValueKind.BOUND:
            continue
        copied = target is not None and normalise(target.text) == normalise(actual.text)
        yield on_row(
            case,
            row,
            f"指标“{row.indicator.name}”的实际完成值写成“{actual.text}”"
            f"{'，照抄了目标值' if copied else ''}，不是实际数；请填写实际完成的数",
            Severity.ERROR,
            field="actual",
        )


def check_a01_words(case: Case) -> Iterator[Remark]:
    """A01 (提示): words that repeat the target, one finding a table with the count."""
    repeated = [
        row
        for row in case.rows
        if row.actual is not None
        and row.target is not None
        and row.actual.kind is ValueKind.QUALITATIVE
        and normalise(row.target.text) == normalise(row.actual.text)
    ]
    if repeated:
        first = repeated[0]
        assert first.actual is not None, "only rows with an actual are collected"
        yield on_table(
            case,
            f"{len(repeated)} 个定性指标的实际完成值与目标值一字不差"
            f"（如“{first.indicator.name}”：“{first.actual.text}”）；"
            "请写出实际情况和依据",
            Severity.NOTICE,
            at=first.indicator.at,
            field="actual",
        )


def check_u01_lines(case: Case) -> Iterator[Remark]:
    """U01 (错误): less awarded than there was to earn, and neither line nor table says why.

    Not on a line whose points come from its own award.
    """
    if is_reason(case.table.deviation_reason):
        return
    for row in case.rows:
        line = row.line
        if line is None or line.own_award or line.points is None or line.claimed is None:
            continue
        if line.claimed < line.points and not is_reason(row.indicator.deviation):
            yield on_row(
                case,
                row,
                f"指标“{line.name}”得 {plain(line.claimed)} 分，低于分值 {plain(line.points)} 分，"
                "没有说明原因；请填写偏差原因和改进措施",
                Severity.ERROR,
                field="deviation",
            )


def check_u01_execution(case: Case) -> Iterator[Remark]:
    """U01 (错误): an execution rate below what the set wants explained, and no reason."""
    floor = case.rules.execution_explain_below
    sheet = case.sheet
    if floor is None or sheet is None or sheet.execution is None:
        return
    if sheet.execution.state is not LineState.SCORED or is_reason(case.table.deviation_reason):
        return
    rate = money_of(case.table).rate
    if rate is not None and rate < floor:
        yield on_table(
            case,
            f"预算执行率 {percent(rate)} 低于 {percent(floor)}，没有说明原因；"
            "请填写偏差原因和改进措施",
            Severity.ERROR,
            at=sheet.execution.at,
            field="deviation",
        )


def is_bound(row: Row) -> bool:
    """Whether a row's actual is written as a bound."""
    return row.actual is not None and row.actual.kind is ValueKind.BOUND
