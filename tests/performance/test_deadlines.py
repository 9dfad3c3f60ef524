"""Moving a task's deadline: who may, to when, who is told, and what is late afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from budgets.access import seen_by, seen_by_system
from budgets.errors import Conflict, Invalid, InvalidInput, NotAllowed, NotFound, StaleVersion
from budgets.models import AuditEvent, Notice, User
from performance.models import Examination, Task, TaskDeadline, TaskUnit
from performance.selectors.desk import desk_of
from performance.selectors.procedure import units_asked
from performance.selectors.projects import project_life
from performance.selectors.queue import Wanted, queue_of
from performance.selectors.risks import stirred_tasks
from performance.selectors.tasks import task_list, task_sheet
from performance.selectors.waiting import waiting_for
from performance.services import drafts, tasks
from performance.services.risks import refresh_risks
from performance.workflow import Paper
from tests.cast import assemble
from tests.contents import DEADLINE, actuals
from tests.office import Office


@pytest.fixture
def office(db: None, settings: Any, tmp_path: Path) -> Office:
    settings.MEDIA_ROOT = tmp_path
    return Office(assemble())


def _move(office: Office, task: Task, by: str = "finance", **given: Any) -> Task:
    asked = {"version": 1, "deadline": DEADLINE + timedelta(days=2), "reason": "系统升级两天"}
    return office.act(  # type: ignore[no-any-return]
        tasks.move_deadline, by, public_id=task.public_id, **{**asked, **given}
    )


def _issued(office: Office, deadline: datetime, *units: Any) -> Task:
    asked = {"paper": Paper.EVALUATION, "fiscal_year": 2024, "title": f"自评到{deadline:%d %H:%M}"}
    chosen = [unit.public_id for unit in units or (office.cast.unit,)]
    return office.act(  # type: ignore[no-any-return]
        tasks.issue_task, "finance", deadline=deadline, units=chosen, **asked
    )


# ── the change ──────────────────────────────────────────────────────────────────────────────────


def test_a_deadline_is_moved_with_one_event_and_its_past_is_kept(office: Office) -> None:
    task = _issued(office, DEADLINE)
    before = AuditEvent.objects.count()
    moved = _move(office, task, reason=" 系统升级两天 ")
    assert (moved.deadline, moved.lock_version) == (DEADLINE + timedelta(days=2), 2)
    assert AuditEvent.objects.count() == before + 1
    event = AuditEvent.objects.get(verb="move_deadline")
    assert event.actor_id == office["finance"].pk
    for words in ('"from":"2098-12-31T16:00:00+00:00"', '"to":"2099-01-02T16:00:00+00:00"'):
        assert words in event.canonical
    assert "系统升级" not in event.canonical
    _move(office, task, "finance2", version=2, deadline=DEADLINE, reason="提前完成")
    with seen_by(office["clerk"].pk):
        sheet = task_sheet(office["clerk"], task.public_id)
    assert sheet is not None
    assert [(one.was, one.became, one.by, one.reason) for one in sheet.moved] == [
        (DEADLINE + timedelta(days=2), DEADLINE, "finance2甲", "提前完成"),
        (DEADLINE, DEADLINE + timedelta(days=2), "finance甲", "系统升级两天"),
    ]


@pytest.mark.parametrize(
    ("name", "given", "error", "words"),
    [
        ("foreign_clerk", {}, NotFound, "没有这个任务"),
        ("elsewhere", {}, NotFound, "没有这个任务"),
        ("clerk", {}, NotAllowed, "只有财政审核人员可以改截止时间"),
        ("reviewer", {}, NotAllowed, "只有财政审核人员可以改截止时间"),
        ("auditor", {}, NotAllowed, "只有财政审核人员可以改截止时间"),
        ("finance", {"version": 2}, StaleVersion, "已经被别人修改"),
        ("finance", {"reason": "  "}, Invalid, "reason：请说明原因"),
        ("finance", {"reason": "长" * 201}, Invalid, "reason：请说明原因，最多 200 字"),
        ("finance", {"reason": "延\u202e期"}, InvalidInput, "说明原因的第 2 个字符"),
        ("finance", {"deadline": datetime(2098, 6, 1)}, Invalid, "截止时间须带时区"),
        ("finance", {"deadline": DEADLINE}, Invalid, "与原来的截止时间相同"),
        ("finance", {"deadline": datetime(2020, 1, 1, tzinfo=UTC)}, Invalid, "应在现在"),
        ("finance", {"deadline": datetime.max.replace(tzinfo=UTC)}, Invalid, "2000 到 2100"),
        ("finance", {"deadline": datetime.min.replace(tzinfo=UTC)}, Invalid, "2000 到 2100"),
    ],
)
def test_what_is_refused_changes_nothing(
    office: Office, name: str, given: dict[str, Any], error: type[Exception], words: str
) -> None:
    task = _issued(office, DEADLINE)
    before = (AuditEvent.objects.count(), Notice.objects.count())
    with pytest.raises(error, match=words):
        _move(office, task, name, **given)
    assert (AuditEvent.objects.count(), Notice.objects.count()) == before
    task.refresh_from_db()
    assert (task.deadline, task.lock_version) == (DEADLINE, 1)
    assert not TaskDeadline.objects.exists()


def test_all_that_is_wrong_is_said_at_once(office: Office) -> None:
    with pytest.raises(Invalid) as refused:
        _move(office, _issued(office, DEADLINE), deadline=DEADLINE, reason="")
    assert set(refused.value.fields) == {"deadline", "reason"}


def test_a_closed_task_keeps_its_deadline(office: Office) -> None:
    task = _issued(office, DEADLINE)
    office.act(tasks.close_task, "finance", public_id=task.public_id, version=1)
    with pytest.raises(Conflict, match="任务已经结束"):
        _move(office, task, version=2)


def test_a_year_mistyped_is_too_far_off(office: Office) -> None:
    now = timezone.now()
    task = _issued(office, now + timedelta(days=5))
    with pytest.raises(Invalid, match="请核对年份"):
        _move(office, task, deadline=now + timedelta(days=4 * 365))
    long_ago = _issued(office, now - timedelta(days=2000))
    assert _move(office, long_ago, deadline=now + timedelta(days=1000)).deadline > now
    assert _move(office, task, deadline=now + timedelta(days=1000)).deadline > now


def test_what_has_passed_is_asked_of_the_database(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    task = _issued(office, now - timedelta(days=3))
    monkeypatch.setattr(timezone, "now", lambda: now - timedelta(days=2))
    with pytest.raises(Invalid, match="应在现在"):
        _move(office, task, deadline=now - timedelta(days=1))
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=2))
    assert _move(office, task, deadline=now + timedelta(days=1)).lock_version == 2


def test_no_task_is_issued_to_a_year_that_is_none(office: Office) -> None:
    for year in (1999, 2101):
        with pytest.raises(Invalid, match="截止时间的年份应在 2000 到 2100 之间"):
            _issued(office, DEADLINE.replace(year=year))


# ── who is told ─────────────────────────────────────────────────────────────────────────────────


def _told(kind: str) -> Iterator[tuple[User, str]]:
    return ((one.user, one.text) for one in Notice.objects.filter(kind=kind).order_by("id"))


def test_the_clerks_of_all_units_are_told_whoever_moves_it(office: Office) -> None:
    cast = office.cast
    task = _issued(office, DEADLINE, cast.unit, cast.sister, cast.foreign)
    _move(office, task, "finance2")
    found = dict(_told("deadline_moved"))
    assert {user.username for user in found} == {
        "clerk", "clerk2", "both", "sister_clerk", "foreign_clerk",
    }  # fmt: skip
    assert set(found.values()) == {
        f"任务“{task.title}”截止时间由 2099年01月01日 00:00 改为 2099年01月03日 00:00：系统升级两天"
    }
    assert len(list(_told("deadline_moved"))) == len(found)


def test_the_units_of_a_task_are_told_to_nobody_else(office: Office) -> None:
    cast = office.cast
    task = _issued(office, DEADLINE, cast.unit, cast.foreign)
    _move(office, task, "finance2")
    for name in ("finance2", "elsewhere"):
        with seen_by(office[name].pk):
            assert len(TaskUnit.unscoped.filter(task=task)) == 1
            assert sorted(_asked_within(office, "finance2", task)) == [
                cast.unit.pk,
                cast.foreign.pk,
            ]
            for other in ("clerk", "head", "auditor"):
                assert _asked_within(office, other, task) == []


def _asked_within(office: Office, name: str, task: Task) -> list[int]:
    """The units that the database names within an event of somebody."""
    from budgets import audit

    with transaction.atomic():
        audit.record(
            actor=office[name], verb="test", object_type="x", object_id=1,
            department_id=audit.OFFICE_CHAIN, detail={},
        )  # fmt: skip
        return units_asked(task.pk)


def test_without_an_event_the_units_are_not_told(office: Office) -> None:
    task = _issued(office, DEADLINE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.event', '', true)")
    with pytest.raises(DatabaseError, match="没有留痕"), transaction.atomic():
        units_asked(task.pk)


def test_the_database_keeps_what_a_deadline_was(office: Office) -> None:
    _move(office, _issued(office, DEADLINE))
    with seen_by(office["finance"].pk):
        for change in (
            lambda: TaskDeadline.objects.update(reason="另一个"),
            lambda: TaskDeadline.objects.all()._raw_delete("default"),
        ):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                change()


def test_a_moved_deadline_is_reminded_of_anew(office: Office) -> None:
    now = timezone.now()
    task = _issued(office, now - timedelta(days=1))
    today = f"{timezone.localdate():%Y-%m-%d}"

    def asked() -> int:
        found = {"public_id": task.public_id, "units": None, "words": ""}
        return int(office.act(tasks.remind_units, "finance", **found))

    assert asked() == 1
    with seen_by_system():
        assert tasks.remind(today_only_once=today) == 3
        assert tasks.remind(today_only_once=today) == 0
    assert "已逾期：截止时间是" in list(_told("reminder"))[-1][1]
    with pytest.raises(Conflict, match="今天已经提醒过"):
        asked()
    _move(office, task, deadline=now + timedelta(days=1))
    with seen_by_system():
        assert tasks.remind(today_only_once=today) == 3
        assert tasks.remind(today_only_once=today) == 0
    assert "即将到期" in list(_told("reminder"))[-1][1]
    assert asked() == 1
    with pytest.raises(Conflict, match="今天已经提醒过"):
        asked()


# ── what is late ────────────────────────────────────────────────────────────────────────────────


def _lateness(office: Office, task: Task, evaluation: Any) -> dict[str, bool]:
    """Whether the unit's paper is late, as each place says it."""
    finance = office["finance"]
    with seen_by(finance.pk):
        sheet = task_sheet(finance, task.public_id)
        desk = desk_of(finance, Paper.EVALUATION, evaluation.public_id)
        life = project_life(finance, office.cast.projects["road"].public_id)
        assert sheet is not None and desk is not None and life is not None
        (row,) = waiting_for(finance)
        (listed,) = task_list(finance, None).rows
        return {
            "the task's page": sheet.units[0].late,
            "the list": listed.overdue,
            "the paper's history": any(step.late for step in desk.history),
            "the project's life": any(step.late for step in life.steps),
            "the queue": queue_of(finance, Wanted(paper="evaluation")).rows[0].late,
            "the desk": row.late,
        }


