"""All rule sets by id, and which one a place and a year follow."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from performance.rulebook.loader import load_changed, load_file
from performance.scoring.rules import RuleSet

RULESETS = Path(__file__).parent / "rulesets"
_BY_REGION = {"42": "hubei-2020", "65": "xinjiang-2023", "51": "sichuan-2023"}
"""First two digits of the region code (GB/T 2260) → rule set of the province."""
NATIONAL = "mof-2020-10"
"""Followed where no province has its own."""


class UnknownRuleset(ValueError):
    """There is no rule set of that id; the message names those there are."""


@cache
def all_rulesets() -> dict[str, RuleSet]:
    """Every rule set by id, in the order of ids. Raises RulebookError for a bad file."""
    found = [load_file(path) for path in sorted(RULESETS.glob("*.yaml"))]
    return {rules.id: rules for rules in found}


def load(identity: str) -> RuleSet:
    """One rule set by id. Raises UnknownRuleset."""
    rules = all_rulesets().get(identity)
    if rules is None:
        known = "、".join(all_rulesets())
        raise UnknownRuleset(f"没有规则集“{identity[:60]}”；现有：{known}")
    return rules


def changed(identity: str, changes: Mapping[str, Any]) -> RuleSet:
    """A rule set with other thresholds, as ``<id>-changed``; in no register.

    Raises UnknownRuleset, and RulebookError for changes that make no rule set.
    """
    rules = load(identity)
    return load_changed(RULESETS / f"{rules.id}.yaml", f"{rules.id}-changed", changes)


def ruleset_for(region_code: str, fiscal_year: int) -> str:
    """Id of the rule set a region follows in a fiscal year: the province's own, else the national."""
    identity = _BY_REGION.get(region_code[:2], NATIONAL)
    if load(identity).from_fiscal_year > fiscal_year:
        return NATIONAL
    return identity
