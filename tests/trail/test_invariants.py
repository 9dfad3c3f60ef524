"""Every invariant holds after a year of work, and each is seen broken."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from budgets.access import seen_by_system
from budgets.digests import sm3
from budgets.models import Project
from budgets.services.checkpoints import make_checkpoint
from performance.models import Document, Snapshot
from performance.services import drafts
from performance.services.invariants import check_all
from performance.services.scoring import score_evaluation
from tests.office import CALLS, Office, a_year
from tests.torture.tampering import looking_at
from tests.trail.test_checkpoints import _said
from tests.worlds import HUBEI


@pytest.fixture
def worked(real_office: Office, settings: Any) -> Office:
    settings.SM3 = True
    a_year(real_office, make_checkpoint)
    for evaluation in real_office.imported().evaluations:
        real_office.act(score_evaluation, "finance", evaluation_id=evaluation.pk)
    return real_office


def _broken() -> dict[str, list[str]]:
    return {result.name: result.violations for result in check_all() if not result.holds}


def test_all_hold_after_a_year_and_are_not_empty(worked: Office) -> None:
    results = check_all()
    assert {result.name: result.violations for result in results if not result.holds} == {}
    assert [result.name for result in results] == [
        "I3", "I4", "I5", "I6", "I7", "I8", "I9", "I10", "I12", "I13", "I14",
    ]  # fmt: skip
    assert all(result.checked > 0 for result in results)
    code, said = _said("invariants", "--json")
    assert (code, json.loads(said)["holds"]) == (0, True)


_BREAKS: dict[str, list[str]] = {
    "I3": ["UPDATE budgets_project SET name = name || 'x'"],
    "I4": ["UPDATE budgets_auditevent SET ip = '10.0.0.1'"],
    "I5": [
        "UPDATE performance_scorerun SET total = total - 0.01",
        "UPDATE performance_scoreline SET awarded = awarded - 0.01 WHERE seq = 1 AND awarded > 1",
        "UPDATE performance_scoreline SET reason = 'x' WHERE seq = 1",
        "UPDATE performance_review SET total = total + 0.01",
        "DELETE FROM performance_scoreline",
        "UPDATE performance_scorerun SET available = available + 1",
    ],
    "I6": [
        "UPDATE performance_snapshot SET sm3 = repeat('0', 64)",
        "UPDATE performance_step SET digest = repeat('0', 64) WHERE digest <> ''",
        """ALTER TABLE performance_snapshot DROP CONSTRAINT snapshot_digest;
        UPDATE performance_snapshot SET canonical = canonical || ' '""",
    ],
    "I7": [
        "UPDATE performance_step SET actor_id = (SELECT id FROM budgets_user WHERE username = 'clerk') WHERE verb = 'check'",
        "DELETE FROM performance_contributor",
    ],
    "I8": [
        "UPDATE performance_scoreline SET department_id = department_id + 1",
        """ALTER TABLE performance_step DROP CONSTRAINT step_unit_same_department;
        UPDATE performance_step SET department_id = department_id + 1""",
    ],
    "I9": [
        "UPDATE performance_document SET size = size + 1",
        "UPDATE performance_document SET sm3 = repeat('0', 64)",
        "UPDATE performance_document SET sha256 = repeat('0', 64)",
    ],
    "I10": ["UPDATE budgets_job SET run_after = created_at - interval '2 hours'"],
    "I12": [
        "UPDATE performance_indicator SET name = name || chr(8)",
        "UPDATE performance_step SET cells = jsonb_build_array(jsonb_build_object('note', chr(8238)))",
        "UPDATE performance_scorerun SET available = 'NaN'",
        "UPDATE performance_importrun SET problems = jsonb_build_array(chr(127))",
    ],
    "I13": [
        "UPDATE performance_targettable SET status = 'closed'",
        "DELETE FROM performance_step WHERE verb = 'check'",
        "UPDATE performance_step SET verb = 'approve' WHERE verb = 'check'",
        "UPDATE performance_step SET role = 'clerk'",
    ],
    "I14": [
        "DELETE FROM performance_tallymark",
        """INSERT INTO performance_tally (department_id, fiscal_year, paper, status, imported, claimed_grade, computed_grade, count)
        VALUES (0, 2024, 'evaluation', 'published', false, '', '', 1)""",
    ],
}  # fmt: skip


def test_each_is_seen_broken(worked: Office, cluster: Any, committed: str) -> None:
    with looking_at(cluster, committed, "postgres"):
        for name, statements in _BREAKS.items():
            for statement in statements:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute("SET LOCAL session_replication_role = replica")
                    cursor.execute(statement)
                    assert name in _broken(), statement
                    transaction.set_rollback(True)
    assert _broken() == {}


def test_a_file_that_changed_and_one_that_is_nobodys(worked: Office, aside: Path) -> None:
    kept = next((aside / "media").glob("??/*"))
    data = kept.read_bytes()
    kept.write_bytes(data[:-1])
    assert list(_broken()) == ["I9"]
    kept.write_bytes(data)
    stray = kept.with_name("0" * 64)
    stray.write_bytes(b"x")
    os.utime(stray, (0, 0))
    (found,) = [result for result in check_all() if result.name == "I9"]
    assert (found.holds, found.notes) == (True, [f"没有记录的文件 {kept.parent.name}/{stray.name}"])


def test_second_digests_stand_where_they_are_asked_for(worked: Office, settings: Any) -> None:
    with seen_by_system():
        document = Document.unscoped.get()
        assert document.sm3 == sm3(HUBEI.read_bytes())
        for kept in Snapshot.unscoped.all():
            assert kept.sm3 == sm3(kept.canonical.encode())
        last = Snapshot.unscoped.order_by("-id")[0].pk
    settings.SM3 = False
    CALLS["performance.services.drafts.create_project"](worked)()
    with seen_by_system():
        made = Project.unscoped.get(name="新项目").public_id
    worked.act(drafts.create_target_table, "clerk", project=made, fiscal_year=2024)
    with seen_by_system():
        assert [kept.sm3 for kept in Snapshot.unscoped.filter(pk__gt=last)] == [None]
