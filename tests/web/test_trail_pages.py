"""The trail as auditors walk it: from a thing to its trail, by person and verb, verified on a page."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import psycopg
import pytest

from budgets.access import seen_by_system
from budgets.models import AuditEvent
from budgets.services.work import DONE, work_off
from performance.web.verbs import OBJECTS, WORDS
from tests.office import Office
from tests.ownverbs import ADMINISTRATION, ALL_CALLS
from tests.trail.test_verbs import _RECORDED
from tests.web.pages import Person


@pytest.fixture
def busy(committed: str, settings: Any, tmp_path: Path) -> Office:
    """A table in force, in a database where transactions really commit: chains are sealed."""
    from tests.cast import assemble

    settings.MEDIA_ROOT = tmp_path / "media"
    with seen_by_system():
        cast = assemble()
    office = Office(cast)
    office.approved()
    return office


def test_every_verb_has_its_words() -> None:
    verbs = {_RECORDED.get(name, name.rsplit(".", 1)[-1]) for name in ALL_CALLS}
    verbs |= {verb for verbs in ADMINISTRATION.values() for verb in verbs} - {"unlock"}
    assert verbs - set(WORDS) == set()
    assert all(not words.isascii() for words in (*WORDS.values(), *OBJECTS.values()))


def test_a_thing_leads_to_its_trail_and_a_fault_is_found(
    busy: Office, cluster: Any, committed: str
) -> None:
    project = busy.cast.projects["road"].public_id
    auditor = Person(busy["auditor"]).open(f"/projects/{project}/")
    link = [one for one in auditor.page.one("main").all("a") if one.text == "留痕"]
    auditor.open(unescape(link[0].given["href"]))
    assert "批复" in auditor.text
    assert "保存绩效目标表" in auditor.text
    assert "留痕" not in {
        one.text
        for one in Person(busy["finance"]).open(f"/projects/{project}/").page.one("main").all("a")
    }
    found = auditor.open("/audit/?person=headmaster").text
    assert "没有符合条件的留痕" in found
    rows = auditor.open("/audit/?person=head").page.one("tbody").all("tr")
    assert {row.all("td")[3].text for row in rows} == {"head甲"}
    assert auditor.open("/audit/?verb=approve").page.one("tbody").text.count("批复") == 1
    auditor.open("/audit/?person=%00", 400)

    auditor.open("/audit/").press("verify")
    assert "已登记校验" in auditor.text
    auditor.press("verify", 409)
    assert work_off() == [DONE]
    assert "首尾相接，没有发现改动" in auditor.open("/audit/").text
    assert "您看得到的 2 条链" in auditor.text
    with seen_by_system():
        assert AuditEvent.objects.filter(verb="verify_trail").count() == 1
        event = AuditEvent.objects.filter(verb="save_target_table")[0]
    with psycopg.connect(cluster.address("postgres", committed), autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("UPDATE budgets_auditevent SET verb = 'submit' WHERE id = %s", [event.pk])
    auditor.open("/audit/").press("verify")
    assert work_off() == [DONE]
    assert re.search(r"发现 1 处不符.*内容与摘要不符：此条被改动", auditor.open("/audit/").text)
    assert Person(busy["clerk"]).open("/audit/", 404)
