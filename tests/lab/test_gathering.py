"""The indicator library gathered, searched and shown: by whom, from what, how dear."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from budgets.access import seen_by
from budgets.models import AuditEvent, Project
from performance.models import LibraryEntry, TargetTable
from performance.selectors import library
from performance.selectors.library import side_by_side, suggest
from performance.services import drafts, imports, reviews
from performance.services.background import KINDS
from performance.services.library import gather_indicators
from performance.workflow import Paper
from tests.contents import targets
from tests.office import Office, adjusted_review
from tests.worlds import HUBEI

PEOPLE = {
    "own": ("clerk", "head", "reviewer"),
    "other": ("foreign_clerk", "foreign_head", "foreign_reviewer"),
}
LEVEL2 = "服务对象满意度指标"


def _indicators(*rows: tuple[str, str], level2: str = LEVEL2) -> list[dict[str, str]]:
    points = 90 // len(rows)
    return [
        {
            "level1": "满意度指标",
            "level2": level2,
            "name": name,
            "target": target,
            "points": str(points),
        }
        for name, target in rows
    ]


def _table(
    office: Office,
    rows: list[dict[str, str]],
    *,
    project: str,
    of: str = "own",
    publish: bool = True,
    name: str = "",
) -> TargetTable:
    """A table of 甲局 or 乙局, approved, and published where asked."""
    clerk, head, reviewer = PEOPLE[of]
    if name:
        unit = office.cast.unit if of == "own" else office.cast.foreign
        made = Project.unscoped.create(name=name, unit=unit, department=unit.department)
    else:
        made = office.cast.projects[project]
    table = office.act(drafts.create_target_table, clerk, project=made.public_id, fiscal_year=2024)
    body = targets(indicators=rows, goal_points=str(sum(int(row["points"]) for row in rows)))
    office.act(
        drafts.save, clerk, paper=Paper.TARGET_TABLE, public_id=table.public_id, version=1, body=body
    )  # fmt: skip
    for person, verb in ((clerk, "submit"), (head, "check"), (reviewer, "review"), ("finance", "approve")):  # fmt: skip
        office.move(person, Paper.TARGET_TABLE, table.public_id, verb)
    if publish:
        office.move("finance", Paper.TARGET_TABLE, table.public_id, "publish")
    return table  # type: ignore[no-any-return]


def _suggested(office: Office, person: str, text: str, level2: str = "") -> list[str]:
    with seen_by(office[person].pk):
        return [one.name for one in suggest(office[person], text, level2)]


def _client(office: Office, person: str) -> Client:
    client = Client()
    client.force_login(office[person])
    return client


@pytest.fixture
def gathered(office: Office) -> Office:
    """参保人员满意度 ≥90% in 甲局, ≥95% in 乙局; near-duplicates and others beside."""
    _table(
        office,
        _indicators(
            ("参保人员满意度", "≥90%"),
            ("线上稽查定点医药机构数量情况", "≥90%"),
            ("政策知晓率", "≥80%"),
        ),
        project="road",
    )
    _table(
        office,
        _indicators(
            ("参保人员 满意度（%）", "≥95%"),
            ("线下稽查定点医药机构数量情况", "≥90%"),
            ("政策的知晓率", "≥85%"),
        ),
        project="foreign",
        of="other",
    )
    with seen_by(0):
        gather_indicators()
    return office


# ── gathering ───────────────────────────────────────────────────────────────────────────────────


def test_the_database_searches_in_chinese(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT show_trgm('预算绩效')")
        assert cursor.fetchone()[0]
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'library_normal_trgm'")
        assert "USING gin (normal gin_trgm_ops)" in cursor.fetchone()[0]


def test_one_indicator_of_two_departments_is_one_entry(gathered: Office) -> None:
    entry = LibraryEntry.objects.get(normal="参保人员满意度")
    assert (entry.level2, entry.comparator, entry.measure_unit) == (LEVEL2, "≥", "%")
    assert (entry.lowest, entry.median, entry.highest) == (90, 90, 95)
    assert entry.range_texts == ["≥90%", "≥90%", "≥95%"]
    assert (entry.uses, entry.departments, entry.judged) == (2, 2, 0)
    assert entry.regions == ["辛市"]
    assert sorted(entry.fields) == ["乙局", "甲局"]
    assert [(e["project"], e["target"]) for e in entry.examples] == [
        ("foreign项目", "≥95%"),
        ("road项目", "≥90%"),
    ]


def test_similar_names_are_merged_where_only_light_signs_differ(gathered: Office) -> None:
    names = set(LibraryEntry.objects.values_list("normal", flat=True))
    assert names == {
        "参保人员满意度",
        "政策知晓率",
        "线上稽查定点医药机构数量情况",
        "线下稽查定点医药机构数量情况",
    }
    entry = LibraryEntry.objects.get(normal="政策知晓率")
    assert (entry.aliases, entry.uses, entry.highest) == (["政策的知晓率"], 2, 85)


def test_gathering_again_changes_nothing_and_leaves_no_event(gathered: Office) -> None:
    def rows() -> list[Any]:
        fields = [f.name for f in LibraryEntry._meta.fields if f.name not in {"id", "gathered_at"}]
        return list(LibraryEntry.objects.order_by("level2", "normal").values_list(*fields))

    before, events = rows(), AuditEvent.objects.count()
    with seen_by(0):
        assert gather_indicators() == 4
    assert rows() == before
    assert AuditEvent.objects.count() == events


def test_what_is_no_longer_published_leaves_the_library(gathered: Office) -> None:
    Project.unscoped.filter(name="foreign项目").update(confidentiality="secret")
    with seen_by(0):
        gather_indicators()
    entry = LibraryEntry.objects.get(normal="参保人员满意度")
    assert (entry.uses, entry.departments) == (1, 1)
    assert not LibraryEntry.objects.filter(normal__startswith="线下").exists()


def test_how_often_reached_comes_from_published_evaluations(office: Office) -> None:
    evaluation = office.evaluation()
    table = evaluation.table
    office.move("finance", Paper.TARGET_TABLE, table.public_id, "publish")
    with seen_by(0):
        gather_indicators()
        assert LibraryEntry.objects.get(name="培训人次").judged == 0
    office.open_review_of(evaluation)
    adjusted_review(office, evaluation)
    opinion = {"public_id": evaluation.public_id, "version": 2, "opinion": "属实"}
    office.act(reviews.say_opinion, "finance", **opinion)
    office.move("finance", Paper.EVALUATION, evaluation.public_id, "confirm")
    with seen_by(0):
        gather_indicators()
        assert LibraryEntry.objects.get(name="培训人次").judged == 0
    office.move("finance", Paper.EVALUATION, evaluation.public_id, "publish")
    with seen_by(0):
        gather_indicators()
    # 90 of ≥100; 93% of ≥90%; 96% of ≥95%.
    found = {e.name: (e.judged, e.reached) for e in LibraryEntry.objects.all()}
    assert found == {"培训人次": (1, 0), "知晓率": (1, 1), "服务对象满意度": (1, 1)}


def test_a_published_document_brings_its_indicators(office: Office) -> None:
    office.act(imports.import_document, "finance", unit=office.cast.unit, data=HUBEI.read_bytes(), name="决算.txt")  # fmt: skip
    with seen_by(0):
        gather_indicators()
    # Two projects have 参保对象满意度, each reached; the unit's expenditure names the field.
    entry = LibraryEntry.objects.get(normal="参保对象满意度")
    assert (entry.uses, entry.judged, entry.reached) == (2, 2, 2)
    assert (entry.first_year, entry.last_year) == (2022, 2022)
    assert entry.fields == ["210 卫生健康支出"]
    assert {e["project"] for e in entry.examples} == {
        "基本医疗（含生育）业务经办管理",
        "医疗保险业务信息化",
    }


def test_the_field_is_the_class_the_unit_spends_most_on(office: Office) -> None:
    from decimal import Decimal

    from budgets.models import ExpenditureByFunction

    _table(office, _indicators(("参保人员满意度", "≥90%")), project="road")
    unit = office.cast.unit
    for seq, (code, name, amount) in enumerate(
        [("", "合计", 99), ("208", "社会保障和就业支出", 5), ("210", "卫生健康支出", 60), ("21015", "医疗保障管理事务", 80)]
    ):  # fmt: skip
        ExpenditureByFunction.unscoped.create(
            unit=unit, department=unit.department, fiscal_year=2024, stage="final_accounts",
            table_title="表", seq=seq, code=code, name=name, project=Decimal(amount),
        )  # fmt: skip
    with seen_by(0):
        gather_indicators()
    assert LibraryEntry.objects.get().fields == ["210 卫生健康支出"]


# ── whose ───────────────────────────────────────────────────────────────────────────────────────


def test_what_is_not_published_is_for_ones_own_eyes(office: Office) -> None:
    _table(office, _indicators(("参保人员满意度", "≥90%")), project="road", publish=False)
    with seen_by(0):
        assert gather_indicators() == 0
    for person in ("clerk", "clerk2", "head", "reviewer"):
        assert _suggested(office, person, "参保人员") == ["参保人员满意度"]
        with seen_by(office[person].pk):
            (one,) = side_by_side(office[person], "参保人员满意度")
        assert (one.target, one.project, one.is_own) == ("≥90%", "road项目", True)
    for person in ("sister_clerk", "foreign_clerk", "foreign_reviewer", "finance", "reader", "system"):  # fmt: skip
        assert _suggested(office, person, "参保人员") == []
        with seen_by(office[person].pk):
            assert side_by_side(office[person], "参保人员满意度") == []


def test_drafts_are_nobodys_knowledge(office: Office) -> None:
    office.table()
    with seen_by(0):
        assert gather_indicators() == 0
    assert _suggested(office, "clerk", "培训人次") == []


QUESTIONS = (
    "/api/v1/indicator-library/?q=参保人员",
    "/api/v1/indicator-library/?q=满意度&level2=服务对象满意度指标",
    "/api/v1/indicator-library/side-by-side/?name=参保人员满意度",
    "/indicator-library/",
    "/indicator-library/?q=参保&name=参保人员满意度",
)


def _answers(office: Office, person: str) -> list[str]:
    client = _client(office, person)
    texts = [client.get(question).content.decode() for question in QUESTIONS]
    # The token of the sign-out form is another each time.
    return [text.partition("<main")[2] or text for text in texts]


def test_another_departments_unpublished_tables_change_no_answer(office: Office) -> None:
    _table(office, _indicators(("参保人员满意度", "≥90%")), project="road")
    with seen_by(0):
        gather_indicators()
    before = {person: _answers(office, person) for person in ("clerk", "reviewer", "head")}
    other = _table(
        office, _indicators(("参保人员满意度", "≥95%"), ("参保人员投诉率", "≤5%")), project="foreign", of="other", publish=False
    )  # fmt: skip
    with seen_by(0):
        gather_indicators()
    assert {person: _answers(office, person) for person in before} == before
    # And the control: published it does change them.
    office.move("finance", Paper.TARGET_TABLE, other.public_id, "publish")
    with seen_by(0):
        gather_indicators()
    assert all(
        mine != theirs
        for mine, theirs in zip(_answers(office, "clerk"), before["clerk"], strict=True)
    )


# ── searching ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("参", "参保人员满意度"),
        ("参保人", "参保人员满意度"),
        ("参保人员 满意", "参保人员满意度"),
        ("满意度", "参保人员满意度"),
        ("参保人员的满意度", "参保人员满意度"),
        ("知晓率", "政策知晓率"),
        ("线下稽查", "线下稽查定点医药机构数量情况"),
    ],
)
def test_parts_of_names_find_them(gathered: Office, text: str, first: str) -> None:
    assert _suggested(gathered, "sister_clerk", text)[0] == first


@pytest.mark.parametrize("text", ["", " ", "（）", "道路养护里程", "%", "_", "\\", "' OR 1=1 --"])
def test_what_resembles_nothing_finds_nothing(gathered: Office, text: str) -> None:
    assert _suggested(gathered, "sister_clerk", text) == []


def test_those_of_the_level_asked_for_come_first(office: Office) -> None:
    rows = _indicators(("知晓率", "≥90%")) + _indicators(
        ("知晓率提高", "≥5%"), level2="社会效益指标"
    )
    rows = [{**row, "points": "45"} for row in rows]
    _table(office, rows, project="road")
    with seen_by(0):
        gather_indicators()
    assert _suggested(office, "foreign_clerk", "知晓率") == ["知晓率", "知晓率提高"]
    assert _suggested(office, "foreign_clerk", "知晓率", "社会效益指标") == ["知晓率提高", "知晓率"]


def test_no_more_than_asked_for(office: Office) -> None:
    rows = _indicators(*((f"满意度之{sign}", "≥90%") for sign in "甲乙丙丁戊己庚辛壬"))
    _table(office, rows, project="road")
    with seen_by(0):
        assert gather_indicators() == 9
    assert len(_suggested(office, "foreign_clerk", "满意度")) == library.LIMIT == 8


def test_queries_are_constant(gathered: Office, monkeypatch: Any) -> None:
    def asked(text: str) -> int:
        user = gathered["clerk"]
        with seen_by(user.pk), CaptureQueriesContext(connection) as queries:
            suggest(user, text)
        return len(queries)

    before = asked("参保人员")
    _table(gathered, _indicators(*((f"参保人员之{s}", "≥90%") for s in "甲乙丙丁戊")), project="clinic", publish=False)  # fmt: skip
    assert asked("参保人员") == before == 4
    with seen_by(0), CaptureQueriesContext(connection) as few:
        gather_indicators()
    _table(gathered, _indicators(*((f"满意度之{s}", "≥90%") for s in "甲乙丙丁戊")), project="", name="又一项目")  # fmt: skip
    with seen_by(0), CaptureQueriesContext(connection) as many:
        gather_indicators()
    assert len(many) == len(few)


# ── doors ───────────────────────────────────────────────────────────────────────────────────────


def test_the_interface(gathered: Office) -> None:
    client = _client(gathered, "foreign_clerk")
    found = client.get("/api/v1/indicator-library/", {"q": "参保人员"}).json()["results"]
    assert found[0] == {
        "name": "参保人员满意度",
        "level1": "满意度指标",
        "level2": LEVEL2,
        "comparator": "≥",
        "unit": "%",
        "target": "≥90%",
        "lowest": "≥90%",
        "median": "≥90%",
        "highest": "≥95%",
        "uses": 2,
        "judged": 0,
        "reached": 0,
        "departments": 2,
        "fields": ["乙局", "甲局"],
        "years": "2024",
        "is_own": False,
    }
    beside = client.get("/api/v1/indicator-library/side-by-side/", {"name": "政策的知晓率"})
    assert [(one["department"], one["target"]) for one in beside.json()["results"]] == [
        ("乙局", "≥85%"),
        ("甲局", "≥80%"),
    ]
    assert client.get("/api/v1/indicator-library/").json() == {"results": []}
    assert Client().get("/api/v1/indicator-library/").status_code in {401, 403}


def test_the_page(gathered: Office) -> None:
    client = _client(gathered, "sister_clerk")
    text = client.get("/indicator-library/").content.decode()
    assert "现有 4 条" in text
    assert "≥90% / ≥90% / ≥95%" in text
    text = client.get(
        "/indicator-library/",
        {"q": "满意", "level2": LEVEL2, "field": "甲局", "name": "参保人员满意度"},
    ).content.decode()
    assert text.index("foreign项目") < text.index("road项目")
    assert "线上稽查" not in text
    empty = client.get(
        "/indicator-library/", {"q": "道路里程", "name": "道路里程"}
    ).content.decode()
    assert "没有相近的指标" in empty
    assert "指标库里没有这个指标" in empty


def test_the_command_and_the_job(gathered: Office, capsys: Any) -> None:
    call_command("gather_indicators")
    assert "指标库共 4 条" in capsys.readouterr().out
    kind = KINDS["gather_indicators"]
    assert kind.every == timedelta(days=1)
    with seen_by(0):
        assert kind.work(None) == "entries:4"  # type: ignore[arg-type]


def test_the_editor_offers_suggestions(office: Office) -> None:
    table = office.table()
    text = (
        _client(office, "clerk").get(f"/papers/target-tables/{table.public_id}/").content.decode()
    )
    assert "performance/library.js" in text
    assert 'data-suggest="/api/v1/indicator-library/"' in text
