"""Points of a table: what they add to (W01), and whether one line carries all (W02)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from performance.examination.model import Case, Remark, on_row, on_table
from performance.scoring.points import goal_points, level1_points
from performance.scoring.reasons import Note
from performance.tables import Scope, Severity, TableKind
from performance.values import plain

_HUNDRED = Decimal(100)
_SHARES = Decimal(1)
"""Weights written as shares add to one."""


def check_w01_total(case: Case) -> Iterator[Remark]:
    """W01 (阻断): the points do not add to the form's total, or to the set's where it prints none.

    Not on tables without points, nor where a line's points are missing: their sum is unknown.
    With several goals each may be full in itself. A table that lost rows in reading is not added.
    """
    points = [row.indicator.points for row in case.rows]
    known = [p for p in points if p is not None]
    if not known or len(known) < len(points) or case.unsure:
        return
    whole = sum(known, Decimal(0))
    allowed = _allowed(case)
    if whole in allowed or whole == _SHARES or _each_goal_is_full(case, allowed):
        return
    due = " 或 ".join(plain(total) for total in sorted(allowed))
    nearest = min(allowed, key=lambda total: abs(total - whole))
    yield on_table(
        case,
        f"{len(known)} 个指标的分值合计 {plain(whole)} 分，应为 {due} 分，"
        f"{'多' if whole > nearest else '少'} {plain(abs(whole - nearest))} 分；请调整分值",
        Severity.BLOCK,
        field="points",
    )


def _allowed(case: Case) -> set[Decimal]:
    table = case.table
    if table.kind is TableKind.TARGET_TABLE:
        printed = {table.goal_points} if table.goal_points is not None else set()
        return {*printed, goal_points(table, case.rules), *case.limits.target_totals}
    if table.goal_points is not None:
        return {table.goal_points}
    if table.execution is not None and table.execution.points is not None:
        return {_HUNDRED - table.execution.points}
    free = {_HUNDRED, goal_points(table, case.rules)}
    return free | set(case.limits.target_totals) if table.scope is Scope.DEPARTMENT else free


def _each_goal_is_full(case: Case, allowed: set[Decimal]) -> bool:
    sums: dict[str | None, Decimal] = {}
    for row in case.rows:
        assert row.indicator.points is not None, "all points are known here"
        goal = row.indicator.goal
        sums[goal] = sums.get(goal, Decimal(0)) + row.indicator.points
    return len(sums) > 1 and all(total in allowed for total in sums.values())


def check_w01_levels(case: Case) -> Iterator[Remark]:
    """W01 (提示): a level 1 carries other points than the set fixes for it."""
    rules = case.rules
    if not rules.level1_binding or any(row.indicator.points is None for row in case.rows):
        return
    sums: dict[str, Decimal] = {}
    for row in case.rows:
        level = (row.indicator.level1 or "").removesuffix("指标")
        sums[level] = sums.get(level, Decimal(0)) + (row.indicator.points or Decimal(0))
    for level, due in level1_points(rules, sums).items():
        if level in sums and sums[level] != due:
            yield on_table(
                case,
                f"{level}指标的分值合计 {plain(sums[level])} 分，{case.rules.source.title}为"
                f" {plain(due)} 分；请核对",
                Severity.NOTICE,
                field="points",
            )


def check_w01_execution(case: Case) -> Iterator[Remark]:
    """W01 (提示): the form gives execution other points than the set."""
    sheet = case.sheet
    if sheet is None or sheet.execution is None or Note.W01 not in sheet.execution.notes:
        return
    yield on_table(
        case,
        f"表内预算执行 {plain(sheet.execution.points or Decimal(0))} 分，"
        f"规则集为 {plain(case.rules.execution_points)} 分，按表内的分值计；请核对",
        Severity.NOTICE,
        at=sheet.execution.at,
        field="points",
    )


def check_w02(case: Case) -> Iterator[Remark]:
    """W02 (提示): one indicator carries more than half of the points; not where some are missing."""
    known = [row.indicator.points for row in case.rows if row.indicator.points is not None]
    whole = sum(known, Decimal(0))
    if len(case.rows) < 2 or len(known) < len(case.rows):
        return
    for row, points in zip(case.rows, known, strict=True):
        if points > whole * case.limits.dominant_share:
            yield on_row(
                case,
                row,
                f"指标“{row.indicator.name}”一项就占 {plain(points)} 分，超过合计 {plain(whole)} 分"
                "的一半；请拆分或调低",
                Severity.NOTICE,
                field="points",
            )
