"""What is done in the background: every kind of work, by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from budgets.jobs import Kind, Payload, Task
from budgets.models import IdempotencyKey, Job, JobState
from budgets.services.checkpoints import make_checkpoint
from performance.models import Task as OfficeTask
from performance.selectors.risks import stirred_tasks
from performance.selectors.tallies import is_marked
from performance.services.exports import make_export, remove_expired
from performance.services.library import gather_indicators
from performance.services.risks import refresh_risks
from performance.services.scoring import score_submitted
from performance.services.tallies import count_papers
from performance.services.tasks import remind
from performance.services.verification import make_verification

_KEPT = timedelta(days=30)
_MINUTES_KEPT = timedelta(days=1)
_ANSWERS_KEPT = timedelta(days=7)


def _remind(task: Task) -> str:
    sent = remind(today_only_once=task.payload["date"], region_id=task.payload["region"])
    return f"notices:{sent}"


def _regions_with_tasks(date: str) -> Sequence[Payload]:
    regions = OfficeTask.objects.filter(closed_at=None).order_by("region_id")
    found = regions.values_list("region_id", flat=True).distinct()
    return [{"date": date, "region": region} for region in found]


def _risks(task: Task) -> str:
    return f"papers:{refresh_risks(task=UUID(task.payload['task']))}"


def _tasks_stirred(date: str) -> Sequence[Payload]:
    return [{"task": str(found)} for found in stirred_tasks()]


def _score(task: Task) -> str:
    assert task.actor is not None
    return score_submitted(
        actor=task.actor,
        public_id=UUID(task.payload["evaluation"]),
        digest=task.payload["digest"],
    )


def _ping(task: Task) -> str:
    """Ends: that is all there is to show."""
    return "pong"


def _tidy(task: Task) -> str:
    """Removes what has served its time: files, jobs that are done, kept answers, sessions."""
    files = remove_expired()
    done = Job.objects.filter(state=JobState.DONE)
    now = timezone.now()
    IdempotencyKey.objects.filter(created_at__lt=now - _ANSWERS_KEPT).delete()
    SessionStore.clear_expired()
    done.filter(kind__in=("ping", "count"), finished_at__lt=now - _MINUTES_KEPT).delete()
    done.filter(finished_at__lt=now - _KEPT).delete()
    return f"files:{files}"


def _checkpoint(task: Task) -> str:
    return f"checkpoint:{make_checkpoint().number}"


def _gather(task: Task) -> str:
    return f"entries:{gather_indicators()}"


def _count(task: Task) -> str:
    return f"departments:{count_papers()}"


def _marked(date: str) -> Sequence[Payload]:
    """Nothing is promised while nothing changed."""
    return ({},) if is_marked() else ()


KINDS: Mapping[str, Kind] = {
    "score": Kind(work=_score, label="按规则评分"),
    "export": Kind(work=make_export, label="导出"),
    "verify_trail": Kind(work=make_verification, label="校验留痕"),
    "remind": Kind(
        work=_remind,
        label="催办提醒",
        every=timedelta(days=1),
        at=timedelta(hours=8),
        slots=_regions_with_tasks,
    ),
    "risks": Kind(work=_risks, label="风险排队", every=timedelta(minutes=30), slots=_tasks_stirred),
    "count": Kind(work=_count, label="计数", every=timedelta(minutes=1), slots=_marked),
    "checkpoint": Kind(work=_checkpoint, label="留痕检查点", every=timedelta(minutes=15)),
    "tidy": Kind(work=_tidy, label="清理", every=timedelta(hours=1)),
    "gather_indicators": Kind(
        work=_gather, label="归集指标库", every=timedelta(days=1), at=timedelta(hours=2)
    ),
    "ping": Kind(work=_ping, label="心跳", every=timedelta(minutes=1)),
}


def label_of(kind: str) -> str:
    """A kind in words; a kind that is no more, by its name."""
    found = KINDS.get(kind)
    return found.label if found is not None else kind
