"""A bureau with long names and papers at every stage, made by the services; prints who and where.

Run as a program with DATABASE_URL set: the browser's server works on what it leaves.
"""

from __future__ import annotations

import json
import sys
from typing import Any

LONG = "省级医疗保障基金监管能力提升与跨省异地就医直接结算信息系统建设及运行维护专项（2024—2026年）"
UNIT = "辛市医疗保障事务服务中心（辛市药品和医用耗材招采管理中心）"


def long_targets() -> dict[str, Any]:
    """A table as a real department fills it in."""
    rows = [
        ("产出指标", "数量指标", "开展定点医药机构现场检查和飞行检查的机构数量（含异地交叉检查）", "≥120家", "15"),
        ("产出指标", "质量指标", "检查发现问题整改完成率", "≥95%", "15"),
        ("产出指标", "时效指标", "违规资金追缴到位的平均时间", "≤60天", "10"),
        ("成本指标", "经济成本指标", "单次现场检查平均费用控制在预算标准以内", "≤5000元", "10"),
        ("效益指标", "社会效益指标", "参保群众对基金监管工作的知晓程度明显提高", "明显提高", "30"),
        ("满意度指标", "服务对象满意度指标", "参保群众满意度", "≥90%", "10"),
    ]  # fmt: skip
    names = ("level1", "level2", "name", "target", "points")
    return {
        "objectives": [
            "全年对辖区内定点医药机构开展全覆盖检查，规范基金使用行为，守住群众的“看病钱”“救命钱”。",
            "建成异地就医直接结算系统，群众跨省住院费用直接结算率达到国家要求。",
        ],
        "funds": [
            {"source": "total", "initial": "15600000"},
            {"source": "fiscal", "initial": "12600000"},
            {"source": "other", "initial": "3000000"},
        ],
        "goal_points": "90",
        "supervisor": "辛市医疗保障局",
        "unit": UNIT,
        "indicators": [dict(zip(names, row, strict=True)) for row in rows],
    }


def long_actuals() -> dict[str, Any]:
    """The self-evaluation against it."""
    rows = [
        ("118家", "14.5", "两家机构停业，未能检查"),
        ("96%", "15", ""),
        ("45天", "10", ""),
        ("4800元", "10", ""),
        ("明显提高", "30", ""),
        ("92%", "10", ""),
    ]
    return {
        "actuals": [
            {"seq": seq, "actual": actual, "claimed": claimed, "deviation": deviation}
            for seq, (actual, claimed, deviation) in enumerate(rows, start=1)
        ],
        "execution": {
            "budget": "15600000",
            "executed": "14820000",
            "points": "10",
            "claimed": "9.5",
            "finished": None,
        },
        "total_claimed": "99",
        "deviation_reason": "年中两家定点机构停业，检查数量略低于目标。",
        "improvement": "来年按实际营业机构数测算目标。",
    }


def main() -> int:
    """Makes everything and prints sessions and addresses as one JSON object."""
    import django

    django.setup()
    from budgets.access import seen_by, seen_by_system
    from budgets.models import BudgetUnit, Department
    from performance.selectors.desk import desk_of
    from performance.services import drafts, moves, tasks
    from performance.workflow import Paper
    from tests.cast import assemble
    from tests.contents import DEADLINE
    from tests.torture.stage import session_of

    names = {
        "clerk": "王经办", "clerk2": "陈经办", "head": "李主任", "reviewer": "周科长",
        "finance": "赵科员", "foreign_clerk": "孙经办", "auditor": "吴审计",
        "security": "郑安全",
    }  # fmt: skip
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

    def drafted(project: str, content: dict[str, Any]) -> Any:
        made = act("clerk", drafts.create_project, unit=cast.unit.public_id, name=project)
        table = act("clerk", drafts.create_target_table, project=made.public_id, fiscal_year=2025)
        table_is = {"paper": Paper.TARGET_TABLE, "public_id": table.public_id}
        act("clerk", drafts.save, version=1, body=content, **table_is)
        return made, table

    def handed(public_id: Any, paper: Paper, verbs: dict[str, str]) -> None:
        for name, verb in verbs.items():
            with seen_by(cast[name].pk):
                found = desk_of(cast[name], paper, public_id)
            assert found is not None
            act(
                name, moves.move, paper=paper, public_id=public_id, verb=verb,
                decision=moves.Decision(digest=found.digest),
            )  # fmt: skip

    whole = {"clerk": "submit", "head": "check", "reviewer": "review", "finance": "approve"}
    _, draft = drafted(LONG, long_targets())
    _, second = drafted("医疗救助补助资金", long_targets())
    _, returned = drafted("长期护理保险试点经费", long_targets())
    handed(returned.public_id, Paper.TARGET_TABLE, {"clerk": "submit"})
    with seen_by(cast["head"].pk):
        seen = desk_of(cast["head"], Paper.TARGET_TABLE, returned.public_id)
    assert seen is not None
    act(
        "head", moves.move, paper=Paper.TARGET_TABLE, public_id=returned.public_id,
        verb="return_to_clerk",
        decision=moves.Decision(
            digest=seen.digest, reason_code="target_unclear",
            reason="第一个指标与去年实际完成数相差太大，请补充测算依据后再报。",
            cells=[{"at": "indicators.1.target", "note": "去年实际完成 96 家，请说明测算依据"},
                   {"at": "funds.1.initial", "note": "与预算批复数不一致"}],
        ),
    )  # fmt: skip
    project, approved = drafted("基金监管专项", long_targets())
    handed(approved.public_id, Paper.TARGET_TABLE, whole)
    units = [cast.unit.public_id, cast.sister.public_id, cast.foreign.public_id]
    asked = {"fiscal_year": 2025, "units": units, "deadline": DEADLINE}
    task = act(
        "finance",
        tasks.issue_task,
        paper=Paper.EVALUATION,
        title="2025年度项目支出绩效自评",
        **asked,
    )
    act(
        "finance", tasks.issue_task, paper=Paper.TARGET_TABLE, title="2026年度绩效目标申报",
        **{**asked, "fiscal_year": 2026, "deadline": DEADLINE.replace(year=2020)},
    )  # fmt: skip
    evaluation = act(
        "clerk", drafts.start_evaluation, project=project.public_id, task=task.public_id
    )
    is_it = {"paper": Paper.EVALUATION, "public_id": evaluation.public_id}
    act("clerk", drafts.save, version=1, body=long_actuals(), **is_it)
    handed(
        evaluation.public_id, Paper.EVALUATION,
        {"clerk": "submit", "head": "check", "reviewer": "review"},
    )  # fmt: skip
    print(
        json.dumps(
            {
                "sessions": sessions,
                "draft": f"/papers/target-tables/{draft.public_id}/",
                "second": f"/papers/target-tables/{second.public_id}/",
                "returned": f"/papers/target-tables/{returned.public_id}/",
                "approved": f"/papers/target-tables/{approved.public_id}/",
                "evaluation": f"/papers/evaluations/{evaluation.public_id}/",
                "task": f"/tasks/{task.public_id}/",
            }
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
