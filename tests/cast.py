"""A bureau with its people, for the procedure: two departments, everybody's role in the name."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from budgets.models import BudgetUnit, Department, Member, Office, Project, Region, Role, User
from tests.worlds import PASSWORD

DEADLINE = datetime(2098, 12, 31, 16, 0, tzinfo=UTC)


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


def targets(**changes: Any) -> dict[str, Any]:
    """The content of a target table that may be submitted."""
    content: dict[str, Any] = {
        "objectives": ["完成全年任务，服务群众满意"],
        "funds": [{"source": "total", "initial": "600000"}],
        "goal_points": "90",
        "supervisor": "甲局",
        "unit": "甲一中心",
        "indicators": [
            {
                "level1": "产出指标",
                "level2": "数量指标",
                "name": "培训人次",
                "target": "≥100人次",
                "points": "40",
            },
            {
                "level1": "效益指标",
                "level2": "社会效益指标",
                "name": "知晓率",
                "target": "≥90%",
                "points": "40",
            },
            {
                "level1": "满意度指标",
                "level2": "服务对象满意度指标",
                "name": "服务对象满意度",
                "target": "≥95%",
                "points": "10",
            },
        ],
    }
    return {**content, **changes}


def actuals(**changes: Any) -> dict[str, Any]:
    """The content of a self-evaluation against ``targets``."""
    content: dict[str, Any] = {
        "actuals": [
            {"seq": 1, "actual": "90人次", "claimed": "40", "deviation": "场地调整"},
            {"seq": 2, "actual": "93%", "claimed": "40", "deviation": ""},
            {"seq": 3, "actual": "96%", "claimed": "10", "deviation": ""},
        ],
        "execution": {
            "budget": "600000",
            "executed": "540000",
            "points": "10",
            "claimed": "9",
            "finished": None,
        },
        "total_claimed": "99",
        "deviation_reason": "",
        "improvement": "",
    }
    return {**content, **changes}


def progress(**changes: Any) -> dict[str, Any]:
    """The content of a monitoring table against ``targets``."""
    content: dict[str, Any] = {
        "lines": [
            {"seq": 1, "progress": "50人次", "forecast": "可以完成", "cause": ""},
            {"seq": 2, "progress": "91%", "forecast": "可以完成", "cause": ""},
            {"seq": 3, "progress": "不适用", "forecast": "年底调查", "cause": ""},
        ],
        "adjusted": "600000",
        "executed": "300000",
        "cause": "",
        "measures": "",
    }
    return {**content, **changes}


def soon() -> datetime:
    """A deadline in two days."""
    return datetime.now(UTC) + timedelta(days=2)
