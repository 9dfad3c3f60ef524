"""Scoring a stored evaluation: a new run with its lines and findings, never an update."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from budgets import audit
from budgets.errors import Conflict, NotFound
from budgets.models import User
from performance.access import evaluations_visible_to
from performance.appraisal import examine
from performance.examination.limits import thresholds_for
from performance.mapping.scores import EXECUTION_SEQ, line_columns, lines_digest
from performance.mapping.tables import parsed_evaluation
from performance.models import Evaluation, FindingRow, ScoreLine, ScoreRun
from performance.rulebook import load
from performance.scoring import ScoreLine as ScoredLine
from performance.scoring import ScoreSheet, score
from performance.selectors.papers import evaluation_with_rows, funding_of
from performance.services.papers import content_and_digest, hold
from performance.tables import ParsedTable
from performance.workflow import EDITABLE, Paper


def score_evaluation(
    *, actor: User, evaluation_id: int, origin: audit.Origin | None = None
) -> ScoreRun:
    """Scores by the rule set frozen on the evaluation and stores run, lines and findings.

    Raises NotFound for what the actor may not see, Conflict when the rule set has changed since
    it was chosen: an old score must not quietly become another.
    """
    with transaction.atomic():
        scored = computed(actor, evaluation_id)
        audit.record(
            actor=actor,
            verb="score_evaluation",
            object_type="evaluation",
            object_id=scored.evaluation.public_id,
            department_id=scored.evaluation.department_id,
            detail=scored.detail,
            origin=origin,
        )
        return kept(scored, actor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """A score that is not stored yet."""

    evaluation: Evaluation
    table: ParsedTable
    sheet: ScoreSheet

    @property
    def detail(self) -> dict[str, Any]:
        """What the event of the verb that scores says of it: rows of scores leave no changes."""
        return {
            "ruleset": self.sheet.ruleset,
            "ruleset_digest": self.sheet.ruleset_digest,
            "total": self.sheet.total,
            "lines": len(self.sheet.lines),
            "lines_digest": _lines_digest(self.sheet),
        }


def computed(actor: User, evaluation_id: int) -> Computed:
    """The score as part of another verb; raises as ``score_evaluation``."""
    evaluation = evaluation_with_rows(evaluations_visible_to(actor), evaluation_id)
    if evaluation is None:
        raise NotFound("没有这张自评表，或者不在您的可见范围内")
    rules = load(evaluation.ruleset)
    if rules.digest != evaluation.ruleset_digest:
        raise Conflict(f"规则集“{rules.id}”在选定之后有变动；请重新为自评表选定规则集")
    funding = funding_of(evaluation.project_id, evaluation.fiscal_year)
    table = parsed_evaluation(evaluation, funding)
    return Computed(evaluation=evaluation, table=table, sheet=score(table, rules))


def kept(scored: Computed, actor: User) -> ScoreRun:
    """Stores run, lines and findings in the name of the event at hand."""
    evaluation, sheet = scored.evaluation, scored.sheet
    run = _run(evaluation, sheet, actor)
    _lines(run, sheet, evaluation)
    limits = thresholds_for(evaluation.department.region.code, evaluation.fiscal_year)
    FindingRow.objects.bulk_create(
        FindingRow(
            fiscal_year=run.fiscal_year,
            run_id=run.pk,
            seq=seq,
            department_id=run.department_id,
            code=finding.code,
            severity=finding.severity.value,
            indicator=finding.indicator or "",
            message=finding.message,
            at=finding.at[:40],
            field=(finding.field or "")[:20],
            aspect=finding.aspect or "",
            basis=finding.basis[:200],
        )
        for seq, finding in enumerate(examine(scored.table, sheet, limits=limits), start=1)
    )
    return run


def score_submitted(*, actor: User, public_id: UUID, digest: str) -> str:
    """Scores what was submitted, in the background, so that its reviewers find points waiting.

    Returns the run's id, or why there is none: the evaluation is out of the actor's sight, or its
    content is no longer what was submitted with ``digest`` (a later submission has its own job).
    """
    with transaction.atomic():
        try:
            held = hold(actor, Paper.EVALUATION, public_id)
        except NotFound:
            return "out_of_sight"
        if held.state in EDITABLE or content_and_digest(held.row)[1] != digest:
            return "changed"
        return str(score_evaluation(actor=actor, evaluation_id=held.row.pk).public_id)


def _lines_digest(sheet: ScoreSheet) -> str:
    lines = [*([sheet.execution] if sheet.execution else []), *sheet.lines]
    return lines_digest(lines)


def _run(evaluation: Evaluation, sheet: ScoreSheet, actor: User) -> ScoreRun:
    return ScoreRun.unscoped.create(
        evaluation=evaluation,
        fiscal_year=evaluation.fiscal_year,
        ruleset=sheet.ruleset,
        ruleset_digest=sheet.ruleset_digest,
        total=sheet.total,
        available=sheet.available,
        complete=sheet.complete,
        grade=sheet.grade or "",
        cap=sheet.cap,
        claimed_total=sheet.claimed_total,
        claimed_grade=sheet.claimed_grade or "",
        lines_digest=_lines_digest(sheet),
        actor=actor,
        department_id=evaluation.department_id,
        unit_id=evaluation.unit_id,
    )


def _lines(run: ScoreRun, sheet: ScoreSheet, evaluation: Evaluation) -> None:
    indicators = [row.pk for row in evaluation.table.indicators.all()]
    rows: list[tuple[int, int | None, ScoredLine]] = [
        (seq, indicator, line)
        for seq, (indicator, line) in enumerate(zip(indicators, sheet.lines, strict=True), start=1)
    ]
    if sheet.execution is not None:
        rows.insert(0, (EXECUTION_SEQ, None, sheet.execution))
    ScoreLine.objects.bulk_create(
        ScoreLine(
            fiscal_year=run.fiscal_year,
            run_id=run.pk,
            seq=seq,
            department_id=run.department_id,
            indicator_id=indicator,
            **line_columns(line),
        )
        for seq, indicator, line in rows
    )
