"""Brings the sample documents in, scores them, and makes accounts to look at them with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.db import transaction

from budgets.access import seen_by_system
from budgets.errors import NotAllowed
from budgets.models import BudgetUnit, Department, Member, Region, Role, User
from performance.documents import read
from performance.models import ScoreRun
from performance.selectors.papers import latest_runs
from performance.services.imports import import_document
from performance.services.scoring import score_evaluation

PLACES = {
    "hebei": ("130300", "甲市"),
    "shanxi": ("141100", "乙县"),
    "xinjiang": ("652800", "丙州"),
    "hubei": ("420700", "丁市"),
    "national": ("110000", "己省"),
    "cost": ("440100", "庚市"),
}
"""First word of a sample's name → a region whose province decides the rule set."""
RULESETS = {"cost": "mof-2021-101"}
DEMO_PASSWORD = "jiheng-demo-2026"  # noqa: S105 - development only, refused in production
DEMO_ACCOUNTS = (
    ("caizheng", "财政审核员", Role.FINANCE_REVIEWER),
    ("shenji", "审计员", Role.AUDITOR),
    ("baogao", "报告撰写人", Role.REPORT_READER),
    ("jingban", "经办员", Role.CLERK),
    ("danwei", "单位审核员", Role.UNIT_HEAD),
    ("zhuguan", "主管部门审核员", Role.DEPARTMENT_REVIEWER),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One evaluation of the samples: claimed beside computed."""

    document: str
    project: str
    ruleset: str
    claimed: Decimal | None
    claimed_grade: str
    total: Decimal
    grade: str


def load_samples(folder: Path) -> Iterator[Compared]:
    """Imports and scores every text of ``folder``; what is there already stays as it is.

    Raises NotAllowed where demo accounts are switched off.
    """
    if not settings.DEMO_ACCOUNTS:
        raise NotAllowed("只有开发环境可以载入示例文件和演示账号")
    for path in sorted(folder.glob("*.txt")):
        with seen_by_system():
            compared = list(_load(path))
        yield from compared


def _load(path: Path) -> Iterator[Compared]:
    prefix = path.stem.split("-", 1)[0]
    code, region_name = PLACES.get(prefix, ("110000", "己省"))
    data = path.read_bytes()
    unit = _unit(code, region_name, read(data, path.name).unit or "示例单位")
    actor = _accounts(unit)
    result = import_document(
        actor=actor, unit=unit, data=data, name=path.name, ruleset=RULESETS.get(prefix)
    )
    runs = latest_runs([evaluation.pk for evaluation in result.evaluations])
    for evaluation in result.evaluations:
        run = runs.get(evaluation.pk) or score_evaluation(actor=actor, evaluation_id=evaluation.pk)
        yield _compared(path.name, evaluation.project.name, run)


def _compared(document: str, project: str, run: ScoreRun) -> Compared:
    return Compared(
        document=document,
        project=project,
        ruleset=run.ruleset,
        claimed=run.claimed_total,
        claimed_grade=run.claimed_grade,
        total=run.total,
        grade=run.grade,
    )


@transaction.atomic
def _unit(code: str, region_name: str, unit_name: str) -> BudgetUnit:
    region, _ = Region.objects.get_or_create(code=code, defaults={"name": region_name})
    department, _ = Department.objects.get_or_create(region=region, name=f"{region_name}医疗保障局")
    unit, _ = BudgetUnit.objects.get_or_create(department=department, name=unit_name)
    return unit


@transaction.atomic
def _accounts(unit: BudgetUnit) -> User:
    """Demo accounts for every hand a paper goes through; the finance reviewer is who imports."""
    department = unit.department
    scopes: dict[str, dict[str, BudgetUnit | Department]] = {
        Role.CLERK: {"department": department, "unit": unit},
        Role.UNIT_HEAD: {"department": department, "unit": unit},
        Role.DEPARTMENT_REVIEWER: {"department": department},
    }
    accounts: list[User] = []
    for username, display_name, role in DEMO_ACCOUNTS:
        user = User.objects.filter(username=username).first()
        if user is None:
            user = User.objects.create_user(username, DEMO_PASSWORD, display_name=display_name)
        scope = scopes.get(role, {"region": department.region})
        Member.objects.get_or_create(user=user, role=role, **scope)
        accounts.append(user)
    return accounts[0]
