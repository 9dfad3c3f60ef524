"""The charts' figures: grades counted, corners judged by what is claimed, nothing lost on the way."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from performance.reports.overview import Corner, Dot, dots_chart, grade_rows, grades_chart


def _dot(rate: str | None, claimed: str | None, computed: str | None = None, **more: Any) -> Dot:
    figures = {"rate": rate, "claimed": claimed, "computed": computed}
    numbers = {name: Decimal(f) if f is not None else None for name, f in figures.items()}
    named = {"project": "项目", "unit": "单位", "claimed_grade": "", "computed_grade": "", **more}
    return Dot(project_id=UUID(int=2), public_id=uuid4(), **numbers, **named)


@pytest.mark.parametrize(
    ("rate", "claimed", "computed", "corner"),
    [
        ("0.2462", "94", "84.92", Corner.UNSPENT),
        ("0.5999", "90", None, Corner.UNSPENT),
        ("0.6", "100", None, None),
        ("0.59", "89.99", "95", None),
        ("0.59", None, "95", Corner.UNSPENT),
        ("0.9", "79.99", None, Corner.SPENT),
        ("0.8999", "10", None, None),
        ("0.9", "80", "10", None),
        ("1.2", "0", None, Corner.SPENT),
        (None, "100", None, None),
        ("0", None, None, None),
        ("0", "100", None, Corner.UNSPENT),
    ],
)
def test_corners(
    rate: str | None, claimed: str | None, computed: str | None, corner: Corner | None
) -> None:
    assert _dot(rate, claimed, computed).corner is corner


def test_grades_are_counted_claimed_beside_computed() -> None:
    counts = {("优", "良"): 1, ("优", ""): 1, ("中", "中"): 1}
    rows = grade_rows(counts)
    assert [(r.grade, r.claimed, r.computed) for r in rows] == [
        ("优", 2, 0),
        ("良", 0, 1),
        ("中", 1, 1),
        ("差", 0, 0),
        ("未定", 0, 1),
    ]
    assert [r.grade for r in grade_rows({("优", "良"): 1})] == ["优", "良", "中", "差"]
    assert grades_chart(rows)["labels"] == ["优", "良", "中", "差", "未定"]


def test_a_dot_that_cannot_be_placed_is_left_out_and_the_axis_reaches_the_last() -> None:
    dots = [_dot("1.37", "90", "80"), _dot(None, "90", "80"), _dot("0.5", None, "80")]
    chart: Any = dots_chart(dots, ["/a/", "/b/", "/c/"])
    claimed, computed = chart["series"]
    assert claimed["dots"] == [["项目", "/a/", "137.0", "90"]]
    assert computed["dots"] == [["项目", "/a/", "137.0", "80"], ["项目", "/c/", "50.0", "80"]]
    assert chart["most_rate"] == 140
    assert dots_chart([], [])["most_rate"] == 100
