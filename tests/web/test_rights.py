"""rights.csv as it is lived: every paper × field × role × state, read and written; and nothing else.

Every cell that may be written is, and a drawn part of those that may not; ``JIHENG_FULL=1``
takes all of them.
"""

from __future__ import annotations

import copy
import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from budgets.access import seen_by
from budgets.models import Project
from performance import workflow
from performance.models import (
    Actual,
    Document,
    Evaluation,
    Evidence,
    Examination,
    Indicator,
    Monitoring,
    MonitoringLine,
    Review,
    ReviewLine,
    Step,
    TargetTable,
    Task,
)
from performance.workflow import MOVES, Paper, State
from tests.draws import drawn, some
from tests.filled import PDF, Standing, attach, standing, undone
from tests.talk import Reply

KINDS = {
    "target_table": "target-tables",
    "evaluation": "evaluations",
    "monitoring": "monitorings",
}
MODELS: dict[str, Any] = {
    "target_table": TargetTable,
    "evaluation": Evaluation,
    "monitoring": Monitoring,
}
PEOPLE = {
    "clerk": "clerk",
    "unit_head": "head",
    "department_reviewer": "reviewer",
    "finance_reviewer": "finance",
    "auditor": "auditor",
    "report_reader": "reader",
}
UNREACHED = {
    "target_table": {"confirmed"},
    "evaluation": {"approved", "superseded"},
    "monitoring": {"confirmed", "published", "superseded"},
}
NO_DOOR = {("evaluation", "objectives"), *((paper, "findings") for paper in KINDS)}
"""Fields of the table of rights that nobody writes: never accepted, whoever asks."""
JUDGED = {("evaluation", "review"), ("target_table", "conclusion")}
"""Fields that no clerk writes in any state."""


def _table() -> dict[tuple[str, str, str, str], str]:
    """The file itself, read here once more: two hands must agree."""
    path = Path(workflow.__file__).with_name("rights.csv")
    found = {}
    with path.open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            paper, field, role = row.pop("paper"), row.pop("field"), row.pop("role")
            found |= {(paper, field, role, state): right for state, right in row.items()}
    return found


RIGHTS = _table()
FIELDS = list(dict.fromkeys((paper, field) for paper, field, _, _ in RIGHTS))
STATES = [state.value for state in State]


def _states(paper: str) -> list[str]:
    return [state for state in STATES if state not in UNREACHED[paper]]


def _changed(paper: str, field: str, content: dict[str, Any]) -> dict[str, Any]:
    """The content with just one field of the table of rights another."""
    new = copy.deepcopy(content)
    if field == "findings":
        new[field] = ["没有门"]
    elif paper == "target_table":
        if field == "texts":
            new["supervisor"] = "另一个局"
        elif field == "objectives":
            new["objectives"].append("又一个目标")
        elif field == "funds":
            new["funds"][0]["initial"] = "600001.00"
        elif field == "goal_points":
            new["goal_points"] = "80"
        else:
            new["indicators"][0]["basis"] = "另有依据"
    elif paper == "monitoring":
        places = {"progress": "progress", "forecast": "forecast", "cause": "cause"}
        if field == "executed":
            new["executed"] = "300001.00"
        else:
            new["lines"][0][places[field]] = "60人次" if field == "progress" else "另写"
    elif field == "actuals":
        new["actuals"][0]["actual"] = "91人次"
    elif field == "claims":
        new["actuals"][0]["claimed"] = "39"
    elif field == "execution":
        new["execution"]["executed"] = "540001.00"
    elif field == "total_claimed":
        new["total_claimed"] = "98"
    elif field == "reasons":
        new["improvement"] = "另写"
    else:
        new[field] = ["没有门"]
    return new


GRADES = dict.fromkeys(("完整性", "相关性", "适当性", "可行性"), "良")


