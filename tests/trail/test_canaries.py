"""Persons stand nowhere in the trail, in checkpoints or in logs: names planted to be found are not."""

from __future__ import annotations

import io
import logging
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from budgets.access import seen_by
from budgets.models import ContactPerson
from budgets.services.checkpoints import make_checkpoint
from budgets.web.logs import JsonFormatter
from tests.office import Office, a_year
from tests.talk import ClientApi
from tests.worlds import SHANXI

NAME, PHONE, MAIL = "金丝雀某", "13912345678", "canary@example.invalid"


@pytest.fixture
def logged() -> Any:
    """Everything that is logged meanwhile, as the service writes it."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    others = [logging.getLogger(name) for name in ("django.request", "django.server")]
    for logger in (root, *others):
        logger.addHandler(handler)
    level = root.level
    root.setLevel(logging.DEBUG)
    try:
        yield text
    finally:
        root.setLevel(level)
        for logger in (root, *others):
            logger.removeHandler(handler)


def _everything_in_the_trail() -> str:
    found = []
    with seen_by(0), connection.cursor() as cursor:
        for table in ("budgets_auditevent", "budgets_auditchange", "budgets_auditseal"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


def _crash(*args: object) -> None:
    raise RuntimeError(f"{NAME} {PHONE} {MAIL}")


def test_persons_stand_nowhere(
    real_office: Office, aside: Path, logged: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from performance.services.imports import import_document

    with seen_by(0):
        for user in real_office.cast.people.values():
            user.email = MAIL
            user.display_name = NAME
            user.save(update_fields=["email", "display_name"])
    published = SHANXI.read_bytes()
    real_office.act(
        import_document, "finance", unit=real_office.cast.unit, data=published, name=SHANXI.name
    )
    with seen_by(0):
        persons = {v for row in ContactPerson.unscoped.values_list("name", "phone") for v in row}
        contact = ContactPerson.unscoped.order_by("id")[0]
        contact.name, contact.phone = NAME, PHONE
        contact.save()
        contact.delete()
    a_year(real_office, make_checkpoint)
    api = ClientApi(real_office["clerk"])
    api.post("projects/", {"unit": str(real_office.cast.unit.public_id), "name": NAME * 200})
    monkeypatch.setattr("performance.api.views.project_list", _crash)
    api.client.raise_request_exception = False
    assert api.get(f"projects/?cursor={PHONE}{MAIL}").status == 500
    call_command("audit_verify", stdout=(said := io.StringIO()))
    call_command("invariants", stdout=said)
    places = {
        "trail": _everything_in_the_trail(),
        "logs": logged.getvalue(),
        "commands": said.getvalue(),
        "checkpoints": "".join(p.read_text() for p in (aside / "checkpoints").glob("*.json")),
    }
    canaries = {NAME, PHONE, MAIL, *(p for p in persons if len(p) > 1)}
    assert len(canaries) > 3
    assert all(places.values())
    hits = [(place, one) for place, text in places.items() for one in canaries if one in text]
    assert hits == []


def test_the_canary_would_be_found(real_office: Office, logged: Any) -> None:
    from budgets.models import Department

    with seen_by(0):
        Department.objects.create(region=real_office.cast.region, name=NAME)
    logging.getLogger("jiheng").warning("%s", NAME)
    assert NAME in _everything_in_the_trail()
    assert NAME in logged.getvalue()
