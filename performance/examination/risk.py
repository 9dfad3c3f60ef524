"""How urgently a paper wants a reviewer's eye: a plain sum of weights, each with its reason.

No verdict: the score only decides what lies on top. Every reason names the figures it rests on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from performance.examination.achievement import is_bound
from performance.examination.limits import Thresholds
from performance.examination.model import Row
from performance.examination.names import bare_name
from performance.examination.weights import LABELS, RiskLimits
from performance.scoring.execution import money_of
from performance.scoring.explain import percent
from performance.scoring.lines import over_rate
from performance.scoring.sheet import LineState, ScoreSheet
from performance.tables import ParsedTable, Severity, TableKind
from performance.values import ValueKind, normalise, plain

_SEVERITIES = {Severity.BLOCK: "阻断", Severity.ERROR: "错误", Severity.NOTICE: "提示"}
_PRIOR, _COST = "O01", "C01"


class Found(Protocol):
    """What is asked of a finding, in whatever shape it comes."""

    @property
    def code(self) -> str: ...
    @property
    def severity(self) -> Severity: ...
    @property
    def field(self) -> str | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Medians:
    """The middle of similar projects: those of the same task."""

    count: int
    points: Decimal | None = None
    """The rate of points by the rule, as a share."""
    rate: Decimal | None = None
    """The rate of execution, as a share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What a paper does not say of itself."""

    late: bool = False
    evidence: tuple[bool, ...] | None = None
    """Line by line, whether something was attached; None: nobody was asked for evidence."""
    medians: Medians | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason of a risk."""

    code: str
    weight: int
    text: str
    """In Chinese, with the figures."""

    @property
    def label(self) -> str:
        """Short, for a list."""
        return LABELS[self.code]


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """The sum of the weights, with the reasons, heaviest first."""

    score: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """All that the reasons are looked for in."""

    table: ParsedTable
    sheet: ScoreSheet | None
    rows: tuple[Row, ...]
    findings: Sequence[Found]
    circumstances: Circumstances
    limits: RiskLimits


def assess(
    table: ParsedTable,
    sheet: ScoreSheet | None,
    findings: Sequence[Found],
    limits: Thresholds,
    circumstances: Circumstances = Circumstances(),
) -> Risk:
    """The risk of a paper: of a self-evaluation with its sheet, of any other with None.

    Weights and the figures from which on a reason is one are the thresholds' ``risk``; a reason
    that weighs 0 is not given. Figures that are missing raise nothing.
    """
    lines = sheet.lines if sheet is not None else (None,) * len(table.indicators)
    seen = _Seen(
        table=table,
        sheet=sheet,
        rows=tuple(
            Row(indicator, bare_name(indicator.name), line)
            for indicator, line in zip(table.indicators, lines, strict=True)
        ),
        findings=findings,
        circumstances=circumstances,
        limits=limits.risk,
    )
    reasons = [
        Reason(code=code, weight=weight, text=text)
        for code, look in _REASONS.items()
        if (weight := limits.risk.weights[code])
        for text in look(seen)
    ]
    reasons += _counted(seen)
    reasons.sort(key=lambda reason: -reason.weight)
    return Risk(score=sum(reason.weight for reason in reasons), reasons=tuple(reasons))


def points_rate(sheet: ScoreSheet) -> Decimal | None:
    """Points by the rule out of those that could be judged, as a share of six places."""
    return _share(sheet.total, sheet.available)


def execution_rate(table: ParsedTable) -> Decimal | None:
    """Executed out of the budget, as a share of six places; None where there was no budget."""
    money = money_of(table)
    return _share(money.executed, money.adjusted)


