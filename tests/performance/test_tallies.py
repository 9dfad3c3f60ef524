"""Sums beside the papers: the same figures for everybody, however much changed since they were made."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, transaction

from budgets.access import seen_by, seen_by_system
from budgets.jobs import Task
from budgets.models import Project
from performance.models import Tally, TallyMark
from performance.selectors import tallies
from performance.selectors.tallies import Counts, counts_of
from performance.services import background, drafts
from performance.services import tallies as counting
from performance.services.invariants.tallies import sums_agree
from performance.services.scoring import score_evaluation
from performance.services.tallies import count_papers
from performance.workflow import Paper
from tests.cast import assemble
from tests.contents import targets
from tests.office import Office, a_year

EVERYBODY = (
    "finance", "finance2", "elsewhere", "auditor", "reader", "both", "reviewer", "foreign_reviewer", "clerk",
    "foreign_clerk", "system",
)  # fmt: skip


@pytest.fixture
def office(db: None, settings: Any, tmp_path: Path) -> Office:
    settings.MEDIA_ROOT = tmp_path
    return Office(assemble())


def _foreign(office: Office, year: int = 2024) -> None:
    """A target table of the other department, handed in."""
    made = office.act(
        drafts.create_target_table,
        "foreign_clerk",
        project=office.cast.projects["foreign"].public_id,
        fiscal_year=year,
    )
    office.act(
        drafts.save, "foreign_clerk", paper=Paper.TARGET_TABLE, public_id=made.public_id,
        version=1, body=targets(),
    )  # fmt: skip
    office.move("foreign_clerk", Paper.TARGET_TABLE, made.public_id, "submit")


def _counted() -> int:
    with seen_by_system():
        return count_papers()


def _seen(office: Office, name: str, year: int | None = None) -> Counts:
    with seen_by(office[name].pk):
        return counts_of(office[name], year)


@contextmanager
def _without_sums(monkeypatch: Any) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setattr(tallies, "tallies_visible_to", lambda user: None)
        yield


def _same_without_sums(office: Office, monkeypatch: Any) -> None:
    for name in EVERYBODY:
        for year in (None, 2022, 2024, 1999):
            found = _seen(office, name, year)
            with _without_sums(monkeypatch):
                assert found == _seen(office, name, year), (name, year)
    with seen_by_system():
        assert sums_agree().violations == []


def test_everybody_sees_what_the_papers_come_to(office: Office, monkeypatch: Any) -> None:
    """Never counted, counted, counted and changed since: the figures are those without any sum."""
    a_year(office)
    for evaluation in office.imported().evaluations:
        office.act(score_evaluation, "finance", evaluation_id=evaluation.pk)
    _foreign(office)
    _same_without_sums(office, monkeypatch)
    assert _counted() == 2
    assert (_counted(), _marks()) == (0, 0)
    _same_without_sums(office, monkeypatch)
    _foreign(office, 2025)
    _same_without_sums(office, monkeypatch)
    seen = _seen(office, "finance", 2024)
    assert (seen.by_department, seen.years) == (True, (2025, 2024, 2022))
    assert sum(seen.grades.values()) == 1
    assert not _seen(office, "elsewhere", 2024).grades
    states = [
        sum(_seen(office, name, 2024).states.values()) for name in ("auditor", "finance", "reader")
    ]
    assert states == sorted(states, reverse=True)
    assert len(set(states)) == 3, "drafts for auditors alone, readers only see what is settled"


def test_the_sums_alone_are_read_where_nothing_changed(
    office: Office, monkeypatch: Any, django_assert_num_queries: Any
) -> None:
    office.approved()
    _foreign(office)
    _counted()
    assert (Paper.TARGET_TABLE, "closed") not in _seen(office, "finance").states
    with seen_by_system():
        wrong = Tally.objects.get(status="approved")
        wrong.pk, wrong.status, wrong.count = None, "closed", 7
        wrong.save(force_insert=True)
    assert _seen(office, "finance").states[Paper.TARGET_TABLE, "closed"] == 7
    with seen_by_system():
        assert len(sums_agree().violations) == 1
    with seen_by(office["finance"].pk), django_assert_num_queries(8):
        counts_of(office["finance"], 2024)


def test_what_is_counted_marks_and_the_rest_does_not(office: Office) -> None:
    evaluation = office.waiting()
    _counted()
    table = office.table("clinic")
    assert _marks() == 1
    _counted()
    office.save(Paper.TARGET_TABLE, table.public_id, targets(unit="又改了"), version=2)
    assert _marks() == 0, "a draft that is saved again and again"
    office.move("clerk", Paper.TARGET_TABLE, table.public_id, "submit")
    assert _marks() == 1
    office.act(score_evaluation, "finance", evaluation_id=evaluation.pk)
    assert _marks() == 2
    _counted()
    with seen_by_system():
        Project.unscoped.filter(pk=office.cast.projects["road"].pk).update(confidentiality="secret")
    assert _marks() == 1
    assert _seen(office, "finance").states == {(Paper.TARGET_TABLE, "submitted"): 1}
    _counted()
    with seen_by_system():
        assert sum(Tally.objects.values_list("count", flat=True)) == 1


def _marks() -> int:
    with seen_by_system():
        return TallyMark.objects.count()


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO performance_tallymark (department_id) VALUES (1)",
        "UPDATE performance_tallymark SET department_id = 1",
        "UPDATE performance_tally SET count = 9",
        "INSERT INTO performance_tally (department_id, fiscal_year, paper, status, imported, claimed_grade,"
        " computed_grade, count) SELECT id, 2024, 'evaluation', 'draft', false, '', '', 9 FROM budgets_department",
    ],
)
def test_nobody_writes_sums(office: Office, sql: str) -> None:
    with (
        seen_by(office["finance"].pk),
        pytest.raises(ProgrammingError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_nobody_takes_sums_or_marks_away(office: Office) -> None:
    office.approved()
    _foreign(office)
    _counted()
    office.table("clinic")
    with seen_by(office["finance"].pk), connection.cursor() as cursor:
        for table in ("tally", "tallymark"):
            cursor.execute(f"SELECT count(*) FROM performance_{table}")
            assert cursor.fetchone() != (0,)
            cursor.execute(f"DELETE FROM performance_{table}")
            assert cursor.rowcount == 0
    with seen_by(office["clerk"].pk), connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM performance_tally UNION ALL SELECT 1 FROM performance_tallymark"
        )
        assert cursor.fetchall() == []


def test_the_job_is_promised_where_something_changed(office: Office) -> None:
    kind = background.KINDS["count"]
    with seen_by_system():
        assert kind.slots("2024-12-01") == ()
    office.table()
    with seen_by_system():
        assert kind.slots("2024-12-01") == ({},)
        assert (
            kind.work(Task(id=1, public_id=UUID(int=1), payload={}, actor=None)) == "departments:1"
        )
        assert kind.slots("2024-12-01") == ()


def test_what_is_committed_while_the_job_counts_is_not_lost(
    committed: str, settings: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    """Somebody submits, and is done between the count and its end: neither waits, the mark stays."""
    settings.MEDIA_ROOT = tmp_path
    with seen_by_system():
        office = Office(assemble())
    table = office.table()
    office.table("clinic")
    moved, counted = threading.Event(), threading.Event()

    def submit() -> None:
        try:
            with seen_by(office["clerk"].pk):
                office.move("clerk", Paper.TARGET_TABLE, table.public_id, "submit")
                moved.set()
                assert counted.wait(20)
        finally:
            moved.set()
            connection.close()

    def then_committed(departments: Collection[int]) -> list[Tally]:
        found = tallies.tallies_of(departments)
        counted.set()
        thread.join()
        return found

    thread = threading.Thread(target=submit)
    thread.start()
    assert moved.wait(20)
    with monkeypatch.context() as patched:
        patched.setattr(counting, "tallies_of", then_committed)
        assert _counted() == 1
    assert _states() == {"draft": 2}, "worked out before"
    assert _marks() == 1
    assert _seen(office, "auditor").states == {
        (Paper.TARGET_TABLE, "draft"): 1, (Paper.TARGET_TABLE, "submitted"): 1,
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7108, 0)")
        other = []
        thread = threading.Thread(target=lambda: (other.append(_counted()), connection.close()))
        thread.start()
        thread.join()
        assert other == [0], "somebody else counts"
    assert _counted() == 1
    assert _states() == {"draft": 1, "submitted": 1}


def _states() -> dict[str, int]:
    with seen_by_system():
        return dict(Tally.objects.values_list("status", "count"))
