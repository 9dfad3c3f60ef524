"""The ledger: who raises, answers, strikes off; deviations; last year's standing beside this year's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from budgets.access import seen_by
from budgets.errors import Conflict, Invalid, NotAllowed, NotFound, StaleVersion
from budgets.models import AuditEvent, Notice
from performance.models import RectificationItem, Task
from performance.selectors.deviations import deviations
from performance.selectors.rectification import departments_of_items, item_list, item_of
from performance.selectors.standing import standing_of
from performance.services import drafts, rectification, tasks
from performance.workflow import Paper
from tests.cast import assemble
from tests.contents import DEADLINE, actuals
from tests.office import Office, adjusted_review

PAST, FUTURE = date(2020, 1, 31), date(2099, 1, 31)


@pytest.fixture
def office(db: None, settings: Any, tmp_path: Path) -> Office:
    settings.MEDIA_ROOT = tmp_path / "media"
    return Office(assemble())


def _raise(office: Office, evaluation: Any, name: str = "finance", **given: Any) -> Any:
    said = {"what": "补齐签到表", "deadline": FUTURE, **given}
    return office.act(rectification.raise_item, name, evaluation=evaluation.public_id, **said)


def _do(office: Office, verb: Any, name: str, item: Any, version: int, **said: Any) -> Any:
    return office.act(verb, name, public_id=item.public_id, version=version, **said)


def test_from_raised_to_struck_off(office: Office) -> None:
    evaluation = office.waiting()
    for name, error in (("clerk", NotAllowed), ("head", NotAllowed), ("foreign_clerk", NotFound)):
        with pytest.raises(error):
            _raise(office, evaluation, name)
    with pytest.raises(Invalid) as refused:
        _raise(office, evaluation, what=" ", seq=99)
    assert set(refused.value.fields) == {"what", "seq"}
    item = _raise(office, evaluation, seq=1)
    answer, close, back = (
        rectification.answer_item,
        rectification.close_item,
        rectification.return_item,
    )
    with pytest.raises(Conflict):
        _do(office, close, "finance", item, 1)
    with pytest.raises(NotAllowed):
        _do(office, answer, "finance", item, 1, answer="代答")
    with pytest.raises(NotFound):
        _do(office, answer, "foreign_clerk", item, 1, answer="x")
    with pytest.raises(NotFound):
        _do(office, answer, "reader", item, 1, answer="x")
    _do(office, answer, "clerk", item, 1, answer="已补")
    with pytest.raises(StaleVersion):
        _do(office, close, "finance", item, 1)
    with pytest.raises(NotAllowed):  # the department did not raise it
        _do(office, close, "reviewer", item, 2)
    with pytest.raises(NotAllowed):
        _do(office, close, "clerk", item, 2)
    with pytest.raises(Invalid):
        _do(office, back, "finance", item, 2, words="")
    _do(office, back, "finance", item, 2, words="还差三份")
    _do(office, answer, "clerk", item, 3, answer="已补齐三份")
    _do(office, close, "finance2", item, 4, words="核对过")
    with pytest.raises(Conflict):
        _do(office, answer, "clerk", item, 5, answer="再答")
    with seen_by(0):
        row = RectificationItem.unscoped.get()
        assert (row.state, row.lock_version, row.answer) == ("closed", 5, "已补齐三份")
        verbs = AuditEvent.objects.filter(object_type="rectification_item").order_by("id")
        assert list(verbs.values_list("verb", flat=True)) == [
            "answer_item", "return_item", "answer_item", "close_item",
        ]  # fmt: skip
        told = set(Notice.objects.values_list("kind", flat=True))
    assert {"item_raised", "item_answered", "item_returned", "item_closed"} <= told


def test_the_database_keeps_hands_apart_and_what_is_closed_closed(office: Office) -> None:
    evaluation = office.waiting()
    item = _raise(office, evaluation)
    _do(office, rectification.answer_item, "clerk", item, 1, answer="已补")
    own = (
        "UPDATE performance_rectificationitem SET state = 'closed', closed_by_id = answered_by_id,"
        " closed_at = now(), lock_version = lock_version + 1"
    )
    with pytest.raises(DatabaseError, match="rectification_closed_by_another"):
        _sql(own)
    _do(office, rectification.close_item, "finance", item, 2)
    with pytest.raises(DatabaseError, match="已销号"):
        _sql("UPDATE performance_rectificationitem SET words = 'x', lock_version = 99")
    with pytest.raises(DatabaseError):
        _sql("DELETE FROM performance_rectificationitem")


def _sql(statement: str) -> None:
    with seen_by(0), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_ledger_is_narrowed_and_costs_the_same(office: Office) -> None:
    evaluation = office.waiting()
    late = _raise(office, evaluation, deadline=PAST, seq=1)
    open_ = _raise(office, evaluation, name="reviewer")
    _do(office, rectification.answer_item, "clerk", open_, 1, answer="已补")
    finance = office["finance"]

    def ids(**narrowed: Any) -> list[Any]:
        return [row.public_id for row in item_list(finance, None, **narrowed).rows]

    with seen_by(finance.pk):
        assert ids() == [open_.public_id, late.public_id]
        assert ids(overdue=True) == [late.public_id]
        assert ids(state="answered") == [open_.public_id]
        assert ids(state="closed") == []
        assert ids(state="pending", department=office.cast.department.public_id) == ids()
        assert ids(department=office.cast.other_department.public_id) == []
        found = item_of(finance, open_.public_id)
        assert found is not None
        assert (found.may_answer, found.may_judge) == (False, False)
        with CaptureQueriesContext(
            connection,
        ) as two:
            ids()
    for _ in range(5):
        _raise(office, evaluation, seq=2)
    with seen_by(finance.pk), CaptureQueriesContext(connection) as seven:
        assert len(ids()) == 7
    assert len(two) == len(seven)
    for name, count in (("clerk", 7), ("reviewer", 7), ("reader", 0), ("foreign_clerk", 0)):
        with seen_by(office[name].pk):
            assert len(item_list(office[name], None).rows) == count, name


def test_deviations_and_last_years_standing(office: Office) -> None:
    evaluation = office.reviewed()
    adjusted_review(office, evaluation)
    finance = office["finance"]
    with seen_by(0):
        task = Task.objects.get(pk=evaluation.task_id)
    with seen_by(finance.pk):
        none = deviations(finance, task.public_id)
        assert none is not None
        assert none.rows == ()
        before = standing_of(finance, evaluation.project_id, 2024)
        assert before is not None
        assert (before.grade_of, before.reviewed) == ("按规则", None)
    office.move("finance", Paper.EVALUATION, evaluation.public_id, "confirm")
    _raise(office, evaluation)
    with seen_by(finance.pk):
        found = deviations(finance, task.public_id)
        assert found is not None
        (row,), (department,) = found.rows, found.departments
        assert row.claimed is not None
        assert row.reviewed is not None
        expected = ((row.claimed - row.reviewed) / row.claimed * 100).quantize(Decimal("0.01"))
        assert row.deviation == expected != 0
        assert (department.projects, department.compared, department.deviation) == (1, 1, expected)
        with CaptureQueriesContext(connection) as asked:
            after = standing_of(finance, evaluation.project_id, 2024)
        assert len(asked) <= 6
        assert after is not None
        assert (after.grade_of, after.reviewed, after.open_items) == ("复核", row.reviewed, 1)
        assert after.execution_rate is not None
        assert standing_of(finance, evaluation.project_id, 2023) is None
    with seen_by(office["foreign_clerk"].pk):
        assert deviations(office["foreign_clerk"], task.public_id) is None
        assert standing_of(office["foreign_clerk"], evaluation.project_id, 2024) is None


def test_projects_are_listed_of_one_department_and_sums_of_all(office: Office) -> None:
    cast = office.cast
    theirs = {name: cast[f"foreign_{name}"] for name in ("clerk", "head", "reviewer")}
    other = Office(replace(cast, unit=cast.foreign, people={**cast.people, **theirs}))
    sides = {"甲局": (office, "road"), "乙局": (other, "foreign")}
    for side, project in sides.values():
        side.approved(project)
    task = office.act(
        tasks.issue_task,
        "finance",
        paper=Paper.EVALUATION,
        fiscal_year=2024,
        title="自评",
        deadline=DEADLINE,
        units=[cast.unit.public_id, cast.foreign.public_id],
    )
    for side, project in sides.values():
        evaluation = side.act(
            drafts.start_evaluation,
            "clerk",
            project=cast.projects[project].public_id,
            task=task.public_id,
        )
        side.save(Paper.EVALUATION, evaluation.public_id, actuals())
        side.open_review_of(evaluation)
        if side is office:
            adjusted_review(office, evaluation)
        side.move("finance", Paper.EVALUATION, evaluation.public_id, "confirm")
    finance = office["finance"]
    with seen_by(finance.pk):
        whole = deviations(finance, task.public_id)
        assert whole is not None
        assert (whole.shown, whole.rows) == (None, ())
        assert {one.department: one.projects for one in whole.departments} == {"甲局": 1, "乙局": 1}
        for one in whole.departments:
            of_one = deviations(finance, task.public_id, one.department_id)
            assert of_one is not None
            (row,) = of_one.rows
            assert of_one.departments == whole.departments
            assert (row.department, row.claimed, row.reviewed) == (
                one.department,
                one.claimed,
                one.reviewed,
            )
            assert row.deviation == one.deviation
        assert len({one.deviation for one in whole.departments}) == 2
        none = deviations(finance, task.public_id, uuid4())
        assert none is not None
        assert none.rows == ()
    with seen_by(office["reviewer"].pk):
        own = deviations(office["reviewer"], task.public_id)
        assert own is not None
        assert [row.department for row in own.rows] == ["甲局"]


def test_only_departments_with_matters_in_reach_are_offered(office: Office) -> None:
    evaluation = office.waiting()
    _raise(office, evaluation)
    for name, found in (
        ("finance", ["甲局"]), ("auditor", ["甲局"]), ("clerk", ["甲局"]),
        ("elsewhere", []), ("foreign_reviewer", []), ("reader", []), ("system", []),
    ):  # fmt: skip
        with seen_by(office[name].pk):
            assert [one for _, one in departments_of_items(office[name])] == found, name