def _share(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    if part is None or whole is None or whole <= 0:
        return None
    return (part / whole).quantize(Decimal("0.000001"))


# ── self-evaluations ────────────────────────────────────────────────────────────────────────────


def _claimed_over(seen: _Seen) -> Iterator[str]:
    """Where not all lines could be scored, only those that were are held against each other."""
    sheet = seen.sheet
    if sheet is None:
        return
    claimed, computed, which = sheet.claimed_total, sheet.total, ""
    if not sheet.complete or claimed is None:
        lines = [*sheet.lines, *([sheet.execution] if sheet.execution is not None else [])]
        both = [(one.claimed, one.awarded) for one in lines if one.state is LineState.SCORED]
        both = [(given, due) for given, due in both if given is not None and due is not None]
        claimed = sum((given for given, _ in both if given is not None), Decimal(0))
        computed = sum((due for _, due in both if due is not None), Decimal(0))
        which = f"（可评的 {len(both)} 行）"
    if claimed - computed >= seen.limits.claimed_gap:
        yield (
            f"自评 {plain(claimed)} 分，按规则得 {plain(computed)} 分{which}，"
            f"高出 {plain(claimed - computed)} 分"
        )


def _points_over_execution(seen: _Seen) -> Iterator[str]:
    rate = money_of(seen.table).rate
    if seen.sheet is None or rate is None:
        return
    given = [
        (line.claimed if line.claimed is not None else line.awarded, line.points)
        for line in seen.sheet.lines
        if line.state is LineState.SCORED
    ]
    available = sum((points or Decimal(0) for _, points in given), Decimal(0))
    earned = sum((points or Decimal(0) for points, _ in given), Decimal(0))
    if available <= 0:
        return
    points = Fraction(earned) / Fraction(available)
    if points - rate >= Fraction(seen.limits.rate_gap):
        yield f"指标得分率 {percent(points)}，预算执行率只有 {percent(rate)}"


def _all_full(seen: _Seen) -> Iterator[str]:
    if seen.sheet is None:
        return
    given = [line for line in seen.sheet.lines if line.points is not None and line.points > 0]
    if given and all(line.claimed is not None and line.claimed == line.points for line in given):
        total = sum((line.points for line in given if line.points is not None), Decimal(0))
        yield f"{len(given)} 个指标全部自评满分，共 {plain(total)} 分"


def _copied(seen: _Seen) -> Iterator[str]:
    both = [row for row in seen.rows if row.target is not None and row.actual is not None]
    if seen.table.kind is not TableKind.SELF_EVALUATION or len(both) < seen.limits.copied_least:
        return
    same = sum(_same(row) for row in both)
    if Fraction(same, len(both)) >= Fraction(seen.limits.copied_share):
        yield f"{len(both)} 个指标中 {same} 个的实际完成值照抄目标值"


def _same(row: Row) -> bool:
    assert row.target is not None and row.actual is not None, "only rows with both are asked"
    return is_bound(row) or normalise(row.target.text) == normalise(row.actual.text)


def _far_over(seen: _Seen) -> Iterator[str]:
    over = []
    for row in seen.rows:
        rate = over_rate(row.indicator) if seen.sheet is not None else None
        if rate is not None and rate >= Fraction(seen.limits.over_rate):
            over.append((rate, row))
    if over:
        rate, row = max(over, key=lambda one: one[0])
        assert row.target is not None and row.actual is not None
        yield (
            f"{len(over)} 个指标的实际值达到目标值的 {percent(Fraction(seen.limits.over_rate))} 以上，"
            f"如“{row.indicator.name}”目标 {row.target.text}，实际 {row.actual.text}"
            f"（{percent(rate)}）"
        )


def _unsupported(seen: _Seen) -> Iterator[str]:
    attached = seen.circumstances.evidence
    if attached is None or seen.table.kind is not TableKind.SELF_EVALUATION:
        return
    bare = [
        row
        for row, has in zip(seen.rows, attached, strict=True)
        if not has
        and row.target is not None
        and row.target.kind is ValueKind.QUALITATIVE
        and _earned(row) > 0
    ]
    if bare:
        points = sum((_earned(row) for row in bare), Decimal(0))
        yield f"{len(bare)} 个定性指标得 {plain(points)} 分，没有佐证资料"


def _earned(row: Row) -> Decimal:
    line = row.line
    if line is None:
        return Decimal(0)
    return line.claimed if line.claimed is not None else line.awarded or Decimal(0)


def _points_unlike(seen: _Seen) -> Iterator[str]:
    medians = seen.circumstances.medians
    if seen.sheet is None or medians is None or medians.points is None:
        return
    own = points_rate(seen.sheet)
    if own is None or medians.count < seen.limits.similar_least:
        return
    if abs(own - medians.points) >= seen.limits.similar_points:
        yield (
            f"按规则得分率 {percent(Fraction(own))}，同一任务 {medians.count} 个项目的中位数是"
            f" {percent(Fraction(medians.points))}"
        )


def _execution_unlike(seen: _Seen) -> Iterator[str]:
    medians = seen.circumstances.medians
    if seen.sheet is None or medians is None or medians.rate is None:
        return
    own = execution_rate(seen.table)
    if own is None or medians.count < seen.limits.similar_least:
        return
    if abs(own - medians.rate) >= seen.limits.similar_rate:
        yield (
            f"预算执行率 {percent(Fraction(own))}，同一任务 {medians.count} 个项目的中位数是"
            f" {percent(Fraction(medians.rate))}"
        )


def _no_budget(seen: _Seen) -> Iterator[str]:
    money = money_of(seen.table)
    if seen.sheet is not None and money.adjusted is not None and money.adjusted <= 0:
        executed = "没有填执行数" if money.executed is None else f"执行 {_wan(money.executed)} 万元"
        yield f"预算数为 {_wan(money.adjusted)} 万元，{executed}"


def _unspent(seen: _Seen) -> Iterator[str]:
    money = money_of(seen.table)
    if seen.sheet is None or money.rate is None:
        return
    assert money.adjusted is not None and money.executed is not None, "a rate has both"
    left = 1 - money.rate
    if left > Fraction(seen.limits.unspent_share):
        yield (
            f"预算 {_wan(money.adjusted)} 万元，执行 {_wan(money.executed)} 万元，"
            f"{percent(left)} 没有用"
        )


def _wan(amount: Decimal) -> str:
    return plain((amount / 10000).quantize(Decimal("0.01")))


# ── all papers ──────────────────────────────────────────────────────────────────────────────────


def _below_prior(seen: _Seen) -> Iterator[str]:
    found = [one for one in seen.findings if one.code == _PRIOR and one.field == "target"]
    if found:
        yield f"{len(found)} 个指标的目标值低于上年完成值"


def _cost_direction(seen: _Seen) -> Iterator[str]:
    found = [one for one in seen.findings if one.code == _COST]
    if found:
        yield f"{len(found)} 个成本指标的方向写反了"


def _late(seen: _Seen) -> Iterator[str]:
    if seen.circumstances.late:
        yield "过了任务的截止时间才提交"


def _counted(seen: _Seen) -> Iterator[Reason]:
    """One reason for each severity that was raised."""
    counts = Counter(one.severity for one in seen.findings)
    for severity, words in _SEVERITIES.items():
        count = counts[severity]
        weight = seen.limits.weights[severity.value] * min(
            count, seen.limits.most_counted[severity.value]
        )
        if weight:
            yield Reason(code=severity.value, weight=weight, text=f"审核发现 {count} 处{words}")


_REASONS: dict[str, Callable[[_Seen], Iterator[str]]] = {
    "claimed_over": _claimed_over,
    "points_over_execution": _points_over_execution,
    "all_full": _all_full,
    "copied": _copied,
    "below_prior": _below_prior,
    "far_over": _far_over,
    "unsupported": _unsupported,
    "late": _late,
    "points_unlike": _points_unlike,
    "execution_unlike": _execution_unlike,
    "cost_direction": _cost_direction,
    "no_budget": _no_budget,
    "unspent": _unspent,
}
