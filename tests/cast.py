"""A bureau with its people, for the procedure: two departments, everybody's role in the name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from budgets.models import BudgetUnit, Department, Member, Office, Project, Region, Role, User
from tests.worlds import PASSWORD


@dataclass
class Cast:
    """甲局 has two units, 乙局 one; the region's bureau has two business offices."""

    region: Region
    department: Department
    other_department: Department
    unit: BudgetUnit
    sister: BudgetUnit
    foreign: BudgetUnit
    people: dict[str, User] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)

    def __getitem__(self, name: str) -> User:
        return self.people[name]


def assemble(*, fast_passwords: bool = True) -> Cast:
    """Makes the cast. Passwords are unusable unless asked for: hashing takes its time."""
    province = Region.objects.create(code="360000", name="辛省")
    region = Region.objects.create(code="360100", name="辛市", parent=province)
    social = Office.objects.create(region=region, name="社会保障科")
    admin = Office.objects.create(region=region, name="行政政法科")
    department = Department.objects.create(region=region, name="甲局", office=social)
    other = Department.objects.create(region=region, name="乙局", office=admin)
    unit = BudgetUnit.objects.create(department=department, name="甲一中心")
    sister = BudgetUnit.objects.create(department=department, name="甲二中心", parent=unit)
    foreign = BudgetUnit.objects.create(department=other, name="乙一中心")
    cast = Cast(region, department, other, unit, sister, foreign)
    own = {"department": department, "unit": unit}
    rows: list[tuple[str, Role, dict[str, Any]]] = [
        ("clerk", Role.CLERK, own),
        ("clerk2", Role.CLERK, own),
        ("head", Role.UNIT_HEAD, own),
        ("both", Role.CLERK, own),
        ("both", Role.UNIT_HEAD, own),
        ("both", Role.DEPARTMENT_REVIEWER, {"department": department}),
        ("both", Role.FINANCE_REVIEWER, {"region": region}),
        ("sister_clerk", Role.CLERK, {"department": department, "unit": sister}),
        ("reviewer", Role.DEPARTMENT_REVIEWER, {"department": department}),
        ("finance", Role.FINANCE_REVIEWER, {"region": region}),
        ("finance2", Role.FINANCE_REVIEWER, {"region": region, "office": social}),
        ("elsewhere", Role.FINANCE_REVIEWER, {"region": region, "office": admin}),
        ("auditor", Role.AUDITOR, {"region": region}),
        ("reader", Role.REPORT_READER, {"region": region}),
        ("foreign_clerk", Role.CLERK, {"department": other, "unit": foreign}),
        ("foreign_head", Role.UNIT_HEAD, {"department": other, "unit": foreign}),
        ("foreign_reviewer", Role.DEPARTMENT_REVIEWER, {"department": other}),
        ("system", Role.SYSTEM_ADMIN, {}),
        ("security", Role.SECURITY_ADMIN, {}),
        ("audit_admin", Role.AUDIT_ADMIN, {}),
    ]
    for name, role, scope in rows:
        if name not in cast.people:
            cast.people[name] = User.objects.create_user(
                name, None if fast_passwords else PASSWORD, display_name=f"{name}甲"
            )
        Member.objects.create(user=cast.people[name], role=role, **scope)
    for name, place in (("road", unit), ("clinic", unit), ("sister", sister), ("foreign", foreign)):
        cast.projects[name] = Project.unscoped.create(
            name=f"{name}项目", unit=place, department=place.department
        )
    return cast
