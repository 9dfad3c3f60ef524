"""What pages may not do: act for the wrong one, twice, without a token, on a mere look."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from budgets.models import AuditEvent, Notice, Project
from performance.models import TargetTable, Task
from performance.services import drafts
from performance.workflow import Paper
from tests.cast import Cast
from tests.contents import targets
from tests.web.scenes import drafted, evaluated, issued

# ── who may ─────────────────────────────────────────────────────────────────────────────────────


def test_tasks_are_issued_counted_and_ended(at: Any, cast: Cast) -> None:
    finance = at("finance").open("/tasks/new/")
    form = finance.form()
    finance.send({**form, "title": "缺这缺那", "paper": "monitoring", "fiscal_year": "明年"}, 400)
    for words in ("请填写四位数的年度", "请填写截止时间", "请至少选择一个单位"):
        assert words in finance.text
    assert finance.value("title") == "缺这缺那"
    address = issued(at, cast, "target_table", deadline="2020-01-01T00:00")
    for name in ("finance", "reviewer"):
        person = at(name).open(address)
        assert "还有 2 个没有提交" in person.text
        assert "逾期未交" in person.text
        assert "甲二中心" in person.text
    clerk = at("clerk").open(address)
    assert "还有 1 个没有提交" in clerk.text
    assert "甲二中心" not in clerk.text
    assert "close" not in clerk.acts()
    clerk.press("start", project=str(cast.projects["road"].public_id))
    assert clerk.address.startswith("/papers/target-tables/")
    assert "已逾期" in clerk.open("/desk/").text
    assert "已逾期，2 个单位未交" in at("finance").open("/tasks/").text
    at("finance").open(address).press("close")
    assert "已结束" in at("finance").text
    at("finance").send({"act": "close", "version": "1", "form_key": uuid4().hex}, 409)
    assert Task.objects.get().closed_at is not None
    assert "没有可以下达任务的单位" in at("clerk").open("/tasks/new/").text
    stolen = {**form, "title": "x", "paper": "evaluation", "fiscal_year": "2024"}
    stolen |= {"deadline": "2098-01-01T00:00", "unit": str(cast.unit.public_id)}
    at("clerk").send({**stolen, "form_key": uuid4().hex}, 403, address="/tasks/new/")
    at("elsewhere").send({**stolen, "form_key": uuid4().hex}, 404, address="/tasks/new/")


def test_nobody_is_offered_own_work_nor_gets_it_by_asking(at: Any, cast: Cast) -> None:
    address = drafted(cast)
    both = at("both").open(address).press("save:submit", unit="我也写了")
    assert both.acts() == {"move:withdraw"}
    digest = TargetTable.unscoped.get()
    found = at("head").open(address).fields("move:check")
    refused = both.send(
        {"act": "move:check", "digest": found["digest"], "form_key": uuid4().hex}, 403
    )
    assert "不能审核自己填写或提交的表" in refused.text
    digest.refresh_from_db()
    assert digest.status == "submitted"


HIDE = re.compile(
    rb'name="csrfmiddlewaretoken"[^>]+|<code>\w+</code>|<span>[^<]+</span>|value="[0-9a-f]{32}"'
)


def _acts() -> list[dict[str, Any]]:
    from performance.web import papers

    return [
        {
            "act": f"{act}:{_RESTS.get(act, '')}",
            "version": "1",
            "form_key": uuid4().hex,
            "digest": "0" * 64,
        }
        for act in papers._ACTS
    ]


_LINES = ("line", "adopt", "accept", "object", "uphold", "dismiss")
_RESTS = {
    "add": "objectives",
    "remove": "objectives.1",
    "move": "check",
    "remove_evidence": f"1:{'0' * 64}",
    **dict.fromkeys(_LINES, "1"),
}
"""What stands behind an act's colon."""


