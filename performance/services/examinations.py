"""Examining papers that are handed on: refusing what must not be, keeping what was found."""

from __future__ import annotations

from django.db.models.functions import Now

from budgets.errors import Conflict
from performance.mapping.examinations import Placed, finding_json
from performance.models import Examination
from performance.selectors.checkups import examination_of
from performance.selectors.examinations import KIND_OF, AnyPaper, Examined, examine_paper

_NAMED = 3


class Blocked(Conflict):
    """The examination found what must be mended before the paper is handed on."""

    code = "blocked"

    def __init__(self, findings: tuple[Placed, ...]) -> None:
        named = "；".join(_said(finding) for finding in findings[:_NAMED])
        more = f"；等 {len(findings)} 处" if len(findings) > _NAMED else ""
        super().__init__(f"审核发现 {len(findings)} 处阻断，改正后才能提交：{named}{more}")
        self.findings = findings


def _said(finding: Placed) -> str:
    where = f"（{finding.place}）" if finding.place else ""
    return f"{finding.message}{where}"


def refuse_blocked(row: AnyPaper) -> Examined:
    """The examination of a paper about to be handed on. Raises Blocked with what blocks it.

    Which codes block is data: ``blocking`` in the thresholds of the region and the year.
    """
    found = examine_paper(row)
    if found.blocks:
        raise Blocked(found.blocks)
    return found


def keep(row: AnyPaper, found: Examined, digest: str) -> Examination:
    """Keeps an examination as the paper's newest, in the name of the event at hand.

    What a reviewer concluded from an earlier one goes with it: that was about another content.
    """
    conclusion = found.conclusion
    columns = {
        "digest": digest,
        "fiscal_year": row.fiscal_year,
        "task_id": row.task_id,
        "stage": found.stage.value,
        "limits": found.limits,
        "ruleset": found.ruleset,
        "findings": [finding_json(one) for one in found.findings],
        "codes": found.codes,
        "blocks": found.counts["block"],
        "errors": found.counts["error"],
        "notices": found.counts["notice"],
        "aspects": {aspect.value: grade for aspect, grade in conclusion.aspects.items()}
        if conclusion is not None
        else {},
        "overall": conclusion.overall if conclusion is not None else "",
        "own_aspects": {},
        "own_overall": "",
        "own_words": "",
        "concluded_by": None,
        "concluded_at": None,
        "risk": 0,
        "reasons": [],
        "examined_at": Now(),
        "department_id": row.department_id,
        "unit_id": row.unit_id,
    }
    kept = examination_of(KIND_OF[type(row)], row.pk)
    if kept is None:
        kept = Examination(paper=KIND_OF[type(row)].value, paper_id=row.pk)
    else:
        kept.lock_version += 1
    for name, value in columns.items():
        setattr(kept, name, value)
    kept.save()
    return kept
