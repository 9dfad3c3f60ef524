"""A self-evaluation and a monitoring table in a clerk's hands, and the final accounts of the year.

Run as a program with DATABASE_URL set: the browser's server works on what it leaves.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from tests.browser.bureau import LONG, UNIT, long_targets

MORE = [
    ("产出指标", "数量指标", "跨省异地就医直接结算定点医药机构接入数量（含门诊慢特病结算机构）", "≥2500家", "4"),
    ("产出指标", "质量指标", "信息系统全年可用率", "≥99.9%", "4"),
    ("产出指标", "时效指标", "系统升级改造完成时间", "2025年10月底前", "4"),
    ("成本指标", "经济成本指标", "信息系统年度运行维护费用控制数", "≤508.50万元", "4"),
    ("效益指标", "社会效益指标", "跨省住院费用直接结算率", "≥85%", "4"),
    ("效益指标", "可持续影响指标", "基金监管长效机制的建立和完善情况", "机制健全、长期有效运行", "4"),
]  # fmt: skip
POINTS = ("12", "12", "8", "8", "18", "8")


def targets() -> dict[str, Any]:
    """Twelve indicators of every nature, 90 points."""
    content = long_targets()
    names = ("level1", "level2", "name", "target", "points")
    rows = [{**row, "points": p} for row, p in zip(content["indicators"], POINTS, strict=True)]
    rows += [dict(zip(names, row, strict=True)) for row in MORE]
    order = ("产出指标", "成本指标", "效益指标", "满意度指标")
    rows.sort(key=lambda row: order.index(row["level1"]))
    return {**content, "indicators": rows}


ACTUALS = (
    ("118家", "11.8", ""), ("96%", "12", ""), ("45天", "8", ""), ("2600家", "4", ""), ("99.95%", "4", ""),
    ("2025年9月20日", "4", ""), ("4800元", "8", ""), ("486.2万元", "4", ""), ("明显提高", "18", ""), ("79%", "4", ""),
    ("", "", ""), ("92%", "8", ""),
)  # fmt: skip
PROGRESS = (
    ("40家", "≥120家", "定点机构上半年集中换证，检查力量不足"), ("88%", "96%", ""), ("50天", "45天", ""),
    ("2550家", "2700家", ""), ("99.95%", "99.9%", ""), ("正在测试，尚未完成", "2025年10月20日", ""), ("5200元", "5000元", ""),
    ("260万元", "500万元", ""), ("逐步提高", "明显提高", ""), ("52%", "70%", ""), ("机制正在建立", "机制健全", ""), ("不适用", "≥90%", ""),
)  # fmt: skip


def accounts() -> str:
    """The final accounts of the department as a text, with a table of its projects."""
    return "\n".join(
        [
            "辛市医疗保障事务服务中心2025年度部门决算",
            "",
            "项目支出决算明细表",
            f"部门：{UNIT}\t\t\t金额单位：万元",
            "项目名称\t年初预算数\t全年预算数\t支出决算数",
            f"{LONG}\t1,560.00\t1,520.00\t1,482.50",
            "医疗救助补助资金\t300.00\t300.00\t298.00",
            "",
            "支出决算表",
            "部门：辛市医疗保障事务服务中心\t\t\t金额单位：万元",
            "项目\t\t本年支出合计\t基本支出\t项目支出",
            "科目代码\t科目名称\t\t\t",
            "合计\t\t2,000.00\t219.50\t1,780.50",
            "210\t卫生健康支出\t2,000.00\t219.50\t1,780.50",
        ]
    )


def main() -> int:
    """Makes everything and prints sessions and addresses as one JSON object."""
    import django

    django.setup()
    from budgets.access import seen_by, seen_by_system
    from budgets.models import BudgetUnit, Department
    from performance.selectors.desk import desk_of
    from performance.services import drafts, moves, tasks
    from performance.services.imports import import_document
    from performance.workflow import Paper
    from tests.cast import assemble
    from tests.contents import DEADLINE
    from tests.torture.stage import session_of

    names = {"clerk": "王经办", "head": "李主任", "reviewer": "周科长", "finance": "赵科员"}
    with seen_by_system():
        cast = assemble()
        for name, display in names.items():
            cast[name].display_name = display
            cast[name].save(update_fields=["display_name"])
        Department.objects.filter(pk=cast.department.pk).update(name="辛市医疗保障局")
        BudgetUnit.objects.filter(pk=cast.unit.pk).update(name=UNIT)
        sessions = {name: session_of(cast[name]) for name in names}

    def act(name: str, what: Any, /, **given: Any) -> Any:
        with seen_by(cast[name].pk):
            return what(actor=cast[name], **given)

    def handed(paper: Paper, public_id: Any, verbs: dict[str, str]) -> None:
        for name, verb in verbs.items():
            with seen_by(cast[name].pk):
                found = desk_of(cast[name], paper, public_id)
            assert found is not None
            decision = moves.Decision(digest=found.digest)
            given = {"paper": paper, "public_id": public_id, "verb": verb, "decision": decision}
            act(name, moves.move, **given)

    project = act("clerk", drafts.create_project, unit=cast.unit.public_id, name=LONG)
    table = act(
        "clerk", drafts.create_target_table, project=project.public_id, fiscal_year=2025
    ).public_id
    act("clerk", drafts.save, paper=Paper.TARGET_TABLE, public_id=table, version=1, body=targets())
    steps = {"clerk": "submit", "head": "check", "reviewer": "review", "finance": "approve"}
    handed(Paper.TARGET_TABLE, table, steps)
    asked = {"fiscal_year": 2025, "units": [cast.unit.public_id], "deadline": DEADLINE}
    made = {}
    for paper, more in ((Paper.EVALUATION, {}), (Paper.MONITORING, {"month": 7})):
        title = f"2025年度{'绩效自评' if paper is Paper.EVALUATION else '1-7月绩效运行监控'}"
        task = act("finance", tasks.issue_task, paper=paper, title=title, **asked, **more)
        start = drafts.start_evaluation if paper is Paper.EVALUATION else drafts.start_monitoring
        made[paper] = act("clerk", start, project=project.public_id, task=task.public_id).public_id
    rows = [
        {"seq": seq, "actual": actual, "claimed": claimed, "deviation": why}
        for seq, (actual, claimed, why) in enumerate(ACTUALS, start=1)
    ]
    body: dict[str, Any] = {"actuals": rows, "execution": None, "total_claimed": "95"}
    act("clerk", drafts.save, paper=Paper.EVALUATION, public_id=made[Paper.EVALUATION], version=1, body=body)  # fmt: skip
    lines = [
        {"seq": seq, "progress": now, "forecast": year, "cause": why}
        for seq, (now, year, why) in enumerate(PROGRESS, start=1)
    ]
    body = {"lines": lines, "adjusted": "15200000", "executed": "6100000"}
    act("clerk", drafts.save, paper=Paper.MONITORING, public_id=made[Paper.MONITORING], version=1, body=body)  # fmt: skip
    name = "辛市医疗保障事务服务中心2025年度部门决算公开.txt"
    data = accounts().encode()
    act("finance", import_document, unit=BudgetUnit.objects.get(pk=cast.unit.pk), data=data, name=name)  # fmt: skip
    addresses = {
        "table": f"/papers/target-tables/{table}/",
        "evaluation": f"/papers/evaluations/{made[Paper.EVALUATION]}/",
        "monitoring": f"/papers/monitorings/{made[Paper.MONITORING]}/",
    }
    print(json.dumps({"sessions": sessions, **addresses}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
