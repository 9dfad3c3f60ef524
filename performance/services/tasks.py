"""Tasks of the finance bureau: issue, move the deadline, close, remind by hand and by the clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from budgets import audit
from budgets.access import units_in_reach
from budgets.errors import Conflict, Invalid, NotAllowed, NotFound, StaleVersion
from budgets.models import Role, User
from budgets.services.notices import tell
from budgets.text import clean_text
from performance.access import tasks_visible_to
from performance.models import Task, TaskDeadline, TaskUnit
from performance.rulebook import UnknownRuleset, load
from performance.selectors.procedure import clerks_of, holders, units_asked, unsubmitted_units
from performance.workflow import Paper

REMIND_BEFORE = timedelta(days=3)
_LONGEST_WORDS = 200
_FARTHEST = timedelta(days=3 * 366)
"""How much later than before, or than now, a deadline may be moved: a year mistyped is further."""


def issue_task(
    *,
    actor: User,
    paper: Paper,
    fiscal_year: int,
    title: str,
    deadline: datetime,
    units: Sequence[UUID],
    month: int | None = None,
    form: str = "",
    ruleset: str = "",
    origin: audit.Origin | None = None,
) -> Task:
    """Asks units for a paper of a year until a deadline. Raises NotAllowed, NotFound, Invalid, Conflict."""
    with transaction.atomic():
        reach = units_in_reach(actor, Role.FINANCE_REVIEWER).select_related("department__region")
        asked = list(reach.filter(public_id__in=set(units)).order_by("id"))
        if not asked:
            if not reach.exists():
                raise NotAllowed("只有财政审核人员可以下达任务")
            raise NotFound("没有这些单位，或者不在您联系的范围内")
        if len(asked) != len(set(units)):
            raise NotFound("有的单位不存在，或者不在您联系的范围内")
        cleaned = clean_text(title, field="任务名称").strip()
        rules = _checked(paper, fiscal_year, month, cleaned, deadline, ruleset)
        region = asked[0].department.region
        # Only among what the issuer may see: another office's tasks are not told of by a refusal.
        if (
            tasks_visible_to(actor)
            .filter(region=region, paper=paper.value, fiscal_year=fiscal_year, title=cleaned)
            .exists()
        ):
            raise Conflict(f"已有同名任务“{cleaned}”")
        task = Task(
            region=region,
            paper=paper.value,
            fiscal_year=fiscal_year,
            month=month,
            title=cleaned,
            form=clean_text(form, field="表式").strip()[:60],
            ruleset=ruleset,
            ruleset_digest=rules,
            deadline=deadline,
            issued_by=actor,
        )
        audit.record(
            actor=actor,
            verb="issue_task",
            object_type="task",
            object_id=task.public_id,
            department_id=audit.OFFICE_CHAIN,
            detail={"paper": paper.value, "fiscal_year": fiscal_year, "units": len(asked)},
            origin=origin,
        )
        task.save(force_insert=True)
        TaskUnit.unscoped.bulk_create(
            TaskUnit(task=task, unit=unit, department_id=unit.department_id) for unit in asked
        )
        tell(
            clerks_of([unit.pk for unit in asked]),
            kind="task_issued",
            object_type="task",
            object_id=task.public_id,
            text=_said(task, f"新任务“{task.title}”"),
        )
        return task


def _checked(
    paper: Paper, fiscal_year: int, month: int | None, title: str, deadline: datetime, ruleset: str
) -> str:
    """Raises Invalid for what no task can have; returns the rule set's digest."""
    fields = {}
    if not title or len(title) > 120:
        fields["title"] = "请填写任务名称，最多 120 字"
    if not 2000 <= fiscal_year <= 2100:
        fields["fiscal_year"] = "年度应在 2000 到 2100 之间"
    if (paper is Paper.MONITORING) != (month is not None) or not 1 <= (month or 1) <= 12:
        fields["month"] = "监控任务须写明截至月份（1 到 12），其他任务不写"
    if words := _implausible(deadline):
        fields["deadline"] = words
    digest = ""
    if ruleset:
        try:
            digest = load(ruleset).digest
        except UnknownRuleset:
            fields["ruleset"] = f"没有规则集“{ruleset}”"
    if fields:
        raise Invalid(fields)
    return digest


def _implausible(deadline: datetime) -> str:
    """What no deadline can be, in words; empty where nothing is wrong."""
    if timezone.is_naive(deadline):
        return "截止时间须带时区"
    if not 2000 <= deadline.year <= 2100:
        return "截止时间的年份应在 2000 到 2100 之间"
    return ""


