"""A rule set in words: what it says stands in its data, and what it shows is what the engine does."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from performance.rulebook import all_rulesets, load
from performance.rulebook.words import compared_with, described, differences, examples
from performance.scoring import RuleSet

SETS = list(all_rulesets().values())


def _said(rules: RuleSet) -> dict[str, str]:
    return {rule.label: rule.words for rule in described(rules)}


@pytest.mark.parametrize("rules", SETS, ids=lambda rules: rules.id)
def test_every_figure_of_a_set_is_said(rules: RuleSet) -> None:
    words = "；".join(_said(rules).values())
    figures = [rules.execution_points, *(grade.lower for grade in rules.grades)]
    figures += [cap.total_at_most for cap in rules.caps]
    shares = [band.lower for band in (*rules.execution_bands, *rules.satisfaction_bands)]
    shares += [tier.lower for tier in rules.tiers] + [cap.rate_below for cap in rules.caps]
    shares += [rules.floor] if rules.floor is not None else []
    assert all(f"{figure:f}".rstrip(".") in words for figure in figures)
    assert all(f"{(share * 100).normalize():f}%" in words for share in shares if share)
    assert all(tier.label in words for tier in rules.tiers)


def test_another_figure_is_another_sentence() -> None:
    rules = load("capped-by-execution")
    for changed in (
        replace(rules, execution_points=Decimal(15)),
        replace(rules, flag_at=Decimal("1.5")),
        replace(rules, caps=()),
        replace(rules, execution_explain_below=Decimal("0.9")),
        replace(rules, goal_points=Decimal(90)),
        replace(rules, grades=rules.grades[1:]),
    ):
        assert len(differences(changed, rules)) == 1
    assert differences(rules, rules) == ()


def test_a_set_is_shown_beside_the_one_it_extends_else_the_national_one() -> None:
    beside = {rules.id: other.id for rules in SETS if (other := compared_with(rules)) is not None}
    assert beside.pop("mof-2021-101") == load("mof-2021-101").extends == "mof-2020-10"
    assert "mof-2020-10" not in beside
    assert set(beside.values()) == {"mof-2020-10"}


@pytest.mark.parametrize(
    ("ruleset", "awarded"),
    [
        # worked out by hand from the sentences of each set
        ("mof-2020-10", ["13.33", "8.33", "5.00", "10.00", "10.00", "6.00", None, "9.50", "5.50"]),
        ("mof-2021-101", ["3.33", "5.83", "0.00", "10.00", "8.00", "6.00", None, "7.00", "0.00"]),
        ("linear-excess", ["13.33", "8.00", "0.00", "10.00", "10.00", "6.00", None, "9.50", "5.50"]),
        ("hubei-2020", ["13.33", "8.33", "5.00", "10.00", "10.00", "5.00", None, "19.00", "11.00"]),
        ("capped-by-execution", ["13.33", "8.33", "5.00", "8.00", "10.00", "6.00", None, "19.00", "11.00"]),
    ],
)  # fmt: skip
def test_the_examples_are_what_the_rules_make_of_them(
    ruleset: str, awarded: list[str | None]
) -> None:
    found = examples(load(ruleset))
    assert [None if e.awarded is None else str(e.awarded) for e in found] == awarded
    assert all(e.explanation for e in found)


def test_what_a_set_does_not_say_is_not_said() -> None:
    bands = replace(load("mof-2021-101"), execution_finished_share=None, flag_at=None)
    said = _said(bands)
    assert "已完成" not in said["预算执行率"]
    assert said["超额完成"] == "没有规定"
