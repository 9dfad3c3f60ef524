"""The list of projects and the life of one: what is shown, to whom, in how many questions."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from budgets.models import AuditEvent, Project
from performance.selectors import pages
from performance.services import exports
from tests.filled import Filled, fill


@pytest.fixture
def filled(scene: Any) -> Filled:
    return scene(fill)  # type: ignore[no-any-return]


def _client(filled: Filled, name: str) -> Client:
    client = Client()
    client.force_login(filled.cast[name])
    client.get("/rules/")
    return client


def _names(html: str) -> list[str]:
    body = html.split("<tbody>")[1].split("</tbody>")[0] if "<tbody>" in html else ""
    return re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', body)


def test_each_account_finds_its_own_projects(filled: Filled) -> None:
    for person, names in (
        ("clerk", ["clinic项目", "road项目"]),
        ("reviewer", ["sister项目", "clinic项目", "road项目"]),
        ("foreign_clerk", ["foreign项目"]),
        ("security", []),
    ):
        assert _names(_client(filled, person).get("/projects/").content.decode()) == names


def test_filters_narrow_and_stay_in_the_address(filled: Filled, monkeypatch: Any) -> None:
    client = _client(filled, "finance")
    department = str(filled.cast.department.public_id)
    found = {
        "q=road": ["road项目"],
        "q=ROAD": ["road项目"],
        "q=甲一": ["clinic项目", "road项目"],
        "q=%25": [],
        "year=2024": ["road项目"],  # the other has a draft only, which is not for these eyes
        "year=2023": [],
        f"department={department}&q=s": ["sister项目"],
        "department=x&year=x&column=nothing&cursor=x": None,
    }
    for query, names in found.items():
        html = client.get(f"/projects/?{query}").content.decode()
        if names is not None:
            assert sorted(_names(html)) == sorted(names), query
    monkeypatch.setattr(pages, "PAGE_SIZE", 1)
    html = client.get(f"/projects/?q=项目&department={department}&column=code").content.decode()
    address = re.search(r'href="(\?[^"]+cursor=[^"]+)"', html)
    assert address is not None
    kept = parse_qs(urlsplit(address[1].replace("&amp;", "&")).query)
    assert (kept["q"], kept["department"], kept["column"]) == (["项目"], [department], ["code"])
    following = client.get(f"/projects/{address[1].replace('&amp;', '&')}").content.decode()
    assert (_names(html), _names(following)) == (["sister项目"], ["clinic项目"])
    assert "主管部门</th>" not in html
    assert "项目代码</th>" in html


def test_what_is_shown_can_be_taken_away(filled: Filled) -> None:
    """The same filters, columns and eyes; no text acts as a formula; words stay out of the trail."""
    unit = filled.cast.unit
    Project.unscoped.create(name="=cmd|' /C calc'!A0", unit=unit, department=unit.department)
    client = _client(filled, "finance")
    query = {"q": "甲一", "year": "", "column": ["code", "computed"]}
    shown = _names(client.get("/projects/", query).content.decode())
    assert len(shown) == 3
    answer = client.post("/projects/", {**query, "format": "csv"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["项目", "单位", "项目代码", "按规则得分"]
    assert [row[0].removeprefix("'") for row in rows[1:]] == [unescape(name) for name in shown]
    assert [row[0] for row in rows if "cmd" in row[0]] == ["'=cmd|' /C calc'!A0"]
    workbook = client.post("/projects/", {**query, "format": "xlsx"})
    assert workbook.content.startswith(b"PK")
    assert "attachment" in workbook["Content-Disposition"]
    event = AuditEvent.objects.filter(verb="export_projects").latest("id")
    assert "甲一" not in event.canonical
    assert client.post("/projects/", {**query, "format": "exe"}).status_code == 400
    stranger = _client(filled, "foreign_clerk").post("/projects/", {"format": "csv"})
    assert "foreign项目" in stranger.content.decode("utf-8-sig")
    assert "road项目" not in stranger.content.decode("utf-8-sig")


def test_more_than_a_request_can_make_is_refused(filled: Filled, monkeypatch: Any) -> None:
    monkeypatch.setattr(exports, "MOST_SHOWN", 2)
    answer = _client(filled, "finance").post("/projects/", {"format": "csv"})
    assert answer.status_code == 400
    assert "请先按部门、年度或名称缩小范围" in answer.content.decode()


def test_a_life_tells_every_paper_and_every_hand(filled: Filled) -> None:
    html = _client(filled, "clerk").get(f"/projects/{filled.ids['project']}/").content.decode()
    for part in (
        "2024 年",
        "第 1 版",
        "已批复",
        "截至 7 月",
        "自评 99.00 分",
        "单位审核通过",
        "批复",
    ):
        assert part in html, part
    for kind, name in (("target-tables", "target_table"), ("evaluations", "evaluation")):
        assert f"/papers/{kind}/{filled.ids[name]}/" in html


def test_not_there_and_not_yours_look_the_same(filled: Filled) -> None:
    client = _client(filled, "foreign_clerk")
    mine = client.get(f"/projects/{filled.ids['project']}/")
    none = client.get(f"/projects/{filled.ids['unit']}/")
    assert (mine.status_code, none.status_code) == (404, 404)


def test_a_draft_is_on_no_line_of_those_who_may_not_see_it(filled: Filled) -> None:
    clinic = filled.cast.projects["clinic"].public_id
    assert (
        filled.ids["draft"] in _client(filled, "clerk").get(f"/projects/{clinic}/").content.decode()
    )
    other = _client(filled, "finance").get(f"/projects/{clinic}/").content.decode()
    assert filled.ids["draft"] not in other
    assert "还没有表" in other


def test_many_projects_ask_no_more_than_one(
    filled: Filled, django_assert_max_num_queries: Any
) -> None:
    client = _client(filled, "finance")
    with django_assert_max_num_queries(18):
        client.get("/projects/")
    unit = filled.cast.unit
    Project.unscoped.bulk_create(
        Project(name=f"多{n}", unit=unit, department=unit.department) for n in range(60)
    )
    with django_assert_max_num_queries(18):
        client.get("/projects/")
    with django_assert_max_num_queries(18):
        client.get(f"/projects/{filled.ids['project']}/")
