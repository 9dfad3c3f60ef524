"""Samples that may be drawn again, and what was found on each: in whose name, by whom not."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from budgets import audit
from budgets.access import seen_by, seen_by_system
from budgets.errors import Conflict, Invalid, NotAllowed, NotFound, StaleVersion
from budgets.models import AuditEvent, Project
from performance.models import Evaluation, SpotCheck, SpotCheckItem, Task
from performance.selectors.spot_checks import recount, spot_check_list, spot_check_sheet
from performance.services import drafts
from performance.services.spot_checks import draw_spot_check, record_outcome
from performance.workflow import Paper
from tests.cast import assemble
from tests.contents import actuals
from tests.office import Office


@pytest.fixture
def office(db: None, settings: Any, tmp_path: Path) -> Office:
    settings.MEDIA_ROOT = tmp_path
    return Office(assemble())


def _handed_on(office: Office, task: Task, *names: str) -> list[Evaluation]:
    found = []
    for name in names:
        if name not in office.cast.projects:
            office.cast.projects[name] = Project.unscoped.create(
                name=f"{name}项目", unit=office.cast.unit, department=office.cast.department
            )
        office.approved(name)
        project = office.cast.projects[name].public_id
        made = office.act(drafts.start_evaluation, "clerk", project=project, task=task.public_id)
        office.save(Paper.EVALUATION, made.public_id, actuals())
        office.handed_on(Paper.EVALUATION, made.public_id)
        found.append(made)
    return found


def _drawn(office: Office, task: Task, size: int = 1, seed: str = "7") -> SpotCheck:
    found: SpotCheck = office.act(
        draw_spot_check, "finance", task=task.public_id, size=size, seed=seed
    )
    return found


def _sheet(office: Office, check: SpotCheck, name: str = "finance") -> Any:
    with seen_by(office[name].pk):
        return spot_check_sheet(office[name], check.public_id)


def _recount(office: Office, check: SpotCheck, name: str = "finance") -> Any:
    with seen_by(office[name].pk):
        return recount(office[name], check.public_id)


def test_drawn_again_it_is_the_same_until_the_population_changes(office: Office) -> None:
    task = office.task(Paper.EVALUATION)
    _handed_on(office, task, "road", "clinic", "丙")
    first = _drawn(office, task, 2)
    again = _drawn(office, task, 2)
    drawn = [row.evaluation for row in _sheet(office, first).items]
    assert len(drawn) == 2
    assert [row.evaluation for row in _sheet(office, again).items] == drawn
    assert (first.population, first.population_digest) == (3, again.population_digest)
    found = _recount(office, first)
    assert (found.population, found.digest, found.unchanged) == (3, first.population_digest, True)
    _handed_on(office, task, "丁")
    later = _drawn(office, task, 2)
    assert later.population_digest != first.population_digest
    found = _recount(office, first)
    assert (found.population, found.digest, found.unchanged) == (4, later.population_digest, False)
    assert _recount(office, later).unchanged
    assert _recount(office, later, "elsewhere") is None
    assert [row.evaluation for row in _sheet(office, first).items] == drawn


def test_a_seed_is_made_where_none_is_given(office: Office) -> None:
    task = office.task(Paper.EVALUATION)
    _handed_on(office, task, "road")
    seeds = {_drawn(office, task, seed="").seed for _ in range(2)}
    assert len(seeds) == 2
    assert all(len(seed) == 16 for seed in seeds)
    event = AuditEvent.objects.filter(verb="draw_spot_check").order_by("-id")[0]
    assert '"population":1' in event.canonical.replace(" ", "")


def test_what_was_found_is_summed_up(office: Office) -> None:
    task = office.task(Paper.EVALUATION)
    _handed_on(office, task, "road", "clinic")
    check = _drawn(office, task, 2)
    items = _sheet(office, check).items
    assert [(item.claimed, item.claimed_grade, item.version) for item in items] == [
        (99, "优", 1), (99, "优", 1),
    ]  # fmt: skip
    given = {"item": items[0].public_id, "version": 1, "words": "签到表只有 60 人"}
    kept = office.act(record_outcome, "finance", points=Decimal("79.5"), **given)
    assert (kept.grade, kept.lock_version) == ("中", 2)
    sheet = _sheet(office, check)
    assert (sheet.summary.checked, sheet.summary.drawn, sheet.summary.changed) == (1, 2, 1)
    assert sheet.summary.mean == Decimal("19.50")
    assert sheet.summary.departments[0].department == "甲局"
    assert sheet.items[0].difference == Decimal("19.50")
    assert sheet.strata[0].population == 2
    with pytest.raises(StaleVersion):
        office.act(record_outcome, "finance2", points=Decimal(80), **given)
    with seen_by(office["auditor"].pk):
        (row,) = spot_check_list(office["auditor"], None).rows
    assert (row.drawn, row.checked, row.population) == (2, 1, 2)


@pytest.mark.parametrize(
    ("points", "words"),
    [("100.01", "好"), ("-1", "好"), ("80.005", "好"), ("NaN", "好"), ("80", " ")],
)
def test_what_is_no_outcome(office: Office, points: str, words: str) -> None:
    task = office.task(Paper.EVALUATION)
    _handed_on(office, task, "road")
    (item,) = _sheet(office, _drawn(office, task)).items
    with pytest.raises(Invalid):
        office.act(
            record_outcome, "finance", item=item.public_id, version=1,
            points=Decimal(points), words=words,
        )  # fmt: skip


def test_who_draws_and_who_writes(office: Office) -> None:
    task = office.task(Paper.EVALUATION)
    with pytest.raises(Conflict):
        _drawn(office, task)
    _handed_on(office, task, "road")
    asked = {"task": task.public_id, "size": 1}
    for name in ("clerk", "head", "reviewer", "auditor", "reader", "system"):
        with pytest.raises(NotAllowed):
            office.act(draw_spot_check, name, **asked)
    with pytest.raises(NotFound):
        office.act(draw_spot_check, "elsewhere", **asked)
    for wrong in ({"size": 0}, {"size": 1001}, {"seed": "二〇"}, {"seed": "a" * 65}):
        with pytest.raises(Invalid):
            office.act(draw_spot_check, "finance", **{**asked, **wrong})
    other = office.task(Paper.TARGET_TABLE).public_id
    with pytest.raises(Invalid):
        office.act(draw_spot_check, "finance", task=other, size=1)
    check = _drawn(office, task)
    (item,) = _sheet(office, check).items
    given = {"item": item.public_id, "version": 1, "points": Decimal(80), "words": "核对"}
    for name, error in (
        ("auditor", NotAllowed),
        ("clerk", NotFound),
        ("reviewer", NotFound),
        ("elsewhere", NotFound),
    ):
        with pytest.raises(error):
            office.act(record_outcome, name, **given)
    with pytest.raises(NotFound):
        office.act(record_outcome, "finance", **{**given, "item": UUID(int=3)})
    for name in ("clerk", "reviewer", "elsewhere", "foreign_clerk"):
        assert _sheet(office, check, name) is None


def test_own_work_is_not_checked(office: Office) -> None:
    task = office.task(Paper.EVALUATION)
    office.approved("road")
    project = office.cast.projects["road"].public_id
    made = office.act(drafts.start_evaluation, "both", project=project, task=task.public_id)
    office.act(
        drafts.save, "both", paper=Paper.EVALUATION, public_id=made.public_id, version=1,
        body=actuals(),
    )  # fmt: skip
    office.handed_on(Paper.EVALUATION, made.public_id)
    (item,) = _sheet(office, _drawn(office, task)).items
    given = {"item": item.public_id, "version": 1, "points": Decimal(80), "words": "核对"}
    with pytest.raises(NotAllowed, match="自己"):
        office.act(record_outcome, "both", **given)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"seq": 9, "lock_version": 2}, "spot_check_drawn"),
        ({"claimed": 1, "lock_version": 2}, "spot_check_drawn"),
        ({"points": 80, "words": "好"}, "spot_check_version"),
        ({"points": 80, "words": "好", "lock_version": 2}, "step_not_own"),
    ],
)
def test_the_database_keeps_what_was_drawn(
    office: Office, change: dict[str, Any], constraint: str
) -> None:
    """Without the services: another's name, another sample, an older version."""
    task = office.task(Paper.EVALUATION)
    _handed_on(office, task, "road")
    check = _drawn(office, task)
    written = {"checked_by": office["finance2"], "checked_at": "2024-12-01T00:00:00Z", **change}
    with seen_by_system():
        item = SpotCheckItem.unscoped.get(spot_check=check)
        audit.record(
            actor=office["finance"], verb="test", object_type="x", object_id=1,
            department_id=item.department_id, detail={},
        )  # fmt: skip
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            SpotCheckItem.unscoped.filter(pk=item.pk).update(**written)
    assert refused.value.__cause__.diag.constraint_name == constraint  # type: ignore[union-attr]


def test_a_draw_is_neither_changed_nor_deleted(office: Office) -> None:
    for sql in (
        "UPDATE performance_spotcheck SET seed = 'x'",
        "DELETE FROM performance_spotcheck",
        "DELETE FROM performance_spotcheckitem",
    ):
        with (
            pytest.raises(Exception, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)


def test_the_sheet_asks_the_same_for_many(office: Office, django_assert_num_queries: Any) -> None:
    task = office.task(Paper.EVALUATION)
    for names, drawn in ((("road",), 1), (("clinic", "丙"), 3)):
        _handed_on(office, task, *names)
        check = _drawn(office, task, 9)
        with seen_by(office["finance"].pk), django_assert_num_queries(5):
            sheet = spot_check_sheet(office["finance"], check.public_id)
        assert sheet is not None
        assert len(sheet.items) == drawn
