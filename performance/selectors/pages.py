"""What the pages and the API show, filled in a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from budgets.models import ExpenditureByFunction, Funding, User
from budgets.text import uuid_or_none
from performance.access import (
    documents_visible_to,
    evaluations_visible_to,
    imported_documents_visible_to,
    target_tables_visible_to,
)
from performance.mapping.scores import finding_of, stored_sheet
from performance.mapping.tables import parsed_evaluation, parsed_target_table
from performance.models import (
    Document,
    Evaluation,
    FindingRow,
    ImportRun,
    Indicator,
    ScoreRun,
    TargetTable,
)
from performance.rulebook import UnknownRuleset, load
from performance.scoring import RuleSet
from performance.scoring.execution import execution_rate
from performance.selectors.papers import (
    funding_by_project,
    funding_of,
    latest_runs,
    lines_of,
    with_evaluation_rows,
    with_target_rows,
)
from performance.selectors.shapes import (
    DocumentPage,
    DocumentRow,
    EvaluationPage,
    EvaluationRow,
    Page,
    PageLine,
    TargetTablePage,
    TargetTableRow,
)
from performance.tables import Finding, ParsedTable, Severity

PAGE_SIZE = 50


def page_of(rows: QuerySet[Any], cursor: str | None) -> tuple[list[Any], str | None]:
    """Newest first; the cursor is the public id of the last row before.

    A row of another's, or none, begins anew: a cursor tells nothing about rows one may not see.
    """
    ordered = rows.order_by("-id")
    if cursor and (given := uuid_or_none(cursor)) is not None:
        before = rows.filter(public_id=given).values_list("pk", flat=True).first()
        if before is not None:
            ordered = ordered.filter(id__lt=before)
    found = list(ordered[: PAGE_SIZE + 1])
    more = len(found) > PAGE_SIZE
    return found[:PAGE_SIZE], str(found[PAGE_SIZE - 1].public_id) if more else None


# ── evaluations ─────────────────────────────────────────────────────────────────────────────────


def evaluation_page_list(user: User, cursor: str | None) -> Page:
    """Evaluations this account may see, claimed beside computed."""
    found, following = page_of(
        evaluations_visible_to(user).select_related("project", "unit"), cursor
    )
    return Page(rows=evaluation_rows(found), next_cursor=following)


def evaluation_rows(evaluations: Sequence[Evaluation]) -> list[EvaluationRow]:
    """Rows of a list, with their newest runs and counts of findings in two queries."""
    runs = latest_runs([evaluation.pk for evaluation in evaluations])
    counts: dict[int, int] = dict(
        FindingRow.objects.filter(
            fiscal_year__in={run.fiscal_year for run in runs.values()},
            run_id__in=[run.pk for run in runs.values()],
        )
        .values_list("run_id")
        .annotate(Count("seq"))
    )
    return [_row(evaluation, runs.get(evaluation.pk), counts) for evaluation in evaluations]


def _row(evaluation: Evaluation, run: ScoreRun | None, counts: dict[int, int]) -> EvaluationRow:
    return EvaluationRow(
        public_id=evaluation.public_id,
        project=evaluation.project.name,
        unit=evaluation.unit.name,
        fiscal_year=evaluation.fiscal_year,
        ruleset=evaluation.ruleset,
        at=evaluation.at,
        execution_rate=execution_rate(evaluation.executed, evaluation.budget_used),
        claimed_total=evaluation.total_claimed,
        claimed_grade=(run.claimed_grade or None) if run else None,
        total=run.total if run else None,
        grade=(run.grade or None) if run else None,
        complete=bool(run and run.complete),
        findings=counts.get(run.pk, 0) if run else 0,
    )


def evaluation_page(user: User, public_id: UUID) -> EvaluationPage | None:
    """One evaluation with its newest score, or None when it is not there or not yours."""
    rows = with_evaluation_rows(evaluations_visible_to(user)).filter(public_id=public_id)
    evaluation = rows.first()
    if evaluation is None:
        return None
    return evaluation_pages([evaluation])[0]


def evaluation_pages(evaluations: Sequence[Evaluation]) -> list[EvaluationPage]:
    """Evaluations with their scores, for as many as there are, in a constant number of queries."""
    runs = latest_runs([evaluation.pk for evaluation in evaluations])
    lines = lines_of(list(runs.values())) if runs else {}
    findings = _findings(runs)
    funding = funding_by_project([evaluation.project_id for evaluation in evaluations])
    imports = _imports([e.document_id for e in evaluations if e.document_id is not None])
    pages = []
    for evaluation in evaluations:
        money = funding.get((evaluation.project_id, evaluation.fiscal_year), [])
        table = parsed_evaluation(evaluation, money)
        run = runs.get(evaluation.pk)
        rules = _rules(evaluation.ruleset)
        sheet = stored_sheet(run, lines[run.pk], table, rules) if run else None
        brought = imports.get(evaluation.document_id or 0)
        own = tuple(
            finding_of(row, table.project) for row in findings.get(run.pk if run else 0, [])
        )
        pages.append(
            EvaluationPage(
                public_id=evaluation.public_id,
                table=table,
                rules=rules,
                sheet=sheet,
                rows=tuple(
                    PageLine(indicator=indicator, line=line)
                    for indicator, line in zip(
                        table.indicators, sheet.lines if sheet else (), strict=False
                    )
                ),
                findings=own + _document_findings(brought, table.project),
                problems=_problems_of(brought, table),
                document_id=evaluation.document.public_id if evaluation.document else None,
                document_name=evaluation.document.name if evaluation.document else "",
                status=evaluation.get_status_display(),
                scored_at=run.scored_at if run else None,
            )
        )
    return pages


def _rules(identity: str) -> RuleSet:
    try:
        return load(identity)
    except UnknownRuleset:
        raise LookupError(f"rule set {identity} is gone from the rulebook") from None


def _findings(runs: dict[int, ScoreRun]) -> dict[int, list[FindingRow]]:
    found: dict[int, list[FindingRow]] = {}
    rows = FindingRow.objects.filter(
        fiscal_year__in={run.fiscal_year for run in runs.values()},
        run_id__in=[run.pk for run in runs.values()],
    ).order_by("run_id", "seq")
    for row in rows:
        found.setdefault(row.run_id, []).append(row)
    return found


def _imports(document_ids: Sequence[int]) -> dict[int, ImportRun]:
    runs = (
        ImportRun.unscoped.filter(document_id__in=document_ids)
        .order_by("document_id", "-id")
        .distinct("document_id")
    )
    return {run.document_id: run for run in runs}


def _document_findings(run: ImportRun | None, project: str | None) -> tuple[Finding, ...]:
    """Findings over the whole document: all of them, or those about one project."""
    return tuple(
        Finding(**{**finding, "severity": Severity(finding["severity"])})
        for finding in (run.findings if run else [])
        if project is None or finding["project"] == project
    )


def _problems_of(run: ImportRun | None, table: ParsedTable) -> tuple[dict[str, Any], ...]:
    """Problems at places of one table."""
    places = {table.at, *(indicator.at for indicator in table.indicators)}
    if table.execution:
        places.add(table.execution.at)
    return tuple(problem for problem in (run.problems if run else []) if problem["at"] in places)


# ── target tables ───────────────────────────────────────────────────────────────────────────────


def target_table_page_list(user: User, cursor: str | None) -> Page:
    """Target tables this account may see."""
    rows = target_tables_visible_to(user).select_related("project", "unit")
    found, following = page_of(rows, cursor)
    return Page(rows=target_table_rows(found), next_cursor=following)


def target_table_rows(tables: Sequence[TargetTable]) -> list[TargetTableRow]:
    """Rows of a list, with what is counted for them and no other."""
    counts: dict[int, int] = dict(
        Indicator.unscoped.filter(table_id__in=[table.pk for table in tables])
        .values_list("table_id")
        .annotate(Count("pk"))
        .order_by()
    )
    funding = funding_by_project([table.project_id for table in tables])
    return [
        TargetTableRow(
            public_id=table.public_id,
            project=table.project.name,
            unit=table.unit.name,
            fiscal_year=table.fiscal_year,
            budget=_annual(funding.get((table.project_id, table.fiscal_year), [])),
            indicators=counts.get(table.pk, 0),
            status=table.get_status_display(),
            at=table.at,
        )
        for table in tables
    ]


def _annual(funding: Sequence[Funding]) -> Decimal | None:
    return next(
        (row.initial for row in funding if row.source == "total" and row.stage == "annual"), None
    )


def target_table_page(user: User, public_id: UUID) -> TargetTablePage | None:
    """One target table, or None when it is not there or not yours."""
    table = with_target_rows(target_tables_visible_to(user)).filter(public_id=public_id).first()
    return _target_page(table) if table is not None else None


def _target_page(table: TargetTable) -> TargetTablePage:
    parsed = parsed_target_table(table, funding_of(table.project_id, table.fiscal_year))
    run = _imports([table.document_id] if table.document_id else []).get(table.document_id or 0)
    return TargetTablePage(
        public_id=table.public_id,
        table=parsed,
        status=table.get_status_display(),
        problems=_problems_of(run, parsed),
        document_id=table.document.public_id if table.document else None,
        document_name=table.document.name if table.document else "",
    )


# ── documents ───────────────────────────────────────────────────────────────────────────────────


def document_page_list(user: User, cursor: str | None) -> Page:
    """Documents this account may see."""
    rows = imported_documents_visible_to(user).select_related("unit")
    found, following = page_of(rows, cursor)
    ids = [document.pk for document in found]
    imports = _imports(ids)
    tables = _counted(TargetTable.unscoped.filter(from_evaluation=False, document_id__in=ids))
    evaluations = _counted(Evaluation.unscoped.filter(document_id__in=ids))
    return Page(
        rows=[
            DocumentRow(
                public_id=document.public_id,
                name=document.name,
                unit=document.unit.name,
                fiscal_year=document.fiscal_year,
                target_tables=tables.get(document.pk, 0),
                evaluations=evaluations.get(document.pk, 0),
                problems=len(imports[document.pk].problems) if document.pk in imports else 0,
                imported_at=document.imported_at,
            )
            for document in found
        ],
        next_cursor=following,
    )


def _counted(rows: QuerySet[Any]) -> dict[int, int]:
    """How many rows belong to each document."""
    return dict(rows.values_list("document_id").annotate(Count("pk")).order_by())


def document_page(user: User, public_id: UUID) -> DocumentPage | None:
    """One document with its tables, totals of expenditure, findings and problems."""
    document = documents_visible_to(user).select_related("unit").filter(public_id=public_id).first()
    if document is None:
        return None
    run = _imports([document.pk]).get(document.pk)
    return DocumentPage(
        name=document.name,
        unit=document.unit.name,
        fiscal_year=document.fiscal_year,
        format=document.format,
        sha256=document.sha256,
        target_tables=tuple(_tables_of(user, document)),
        evaluations=tuple(
            evaluation_rows(
                list(
                    evaluations_visible_to(user)
                    .filter(document=document)
                    .select_related("project", "unit")
                    .order_by("id")
                )
            )
        ),
        expenditure=tuple(
            ExpenditureByFunction.unscoped.filter(
                unit=document.unit, fiscal_year=document.fiscal_year, code=""
            ).order_by("seq")
        ),
        findings=_document_findings(run, None),
        problems=tuple(run.problems if run else ()),
    )


def _tables_of(user: User, document: Document) -> list[TargetTableRow]:
    rows = (
        target_tables_visible_to(user).filter(document=document).select_related("project", "unit")
    )
    return target_table_rows(list(rows.order_by("id")))
