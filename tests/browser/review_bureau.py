"""Four published self-evaluations on their way through the procedure, waiting for the bureau.

Run as a program with DATABASE_URL set and the path of the published document as its argument;
prints sessions and addresses. What the document says is typed in as a clerk would; the points that
its form does not print are those the rules find.
"""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

RULES = "hubei-2020"
YEAR = 2022


def _figure(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"


def _text(value: Any) -> str:
    return "" if value is None else value.text


def targets_of(table: Any, sheet: Any) -> dict[str, Any]:
    """The target table that the self-evaluation answers, as a clerk types it."""
    budget = table.execution.budget_used or table.execution.budget
    return {
        "objectives": [one.text for one in table.objectives] or [f"按计划完成{table.project}"],
        "funds": [{"source": "total", "initial": _figure(budget)}],
        "goal_points": "80",
        "supervisor": "鄂州市医疗保障局",
        "unit": table.unit or "",
        "indicators": [
            {
                "level1": one.level1,
                "level2": one.level2,
                "name": one.name,
                "target": _text(one.target),
                "points": _figure(line.points),
            }
            for one, line in zip(table.indicators, sheet.lines, strict=True)
        ],
    }


def actuals_of(table: Any) -> dict[str, Any]:
    """The self-evaluation itself."""
    money = table.execution
    return {
        "actuals": [
            {
                "seq": seq,
                "actual": _text(one.actual),
                "claimed": _figure(one.awarded),
                "deviation": one.deviation or "",
            }
            for seq, one in enumerate(table.indicators, start=1)
        ],
        "execution": {
            "budget": _figure(money.budget_used or money.budget),
            "executed": _figure(money.executed),
            "points": "20",
            "claimed": _figure(money.awarded),
            "finished": None,
        },
        "total_claimed": _figure(table.total_claimed),
        "deviation_reason": table.deviation_reason or "按年初计划执行，部分资金结转下年。",
        "improvement": table.improvement or "加强预算执行管理。",
    }


def main() -> int:
    """Makes everything and prints sessions and addresses as one JSON object."""
    import django

    django.setup()
    from budgets.access import seen_by, seen_by_system
    from budgets.models import BudgetUnit, Department
    from performance.documents import read
    from performance.rulebook import load
    from performance.scoring import score
    from performance.selectors.desk import desk_of
    from performance.services import drafts, moves, tasks
    from performance.workflow import Paper
    from tests.cast import assemble
    from tests.contents import DEADLINE
    from tests.torture.stage import session_of

    path = Path(sys.argv[1])
    document = read(path.read_bytes(), path.name)
    names = {"clerk": "王经办", "head": "李主任", "reviewer": "周科长", "finance": "赵科员"}
    with seen_by_system():
        cast = assemble()
        for name, display in names.items():
            cast[name].display_name = display
            cast[name].save(update_fields=["display_name"])
        Department.objects.filter(pk=cast.department.pk).update(name="鄂州市医疗保障局")
        BudgetUnit.objects.filter(pk=cast.unit.pk).update(name="鄂州市医疗保障服务中心")
        sessions = {name: session_of(cast[name]) for name in names}

    def act(name: str, what: Any, /, **given: Any) -> Any:
        with seen_by(cast[name].pk):
            return what(actor=cast[name], **given)

    def handed(public_id: Any, paper: Paper, *hands: tuple[str, str]) -> None:
        for name, verb in hands:
            with seen_by(cast[name].pk):
                found = desk_of(cast[name], paper, public_id)
            assert found is not None
            seen = moves.Decision(digest=found.digest)
            act(name, moves.move, paper=paper, public_id=public_id, verb=verb, decision=seen)

    up = (("clerk", "submit"), ("head", "check"), ("reviewer", "review"))
    task = act(
        "finance", tasks.issue_task, paper=Paper.EVALUATION, title="2022年度项目支出绩效自评",
        fiscal_year=YEAR, units=[cast.unit.public_id], deadline=DEADLINE, ruleset=RULES,
    )  # fmt: skip
    made = {}
    for table in document.tables:
        sheet = score(table, load(RULES))
        project = act(
            "clerk", drafts.create_project, unit=cast.unit.public_id, name=table.project or ""
        )
        paper = act(
            "clerk", drafts.create_target_table, project=project.public_id, fiscal_year=YEAR
        )
        is_it: dict[str, Any] = {"paper": Paper.TARGET_TABLE, "public_id": paper.public_id}
        act("clerk", drafts.save, version=1, body=targets_of(table, sheet), **is_it)
        handed(paper.public_id, Paper.TARGET_TABLE, *up, ("finance", "approve"))
        evaluation = act(
            "clerk", drafts.start_evaluation, project=project.public_id, task=task.public_id
        )
        is_it = {"paper": Paper.EVALUATION, "public_id": evaluation.public_id}
        act("clerk", drafts.save, version=1, body=actuals_of(table), **is_it)
        handed(evaluation.public_id, Paper.EVALUATION, *up)
        made[table.project] = f"/papers/evaluations/{evaluation.public_id}/"
    print(json.dumps({"sessions": sessions, "evaluations": made, "task": str(task.public_id)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
