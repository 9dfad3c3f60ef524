"""Claimed points against the rule: lines (S01), words (S02), too much (S03), execution (E01)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from performance.examination.model import Case, Remark, Row, on_row, on_table
from performance.scoring.sheet import LineState, ScoreLine
from performance.tables import Severity
from performance.values import ValueKind, plain


def _same_when_rounded(claimed: Decimal, awarded: Decimal) -> bool:
    """Whether the claim is the computed figure written with fewer places (12 for 11.95)."""
    exponent = claimed.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return awarded.quantize(Decimal(1).scaleb(-min(places, 2)), ROUND_HALF_UP) == claimed


def _against_claim(line: ScoreLine, subject: str) -> tuple[str, Severity] | None:
    """Words and severity where claim and rule differ; None where they agree or one is missing."""
    if line.state is not LineState.SCORED or line.claimed is None or line.awarded is None:
        return None
    if line.claimed == line.awarded:
        return None
    rounded = _same_when_rounded(line.claimed, line.awarded)
    tail = "，只差在取整，请按两位小数填写" if rounded else "，请按规则改正或说明依据"
    words = (
        f"{subject}自评 {plain(line.claimed)} 分，按规则应为 {line.awarded:.2f} 分"
        f"（{line.explanation}）{tail}"
    )
    return words, Severity.NOTICE if rounded or line.hint_only else Severity.ERROR


def check_s01(case: Case) -> Iterator[Remark]:
    """S01: a line's claim differs from the rule (错误; 提示 when only rounded).

    Not on qualitative lines, lines not scored, or lines whose points come from their own award.
    """
    for row in case.rows:
        if row.line is None or row.line.own_award or _qualitative(row):
            continue
        found = _against_claim(row.line, f"指标“{row.line.name}”")
        if found:
            yield on_row(case, row, *found, field="awarded")


def _qualitative(row: Row) -> bool:
    return any(
        value is not None and value.kind is ValueKind.QUALITATIVE
        for value in (row.target, row.actual)
    )


def check_s02(case: Case) -> Iterator[Remark]:
    """S02 (错误): qualitative points outside the interval of their tier."""
    for row in case.rows:
        if row.line is None:
            continue
        for flag in row.line.flags:
            if flag.code == "S02":
                yield on_row(
                    case,
                    row,
                    f"{flag.message}；按规则为 {row.line.awarded or Decimal(0):.2f} 分"
                    f"（{row.line.explanation}）",
                    Severity.ERROR,
                    field="awarded",
                )


def check_s03(case: Case) -> Iterator[Remark]:
    """S03 (阻断): awarded points exceed the points available."""
    for row in case.rows:
        if row.line is not None and (words := _over(row.line, f"指标“{row.line.name}”")):
            yield on_row(case, row, words, Severity.BLOCK, field="awarded")
    execution = case.sheet.execution if case.sheet else None
    if execution is not None and (words := _over(execution, "预算执行")):
        yield on_table(case, words, Severity.BLOCK, at=execution.at, field="awarded")


def _over(line: ScoreLine, subject: str) -> str | None:
    if line.points is None or line.claimed is None or line.claimed <= line.points:
        return None
    return (
        f"{subject}自评 {plain(line.claimed)} 分，超过分值 {plain(line.points)} 分；"
        "得分不能高于分值"
    )


def check_e01(case: Case) -> Iterator[Remark]:
    """E01: the claimed points for execution differ from the rule."""
    execution = case.sheet.execution if case.sheet else None
    if execution is None:
        return
    found = _against_claim(execution, "预算执行")
    if found:
        yield on_table(case, *found, at=execution.at, field="awarded")
