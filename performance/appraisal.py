"""A parsed document and a rule set → score sheets and findings: what every door calls."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from performance.examination.checks import (
    BUNDLE_CHECKS,
    TABLE_CHECKS,
    examine_bundle,
    examine_case,
    published,
)
from performance.examination.limits import Thresholds, thresholds_for
from performance.examination.model import Bundle, Case, Check, Stage
from performance.examination.ties import DOCUMENT_CHECKS, check_x02_projects
from performance.rulebook import load
from performance.rulebook.book import NATIONAL
from performance.scoring import RuleSet, ScoreSheet, score
from performance.tables import (
    ExpenditureLine,
    Finding,
    ParsedDocument,
    ParsedTable,
    Place,
    TableKind,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraisal:
    """The sheets of a document's self-evaluations, in their order, and all findings."""

    sheets: tuple[ScoreSheet, ...]
    findings: tuple[Finding, ...]


def appraise(
    document: ParsedDocument,
    rules: RuleSet,
    limits: Thresholds | None = None,
    *,
    checks: Sequence[Check] = (*TABLE_CHECKS, *BUNDLE_CHECKS),
) -> Appraisal:
    """Scores every self-evaluation of a published document and examines all its tables.

    Misfits of place, year, classes or sums are findings, never errors. On a publication what
    would block a submission is an 错误. ``limits`` are the region's
    thresholds, those that hold everywhere where none are given.
    """
    bundle = _bundle(document, rules, limits)
    found = [finding for case in bundle.cases for finding in examine_case(case, checks)]
    found.extend(examine_bundle(bundle, checks))
    found.extend(_ties(document))
    sheets = tuple(case.sheet for case in bundle.cases if case.sheet is not None)
    return Appraisal(sheets=sheets, findings=published(found))


def examine(
    table: ParsedTable,
    sheet: ScoreSheet | None,
    rules: RuleSet | None = None,
    *,
    limits: Thresholds | None = None,
    stage: Stage = Stage.IMPORTED,
) -> list[Finding]:
    """The findings on one table: a self-evaluation with its sheet, any other with None.

    ``rules`` may be left out where a sheet names them; a target table is judged by the national
    set then. What blocks stays 阻断: only a publication makes an 错误 of it.
    """
    if rules is None:
        rules = load(sheet.ruleset if sheet is not None else NATIONAL)
    return list(examine_case(_case(table, sheet, rules, limits, stage)))


def examine_together(
    tables: Sequence[tuple[ParsedTable, ScoreSheet | None]],
    rules: RuleSet,
    *,
    limits: Thresholds | None = None,
    stage: Stage = Stage.IMPORTED,
    expenditure: Sequence[ExpenditureLine] = (),
    all_projects: bool = False,
) -> list[Finding]:
    """What several papers of one year say of each other: targets and self-evaluations, projects
    alike, all full, and the money of all against the unit's budget or final accounts.

    ``all_projects`` says that no project of the unit is missing, so a smaller sum is a finding
    too. The findings on each table for itself come from ``examine``.
    """
    cases = tuple(_case(table, sheet, rules, limits, stage) for table, sheet in tables)
    limits = limits or _limits(cases[0].table.fiscal_year if cases else None)
    lines = tuple(expenditure)
    found = list(examine_bundle(Bundle(cases=cases, limits=limits, stage=stage, expenditure=lines)))
    together = ParsedDocument(
        format="",
        sha256="",
        tables=tuple(table for table, _ in tables),
        expenditure=lines,
        all_projects_covered=all_projects,
    )
    return [*found, *check_x02_projects(together)]


def examine_document(
    document: ParsedDocument, rules: RuleSet, limits: Thresholds | None = None
) -> list[Finding]:
    """The findings on a published document but those on its self-evaluations for themselves,
    which are stored with their own score."""
    bundle = _bundle(document, rules, limits)
    found = [
        finding
        for case in bundle.cases
        if case.table.kind is not TableKind.SELF_EVALUATION
        for finding in examine_case(case)
    ]
    found.extend(examine_bundle(bundle))
    found.extend(_ties(document))
    return list(published(found))


_REASONED = tuple(check for check in TABLE_CHECKS if check.name in {"O01 超额完成", "U01 指标扣分"})
"""The checks that ask for a reason on a line."""


def reasons_due(
    table: ParsedTable, rules: RuleSet, *, limits: Thresholds | None = None
) -> list[Finding]:
    """The lines of a self-evaluation that want a reason, those not claimed yet too.

    The same checks as at submission, on the table as it would be if what is not claimed were
    claimed as computed: so that the reason is asked for as soon as the actual is written.
    """
    sheet = score(table, rules)
    whole = replace(
        table,
        indicators=tuple(
            indicator if indicator.awarded is not None else replace(indicator, awarded=line.awarded)
            for indicator, line in zip(table.indicators, sheet.lines, strict=True)
        ),
    )
    case = _case(whole, score(whole, rules), rules, limits, Stage.SUBMISSION)
    return list(examine_case(case, _REASONED))


_ANY_YEAR = 2100


def _limits(fiscal_year: int | None) -> Thresholds:
    return thresholds_for("", fiscal_year or _ANY_YEAR)


def _case(
    table: ParsedTable,
    sheet: ScoreSheet | None,
    rules: RuleSet,
    limits: Thresholds | None,
    stage: Stage,
    *,
    unsure: bool = False,
) -> Case:
    limits = limits or _limits(table.fiscal_year)
    return Case.of(table, rules=rules, limits=limits, stage=stage, sheet=sheet, unsure=unsure)


def _bundle(document: ParsedDocument, rules: RuleSet, limits: Thresholds | None) -> Bundle:
    unsure = _unsure(document)
    cases = tuple(
        _case(
            table,
            score(table, rules) if table.kind is TableKind.SELF_EVALUATION else None,
            rules,
            limits,
            Stage.IMPORTED,
            unsure=index in unsure,
        )
        for index, table in enumerate(document.tables)
    )
    return Bundle(
        cases=cases,
        limits=limits or _limits(document.fiscal_year),
        expenditure=document.expenditure,
        listed=document.listed,
        problems=document.problems,
    )


_LOST = {
    "row_unplaced",
    "row_outside_table",
    "row_short",
    "cell_unplaced",
    "name_missing",
    "points_unreadable",
    "amount_unreadable",
    "header_without_values",
}
"""Problems of the reader after which a table's sums may lack something."""
_PARTS = re.compile(r"(\d{1,9})")


def _unsure(document: ParsedDocument) -> set[int]:
    """Indexes of the tables in which the reader lost a row or a cell."""
    starts = [_in_order(table.at) for table in document.tables]
    if starts != sorted(starts):
        return set(range(len(starts))) if any(p.code in _LOST for p in document.problems) else set()
    lost = {
        bisect_right(starts, _in_order(problem.at)) - 1
        for problem in document.problems
        if problem.code in _LOST
    }
    return lost - {-1}


def _in_order(at: Place) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in _PARTS.split(at)]


def _ties(document: ParsedDocument) -> list[Finding]:
    return [finding for check in DOCUMENT_CHECKS for finding in check(document)]
