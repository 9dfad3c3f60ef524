"""Warnings on a scored table: points far above execution, money unspent, all full."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from performance.examination.achievement import is_bound
from performance.examination.model import Bundle, Case, Remark, on_table
from performance.examination.nature import says
from performance.scoring.execution import money_of
from performance.scoring.explain import percent
from performance.scoring.sheet import LineState
from performance.tables import Severity, TableKind
from performance.values import plain


def check_r01(case: Case) -> Iterator[Remark]:
    """R01 (错误; 提示 when a saving is explained): points far above what execution earned.

    Red when the indicators' rate of points is above execution's by more than 5 % of itself;
    blank when the sheet is incomplete or a rate is 0.
    """
    sheet = case.sheet
    if sheet is None or not sheet.complete or sheet.execution is None:
        return
    execution = sheet.execution
    if execution.state is not LineState.SCORED or not execution.points or not execution.awarded:
        return
    scored = [line for line in sheet.lines if line.state is LineState.SCORED]
    available = sum((line.points or Decimal(0) for line in scored), Decimal(0))
    earned = sum((line.awarded or Decimal(0) for line in scored), Decimal(0))
    if available <= 0 or earned <= 0:
        return
    indicators = Fraction(earned) / Fraction(available)
    spent = Fraction(execution.awarded) / Fraction(execution.points)
    if indicators - spent <= Fraction(case.limits.red_share) * indicators:
        return
    reason = f"{case.table.deviation_reason or ''}"
    saved = says("saving", reason)
    yield on_table(
        case,
        f"指标得分率 {percent(indicators)}，预算执行得分率只有 {percent(spent)}，"
        f"两者不相称；{'说明中提到节约或结余，请附依据' if saved else '请核实指标完成情况，或说明钱少花而事做成的原因'}",
        Severity.NOTICE if saved else Severity.ERROR,
        at=execution.at,
        field="awarded",
    )


def check_r02(case: Case) -> Iterator[Remark]:
    """R02 (提示): the budget is zero, or more than 20 % of it is unspent."""
    execution = case.sheet.execution if case.sheet else None
    if execution is None:
        return
    for flag in execution.flags:
        if flag.code == "R02":
            yield on_table(case, flag.message, Severity.NOTICE, at=execution.at, field="funds")


def check_q01(bundle: Bundle) -> Iterator[Remark]:
    """Q01 (提示): three or more tables of a unit and all of them full.

    A single full table is raised only where execution is below 1 or an actual is a bound.
    """
    units: dict[tuple[str | None, int | None], list[Case]] = {}
    for case in bundle.cases:
        if case.table.kind is TableKind.SELF_EVALUATION:
            units.setdefault((case.table.unit, case.table.fiscal_year), []).append(case)
    for (unit, _), cases in units.items():
        full = [case for case in cases if case.table.total_claimed == case.limits.full_points]
        if len(cases) >= bundle.limits.full_tables and len(full) == len(cases):
            yield on_table(
                full[0],
                f"{unit or '本单位'}的 {len(full)} 张自评表全部自评 "
                f"{plain(bundle.limits.full_points)} 分；请核实是否如实自评",
                Severity.NOTICE,
                field="total",
            )
            continue
        for case in full:
            yield from _full(case)


def _full(case: Case) -> Iterator[Remark]:
    bounds = sum(1 for row in case.rows if is_bound(row))
    rate = money_of(case.table).rate
    why = []
    if rate is not None and rate < 1:
        why.append(f"执行率只有 {percent(rate)}")
    if bounds:
        why.append(f"有 {bounds} 个指标的实际值照写目标，没有实际数")
    if why:
        yield on_table(
            case,
            f"项目“{case.table.project}”自评 {plain(case.limits.full_points)} 分，"
            f"但{'，且'.join(why)}；请核实",
            Severity.NOTICE,
            field="total",
        )
