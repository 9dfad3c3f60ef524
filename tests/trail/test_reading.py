"""Who reads the trail: by page, by API, and in the database when the application forgets."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from budgets.access import seen_by
from budgets.models import AuditChange, AuditEvent, AuditSeal
from tests.office import Office
from tests.talk import ClientApi

_READERS = {"auditor", "audit_admin"}


@pytest.fixture
def busy(real_office: Office) -> Office:
    """甲局 has a table in force, 乙局 a project of its own."""
    from performance.services import drafts

    real_office.approved()
    real_office.act(
        drafts.create_project,
        "foreign_clerk",
        unit=real_office.cast.foreign.public_id,
        name="乙局的项目",
    )
    return real_office


def test_only_auditors_find_it(busy: Office) -> None:
    with seen_by(0):
        pk = AuditEvent.objects.filter(verb="submit").get().pk
    for name, user in busy.cast.people.items():
        client = Client()
        client.force_login(user)
        expected = 200 if name in _READERS else 404
        for path in (
            "/audit/",
            f"/audit/{pk}/",
            "/api/v1/audit/events/",
            f"/api/v1/audit/events/{pk}/",
        ):
            assert client.get(path).status_code == expected, (name, path)
        assert ('href="/audit/"' in client.get("/").content.decode()) == (name in _READERS)


def test_the_database_shows_it_to_auditors_alone(busy: Office) -> None:
    chains = {busy.cast.department.pk, busy.cast.other_department.pk}
    for name, user in busy.cast.people.items():
        with seen_by(user.pk):
            seen = set(AuditEvent.objects.values_list("chain", flat=True))
            counts = AuditChange.objects.count(), AuditSeal.objects.count()
        if name == "audit_admin":
            assert seen == {-1, 0, *chains} - ({0} if 0 not in seen else set())
        elif name == "auditor":
            assert seen == chains
        else:
            assert (seen, counts) == (set(), (0, 0)), name


def test_an_auditor_reads_its_region_only(busy: Office) -> None:
    from budgets.models import Member, Region, Role, User

    with seen_by(0):
        far = Region.objects.create(code="450000", name="壬省")
        user = User.objects.create_user("far", None, display_name="远方审计")
        Member.objects.create(user=user, role=Role.AUDITOR, region=far)
    api = ClientApi(user)
    assert api.get("audit/events/").body["results"] == []
    with seen_by(0):
        pk = AuditEvent.objects.filter(verb="submit").get().pk
    assert api.get(f"audit/events/{pk}/").status == 404


def test_the_list_by_what_is_asked(busy: Office, monkeypatch: Any) -> None:
    api = ClientApi(busy["auditor"])

    def found(query: str = "") -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = api.get(f"audit/events/?{query}").body["results"]
        return rows

    everything = found()
    assert [row["id"] for row in everything] == sorted((r["id"] for r in everything), reverse=True)
    assert {row["department"] for row in everything} == {"甲局", "乙局"}
    assert {row["verb"] for row in found("verb=submit")} == {"submit"}
    own = found(f"department={busy.cast.department.public_id}")
    assert len(own) == len([r for r in everything if r["department"] == "甲局"])
    table = everything[-1]["object_id"]
    assert {row["object_id"] for row in found(f"object_type=target_table&object_id={table}")} <= {
        table
    }
    assert {r["actor"] for r in found(f"actor={busy['head'].public_id}")} == {"head甲"}
    day = everything[0]["at"][:10]
    assert len(found(f"from={day}&to={day}")) == len(everything)
    assert found("to=2001-01-01") == found("from=2100-01-01") == []
    monkeypatch.setattr("budgets.selectors.trail.PAGE_SIZE", 2)
    pages, cursor = [], ""
    while cursor is not None:
        body = api.get(f"audit/events/?cursor={cursor}").body
        pages += [row["id"] for row in body["results"]]
        cursor = body["next"]
    assert pages == [row["id"] for row in everything]


@pytest.mark.parametrize(
    "query",
    ["verb=%00", "verb=A", "actor=1", "department=x", "from=31.3.2024", "cursor=-1", "cursor=9" + "9" * 30,
     "order=id", "actor__password=x", "object_id=%27"],
)  # fmt: skip
def test_what_cannot_be_asked(busy: Office, query: str) -> None:
    reply = ClientApi(busy["auditor"]).get(f"audit/events/?{query}")
    assert reply.status == 400
    assert list(reply.body["errors"]) == [query.split("=")[0]]
    client = Client()
    client.force_login(busy["auditor"])
    page = client.get(f"/audit/?{query}")
    assert page.status_code == 400
    assert "message-error" in page.content.decode()


def test_an_event_before_and_after(busy: Office) -> None:
    api = ClientApi(busy["auditor"])
    (row,) = api.get("audit/events/?verb=submit").body["results"]
    body = api.get(f"audit/events/{row['id']}/").body
    assert body["event"]["changes"] == len(body["changes"])
    changed = next(c for c in body["changes"] if c["table"] == "performance_targettable")
    columns = {c["name"]: (c["before"], c["after"]) for c in changed["columns"]}
    assert columns["status"] == ("draft", "submitted")
    client = Client()
    client.force_login(busy["auditor"])
    page = client.get(f"/audit/{row['id']}/").content.decode()
    assert "绩效目标表" in page
    assert body["event"]["seal"] in page


def test_a_constant_number_of_questions(
    busy: Office, django_assert_num_queries: Any, monkeypatch: Any
) -> None:
    client = Client()
    client.force_login(busy["audit_admin"])
    client.get("/account/")  # the first request of a session notes when it began
    with seen_by(0):
        pk = AuditEvent.objects.filter(verb="save_target_table").get().pk
    for size in (2, 50):
        monkeypatch.setattr("budgets.selectors.trail.PAGE_SIZE", size)
        with django_assert_num_queries(13):  # three of them for what verifying found
            assert client.get("/audit/").status_code == 200
        with django_assert_num_queries(9):
            assert client.get("/api/v1/audit/events/").status_code == 200
    with django_assert_num_queries(10):
        assert client.get(f"/audit/{pk}/").status_code == 200


def test_filters_stay_in_the_address(busy: Office, monkeypatch: Any) -> None:
    monkeypatch.setattr("budgets.selectors.trail.PAGE_SIZE", 1)
    client = Client()
    client.force_login(busy["auditor"])
    page = client.get(f"/audit/?department={busy.cast.department.public_id}&from=2020-01-01")
    text = page.content.decode()
    assert f"department={busy.cast.department.public_id}&amp;from=2020-01-01&amp;cursor=" in text
    assert 'value="2020-01-01"' in text
