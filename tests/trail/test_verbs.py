"""Every office verb leaves exactly one event; a service that nobody listed fails here."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

import pytest

import budgets.services
import performance.services
from budgets.models import AuditChange, AuditEvent
from tests.office import CALLS, NO_OFFICE_VERB, Office


def _services_with_an_actor() -> Iterator[str]:
    for package in (budgets.services, performance.services):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(found.name)
            for name, function in inspect.getmembers(module, inspect.isfunction):
                if name.startswith("_") or function.__module__ != module.__name__:
                    continue
                actor = inspect.signature(function).parameters.get("actor")
                if actor is not None and actor.kind is inspect.Parameter.KEYWORD_ONLY:
                    yield f"{module.__name__}.{name}"


def test_nobody_forgot_a_verb() -> None:
    assert set(_services_with_an_actor()) == {*CALLS, *NO_OFFICE_VERB}


@pytest.mark.parametrize("verb", sorted(CALLS))
def test_one_event_for_each_call(office: Office, verb: str) -> None:
    call = CALLS[verb](office)
    before = set(AuditEvent.objects.values_list("id", flat=True))
    call()
    event = AuditEvent.objects.exclude(id__in=before).get()
    assert event.verb == verb.rsplit(".", 1)[-1] or event.verb in {"submit", "save_target_table"}
    assert event.actor_id is not None
    assert AuditChange.objects.filter(event=event).exists()


def test_equal_content_is_no_event(office: Office) -> None:
    from performance.workflow import Paper
    from tests.contents import targets

    table = office.table()
    before = AuditEvent.objects.count()
    assert office.save(Paper.TARGET_TABLE, table.public_id, targets(), version=2) == 2
    assert AuditEvent.objects.count() == before
