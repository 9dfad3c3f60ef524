"""A bureau in which every page has something to show, with names as long as real ones.

Run as a program with DATABASE_URL set; prints sessions, and for each kind of thing the ids that
``tests.routes`` asks for. The papers of ``tests.filled`` stand beside a year as it is in the
middle of the work: a table that came back, one waiting, a review with an objection, a ledger.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from tests.browser.bureau import LONG, UNIT, long_actuals, long_targets
from tests.filled import EVALUATIONS, MONITORINGS, TABLES, Filled, Hands, belongings, fill, ok

NAMES = {
    "clerk": "王经办", "clerk2": "陈经办", "head": "李主任", "reviewer": "周科长", "finance": "赵科员",
    "finance2": "钱科员", "auditor": "吴审计", "reader": "郑撰稿", "system": "冯系统",
    "security": "卫安全", "audit_admin": "蒋审计",
}  # fmt: skip
PROJECTS = {
    "road": "城乡居民基本医疗保险基金监管能力提升及飞行检查专项经费",
    "clinic": "定点医药机构智能监控系统二期建设项目",
}
_MORE = (
    LONG,
    "医疗救助补助资金（中央直达资金，含重特大疾病医疗救助）",
    "长期护理保险试点经费",
    "药品和医用耗材集中带量采购工作经费",
)


def _renamed(filled: Filled) -> None:
    from budgets.models import BudgetUnit, Department, Project

    cast = filled.cast
    for name, display in NAMES.items():
        cast[name].display_name = display
        cast[name].save(update_fields=["display_name"])
    Department.objects.filter(pk=cast.department.pk).update(name="辛市医疗保障局")
    BudgetUnit.objects.filter(pk=cast.unit.pk).update(name=UNIT)
    for name, words in PROJECTS.items():
        Project.unscoped.filter(pk=cast.projects[name].pk).update(name=words)


def _project(filled: Filled, name: str) -> str:
    body = {"unit": filled.ids["unit"], "name": name}
    made: str = ok(filled.api("clerk").post("projects/", body)).body["id"]
    return made


def _at_work(filled: Filled) -> dict[str, str]:
    """Papers in the middle of the year; the ids of those that the manual shows."""
    hands = Hands(
        filled, clerk="clerk", head="head", reviewer="reviewer", finance="finance2",
        unit=filled.ids["unit"],
    )  # fmt: skip
    found = {}
    first, second, third, fourth = (_project(filled, name) for name in _MORE)
    found["open_table"] = hands.drafted(first, **long_targets())
    back = hands.drafted(second, **long_targets())
    hands.handed_on(TABLES, back, "submit", "check", "review", "return_to_clerk")
    found["returned"] = back
    waiting = hands.drafted(third, **long_targets())
    hands.handed_on(TABLES, waiting, "submit", "check", "review")
    found["waiting_table"] = waiting
    whole = hands.drafted(fourth, **long_targets())
    hands.handed_on(TABLES, whole, "submit", "check", "review", "approve")
    own = hands.begun(EVALUATIONS, fourth, filled.ids["task"], long_actuals())
    hands.handed_on(EVALUATIONS, own, "submit", "check", "review")
    found["waiting_evaluation"] = own
    late = {"deadline": "2024-06-30T16:00:00Z", "month": 4}
    found["late_task"] = hands.task(
        "monitoring", "2024 年 1—4 月绩效运行监控（逾期未报单位催办）", **late
    )
    hands.begun(MONITORINGS, fourth, found["late_task"], _progress())
    return found


def _progress() -> dict[str, Any]:
    rows = ("40家", "96%", "50天", "4700元", "有所提高", "不适用")
    return {
        "lines": [
            {"seq": seq, "progress": text, "forecast": "可以完成", "cause": ""}
            for seq, text in enumerate(rows, start=1)
        ],
        "adjusted": "15600000",
        "executed": "4368000",
        "cause": "上半年检查安排集中在二季度，四月底前只完成三分之一。",
        "measures": "五月起每周通报进度。",
    }


def _second_factor(user: Any, password: str) -> None:
    """A password, and a second step after it."""
    import pyotp

    from budgets.services import second_factors

    user.set_password(password)
    user.save(update_fields=["password"])
    second_factors.begin(actor=user)
    secret = second_factors.offered_secret(user)
    assert secret is not None
    second_factors.confirm(actor=user, code=pyotp.TOTP(secret).now())


def main() -> int:
    """Makes everything and prints it as one JSON object."""
    import django

    django.setup()
    from django.conf import settings

    from budgets.access import seen_by, seen_by_system
    from budgets.models import (
        AuditEvent,
        BudgetUnit,
        Department,
        FiscalYear,
        Member,
        Office,
        Region,
        User,
    )
    from performance.services.imports import import_document
    from performance.services.library import gather_indicators
    from tests.samples.build import HERE
    from tests.torture.stage import session_of
    from tests.worlds import PASSWORD

    settings.ALLOWED_HOSTS = ["*"]
    with seen_by_system():
        filled = fill()
        _renamed(filled)
        ids = {**filled.ids, **_at_work(filled)}
        ids["token"], ids["export"] = belongings(filled, "finance2")
        ids["person"] = str(filled.cast["clerk"].public_id)
    sample = HERE / "hubei-final-accounts-2022.txt"
    cast = filled.cast
    with seen_by(cast["finance"].pk):
        run = import_document(
            actor=cast["finance"], unit=cast.sister, data=sample.read_bytes(), name=sample.name
        )
        ids["document"] = str(run.document.public_id)
    _second_factor(cast["head"], PASSWORD)
    with seen_by_system():
        gather_indicators()
        FiscalYear.objects.get_or_create(year=2024)
        ids["event"] = str(
            AuditEvent.objects.filter(verb="create_project")
            .order_by("-id")
            .values_list("pk", flat=True)[0]
        )
        for kind in (User, Member, Region, Office, Department, BudgetUnit, FiscalYear):
            ids[kind.__name__.lower()] = str(
                kind.objects.order_by("pk").values_list("pk", flat=True)[0]
            )
        sessions = {name: session_of(cast[name]) for name in cast.people}
    half = {"username": cast["head"].username, "password": PASSWORD}
    print(json.dumps({"sessions": sessions, "ids": ids, "half": half}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
