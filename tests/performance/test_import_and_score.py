"""A document goes in whole or not at all, and every evaluation is scored and explained."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from budgets.errors import Conflict, InvalidInput, NotAllowed, NotFound
from budgets.models import (
    AuditChange,
    AuditEvent,
    BudgetUnit,
    ContactPerson,
    ExpenditureByFunction,
    Funding,
    Project,
)
from budgets.models.scoping import NoScope
from performance.documents import read
from performance.mapping.scores import stored_sheet
from performance.mapping.tables import parsed_evaluation, parsed_target_table
from performance.models import (
    Actual,
    Document,
    Evaluation,
    FindingRow,
    ImportRun,
    Indicator,
    ScoreLine,
    ScoreRun,
    TargetTable,
)
from performance.rulebook import load
from performance.scoring import score
from performance.selectors.papers import funding_of, with_evaluation_rows, with_target_rows
from performance.services import imports
from performance.services.imports import import_document
from performance.services.scoring import score_evaluation
from performance.tables import ParsedTable
from tests.worlds import HUBEI, SHANXI, XINJIANG, World


def _import(world: World, path: Any = HUBEI, **options: Any) -> imports.ImportResult:
    return import_document(
        actor=options.pop("actor", world.finance),
        unit=options.pop("unit", world.unit),
        data=path.read_bytes(),
        name=path.name,
        **options,
    )


def test_the_evaluations_of_final_accounts(world: World) -> None:
    result = _import(world)
    assert result.created
    runs = [score_evaluation(actor=world.finance, evaluation_id=e.pk) for e in result.evaluations]
    assert [str(run.total) for run in runs] == ["100.00", "91.95", "84.92", "100.00"]
    assert [run.grade for run in runs] == ["优", "优", "良", "优"]
    executions = [ScoreLine.objects.get(run_id=run.pk, seq=0).awarded for run in runs]
    assert [str(awarded) for awarded in executions] == ["20.00", "11.95", "4.92", "20.00"]
    assert all(run.ruleset == "hubei-2020" for run in runs)
    codes = list(
        FindingRow.objects.filter(run_id=runs[2].pk, severity="error").values_list(
            "code", flat=True
        )
    )
    assert codes.count("E01") == 1
    assert codes.count("A01") == 4


def test_what_stands_in_the_database_is_what_stands_in_the_file(world: World) -> None:
    for path in (HUBEI, XINJIANG, SHANXI):
        result = _import(world, path)
        parsed = read(path.read_bytes(), path.name)
        stored: list[ParsedTable] = [
            parsed_evaluation(one, funding_of(one.project_id, one.fiscal_year))
            for one in with_evaluation_rows(
                Evaluation.unscoped.filter(document=result.document).order_by("id")
            )
        ]
        stored += [
            parsed_target_table(one, funding_of(one.project_id, one.fiscal_year))
            for one in with_target_rows(
                TargetTable.unscoped.filter(
                    document=result.document, from_evaluation=False
                ).order_by("id")
            )
        ]
        assert len(stored) == len(parsed.tables)
        for ours, theirs in zip(stored, parsed.tables, strict=True):
            assert ours.indicators == theirs.indicators
            assert ours.execution == theirs.execution
            assert ours.objectives == theirs.objectives
            assert set(ours.funds) == set(theirs.funds)
            assert (ours.project, ours.unit, ours.total_claimed) == (
                theirs.project,
                theirs.unit,
                theirs.total_claimed,
            )


def test_stored_figures_give_the_engines_words_again(world: World) -> None:
    for evaluation in _import(world).evaluations:
        run = score_evaluation(actor=world.finance, evaluation_id=evaluation.pk)
        row = with_evaluation_rows(Evaluation.unscoped.filter(pk=evaluation.pk)).get()
        table = parsed_evaluation(row, funding_of(row.project_id, row.fiscal_year))
        rules = load(row.ruleset)
        lines = list(ScoreLine.objects.filter(run_id=run.pk).order_by("seq"))
        stored, fresh = stored_sheet(run, lines, table, rules), score(table, rules)
        assert stored.explanation == fresh.explanation
        assert [one.explanation for one in stored.lines] == [one.explanation for one in fresh.lines]
        assert stored.execution is not None
        assert fresh.execution is not None
        assert stored.execution.explanation == fresh.execution.explanation
        assert [one.flags for one in stored.lines] == [one.flags for one in fresh.lines]


def test_project_expenditure_ties(world: World) -> None:
    _import(world)
    _import(world, SHANXI)
    _import(world, XINJIANG)
    totals = ExpenditureByFunction.unscoped.filter(code="").values_list("project", flat=True)
    assert Decimal("2505900.00") in totals
    for year, total in ((2022, "2505900.00"),):
        executed = sum(
            f.executed or 0 for f in Funding.unscoped.filter(fiscal_year=year, source="total")
        )
        assert str(executed) == total


def test_the_same_file_twice_is_a_result(world: World) -> None:
    first = _import(world)
    before = AuditEvent.objects.count()
    second = _import(world)
    assert not second.created
    assert second.document == first.document
    assert second.evaluations == first.evaluations
    assert AuditEvent.objects.count() == before
    assert Document.unscoped.count() == 1


def test_the_same_file_is_each_units_own_import(world: World) -> None:
    """What one unit brought in is no import of its sister, and each time again is a result."""
    first = _import(world)
    sister = BudgetUnit.objects.create(department=world.department, name="丁市另一中心")
    data = HUBEI.read_bytes()
    for created in (True, False):
        found = import_document(actor=world.finance, unit=sister, data=data, name=HUBEI.name)
        assert found.created is created
        assert found.document.unit_id == sister.pk
        assert {one.unit_id for one in found.evaluations} == {sister.pk}
    assert not _import(world).created
    assert _import(world).document == first.document
    assert Document.unscoped.count() == 2


def test_one_event_for_each_verb_and_a_change_for_each_row(world: World) -> None:
    result = _import(world)
    event = AuditEvent.objects.get(verb="import_document")
    assert event.actor == world.finance
    changes = AuditChange.objects.filter(event=event)
    assert changes.filter(table_name="performance_indicator").count() == Indicator.unscoped.count()
    score_evaluation(actor=world.finance, evaluation_id=result.evaluations[0].pk)
    assert AuditEvent.objects.filter(verb="score_evaluation").count() == 1
    assert AuditEvent.objects.exclude(verb="direct_write").count() == 2


def test_a_crash_in_the_middle_leaves_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*args: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(imports._Import, "_expenditure", crash)
    with pytest.raises(RuntimeError, match="power cut"):
        _import(world)
    for model in (Document, TargetTable, Indicator, Evaluation, Actual, ImportRun, Project):
        assert model.unscoped.count() == 0  # type: ignore[attr-defined]
    assert not AuditEvent.objects.exclude(verb="direct_write").exists()
    monkeypatch.undo()
    assert _import(world).created


def test_the_upload_is_kept_whatever_happens(world: World, settings: Any) -> None:
    data = "项目支出绩效自评表\n没有一行指标\n".encode()
    digest = hashlib.sha256(data).hexdigest()
    with pytest.raises(InvalidInput, match="没有导入"):
        import_document(actor=world.finance, unit=world.unit, data=data, name="空.txt")
    assert (settings.MEDIA_ROOT / digest[:2] / digest).read_bytes() == data


def test_a_second_table_of_the_same_project_and_year_is_refused_whole(world: World) -> None:
    _import(world)
    changed = HUBEI.read_text(encoding="utf-8").replace("概况", "简介").encode()
    with pytest.raises(Conflict, match="已经导入过"):
        import_document(actor=world.finance, unit=world.unit, data=changed, name="again.txt")
    assert Document.unscoped.count() == 1


def test_a_table_that_stands_twice_is_told(world: World) -> None:
    text = HUBEI.read_text(encoding="utf-8")
    at = text.index("项目绩效自评表", text.index("单位名称") - 200)
    doubled = (text + "\n## " + text[at:]).encode()
    result = import_document(actor=world.finance, unit=world.unit, data=doubled, name="twice.txt")
    run = ImportRun.unscoped.get(document=result.document)
    assert [p["code"] for p in run.problems].count("table_twice") >= 1


def test_only_those_who_may(world: World) -> None:
    with pytest.raises(NotAllowed):
        _import(world, actor=world.stranger)
    assert _import(world, actor=world.clerk).created


def test_not_there_and_not_yours_look_the_same(world: World) -> None:
    evaluation = _import(world).evaluations[0]
    for actor, pk in ((world.stranger, evaluation.pk), (world.finance, 10**9)):
        with pytest.raises(NotFound, match="没有这张自评表"):
            score_evaluation(actor=actor, evaluation_id=pk)


def test_a_rule_set_that_moved_is_not_used_in_silence(world: World) -> None:
    evaluation = _import(world).evaluations[0]
    moved = Evaluation.unscoped.filter(pk=evaluation.pk)
    with pytest.raises(DatabaseError, match="不能修改"), transaction.atomic():
        moved.update(ruleset_digest="0" * 64)


def test_scoring_again_stands_beside_the_old_score(world: World) -> None:
    evaluation = _import(world).evaluations[2]
    first = score_evaluation(actor=world.finance, evaluation_id=evaluation.pk)
    second = score_evaluation(actor=world.finance, evaluation_id=evaluation.pk)
    assert ScoreRun.unscoped.count() == 2
    assert (first.total, first.lines_digest) == (second.total, second.lines_digest)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE budgets_auditevent SET verb = 'x'",
        "DELETE FROM budgets_auditevent",
        "TRUNCATE budgets_auditevent CASCADE",
        "INSERT INTO budgets_auditchange (at, table_name, row_id, operation) VALUES (now(), 'x', 1, 'INSERT')",
        "UPDATE performance_scorerun SET total = 100",
        "DELETE FROM performance_scorerun",
        "UPDATE performance_scoreline SET awarded = 0",
        "DELETE FROM performance_scoreline",
        "DELETE FROM performance_scoreline_2022",
        "UPDATE performance_finding SET severity = 'notice'",
        "UPDATE performance_evaluation SET total_claimed = 100",
        "DELETE FROM performance_evaluation",
        "UPDATE performance_indicator SET name = 'x'",
        "UPDATE performance_actual SET claimed = 1",
        "UPDATE performance_targettable SET revision = 9",
        "ALTER TABLE budgets_auditevent DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "CREATE TABLE public.mine (id int)",
    ],
)  # fmt: skip
def test_what_the_application_may_never_do(world: World, statement: str) -> None:
    evaluation = _import(world).evaluations[0]
    score_evaluation(actor=world.finance, evaluation_id=evaluation.pk)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("budgets_funding", "initial = 'NaN'"),
        ("budgets_project", "confidentiality = 'open'"),
        ("budgets_region", "code = '42'"),
        ("budgets_funding", "fiscal_year = 1999"),
        ("budgets_project", "unit_id = (SELECT id FROM budgets_budgetunit WHERE name = '丁市福利院')"),
        ("budgets_project", "department_id = (SELECT id FROM budgets_department WHERE name = '丁市民政局')"),
    ],
)  # fmt: skip
def test_what_the_database_refuses(world: World, table: str, columns: str) -> None:
    _import(world)
    statement = f"UPDATE {table} SET {columns}; SET CONSTRAINTS ALL IMMEDIATE"
    with (
        pytest.raises(DatabaseError) as refused,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert "留痕" not in str(refused.value)


def test_personal_data_stay_in_their_table(world: World) -> None:
    _import(world, SHANXI)
    persons = list(ContactPerson.unscoped.values_list("name", "phone"))
    assert persons
    kept = "".join(f"{change.old}{change.new}" for change in AuditChange.objects.all()) + "".join(
        str(run.problems) for run in ImportRun.unscoped.all()
    )
    for name, phone in persons:
        assert name not in kept
        assert not phone or phone not in kept


def test_rows_of_departments_are_not_asked_for_without_eyes(world: World) -> None:
    with pytest.raises(NoScope, match=r"access\.py"):
        Project.objects.all()
