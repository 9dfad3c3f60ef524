"""Whose eyes see whose rows: the one door for visibility.

Two nets that know nothing of each other: the conditions made here go into every query, and the
database works out from the same memberships what the account of the transaction may see. The
account is told to the database by ``seen_by`` alone: once for a request, once for a job.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, transaction
from django.db.models import CharField, Func, OuterRef, Q, QuerySet, Value
from django.db.models.lookups import IsNull

from budgets.canonical import digest
from budgets.models import (
    AuditEvent,
    BudgetUnit,
    Department,
    Member,
    Notice,
    Project,
    Role,
    User,
)
from budgets.models.scoping import Owned

Row = TypeVar("Row", bound=Owned)
_IMPORTERS = (Role.CLERK, Role.DEPARTMENT_REVIEWER, Role.FINANCE_REVIEWER)
_OF_REGION = (Role.FINANCE_REVIEWER, Role.AUDITOR, Role.REPORT_READER)
SYSTEM = 0
"""The service itself: commands and jobs without an account."""


# ── the database's net ──────────────────────────────────────────────────────────────────────────


@contextmanager
def seen_by(uid: int | None) -> Iterator[None]:
    """A transaction in which the database shows what the account ``uid`` may see.

    ``SYSTEM`` sees everything, None nothing. The account is set for the transaction only, so no
    later user of the connection inherits it; nested, the outer one holds again afterwards.
    """
    nested = connection.in_atomic_block
    with transaction.atomic():
        before = _set_uid(uid)
        yield
        if nested and not connection.needs_rollback:
            _set_uid(before)


def told(uid: int | None) -> None:
    """Tells the database the account for the rest of the running transaction.

    For sign-in by token, which happens inside the view. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("the account is told to the database for one transaction")
    _set_uid(uid)


def _set_uid(uid: int | str | None) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('app.uid', true), set_config('app.uid', %s, true)",
            ["" if uid is None else str(uid)],
        )
        row = cursor.fetchone()
    return (row[0] if row else None) or ""


def seen_by_system() -> Any:
    """A transaction of the service itself: for commands and jobs, never for a request."""
    return seen_by(SYSTEM)


# ── the application's net ───────────────────────────────────────────────────────────────────────


def reach_of(user: User) -> list[tuple[str, Q]]:
    """Each role of an account with the condition on rows it reaches. Read anew each request.

    Clerks and unit heads reach their unit, department reviewers their department, finance
    reviewers (of their business office, where they have one), auditors and report readers the
    departments of their region. These are named one by one, worked out in the same query: a
    condition on their region would be a join for every row, of which the database expects too few.
    """
    if not user.is_authenticated or not user.is_active:
        return []
    found: list[tuple[str, Q]] = []
    members: QuerySet[Any] = Member.objects.filter(user=user).annotate(below=_below())
    for member in members.order_by("id"):
        if member.unit_id is not None:
            found.append((member.role, Q(unit_id=member.unit_id)))
        elif member.department_id is not None:
            found.append((member.role, Q(department_id=member.department_id)))
        elif member.region_id is not None and member.role in _OF_REGION:
            found.append((member.role, Q(department_id__among=member.below)))
    return found


def _below() -> ArraySubquery:
    """The departments of a member's region and of those below it, of its office where it has one."""
    stem = Func(
        OuterRef("region__code"),
        Value("^([0-9]{2}.*?)(00)+$"),
        Value(r"\1"),
        function="regexp_replace",
        output_field=CharField(),
    )
    any_office = Q(IsNull(OuterRef("office_id"), True))
    return ArraySubquery(
        Department.objects.filter(
            any_office | Q(office_id=OuterRef("office_id")), region__code__startswith=stem
        ).values("pk")
    )


def holds(user: User, *roles: str) -> bool:
    """Whether an account holds one of some roles now, for whatever unit."""
    if not user.is_authenticated:
        return False
    return Member.objects.filter(user=user, user__is_active=True, role__in=roles).exists()


def held_roles(user: User) -> frozenset[str]:
    """The roles an active account holds now, for whatever unit."""
    members = Member.objects.filter(user_id=user.pk, user__is_active=True)
    return frozenset(members.values_list("role", flat=True))


def scope_of(user: User) -> Q:
    """A condition on department-owned rows: what this account may see."""
    condition = Q(pk__in=[])
    for _, reached in reach_of(user):
        condition |= reached
    return condition


