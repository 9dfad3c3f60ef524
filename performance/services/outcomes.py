"""What a confirmed review leaves behind: a score run of its own beside the computed one."""

from __future__ import annotations

from decimal import Decimal

from budgets.errors import Conflict
from budgets.models import User
from performance.mapping.scores import lines_digest
from performance.models import Review, ReviewLine, RunKind, ScoreLine, ScoreRun
from performance.selectors.feedback import progress_of
from performance.selectors.papers import lines_of


def refuse_unfinished(review: Review) -> None:
    """Raises Conflict while a sent sheet waits for the unit, or an objection for its decision."""
    found = progress_of(review)
    if found is None:
        return
    if found.waiting:
        raise Conflict("复核意见已发单位，答复期限未到，单位还没有答复完毕，不能确认")
    if found.undecided:
        raise Conflict(f"还有 {found.undecided} 条申诉没有作出决定，不能确认")


def kept_outcome(review: Review, actor: User) -> ScoreRun:
    """Stores the reviewed points as a run: claims stay, the reason is the criterion's code."""
    assert review.run is not None
    source = review.run
    adjusted = {row.seq: row for row in ReviewLine.unscoped.filter(review=review)}
    lines = []
    for line in lines_of([source])[source.pk]:
        own = adjusted.get(line.seq)
        lines.append(
            ScoreLine(
                fiscal_year=line.fiscal_year,
                seq=line.seq,
                department_id=line.department_id,
                indicator_id=line.indicator_id,
                state="scored" if own is not None else line.state,
                points=line.points,
                claimed=line.claimed,
                awarded=own.points if own is not None else line.awarded,
                ratio=line.ratio,
                reason=own.reason_code if own is not None else line.reason,
                notes=line.notes,
            )
        )
    raw = sum((line.awarded or Decimal(0) for line in lines), Decimal(0))
    cap = source.cap if source.cap is not None and raw > source.cap else None
    complete = all(line.state != "not_scored" for line in lines)
    run = ScoreRun.unscoped.create(
        evaluation_id=review.evaluation_id,
        kind=RunKind.REVIEWED,
        fiscal_year=source.fiscal_year,
        ruleset=source.ruleset,
        ruleset_digest=source.ruleset_digest,
        total=raw if cap is None else cap,
        available=sum(
            (line.points or Decimal(0) for line in lines if line.state == "scored"), Decimal(0)
        ),
        complete=complete,
        grade=review.grade if complete else "",
        cap=cap,
        claimed_total=source.claimed_total,
        claimed_grade=source.claimed_grade,
        lines_digest=lines_digest(lines),
        actor=actor,
        department_id=review.department_id,
        unit_id=review.unit_id,
    )
    for line in lines:
        line.run_id = run.pk
    ScoreLine.objects.bulk_create(lines)
    return run