@pytest.fixture(scope="module")
def stage(
    cluster: Any, migrated: str, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[Standing]:
    with standing(cluster, migrated, django_db_blocker, tmp_path_factory.mktemp("media")) as found:
        yield found


def _row(paper: str, public_id: str) -> Any:
    with seen_by(0):
        return MODELS[paper].unscoped.get(public_id=public_id)


_KEPT = (
    "performance_targettable", "performance_evaluation", "performance_monitoring", "performance_objective",
    "performance_indicator", "performance_actual", "performance_monitoringline", "performance_evidence",
    "performance_document", "performance_review", "performance_reviewline", "performance_snapshot", "performance_step",
    "performance_examination", "budgets_funding", "budgets_project", "budgets_auditevent", "budgets_auditchange",
)  # fmt: skip
_FACTS = "SELECT " + ", ".join(
    f"(SELECT md5(string_agg(t::text, '|' ORDER BY t.id)) FROM {table} t)" for table in _KEPT
)


def _facts() -> tuple[Any, ...]:
    """All that a refused write must leave as it is."""
    with seen_by(0), connection.cursor() as cursor:
        cursor.execute(_FACTS)
        return tuple(cursor.fetchone())


def _write(stage: Standing, paper: str, field: str, role: str, content: Any) -> Reply:
    api, public_id = stage.filled.api(PEOPLE[role]), stage.filled.ids[paper]
    path = f"{KINDS[paper]}/{public_id}/"
    version = _row(paper, public_id).lock_version
    if field == "evidence":
        found: Reply = attach(api, public_id, 3, PDF + b"3", version)
    elif field == "review":
        with seen_by(0):
            review = Review.unscoped.get()
        found = api.put(f"{path}review/opinion/", {"opinion": "改"}, version=review.lock_version)
    elif field == "conclusion":
        with seen_by(0):
            kept = Examination.unscoped.get(paper=paper, paper_id=_row(paper, public_id).pk)
        body = {"digest": kept.digest, "overall": "良", "words": "另有看法", "aspects": GRADES}
        found = api.put(f"{path}conclusion/", body, version=kept.lock_version)
    else:
        found = api.put(f"{path}content/", _changed(paper, field, content), version=version)
    return found


def test_each_field_is_written_exactly_where_the_table_says_so(stage: Standing) -> None:
    counts: Counter[str] = Counter()
    wrong = []
    for paper in KINDS:
        fields = [field for kind, field in FIELDS if kind == paper]
        public_id = stage.filled.ids[paper]
        for state in _states(paper):
            stage.put(paper, state)
            content = stage.filled.api("auditor").content(KINDS[paper], public_id).body["content"]
            before = _facts()
            for field in fields:
                for role in PEOPLE:
                    counts["of"] += 1
                    may = RIGHTS[paper, field, role, state] == "w"
                    if not may and not drawn(0.06, paper, field, role, state):
                        continue
                    with undone():
                        reply = _write(stage, paper, field, role, content)
                        changed = _facts() != before
                    wanted = (
                        RIGHTS[paper, field, role, state] == "w" and (paper, field) not in NO_DOOR
                    )
                    accepted = reply.status in {200, 201}
                    counts["cells"] += 1
                    counts[f"accepted {accepted}"] += 1
                    counts[f"status {reply.status}"] += 1
                    if accepted != wanted or changed != wanted or reply.status >= 500:
                        wrong.append((paper, field, role, state, reply.status, changed))
    print(dict(counts))
    assert wrong == []
    assert counts["of"] == sum(len(_states(paper)) for paper, _ in FIELDS) * len(PEOPLE)
    assert counts["accepted True"] >= 45


def test_each_role_reads_what_the_table_says_and_no_more(stage: Standing) -> None:
    counts: Counter[str] = Counter()
    for paper, kind in KINDS.items():
        fields = [field for name, field in FIELDS if name == paper]
        for state in _states(paper):
            public_id = stage.put(paper, state)
            for role, person in PEOPLE.items():
                if not drawn(0.2, paper, state, role):
                    continue
                readable = {f for f in fields if RIGHTS[paper, f, role, state] in {"r", "w"}}
                reply = stage.filled.api(person).content(kind, public_id)
                counts[f"status {reply.status}"] += 1
                assert reply.status == (200 if readable else 404), (paper, state, role)
                moves = stage.filled.api(person).get(f"{kind}/{public_id}/moves/")
                assert moves.status == reply.status
                if not readable:
                    continue
                aside = {"review", "findings", "conclusion"}
                assert readable >= set(fields) - aside, "nothing else is left out by a door"
                for field in aside & set(fields) - {"review"}:
                    shown = stage.filled.api(person).get(f"{kind}/{public_id}/{field}/")
                    assert shown.status == (200 if field in readable else 404), (state, role, field)
                if paper == "evaluation":
                    shown = "review" in readable
                    assert (reply.body["review"] is not None) == shown, (state, role)
                    review = stage.filled.api(person).get(f"{kind}/{public_id}/review/")
                    assert review.status == (200 if shown else 404)
                    assert ("没有签到表" in reply.raw.decode()) == shown
    print(dict(counts))


def test_a_drafts_evidence_is_as_little_seen_as_the_draft(stage: Standing) -> None:
    for state in _states("evaluation"):
        stage.put("evaluation", state)
        for role, person in PEOPLE.items():
            seen = RIGHTS["evaluation", "evidence", role, state] in {"r", "w"}
            api = stage.filled.api(person)
            path = f"documents/{stage.filled.ids['document']}/file/"
            if _imported(stage):
                seen = True
            assert api.get(path).status == (200 if seen else 404), (state, role)


def _imported(stage: Standing) -> bool:
    """Whether the document was brought in by itself, too."""
    return bool(stage.ask("SELECT 1 FROM performance_importrun"))


def test_the_database_hides_the_same_states(stage: Standing) -> None:
    """Row level security alone, from the memberships, agrees with the table of rights."""
    checked = 0
    for paper in KINDS:
        fields = [field for name, field in FIELDS if name == paper]
        for state in _states(paper):
            public_id = stage.put(paper, state)
            for role, person in PEOPLE.items():
                readable = any(RIGHTS[paper, f, role, state] in {"r", "w"} for f in fields)
                with seen_by(stage.filled.cast[person].pk):
                    found = MODELS[paper].unscoped.filter(public_id=public_id).exists()
                assert found == readable, (paper, state, role)
                checked += 1
    print({"checked": checked})


@pytest.mark.parametrize(("paper", "field"), [p for p in FIELDS if p not in {*NO_DOOR, *JUDGED}])
def test_the_table_alone_decides(
    stage: Standing, monkeypatch: pytest.MonkeyPatch, paper: str, field: str
) -> None:
    """With one field taken from the clerk, that one is refused and another still accepted."""
    public_id = stage.put(paper, "draft")
    content = stage.filled.api("clerk").content(KINDS[paper], public_id).body["content"]
    other = {"target_table": "texts", "evaluation": "reasons", "monitoring": "cause"}[paper]
    other = (
        other
        if other != field
        else {"target_table": "funds", "evaluation": "claims", "monitoring": "executed"}[paper]
    )
    table = {**workflow.rights(), (Paper(paper), field, "clerk", State.DRAFT): "r"}
    monkeypatch.setattr(workflow, "rights", lambda: table)
    with undone():
        assert _write(stage, paper, field, "clerk", content).status == 403
    with undone():
        assert _write(stage, paper, other, "clerk", content).status == 200


@pytest.mark.django_db
def test_the_databases_moves_are_those_of_the_procedure() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT paper, verb, source, target, role, judging, own, reasoned, sees, imported FROM performance_move"
        )
        kept = set(cursor.fetchall())
    assert kept == {
        (
            paper.value,
            move.verb,
            move.source.value,
            move.target.value,
            move.role.value,
            move.judging,
            move.own,
            move.reasoned,
            move.sees,
            move.imported,
        )
        for move in MOVES
        for paper in move.papers
    }