def test_what_came_between_both_deadlines_is_late_nowhere(office: Office) -> None:
    office.approved()
    now = timezone.now()
    task = _issued(office, now - timedelta(days=1))
    project = office.cast.projects["road"].public_id
    made = office.act(drafts.start_evaluation, "clerk", project=project, task=task.public_id)
    office.save(Paper.EVALUATION, made.public_id, actuals())
    office.handed_on(Paper.EVALUATION, made.public_id)

    def reasons() -> set[str]:
        with seen_by_system():
            kept = Examination.unscoped.get(paper="evaluation", paper_id=made.pk)
        return {reason["code"] for reason in kept.reasons}

    assert set(_lateness(office, task, made).values()) == {True}
    assert "late" in reasons()
    with seen_by_system():
        Examination.unscoped.filter(task=task).update(examined_at=now - timedelta(days=1))
        assert stirred_tasks() == []
    _move(office, task, deadline=now + timedelta(days=1))
    assert set(_lateness(office, task, made).values()) == {False}
    with seen_by_system():
        assert stirred_tasks() == [task.public_id]
        assert refresh_risks(task=task.public_id) == 1
    assert "late" not in reasons()


def test_what_comes_after_the_moved_deadline_is_late(office: Office) -> None:
    office.approved()
    now = timezone.now()
    task = _issued(office, now + timedelta(days=1))
    _move(office, task, deadline=now + timedelta(days=2))
    with seen_by_system():
        Task.objects.filter(pk=task.pk).update(deadline=now - timedelta(hours=1))
    project = office.cast.projects["road"].public_id
    made = office.act(drafts.start_evaluation, "clerk", project=project, task=task.public_id)
    office.save(Paper.EVALUATION, made.public_id, actuals())
    office.handed_on(Paper.EVALUATION, made.public_id)
    assert set(_lateness(office, task, made).values()) == {True}
