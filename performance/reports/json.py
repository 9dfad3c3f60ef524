"""The JSON of documents, scores and findings: the contract of the commands and the API.

Numbers are strings in plain notation. Amounts are 元 with two places; awarded and claimed points
and totals have two places; other numbers are as written without trailing zeros; shares have at
most six places.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeAlias

from performance.scoring.sheet import ScoreLine, ScoreSheet
from performance.tables import (
    Execution,
    ExpenditureLine,
    Finding,
    Fund,
    ParsedDocument,
    ParsedIndicator,
    ParsedTable,
    Problem,
)
from performance.values import Value, plain

Json: TypeAlias = dict[str, Any]
_CENT = Decimal("0.01")
_SIX = Decimal("0.000001")


def two_places(number: Decimal | None) -> str | None:
    """Amounts and awarded points: always two places."""
    return None if number is None else f"{number.quantize(_CENT, ROUND_HALF_UP):f}"


def as_written(number: Decimal | None) -> str | None:
    """Points and values: no trailing zeros, no exponent."""
    return None if number is None else plain(number)


def share(number: Decimal | None) -> str | None:
    """Ratios and rates: at most six places."""
    return None if number is None else plain(number.quantize(_SIX, ROUND_HALF_UP))


def _figure(figure: Decimal | date | None) -> str | None:
    if figure is None:
        return None
    return plain(figure) if isinstance(figure, Decimal) else figure.isoformat()


def value_json(value: Value | None) -> Json | None:
    """A target or an actual; null when it is missing."""
    if value is None:
        return None
    return {
        "text": value.text,
        "kind": value.kind.value,
        "comparator": value.comparator.value if value.comparator else None,
        "value": _figure(value.value),
        "upper": _figure(value.upper),
        "unit": value.unit,
        "inferred": list(value.inferred),
    }


def indicator_json(indicator: ParsedIndicator) -> Json:
    """One indicator row."""
    return {
        "level1": indicator.level1,
        "level2": indicator.level2,
        "level1_text": indicator.level1_text,
        "level2_text": indicator.level2_text,
        "name": indicator.name,
        "goal": indicator.goal,
        "definition": indicator.definition,
        "target": value_json(indicator.target),
        "actual": value_json(indicator.actual),
        "points": as_written(indicator.points),
        "awarded": two_places(indicator.awarded),
        "basis": indicator.basis,
        "prior_actual": indicator.prior_actual,
        "scoring_rule": indicator.scoring_rule,
        "evidence": indicator.evidence,
        "deviation": indicator.deviation,
        "inferred": list(indicator.inferred),
        "at": indicator.at,
    }


def _fund_json(fund: Fund) -> Json:
    return {
        "source": fund.source.value,
        "stage": fund.stage.value,
        "initial": two_places(fund.initial),
        "adjusted": two_places(fund.adjusted),
        "executed": two_places(fund.executed),
    }


def _execution_json(execution: Execution | None) -> Json | None:
    if execution is None:
        return None
    return {
        "budget": two_places(execution.budget),
        "budget_used": two_places(execution.budget_used),
        "executed": two_places(execution.executed),
        "rate_claimed": share(execution.rate_claimed),
        "points": as_written(execution.points),
        "awarded": two_places(execution.awarded),
        "finished": execution.finished,
        "inferred": list(execution.inferred),
    }


def table_json(table: ParsedTable) -> Json:
    """One table. Contact persons are personal data and never stand here."""
    return {
        "kind": table.kind.value,
        "scope": table.scope.value,
        "project": table.project,
        "project_code": table.project_code,
        "supervisor": table.supervisor,
        "unit": table.unit,
        "fiscal_year": table.fiscal_year,
        "attributes": {
            "category": list(table.attributes.category),
            "attribute": list(table.attributes.attribute),
            "type": list(table.attributes.type),
        },
        "objectives": [
            {"text": o.text, "completed": o.completed, "share": share(o.share)}
            for o in table.objectives
        ],
        "funds": [_fund_json(fund) for fund in table.funds],
        "execution": _execution_json(table.execution),
        "indicators": [indicator_json(indicator) for indicator in table.indicators],
        "total_claimed": two_places(table.total_claimed),
        "deviation_reason": table.deviation_reason,
        "improvement": table.improvement,
        "inferred": list(table.inferred),
        "at": table.at,
    }


def _expenditure_json(line: ExpenditureLine) -> Json:
    return {
        "table": line.table,
        "code": line.code or None,
        "name": line.name,
        "total": two_places(line.total),
        "basic": two_places(line.basic),
        "project": two_places(line.project),
        "at": line.at,
    }


def problem_json(problem: Problem) -> Json:
    """One problem, its raw text already masked."""
    return {
        "code": problem.code,
        "at": problem.at,
        "field": problem.field,
        "raw": problem.raw,
        "message": problem.message,
    }


def document_json(document: ParsedDocument) -> Json:
    """All that was read from a file."""
    return {
        "format": document.format,
        "sha256": document.sha256,
        "tables": [table_json(table) for table in document.tables],
        "expenditure": [_expenditure_json(line) for line in document.expenditure],
        "problems": [problem_json(problem) for problem in document.problems],
    }


def score_line_json(line: ScoreLine | None) -> Json | None:
    """One scored line; null where the sheet has none."""
    if line is None:
        return None
    return {
        "name": line.name,
        "at": line.at,
        "points": as_written(line.points),
        "claimed": two_places(line.claimed),
        "awarded": two_places(line.awarded),
        "ratio": share(line.ratio),
        "reason": line.reason,
        "explanation": line.explanation,
        "source": line.source,
        "clause": line.clause,
    }


def sheet_json(sheet: ScoreSheet) -> Json:
    """The score of one self-evaluation."""
    return {
        "project": sheet.project,
        "ruleset": sheet.ruleset,
        "lines": [score_line_json(line) for line in sheet.lines],
        "execution": score_line_json(sheet.execution),
        "total": two_places(sheet.total),
        "grade": sheet.grade,
        "claimed_total": two_places(sheet.claimed_total),
        "claimed_grade": sheet.claimed_grade,
        "complete": sheet.complete,
    }


def finding_json(finding: Finding) -> Json:
    """One finding of a check."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "project": finding.project,
        "indicator": finding.indicator,
        "message": finding.message,
        "at": finding.at,
        "field": finding.field,
        "aspect": finding.aspect,
        "basis": finding.basis,
    }


def scored_json(
    document: ParsedDocument, sheets: Iterable[ScoreSheet], findings: Iterable[Finding]
) -> Json:
    """The document with the scores of its self-evaluations and the findings of the checks."""
    return {
        **document_json(document),
        "scores": [sheet_json(sheet) for sheet in sheets],
        "findings": [finding_json(finding) for finding in findings],
    }
