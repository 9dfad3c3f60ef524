"""Messages: JSON with an id, taken late, let go of when nobody is there to be told."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from budgets.services import work
from config import environment as env
from config.celery import Request, app
from performance.tasks import run_job


def _request(*, heard: bool) -> tuple[Any, list[str]]:
    forgotten: list[str] = []
    message = SimpleNamespace(
        acknowledged=heard,
        delivery_tag="tag",
        channel=SimpleNamespace(qos=SimpleNamespace(_quick_ack=forgotten.append)),
    )
    request = Request.__new__(Request)
    request.acknowledged = False
    request._message = message
    request._on_ack = lambda logger, errors: None  # ack_log_error: says so and goes on
    request._connection_errors = (OSError,)
    return request, forgotten


@pytest.mark.parametrize(("heard", "expected"), [(True, []), (False, ["tag"])])
def test_an_acknowledgement_nobody_heard_does_not_count_as_work_in_hand(
    heard: bool, expected: list[str]
) -> None:
    request, forgotten = _request(heard=heard)
    request.acknowledge()
    assert request.acknowledged is True
    assert forgotten == expected


def test_kombu_still_counts_as_we_believe() -> None:
    """What ``Request`` leans on: acknowledging frees a place among those in hand."""
    from kombu.transport.virtual.base import QoS

    qos = QoS(SimpleNamespace(do_restore=False), prefetch_count=1)
    qos.append(object(), "tag")
    assert not qos.can_consume()
    qos._quick_ack("tag")
    assert qos.can_consume()


def test_the_task_works_the_job_off(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    monkeypatch.setattr(work, "run", seen.append)
    run_job.run(7)
    assert seen == [7]


def test_the_app_is_set_up_as_the_design_says() -> None:
    conf = app.conf
    assert conf.task_acks_late is True
    assert conf.task_reject_on_worker_lost is True
    assert conf.worker_prefetch_multiplier == 1
    assert conf.accept_content == ["json"]
    assert conf.task_serializer == "json"
    assert conf.result_backend is None
    assert conf.task_time_limit == 120
    assert not conf.beat_schedule
    assert run_job.name == "performance.tasks.run_job"
    assert run_job.Request == "config.celery:Request"


@pytest.mark.parametrize("url", ["memory://", "sqla+sqlite:///x", "http://x", "redis"])
def test_other_brokers_are_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("CELERY_BROKER_URL", url)
    with pytest.raises(ImproperlyConfigured, match="CELERY_BROKER_URL"):
        env.broker("CELERY_BROKER_URL")


def test_without_a_broker_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CELERY_BROKER_URL", "")
    assert env.broker("CELERY_BROKER_URL") is None
    monkeypatch.setenv("CELERY_BROKER_URL", "amqps://user@host/jiheng")
    assert env.broker("CELERY_BROKER_URL") == "amqps://user@host/jiheng"
    assert settings.CELERY_BROKER_URL is None
