"""Scores: lines sum to their run's totals, exactly; reviews to theirs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from performance.mapping.scores import lines_digest, stored_sheet
from performance.mapping.tables import parsed_evaluation
from performance.models import Evaluation, ScoreLine, ScoreRun
from performance.rulebook import load
from performance.scoring.engine import raw_total
from performance.selectors.papers import evaluation_with_rows, funding_of
from performance.services.invariants.shapes import Result, rows, streamed

_LINES = """
SELECT l.fiscal_year, l.run_id, l.seq, l.state, l.points, l.claimed, l.awarded, l.ratio, l.reason, l.notes
FROM performance_scoreline l ORDER BY l.run_id, l.seq"""
_RUNS = """
SELECT r.id, r.fiscal_year, r.total, r.available, r.complete, r.grade, r.cap, r.lines_digest,
  r.kind = 'computed' AND (SELECT count(DISTINCT i.goal) FROM performance_indicator i WHERE i.table_id = e.table_id) > 1
FROM performance_scorerun r JOIN performance_evaluation e ON e.id = r.evaluation_id ORDER BY r.id"""
_NAMES = (
    "fiscal_year", "run_id", "seq", "state", "points", "claimed", "awarded", "ratio", "reason", "notes",
)  # fmt: skip


def scores_sum() -> Result:
    """I5: exact sums, caps, completeness and grade of every run; its lines are those it was made with."""
    result = Result("I5", "得分明细与总分、复核得分相符")
    groups = groupby(streamed(_LINES), key=lambda row: row[1])
    here: tuple[int, list[ScoreLine]] | None = _next(groups)
    for run_id, year, *figures in streamed(_RUNS):
        while here is not None and here[0] < run_id:
            result.add(f"有得分明细属于编号 {here[0]} 的评分，而这次评分不见了")
            here = _next(groups)
        lines = here[1] if here is not None and here[0] == run_id else []
        if lines:
            here = _next(groups)
        result.checked += 1
        result.extend(
            f"编号 {run_id} 的评分：{words}" for words in _run(run_id, year, figures, lines)
        )
    while here is not None:
        result.add(f"有得分明细属于编号 {here[0]} 的评分，而这次评分不见了")
        here = _next(groups)
    _reviews(result)
    return result


def _next(groups: Iterator[tuple[Any, Iterator[Any]]]) -> tuple[int, list[ScoreLine]] | None:
    found = next(groups, None)
    if found is None:
        return None
    return found[0], [ScoreLine(**dict(zip(_NAMES, row, strict=True))) for row in found[1]]


def _run(
    run_id: int, year: int, figures: Sequence[Any], lines: Sequence[ScoreLine]
) -> Iterator[str]:
    total, available, complete, grade, cap, digest, several_goals = figures
    if not lines:
        yield "没有明细"
        return
    if any(line.fiscal_year != year for line in lines):
        yield "明细与评分不在同一年度"
    if lines_digest(lines) != digest:
        yield "明细与评分时的摘要不符"
    raw: Decimal | None
    if several_goals:
        raw = _raw_by_goals(run_id, lines)
    else:
        raw = sum((line.awarded or Decimal(0) for line in lines), Decimal(0))
        counted = sum(
            (line.points or Decimal(0) for line in lines if line.state == "scored"), Decimal(0)
        )
        if counted != available:
            yield f"可评分值 {available}，明细合计 {counted}"
    if raw is not None and (
        total != (raw if cap is None else min(raw, cap)) or (cap is not None and raw <= cap)
    ):
        yield f"总分 {total}，明细合计 {raw}，封顶 {cap}"
    if complete != all(line.state != "not_scored" for line in lines):
        yield "“全部已评”与明细不符"
    if grade and not complete:
        yield "没有评完却有等级"


def _raw_by_goals(run_id: int, lines: Sequence[ScoreLine]) -> Decimal | None:
    """The sum of a form with several goals: by their shares, as the engine takes it."""
    run = ScoreRun.unscoped.get(pk=run_id)
    evaluation = evaluation_with_rows(Evaluation.unscoped.all(), run.evaluation_id)
    assert evaluation is not None
    funding = funding_of(evaluation.project_id, evaluation.fiscal_year)
    table, rules = parsed_evaluation(evaluation, funding), load(run.ruleset)
    if rules.digest != run.ruleset_digest or len(table.indicators) + 1 != len(lines):
        return None
    sheet = stored_sheet(run, lines, table, rules)
    return raw_total(table, sheet.lines, sheet.execution, rules)


def _reviews(result: Result) -> None:
    """A review's total: the points that were set, those of the run elsewhere, the run's cap."""
    for review_id, kept, total in rows("""
        SELECT r.id, r.total, CASE WHEN bool_or(l.state = 'not_scored' AND coalesce(a.points, l.awarded) IS NULL) THEN NULL
          ELSE least(sum(coalesce(a.points, l.awarded, 0)), max(s.cap)) END
        FROM performance_review r JOIN performance_scorerun s ON s.id = r.run_id
        JOIN performance_scoreline l ON l.run_id = s.id AND l.fiscal_year = s.fiscal_year
        LEFT JOIN performance_reviewline a ON a.review_id = r.id AND a.seq = l.seq
        WHERE EXISTS (SELECT 1 FROM performance_reviewline x WHERE x.review_id = r.id) GROUP BY r.id ORDER BY r.id"""):
        result.checked += 1
        if kept != total:
            result.add(f"编号 {review_id} 的复核得分 {kept}，逐行合计 {total}")