def test_not_yours_looks_like_not_there(at: Any, cast: Cast) -> None:
    address = drafted(cast)
    nowhere = re.sub(r"[0-9a-f-]{36}", str(uuid4()), address)
    task = issued(at, cast, "evaluation")
    before = AuditEvent.objects.count()
    for theirs, none in (
        (address, nowhere),
        (address.replace("target-tables", "evaluations"),) * 2,
        (task, f"/tasks/{uuid4()}/"),
    ):
        person = at("foreign_clerk")
        moved = {"act": "deadline", "deadline": "2099-01-01T00:00", "reason": "x", "version": "1"}
        close = {"act": "close", "version": "1"}
        bodies = [{}, *(_acts() if "papers" in theirs else [close, moved])]
        bodies.append({"act": "start", "project": str(cast.projects["foreign"].public_id)})
        for body in bodies:
            send = person.client.post if body else person.client.get
            body = {**body, "form_key": uuid4().hex} if body else {}
            mine, other = send(theirs, body), send(none, {**body, "form_key": uuid4().hex})
            assert mine.status_code == other.status_code, body
            if body.get("act") != "start" or "tasks" in theirs:
                assert mine.status_code == 404, body
            assert HIDE.sub(b"", mine.content) == HIDE.sub(b"", other.content), body
    assert AuditEvent.objects.count() == before


def _pages(address: str, task: str) -> list[str]:
    return [
        "/desk/", "/monitorings/", "/tasks/", "/tasks/new/", "/projects/new/", "/target-tables/new/", address, task,
    ]  # fmt: skip


def test_every_post_asks_for_its_token(at: Any, cast: Cast) -> None:
    address = drafted(cast)
    task = issued(at, cast, "evaluation")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast["clerk"])
    before = AuditEvent.objects.count()
    tried = 0
    for page in _pages(address, task):
        for body in ({"act": "read"}, {"act": "start"}, *_acts()):
            response = strict.post(page, body)
            tried += 1
            assert response.status_code in (
                {403, 405} if page in {"/tasks/", "/monitorings/"} else {403}
            ), page
    assert tried == 8 * 27
    assert AuditEvent.objects.count() == before


def test_reading_a_page_changes_nothing(at: Any, cast: Cast) -> None:
    address = drafted(cast)
    task = issued(at, cast, "evaluation")
    before = (AuditEvent.objects.count(), Notice.objects.filter(read_at=None).count())
    for name in (
        "clerk",
        "head",
        "both",
        "reviewer",
        "finance",
        "auditor",
        "foreign_clerk",
        "system",
    ):
        for page in _pages(address, task):
            for method in (at(name).client.get,):
                response = method(page)
                assert response.status_code in {200, 404}, (name, page)
                policy = response["Content-Security-Policy"]
                assert "unsafe" not in policy
                text = response.content.decode()
                assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+=", text)
    after = (AuditEvent.objects.count(), Notice.objects.filter(read_at=None).count())
    assert after == before


# ── speed ───────────────────────────────────────────────────────────────────────────────────────


def _asked(client: Any, address: str) -> int:
    """Of three looks the cheapest: now and then a session notes that it is still used."""
    found = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        found.append(len(queries))
    return min(found)


def test_pages_ask_a_constant_number_of_questions(at: Any, cast: Cast) -> None:
    address, task = drafted(cast), issued(at, cast, "evaluation")
    clerk = at("clerk").client
    few = {page: _asked(clerk, page) for page in _pages(address, task)}
    content = targets()
    many = {
        "objectives": [f"目标{n}" for n in range(30)],
        "indicators": [{**content["indicators"][0], "name": f"指标{n}"} for n in range(60)],
    }
    drafts.save(
        actor=cast["clerk"],
        paper=Paper.TARGET_TABLE,
        public_id=TargetTable.unscoped.get().public_id,
        version=2,
        body={**content, **many},
    )
    for n in range(12):
        project = Project.unscoped.create(
            name=f"又一个{n}", unit=cast.unit, department=cast.department
        )
        drafts.create_target_table(actor=cast["clerk"], project=project.public_id, fiscal_year=2024)
        issued(at, cast, "evaluation", title=f"又一个任务{n}")
    now = {page: _asked(clerk, page) for page in _pages(address, task)}
    assert now == few
    assert max(now.values()) <= 60, now


def test_a_review_page_asks_a_constant_number_of_questions(at: Any, cast: Cast) -> None:
    evaluation = evaluated(at, cast)
    finance = at("finance").open(evaluation).press("open_review")
    few = _asked(finance.client, evaluation)
    finance.press("line:", seq="1", points="20", reason_code="rule", reason="没有")
    finance.press("line:", seq="2", points="20", reason_code="rule", reason="没有")
    assert _asked(finance.client, evaluation) == few
