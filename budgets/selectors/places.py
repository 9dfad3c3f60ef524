"""Regions, offices, departments and units as the administrators look them up: a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from budgets.access import holds
from budgets.errors import NotAllowed, NotFound
from budgets.models import BudgetUnit, Department, Office, Region, Role, User

Row = TypeVar("Row", Department, BudgetUnit)
PAGE_SIZE = 25
OFFERED = 50
"""Departments, and units, that a role is offered for at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """A page of the departments, or the units of one."""

    regions: tuple[Region, ...]
    offices: tuple[Office, ...]
    words: str
    department: Department | None
    """The one whose units are shown."""
    departments: tuple[tuple[Department, int], ...]
    """Each with the number of its units; only the one that is looked into, where one is."""
    units: tuple[BudgetUnit, ...]
    """Of the department; without one those that carry the words, at most a page of them."""
    more_units: bool
    """Whether words found more units than are shown."""
    parents: tuple[BudgetUnit, ...]
    """All units of the department, to put a new one below."""
    page: int
    more: bool
    """Whether there is a page after this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What a role may be given for, as far as it is offered at once."""

    regions: tuple[Region, ...]
    offices: tuple[Office, ...]
    departments: tuple[Department, ...]
    units: tuple[BudgetUnit, ...]
    words: str
    more: bool
    """Whether there are departments or units that are not offered: one must look for them."""


def directory(
    actor: User, *, words: str = "", department: UUID | None = None, page: int = 1
) -> Directory:
    """A page of the directory (单位名录), looked for by the names of departments and units.

    Raises NotAllowed for all but two administrators, NotFound for a department that is none.
    """
    _allowed(actor)
    words = words.strip()
    rows = _departments()
    into: Department | None = None
    parents: tuple[BudgetUnit, ...] = ()
    if department is not None:
        into = rows.filter(public_id=department).first()
        if into is None:
            raise NotFound("没有这个主管部门")
        units = _units().filter(department=into)
        parents = tuple(units)
        departments, more = [into], False
        shown, more_units = _page(units.filter(name__icontains=words), page)
    else:
        departments, more = _page(rows.filter(name__icontains=words), page)
        shown, more_units = (
            _page(_units().filter(name__icontains=words), 1) if words else ([], False)
        )
    counted = BudgetUnit.objects.filter(department__in=departments).values_list("department")
    held: dict[int, int] = dict(counted.annotate(Count("pk")))
    return Directory(
        regions=tuple(Region.objects.order_by("code")),
        offices=_offices(),
        words=words,
        department=into,
        departments=tuple((one, held.get(one.pk, 0)) for one in departments),
        units=tuple(shown),
        more_units=more_units and into is None,
        parents=parents,
        page=page,
        more=more or (into is not None and more_units),
    )


def offered(
    actor: User, *, words: str = "", department: UUID | None = None, unit: UUID | None = None
) -> Offered:
    """What a role may be given for: by name, and what was chosen before.

    Raises NotAllowed for all but two administrators.
    """
    _allowed(actor)
    words = words.strip()
    departments = list(_departments().filter(name__icontains=words)[: OFFERED + 1])
    named = Q(name__icontains=words) | Q(department__name__icontains=words)
    units = list(_units().filter(named)[: OFFERED + 1])
    more = len(departments) > OFFERED or len(units) > OFFERED
    departments, units = departments[:OFFERED], units[:OFFERED]
    if department is not None and all(one.public_id != department for one in departments):
        departments.extend(_departments().filter(public_id=department))
    if unit is not None and all(one.public_id != unit for one in units):
        units.extend(_units().filter(public_id=unit))
    return Offered(
        regions=tuple(Region.objects.order_by("code")),
        offices=_offices(),
        departments=tuple(departments),
        units=tuple(units),
        words=words,
        more=more,
    )


def _allowed(actor: User) -> None:
    if not holds(actor, Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN):
        raise NotAllowed("只有系统管理员和安全管理员可以查看单位名录")


def _offices() -> tuple[Office, ...]:
    return tuple(Office.objects.select_related("region").order_by("region__code", "name"))


def _departments() -> QuerySet[Department]:
    rows = Department.objects.select_related("region", "office")
    return rows.order_by("region__code", "name", "pk")


def _units() -> QuerySet[BudgetUnit]:
    rows = BudgetUnit.objects.select_related("department", "parent")
    return rows.order_by("department__region__code", "department__name", "name", "pk")


def _page(rows: QuerySet[Row], page: int) -> tuple[list[Row], bool]:
    begins = (page - 1) * PAGE_SIZE
    found = list(rows[begins : begins + PAGE_SIZE + 1])
    return found[:PAGE_SIZE], len(found) > PAGE_SIZE
