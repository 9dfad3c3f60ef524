"""Written values ↔ the columns they are kept in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from budgets.text import without_controls
from performance.models.values import ValueColumns
from performance.values import Comparator, Value, ValueKind

_LARGEST = Decimal(10) ** 18
_PLACES = Decimal("0.0000000001")


def value_columns(value: Value | None) -> dict[str, Any]:
    """Columns of a value; a missing one leaves them empty.

    A figure too large for its column stays as words: nothing real is that large.
    """
    if value is None:
        return {}
    columns: dict[str, Any] = {
        "text": without_controls(value.text),
        "kind": value.kind.value,
        "comparator": value.comparator.value if value.comparator else "",
        "measure_unit": without_controls(value.unit or "")[:40],
        "approximate": value.approximate,
        "inferred": list(value.inferred),
        "value_problems": list(value.problems),
    }
    for plain, upper, figure in (
        ("number", "number_upper", Decimal),
        ("day", "day_upper", date),
    ):
        if isinstance(value.value, figure):
            columns[plain], columns[upper] = value.value, value.upper
    if any(_too_large(columns.get(name)) for name in ("number", "number_upper")):
        return {
            "text": columns["text"],
            "kind": ValueKind.QUALITATIVE.value,
            "value_problems": ["T01"],
        }
    return columns


def blank_value() -> dict[str, Any]:
    """The columns of a value that is not there: what a shorter value does not fill is emptied."""
    return {
        "text": "",
        "kind": "",
        "comparator": "",
        "number": None,
        "number_upper": None,
        "day": None,
        "day_upper": None,
        "measure_unit": "",
        "approximate": False,
        "inferred": [],
        "value_problems": [],
    }


def _too_large(figure: Any) -> bool:
    if not isinstance(figure, Decimal):
        return False
    return abs(figure) >= _LARGEST or figure != figure.quantize(_PLACES)


def value_of(row: ValueColumns) -> Value | None:
    """The value a row keeps; None when it is missing."""
    if not row.kind:
        return None
    return Value(
        text=row.text,
        kind=ValueKind(row.kind),
        comparator=Comparator(row.comparator) if row.comparator else None,
        value=trimmed(row.number) if row.number is not None else row.day,
        upper=trimmed(row.number_upper) if row.number_upper is not None else row.day_upper,
        unit=row.measure_unit or None,
        approximate=row.approximate,
        inferred=tuple(row.inferred),
        problems=tuple(row.value_problems),
    )


def trimmed(number: Decimal | None) -> Decimal | None:
    """The figure without the zeros of its column, in plain notation; missing stays missing."""
    return None if number is None else Decimal(f"{number.normalize():f}")
