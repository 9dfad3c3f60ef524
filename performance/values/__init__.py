"""Written values: texts in, figures with their units and comparators out. Total, and pure."""

from __future__ import annotations

from performance.values.figures import Located, is_unit_alone, located
from performance.values.inference import (
    infer_comparator,
    is_cost,
    is_duration,
    is_lower_better,
    is_satisfaction,
    is_standard,
)
from performance.values.model import Comparator, Value, ValueContext, ValueKind
from performance.values.numbers import (
    AmountRead,
    parse_amount,
    parse_number,
    parse_share,
    plain,
    read_amount,
)
from performance.values.reading import is_placeholder, parse_actual, parse_target, yes_no
from performance.values.text import aligned, is_empty, normalise
from performance.values.units import Unit, read_unit

__all__ = [
    "AmountRead",
    "Comparator",
    "Located",
    "Unit",
    "Value",
    "ValueContext",
    "ValueKind",
    "aligned",
    "infer_comparator",
    "is_cost",
    "is_duration",
    "is_empty",
    "is_lower_better",
    "is_placeholder",
    "is_satisfaction",
    "is_standard",
    "is_unit_alone",
    "located",
    "normalise",
    "parse_actual",
    "parse_amount",
    "parse_number",
    "parse_share",
    "parse_target",
    "plain",
    "read_amount",
    "read_unit",
    "yes_no",
]
