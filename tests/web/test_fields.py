"""Names of fields are places of the content: read back, shown, merged, and nothing else is read."""

from __future__ import annotations

from typing import Any

import pytest

from performance.documents.typed import MOST_ROWS
from performance.reports.comparison import compare
from performance.web.fields import (
    choices,
    flat_content,
    grown,
    merged,
    sheet_of,
    typed_content,
)
from performance.workflow import Paper
from tests.contents import actuals, progress, targets


@pytest.mark.parametrize(
    ("paper", "content"),
    [
        (Paper.TARGET_TABLE, targets()),
        (Paper.EVALUATION, actuals()),
        (Paper.EVALUATION, actuals(execution=None)),
        (Paper.MONITORING, progress()),
    ],
)
def test_a_content_comes_back_from_its_fields(paper: Paper, content: dict[str, Any]) -> None:
    assert grown(flat_content(content), paper) == content


def test_yes_no_and_nothing_are_three_things() -> None:
    for word, value in (("是", True), ("否", False), ("", None)):
        given = {"execution.budget": "1", "execution.finished": word}
        content = typed_content(given, Paper.EVALUATION)
        assert content["execution"]["finished"] is value
        back = flat_content(content)
        assert back["execution.finished"] == word


@pytest.mark.parametrize(
    "name",
    [
        "indicators", "indicators.0.name", "indicators.99999.name", "indicators.1.status",
        "indicators.1.name.more", "objectives.1.text", "status", "version", "lock_version",
        "department_id", "funds.1", "actuals.1.actual", "indicators.１.name", "",
    ],
)  # fmt: skip
def test_what_is_no_place_is_not_read(name: str) -> None:
    empty = {"objectives": [], "funds": [], "indicators": []}
    assert typed_content({name: "x"}, Paper.TARGET_TABLE) == empty


def test_blank_rows_are_no_rows_and_gaps_close() -> None:
    given = {"objectives.2": " ", "objectives.7": "七", "indicators.3.name": "三"}
    content = typed_content({**given, "indicators.1.name": ""}, Paper.TARGET_TABLE)
    assert content["objectives"] == ["七"]
    assert content["indicators"] == [{"name": "三"}]
    assert MOST_ROWS < 1000


def test_who_alone_changed_a_place_is_proposed() -> None:
    before, theirs, mine = targets(), targets(unit="他", goal_points="1"), targets(unit="我")
    mine["supervisor"] = "我的局"
    found = {c.difference.at: (c.asked, c.proposed) for c in choices(compare(before, theirs, mine))}
    assert found == {
        "goal_points": (True, "theirs"),
        "supervisor": (True, "mine"),
        "unit": (True, ""),
    }
    same = choices(compare(before, targets(unit="同"), targets(unit="同")))
    assert [one.asked for one in same] == [False]


def test_a_row_of_theirs_can_be_taken_over() -> None:
    theirs = targets()
    theirs["indicators"] = [*theirs["indicators"], {"name": "第四", "target": "≥1"}]
    fields = flat_content(targets(unit="我"))
    for one in compare(targets(), theirs, targets(unit="我")):
        fields[f"take.{one.at}"] = "mine" if one.at == "unit" else "theirs"
        fields[f"theirs.{one.at}"] = one.theirs
    fields["take.status"] = "theirs"
    fields["theirs.status"] = "approved"
    content = merged(fields, Paper.TARGET_TABLE)
    assert content["unit"] == "我"
    assert content["indicators"][3] == {"name": "第四", "target": "≥1"}
    assert set(content) == set(targets())


def test_an_error_that_has_no_field_is_told_all_the_same() -> None:
    errors = {"goal_points": "不对", "indicators.9.name": "没有这一行", "objectives.1.text": "太长"}
    sheet = sheet_of(Paper.TARGET_TABLE, targets(), errors=errors)
    assert sheet.single["goal_points"].error == "不对"
    assert sheet.objectives[0].error == "太长"
    assert sheet.misplaced == {"指标 第9行 三级指标": "没有这一行"}
