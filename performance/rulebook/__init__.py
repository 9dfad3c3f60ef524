"""The rules as data: one YAML file per legal measure, each with its source."""

from __future__ import annotations

from performance.rulebook.book import UnknownRuleset, all_rulesets, changed, load, ruleset_for
from performance.rulebook.loader import RulebookError

__all__ = ["RulebookError", "UnknownRuleset", "all_rulesets", "changed", "load", "ruleset_for"]
