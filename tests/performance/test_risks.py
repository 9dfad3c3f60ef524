"""Risks kept with the examination, worked out anew as others follow, and the queue they order."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from budgets import audit
from budgets.access import seen_by, seen_by_system
from budgets.errors import Invalid, NotFound
from budgets.jobs import enqueue
from budgets.models import AuditEvent, Job, Project
from budgets.services import work
from performance.models import Evaluation, Examination, Task
from performance.selectors.queue import PAGE_SIZE, Wanted, choices, queue_of, reads_queue, wanted
from performance.selectors.risks import medians_of, stirred_tasks
from performance.services import drafts
from performance.services.background import KINDS
from performance.services.risks import refresh_risks
from performance.workflow import Paper
from tests.cast import assemble
from tests.contents import actuals
from tests.office import Office

_EXECUTION = {"budget": "600000", "points": "10", "claimed": "10", "finished": None}


@pytest.fixture
def office(db: None, settings: Any, tmp_path: Path) -> Office:
    settings.MEDIA_ROOT = tmp_path
    return Office(assemble())


def _spent(executed: str) -> dict[str, Any]:
    return actuals(execution={**_EXECUTION, "executed": executed})


def _handed_on(office: Office, names: dict[str, str], task: Task) -> dict[str, Evaluation]:
    """Evaluations of one task on the bureau's desk, by project: what each spent."""
    found = {}
    for name, executed in names.items():
        if name not in office.cast.projects:
            office.cast.projects[name] = Project.unscoped.create(
                name=f"{name}项目", unit=office.cast.unit, department=office.cast.department
            )
        office.approved(name)
        project = office.cast.projects[name].public_id
        made = office.act(drafts.start_evaluation, "clerk", project=project, task=task.public_id)
        office.save(Paper.EVALUATION, made.public_id, _spent(executed))
        office.handed_on(Paper.EVALUATION, made.public_id)
        found[name] = made
    return found


def _kept(row: Any, paper: str = "evaluation") -> Examination:
    found: Examination = Examination.unscoped.get(paper=paper, paper_id=row.pk)
    return found


def _codes(row: Examination) -> set[str]:
    return {reason["code"] for reason in row.reasons}


def test_a_paper_handed_on_is_weighed(office: Office) -> None:
    rows = _handed_on(office, {"road": "120000", "clinic": "590000"}, office.task(Paper.EVALUATION))
    little, much = _kept(rows["road"]), _kept(rows["clinic"])
    assert {"unspent", "points_over_execution"} <= _codes(little)
    assert not {"unspent", "points_over_execution"} & _codes(much)
    assert little.risk == sum(reason["weight"] for reason in little.reasons) > much.risk
    table = _kept(rows["road"].table, "target_table")
    assert table.risk == sum(reason["weight"] for reason in table.reasons)


def test_lateness_is_a_reason(office: Office) -> None:
    task = office.task(Paper.EVALUATION)
    with seen_by_system():
        Task.objects.filter(pk=task.pk).update(deadline=timezone.now() - timedelta(days=1))
    rows = _handed_on(office, {"road": "590000"}, task)
    assert "late" in _codes(_kept(rows["road"]))
    with seen_by(office["finance"].pk):
        assert queue_of(office["finance"], Wanted(paper="evaluation")).rows[0].late


def test_the_middle_of_the_task_moves_as_others_follow(
    office: Office, django_assert_num_queries: Any
) -> None:
    task = office.task(Paper.EVALUATION)
    rows = _handed_on(office, {"road": "300000"}, task)
    assert refresh_risks(task=task.public_id) == 0
    before = AuditEvent.objects.count()
    names = {f"同类{n}": "600000" for n in range(5)}
    rows |= _handed_on(office, names, task)
    assert medians_of(task.pk).rate == 1
    assert "execution_unlike" not in _codes(_kept(rows["road"]))
    assert refresh_risks(task=task.public_id) == 1
    assert "execution_unlike" in _codes(_kept(rows["road"]))
    event = AuditEvent.objects.order_by("-id")[0]
    assert (event.verb, event.actor_id) == ("refresh_risks", None)
    assert AuditEvent.objects.count() > before
    again = AuditEvent.objects.count()
    with django_assert_num_queries(14):
        assert refresh_risks(task=task.public_id) == 0
    assert AuditEvent.objects.count() == again
    assert stirred_tasks() == [task.public_id]
    with pytest.raises(NotFound):
        refresh_risks(task=UUID(int=1))


def test_the_background_refreshes_the_tasks_that_were_stirred(office: Office) -> None:
    kind = KINDS["risks"]
    assert kind.every is not None and list(kind.slots("2026-01-01")) == []
    task = office.task(Paper.EVALUATION)
    rows = _handed_on(office, {"road": "300000"}, task)
    (payload,) = kind.slots("2026-01-01")
    assert payload == {"task": str(task.public_id)}
    with seen_by_system():
        audit.record(
            actor=None, verb="test", object_type="x", object_id=1,
            department_id=office.cast.department.pk, detail={},
        )  # fmt: skip
        Examination.unscoped.filter(pk=_kept(rows["road"]).pk).update(risk=0, reasons=[])
        public_id = enqueue("risks", payload, actor=None)
        assert work.run(Job.objects.get(public_id=public_id).pk) == work.DONE
    assert Job.objects.get(public_id=public_id).result_ref == "papers:1"
    assert _kept(rows["road"]).risk > 0