def scope_digest(user: User) -> str:
    """A digest of what an account may see by its memberships: another after any change of them."""
    rows = Member.objects.filter(user=user).order_by("id")
    held = rows.values_list("role", "region_id", "department_id", "unit_id", "office_id")
    return digest([user.is_active, [list(row) for row in held]])


def roles_for(user: User, *, unit_id: int, department_id: int) -> frozenset[str]:
    """The business roles an account holds towards a unit."""
    if not user.is_active:
        return frozenset()
    department = Department.objects.select_related("region").get(pk=department_id)
    members = Member.objects.filter(user=user).select_related("region")
    return frozenset(
        member.role for member in members if _covers(member, department, unit_id=unit_id)
    )


def _covers(member: Member, department: Department, *, unit_id: int) -> bool:
    if member.unit_id is not None:
        return member.unit_id == unit_id
    if member.department_id is not None:
        return member.department_id == department.pk
    if member.region is None:
        return False
    return department.region.code.startswith(_stem(member.region.code)) and (
        member.office_id is None or member.office_id == department.office_id
    )


def _stem(code: str) -> str:
    """The digits of a region code that all regions below it share: 420700 → 4207."""
    digits = code
    while len(digits) > 2 and digits.endswith("00"):
        digits = digits[:-2]
    return digits


def visible(rows: QuerySet[Row], user: User) -> QuerySet[Row]:
    """The rows of a set that this account may see."""
    return rows.filter(scope_of(user))


def projects_visible_to(user: User) -> QuerySet[Project]:
    """Projects this account may see; classified ones never leave the office by this door."""
    return visible(Project.unscoped.filter(confidentiality="public"), user)


def units_entered_by(user: User) -> QuerySet[BudgetUnit]:
    """Units for which this account enters papers (经办)."""
    members = Member.objects.filter(user=user, role=Role.CLERK, unit__isnull=False)
    return BudgetUnit.objects.filter(pk__in=members.values("unit_id"))


def units_in_reach(user: User, role: str) -> QuerySet[BudgetUnit]:
    """Units that an account reaches in one role."""
    condition = Q(pk__in=[])
    for held, reached in reach_of(user):
        if held == role:
            condition |= _on_unit(reached)
    return BudgetUnit.objects.filter(condition)


def _on_unit(reached: Q) -> Q:
    """A condition on owned rows, said of units themselves."""
    moved = Q()
    for name, value in reached.children:  # type: ignore[misc]
        moved &= Q(**{"pk" if name == "unit_id" else name: value})
    return moved


def notices_of(user: User) -> QuerySet[Notice]:
    """The messages to an account, newest first."""
    return Notice.objects.filter(user_id=user.pk).order_by("-id")


def may_import(user: User, department_id: int) -> bool:
    """Whether an account may bring documents into a department."""
    members = Member.objects.filter(user=user, role__in=_IMPORTERS)
    department = Department.objects.select_related("region").filter(pk=department_id).first()
    if department is None:
        return False
    return any(
        member.department_id == department_id
        or (
            member.region is not None
            and department.region.code.startswith(_stem(member.region.code))
        )
        for member in members.select_related("region")
    )


# ── the trail ───────────────────────────────────────────────────────────────────────────────────

TRAIL_READERS = (Role.AUDITOR, Role.AUDIT_ADMIN)


def reads_trail(user: User) -> bool:
    """Whether an account reads the trail at all."""
    return (
        user.is_active and Member.objects.filter(user_id=user.pk, role__in=TRAIL_READERS).exists()
    )


def _audited_by(user: User) -> QuerySet[Department] | None:
    """The departments whose chains this account reads; None for all chains, the office's too."""
    condition = Q(pk__in=[])
    members = Member.objects.filter(user_id=user.pk, role__in=TRAIL_READERS)
    for member in members.select_related("region") if user.is_active else ():
        if member.role == Role.AUDIT_ADMIN:
            return None
        assert member.region is not None  # an auditor is one of a region
        condition |= Q(region__code__startswith=_stem(member.region.code))
    return Department.objects.filter(condition)


def chains_visible_to(user: User) -> frozenset[int] | None:
    """The chains of the trail this account reads; None means all of them."""
    departments = _audited_by(user)
    return None if departments is None else frozenset(departments.values_list("pk", flat=True))


def events_visible_to(user: User) -> QuerySet[AuditEvent]:
    """Events: auditors read the chains of their region's departments, audit administrators all."""
    departments = _audited_by(user)
    if departments is None:
        return AuditEvent.objects.all()
    return AuditEvent.objects.filter(chain__in=departments.values("pk"))
