"""What was set aside: seen by system administrators alone, tried again, let go, on the record."""

from __future__ import annotations

import re
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from budgets.access import seen_by, told
from budgets.errors import Conflict, NotFound
from budgets.jobs import enqueue
from budgets.models import AuditEvent, Job, User
from budgets.selectors.jobs import figures
from budgets.services import queue, work
from tests.cast import Cast, assemble


@pytest.fixture
def cast(db: None, settings: Any) -> Cast:
    settings.JOB_KINDS = "tests.jobs.test_work.KINDS"
    return assemble()


@pytest.fixture
def dead(cast: Cast) -> Job:
    return _dead(cast["clerk"])


def _dead(actor: User) -> Job:
    public_id = enqueue("refuse", {}, actor=actor)
    job = Job.objects.get(public_id=public_id)
    assert work.run(job.pk) == "dead"
    return job


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _page(client: Client) -> str:
    response = client.get("/jobs/")
    assert response.status_code == 200
    return response.content.decode()


def _key(page: str) -> str:
    found = re.search(r'name="form_key" value="(\w+)"', page)
    assert found is not None
    return found[1]


def test_only_system_administrators_find_the_page(cast: Cast, dead: Job) -> None:
    for name in ("clerk", "finance", "auditor", "security", "audit_admin"):
        client = _client(cast[name])
        assert client.get("/jobs/").status_code == 404
        for verb in ("retry", "drop"):
            address = f"/jobs/{dead.public_id}/{verb}/"
            assert client.post(address, {"form_key": "k" * 32}).status_code == 404
    told(0)
    dead.refresh_from_db()
    assert dead.state == "dead"
    page = _page(_client(cast["system"]))
    assert str(dead.public_id) in page
    assert "refused: conflict" in page
    assert "王五" not in page


@pytest.mark.parametrize(("verb", "state"), [("retry", "queued"), ("drop", "dropped")])
def test_a_button_pressed_twice_acts_once(cast: Cast, dead: Job, verb: str, state: str) -> None:
    client = _client(cast["system"])
    key = _key(_page(client))
    for _ in range(2):
        response = client.post(f"/jobs/{dead.public_id}/{verb}/", {"form_key": key})
        assert (response.status_code, response["Location"]) == (302, "/jobs/")
    told(0)
    dead.refresh_from_db()
    assert (dead.state, dead.attempts) == (state, 0 if verb == "retry" else 1)
    events = AuditEvent.objects.filter(verb=f"{verb}_job")
    assert [(event.actor_id, event.object_id) for event in events] == [
        (cast["system"].pk, str(dead.public_id))
    ]
    assert str(dead.public_id) not in _page(client)
    again = client.post(f"/jobs/{dead.public_id}/{verb}/", {"form_key": "another-key-of-a-form"})
    assert again.status_code in {404, 409}


def test_a_job_put_back_is_worked_again(cast: Cast, dead: Job) -> None:
    with seen_by(cast["system"].pk):
        queue.retry(actor=cast["system"], public_id=dead.public_id)
    assert work.run(dead.pk) == "dead"
    dead.refresh_from_db()
    assert (dead.attempts, dead.mended) == (1, True)


def test_what_is_not_there_or_not_dead_is_refused(cast: Cast) -> None:
    public_id = enqueue("tell", {}, actor=cast["clerk"])
    assert public_id is not None
    for act in (queue.retry, queue.drop):
        with pytest.raises(Conflict):
            act(actor=None, public_id=public_id)
        with pytest.raises(NotFound):
            act(actor=None, public_id=uuid4())
        with pytest.raises(NotFound):
            act(actor=cast["clerk"], public_id=public_id)
    assert not AuditEvent.objects.exclude(verb="direct_write").exists()


def test_the_page_asks_a_constant_number_of_questions(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    client = _client(cast["system"])
    _page(client)
    for wanted in (1, 5):
        while Job.objects.filter(state="dead").count() < wanted:
            told(0)
            _dead(cast["clerk"])
        with django_assert_num_queries(10):
            _page(client)
        told(0)


def test_the_exports_page_asks_a_constant_number_of_questions(
    cast: Cast, settings: Any, tmp_path: Any, django_assert_num_queries: Any
) -> None:
    settings.JOB_KINDS = "performance.services.background.KINDS"
    settings.EXPORT_ROOT = tmp_path / "exports"
    client = _client(cast["clerk"])
    for wanted in (1, 3):
        told(0)
        while Job.objects.filter(kind="export").count() < wanted:
            page = client.get("/exports/").content.decode()
            form = {"form_key": _key(page), "list": "projects", "format": "csv"}
            assert client.post("/exports/", form).status_code == 302
            told(0)
            work.work_off()
        with django_assert_num_queries(12):
            page = client.get("/exports/").content.decode()
        assert page.count("下载</a>") == wanted
    form = {"form_key": _key(page), "list": "projects", "format": "csv", "fiscal_year": "2024"}
    response = client.post("/exports/", form)
    assert response.status_code == 400
    assert "这个列表不能按此筛选" in response.content.decode()


def test_figures_are_for_administrators(cast: Cast, dead: Job) -> None:
    enqueue("tell", {}, actor=cast["clerk"])
    assert (figures().waiting, figures().dead, figures().alive) == (1, 1, False)
    with seen_by(cast["system"].pk):
        assert figures().dead == 1
    with seen_by(cast["clerk"].pk):
        assert (figures().waiting, figures().dead) == (0, 0)


def test_the_commands_do_the_same(cast: Cast, dead: Job) -> None:
    def said(*words: str) -> str:
        out = StringIO()
        call_command(*words, stdout=out)
        return out.getvalue()

    assert str(dead.public_id) in said("jobs", "list")
    said("jobs", "retry", str(dead.public_id))
    assert "办理 " in said("worker", "--once")
    dead.refresh_from_db()
    assert dead.state == "dead"
    said("jobs", "drop", str(dead.public_id))
    with pytest.raises(CommandError, match="失败待处理"):
        said("jobs", "drop", str(dead.public_id))
    with pytest.raises(CommandError, match="编号"):
        said("jobs", "retry")
    assert "提醒" in said("jobs_sweep")
    assert isinstance(dead.public_id, UUID)
