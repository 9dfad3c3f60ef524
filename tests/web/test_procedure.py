"""A whole year over HTTP: targets, adjustment, monitoring, self-evaluation, review, publication."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from budgets.models import AuditEvent, Notice
from performance.models import Step, TargetTable
from tests.cast import Cast, assemble
from tests.contents import DEADLINE, actuals, progress, targets
from tests.talk import Api, ClientApi, Reply

TABLES, EVALUATIONS, MONITORINGS = "target-tables", "evaluations", "monitorings"


@pytest.fixture
def cast(db: None, settings: Any, tmp_path: Any) -> Cast:
    settings.MEDIA_ROOT = tmp_path / "media"
    return assemble()


@pytest.fixture
def api(cast: Cast) -> Any:
    known: dict[str, Api] = {}

    def of(name: str) -> Api:
        if name not in known:
            known[name] = ClientApi(cast[name])
        return known[name]

    return of


def _ok(reply: Reply, status: int = 200) -> Reply:
    assert reply.status == status, reply.body
    return reply


def _drafted(api: Any, cast: Cast, project: str = "road") -> str:
    made = _ok(
        api("clerk").post(
            f"{TABLES}/",
            {"project": str(cast.projects[project].public_id), "fiscal_year": 2024},
        ),
        201,
    )
    public_id: str = made.body["id"]
    _ok(api("clerk").put(f"{TABLES}/{public_id}/content/", targets(), version=1))
    return public_id


def _digest(api: Any, name: str, kind: str, public_id: str) -> str:
    digest: str = _ok(api(name).content(kind, public_id)).body["digest"]
    return digest


def _handed_on(api: Any, kind: str, public_id: str, *, to: str = "approve") -> None:
    _ok(api("clerk").move(kind, public_id, "submit"))
    for name, verb in (("head", "check"), ("reviewer", "review"), ("finance", to)):
        if verb == "":
            return
        digest = _digest(api, name, kind, public_id)
        _ok(api(name).move(kind, public_id, verb, digest=digest))


def _task(api: Any, cast: Cast, paper: str, **more: Any) -> str:
    body = {
        "paper": paper,
        "fiscal_year": 2024,
        "title": f"2024 年{paper}",
        "deadline": DEADLINE.isoformat(),
        "units": [str(cast.unit.public_id)],
        **more,
    }
    made = _ok(api("finance").post("tasks/", body), 201)
    public_id: str = made.body["id"]
    return public_id


def _started(api: Any, cast: Cast, kind: str, task: str) -> str:
    made = api("clerk").post(
        f"{kind}/", {"project": str(cast.projects["road"].public_id), "task": task}
    )
    public_id: str = _ok(made, 201).body["id"]
    return public_id


def test_a_target_table_goes_through_all_hands(api: Any, cast: Cast) -> None:
    public_id = _drafted(api, cast)
    assert api("finance").content(TABLES, public_id).status == 404
    assert api("foreign_clerk").content(TABLES, public_id).status == 404
    _handed_on(api, TABLES, public_id)
    found = api("finance").content(TABLES, public_id).body
    assert found["state"] == "approved"
    assert [step["verb"] for step in found["history"]] == ["submit", "check", "review", "approve"]
    assert api("elsewhere").content(TABLES, public_id).status == 404
    assert api("finance2").content(TABLES, public_id).status == 200


def test_every_move_leaves_one_event_and_tells_the_next_hand(api: Any, cast: Cast) -> None:
    public_id = _drafted(api, cast)
    before = AuditEvent.objects.count()
    _handed_on(api, TABLES, public_id)
    assert AuditEvent.objects.count() == before + 4
    assert Notice.objects.filter(user=cast["head"]).count() == 1
    assert Notice.objects.filter(user=cast["clerk2"]).count() == 1


def test_what_is_returned_names_the_cells_and_can_be_mended(api: Any, cast: Cast) -> None:
    public_id = _drafted(api, cast)
    _ok(api("clerk").move(TABLES, public_id, "submit"))
    digest = _digest(api, "head", TABLES, public_id)
    bare = api("head").move(TABLES, public_id, "return_to_clerk", digest=digest)
    assert bare.status == 400
    assert set(bare.body["errors"]) == {"reason_code", "reason"}
    cells = [{"at": "indicators.1.target", "note": "与去年相差太大"}]
    _ok(
        api("head").move(
            TABLES,
            public_id,
            "return_to_clerk",
            digest=digest,
            reason_code="target_unclear",
            reason="请说明",
            cells=cells,
        )
    )
    found = api("clerk").content(TABLES, public_id)
    assert found.body["marked"] == {"indicators.1.target": "与去年相差太大"}
    assert found.body["editable"] is True
    content = found.body["content"]
    content["indicators"][0]["target"] = "≥120人次"
    _ok(api("clerk").put(f"{TABLES}/{public_id}/content/", content, version=found.version))
    _handed_on(api, TABLES, public_id)


def test_a_paper_can_be_taken_back_before_the_next_hand_acts(api: Any, cast: Cast) -> None:
    public_id = _drafted(api, cast)
    _ok(api("clerk").move(TABLES, public_id, "submit"))
    assert api("clerk2").move(TABLES, public_id, "withdraw").status == 403
    _ok(api("clerk").move(TABLES, public_id, "withdraw"))
    _ok(api("clerk").move(TABLES, public_id, "submit"))
    digest = _digest(api, "head", TABLES, public_id)
    _ok(api("head").move(TABLES, public_id, "check", digest=digest))
    late = api("clerk").move(TABLES, public_id, "withdraw")
    assert (late.status, late.body["code"]) == (403, "not_allowed")


def test_a_decision_needs_the_content_that_was_seen(api: Any, cast: Cast) -> None:
    public_id = _drafted(api, cast)
    _ok(api("clerk").move(TABLES, public_id, "submit"))
    seen = _digest(api, "head", TABLES, public_id)
    assert api("head").move(TABLES, public_id, "check").status == 428
    _ok(api("clerk").move(TABLES, public_id, "withdraw"))
    found = api("clerk").content(TABLES, public_id)
    changed = targets(goal_points="80")
    _ok(api("clerk").put(f"{TABLES}/{public_id}/content/", changed, version=found.version))
    _ok(api("clerk").move(TABLES, public_id, "submit"))
    refused = api("head").move(TABLES, public_id, "check", digest=seen)
    assert (refused.status, refused.body["code"]) == (409, "content_changed")
    assert [(d["words"], d["before"], d["theirs"]) for d in refused.body["differences"]] == [
        ("指标总分", "90", "80")
    ]


def test_a_stale_save_is_refused_with_three_columns(api: Any, cast: Cast) -> None:
    public_id = _drafted(api, cast)
    _ok(api("clerk2").put(f"{TABLES}/{public_id}/content/", targets(unit="他写的"), version=2))
    mine = targets(unit="我写的")
    refused = api("clerk").put(f"{TABLES}/{public_id}/content/", mine, version=2)
    assert (refused.status, refused.body["code"]) == (409, "stale_version")
    assert refused.body["mine"]["unit"] == "我写的"
    assert [
        (d["words"], d["before"], d["theirs"], d["mine"]) for d in refused.body["differences"]
    ] == [("实施单位", "甲一中心", "他写的", "我写的")]
    assert api("clerk").content(TABLES, public_id).body["content"]["unit"] == "他写的"


def test_the_same_content_again_is_no_change(api: Any, cast: Cast) -> None:
    public_id = _drafted(api, cast)
    before = AuditEvent.objects.count()
    again = _ok(api("clerk").put(f"{TABLES}/{public_id}/content/", targets(), version=2))
    assert again.body["version"] == 2
    assert AuditEvent.objects.count() == before


def test_nobody_reviews_what_they_wrote(api: Any, cast: Cast) -> None:
    made = api("both").post(
        f"{TABLES}/", {"project": str(cast.projects["road"].public_id), "fiscal_year": 2024}
    )
    public_id = made.body["id"]
    _ok(api("both").put(f"{TABLES}/{public_id}/content/", targets(), version=1))
    _ok(api("both").move(TABLES, public_id, "submit"))
    found = api("both").content(TABLES, public_id).body
    assert [move["verb"] for move in found["moves"]] == ["withdraw"]
    refused = api("both").move(TABLES, public_id, "check", digest=found["digest"])
    assert refused.status == 403
    assert "自己" in refused.body["detail"]


def test_an_adjustment_is_a_new_version_and_the_old_stays(api: Any, cast: Cast) -> None:
    public_id = _drafted(api, cast)
    _handed_on(api, TABLES, public_id)
    bare = api("clerk").post(
        f"{TABLES}/{public_id}/adjustments/", {"reason_code": "budget_changed", "reason": " "}
    )
    assert bare.status == 400
    made = _ok(
        api("clerk").post(
            f"{TABLES}/{public_id}/adjustments/",
            {"reason_code": "budget_changed", "reason": "预算调减"},
        ),
        201,
    )
    new = made.body["id"]
    twice = api("clerk").post(
        f"{TABLES}/{public_id}/adjustments/", {"reason_code": "budget_changed", "reason": "再调"}
    )
    assert twice.status == 409
    content = api("clerk").content(TABLES, new).body["content"]
    content["indicators"][0]["target"] = "≥80人次"
    _ok(api("clerk").put(f"{TABLES}/{new}/content/", content, version=1))
    old_beside_new = api("clerk").get(f"{TABLES}/{new}/adjustments/").body
    assert [(d["before"], d["theirs"]) for d in old_beside_new] == [("≥100人次", "≥80人次")]
    assert api("clerk").content(TABLES, public_id).body["state"] == "approved"
    _handed_on(api, TABLES, new)
    assert api("clerk").content(TABLES, public_id).body["state"] == "superseded"
    assert api("clerk").content(TABLES, new).body["revision"] == 2


def test_monitoring_and_evaluation_open_only_by_a_task(api: Any, cast: Cast) -> None:
    public_id = _drafted(api, cast)
    task = _task(api, cast, "evaluation")
    project = str(cast.projects["road"].public_id)
    early = api("clerk").post(f"{EVALUATIONS}/", {"project": project, "task": task})
    assert early.status == 409
    _handed_on(api, TABLES, public_id)
    other = _task(api, cast, "monitoring", month=7)
    assert api("clerk").post(f"{EVALUATIONS}/", {"project": project, "task": other}).status == 409
    monitoring = _started(api, cast, MONITORINGS, other)
    path = f"{MONITORINGS}/{monitoring}/content/"
    _ok(api("clerk").put(path, progress(), version=1))
    _handed_on(api, MONITORINGS, monitoring)
    assert api("clerk").content(MONITORINGS, monitoring).body["state"] == "approved"


def _evaluated(api: Any, cast: Cast) -> str:
    _handed_on(api, TABLES, _drafted(api, cast))
    public_id = _started(api, cast, EVALUATIONS, _task(api, cast, "evaluation"))
    _ok(api("clerk").put(f"{EVALUATIONS}/{public_id}/content/", actuals(), version=1))
    return public_id


def test_a_self_evaluation_is_reviewed_line_by_line_and_published(api: Any, cast: Cast) -> None:
    public_id = _evaluated(api, cast)
    _handed_on(api, EVALUATIONS, public_id, to="")
    digest = _digest(api, "finance", EVALUATIONS, public_id)
    early = api("finance").move(EVALUATIONS, public_id, "confirm", digest=digest)
    assert early.status == 409
    review = f"{EVALUATIONS}/{public_id}/review/"
    assert api("clerk").get(review).status == 404
    version = _ok(api("finance").post(review, {"digest": digest}), 201).version
    sheet = api("finance").get(review).body
    assert sheet["total"] == "95.00"
    line = {"points": "20", "reason_code": "rule", "reason": "没有签到表"}
    adjusted = _ok(api("finance").put(f"{review}lines/1/", line, version=version))
    stale = api("finance2").put(f"{review}lines/2/", line, version=version)
    assert stale.status == 409
    assert stale.body["theirs"]["total"] == "79.00"
    too_many = {**line, "points": "41"}
    refused = api("finance").put(f"{review}lines/1/", too_many, version=adjusted.version)
    assert refused.status == 400
    assert api("clerk").get(review).status == 404
    _ok(api("finance").move(EVALUATIONS, public_id, "confirm", digest=digest))
    _ok(api("finance").move(EVALUATIONS, public_id, "publish"))
    shown = _ok(api("clerk").get(review)).body
    assert (shown["total"], shown["grade"], shown["state"]) == ("79.00", "中", "confirmed")
    gone = api("finance").put(f"{review}lines/1/", line, version=adjusted.version)
    assert gone.status == 409


def test_a_returned_evaluation_drops_its_review(api: Any, cast: Cast) -> None:
    public_id = _evaluated(api, cast)
    _handed_on(api, EVALUATIONS, public_id, to="")
    digest = _digest(api, "finance", EVALUATIONS, public_id)
    _ok(api("finance").post(f"{EVALUATIONS}/{public_id}/review/", {"digest": digest}), 201)
    _ok(
        api("finance").move(
            EVALUATIONS,
            public_id,
            "return_to_clerk",
            digest=digest,
            reason_code="evidence",
            reason="请补佐证",
        )
    )
    assert api("finance").get(f"{EVALUATIONS}/{public_id}/review/").status == 404


def test_writes_need_a_key_and_repeat_their_answer(api: Any, cast: Cast) -> None:
    body = {"unit": str(cast.unit.public_id), "name": "新项目"}
    assert api("clerk").send("POST", "projects/", body, {}).status == 428
    first = _ok(api("clerk").post("projects/", body, key="same-key-0001"), 201)
    again = _ok(api("clerk").post("projects/", body, key="same-key-0001"), 201)
    assert again.body == first.body
    assert again.headers["Idempotency-Replayed"] == "true"
    other = api("clerk").post("projects/", {**body, "name": "另一个"}, key="same-key-0001")
    assert (other.status, other.body["code"]) == (422, "idempotency_key_reused")
    refused = api("clerk").post("projects/", body, key="same-key-0002")
    assert refused.status == 409
    corrected = api("clerk").post("projects/", {**body, "name": "改名"}, key="same-key-0002")
    assert corrected.status == 201


def test_all_that_is_wrong_is_said_at_once(api: Any, cast: Cast) -> None:
    public_id = _drafted(api, cast)
    bad = targets(goal_points="九十", unit=3, status="approved")
    refused = api("clerk").put(f"{TABLES}/{public_id}/content/", bad, version=2)
    assert refused.status == 400
    assert set(refused.body["errors"]) == {"goal_points", "unit", "status"}
    unfit = targets(indicators=[{"name": "只有名称"}], objectives=[])
    _ok(api("clerk").put(f"{TABLES}/{public_id}/content/", unfit, version=2))
    refused = api("clerk").move(TABLES, public_id, "submit")
    assert set(refused.body["errors"]) == {"objectives", "indicators.1.target"}


def test_tasks_are_counted_closed_and_late_papers_seen(api: Any, cast: Cast) -> None:
    _handed_on(api, TABLES, _drafted(api, cast))
    task = _task(api, cast, "evaluation", deadline="2020-01-01T00:00:00+08:00")
    public_id = _started(api, cast, EVALUATIONS, task)
    _ok(api("clerk").put(f"{EVALUATIONS}/{public_id}/content/", actuals(), version=1))
    _ok(api("clerk").move(EVALUATIONS, public_id, "submit"))
    assert api("clerk").content(EVALUATIONS, public_id).body["history"][0]["late"] is True
    row = api("finance").get("tasks/").body["results"][0]
    assert (row["overdue"], row["units"], row["submitted"]) == (True, 1, 1)
    assert api("clerk").post(f"tasks/{task}/close/", {}, version=1).status == 403
    _ok(api("finance").post(f"tasks/{task}/close/", {}, version=1))
    assert api("clerk").post("tasks/", {}).status == 400
    waiting = api("head").get("waiting/").body
    assert [row["id"] for row in waiting] == [public_id]


def test_a_deadline_is_moved_and_what_was_late_is_so_no_more(api: Any, cast: Cast) -> None:
    _handed_on(api, TABLES, _drafted(api, cast))
    task = _task(api, cast, "evaluation", deadline="2020-01-01T00:00:00+08:00")
    public_id = _started(api, cast, EVALUATIONS, task)
    _ok(api("clerk").put(f"{EVALUATIONS}/{public_id}/content/", actuals(), version=1))
    _ok(api("clerk").move(EVALUATIONS, public_id, "submit"))
    assert api("clerk").content(EVALUATIONS, public_id).body["history"][0]["late"] is True
    path = f"tasks/{task}/deadline/"
    soon = (timezone.now() + timedelta(days=9)).isoformat()
    asked = {"deadline": soon, "reason": "系统升级"}
    assert api("clerk").post(path, asked, version=1).status == 403
    assert api("foreign_clerk").post(path, asked, version=1).status == 404
    assert api("finance").post(path, asked).status == 428
    assert api("finance").post(path, asked, version=2).body["code"] == "stale_version"
    refused = api("finance").post(path, {**asked, "deadline": "2021-01-01T00:00Z"}, version=1)
    assert (refused.status, set(refused.body["errors"])) == (400, {"deadline"})
    refused = api("finance").post(path, {"reason": "", "deadline": "x"}, version=1)
    assert (refused.status, set(refused.body["errors"])) == (400, {"deadline", "reason"})
    moved = _ok(api("finance").post(path, asked, version=1))
    assert moved.body == {"id": task, "version": 2}
    row = api("finance").get("tasks/").body["results"][0]
    assert (row["overdue"], row["version"]) == (False, 2)
    assert api("clerk").content(EVALUATIONS, public_id).body["history"][0]["late"] is False
    _ok(api("finance").post(f"tasks/{task}/close/", {}, version=2))
    assert api("finance").post(path, asked, version=3).status == 409


def test_the_other_department_cannot_be_told_from_nothing(api: Any, cast: Cast) -> None:
    public_id = _drafted(api, cast)
    nothing = "00000000-0000-4000-8000-000000000000"
    for path in ("content/", "moves/"):
        theirs = api("foreign_clerk").get(f"{TABLES}/{public_id}/{path}")
        none = api("foreign_clerk").get(f"{TABLES}/{nothing}/{path}")
        for reply in (theirs, none):
            reply.body.pop("request_id")
        assert (theirs.status, theirs.body) == (none.status, none.body) == (404, none.body)
    assert Step.unscoped.count() == 0
    assert TargetTable.unscoped.count() == 1
