"""Columns by region, level cells that run down, and the kinds of cause of the monitoring form."""

from __future__ import annotations

import pytest

from performance.reports.forms import CAUSES, causes_of, spans, target_form


def test_level_cells_run_down_over_their_rows() -> None:
    rows = [
        ("产出", "数量"),
        ("产出", "数量"),
        ("产出", "质量"),
        ("效益", "质量"),
        ("产出", "数量"),
    ]
    assert spans(rows) == [(3, 2), (0, 0), (0, 1), (1, 1), (1, 1)]
    assert spans([("", ""), ("", ""), ("产出", ""), ("产出", "")]) == [
        (1, 1),
        (1, 1),
        (2, 1),
        (0, 1),
    ]
    assert spans([]) == []
    whole = [("产出", "数量")] * 40
    assert spans(whole) == [(40, 40), *[(0, 0)] * 39]


def test_each_row_is_covered_once() -> None:
    rows = [
        ("甲", "一"),
        ("甲", "一"),
        ("甲", ""),
        ("", "一"),
        ("乙", "一"),
        ("乙", "二"),
        ("乙", "二"),
    ]
    found = spans(rows)
    assert sum(one for one, _ in found) == sum(two for _, two in found) == len(rows)


@pytest.mark.parametrize(
    ("region", "columns"),
    [
        ("130000", ["definition", "target", "basis"]),
        ("140100", ["target"]),
        ("652800", ["target", "basis", "prior_actual", "points", "scoring_rule", "evidence"]),
        ("420700", ["target", "points", "basis", "scoring_rule"]),
        ("", ["target", "points", "basis", "scoring_rule"]),
    ],
)
def test_the_form_of_a_region(region: str, columns: list[str]) -> None:
    form = target_form(region)
    assert [name for name, _, _ in form.columns] == columns
    assert sum(width for _, _, width in form.columns) <= 70, "the levels want their share"


@pytest.mark.parametrize(
    ("text", "kinds", "rest"),
    [
        ("经费保障：资金七月才到", {"经费保障"}, "资金七月才到"),
        ("人员保障、硬件条件保障: 缺人缺车", {"人员保障", "硬件条件保障"}, "缺人缺车"),
        (" 其他：\n天气", {"其他"}, "天气"),
        ("缺少经费保障：说不清", set(), "缺少经费保障：说不清"),
        ("经费保障不足", set(), "经费保障不足"),
        ("", set(), ""),
    ],
)
def test_the_kinds_of_cause(text: str, kinds: set[str], rest: str) -> None:
    assert causes_of(text) == (frozenset(kinds), rest)
    assert kinds <= set(CAUSES)
