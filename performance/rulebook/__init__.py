"""The rules as data: one YAML file per legal measure, each with its source."""

from __future__ import annotations

from performance.rulebook.book import UnknownRuleset, all_rulesets, changed, load, ruleset_for
from performance.rulebook.criteria import all_review_rules, review_rules
from performance.rulebook.loader import RulebookError

__all__ = [
    "RulebookError",
    "UnknownRuleset",
    "all_review_rules",
    "all_rulesets",
    "changed",
    "load",
    "review_rules",
    "ruleset_for",
]
