"""The points that a target table is to have by the rule set of its place and year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from performance.examination.limits import thresholds_for
from performance.models import TargetTable
from performance.rulebook import load, ruleset_for
from performance.scoring.points import level1_points, whole_points

_KINDS = (("成本",), ("满意度",), ("成本", "满意度"), ())
"""A set splits the points anew for tables with a cost, and for tables without a satisfaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsTemplate:
    """What the points bar of the editor holds the typed points against; the check-up judges."""

    ruleset: str
    title: str
    total: Decimal
    """Of all indicators, where the table prints no total of its own."""
    totals: tuple[Decimal, ...]
    """Totals that are not found wanting."""
    levels: Mapping[tuple[str, ...], Mapping[str, Decimal]]
    """Points by level 1, by which of 成本 and 满意度 the table has."""
    binding: bool
    """Whether the split is the set's rule and not only its suggestion."""


def points_template(row: TargetTable) -> PointsTemplate:
    """The template of a table's place and year. Asks nothing when the region is read with the row."""
    region = row.department.region.code
    rules = load(ruleset_for(region, row.fiscal_year))
    total = whole_points(rules)
    limits = thresholds_for(region, row.fiscal_year)
    return PointsTemplate(
        ruleset=rules.id,
        title=rules.source.title,
        total=total,
        totals=tuple(sorted({total, *limits.target_totals})),
        levels={kind: level1_points(rules, kind) for kind in _KINDS},
        binding=rules.level1_binding,
    )
