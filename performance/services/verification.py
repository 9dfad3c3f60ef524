"""Verifying the trail at the wish of who audits it: promised at once, done in the background."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from budgets import audit
from budgets.access import chains_visible_to, reads_trail
from budgets.errors import Conflict, NotAllowed
from budgets.jobs import Task, enqueue
from budgets.models import Job, JobState, User
from budgets.services.faults import Fault
from budgets.services.notices import tell
from budgets.services.trail import verify
from performance.selectors.waiting import VERDICT

KIND = "verify_trail"
_MOST_FAULTS = 5


def request_verification(*, actor: User, origin: audit.Origin | None = None) -> UUID:
    """Promises to recompute every chain the actor reads. Raises NotAllowed and Conflict."""
    with transaction.atomic():
        if not reads_trail(actor):
            raise NotAllowed("只有审计人员可以校验留痕")
        if Job.objects.filter(actor=actor, kind=KIND, state=JobState.QUEUED).exists():
            raise Conflict("上一次校验还没有做完，请稍后刷新页面看结果")
        promised = enqueue(KIND, {}, actor=actor)
        assert promised is not None
        audit.record(
            actor=actor,
            verb="request_verification",
            object_type="trail",
            object_id=promised,
            department_id=audit.OFFICE_CHAIN,
            detail={},
            origin=origin,
        )
        return promised


def make_verification(task: Task) -> str:
    """Recomputes the chains and tells the one who asked, of the chains that account reads alone.

    Others write meanwhile, and what is committed between two readings looks like a fault: only
    what is found twice counts.
    """
    assert task.actor is not None
    verdict = verify(fold=False)
    faults = set(verdict.faults) & set(verify(fold=False).faults) if verdict.faults else set()
    chains = chains_visible_to(task.actor)
    found = [fault for fault in verdict.faults if fault in faults]
    if chains is not None:
        found = [fault for fault in found if fault.chain in chains]
    tell(
        [task.actor],
        kind=VERDICT,
        object_type="trail",
        object_id=task.public_id,
        text=_words(len(chains) if chains is not None else verdict.chains, found),
        once=f"{VERDICT}:{task.public_id}",
    )
    audit.record(
        actor=task.actor,
        verb="verify_trail",
        object_type="trail",
        object_id=task.public_id,
        department_id=audit.OFFICE_CHAIN,
        detail={
            "events": verdict.events,
            "changes": verdict.changes,
            "chains": verdict.chains,
            "faults": len(found),
        },
    )
    return f"faults:{len(found)}"


def _words(chains: int, found: list[Fault]) -> str:
    if not found:
        return f"校验完成：您看得到的 {chains} 条链，每一条留痕和变更都重新计算过，首尾相接，没有发现改动"
    listed = "；".join(str(fault) for fault in found[:_MOST_FAULTS])
    more = f"；另有 {len(found) - _MOST_FAULTS} 处" if len(found) > _MOST_FAULTS else ""
    return f"校验完成：发现 {len(found)} 处不符，请立即联系系统管理员。{listed}{more}"
