"""Why a paper comes out otherwise under another rule set, in words."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from performance.lab.model import NO_GRADE, LineChange, ProjectChange
from performance.scoring import RuleSet, ScoreLine, ScoreSheet, grade_of
from performance.scoring.explain import two
from performance.values import plain


def reasons(
    change: ProjectChange, before: ScoreSheet, after: ScoreSheet, base: RuleSet, other: RuleSet
) -> tuple[str, ...]:
    """The sentences that explain one paper's difference; none where nothing differs."""
    return tuple(_reasons(change, before, after, base, other))


def _reasons(
    change: ProjectChange, before: ScoreSheet, after: ScoreSheet, base: RuleSet, other: RuleSet
) -> Iterator[str]:
    if before.execution and after.execution and _differ(before.execution, after.execution):
        yield f"预算执行：{_step(before.execution, after.execution)}"
    lines = [line for line in change.lines if not line.is_execution]
    weights = sum((line.by_weights for line in lines), Decimal(0))
    if weights:
        yield f"指标分值合计按新规则集折算，{_signed(weights)} 分"
    for line in lines:
        if line.by_rules or (line.base_awarded is None) != (line.other_awarded is None):
            yield _rule(line)
    if after.cap is not None:
        yield f"执行率偏低，总分封顶 {two(after.cap)} 分"
    elif before.cap is not None:
        yield f"不再因执行率封顶（原封顶 {two(before.cap)} 分）"
    if change.base_grade != change.other_grade:
        yield _grade(change, before, base, other)


def _grade(change: ProjectChange, before: ScoreSheet, base: RuleSet, other: RuleSet) -> str:
    if NO_GRADE in (change.base_grade, change.other_grade):
        return f"等级：{change.base_grade} → {change.other_grade}（有未评的行时不定等级）"
    moved = grade_of(before.total, other)
    bands = f"：{_bands(base)} → {_bands(other)}" if moved != before.grade else ""
    return (
        f"等级：{two(change.base_total)} 分“{change.base_grade}” → "
        f"{two(change.other_total)} 分“{change.other_grade}”"
        + (f"，等级界限不同{bands}" if bands else "")
    )


def _bands(rules: RuleSet) -> str:
    return "、".join(f"{grade.label} {plain(grade.lower)}" for grade in rules.grades)


def _rule(line: LineChange) -> str:
    if line.by_rules:
        return f"“{line.name}”因规则不同 {_signed(line.by_rules)} 分：{line.other_words}"
    return f"“{line.name}”：{line.other_words}"


def _differ(old: ScoreLine, new: ScoreLine) -> bool:
    return (old.points, old.awarded) != (new.points, new.awarded)


def _step(old: ScoreLine, new: ScoreLine) -> str:
    return (
        f"{_points(old.points)} 分中得 {two(old.awarded)} 分 → "
        f"{_points(new.points)} 分中得 {two(new.awarded)} 分；{new.explanation}"
    )


def _points(points: Decimal | None) -> str:
    return "—" if points is None else plain(points)


def _signed(points: Decimal) -> str:
    return f"{points:+.2f}"