def test_the_riskiest_stands_first_page_by_page(office: Office, monkeypatch: Any) -> None:
    names = {"road": "120000", "clinic": "590000", "丙": "590000"}
    _handed_on(office, names, office.task(Paper.EVALUATION))
    monkeypatch.setattr("performance.selectors.queue.PAGE_SIZE", 2)
    with seen_by(office["finance"].pk):
        first = queue_of(office["finance"], Wanted())
        assert [row.project for row in first.rows] == ["road项目", "clinic项目"]
        assert first.rows[0].risk > first.rows[1].risk
        assert first.next_cursor
        second = queue_of(office["finance"], Wanted(cursor=UUID(first.next_cursor)))
        assert [row.project for row in second.rows] == ["丙项目"]
        assert second.rows[0].risk == first.rows[1].risk
        assert second.next_cursor is None
        anew = queue_of(office["finance"], Wanted(cursor=UUID(int=5)))
        assert [row.project for row in anew.rows] == ["road项目", "clinic项目"]


def test_what_a_row_says(office: Office) -> None:
    task = office.task(Paper.EVALUATION)
    rows = _handed_on(office, {"road": "120000"}, task)
    with seen_by(office["finance"].pk):
        (row,) = queue_of(office["finance"], Wanted()).rows
    assert (row.public_id, row.paper, row.task) == (
        rows["road"].public_id, Paper.EVALUATION, task.title,
    )  # fmt: skip
    assert row.digest == office.digest(Paper.EVALUATION, row.public_id)
    assert (row.claimed, row.execution_rate) == (99, Decimal("0.2"))
    assert row.waits and not row.late and not row.reviewing
    assert row.reasons[0].label and row.reasons[0].text
    assert all(cell.place and cell.message for cell in row.cells)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, 1),
        ({"text": "road"}, 1),
        ({"text": "%"}, 0),
        ({"state": "approved"}, 1),
        ({"state": "confirmed"}, 0),
        ({"paper": "target_table"}, 0),
        ({"paper": "target_table", "state": "approved"}, 1),
        ({"severity": "error"}, 1),
        ({"severity": "block"}, 0),
        ({"code": "R02"}, 1),
        ({"code": "Z99"}, 0),
    ],
)
def test_filters(
    office: Office, monkeypatch: pytest.MonkeyPatch, asked: dict[str, str], found: int
) -> None:
    _handed_on(office, {"road": "120000"}, office.task(Paper.EVALUATION))
    with seen_by(office["finance"].pk):
        assert len(queue_of(office["finance"], wanted(asked)).rows) == found
        monkeypatch.setattr("performance.selectors.queue.FEW", 0)  # now it is many
        assert len(queue_of(office["finance"], wanted(asked)).rows) == found


def test_filters_by_place(office: Office) -> None:
    task = office.task(Paper.EVALUATION)
    other = office.task(Paper.EVALUATION)
    _handed_on(office, {"road": "120000"}, task)
    cast, who = office.cast, office["finance"]
    with seen_by(who.pk):
        offered = choices(who)
        assert str(task.public_id) in dict(offered.tasks)
        assert set(dict(offered.departments).values()) == {"甲局", "乙局"}
        assert set(dict(offered.offices).values()) == {"社会保障科", "行政政法科"}
        assert cast.department.office and cast.other_department.office
        for asked, found in (
            ({"task": task.public_id}, 1),
            ({"task": other.public_id}, 0),
            ({"department": cast.department.public_id}, 1),
            ({"department": cast.other_department.public_id}, 0),
            ({"office": cast.department.office.public_id}, 1),
            ({"office": cast.other_department.office.public_id}, 0),
        ):
            given = {name: str(value) for name, value in asked.items()}
            assert len(queue_of(who, wanted(given)).rows) == found, asked


@pytest.mark.parametrize(
    "given",
    [
        {"order": "risk"},
        {"task": "x"},
        {"office": "1"},
        {"state": "draft"},
        {"severity": "grave"},
        {"paper": "monitoring"},
        {"code": "R" * 9},
        {"text": "a\x00"},
        {"cursor": "1"},
    ],
)
def test_filters_of_no_use(given: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        wanted(given)
    assert set(refused.value.fields) == set(given)


@pytest.mark.parametrize(
    ("name", "reads", "rows"),
    [
        ("finance", True, 1),
        ("finance2", True, 1),
        ("elsewhere", True, 0),
        ("auditor", True, 1),
        ("both", True, 1),
        ("clerk", False, 0),
        ("reviewer", False, 0),
        ("reader", False, 0),
        ("system", False, 0),
    ],
)
def test_whose_queue_it_is(office: Office, name: str, reads: bool, rows: int) -> None:
    _handed_on(office, {"road": "120000"}, office.task(Paper.EVALUATION))
    with seen_by(office[name].pk):
        assert reads_queue(office[name]) is reads
        assert len(queue_of(office[name], Wanted()).rows) == rows


def test_the_queue_asks_the_same_for_many(office: Office, django_assert_num_queries: Any) -> None:
    task = office.task(Paper.EVALUATION)
    assert PAGE_SIZE > 2
    for names in ({"road": "120000"}, {"clinic": "590000", "丙": "400000"}):
        _handed_on(office, names, task)
        with seen_by(office["finance"].pk), django_assert_num_queries(9):
            rows = queue_of(office["finance"], Wanted()).rows
    assert len(rows) == 3
