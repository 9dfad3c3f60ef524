"""Keeping the risk of examined papers: when one is handed on, and again as others follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction

from budgets import audit
from budgets.errors import NotFound
from performance.examination.risk import Risk
from performance.models import Examination, Task
from performance.selectors.risks import medians_of, risks_of, task_examinations

CHUNK = 300


def weigh(row: Examination) -> None:
    """Keeps the risk of a paper just handed on, in the name of the event at hand.

    Other projects of its task stand outside the clerk's sight: their middle comes with
    ``refresh_risks``.
    """
    _keep([row], risks_of([row]))


def refresh_risks(*, task: UUID) -> int:
    """Works out the risks of a task's papers anew and returns how many changed.

    Run by the service itself: the middle of similar projects moves as others hand on. One event
    stands for all of them, none where nothing changed. A paper handed on meanwhile keeps what it
    got then. Raises NotFound.
    """
    with transaction.atomic():
        found = Task.objects.filter(public_id=task).first()
        if found is None:
            raise NotFound("没有这个任务")
        medians = medians_of(found.pk)
        changed: dict[int, tuple[str, Risk]] = {}
        rows = task_examinations(found.pk, 0, CHUNK)
        while rows:
            risks = risks_of(rows, medians)
            changed |= {
                row.pk: (row.digest, risks[row.pk])
                for row in rows
                if row.pk in risks and _differs(row, risks[row.pk])
            }
            rows = task_examinations(found.pk, rows[-1].pk, CHUNK)
        if not changed:
            return 0
        audit.record(
            actor=None,
            verb="refresh_risks",
            object_type="task",
            object_id=found.public_id,
            department_id=audit.OFFICE_CHAIN,
            detail={"papers": len(changed), "similar": medians.count},
        )
        ids = sorted(changed)
        for start in range(0, len(ids), CHUNK):
            part = ids[start : start + CHUNK]
            held = Examination.unscoped.select_for_update(no_key=True).filter(pk__in=part)
            same = [row for row in held.order_by("id") if row.digest == changed[row.pk][0]]
            _keep(same, {row.pk: changed[row.pk][1] for row in same})
        return len(changed)


def _keep(rows: Sequence[Examination], risks: Mapping[int, Risk]) -> None:
    known = [row for row in rows if row.pk in risks]
    for row in known:
        row.risk, row.reasons = risks[row.pk].score, _json(risks[row.pk])
    Examination.unscoped.bulk_update(known, ["risk", "reasons"])


def _differs(row: Examination, risk: Risk) -> bool:
    return (row.risk, row.reasons) != (risk.score, _json(risk))


def _json(risk: Risk) -> list[dict[str, object]]:
    return [
        {"code": reason.code, "weight": reason.weight, "text": reason.text}
        for reason in risk.reasons
    ]
