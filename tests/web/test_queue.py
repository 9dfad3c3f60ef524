"""The queue and spot checks as pages and over HTTP."""

from __future__ import annotations

import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from budgets.access import seen_by_system
from performance.models import Examination, TargetTable
from performance.workflow import Paper
from tests.cast import assemble
from tests.office import Office
from tests.talk import ClientApi

TABLE, EVALUATION = Paper.TARGET_TABLE, Paper.EVALUATION
Waiting = tuple[Office, list[TargetTable]]


@pytest.fixture
def office(db: None, settings: Any, tmp_path: Path) -> Office:
    settings.MEDIA_ROOT = tmp_path
    return Office(assemble())


@pytest.fixture
def waiting(scene: Any) -> Waiting:
    return scene(_waiting)  # type: ignore[no-any-return]


def _waiting() -> Waiting:
    """Two target tables on the bureau's desk."""
    office, found = Office(assemble()), []
    for project in ("road", "clinic"):
        table = office.table(project)
        office.handed_on(TABLE, table.public_id)
        found.append(table)
    return office, found


def _client(office: Office, name: str) -> Client:
    client = Client()
    client.force_login(office[name])
    return client


def _row(office: Office, table: TargetTable, digest: str = "") -> str:
    return f"target_table:{table.public_id}:{digest or office.digest(TABLE, table.public_id)}"


def _state(table: TargetTable) -> str:
    with seen_by_system():
        return str(TargetTable.unscoped.get(pk=table.pk).status)


def _send(client: Client, path: str, **form: Any) -> Any:
    return client.post(path, {"form_key": uuid.uuid4().hex, **form})


def test_the_queue_is_there_for_the_bureau_alone(waiting: Waiting) -> None:
    office, _tables = waiting
    for name, status in (
        ("finance", 200), ("finance2", 200), ("auditor", 200), ("elsewhere", 200),
        ("clerk", 404), ("head", 404), ("reviewer", 404), ("reader", 404), ("system", 404),
    ):  # fmt: skip
        client = _client(office, name)
        page = client.get("/queue/")
        assert page.status_code == status, name
        assert client.get("/spot-checks/").status_code == status, name
        assert ("审核队列" in client.get("/desk/").content.decode()) == (status == 200)
        if status == 200:
            shown = page.content.decode()
            assert ("road项目" in shown) == (name != "elsewhere")
            assert ('name="verb"' in shown) == (name in {"finance", "finance2"})


def test_a_batch_on_the_page_says_what_became_of_each(waiting: Waiting) -> None:
    office, tables = waiting
    client = _client(office, "finance")
    rows = [_row(office, tables[0]), _row(office, tables[1], "0" * 64)]
    answer = _send(client, "/queue/?paper=target_table", row=rows, verb="accept")
    assert answer.status_code == 302
    assert "paper=target_table" in answer.url
    page = client.get(answer.url).content.decode()
    assert "2 张中办成 1 张" in page
    assert "内容有变化" in page
    assert f"/papers/target-tables/{tables[1].public_id}/" in page
    assert [_state(table) for table in tables] == ["approved", "department_reviewed"]
    assert "张中办成" not in client.get("/queue/").content.decode()


def test_the_same_form_twice_is_one_effect(waiting: Waiting) -> None:
    office, tables = waiting
    client = _client(office, "finance")
    form = {"form_key": uuid.uuid4().hex, "row": [_row(office, tables[0])], "verb": "accept"}
    first, second = client.post("/queue/", form), client.post("/queue/", form)
    assert first.url == second.url
    assert _state(tables[0]) == "approved"


def test_a_return_without_its_reason_keeps_what_was_typed(waiting: Waiting) -> None:
    office, tables = waiting
    client = _client(office, "finance")
    row = _row(office, tables[0])
    answer = _send(client, "/queue/", row=[row], verb="return_to_clerk", reason="看不清")
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "请选择退回的原因" in page
    assert "看不清" in page
    assert re.search(rf'value="{row}"[^>]*checked', page)
    assert _state(tables[0]) == "department_reviewed"


def test_a_return_marks_the_chosen_cells_alone(office: Office) -> None:
    from performance.models import Step
    from tests.contents import targets

    table = office.table()
    content = targets()["indicators"]
    content[1] = {**content[1], "target": "≥90"}
    office.save(TABLE, table.public_id, targets(indicators=content), version=2)
    office.handed_on(TABLE, table.public_id)
    client = _client(office, "finance")
    page = client.get("/queue/").content.decode()
    boxes = re.findall(rf'name="cell\.{table.public_id}" value="([^"]+)"( checked)?', page)
    assert any(checked for _, checked in boxes)
    at = next(at for at, checked in boxes if checked)
    said = {"reason_code": "target_unclear", "reason": "请核对", f"cell.{table.public_id}": [at]}
    _send(client, "/queue/", row=[_row(office, table)], verb="return_to_clerk", **said)
    with seen_by_system():
        step = Step.unscoped.filter(paper="target_table", paper_id=table.pk).order_by("-id")[0]
    assert [cell["at"] for cell in step.cells] == [at]
    assert step.cells[0]["note"]


@pytest.mark.parametrize("query", ["order=1", "task=x", "state=draft", "severity=x"])
def test_filters_of_no_use_are_told(office: Office, query: str) -> None:
    assert _client(office, "finance").get(f"/queue/?{query}").status_code == 400
    assert ClientApi(office["finance"]).get(f"queue/?{query}").status == 400