# ── mass assignment ─────────────────────────────────────────────────────────────────────────────


def _columns(*models: Any) -> list[str]:
    found = {
        name
        for model in models
        for f in model._meta.concrete_fields
        for name in (f.name, f.attname)
    }
    return sorted(found | {"pk", "is_staff", "reviewer", "contributors", "digest", "__class__"})


WHOLE = {
    "target_table": (TargetTable, Step, Project),
    "evaluation": (Evaluation, Step, Review),
    "monitoring": (Monitoring, Step, Task),
}
ROWS = {
    "target_table": ("indicators", Indicator),
    "evaluation": ("actuals", Actual),
    "monitoring": ("lines", MonitoringLine),
}


def test_no_column_can_be_slipped_in_by_saving(stage: Standing) -> None:
    """Each column by itself as the clerk of a draft; all of them at once as anybody anywhere."""
    counts: Counter[str] = Counter()
    for paper, kind in KINDS.items():
        public_id = stage.put(paper, "draft")
        path = f"{kind}/{public_id}/content/"
        content = stage.filled.api("clerk").content(kind, public_id).body["content"]
        rows, model = ROWS[paper]
        extra = [c for c in _columns(*WHOLE[paper]) if c not in content]
        inner = [c for c in _columns(model) if c not in content[rows][0]]
        version = _row(paper, public_id).lock_version
        before = _facts()
        for place, names in (("", extra), (rows, inner)):
            for name in names:
                counts["columns of"] += 1
                if not drawn(0.12, paper, place, name):
                    continue
                body = copy.deepcopy(content)
                (body if not place else body[rows][0])[name] = "approved"
                with undone():
                    reply = stage.filled.api("clerk").put(path, body, version=version)
                    assert reply.status == 400, (paper, name, reply.status)
                    assert set(reply.body["errors"]) == {name if not place else f"{rows}.1.{name}"}
                    assert _facts() == before
                counts["columns"] += 1
        everything = {**content, **dict.fromkeys(extra, "approved")}
        for state in _states(paper):
            stage.put(paper, state)
            before = _facts()
            for person in some(
                (*PEOPLE.values(), "foreign_clerk", "elsewhere", "system"), 0.34, state
            ):
                with undone():
                    reply = stage.filled.api(person).put(path, everything, version=version)
                    assert reply.status in {400, 403, 404, 409}, (paper, state, person)
                    assert _facts() == before
                counts["columns × roles × states"] += len(extra)
    print(dict(counts))
    assert counts["columns of"] > 150
    assert counts["columns"] > 30


