"""Pages and the API by the test client: who gets in, what is shown, how errors look."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from budgets.models import ContactPerson
from performance.models import Document, Evaluation, TargetTable
from tests.routes import RULESET
from tests.worlds import PASSWORD, World, published

OPEN = {"healthz", "readyz", "sign-in", "sign-in-second", "sign-out"}
PROBLEM = "application/problem+json"


@pytest.fixture
def filled(scene: Any) -> World:
    return scene(published)  # type: ignore[no-any-return]


def _client(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _patterns(resolver: Any, prefix: str = "") -> Any:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry.name


def _path(pattern: str) -> str:
    path = re.sub(r"<uuid:\w+>", str(uuid4()), pattern)
    path = re.sub(r"<slug:\w+>", RULESET, path)
    return "/" + re.sub(r"<int:\w+>", "2022", path)


def _addresses(world: World) -> list[str]:
    evaluation = Evaluation.unscoped.order_by("id")[2]
    target = TargetTable.unscoped.filter(from_evaluation=False).order_by("id")[0]
    document = Document.unscoped.order_by("id")[0]
    return [
        "/",
        "/target-tables/",
        "/documents/",
        f"/evaluations/{evaluation.public_id}/",
        f"/target-tables/{target.public_id}/",
        f"/documents/{document.public_id}/",
        "/api/v1/projects/",
        "/api/v1/target-tables/",
        "/api/v1/evaluations/",
        f"/api/v1/projects/{evaluation.project.public_id}/",
        f"/api/v1/evaluations/{evaluation.public_id}/",
        f"/api/v1/target-tables/{target.public_id}/",
        f"/api/v1/annual-reports/2022/{world.unit.public_id}/",
        "/api/v1/schema/",
        "/api/v1/docs/",
    ]


@pytest.mark.django_db
def test_everything_asks_for_a_sign_in() -> None:
    seen = 0
    for pattern, name in _patterns(get_resolver()):
        if name in OPEN:
            continue
        response = Client().get(_path(pattern))
        seen += 1
        assert response.status_code in {302, 401, 403, 405}, pattern
        if response.status_code == 302:
            assert response["Location"].startswith("/sign-in/")
    assert seen > 12


def test_pages_show_what_they_should(filled: World) -> None:
    client = _client(filled.finance)
    for address in _addresses(filled):
        response = client.get(address)
        assert response.status_code == 200, address
        policy = response["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert response["X-Frame-Options"] == "DENY"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert re.fullmatch(r"[0-9a-f]{16}", response["X-Request-ID"])
        if response["Content-Type"].startswith("text/html"):
            page = response.content.decode()
            assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+=", page)
            assert "绩衡" in page


def test_an_evaluation_page_says_why(filled: World) -> None:
    evaluation = Evaluation.unscoped.get(project__name="基金监管专项")
    page = _client(filled.finance).get(f"/evaluations/{evaluation.public_id}/").content.decode()
    for words in (
        "84.92",
        "94.00",
        "20×14.77÷60＝4.92 分",
        "实际 63 家 ≥ 目标 60 家",
        "条款待核",
        "E01",
    ):
        assert words in page


def test_a_stranger_sees_nothing_and_learns_nothing(filled: World) -> None:
    theirs, client = _client(filled.stranger), _client(filled.finance)
    for address in _addresses(filled):
        if not re.search(r"[0-9a-f]{8}-", address):
            continue
        nowhere = re.sub(r"[0-9a-f-]{36}", str(uuid4()), address)
        ours, none = theirs.get(address), client.get(nowhere)
        assert ours.status_code == none.status_code == 404, address
        hide = re.compile(
            rb'"request_id":"\w+"|<code>\w+</code>|name="csrfmiddlewaretoken"[^>]+|<span>[^<]+</span>'
        )
        assert hide.sub(b"", ours.content) == hide.sub(b"", none.content)
    for address in ("/api/v1/projects/", "/api/v1/evaluations/", "/api/v1/target-tables/"):
        assert theirs.get(address).json() == {"next": None, "results": []}
    assert "还没有自评表" in theirs.get("/").content.decode()


def test_errors_of_the_api_are_problems(filled: World) -> None:
    client = _client(filled.finance)
    for response, status in (
        (Client().get("/api/v1/projects/"), 401),
        (client.get(f"/api/v1/evaluations/{uuid4()}/"), 404),
        (client.delete("/api/v1/projects/"), 405),
        (client.get("/api/v1/projects/", HTTP_ACCEPT="application/xml"), 406),
    ):
        assert response.status_code == status
        assert response["Content-Type"].startswith(PROBLEM)
        body = json.loads(response.content)
        assert body["status"] == status
        assert body["title"]
        assert body["request_id"] == response["X-Request-ID"]


def test_the_api_tells_the_same_score(filled: World) -> None:
    evaluation = Evaluation.unscoped.get(project__name="基金监管专项")
    body = _client(filled.finance).get(f"/api/v1/evaluations/{evaluation.public_id}/").json()
    assert body["score"]["total"] == "84.92"
    assert body["score"]["execution"]["awarded"] == "4.92"
    assert (
        body["score"]["execution"]["explanation"] == "执行率 14.77÷60≈24.62%，20×14.77÷60＝4.92 分"
    )
    assert body["table"]["execution"]["budget"] == "600000.00"
    assert {"E01", "A01"} <= {finding["code"] for finding in body["findings"]}


def test_an_annual_report(filled: World) -> None:
    client = _client(filled.finance)
    body = client.get(f"/api/v1/annual-reports/2022/{filled.unit.public_id}/").json()
    assert body["evaluations"] == body["scored"] == 4
    assert body["budget"] == "3646100.00"
    assert body["executed"] == "2505900.00"
    assert body["execution_rate"] == "0.687282"
    assert body["grades"] == {"优": 3, "良": 1}
    assert body["claimed_grades"] == {"优": 4}
    assert body["average_total"] == "94.22"
    assert body["indicators"] == body["indicators_met"] == 37
    assert [project["unmet"] for project in body["projects"]] == [[], [], [], []]
    targets = client.get(f"/api/v1/annual-reports/2023/{filled.unit.public_id}/").json()
    assert targets["target_tables"] == 14
    assert targets["evaluations"] == 0
    assert targets["execution_rate"] is None
    assert targets["average_total"] is None


def test_persons_stand_on_no_page_and_in_no_answer(filled: World) -> None:
    persons = {
        value for row in ContactPerson.unscoped.values_list("name", "phone") for value in row
    }
    persons.discard("")
    assert persons
    client = _client(filled.finance)
    for address in _addresses(filled):
        text = client.get(address).content.decode()
        assert not [person for person in persons if person in text], address


def test_lists_and_details_ask_a_constant_number_of_questions(
    filled: World, django_assert_max_num_queries: Any
) -> None:
    client = _client(filled.finance)
    client.get("/account/")  # the first request of a session notes when it began
    # Two of them tell the database the account and, in a test, take it back; one asks for the
    # navigation whether the account reads the trail.
    # What is counted for the rows of a page is asked for them alone, in queries of their own.
    budget = {"/": 11, "/target-tables/": 12, "/documents/": 14}
    for address in _addresses(filled):
        with django_assert_max_num_queries(budget.get(address, 23)):
            client.get(address)


def test_a_list_goes_on_where_it_ended(filled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("performance.selectors.pages.PAGE_SIZE", 3)
    client = _client(filled.finance)
    names: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        body = client.get("/api/v1/target-tables/", {"cursor": cursor}).json()
        names += [row["project"] for row in body["results"]]
        cursor = body["next"]
    assert len(names) == len(set(names)) == 14
    assert client.get("/api/v1/target-tables/", {"cursor": "不是游标"}).status_code == 200
    assert "下一页" in client.get("/target-tables/").content.decode()


@pytest.mark.django_db
def test_the_schema_is_valid(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn")
    assert "annual-reports" in capsys.readouterr().out


def test_signing_in_and_out(world: World) -> None:
    client = Client()
    wrong = client.post("/sign-in/", {"username": "li", "password": "no"})
    assert "用户名或密码不对" in wrong.content.decode()
    right = client.post(
        "/sign-in/", {"username": "LI", "password": PASSWORD, "next": "/documents/"}
    )
    assert right["Location"] == "/documents/"
    assert client.post("/sign-out/").status_code == 302
    assert client.get("/").status_code == 302


@pytest.mark.django_db
def test_health() -> None:
    assert Client().get("/healthz").json() == {"status": "ok"}
    assert Client().get("/readyz").json() == {"status": "ok"}


def test_not_ready_without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    def broken(*args: object, **options: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr("budgets.selectors.health.MigrationExecutor", broken)
    response = Client().get("/readyz")  # no database may be touched in this test
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable"}
    assert Client().get("/healthz").status_code == 200


def test_error_pages_are_chinese_and_carry_the_request_id(world: World) -> None:
    client = _client(world.finance)
    page = client.get("/nowhere/", HTTP_X_REQUEST_ID="abcdef12-3456")
    assert page.status_code == 404
    assert "没有找到" in page.content.decode()
    assert page["X-Request-ID"] == "abcdef12-3456"
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.finance)
    expired = strict.post("/sign-out/")
    assert expired.status_code == 403
    assert "页面已过期" in expired.content.decode()
