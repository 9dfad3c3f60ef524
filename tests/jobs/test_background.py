"""The real kinds of work: scores that wait for their reviewers, reminders, tidying."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from budgets.access import told
from budgets.jobs import enqueue
from budgets.models import AuditEvent, Job, Notice
from budgets.services import work
from performance.models import Evaluation, ScoreRun
from performance.services.background import KINDS, label_of
from tests.cast import Cast, assemble
from tests.contents import DEADLINE, actuals, targets
from tests.talk import Api, ClientApi

TABLES, EVALUATIONS = "target-tables", "evaluations"


@pytest.fixture
def cast(db: None, settings: Any, tmp_path: Any) -> Cast:
    settings.MEDIA_ROOT, settings.EXPORT_ROOT = tmp_path / "media", tmp_path / "exports"
    return assemble()


@pytest.fixture
def evaluation(cast: Cast) -> tuple[Api, str]:
    """An evaluation filled in, not submitted, and its clerk."""
    clerk, project = ClientApi(cast["clerk"]), str(cast.projects["road"].public_id)
    table = clerk.post(f"{TABLES}/", {"project": project, "fiscal_year": 2024}).body["id"]
    assert clerk.put(f"{TABLES}/{table}/content/", targets(), version=1).status == 200
    clerk.move(TABLES, table, "submit")
    digest = clerk.content(TABLES, table).body["digest"]
    for name, verb in (("head", "check"), ("reviewer", "review"), ("finance", "approve")):
        assert ClientApi(cast[name]).move(TABLES, table, verb, digest=digest).status == 200
    task = _task(cast)
    made = clerk.post(f"{EVALUATIONS}/", {"project": project, "task": task}).body["id"]
    assert clerk.put(f"{EVALUATIONS}/{made}/content/", actuals(), version=1).status == 200
    told(0)
    return clerk, made


def _task(cast: Cast, deadline: Any = DEADLINE) -> str:
    body = {
        "paper": "evaluation",
        "fiscal_year": 2024,
        "title": f"自评 {deadline:%H%M%S}",
        "deadline": deadline.isoformat(),
        "units": [str(cast.unit.public_id)],
    }
    reply = ClientApi(cast["finance"]).post("tasks/", body)
    assert reply.status == 201, reply.body
    public_id: str = reply.body["id"]
    return public_id


def _submit(clerk: Api, public_id: str) -> None:
    assert clerk.move(EVALUATIONS, public_id, "submit").status == 200
    told(0)


def _withdraw(clerk: Api, public_id: str) -> None:
    assert clerk.move(EVALUATIONS, public_id, "withdraw").status == 200
    told(0)


def test_what_is_submitted_is_scored_for_its_reviewers(
    cast: Cast, evaluation: tuple[Api, str]
) -> None:
    clerk, public_id = evaluation
    assert not Job.objects.exists()
    _submit(clerk, public_id)
    before = AuditEvent.objects.count()
    job = Job.objects.get(kind="score")
    assert (job.actor_id, job.unit_id) == (cast["clerk"].pk, cast.unit.pk)
    assert work.work_off() == ["done"]
    job.refresh_from_db()
    run = ScoreRun.unscoped.get()
    assert job.result_ref == str(run.public_id)
    assert run.actor_id == cast["clerk"].pk
    assert AuditEvent.objects.count() == before + 1
    rows = ClientApi(cast["head"]).get("evaluations/").body["results"]
    assert [row["total"] for row in rows] == [f"{run.total:.2f}"]


def test_each_version_is_scored_once(evaluation: tuple[Api, str]) -> None:
    clerk, public_id = evaluation
    for _ in range(2):
        _submit(clerk, public_id)
        assert work.work_off() == ["done"]
        _withdraw(clerk, public_id)
    assert ScoreRun.unscoped.count() == 2
    assert len(set(Job.objects.values_list("once_key", flat=True))) == 2


def test_what_was_taken_back_before_is_not_scored(evaluation: tuple[Api, str]) -> None:
    clerk, public_id = evaluation
    _submit(clerk, public_id)
    _withdraw(clerk, public_id)
    assert work.work_off() == ["done"]
    assert Job.objects.get().result_ref == "changed"
    assert not ScoreRun.unscoped.exists()


def test_another_content_is_not_scored_for_the_first(evaluation: tuple[Api, str]) -> None:
    clerk, public_id = evaluation
    _submit(clerk, public_id)
    _withdraw(clerk, public_id)
    version = clerk.content(EVALUATIONS, public_id).version
    path = f"{EVALUATIONS}/{public_id}/content/"
    assert clerk.put(path, actuals(improvement="改过"), version=version).status == 200
    _submit(clerk, public_id)
    assert work.work_off() == ["done", "done"]
    refs = set(Job.objects.values_list("result_ref", flat=True))
    run = ScoreRun.unscoped.get()
    assert refs == {"changed", str(run.public_id)}


def test_what_its_submitter_no_longer_sees_is_not_scored(
    cast: Cast, evaluation: tuple[Api, str]
) -> None:
    clerk, public_id = evaluation
    _submit(clerk, public_id)
    cast["clerk"].memberships.all().delete()
    assert work.work_off() == ["done"]
    assert Job.objects.get().result_ref == "out_of_sight"


def test_a_changed_rule_set_sets_the_job_aside(
    evaluation: tuple[Api, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from performance.services import scoring

    clerk, public_id = evaluation
    _submit(clerk, public_id)
    real = scoring.load

    def another(identity: str) -> Any:
        from dataclasses import replace

        return replace(real(identity), digest="0" * 64)

    monkeypatch.setattr(scoring, "load", another)
    assert work.work_off() == ["dead"]
    assert Job.objects.get().last_error == "refused: conflict"
    assert Evaluation.unscoped.get(public_id=public_id).status == "submitted"


def test_everybody_who_owes_is_reminded_once_a_day(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "ring", lambda job_id, insist: True)
    _task(cast, timezone.now() + timedelta(days=1))
    told(0)
    Notice.objects.all().delete()
    for _ in range(3):
        work.sweep()
        assert set(work.work_off()) <= {"done"}
    assert Job.objects.filter(kind="remind").count() == 1
    reminded = Notice.objects.filter(kind="reminder").values_list("user__username", flat=True)
    assert sorted(reminded) == ["both", "clerk", "clerk2"]


def test_what_has_served_its_time_goes(cast: Cast) -> None:
    for kind in ("ping", "score", "export", "ping"):
        enqueue(kind, {}, actor=None, once_key=f"{kind}:{Job.objects.count()}")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE budgets_job SET state = 'done', finished_at = now() - interval '2 days' WHERE once_key <> 'ping:3'"
        )
    enqueue("tidy", {}, actor=None)
    assert "done" in work.work_off()
    kinds = sorted(Job.objects.exclude(kind="tidy").values_list("kind", flat=True))
    assert kinds == ["export", "ping", "score"]


def test_every_kind_has_words() -> None:
    assert all(kind.label for kind in KINDS.values())
    assert label_of("gone") == "gone"
