"""The units a bureau may ask: department by department, a page at a time, or those found by name.

What is chosen stays chosen wherever one looks: choices that are not in view are listed apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from budgets.access import units_in_reach
from budgets.models import BudgetUnit, Role, User

DEPARTMENTS = 50
"""Departments in view at once."""
_OPENED = 5
"""Departments that a search opens of itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """What is chosen so far, and where one looks."""

    everyone: bool = False
    departments: frozenset[UUID] = frozenset()
    """Departments of which all units are meant."""
    units: frozenset[UUID] = frozenset()
    opened: frozenset[UUID] = frozenset()
    """Departments whose units are shown one by one."""
    words: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeUnit:
    """A unit in the tree of its department."""

    public_id: UUID
    name: str
    depth: int
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeDepartment:
    """A department; its units in the order of the tree when it is opened, else none."""

    public_id: UUID
    name: str
    count: int
    chosen: bool
    found: int
    """How many of its units carry the words that were looked for."""
    units: tuple[TreeUnit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """A choice that is not in view; ``count`` is that of a whole department, None for one unit."""

    public_id: UUID
    name: str
    count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitTree:
    """A page of departments with what is chosen."""

    everyone: bool
    units: int
    departments: int
    """How many departments there are in all."""
    words: str
    matching: int
    """How many departments the words are found in; without words, all."""
    rows: tuple[TreeDepartment, ...]
    page: int
    pages: int
    elsewhere: tuple[Elsewhere, ...]


def may_ask(user: User) -> bool:
    """Whether there are units that an account may give tasks to."""
    return _reach(user).exists()


def asked_units(user: User, picked: Picked) -> list[UUID]:
    """All units that are meant: everybody's, those of whole departments, and the single ones.

    Single ones are not looked up: the service refuses those out of reach.
    """
    if picked.everyone:
        return list(_reach(user).values_list("public_id", flat=True))
    found = set(picked.units)
    if picked.departments:
        whole = _reach(user).filter(department__public_id__in=picked.departments)
        found.update(whole.values_list("public_id", flat=True))
    return list(found)


def unit_tree(user: User, picked: Picked) -> UnitTree:
    """The part of the tree one looks at, in a constant number of queries."""
    counts = {row["department_id"]: row for row in _by_department(_reach(user))}
    words = picked.words.strip()
    matching = dict.fromkeys(counts, 0)
    if words:
        named = Q(name__icontains=words)
        found = _reach(user).filter(named | Q(department__name__icontains=words))
        matching = {
            row["department_id"]: row["found"]
            for row in _by_department(found).annotate(found=Count("pk", filter=named))
        }
    ids = list(matching)
    pages = max(1, -(-len(ids) // DEPARTMENTS))
    page = min(max(picked.page, 1), pages)
    shown = ids[(page - 1) * DEPARTMENTS : page * DEPARTMENTS]
    chosen = list(
        _reach(user).filter(public_id__in=picked.units).order_by("name", "pk")
        if picked.units
        else ()
    )
    opened = {key for key in shown if counts[key]["department__public_id"] in picked.opened}
    opened.update({unit.department_id for unit in chosen} & set(shown))
    opened.update([key for key in shown if matching[key]][:_OPENED])
    units = _units_of(user, opened)
    return UnitTree(
        everyone=picked.everyone,
        units=sum(row["count"] for row in counts.values()),
        departments=len(counts),
        words=words,
        matching=len(ids),
        rows=tuple(
            TreeDepartment(
                public_id=counts[key]["department__public_id"],
                name=counts[key]["department__name"],
                count=counts[key]["count"],
                chosen=counts[key]["department__public_id"] in picked.departments,
                found=matching[key],
                units=tuple(_tree(units.get(key, ()), picked)),
            )
            for key in shown
        ),
        page=page,
        pages=pages,
        elsewhere=(
            *(
                Elsewhere(
                    public_id=row["department__public_id"],
                    name=row["department__name"],
                    count=row["count"],
                )
                for key, row in counts.items()
                if row["department__public_id"] in picked.departments and key not in shown
            ),
            *(
                Elsewhere(public_id=unit.public_id, name=unit.name, count=None)
                for unit in chosen
                if unit.department_id not in opened
            ),
        ),
    )


def _reach(user: User) -> QuerySet[BudgetUnit]:
    return units_in_reach(user, Role.FINANCE_REVIEWER)


def _by_department(units: QuerySet[BudgetUnit]) -> Any:
    named = units.values("department_id", "department__public_id", "department__name")
    return named.annotate(count=Count("pk")).order_by("department__name", "department_id")


def _units_of(user: User, departments: set[int]) -> dict[int, list[BudgetUnit]]:
    found: dict[int, list[BudgetUnit]] = {}
    if departments:
        rows = _reach(user).filter(department_id__in=departments)
        for unit in rows.order_by("code", "name", "id"):
            found.setdefault(unit.department_id, []).append(unit)
    return found


def _tree(units: Sequence[BudgetUnit], picked: Picked) -> list[TreeUnit]:
    """Parents before their children. A unit whose parent is out of reach stands at the root."""
    known = {unit.pk for unit in units}
    children: dict[int | None, list[BudgetUnit]] = {}
    for unit in units:
        children.setdefault(unit.parent_id if unit.parent_id in known else None, []).append(unit)
    ordered: list[TreeUnit] = []
    pending = [(unit, 0) for unit in reversed(children.get(None, []))]
    while pending:
        unit, depth = pending.pop()
        ordered.append(
            TreeUnit(
                public_id=unit.public_id,
                name=unit.name,
                depth=min(depth, 5),
                chosen=unit.public_id in picked.units,
            )
        )
        pending.extend((child, depth + 1) for child in reversed(children.pop(unit.pk, [])))
    return ordered
