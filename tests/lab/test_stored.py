"""The rule lab over stored papers: who tries what, how dear it is, and that nothing is written."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from budgets.access import seen_by
from budgets.errors import Invalid, NotAllowed
from budgets.models import AuditEvent
from performance.models import Evaluation, ScoreRun
from performance.selectors import lab
from performance.selectors.lab import Wish, contest_of, read_only, tried
from performance.services import imports
from tests.office import Office
from tests.worlds import HUBEI, XINJIANG

WISH = Wish(year=2022, base="hubei-2020", against=("mof-2020-10", "capped-by-execution"))
API = "/api/v1/rule-lab/?year=2022&base=hubei-2020&against=mof-2020-10&against=capped-by-execution"


@pytest.fixture
def filled(office: Office) -> Office:
    """甲局 and 乙局 with a published final account each."""
    cast = office.cast
    for unit in (cast.unit, cast.foreign):
        office.act(imports.import_document, "finance", unit=unit, data=HUBEI.read_bytes(), name="决算.txt")  # fmt: skip
    return office


def _tried(office: Office, name: str, wish: Wish = WISH) -> lab.Tried:
    with seen_by(office[name].pk):
        return tried(office[name], wish)


def _client(office: Office, name: str) -> Client:
    client = Client()
    client.force_login(office[name])
    return client


# ── figures ─────────────────────────────────────────────────────────────────────────────────────


def test_stored_papers_come_out_as_the_document_does(filled: Office) -> None:
    found = _tried(filled, "reviewer")
    assert found.report.count == 4
    national, capped = found.report.contenders
    assert (national.changed, national.mean) == (1, Decimal("2.89"))
    assert (capped.changed, capped.mean) == (2, Decimal("-12.72"))
    for one, paper in zip(capped.projects, found.papers, strict=True):
        assert Evaluation.unscoped.get(public_id=paper).project.name == one.project


# ── who ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("reviewer", 4),
        ("foreign_reviewer", 4),
        ("finance", 8),
        ("finance2", 4),
        ("elsewhere", 4),
        ("auditor", 8),
    ],
)
def test_everybody_tries_what_the_own_roles_see(filled: Office, name: str, count: int) -> None:
    found = _tried(filled, name)
    assert found.report.count == count
    seen = set(Evaluation.unscoped.filter(public_id__in=found.papers).values_list("unit_id", flat=True))  # fmt: skip
    foreign = {"foreign_reviewer", "elsewhere", "finance", "auditor"}
    assert (filled.cast.foreign.pk in seen) == (name in foreign)


@pytest.mark.parametrize("name", ["clerk", "head", "reader", "system", "security", "audit_admin"])
def test_others_do_not_try(filled: Office, name: str) -> None:
    with pytest.raises(NotAllowed, match="规则试算由"):
        _tried(filled, name)
    client = _client(filled, name)
    for address in (API, "/api/v1/rule-lab/", "/rule-lab/"):
        assert client.get(address).status_code == 403


def test_one_department_changes_nothing_for_another(office: Office) -> None:
    """甲局's reviewer gets the same bytes whether 乙局 has papers or not."""
    cast, data = office.cast, HUBEI.read_bytes()
    office.act(imports.import_document, "finance", unit=cast.unit, data=data, name="决算.txt")
    client = _client(office, "reviewer")
    page = API.replace("/api/v1", "") + f"&unit={cast.unit.public_id}"

    def asked() -> tuple[bytes, str]:
        # The token of the sign-out form is another each time.
        return client.get(API).content, client.get(page).content.decode().partition("<main")[2]

    before = asked()
    office.act(imports.import_document, "finance", unit=cast.foreign, data=data, name="决算.txt")
    assert asked() == before
    assert len(json.loads(before[0])["against"][0]["projects"]) == 4
    other = client.get(f"{API}&unit={cast.foreign.public_id}").json()
    assert other["evaluations"] == 0


# ── nothing written ─────────────────────────────────────────────────────────────────────────────


