"""A paper's rows as the plain content that people type, snapshots keep and comparisons show."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from budgets.models import Funding
from performance.documents.typed import UNNAMED
from performance.mapping.values import trimmed
from performance.models import Evaluation, Monitoring, TargetTable
from performance.values import plain
from performance.workflow import Paper


def _number(number: Decimal | None) -> str:
    found = trimmed(number)
    return "" if found is None else plain(found)


def _amount(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:.2f}"


def target_content(table: TargetTable, funding: Sequence[Funding]) -> dict[str, Any]:
    """The content of a target table; its rows are read already."""
    return {
        "objectives": [row.text for row in table.objectives.all()],
        "funds": [
            {"source": row.source, "initial": _amount(row.initial)}
            for row in funding
            if row.stage == "annual"
        ],
        "goal_points": _number(table.goal_points),
        "supervisor": table.supervisor_text,
        "unit": table.unit_text,
        "indicators": [
            {
                "level1": row.level1_text or row.level1,
                "level2": row.level2_text or row.level2,
                "name": "" if row.name == UNNAMED else row.name,
                "target": row.text,
                "points": _number(row.points),
                "basis": row.basis,
                "definition": row.definition,
                "scoring_rule": row.scoring_rule,
                "evidence": row.evidence,
                "prior_actual": row.prior_actual,
            }
            for row in table.indicators.all()
        ],
    }


def evaluation_content(evaluation: Evaluation) -> dict[str, Any]:
    """The content of a self-evaluation: its actuals in the order of the table's indicators."""
    actuals = {row.indicator_id: row for row in evaluation.actuals.all()}
    rows = []
    for seq, indicator in enumerate(evaluation.table.indicators.all(), start=1):
        row = actuals.get(indicator.pk)
        rows.append(
            {
                "seq": seq,
                "actual": row.text if row else "",
                "claimed": _number(row.claimed) if row else "",
                "deviation": row.deviation if row else "",
                "evidence_files": [item.document.sha256 for item in row.evidence_items.all()]
                if row
                else [],
            }
        )
    return {
        "actuals": rows,
        "execution": {
            "budget": _amount(evaluation.budget),
            "executed": _amount(evaluation.executed),
            "points": _number(evaluation.execution_points),
            "claimed": _number(evaluation.execution_claimed),
            "finished": evaluation.finished,
        }
        if evaluation.has_execution
        else None,
        "total_claimed": _number(evaluation.total_claimed),
        "deviation_reason": evaluation.deviation_reason,
        "improvement": evaluation.improvement,
    }


def monitoring_content(monitoring: Monitoring) -> dict[str, Any]:
    """The content of a monitoring table."""
    lines = {row.indicator_id: row for row in monitoring.lines.all()}
    rows = []
    for seq, indicator in enumerate(monitoring.table.indicators.all(), start=1):
        row = lines.get(indicator.pk)
        rows.append(
            {
                "seq": seq,
                "progress": row.text if row else "",
                "forecast": row.forecast if row else "",
                "cause": row.cause if row else "",
            }
        )
    return {
        "lines": rows,
        "adjusted": _amount(monitoring.adjusted),
        "executed": _amount(monitoring.executed),
        "cause": monitoring.cause,
        "measures": monitoring.measures,
    }


def editable_part(content: dict[str, Any]) -> dict[str, Any]:
    """The content without what is not typed but attached."""
    if "actuals" not in content:
        return content
    rows = [
        {key: value for key, value in row.items() if key != "evidence_files"}
        for row in content["actuals"]
    ]
    return {**content, "actuals": rows}


def parts_by_right(paper: Paper, content: dict[str, Any]) -> dict[str, Any]:
    """The typed content cut up as ``rights.csv`` names its fields: field → what stands there."""
    if paper is Paper.TARGET_TABLE:
        own = {name: content[name] for name in ("objectives", "funds", "goal_points", "indicators")}
        return {**own, "texts": [content["supervisor"], content["unit"]]}
    if paper is Paper.EVALUATION:
        rows, execution = content["actuals"], dict(content["execution"] or {})
        claimed = execution.pop("claimed", "")
        return {
            "actuals": [[row["actual"], row["deviation"]] for row in rows],
            "claims": [*(row["claimed"] for row in rows), claimed],
            "execution": execution,
            "total_claimed": content["total_claimed"],
            "reasons": [content["deviation_reason"], content["improvement"]],
        }
    rows = content["lines"]
    return {
        "progress": [row["progress"] for row in rows],
        "forecast": [row["forecast"] for row in rows],
        "cause": [*(row["cause"] for row in rows), content["cause"], content["measures"]],
        "executed": [content["adjusted"], content["executed"]],
    }
