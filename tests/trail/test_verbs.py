"""Every office verb leaves exactly one event; a service that nobody listed fails here."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
from collections.abc import Iterator

import pytest

import budgets.services
import performance.services
from budgets.models import AuditChange, AuditEvent
from performance.web.verbs import DETAILS
from tests.budgets import test_people
from tests.office import Office
from tests.ownverbs import ADMINISTRATION, ALL_CALLS, NO_VERB, WITHOUT_ROWS


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
    administration = {
        f"{module}.{name}" for module, names in ADMINISTRATION.items() for name in names
    }
    assert set(_services_with_an_actor()) == {*ALL_CALLS, *NO_VERB, *administration}
    called = {
        verb.replace("unlock_account", "unlock")
        for verb in (*test_people.SECURITY, *test_people.SYSTEM)
    }
    assert {name.rsplit(".", 1)[-1] for name in administration} == called


@pytest.mark.parametrize("verb", sorted(ALL_CALLS))
def test_one_event_for_each_call(office: Office, verb: str) -> None:
    call = ALL_CALLS[verb](office)
    before = set(AuditEvent.objects.values_list("id", flat=True))
    call()
    event = AuditEvent.objects.exclude(id__in=before).get()
    assert event.verb == _RECORDED.get(verb, verb.rsplit(".", 1)[-1])
    assert event.actor_id is not None
    assert AuditChange.objects.filter(event=event).exists() != (verb in WITHOUT_ROWS)
    assert set(json.loads(event.canonical)["detail"]) - set(DETAILS) == set()


_RECORDED = {
    "budgets.services.passwords.change_own": "change_password",
    "budgets.services.queue.drop": "drop_job",
    "budgets.services.queue.retry": "retry_job",
    "budgets.services.second_factors.confirm": "enable_second_factor",
    "budgets.services.sign_in.signed_out": "sign_out",
    "performance.services.drafts.save": "save_target_table",
    "performance.services.moves.move": "submit",
    "performance.services.scoring.score_submitted": "score_evaluation",
}
"""The word in the trail where it is not the function's name."""


def test_equal_content_is_no_event(office: Office) -> None:
    from performance.workflow import Paper
    from tests.contents import targets

    table = office.table()
    before = AuditEvent.objects.count()
    assert office.save(Paper.TARGET_TABLE, table.public_id, targets(), version=2) == 2
    assert AuditEvent.objects.count() == before
