"""The ledger of what has to be mended, as lists and single matters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Now, TruncDate
from django.utils import timezone

from budgets.access import roles_for
from budgets.models import Department, User
from performance.access import evaluations_visible_to, rectification_visible_to
from performance.models import Indicator, ItemState
from performance.selectors.pages import page_of
from performance.selectors.places import having
from performance.selectors.procedure import contributors_of
from performance.selectors.shapes import Page
from performance.workflow import EDITABLE, Paper, State


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """One matter."""

    public_id: UUID
    evaluation: UUID
    project: str
    unit: str
    department: str
    fiscal_year: int
    indicator: str
    what: str
    deadline: date
    overdue: bool
    state: str
    state_label: str
    version: int
    raised_by: str
    raised_at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None
    words: str
    closed_by: str
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A matter as one account finds it."""

    row: ItemRow
    may_answer: bool
    may_judge: bool


def item_list(
    user: User,
    cursor: str | None,
    *,
    state: str = "",
    department: UUID | None = None,
    overdue: bool = False,
) -> Page:
    """Matters in reach, newest first; ``state`` may also be ``pending`` (all that are not closed)."""
    rows = _rows(user)
    if state == "pending":
        rows = rows.exclude(state=ItemState.CLOSED)
    elif state:
        rows = rows.filter(state=state)
    if department is not None:
        rows = rows.filter(department__public_id=department)
    if overdue:
        rows = rows.filter(deadline__lt=TruncDate(Now())).exclude(state=ItemState.CLOSED)
    found, following = page_of(rows, cursor)
    names = _indicators(found)
    return Page(rows=[_row(item, names) for item in found], next_cursor=following)


def item_of(user: User, public_id: UUID) -> Item | None:
    """One matter, or None when it is not there or not yours."""
    row = _rows(user).filter(public_id=public_id).first()
    if row is None:
        return None
    roles = roles_for(user, unit_id=row.unit_id, department_id=row.department_id)
    return Item(
        row=_row(row, _indicators([row])),
        may_answer="clerk" in roles and row.state in {ItemState.OPEN, ItemState.RETURNED},
        may_judge=row.raised_as in roles
        and row.state == ItemState.ANSWERED
        and row.answered_by_id != user.pk
        and user.pk not in contributors_of(Paper.EVALUATION, row.evaluation_id),
    )


def may_raise(user: User, evaluation: UUID) -> bool:
    """Whether this account may say that something of an evaluation has to be mended."""
    row = evaluations_visible_to(user).filter(public_id=evaluation).first()
    if row is None or State(row.status) in EDITABLE:
        return False
    roles = roles_for(user, unit_id=row.unit_id, department_id=row.department_id)
    return bool(roles & {"finance_reviewer", "department_reviewer"}) and (
        user.pk not in contributors_of(Paper.EVALUATION, row.pk)
    )


def departments_of_items(user: User) -> list[tuple[UUID, str]]:
    """Departments that have matters in reach, by name."""
    found = having(Department.objects.all(), rectification_visible_to(user), "department")
    return list(found.order_by("name", "pk").values_list("public_id", "name"))


def _rows(user: User) -> QuerySet[Any]:
    return (
        rectification_visible_to(user)
        .select_related(
            "evaluation__project", "unit", "department", "raised_by", "answered_by", "closed_by"
        )
        .annotate(now=Now())
    )


def _indicators(items: list[Any]) -> dict[tuple[int, int], str]:
    """Names of indicators by table and number, in one query."""
    found: dict[tuple[int, int], str] = {}
    tables = {item.evaluation.table_id for item in items if item.seq}
    count: dict[int, int] = {}
    for table, name in (
        Indicator.unscoped.filter(table_id__in=tables)
        .order_by("table_id", "seq")
        .values_list("table_id", "name")
    ):
        count[table] = count.get(table, 0) + 1
        found[table, count[table]] = name
    return found


def _row(item: Any, names: dict[tuple[int, int], str]) -> ItemRow:
    indicator = "预算执行" if item.seq == 0 else names.get((item.evaluation.table_id, item.seq), "")
    return ItemRow(
        public_id=item.public_id,
        evaluation=item.evaluation.public_id,
        project=item.evaluation.project.name,
        unit=item.unit.name,
        department=item.department.name,
        fiscal_year=item.evaluation.fiscal_year,
        indicator=indicator,
        what=item.what,
        deadline=item.deadline,
        overdue=item.state != ItemState.CLOSED and item.deadline < timezone.localdate(item.now),
        state=item.state,
        state_label=ItemState(item.state).label,
        version=item.lock_version,
        raised_by=item.raised_by.display_name,
        raised_at=item.raised_at,
        answer=item.answer,
        answered_by=item.answered_by.display_name if item.answered_by else "",
        answered_at=item.answered_at,
        words=item.words,
        closed_by=item.closed_by.display_name if item.closed_by else "",
        closed_at=item.closed_at,
    )
