"""Checks over one scored self-evaluation: claims against the rule, bounds, odd money."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from performance.scoring.sheet import LineState, ScoreLine, ScoreSheet
from performance.tables import Finding, ParsedIndicator, ParsedTable, Severity
from performance.values import ValueKind, normalise, plain


def _points(number: Decimal) -> str:
    return f"{number:.2f}"


def _same_when_rounded(claimed: Decimal, awarded: Decimal) -> bool:
    """Whether the claim is the computed figure written with fewer places (12 for 11.95)."""
    exponent = claimed.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return awarded.quantize(Decimal(1).scaleb(-min(places, 2)), ROUND_HALF_UP) == claimed


def _against_claim(
    code: str, line: ScoreLine, table: ParsedTable, *, hint: bool, indicator: str | None
) -> Finding | None:
    """S01 or E01 for one line, or None when claim and rule agree."""
    if line.state is not LineState.SCORED or line.claimed is None or line.awarded is None:
        return None
    if line.claimed == line.awarded:
        return None
    rounded = _same_when_rounded(line.claimed, line.awarded)
    subject = f"指标“{line.name}”" if indicator else "预算执行"
    tail = "，只差在取整，请按两位小数填写" if rounded else "，请按规则改正或说明依据"
    return Finding(
        code=code,
        severity=Severity.NOTICE if rounded or hint else Severity.ERROR,
        project=table.project,
        indicator=indicator,
        message=(
            f"{subject}自评 {plain(line.claimed)} 分，按规则应为 {_points(line.awarded)} 分"
            f"（{line.explanation}）{tail}"
        ),
        at=line.at,
    )


def check_s01(table: ParsedTable, sheet: ScoreSheet) -> Iterator[Finding]:
    """S01: a line's claim differs from the rule (错误; 提示 when only rounded).

    Not on qualitative lines, lines not scored, or lines whose points come from their own award.
    """
    for indicator, line in zip(table.indicators, sheet.lines, strict=True):
        if line.own_award or _qualitative(indicator):
            continue
        finding = _against_claim("S01", line, table, hint=line.hint_only, indicator=line.name)
        if finding:
            yield finding


def _qualitative(indicator: ParsedIndicator) -> bool:
    kinds = {value.kind for value in (indicator.target, indicator.actual) if value is not None}
    return ValueKind.QUALITATIVE in kinds


def check_s03(table: ParsedTable, sheet: ScoreSheet) -> Iterator[Finding]:
    """S03: awarded points exceed the points available."""
    lines = [*sheet.lines, *([sheet.execution] if sheet.execution else [])]
    for line in lines:
        if line.points is None or line.claimed is None or line.claimed <= line.points:
            continue
        execution = line is sheet.execution
        subject = "预算执行" if execution else f"指标“{line.name}”"
        yield Finding(
            code="S03",
            severity=Severity.BLOCK,
            project=table.project,
            indicator=None if execution else line.name,
            message=(
                f"{subject}自评 {plain(line.claimed)} 分，超过分值 {plain(line.points)} 分；"
                "得分不能高于分值"
            ),
            at=line.at,
        )


def check_e01(table: ParsedTable, sheet: ScoreSheet) -> Iterator[Finding]:
    """E01: the claimed points for execution differ from the rule."""
    if sheet.execution is None:
        return
    finding = _against_claim("E01", sheet.execution, table, hint=False, indicator=None)
    if finding:
        yield finding


def check_e02(table: ParsedTable, sheet: ScoreSheet) -> Iterator[Finding]:
    """E02: odd money, as the engine met it while scoring execution."""
    if sheet.execution is None:
        return
    for flag in sheet.execution.flags:
        if flag.code == "E02":
            yield Finding(
                code="E02",
                severity=Severity.ERROR,
                project=table.project,
                message=flag.message,
                at=sheet.execution.at,
            )


def check_a01(table: ParsedTable, sheet: ScoreSheet) -> Iterator[Finding]:
    """A01: an actual written as a bound (错误); words that repeat the target (提示)."""
    repeated: list[tuple[ParsedIndicator, str]] = []
    for indicator in table.indicators:
        target, actual = indicator.target, indicator.actual
        if actual is None:
            continue
        if actual.kind is ValueKind.BOUND:
            copied = target is not None and normalise(target.text) == normalise(actual.text)
            yield Finding(
                code="A01",
                severity=Severity.ERROR,
                project=table.project,
                indicator=indicator.name,
                message=(
                    f"指标“{indicator.name}”的实际完成值写成“{actual.text}”"
                    f"{'，照抄了目标值' if copied else ''}，不是实际数；请填写实际完成的数"
                ),
                at=indicator.at,
            )
        elif (
            actual.kind is ValueKind.QUALITATIVE
            and target is not None
            and normalise(target.text) == normalise(actual.text)
        ):
            repeated.append((indicator, actual.text))
    if repeated:
        first, words = repeated[0]
        yield Finding(
            code="A01",
            severity=Severity.NOTICE,
            project=table.project,
            message=(
                f"{len(repeated)} 个定性指标的实际完成值与目标值一字不差"
                f"（如“{first.name}”：“{words}”）；"
                "请写出实际情况和依据"
            ),
            at=first.at,
        )


SHEET_CHECKS = (check_s01, check_s03, check_e01, check_e02, check_a01)
"""Checks of one table and its sheet, in the order findings are listed."""
