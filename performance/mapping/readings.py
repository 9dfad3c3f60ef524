"""What was read from a file as the content that people type: one way in for both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from performance.examination.names import normal_form
from performance.tables import Execution, FundStage, ParsedIndicator, ParsedTable
from performance.values import Value, plain


def target_body(table: ParsedTable) -> dict[str, Any]:
    """The content of a target table. Persons named on the form stay behind."""
    return {
        "objectives": [objective.text for objective in table.objectives],
        "funds": [
            {"source": fund.source.value, "initial": _amount(fund.initial)}
            for fund in table.funds
            if fund.stage is FundStage.ANNUAL and fund.initial is not None
        ],
        "goal_points": _number(table.goal_points),
        "supervisor": (table.supervisor or "")[:200],
        "unit": (table.unit or "")[:200],
        "indicators": [_indicator(row) for row in table.indicators],
    }


def _indicator(row: ParsedIndicator) -> dict[str, str]:
    return {
        "level1": row.level1_text or row.level1 or "",
        "level2": row.level2_text or row.level2 or "",
        "name": row.name,
        "target": _text(row.target),
        "points": _number(row.points),
        "basis": row.basis or "",
        "definition": row.definition or "",
        "scoring_rule": row.scoring_rule or "",
        "evidence": row.evidence or "",
        "prior_actual": row.prior_actual or "",
    }


def evaluation_body(
    table: ParsedTable, approved: Sequence[ParsedIndicator]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The content of a self-evaluation of the approved indicators, and the names of rows read that
    are none of them.

    Rows are told by their names as they are compared; of equal names the first goes to the first.
    """
    waiting: dict[str, list[int]] = defaultdict(list)
    for seq, indicator in enumerate(approved, start=1):
        waiting[normal_form(indicator.name)].append(seq)
    rows, strange = [], []
    for row in table.indicators:
        places = waiting[normal_form(row.name)]
        if not places:
            strange.append(row.name)
            continue
        rows.append(
            {
                "seq": places.pop(0),
                "actual": _text(row.actual),
                "claimed": _number(row.awarded),
                "deviation": row.deviation or "",
            }
        )
    body = {
        "actuals": rows,
        "execution": _execution(table.execution),
        "total_claimed": _number(table.total_claimed),
        "deviation_reason": table.deviation_reason or "",
        "improvement": table.improvement or "",
    }
    return body, tuple(strange)


def _execution(execution: Execution | None) -> dict[str, Any] | None:
    if execution is None:
        return None
    return {
        "budget": _amount(
            execution.budget if execution.budget_used is None else execution.budget_used
        ),
        "executed": _amount(execution.executed),
        "points": _number(execution.points),
        "claimed": _number(execution.awarded),
        "finished": execution.finished,
    }


def _text(value: Value | None) -> str:
    return value.text if value is not None else ""


def _number(number: Decimal | None) -> str:
    return "" if number is None else plain(number)


def _amount(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:.2f}"
