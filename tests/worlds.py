"""A small known world: one region, two departments, people whose roles everybody remembers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.contrib.auth.hashers import get_hasher, make_password

from budgets.models import BudgetUnit, Department, Member, Region, Role, User

SAMPLES = Path(__file__).parent / "samples"
HUBEI = SAMPLES / "hubei-final-accounts-2022.txt"
XINJIANG = SAMPLES / "xinjiang-targets-2023.txt"
SHANXI = SAMPLES / "shanxi-targets-2023.txt"
PASSWORD = "a-long-password-for-tests"


@dataclass(frozen=True)
class World:
    """丁市 has two departments; 李财政 reviews the region, 王经办 works in the first unit."""

    region: Region
    department: Department
    unit: BudgetUnit
    other: BudgetUnit
    finance: User
    clerk: User
    stranger: User


@cache
def _hashed(algorithm: str) -> str:
    """Hashing is slow on purpose; once is enough for all worlds that hash alike."""
    return make_password(PASSWORD, hasher=algorithm)


def _person(name: str, display_name: str) -> User:
    return User.objects.create(
        username=name, display_name=display_name, password=_hashed(get_hasher().algorithm)
    )


def build() -> World:
    """Makes the world in the test's database."""
    province = Region.objects.create(code="420000", name="丙省")
    region = Region.objects.create(code="420700", name="丁市", parent=province)
    department = Department.objects.create(region=region, name="丁市医疗保障局")
    second = Department.objects.create(region=region, name="丁市民政局")
    unit = BudgetUnit.objects.create(department=department, name="丁市医疗保障服务中心")
    other = BudgetUnit.objects.create(department=second, name="丁市福利院")
    finance = _person("li", "李财政")
    clerk = _person("wang", "王经办")
    stranger = _person("zhao", "赵路人")
    Member.objects.create(user=finance, role=Role.FINANCE_REVIEWER, region=region)
    Member.objects.create(user=clerk, role=Role.CLERK, department=department, unit=unit)
    Member.objects.create(user=stranger, role=Role.CLERK, department=second, unit=other)
    return World(region, department, unit, other, finance, clerk, stranger)


def published() -> World:
    """The world with three documents, scored."""
    # Late: the services stand above the models that the rest of this module needs.
    from performance.services.imports import import_document
    from performance.services.scoring import score_evaluation

    world = build()
    for path in (HUBEI, SHANXI, XINJIANG):
        result = import_document(
            actor=world.finance, unit=world.unit, data=path.read_bytes(), name=path.name
        )
        for evaluation in result.evaluations:
            score_evaluation(actor=world.finance, evaluation_id=evaluation.pk)
    return world
