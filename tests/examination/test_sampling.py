"""The draw is the same for the same seed, fair to every stratum, and says what it came to."""

from __future__ import annotations

import uuid
from collections import Counter
from decimal import Decimal

import pytest

from performance.examination.sampling import (
    AMOUNTS,
    RISKS,
    Candidate,
    Checked,
    Stratum,
    amount_class,
    digest_of,
    draw,
    risk_class,
    summarise,
)


def _population(**sizes: int) -> list[Candidate]:
    return [
        Candidate(
            id=str(uuid.uuid5(uuid.NAMESPACE_OID, f"{name}{n}")),
            stratum=Stratum(department=name, amount="small", risk="low"),
        )
        for name, size in sizes.items()
        for n in range(size)
    ]


def test_drawn_again_it_is_the_same_in_whatever_order_it_came() -> None:
    population = _population(a=20, b=7, c=3)
    first = draw(population, seed="2024-秋", size=10)
    assert draw(list(reversed(population)), seed="2024-秋", size=10) == first
    other = draw(population, seed="2024-冬", size=10)
    assert other.digest == first.digest
    assert set(other.drawn) != set(first.drawn)


def test_a_draw_known_by_heart() -> None:
    """Worked out by hand with sha256sum: whoever changes the method breaks old samples."""
    stratum = Stratum(department="d", amount="small", risk="low")
    population = [Candidate(id=name, stratum=stratum) for name in ("a", "b", "c", "d", "e")]
    assert [one.id for one in draw(population, seed="1", size=3).drawn] == KNOWN


KNOWN = ["b", "d", "c"]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (0, {"a": 1, "b": 1, "c": 1}),
        (3, {"a": 1, "b": 1, "c": 1}),
        (4, {"a": 2, "b": 1, "c": 1}),
        (16, {"a": 10, "b": 4, "c": 2}),
        (30, {"a": 20, "b": 7, "c": 3}),
        (99, {"a": 20, "b": 7, "c": 3}),
    ],
)
def test_every_stratum_has_one_and_the_rest_is_in_proportion(
    size: int, expected: dict[str, int]
) -> None:
    sample = draw(_population(a=20, b=7, c=3), seed="s", size=size)
    assert Counter(one.stratum.department for one in sample.drawn) == expected
    assert {share.stratum.department: share.drawn for share in sample.shares} == expected
    assert [share.population for share in sample.shares] == [20, 7, 3]


def test_nothing_is_drawn_twice_and_only_from_the_population() -> None:
    population = _population(a=40, b=9)
    drawn = [one.id for one in draw(population, seed="s", size=25).drawn]
    assert len(drawn) == len(set(drawn)) == 25
    assert set(drawn) <= {one.id for one in population}


def test_the_draw_favours_nobody() -> None:
    population = _population(a=10)
    hits = Counter(
        one.id for n in range(2000) for one in draw(population, seed=str(n), size=1).drawn
    )
    assert len(hits) == 10
    assert all(140 < count < 260 for count in hits.values())


def test_the_digest_tells_of_every_change() -> None:
    population = _population(a=3)
    moved = Candidate(
        id=population[0].id, stratum=Stratum(department="a", amount="small", risk="high")
    )
    assert digest_of(population) == digest_of(reversed(population))
    digests = {
        digest_of(population),
        digest_of(population[:2]),
        digest_of([moved, *population[1:]]),
        digest_of([]),
    }
    assert len(digests) == 4


def test_an_empty_population_gives_an_empty_sample() -> None:
    assert draw([], seed="s", size=5).drawn == ()


def test_one_id_twice_is_no_population() -> None:
    population = _population(a=2)
    with pytest.raises(ValueError, match="twice"):
        draw([*population, population[0]], seed="s", size=1)


@pytest.mark.parametrize(
    ("budget", "expected"),
    [
        (None, "unknown"),
        (Decimal(0), "small"),
        (Decimal(999_999), "small"),
        (Decimal(1_000_000), "middle"),
        (Decimal(9_999_999), "middle"),
        (Decimal(10_000_000), "large"),
    ],
)
def test_classes_of_money(budget: Decimal | None, expected: str) -> None:
    assert amount_class(budget) == expected
    assert expected in AMOUNTS


@pytest.mark.parametrize(
    ("risk", "expected"), [(0, "low"), (39, "low"), (40, "middle"), (79, "middle"), (80, "high")]
)
def test_classes_of_risk(risk: int, expected: str) -> None:
    assert risk_class(risk) == expected
    assert expected in RISKS


def _checked(name: str, claimed: str | None, found: str | None, *grades: str) -> Checked:
    own, grade = (*grades, "", "")[:2]
    return Checked(
        department=name,
        claimed=Decimal(claimed) if claimed else None,
        claimed_grade=own,
        checked=Decimal(found) if found else None,
        grade=grade,
    )


def test_what_a_check_came_to() -> None:
    found = summarise(
        [
            _checked("甲局", "99", "90", "优", "优"),
            _checked("甲局", "98", "79.5", "优", "中"),
            _checked("乙局", "90", "92", "优", "优"),
            _checked("乙局", None, "80", "", "良"),
            _checked("丙局", "100", None, "优"),
        ]
    )
    assert (found.drawn, found.checked, found.compared, found.changed) == (5, 4, 3, 1)
    assert found.mean == Decimal("8.50")
    assert [(d.department, d.checked, d.mean, d.changed) for d in found.departments] == [
        ("甲局", 2, Decimal("13.75"), 1),
        ("乙局", 1, Decimal("-2.00"), 0),
    ]


def test_nothing_checked_yet() -> None:
    found = summarise([_checked("甲局", "99", None, "优")])
    assert (found.drawn, found.checked, found.mean, found.departments) == (1, 0, None, ())
