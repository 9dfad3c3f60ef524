"""Whose money it is."""

from __future__ import annotations

from budgets.models.money import (
    Confidentiality,
    ContactPerson,
    ExpenditureByFunction,
    ExpenditureStage,
    Funding,
    FundSourceChoice,
    FundStageChoice,
    Project,
)
from budgets.models.notices import IdempotencyKey, Notice
from budgets.models.people import Member, Role, User
from budgets.models.places import BudgetUnit, Department, FiscalYear, Office, Region
from budgets.models.trail import AuditChange, AuditEvent, AuditSeal

__all__ = [
    "AuditChange",
    "AuditEvent",
    "AuditSeal",
    "BudgetUnit",
    "Confidentiality",
    "ContactPerson",
    "Department",
    "ExpenditureByFunction",
    "ExpenditureStage",
    "FiscalYear",
    "FundSourceChoice",
    "FundStageChoice",
    "Funding",
    "IdempotencyKey",
    "Member",
    "Notice",
    "Office",
    "Project",
    "Region",
    "Role",
    "User",
]
