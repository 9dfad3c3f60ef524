"""Several papers decided on in one go: what is refused on one leaves the others done."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from budgets.access import seen_by_system
from budgets.errors import Invalid, InvalidInput, NotAllowed
from budgets.models import AuditEvent, Project
from performance.models import Evaluation, Examination, Step, TargetTable
from performance.services import drafts
from performance.services.conclusions import conclude_targets
from performance.services.decisions import MOST, OUTCOMES, Chosen, decide
from performance.workflow import Paper
from tests.cast import assemble
from tests.contents import targets
from tests.office import Office

TABLE, EVALUATION = Paper.TARGET_TABLE, Paper.EVALUATION


@pytest.fixture
def office(db: None, settings: Any, tmp_path: Path) -> Office:
    settings.MEDIA_ROOT = tmp_path
    return Office(assemble())


def _waiting_table(office: Office, project: str) -> TargetTable:
    cast = office.cast
    if project not in cast.projects:
        cast.projects[project] = Project.unscoped.create(
            name=f"{project}项目", unit=cast.unit, department=cast.department
        )
    table = office.table(project)
    office.handed_on(TABLE, table.public_id)
    return table


def _chosen(office: Office, paper: Paper, row: Any, **more: Any) -> Chosen:
    digest = office.digest(paper, row.public_id)
    return Chosen(**{"paper": paper, "public_id": row.public_id, "digest": digest, **more})


def _decide(office: Office, verb: str, *chosen: Chosen, name: str = "finance", **more: Any) -> Any:
    return office.act(decide, name, verb=verb, chosen=chosen, **more)


def _outcomes(found: Any) -> list[str]:
    return [one.outcome for one in found]


def test_a_stale_row_among_good_ones(office: Office) -> None:
    good, stale, other = (_waiting_table(office, name) for name in ("road", "clinic", "third"))
    before = AuditEvent.objects.count()
    found = _decide(
        office,
        "accept",
        _chosen(office, TABLE, good),
        _chosen(office, TABLE, stale, digest="0" * 64),
        _chosen(office, TABLE, other),
        Chosen(paper=TABLE, public_id=UUID(int=7), digest="0" * 64),
    )
    assert _outcomes(found) == ["done", "changed", "done", "not_found"]
    assert [one.project for one in found][:2] == ["road项目", "clinic项目"]
    assert set(_outcomes(found)) <= set(OUTCOMES)
    with seen_by_system():
        states = {t.pk: t.status for t in TargetTable.unscoped.all()}
    assert [states[t.pk] for t in (good, stale, other)] == [
        "approved", "department_reviewed", "approved",
    ]  # fmt: skip
    assert AuditEvent.objects.count() == before + 2


def test_confirming_wants_the_review_begun(office: Office) -> None:
    evaluation = office.waiting()
    chosen = _chosen(office, EVALUATION, evaluation)
    assert _outcomes(_decide(office, "accept", chosen)) == ["needs_review"]
    assert _outcomes(_decide(office, "open_review", chosen)) == ["done"]
    assert _outcomes(_decide(office, "open_review", chosen)) == ["conflict"]
    assert _outcomes(_decide(office, "accept", chosen)) == ["done"]
    with seen_by_system():
        assert Evaluation.unscoped.get(pk=evaluation.pk).status == "confirmed"
    assert _outcomes(_decide(office, "accept", chosen)) == ["conflict"]


def test_targets_that_came_out_poor_are_looked_at_one_by_one(office: Office) -> None:
    table = _waiting_table(office, "road")
    grades = {"完整性": "差", "相关性": "优", "适当性": "优", "可行性": "优"}
    office.act(
        conclude_targets,
        "finance",
        public_id=table.public_id,
        version=1,
        digest=office.digest(TABLE, table.public_id),
        aspects=grades,
        overall="差",
        words="指标太少",
    )
    assert _outcomes(_decide(office, "accept", _chosen(office, TABLE, table))) == ["poor"]


def test_a_return_names_the_cells_the_checks_are_sure_of(office: Office) -> None:
    table = office.table()
    rows = targets()["indicators"]
    rows[1] = {**rows[1], "target": "≥90"}
    office.save(TABLE, table.public_id, targets(indicators=rows), version=2)
    office.handed_on(TABLE, table.public_id)
    said = {"reason_code": "target_unclear", "reason": "请核对标出的格"}
    (found,) = _decide(office, "return_to_clerk", _chosen(office, TABLE, table), **said)
    assert found.done
    with seen_by_system():
        step = Step.unscoped.filter(paper="target_table", paper_id=table.pk).order_by("-id")[0]
        kept = Examination.unscoped.get(paper="target_table", paper_id=table.pk)
    sure = {f["at"] for f in kept.findings if f["at"] and f["severity"] != "notice"}
    assert sure
    assert {cell["at"] for cell in step.cells} == sure
    assert all(cell["note"] for cell in step.cells)
    assert (step.verb, step.reason) == ("return_to_clerk", "请核对标出的格")


def test_a_return_of_the_cells_one_chose(office: Office) -> None:
    table = _waiting_table(office, "road")
    cells = [{"at": "indicators.1.target", "note": "偏低"}]
    said = {"reason_code": "other", "reason": "偏低"}
    _decide(office, "return_to_unit", _chosen(office, TABLE, table, cells=cells), **said)
    with seen_by_system():
        step = Step.unscoped.filter(paper="target_table", paper_id=table.pk).order_by("-id")[0]
    assert step.cells == cells


def test_targets_have_no_review(office: Office) -> None:
    chosen = _chosen(office, TABLE, _waiting_table(office, "road"))
    assert _outcomes(_decide(office, "open_review", chosen)) == ["not_allowed"]


@pytest.mark.parametrize("name", ["reviewer", "auditor", "clerk", "reader", "foreign_clerk"])
def test_who_may_not_decide(office: Office, name: str) -> None:
    table = _waiting_table(office, "road")
    with pytest.raises(NotAllowed):
        _decide(office, "accept", _chosen(office, TABLE, table), name=name)


def test_another_office_does_not_find_it(office: Office) -> None:
    table = _waiting_table(office, "road")
    chosen = _chosen(office, TABLE, table)
    assert _outcomes(_decide(office, "accept", chosen, name="elsewhere")) == ["not_found"]


def test_own_work_is_not_decided_on(office: Office) -> None:
    found = office.cast.projects["road"].public_id
    table = office.act(drafts.create_target_table, "both", project=found, fiscal_year=2024)
    office.act(
        drafts.save, "both", paper=TABLE, public_id=table.public_id, version=1, body=targets()
    )
    office.handed_on(TABLE, table.public_id)
    chosen = _chosen(office, TABLE, table)
    assert _outcomes(_decide(office, "accept", chosen, name="both")) == ["not_allowed"]


@pytest.mark.parametrize(
    ("verb", "count", "more", "error"),
    [
        ("publish", 1, {}, InvalidInput),
        ("accept", 0, {}, Invalid),
        ("accept", MOST + 1, {}, Invalid),
        ("return_to_clerk", 1, {}, Invalid),
        ("return_to_clerk", 1, {"reason_code": "other"}, Invalid),
        ("return_to_clerk", 1, {"reason_code": "none", "reason": "无"}, Invalid),
    ],
)
def test_what_is_no_decision(
    office: Office, verb: str, count: int, more: dict[str, str], error: type[Exception]
) -> None:
    chosen = [Chosen(paper=TABLE, public_id=UUID(int=n), digest="") for n in range(count)]
    with pytest.raises(error):
        _decide(office, verb, *chosen, **more)


def test_one_paper_twice_is_refused(office: Office) -> None:
    one = Chosen(paper=TABLE, public_id=UUID(int=1), digest="")
    with pytest.raises(Invalid):
        _decide(office, "accept", one, one)


def test_a_held_row_is_not_waited_for(
    committed: str, settings: Any, tmp_path: Path, cluster: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    with seen_by_system():
        office = Office(assemble())
    held, free = _waiting_table(office, "road"), _waiting_table(office, "clinic")
    chosen = [_chosen(office, TABLE, held), _chosen(office, TABLE, free)]
    with psycopg.connect(cluster.address("perf_owner", committed)) as other:
        other.execute("SELECT 1 FROM performance_targettable WHERE id = %s FOR UPDATE", [held.pk])
        assert _outcomes(_decide(office, "accept", *chosen)) == ["busy", "done"]
