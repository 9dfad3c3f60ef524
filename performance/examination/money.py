"""Money that does not add up or stands in the wrong row (E03), and odd budgets (E02)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from performance.examination.model import Bundle, Case, Remark, on_table
from performance.examination.nature import says
from performance.tables import Fund, FundSource, FundStage, Severity, TableKind
from performance.values import plain

_WAN = Decimal(10000)
_S = FundSource
_LEVELS_OF_GOVERNMENT = {_S.CENTRAL, _S.PROVINCIAL, _S.CITY, _S.COUNTY}
_KINDS_OF_BUDGET = {_S.GOVERNMENT_FUND, _S.STATE_CAPITAL, _S.BOND}
_REST = {_S.OTHER, _S.SELF_RAISED, _S.UNIT_FUNDS}
_COLUMNS = (("initial", "预算数"), ("adjusted", "全年预算数"), ("executed", "执行数"))
_STAGES = {FundStage.ANNUAL: "年度", FundStage.WHOLE_PERIOD: "实施期"}
_GENERAL_BUDGET = ("一般公共预算", "财政拨款")


def check_e02(case: Case) -> Iterator[Remark]:
    """E02 (错误): odd money, as the engine met it while scoring execution."""
    execution = case.sheet.execution if case.sheet else None
    if execution is None:
        return
    for flag in execution.flags:
        if flag.code == "E02":
            yield on_table(case, flag.message, Severity.ERROR, at=execution.at, field="funds")


def check_e03_sum(case: Case) -> Iterator[Remark]:
    """E03 (阻断): the funds of one level do not add to the total.

    Forms nest their rows differently: any reading of the levels that adds up is accepted. Less
    than the total is a finding only where the form lists all there is; more always is.
    """
    if case.unsure:
        return
    for stage, stage_name in _STAGES.items():
        funds = [fund for fund in case.table.funds if fund.stage is stage]
        for column, column_name in _COLUMNS:
            amounts = _amounts(funds, column)
            total = amounts.pop(_S.TOTAL, None)
            if total is None or not amounts:
                continue
            found = _misfit(total, amounts, funds, case.limits.half_printed)
            if found is not None:
                yield on_table(
                    case,
                    f"{stage_name}资金{column_name}：各来源合计 {plain(found / _WAN)} 万元，"
                    f"总额 {plain(total / _WAN)} 万元，相差 {plain(abs(total - found) / _WAN)} 万元；"
                    "请核对改正",
                    Severity.BLOCK,
                    field="funds",
                )


def _amounts(funds: list[Fund], column: str) -> dict[FundSource, Decimal]:
    found: dict[FundSource, Decimal] = {}
    for fund in funds:
        amount = getattr(fund, column)
        if amount is not None and fund.source not in found:
            found[fund.source] = amount
    return found


def _misfit(
    total: Decimal, amounts: dict[FundSource, Decimal], funds: list[Fund], half: Decimal
) -> Decimal | None:
    """The sum that comes nearest to the total without being it; None where one is it."""
    sums: list[Decimal] = []
    for left_out in (
        set(),
        _LEVELS_OF_GOVERNMENT,
        {_S.FISCAL},
        _KINDS_OF_BUDGET,
        _LEVELS_OF_GOVERNMENT | _KINDS_OF_BUDGET,
        {_S.CARRY_OVER},
        _LEVELS_OF_GOVERNMENT | {_S.CARRY_OVER},
        {_S.FISCAL, _S.CARRY_OVER},
    ):
        parts = [amount for source, amount in amounts.items() if source not in left_out]
        if parts:
            sums.append(sum(parts, Decimal(0)))
            if abs(sums[-1] - total) <= half * len(parts):
                return None
    found = min(sums, key=lambda found: abs(found - total))
    if found > total:
        return found
    return found if _lists_all(amounts, funds) else None


def _lists_all(amounts: dict[FundSource, Decimal], funds: list[Fund]) -> bool:
    """Whether the rows of a form leave nothing out: 财政拨款 or three levels, and the rest.

    A source that stands twice is two kinds of money under one word: their sum is not known.
    """
    named = [fund.source for fund in funds]
    fiscal = _S.FISCAL in amounts or len(_LEVELS_OF_GOVERNMENT & set(amounts)) >= 3
    return fiscal and bool(_REST & set(amounts)) and len(named) == len(set(named))


def check_e03_title(case: Case) -> Iterator[Remark]:
    """E03 (提示): the title says 中央 and the money stands under 省级."""
    amounts = {
        fund.source: fund.adjusted if fund.adjusted is not None else fund.initial
        for fund in case.table.funds
        if fund.stage is FundStage.ANNUAL
    }
    provincial, central = amounts.get(_S.PROVINCIAL), amounts.get(_S.CENTRAL)
    if not provincial or central or not says("central_titles", case.table.project):
        return
    yield on_table(
        case,
        f"项目名称写明是中央资金，{plain(provincial / _WAN)} 万元却填在省级财政资金；"
        "请填到中央资金，或更正项目名称",
        Severity.NOTICE,
        field="funds",
    )


def check_e03_fiscal(bundle: Bundle) -> Iterator[Remark]:
    """E03 (提示): the tables put under 其他资金 what the budget table says is 财政拨款.

    Only where the tables together are all project expenditure of the document, so that nothing
    is missing from their sum.
    """
    tables = [case.table for case in bundle.cases if case.table.kind is TableKind.TARGET_TABLE]
    sums = {source: Decimal(0) for source in (_S.TOTAL, _S.FISCAL, _S.OTHER)}
    for table in tables:
        for fund in table.funds:
            if fund.stage is FundStage.ANNUAL and fund.source in sums:
                sums[fund.source] += fund.initial or Decimal(0)
    printed = {
        line.table: line.project
        for line in bundle.expenditure
        if not line.code and line.project and "决算" not in line.table
    }
    tolerance = bundle.limits.half_printed * (len(tables) + 1)
    if not any(abs(amount - sums[_S.TOTAL]) <= tolerance for amount in printed.values()):
        return
    for title, amount in printed.items():
        if not any(word in title for word in _GENERAL_BUDGET) or not sums[_S.OTHER]:
            continue
        if sums[_S.FISCAL] < amount - tolerance and amount > sums[_S.TOTAL] - amount:
            yield Remark(
                message=(
                    f"{len(tables)} 张目标表把 {plain(sums[_S.OTHER] / _WAN)} 万元填在其他资金、"
                    f"{plain(sums[_S.FISCAL] / _WAN)} 万元填在财政拨款，"
                    f"“{title}”的项目支出却有 {plain(amount / _WAN)} 万元财政拨款；请核对资金来源"
                ),
                severity=Severity.NOTICE,
                at=tables[0].at,
                field="funds",
            )