def test_the_filters_stay_in_the_address(waiting: Waiting, monkeypatch: Any) -> None:
    office, _tables = waiting
    monkeypatch.setattr("performance.selectors.queue.PAGE_SIZE", 1)
    client = _client(office, "finance")
    page = client.get("/queue/?paper=target_table&text=项目").content.decode()
    following = re.search(r'rel="next" href="\?([^"]+)"', page)
    assert following
    assert "paper=target_table" in following[1] and "cursor=" in following[1]
    assert "road项目" in page
    second = client.get("/queue/?" + following[1].replace("&amp;", "&")).content.decode()
    assert "clinic项目" in second and "road项目" not in second


def test_the_queue_over_http(waiting: Waiting) -> None:
    office, _tables = waiting
    api = ClientApi(office["finance"])
    found = api.get("queue/").body["results"]
    assert [row["project"] for row in found] == ["road项目", "clinic项目"]
    rows = [{"paper": row["paper"], "id": row["id"], "digest": row["digest"]} for row in found]
    rows[1]["digest"] = "0" * 64
    key = uuid.uuid4().hex
    body = {"verb": "accept", "rows": rows}
    first = api.post("queue/decisions/", body, key=key)
    assert [one["outcome"] for one in first.body["results"]] == ["done", "changed"]
    again = api.post("queue/decisions/", body, key=key)
    assert again.headers.get("Idempotency-Replayed") == "true"
    assert again.body == first.body
    assert ClientApi(office["auditor"]).post("queue/decisions/", body).status == 403
    assert ClientApi(office["clerk"]).post("queue/decisions/", body).status == 404
    for wrong in ({"verb": "publish", "rows": rows}, {"verb": "accept", "rows": []}):
        assert api.post("queue/decisions/", wrong).status == 400


def test_the_queue_page_asks_the_same_for_many(
    waiting: Waiting, django_assert_num_queries: Any
) -> None:
    office, _tables = waiting
    client = _client(office, "finance")
    client.get("/queue/")
    with django_assert_num_queries(_PAGE):
        client.get("/queue/?text=road")
    with django_assert_num_queries(_PAGE):
        assert client.get("/queue/").content.decode().count("data-row") == 2


_PAGE = 24


def test_reasons_stand_in_full_in_the_row(waiting: Waiting) -> None:
    office, tables = waiting
    with seen_by_system():
        kept = Examination.unscoped.get(paper="target_table", paper_id=tables[0].pk)
    page = _client(office, "finance").get("/queue/").content.decode()
    assert kept.reasons
    for reason in kept.reasons:
        assert reason["text"] in page


# ── spot checks ─────────────────────────────────────────────────────────────────────────────────


def test_a_spot_check_on_its_pages(office: Office) -> None:
    evaluation = office.waiting()
    assert evaluation.task is not None
    client = _client(office, "finance")
    empty = _send(client, "/spot-checks/", size="x")
    assert empty.status_code == 400
    drawn = _send(
        client, "/spot-checks/", task=str(evaluation.task.public_id), size="3", seed="2024-12-01"
    )
    assert drawn.status_code == 302
    page = client.get(drawn.url).content.decode()
    assert "road项目" in page and "2024-12-01" in page and "重抽结果" not in page
    counted = client.post(drawn.url, {"recount": "1"})
    assert "（1 张）与抽取时相同，重抽结果相同" in counted.content.decode()
    item = re.search(r'name="item" value="([^"]+)"', page)
    assert item
    form = {"item": item[1], "version": "1", "points": "八", "words": "签到表只有 60 人"}
    refused = _send(client, drawn.url, **form)
    assert refused.status_code == 400
    assert "签到表只有 60 人" in refused.content.decode()
    kept = _send(client, drawn.url, **{**form, "points": "79.5"})
    assert kept.status_code == 302
    page = client.get(drawn.url).content.decode()
    assert "+19.50 分" in page and "优 → 中" in page
    stale = _send(client, drawn.url, **{**form, "points": "70"})
    assert stale.status_code == 409
    assert "road项目" in client.get("/spot-checks/").content.decode() or drawn.url in (
        client.get("/spot-checks/").content.decode()
    )
    auditor = _client(office, "auditor").get(drawn.url).content.decode()
    assert "road项目" in auditor and 'name="item"' not in auditor
    elsewhere = _client(office, "elsewhere")
    assert elsewhere.get(drawn.url).status_code == 404
    assert elsewhere.post(drawn.url, {"recount": "1"}).status_code == 404


def test_a_spot_check_over_http(office: Office) -> None:
    evaluation = office.waiting()
    assert evaluation.task is not None
    api = ClientApi(office["finance"])
    body = {"task": str(evaluation.task.public_id), "size": 1, "seed": "7"}
    made = api.post("spot-checks/", body)
    assert made.status == 201
    assert api.get("spot-checks/").body["results"][0]["id"] == made.body["id"]
    found = api.get(f"spot-checks/{made.body['id']}/").body
    assert (found["seed"], found["summary"]["checked"]) == ("7", 0)
    recount = api.post(f"spot-checks/{made.body['id']}/population/", {}).body
    assert (recount["population"], recount["unchanged"]) == (1, True)
    assert recount["population_digest"] == found["population_digest"]
    path = f"spot-check-items/{found['items'][0]['id']}/"
    kept = api.put(path, {"points": "90", "words": "核对无误"}, version=1)
    assert (kept.status, kept.version) == (200, 2)
    assert api.put(path, {"points": "91", "words": "再改"}, version=1).status == 409
    assert api.get(f"spot-checks/{made.body['id']}/").body["summary"]["mean"] == "9.00"