def test_the_database_refuses_to_write_while_rules_are_tried(filled: Office) -> None:
    with pytest.raises(InternalError, match="read-only transaction"), read_only():
        Evaluation.unscoped.update(total_claimed=1)
    with read_only():
        assert Evaluation.unscoped.count() == 8
    # Behind it the request may write again: its session, for one.
    assert Evaluation.unscoped.filter(pk=-1).update(total_claimed=1) == 0
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        assert cursor.fetchone() == ("off",)


def test_trying_runs_read_only_and_leaves_no_trace(filled: Office, monkeypatch: Any) -> None:
    said: list[str] = []
    real = lab._tried

    def watched(*given: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SHOW transaction_read_only")
            said.append(cursor.fetchone()[0])
        return real(*given)

    monkeypatch.setattr(lab, "_tried", watched)
    before = AuditEvent.objects.count(), ScoreRun.unscoped.count()
    _tried(filled, "finance")
    assert _client(filled, "finance").get(API).status_code == 200
    call_command("rule_lab", "--year=2022", "--base=hubei-2020", "--against=mof-2020-10")
    assert said == ["on", "on", "on"]
    assert (AuditEvent.objects.count(), ScoreRun.unscoped.count()) == before


# ── how dear, how much ──────────────────────────────────────────────────────────────────────────


def test_queries_do_not_grow_with_the_papers(filled: Office) -> None:
    with CaptureQueriesContext(connection) as few:
        _tried(filled, "reviewer")
    with CaptureQueriesContext(connection) as many:
        _tried(filled, "finance")
    assert len(few) == len(many) == 16


def test_pieces_are_put_together_again(filled: Office, monkeypatch: Any) -> None:
    whole = _tried(filled, "finance")
    monkeypatch.setattr(lab, "_CHUNK", 3)
    pieces = _tried(filled, "finance")
    assert pieces == whole
    assert len(whole.papers) == 8


def test_more_than_the_limit_is_said_not_cut(filled: Office, monkeypatch: Any) -> None:
    monkeypatch.setattr(lab, "MOST", 15)
    with pytest.raises(Invalid) as refused:
        _tried(filled, "finance")
    assert "共 8 张自评表、2 个对照，超过一次试算的上限（15 张次）" in refused.value.fields["year"]
    assert _tried(filled, "reviewer").report.count == 4


@pytest.mark.parametrize(
    ("base", "against", "settings", "field", "words"),
    [
        ("nope", (), None, "base", "没有规则集“nope”"),
        ("hubei-2020", ("nope",), None, "against", "没有规则集“nope”"),
        ("hubei-2020", (), None, "against", "请至少选一个"),
        ("hubei-2020", (), {"floor": "2"}, "set", "及格门槛 2 应在 0 到 1 之间"),
        (
            "hubei-2020",
            ("mof-2020-10", "mof-2021-101", "linear-excess", "sichuan-2023"),
            {"flag_at": "1.5"},
            "against",
            "最多对照 4 个",
        ),
    ],
)
def test_what_cannot_be_tried_is_said(
    base: str, against: tuple[str, ...], settings: Any, field: str, words: str
) -> None:
    with pytest.raises(Invalid) as refused:
        contest_of(base, against, settings)
    assert words in refused.value.fields[field]


# ── doors ───────────────────────────────────────────────────────────────────────────────────────


def test_the_interface(filled: Office) -> None:
    client = _client(filled, "finance")
    found = client.get(API + "&set=grades=优:95,良:80,中:60,差:0").json()
    assert [one["ruleset"] for one in found["against"]] == [
        "mof-2020-10",
        "capped-by-execution",
        "hubei-2020-changed",
    ]
    first = found["against"][1]["projects"][0]
    assert (first["project"], first["base_total"], first["other_total"], first["by_cap"]) == (
        "基金监管专项",
        "84.92",
        "59.00",
        "-25.92",
    )
    assert {"from": "良", "to": "差", "evaluations": 2} in found["against"][1]["matrix"]
    for query, field in (
        ("", "year"),
        ("?year=2022", "base"),
        ("?year=x&base=hubei-2020", "year"),
        ("?year=２０２２&base=hubei-2020", "year"),
        ("?year=2022&base=hubei-2020&unit=1", "unit"),
        ("?year=2022&base=hubei-2020&set=floor", "set"),
        ("?year=2022&base=hubei-2020&set=id=x", "set"),
        ("?year=2022&base=hubei-2020", "against"),
    ):
        answer = client.get(f"/api/v1/rule-lab/{query}")
        assert answer.status_code == 400
        assert field in answer.json()["errors"], query


def test_the_page(filled: Office) -> None:
    client = _client(filled, "reviewer")
    page = client.get("/rule-lab/")
    assert page.status_code == 200
    assert "执行率封顶规则" in page.content.decode()
    text = client.get(
        "/rule-lab/?year=2022&base=hubei-2020&against=capped-by-execution"
        "&set.grades=优:95,良:80,中:60,差:0&department=&unit="
    ).content.decode()
    assert "执行率偏低，总分封顶 59.00 分" in text
    assert "良 → 差" in text
    assert "等级界限不同：优 90、良 80、中 60、差 0 → 优 95、良 80、中 60、差 0" in text
    assert f"/evaluations/{Evaluation.unscoped.filter(unit=filled.cast.unit)[0].public_id}/" in text
    wrong = client.get("/rule-lab/?year=2022&base=hubei-2020&set.floor=2")
    assert wrong.status_code == 400
    assert "及格门槛 2 应在 0 到 1 之间" in wrong.content.decode()


def test_the_units_of_the_chosen_department_are_offered(filled: Office) -> None:
    cast, client = filled.cast, _client(filled, "finance")

    def units(address: str) -> list[str]:
        return [name for _, name in client.get(address).context["choices"].units]

    for name in ("finance", "reviewer"):
        assert _client(filled, name).get("/rule-lab/").context["choices"].years == (2022,)
    assert units("/rule-lab/") == []
    listed = f"/rule-lab/?department={cast.department.public_id}&base=hubei-2020&list=units"
    assert units(listed) == ["甲一中心"], "甲二中心 has no papers"
    assert "report" not in client.get(listed).context, "listing units tries nothing"
    assert units(f"/rule-lab/?unit={cast.foreign.public_id}") == ["乙一中心"]
    own = _client(filled, "reviewer").get("/rule-lab/").context["choices"]
    assert [name for _, name in own.units] == ["甲一中心"], "of the only department at once"


def test_the_page_shows_what_changed_most(filled: Office, monkeypatch: Any) -> None:
    monkeypatch.setattr("performance.web.lab._SHOWN", 2)
    address = "/rule-lab/?year=2022&base=hubei-2020&against=capped-by-execution"
    text = _client(filled, "finance").get(address).content.decode()
    assert "只列变化最大的 2 张，合计与等级表按全部 8 张" in text
    assert (text.count("基金监管专项</a>"), text.count("医疗保险业务信息化</a>")) == (2, 0)
    assert "<dd>4 张</dd>" in text


def test_the_command(filled: Office, capfdbinary: Any) -> None:
    filled.act(imports.import_document, "finance", unit=filled.cast.unit, data=XINJIANG.read_bytes(), name="预算.txt")  # fmt: skip
    filled.cast.foreign.code = "360002"
    filled.cast.foreign.save()
    call_command(
        "rule_lab", "--year=2022", "--unit=360002", "--base=hubei-2020",
        "--against=capped-by-execution", "--set", "grades=优:95,良:80,中:60,差:0", "--json",
    )  # fmt: skip
    found = json.loads(capfdbinary.readouterr().out.decode())
    assert (found["evaluations"], len(found["against"])) == (4, 2)
    assert found["against"][0]["changed_grades"] == 2
    for wrong in (
        ["--base=hubei-2020", "--against=mof-2020-10"],
        ["--year=2022", f"--document={HUBEI}", "--base=hubei-2020"],
        ["--year=2022", "--base=nope"],
        ["--year=2022", "--base=hubei-2020", "--set", "floor"],
        ["--year=2022", "--unit=x", "--base=hubei-2020", "--against=mof-2020-10"],
    ):
        with pytest.raises(CommandError):
            call_command("rule_lab", *wrong)
