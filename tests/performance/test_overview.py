"""The charts' figures: grades counted, corners judged by what is claimed, nothing lost on the way."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest

from budgets import audit
from performance.models import IN_A_CORNER, Evaluation, EvaluationKind
from performance.reports.overview import Corner, Dot, dots_chart, grade_rows, grades_chart
from performance.scoring.execution import execution_rate
from tests.worlds import World, published


def _dot(rate: str | None, claimed: str | None, computed: str | None = None, **more: Any) -> Dot:
    figures = {"rate": rate, "claimed": claimed, "computed": computed}
    numbers = {name: Decimal(f) if f is not None else None for name, f in figures.items()}
    named = {"project": "项目", "unit": "单位", "claimed_grade": "", "computed_grade": "", **more}
    return Dot(project_id=UUID(int=2), public_id=uuid4(), **numbers, **named)


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


@pytest.mark.parametrize(
    ("rate", "claimed", "computed", "corner"),
    [
        ("0.2462", "94", "84.92", Corner.UNSPENT),
        ("0.5999", "90", None, Corner.UNSPENT),
        ("0.6", "100", None, None),
        ("0.59", "89.99", "95", None),
        ("0.59", None, "95", None),
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
    assert chart["projects"] == [["项目", "/a/", "137.0"], ["项目", "/c/", "50.0"]]
    assert claimed["dots"] == [[0, "90"]]
    assert computed["dots"] == [[0, "80"], [1, "80"]]
    assert chart["most_rate"] == 140
    assert dots_chart([], [])["most_rate"] == 100


BUDGETS = (None, "-5", "0", "33.33", "100")
EXECUTED = (None, "0", "19.99", "20", "29.99", "30", "59.99", "60", "89.99", "90")
CLAIMED = (None, "79.99", "80", "89.99", "90")


def test_the_database_finds_in_a_corner_what_the_rule_puts_there(scene: Any) -> None:
    world: World = scene(published)
    like = Evaluation.unscoped.filter(unit=world.unit).first()
    assert like is not None
    free = product(set(range(2000, 2101)) - {like.fiscal_year}, EvaluationKind.values)
    rows = [
        Evaluation(
            project_id=like.project_id,
            table_id=like.table_id,
            department_id=like.department_id,
            unit_id=like.unit_id,
            ruleset=like.ruleset,
            fiscal_year=year,
            kind=kind,
            budget_used=budget and Decimal(budget),
            executed=executed and Decimal(executed),
            total_claimed=claimed and Decimal(claimed),
        )
        for (budget, executed, claimed), (year, kind) in zip(
            product(BUDGETS, EXECUTED, CLAIMED), free, strict=False
        )
    ]
    assert len(rows) == len(BUDGETS) * len(EXECUTED) * len(CLAIMED)
    audit.record(
        actor=world.finance,
        verb="fill",
        object_type="evaluation",
        object_id="many",
        department_id=like.department_id,
        detail={"rows": len(rows)},
    )
    made = Evaluation.unscoped.bulk_create(rows)
    expected = {
        row.pk
        for row in made
        if _dot(
            _text(execution_rate(row.executed, row.budget_used)), _text(row.total_claimed)
        ).corner
    }
    found = Evaluation.unscoped.filter(IN_A_CORNER, pk__in=[row.pk for row in made])
    assert set(found.values_list("pk", flat=True)) == expected
    assert 0 < len(expected) < len(rows)
