"""Whose money it is."""

from __future__ import annotations

from budgets.models.jobs import MOST_ATTEMPTS, Job, JobFile, JobState
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
from budgets.models.sign_in import (
    AccessToken,
    AttemptCount,
    AttemptKind,
    PastPassword,
    RecoveryCode,
    Scope,
    SecondFactor,
)
from budgets.models.trail import AuditChange, AuditEvent, AuditSeal

__all__ = [
    "MOST_ATTEMPTS",
    "AccessToken",
    "AttemptCount",
    "AttemptKind",
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
    "Job",
    "JobFile",
    "JobState",
    "Member",
    "Notice",
    "Office",
    "PastPassword",
    "Project",
    "RecoveryCode",
    "Region",
    "Role",
    "Scope",
    "SecondFactor",
    "User",
]
