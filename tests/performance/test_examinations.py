"""What was found when a paper was handed on: kept, blocking, following the paper; the conclusion on it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from budgets import audit
from budgets.errors import Conflict, Invalid, NotAllowed, SeenOther, StaleVersion
from budgets.models import AuditChange, AuditEvent, BudgetUnit, Project
from performance.examination.limits import Thresholds, thresholds_for
from performance.mapping.examinations import place_of
from performance.models import (
    Evaluation,
    Examination,
    FindingRow,
    Monitoring,
    Snapshot,
    TargetTable,
)
from performance.selectors import examinations as selectors
from performance.selectors.checkups import checkup_of
from performance.selectors.examinations import examine_paper
from performance.services import conclusions, drafts, evidence
from performance.services.examinations import Blocked
from performance.web import fields
from performance.workflow import Paper
from tests.cast import assemble
from tests.contents import actuals, progress, targets
from tests.examination.papers import run
from tests.examination.raised import TABLES
from tests.office import Office

LONG = "全年为辖区三千二百名困难群众提供医疗救助服务"
FIVE = [
    {"level1": "产出指标", "level2": "数量指标", "name": f"第{n}类服务人次", "target": f"≥{n}00人次", "points": "18"}
    for n in range(1, 6)
]  # fmt: skip
GRADES = dict.fromkeys(("完整性", "相关性", "适当性", "可行性"), "优")


@pytest.fixture
def office(db: None, settings: Any, tmp_path: Any) -> Office:
    settings.MEDIA_ROOT = tmp_path / "media"
    return Office(assemble())


def _codes(found: Any) -> list[str]:
    return sorted({one.code for one in found.findings})


def _drafted(office: Office, project: str = "road", **changes: Any) -> TargetTable:
    table = office.table(project)
    office.save(Paper.TARGET_TABLE, table.public_id, targets(**changes), version=2)
    return TargetTable.unscoped.get(pk=table.pk)


def _short(**changes: Any) -> dict[str, Any]:
    """Points that add to 80, while the form says 90."""
    rows = [dict(row) for row in targets()["indicators"]]
    rows[0]["points"] = "30"
    return {"indicators": rows, "goal_points": "85", **changes}


# ── kept ────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_handed_on_is_examined_and_kept(office: Office) -> None:
    table = office.table()
    office.move("clerk", Paper.TARGET_TABLE, table.public_id, "submit")
    kept = Examination.unscoped.get()
    assert (kept.paper, kept.paper_id) == ("target_table", table.pk)
    assert kept.digest == Snapshot.unscoped.get(kind="submitted").digest
    assert (kept.stage, kept.limits, kept.ruleset) == ("submission", "default", "mof-2020-10")
    assert kept.codes == sorted({one["code"] for one in kept.findings}) == ["W03"]
    severities = [one["severity"] for one in kept.findings]
    assert (kept.blocks, kept.errors, kept.notices) == (
        0, severities.count("error"), severities.count("notice"),
    )  # fmt: skip
    assert set(kept.findings[0]) == {
        "code", "severity", "message", "indicator", "at", "field", "aspect", "basis",
    }  # fmt: skip
    assert set(kept.aspects) == set(GRADES) and kept.overall in {"优", "良"}
    assert (kept.own_overall, kept.concluded_by) == ("", None)
    assert kept.risk == sum(one["weight"] for one in kept.reasons) == 1
    event = AuditEvent.objects.get(verb="submit")
    assert '"findings":{"block":0' in event.canonical
    assert AuditChange.objects.filter(event=event, table_name="performance_examination").exists()


def test_the_row_follows_the_newest_submission(office: Office) -> None:
    table = office.table()
    office.handed_on(Paper.TARGET_TABLE, table.public_id)
    first = Examination.unscoped.get()
    _conclude(office, table, overall="良", words="还可以更具体")
    office.move(
        "finance", Paper.TARGET_TABLE, table.public_id, "return_to_clerk", reason_code="other", reason="改"
    )  # fmt: skip
    version = TargetTable.unscoped.get().lock_version
    body = targets(objectives=["完成全年任务，服务群众满意", "又一个目标"])
    office.save(Paper.TARGET_TABLE, table.public_id, body, version=version)
    office.move("clerk", Paper.TARGET_TABLE, table.public_id, "submit")
    now = Examination.unscoped.get()
    assert (now.pk, now.lock_version) == (first.pk, 3)
    assert now.digest != first.digest
    assert (now.own_overall, now.own_words, now.concluded_by_id) == ("", "", None)


def test_every_kind_of_paper_is_examined(office: Office) -> None:
    office.waiting()
    monitoring = office.act(
        drafts.start_monitoring,
        "clerk",
        project=office.cast.projects["road"].public_id,
        task=office.task(Paper.MONITORING, month=7).public_id,
    )
    office.save(Paper.MONITORING, monitoring.public_id, progress())
    office.move("clerk", Paper.MONITORING, monitoring.public_id, "submit")
    kept = {row.paper: row for row in Examination.unscoped.all()}
    assert set(kept) == {"target_table", "evaluation", "monitoring"}
    assert kept["evaluation"].task_id and kept["monitoring"].task_id
    assert (kept["evaluation"].aspects, kept["monitoring"].overall) == ({}, "")
    assert {"V01", "S01"} <= set(kept["evaluation"].codes)


# ── blocking ────────────────────────────────────────────────────────────────────────────────────


def test_what_blocks_is_refused_and_nothing_is_left(office: Office) -> None:
    table = _drafted(office, **_short())
    before = AuditEvent.objects.count()
    with pytest.raises(Blocked) as refused:
        office.move("clerk", Paper.TARGET_TABLE, table.public_id, "submit")
    assert [(one.code, one.at) for one in refused.value.findings] == [("W01", "goal_points")]
    assert "合计 80 分" in str(refused.value)
    assert TargetTable.unscoped.get(pk=table.pk).status == "draft"
    assert not Examination.unscoped.exists()
    assert not Snapshot.unscoped.filter(kind="submitted").exists()
    assert AuditEvent.objects.count() == before


def test_an_evaluation_that_claims_more_than_there_is_is_refused(office: Office) -> None:
    evaluation = office.evaluation()
    rows = [dict(row) for row in actuals()["actuals"]]
    rows[1]["claimed"] = "41"
    office.save(Paper.EVALUATION, evaluation.public_id, actuals(actuals=rows), version=2)
    with pytest.raises(Blocked) as refused:
        office.move("clerk", Paper.EVALUATION, evaluation.public_id, "submit")
    assert [(one.code, one.at) for one in refused.value.findings] == [("S03", "actuals.2.claimed")]


def test_points_given_to_execution_must_fit_the_targets(office: Office) -> None:
    """Where the targets state no sum of their points, it is the evaluation that must fit."""
    table = _drafted(office, goal_points="")
    office.handed_on(Paper.TARGET_TABLE, table.public_id)
    office.move("finance", Paper.TARGET_TABLE, table.public_id, "approve")
    evaluation = _begun(office)
    execution = {**actuals()["execution"], "points": "20", "claimed": "18"}
    office.save(Paper.EVALUATION, evaluation.public_id, actuals(execution=execution))
    with pytest.raises(Blocked) as refused:
        office.move("clerk", Paper.EVALUATION, evaluation.public_id, "submit")
    assert [(one.code, one.at) for one in refused.value.findings] == [("W01", "execution.points")]


def test_what_stands_in_the_targets_keeps_no_evaluation_back(office: Office) -> None:
    """Nobody could mend it there: it is an 错误 that names the cell of the target table."""
    table = _drafted(office, goal_points="85")
    office.handed_on(Paper.TARGET_TABLE, table.public_id)
    office.move("finance", Paper.TARGET_TABLE, table.public_id, "approve")
    evaluation = _begun(office)
    office.save(Paper.EVALUATION, evaluation.public_id, actuals())
    office.move("clerk", Paper.EVALUATION, evaluation.public_id, "submit")
    kept = Examination.unscoped.get(paper="evaluation")
    found = next(one for one in kept.findings if one["code"] == "W01")
    assert (found["severity"], found["at"]) == ("error", "goal_points")


def _begun(office: Office) -> Evaluation:
    task = office.task(Paper.EVALUATION).public_id
    project = office.cast.projects["road"].public_id
    made: Evaluation = office.act(drafts.start_evaluation, "clerk", project=project, task=task)
    return made


@pytest.mark.parametrize(
    ("blocking", "refused"), [({"W01"}, True), ({"C01"}, False), (set(), False)]
)
def test_which_codes_block_is_data(
    office: Office, monkeypatch: pytest.MonkeyPatch, blocking: set[str], refused: bool
) -> None:
    asked: list[tuple[str, int]] = []

    def limits(region: str, year: int) -> Thresholds:
        asked.append((region, year))
        return replace(thresholds_for(region, year), id="here", blocking=frozenset(blocking))

    monkeypatch.setattr(selectors, "thresholds_for", limits)
    table = _drafted(office, **_short())
    if refused:
        with pytest.raises(Blocked):
            office.move("clerk", Paper.TARGET_TABLE, table.public_id, "submit")
    else:
        office.move("clerk", Paper.TARGET_TABLE, table.public_id, "submit")
        kept = Examination.unscoped.get()
        assert (kept.blocks, kept.limits) == (0, "here")
        assert "W01" in kept.codes and kept.errors >= 1
    assert set(asked) == {(office.cast.department.region.code, 2024)}


# ── the same wherever it is asked ───────────────────────────────────────────────────────────────


def _odd() -> dict[str, Any]:
    rows = [
        {"level1": "产出指标", "level2": "数量指标", "name": "培训合格率", "target": "≥100家", "points": "50"},
        {"level1": "产出指标", "level2": "成本指标", "name": "培训总费用", "target": "≥60万元", "points": "10",
         "evidence": "合同", "prior_actual": "50万元"},
        {"level1": "效益指标", "level2": "社会效益指标", "name": "指标1", "target": "明显提高", "points": "30"},
        {"level1": "满意度指标", "level2": "服务对象满意度指标", "name": "满意度", "target": "较高", "points": ""},
    ]  # fmt: skip
    funds = [
        {"source": "total", "initial": "60万元"},
        {"source": "fiscal", "initial": "500000"},
        {"source": "other", "initial": "20000"},
    ]
    return targets(indicators=rows, funds=funds, objectives=["××项目", LONG, LONG])


def test_typed_and_kept_are_examined_alike(office: Office) -> None:
    table = office.table()
    row = TargetTable.unscoped.get(pk=table.pk)
    for body in (_odd(), targets(), targets(indicators=[], objectives=[]), targets(funds=[])):
        before = examine_paper(row, body)
        version = TargetTable.unscoped.get(pk=table.pk).lock_version
        office.save(Paper.TARGET_TABLE, table.public_id, body, version=version)
        assert examine_paper(row).findings == before.findings
        assert examine_paper(row).conclusion == before.conclusion
    odd = set(_codes(examine_paper(row, _odd())))
    assert {"P01", "T02", "C01", "T05", "D01", "E03"} <= odd, "or the likeness shows nothing"


def test_typed_and_kept_are_examined_alike_in_papers_that_are_measured(office: Office) -> None:
    evaluation = Evaluation.unscoped.get(pk=office.evaluation().pk)
    rows = [
        {"seq": 1, "actual": "≥100人次", "claimed": "50", "deviation": ""},
        {"seq": 2, "actual": "", "claimed": "30", "deviation": ""},
        {"seq": 3, "actual": "195%", "claimed": "8", "deviation": ""},
    ]
    for body in (actuals(actuals=rows), actuals(execution=None), actuals(improvement="改")):
        before = examine_paper(evaluation, body)
        version = Evaluation.unscoped.get(pk=evaluation.pk).lock_version
        office.save(Paper.EVALUATION, evaluation.public_id, body, version=version)
        assert examine_paper(evaluation).findings == before.findings
    monitoring = office.act(
        drafts.start_monitoring,
        "clerk",
        project=office.cast.projects["road"].public_id,
        task=office.task(Paper.MONITORING, month=7).public_id,
    )
    row = Monitoring.unscoped.get(pk=monitoring.pk)
    lines = [dict(one) for one in progress()["lines"]]
    lines[0]["progress"] = "≥100人次"
    for body in (progress(lines=lines, executed=""), progress()):
        before = examine_paper(row, body)
        version = Monitoring.unscoped.get(pk=row.pk).lock_version
        office.save(Paper.MONITORING, row.public_id, body, version=version)
        assert examine_paper(row).findings == before.findings
    assert "A01" in _codes(examine_paper(row, progress(lines=lines)))


def test_the_checkup_says_all_that_submission_would(office: Office) -> None:
    """What any paper needs stands among what blocks, once."""
    row = TargetTable.unscoped.get(pk=office.table().pk)
    rows = [dict(one) for one in targets()["indicators"]]
    rows[0]["name"], rows[1]["target"] = "", ""
    blocks = examine_paper(row, targets(objectives=[], indicators=rows)).blocks
    assert {one.at for one in blocks} == {"objectives", "indicators.1.name", "indicators.2.target"}
    assert len(blocks) == 3
    nothing = examine_paper(row, targets(indicators=[]))
    assert [one.code for one in nothing.blocks] == ["P01"]


def test_every_finding_has_a_cell_of_the_form() -> None:
    """Whatever a check names, the page has a field of that name, or the finding names none."""
    named = {finding.field for raised in TABLES for finding in run(raised.papers)}
    assert len(named) >= 12
    for paper in Paper:
        for field in named:
            for at in ("第1行", "预算执行", ""):
                if paper is Paper.TARGET_TABLE and at == "预算执行":
                    continue
                place = place_of(paper, at, field)
                own = fields._NAMES[paper].fullmatch(place) or place in {
                    "",
                    "evidence",
                    "indicators",
                }
                of_the_targets = fields._NAMES[Paper.TARGET_TABLE].fullmatch(place)
                assert own or (paper is not Paper.TARGET_TABLE and of_the_targets), (
                    paper,
                    at,
                    field,
                )


def test_evidence_is_what_was_attached(office: Office) -> None:
    evaluation = Evaluation.unscoped.get(pk=office.evaluation().pk)
    said = [one.message for one in examine_paper(evaluation).findings if one.code == "V01"]
    assert len(said) == 2
    assert all(one.severity.value == "notice" for one in examine_paper(evaluation).findings if one.code == "V01")  # fmt: skip
    for seq, name in ((1, "签到表.txt"), (2, "统计表.txt"), (3, "满意度调查问卷.txt")):
        version = Evaluation.unscoped.get(pk=evaluation.pk).lock_version
        office.act(
            evidence.add_evidence,
            "clerk",
            public_id=evaluation.public_id,
            version=version,
            seq=seq,
            name=name,
            data=f"附件{seq}".encode(),
            note="",
        )
    assert "V01" not in _codes(examine_paper(evaluation))


# ── beside the unit's other papers ──────────────────────────────────────────────────────────────


def test_a_table_is_held_against_the_units_other_projects(office: Office) -> None:
    other = _drafted(office, "clinic", objectives=[LONG], indicators=FIVE)
    mine = _drafted(office, "road", objectives=["修好三条路", LONG], indicators=FIVE)
    assert "D01" not in _codes(examine_paper(mine)), "a draft is its unit's own business"
    office.move("clerk", Paper.TARGET_TABLE, other.public_id, "submit")
    found = [one for one in examine_paper(mine).findings if one.code == "D01"]
    assert {one.at for one in found} == {"objectives.2", "indicators"}
    assert all("clinic项目" in one.message for one in found)
    office.move("clerk", Paper.TARGET_TABLE, mine.public_id, "submit")
    assert "D01" in Examination.unscoped.get(paper_id=mine.pk).codes
    Project.unscoped.filter(pk=other.project_id).update(confidentiality="secret")
    assert "D01" not in _codes(examine_paper(mine)), "a secret project is named to nobody"


def test_another_units_papers_are_not_looked_at(office: Office) -> None:
    other = _drafted(office, "clinic", objectives=[LONG], indicators=FIVE)
    office.move("clerk", Paper.TARGET_TABLE, other.public_id, "submit")
    mine = _drafted(office, "road", objectives=[LONG], indicators=FIVE)
    elsewhere = BudgetUnit.objects.exclude(pk=mine.unit_id).filter(department=mine.department_id)[0]
    mine.unit = elsewhere
    assert "D01" not in _codes(examine_paper(mine))


def test_an_evaluation_is_held_against_the_units_others(office: Office) -> None:
    """Three of a unit and all full: each of them says so."""
    full = [{**row, "claimed": points} for row, points in zip(
        actuals()["actuals"], ("40", "40", "10"), strict=True)]  # fmt: skip
    execution = {**actuals()["execution"], "executed": "600000", "claimed": "10"}
    body = actuals(actuals=full, execution=execution, total_claimed="100")
    third = Project.unscoped.create(
        name="third项目", unit=office.cast.unit, department=office.cast.department
    )
    office.cast.projects["third"] = third
    found = []
    for name in ("road", "clinic", "third"):
        evaluation = office.evaluation(name)
        office.save(Paper.EVALUATION, evaluation.public_id, body, version=2)
        found.append("Q01" in _codes(examine_paper(evaluation)))
        office.move("clerk", Paper.EVALUATION, evaluation.public_id, "submit")
    assert found == [False, False, True]
    assert "Q01" in Examination.unscoped.get(paper="evaluation", paper_id=evaluation.pk).codes


def test_a_constant_number_of_questions(office: Office) -> None:
    mine = TargetTable.unscoped.select_related("department__region").get(pk=office.table().pk)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            examine_paper(mine)
        return len(queries)

    alone = asked()
    _others(office, 1)
    few = asked()
    _others(office, 12)
    assert asked() == few
    assert alone <= 5 and few <= 8, (alone, few)


def _others(office: Office, count: int) -> None:
    cast = office.cast
    for _ in range(count):
        project = Project.unscoped.create(
            name=f"项目{Project.unscoped.count()}", unit=cast.unit, department=cast.department
        )
        made = office.act(
            drafts.create_target_table, "clerk", project=project.public_id, fiscal_year=2024
        )
        office.save(Paper.TARGET_TABLE, made.public_id, targets(objectives=[f"{LONG}{project.pk}"]))
        office.move("clerk", Paper.TARGET_TABLE, made.public_id, "submit")


# ── the conclusion ──────────────────────────────────────────────────────────────────────────────


def _conclude(office: Office, table: TargetTable, name: str = "finance", **given: Any) -> Any:
    kept = Examination.unscoped.get(paper="target_table", paper_id=table.pk)
    said: dict[str, Any] = {
        "version": kept.lock_version,
        "digest": kept.digest,
        "aspects": {**GRADES, **{k: v for k, v in kept.aspects.items() if v}},
        "overall": kept.overall,
        "words": "",
        **given,
    }
    return office.act(conclusions.conclude_targets, name, public_id=table.public_id, **said)


def test_a_reviewer_concludes_and_says_why(office: Office) -> None:
    table = office.table()
    office.handed_on(Paper.TARGET_TABLE, table.public_id)
    computed = Examination.unscoped.get()
    with pytest.raises(Invalid) as refused:
        _conclude(office, table, overall="差")
    assert set(refused.value.fields) == {"words"}
    with pytest.raises(Invalid) as refused:
        _conclude(office, table, overall="好", aspects={"完整性": "优", "别的": "优"})
    assert {"overall", "aspects.相关性", "aspects.别的"} <= set(refused.value.fields)
    _conclude(office, table, overall="差", words="指标与职责无关")
    kept = Examination.unscoped.get()
    assert (kept.own_overall, kept.own_words, kept.concluded_by) == (
        "差", "指标与职责无关", office["finance"],
    )  # fmt: skip
    assert (kept.overall, kept.aspects) == (computed.overall, computed.aspects)
    assert kept.concluded_at is not None
    assert AuditEvent.objects.filter(verb="conclude_targets").count() == 1
    office.move("finance", Paper.TARGET_TABLE, table.public_id, "approve")
    assert TargetTable.unscoped.get().status == "approved", "the conclusion warns, it does not bar"
    assert Examination.unscoped.get().own_overall == "差"


def test_a_conclusion_is_about_what_was_seen(office: Office) -> None:
    table = office.table()
    office.handed_on(Paper.TARGET_TABLE, table.public_id)
    with pytest.raises(SeenOther):
        _conclude(office, table, digest="0" * 64)
    _conclude(office, table)
    with pytest.raises(StaleVersion) as stale:
        _conclude(office, table, "finance2", version=1)
    assert (stale.value.base, stale.value.current) == (1, 2)


def test_who_may_conclude_and_when(office: Office) -> None:
    table = office.table()
    office.move("clerk", Paper.TARGET_TABLE, table.public_id, "submit")
    with pytest.raises(Conflict):
        _conclude(office, table)
    office.move("head", Paper.TARGET_TABLE, table.public_id, "check")
    office.move("reviewer", Paper.TARGET_TABLE, table.public_id, "review")
    for name in ("clerk", "head", "reviewer", "auditor"):
        with pytest.raises(NotAllowed):
            _conclude(office, table, name)


def test_nobody_concludes_on_her_own_work(office: Office) -> None:
    table = office.table("clinic")
    body = targets(unit="改了")
    office.act(
        drafts.save, "both", paper=Paper.TARGET_TABLE, public_id=table.public_id, version=2, body=body
    )  # fmt: skip
    office.handed_on(Paper.TARGET_TABLE, table.public_id)
    with pytest.raises(NotAllowed):
        _conclude(office, table, "both")
    _conclude(office, table)


def test_a_table_handed_on_before_examinations_were_kept(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = office.table()
    with monkeypatch.context() as patched:
        patched.setattr("performance.services.moves.keep", lambda *given: None)
        office.handed_on(Paper.TARGET_TABLE, table.public_id)
    found = checkup_of(office["finance"], Paper.TARGET_TABLE, table.public_id)
    assert found is not None and found.conclusion is not None
    assert (found.conclusion.version, found.examined_at, found.conclusion.digest) == (0, None, "")
    given = {one.aspect: one.computed for one in found.conclusion.aspects}
    office.act(
        conclusions.conclude_targets,
        "finance",
        public_id=table.public_id,
        version=0,
        digest=office.digest(Paper.TARGET_TABLE, table.public_id),
        aspects=given,
        overall=found.conclusion.computed,
    )
    kept = Examination.unscoped.get()
    assert (kept.lock_version, kept.own_overall) == (2, found.conclusion.computed)
    assert kept.digest == office.digest(Paper.TARGET_TABLE, table.public_id)


# ── the database's own guard ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("person", "change", "constraint"),
    [
        ("head", {"own_overall": "优", "concluded": "head"}, "step_role"),
        ("finance", {"own_overall": "优", "concluded": "finance2"}, "step_not_own"),
        ("finance", {"own_overall": "优", "concluded": "finance", "same_version": True}, "examination_version"),
        ("finance", {"paper_id": 987654}, "examination_of_paper"),
        ("finance", {"own_overall": "优"}, "examination_conclusion_whole"),
        ("finance", {"overall": "好"}, "examination_grades_known"),
    ],
)  # fmt: skip
def test_the_database_guards_a_conclusion(
    office: Office, person: str, change: dict[str, Any], constraint: str
) -> None:
    table = office.table()
    office.handed_on(Paper.TARGET_TABLE, table.public_id)
    kept = Examination.unscoped.get()
    given = dict(change)
    name = given.pop("concluded", None)
    if name:
        given |= {"concluded_by": office[name], "concluded_at": "2024-01-01T00:00:00Z"}
    if not given.pop("same_version", False):
        given["lock_version"] = kept.lock_version + 1
    with pytest.raises(DatabaseError) as refused:
        _written(office, person, kept, **given)
    assert refused.value.__cause__.diag.constraint_name == constraint  # type: ignore[union-attr]


def test_no_conclusion_before_the_bureaus_turn(office: Office) -> None:
    table = office.table()
    office.move("clerk", Paper.TARGET_TABLE, table.public_id, "submit")
    kept = Examination.unscoped.get()
    said = {
        "own_overall": "优",
        "concluded_by": office["finance"],
        "concluded_at": "2024-01-01T00:00:00Z",
    }
    with pytest.raises(DatabaseError, match="待财政审核"):
        _written(office, "finance", kept, lock_version=2, **said)


@transaction.atomic
def _written(office: Office, person: str, kept: Examination, **columns: Any) -> None:
    _event(office, person)
    Examination.unscoped.filter(pk=kept.pk).update(**columns)


def _event(office: Office, person: str) -> None:
    audit.record(
        actor=office[person],
        verb="try",
        object_type="x",
        object_id=1,
        department_id=office.cast.department.pk,
        detail={},
    )


# ── findings of a score ─────────────────────────────────────────────────────────────────────────


def test_a_scores_findings_keep_cell_aspect_and_basis(office: Office) -> None:
    evaluation = office.reviewed()
    rows = list(FindingRow.objects.order_by("seq"))
    assert rows and all(row.basis for row in rows)
    claimed = next(row for row in rows if row.code == "S01")
    assert (claimed.field, claimed.aspect) == ("awarded", "")
    assert next(row for row in rows if row.code == "W03").aspect == "完整性"
    from tests.talk import ClientApi

    shown = (
        ClientApi(office["finance"]).get(f"evaluations/{evaluation.public_id}/").body["findings"]
    )
    assert {(one["code"], one["field"], one["aspect"], one["basis"]) for one in shown} == {
        (row.code, row.field or None, row.aspect or None, row.basis) for row in rows
    }