def test_no_column_can_be_slipped_in_by_any_other_write(stage: Standing) -> None:
    ids, counts = stage.filled.ids, Counter[str]()
    stage.put("evaluation", "department_reviewed")
    stage.put("target_table", "approved")
    stage.put("monitoring", "draft")
    review = f"evaluations/{ids['evaluation']}/review/"
    writes: list[tuple[str, str, str, dict[str, Any], tuple[Any, ...], int | None]] = [
        ("clerk", "POST", "projects/", {"unit": ids["unit"], "name": "新"}, (Project,), None),
        ("clerk", "POST", "target-tables/", {"project": ids["project"], "fiscal_year": 2031}, (TargetTable,), None),
        ("clerk", "POST", "evaluations/", {"project": ids["project"], "task": ids["task"]}, (Evaluation,), None),
        ("clerk", "POST", "monitorings/", {"project": ids["project"], "task": ids["task_monitoring"]}, (Monitoring,), None),
        ("clerk", "POST", f"monitorings/{ids['monitoring']}/moves/", {"move": "submit"}, (Step, Monitoring), None),
        ("clerk", "POST", f"target-tables/{ids['target_table']}/adjustments/",
         {"reason_code": "other", "reason": "调整"}, (TargetTable,), None),
        ("finance2", "PUT", f"{review}lines/1/", {"points": "1", "reason_code": "other", "reason": "改"}, (ReviewLine, Review), 3),
        ("finance2", "PUT", f"{review}opinion/", {"opinion": "改"}, (Review,), 3),
        ("finance2", "POST", review, {"digest": "0" * 64}, (Review,), None),
        ("finance2", "POST", "tasks/", {"paper": "evaluation", "fiscal_year": 2024, "title": "新任务",
         "deadline": "2098-01-01T00:00:00Z", "units": [ids["unit"]]}, (Task,), None),
    ]  # fmt: skip
    for person, method, path, body, models, version in writes:
        known = {
            *body,
            "code",
            "task",
            "month",
            "form",
            "ruleset",
            "digest",
            "reason_code",
            "reason",
            "cells",
        }
        for name in _columns(*models):
            if name in known:
                continue
            counts["of"] += 1
            if not drawn(0.25, method, path, name):
                continue
            with undone():
                events = _count_events()
                reply = stage.filled.api(person).write(
                    method, path, {**body, name: "1"}, version=version
                )
                assert reply.status == 400, (path, name, reply.status, reply.body)
                assert name in reply.body["errors"]
                assert _count_events() == events
            counts["columns"] += 1
    api = stage.filled.api("clerk")
    stage.put("evaluation", "draft")
    for name in _columns(Evidence, Document):
        if name in {"note"}:
            continue
        with undone():
            events = _count_events()
            response = _attach_with(
                api, ids["evaluation"], name, _row("evaluation", ids["evaluation"]).lock_version
            )
            assert response.status_code == 400, (name, response.content)
            assert _count_events() == events
        counts["columns"] += 1
    print(dict(counts))


def _attach_with(api: Any, public_id: str, name: str, version: int) -> Any:
    import uuid

    from django.core.files.uploadedfile import SimpleUploadedFile

    return api.client.post(
        f"/api/v1/evaluations/{public_id}/evidence/",
        {"seq": 3, "file": SimpleUploadedFile("新.pdf", PDF + b"4"), name: "1"},
        headers={"Idempotency-Key": uuid.uuid4().hex, "If-Match": f'"{version}"'},
    )


def _count_events() -> int:
    with seen_by(0), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM budgets_auditevent")
        return int(cursor.fetchone()[0])
