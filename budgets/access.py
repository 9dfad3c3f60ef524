"""Whose eyes see whose rows: the one door for visibility."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Q, QuerySet

from budgets.models import Department, Member, Project, Role, User
from budgets.models.scoping import Owned

Row = TypeVar("Row", bound=Owned)
_IMPORTERS = (Role.CLERK, Role.DEPARTMENT_REVIEWER, Role.FINANCE_REVIEWER)
_OF_REGION = (Role.FINANCE_REVIEWER, Role.AUDITOR, Role.REPORT_READER)


def scope_of(user: User) -> Q:
    """A condition on department-owned rows: what this account may see. Read anew each request.

    Clerks and unit heads see their unit, department reviewers their department, finance
    reviewers, auditors and report readers the departments of their region.
    """
    condition = Q(pk__in=[])
    if not user.is_authenticated or not user.is_active:
        return condition
    for member in Member.objects.filter(user=user).select_related("region"):
        if member.unit_id is not None:
            condition |= Q(unit_id=member.unit_id)
        elif member.department_id is not None:
            condition |= Q(department_id=member.department_id)
        elif member.region is not None and member.role in _OF_REGION:
            condition |= Q(department__region__code__startswith=_stem(member.region.code))
    return condition


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
