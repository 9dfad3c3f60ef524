"""A clerk's desk for the grid: a new table, a long one, one with a year before it; prints addresses.

Run as a program with DATABASE_URL set: the browser's server works on what it leaves.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from tests.browser.bureau import LONG, UNIT, long_targets

LEVELS = (("产出指标", "数量指标"), ("产出指标", "质量指标"), ("效益指标", "社会效益指标"))


def many(count: int) -> dict[str, Any]:
    """A table of as many indicators, with long names."""
    rows = []
    for n in range(count):
        level1, level2 = LEVELS[n * len(LEVELS) // count]
        rows.append(
            {
                "level1": level1,
                "level2": level2,
                "name": f"第{n + 1}批乡镇卫生院和村卫生室标准化建设与设备更新完成情况（含远程会诊）",
                "target": f"≥{n + 10}个",
                "points": "0.45",
            }
        )
    return {**long_targets(), "indicators": rows}


def main() -> int:
    """Makes everything and prints sessions and addresses as one JSON object."""
    import django

    django.setup()
    from budgets.access import seen_by, seen_by_system
    from budgets.models import BudgetUnit, Department
    from performance.services import drafts
    from performance.workflow import Paper
    from tests.cast import assemble
    from tests.torture.stage import session_of

    with seen_by_system():
        cast = assemble()
        Department.objects.filter(pk=cast.department.pk).update(name="辛市医疗保障局")
        BudgetUnit.objects.filter(pk=cast.unit.pk).update(name=UNIT)
        sessions = {name: session_of(cast[name]) for name in ("clerk", "clerk2", "head")}
    found: dict[str, Any] = {"sessions": sessions}

    def act(what: Any, /, **given: Any) -> Any:
        with seen_by(cast["clerk"].pk):
            return what(actor=cast["clerk"], **given)

    def drafted(key: str, project: Any, content: dict[str, Any] | None, year: int = 2025) -> None:
        table = act(drafts.create_target_table, project=project.public_id, fiscal_year=year)
        if content is not None:
            is_it = {"paper": Paper.TARGET_TABLE, "public_id": table.public_id}
            act(drafts.save, version=1, body=content, **is_it)
        found[key] = f"/papers/target-tables/{table.public_id}/"

    def project(name: str) -> Any:
        return act(drafts.create_project, unit=cast.unit.public_id, name=name)

    for key in ("blank", "keyed", "survivor", "killed"):
        drafted(key, project(f"{LONG}（{key}）"), None)
    drafted("filled", project("医疗救助补助资金"), long_targets())
    drafted("long", project("基层卫生设施设备"), many(200))
    lasting = project("长期护理保险试点经费")
    before = long_targets()
    before["indicators"][1]["target"] = "≥90%"
    del before["indicators"][2]
    drafted("before", lasting, before, 2024)
    drafted("lasting", lasting, {**long_targets(), "indicators": long_targets()["indicators"][:3]})
    act(drafts.create_project, unit=cast.unit.public_id, name="城乡居民基本医疗保险财政补助")
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
