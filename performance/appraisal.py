"""A parsed document and a rule set → score sheets and findings: what every door calls."""

from __future__ import annotations

from dataclasses import dataclass, replace

from performance.examination.checks import SHEET_CHECKS
from performance.examination.ties import DOCUMENT_CHECKS
from performance.scoring import RuleSet, ScoreSheet, score
from performance.tables import Finding, ParsedDocument, ParsedTable, Severity, TableKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraisal:
    """The sheets of a document's self-evaluations, in their order, and all findings."""

    sheets: tuple[ScoreSheet, ...]
    findings: tuple[Finding, ...]


def appraise(document: ParsedDocument, rules: RuleSet) -> Appraisal:
    """Scores every self-evaluation of a published document and runs the checks.

    Misfits of place, year, classes or sums are findings, never errors. On a publication what
    would block a submission is an 错误.
    """
    sheets: list[ScoreSheet] = []
    findings: list[Finding] = []
    for table in document.tables:
        if table.kind is TableKind.SELF_EVALUATION:
            sheet = score(table, rules)
            sheets.append(sheet)
            findings.extend(examine(table, sheet))
    for check in DOCUMENT_CHECKS:
        findings.extend(check(document))
    return Appraisal(
        sheets=tuple(sheets), findings=tuple(_as_published(finding) for finding in findings)
    )


def examine(table: ParsedTable, sheet: ScoreSheet) -> list[Finding]:
    """The findings on one scored self-evaluation."""
    return [finding for check in SHEET_CHECKS for finding in check(table, sheet)]


def _as_published(finding: Finding) -> Finding:
    if finding.severity is Severity.BLOCK:
        return replace(finding, severity=Severity.ERROR)
    return finding