def _tell(
    task: Task, unit_id: int, department_id: int, words: str, kind: str, once: str = ""
) -> list[User]:
    people = holders(
        Role.CLERK, unit_id=unit_id, department_id=department_id, region_id=task.region_id
    )
    return tell(
        people,
        kind=kind,
        object_type="task",
        object_id=task.public_id,
        text=_said(task, words),
        once=once,
    )


def _said(task: Task, words: str) -> str:
    if task.deadline < timezone.now():
        return f"{words}：截止时间是 {_at(task.deadline)}，请尽快提交"
    return f"{words}：请在 {_at(task.deadline)} 前提交"


def _at(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y年%m月%d日 %H:%M}"


def _held(actor: User, public_id: UUID, version: int, act: str) -> Task:
    """A task that goes on, locked, for who may end it. ``act`` says in words what is wanted."""
    found = tasks_visible_to(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound("没有这个任务，或者不在您的可见范围内")
    task = Task.objects.select_for_update(no_key=True).get(pk=found.pk)
    reach = units_in_reach(actor, Role.FINANCE_REVIEWER)
    if not TaskUnit.unscoped.filter(task=task, unit__in=reach).exists():
        raise NotAllowed(f"只有财政审核人员可以{act}")
    if task.lock_version != version:
        raise StaleVersion("任务已经被别人修改", base=version, current=task.lock_version)
    if task.closed_at is not None:
        raise Conflict("任务已经结束")
    return task


def move_deadline(
    *,
    actor: User,
    public_id: UUID,
    version: int,
    deadline: datetime,
    reason: str,
    origin: audit.Origin | None = None,
) -> Task:
    """Gives a task another deadline that is yet to come; the clerks of its units are told.

    What was handed on before is late no more: the new deadline lies after it. Raises NotFound,
    NotAllowed, StaleVersion, Conflict (the task is closed) and Invalid (no time to come, too far
    off, the same as before, no reason).
    """
    with transaction.atomic():
        task = _held(actor, public_id, version, "改截止时间")
        said = clean_text(reason, field="说明原因").strip()
        fields = {}
        if words := _implausible(deadline) or _unfit(task, deadline):
            fields["deadline"] = words
        if not said or len(said) > _LONGEST_WORDS:
            fields["reason"] = f"请说明原因，最多 {_LONGEST_WORDS} 字"
        if fields:
            raise Invalid(fields)
        audit.record(
            actor=actor,
            verb="move_deadline",
            object_type="task",
            object_id=task.public_id,
            department_id=audit.OFFICE_CHAIN,
            detail={
                "version": version,
                "from": task.deadline.isoformat(),
                "to": deadline.isoformat(),
            },
            origin=origin,
        )
        TaskDeadline.objects.create(
            task=task, was=task.deadline, became=deadline, reason=said, moved_by=actor
        )
        moved = f"任务“{task.title}”截止时间由 {_at(task.deadline)} 改为 {_at(deadline)}：{said}"
        Task.objects.filter(pk=task.pk).update(
            deadline=deadline, lock_version=F("lock_version") + 1
        )
        task.refresh_from_db()
        tell(
            clerks_of(units_asked(task.pk)),
            kind="deadline_moved",
            object_type="task",
            object_id=task.public_id,
            text=moved,
            once=f"deadline:{task.pk}:{task.lock_version}",
        )
        return task


def _unfit(task: Task, deadline: datetime) -> str:
    """Why a task's deadline cannot be moved there, in words; by the database's clock."""
    now = Task.objects.annotate(now=Now()).values_list("now", flat=True).get(pk=task.pk)
    if deadline == task.deadline:
        return "与原来的截止时间相同，没有改动"
    if deadline <= now:
        return f"截止时间应在现在（{_at(now)}）之后"
    if deadline > (farthest := max(now, task.deadline) + _FARTHEST):
        return f"截止时间最晚到 {_at(farthest)}，请核对年份"
    return ""


def close_task(
    *, actor: User, public_id: UUID, version: int, origin: audit.Origin | None = None
) -> Task:
    """Ends a task: no paper is begun under it any more. Raises NotFound, NotAllowed, Conflict."""
    with transaction.atomic():
        task = _held(actor, public_id, version, "结束任务")
        audit.record(
            actor=actor,
            verb="close_task",
            object_type="task",
            object_id=task.public_id,
            department_id=audit.OFFICE_CHAIN,
            detail={"version": version},
            origin=origin,
        )
        Task.objects.filter(pk=task.pk).update(closed_at=Now(), lock_version=F("lock_version") + 1)
        task.refresh_from_db()
        return task


def remind_units(
    *,
    actor: User,
    public_id: UUID,
    units: Sequence[UUID] | None,
    words: str = "",
    origin: audit.Origin | None = None,
) -> int:
    """Reminds the clerks of chosen units that owe the paper of a task; returns how many units.

    None for ``units`` means all that owe it. A unit is reminded by hand once a day of the same
    deadline. Raises NotFound, NotAllowed, Invalid and Conflict (all of them have handed on, were
    reminded today, or have nobody to remind).
    """
    with transaction.atomic():
        task = tasks_visible_to(actor).filter(public_id=public_id).first()
        if task is None:
            raise NotFound("没有这个任务，或者不在您的可见范围内")
        reach = units_in_reach(actor, Role.FINANCE_REVIEWER)
        if not TaskUnit.unscoped.filter(task=task, unit__in=reach).exists():
            raise NotAllowed("只有财政审核人员可以提醒单位")
        if task.closed_at is not None:
            raise Conflict("任务已经结束")
        said = clean_text(words, field="提醒的话").strip()
        if len(said) > _LONGEST_WORDS:
            raise Invalid({"words": f"提醒的话最多 {_LONGEST_WORDS} 字"})
        if units is not None:
            if not units:
                raise Invalid({"unit": "请至少选择一个单位"})
            reach = reach.filter(public_id__in=set(units))
        owing = TaskUnit.unscoped.filter(
            task=task, first_submitted_at=None, unit__in=reach.values("pk")
        )
        sentence = f"{actor.display_name}提醒您办理任务“{task.title}”" + (
            f"：{said}" if said else ""
        )
        reached = notices = 0
        for row in owing.order_by("id"):
            key = f"ask:{_of_deadline(task, row.unit_id)}:{timezone.localdate():%Y-%m-%d}"
            people = _tell(task, row.unit_id, row.department_id, sentence, "reminder", once=key)
            reached, notices = reached + bool(people), notices + len(people)
            _mail(people, f"任务“{task.title}”请尽快提交")
        if not reached:
            raise Conflict("没有发出提醒：这些单位已经提交、今天已经提醒过，或者没有经办人员")
        audit.record(
            actor=actor,
            verb="remind_units",
            object_type="task",
            object_id=task.public_id,
            department_id=audit.OFFICE_CHAIN,
            detail={"units": reached, "notices": notices, "worded": bool(said)},
            origin=origin,
        )
        return reached


def remind(*, today_only_once: str, region_id: int | None = None) -> int:
    """Reminds the clerks of every unit that owes a paper soon or already; returns how many notices.

    Run by the service itself once a day or oftener: ``today_only_once`` (a date) keeps it to one
    notice a day of the same deadline; ``region_id`` to the tasks of one region. Mail goes to those
    who have an address, where mail is set up.
    """
    sent = 0
    with transaction.atomic():
        due = Task.objects.filter(closed_at=None, deadline__lt=Now() + REMIND_BEFORE).order_by("id")
        if region_id is not None:
            due = due.filter(region_id=region_id)
        for task in due:
            late = task.deadline < timezone.now()
            words = f"任务“{task.title}”{'已逾期' if late else '即将到期'}"
            for owing in unsubmitted_units(task.pk):
                key = f"remind:{_of_deadline(task, owing.unit_id)}:{today_only_once}"
                people = _tell(
                    task, owing.unit_id, owing.department_id, words, "reminder", once=key
                )
                sent += len(people)
                _mail(people, words)
    return sent


def _of_deadline(task: Task, unit_id: int) -> str:
    """Names a unit and the deadline it is reminded of: what was said of another is no reminder."""
    return f"{task.pk}:{unit_id}:{task.deadline:%Y%m%dT%H%M%S}"


def _mail(people: Sequence[User], words: str) -> None:
    addresses = [person.email for person in people if person.email]
    if not addresses or not settings.EMAIL_HOST:
        return
    for address in addresses:
        transaction.on_commit(
            lambda to=address: send_mail(  # type: ignore[misc]
                f"绩衡提醒：{words}", f"{words}，请登录绩衡办理。", None, [to], fail_silently=True
            ),
            robust=True,
        )
