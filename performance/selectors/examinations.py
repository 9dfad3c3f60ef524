"""A paper examined: what the checks find on its content, kept or just typed, and what is kept of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet

from performance.appraisal import examine, examine_together, reasons_due
from performance.documents.typed import (
    TypedEvaluation,
    TypedMonitoring,
    TypedTargets,
    typed_evaluation,
    typed_monitoring,
    typed_targets,
)
from performance.examination.checks import published
from performance.examination.conclusion import Conclusion, conclude
from performance.examination.limits import Thresholds, thresholds_for
from performance.examination.model import Aspect, Stage
from performance.mapping.examinations import (
    OTHER,
    Placed,
    as_typed,
    complaints_of,
    elsewhere,
    numbered,
    outlined,
    parsed_monitoring,
    placed,
    supported,
)
from performance.mapping.tables import parsed_evaluation, parsed_target_table
from performance.models import (
    Evaluation,
    Evidence,
    Indicator,
    Monitoring,
    MonitoringLine,
    Objective,
    TargetTable,
)
from performance.rulebook import load, ruleset_for
from performance.scoring import RuleSet, ScoreSheet, score
from performance.selectors.papers import (
    funding_of,
    with_evaluation_rows,
    with_target_rows,
)
from performance.tables import Finding, ParsedTable, Severity, TableKind
from performance.workflow import EDITABLE, IN_FORCE, Paper

MOST_TOGETHER = 300
"""Papers of a unit and a year that one paper is held against."""
_UNFINISHED = [state.value for state in EDITABLE]


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What an examination comes to."""

    paper: Paper
    findings: tuple[Placed, ...]
    stage: Stage
    limits: str
    ruleset: str
    conclusion: Conclusion | None
    """Of target tables alone."""
    sheet: ScoreSheet | None = None
    """Of self-evaluations alone."""
    due: tuple[Placed, ...] = ()
    """The lines of a self-evaluation that want a reason."""

    @property
    def counts(self) -> dict[str, int]:
        """How many findings of each severity."""
        counted = Counter(one.severity for one in self.findings)
        return {severity.value: counted[severity] for severity in Severity}

    @property
    def blocks(self) -> tuple[Placed, ...]:
        """The findings that keep the paper from being handed on."""
        return tuple(one for one in self.findings if one.severity is Severity.BLOCK)

    @property
    def codes(self) -> list[str]:
        """The codes that were raised, each once."""
        return sorted({one.code for one in self.findings})


AnyPaper = TargetTable | Evaluation | Monitoring


def examine_paper(row: AnyPaper, content: Mapping[str, Any] | None = None) -> Examined:
    """Examines a paper in a constant number of queries: as it is kept, or with ``content`` as typed.

    A published document that was brought in is examined as such. Raises Invalid for typed fields
    that cannot be used. Nothing is written.
    """
    paper = KIND_OF[type(row)]
    region = row.department.region.code
    limits = thresholds_for(region, row.fiscal_year)
    table = _table_of(row)
    if content is not None:
        table = numbered(as_typed(table, _read(row, table, content)))
    if isinstance(row, Evaluation):
        table = _supported(row, table)
        rules = load(row.ruleset)
    else:
        rules = load(ruleset_for(region, row.fiscal_year))
    sheet = score(table, rules) if isinstance(row, Evaluation) else None
    stage = _stage_of(row)
    found = list(examine(table, sheet, rules, limits=limits, stage=stage))
    if stage is Stage.IMPORTED:
        found = list(published(found))
    else:
        found += _among_others(row, table, sheet, rules, limits)
    findings = placed(paper, found, table)
    if stage is not Stage.IMPORTED:
        findings = (*_unfit(paper, table, findings), *findings)
    return Examined(
        paper=paper,
        findings=findings,
        stage=stage,
        limits=limits.id,
        ruleset=rules.id,
        conclusion=conclude(found, limits) if paper is Paper.TARGET_TABLE else None,
        sheet=sheet,
        due=placed(paper, reasons_due(table, rules, limits=limits), table) if sheet else (),
    )


KIND_OF: dict[type[Any], Paper] = {
    TargetTable: Paper.TARGET_TABLE,
    Evaluation: Paper.EVALUATION,
    Monitoring: Paper.MONITORING,
}


def _stage_of(row: AnyPaper) -> Stage:
    brought = not isinstance(row, Monitoring) and row.document_id is not None
    return Stage.IMPORTED if brought else Stage.SUBMISSION


def _table_of(row: AnyPaper) -> ParsedTable:
    """A paper's table in its pure shape, by the same mapping that scoring takes."""
    if isinstance(row, TargetTable):
        table = with_target_rows(TargetTable.unscoped.filter(pk=row.pk)).get()
        return numbered(parsed_target_table(table, funding_of(row.project_id, row.fiscal_year)))
    funding = funding_of(row.project_id, row.fiscal_year)
    if isinstance(row, Evaluation):
        found = with_evaluation_rows(Evaluation.unscoped.filter(pk=row.pk)).get()
        return numbered(parsed_evaluation(found, funding))
    monitoring = (
        Monitoring.unscoped.select_related("table__project", "table__unit")
        .prefetch_related(
            Prefetch("table__objectives", Objective.unscoped.order_by("seq")),
            Prefetch("table__indicators", Indicator.unscoped.order_by("seq")),
            Prefetch("lines", MonitoringLine.unscoped.order_by("id")),
        )
        .get(pk=row.pk)
    )
    return numbered(parsed_monitoring(monitoring, funding))


def _supported(row: Evaluation, table: ParsedTable) -> ParsedTable:
    evidence = Evidence.unscoped.filter(actual__evaluation=row).select_related("actual", "document")
    order = Indicator.unscoped.filter(table_id=row.table_id).order_by("seq").values_list("pk")
    return supported(table, evidence.order_by("id"), [pk for (pk,) in order])


def _read(
    row: AnyPaper, table: ParsedTable, content: Mapping[str, Any]
) -> TypedTargets | TypedEvaluation | TypedMonitoring:
    if isinstance(row, TargetTable):
        return typed_targets(content, fiscal_year=row.fiscal_year)
    if isinstance(row, Evaluation):
        return typed_evaluation(content, table.indicators, fiscal_year=row.fiscal_year)
    return typed_monitoring(content, table.indicators, fiscal_year=row.fiscal_year)


def _unfit(paper: Paper, table: ParsedTable, findings: Sequence[Placed]) -> tuple[Placed, ...]:
    """What keeps any paper of its kind from being handed on, as far as no check says it already."""
    said = {one.at for one in findings if one.code == "P01"}
    if not table.indicators:
        said.add("indicators")
    return tuple(
        Placed(
            code="P01",
            severity=Severity.BLOCK,
            message=f"{words}；缺了不能提交",
            indicator=_named(table, at),
            at=at,
            aspect=Aspect.COMPLETENESS.value if paper is Paper.TARGET_TABLE else "",
        )
        for at, words in complaints_of(paper, table).items()
        if at not in said
    )


def _named(table: ParsedTable, at: str) -> str:
    parts = at.split(".")
    if len(parts) < 3 or not parts[1].isdigit() or int(parts[1]) > len(table.indicators):
        return ""
    return table.indicators[int(parts[1]) - 1].name


# ── beside the unit's other papers ──────────────────────────────────────────────────────────────


def _among_others(
    row: AnyPaper,
    table: ParsedTable,
    sheet: ScoreSheet | None,
    rules: RuleSet,
    limits: Thresholds,
) -> list[Finding]:
    """What the unit's papers of the year that were handed on say of this one.

    The checks raise what two papers have in common on the later of them, so this one is put
    last; what all have in common, on the first: there it stands once more where it may be one
    of them. What names another project is left to that one.
    """
    others = _others(row)
    if not others:
        return []
    pairs: list[tuple[ParsedTable, ScoreSheet | None]] = [(other, None) for other in others]
    own = (table, sheet)
    orders = [[*pairs, own]]
    if table.total_claimed == limits.full_points:
        orders.append([own, *pairs])
    found = [
        finding
        for order in orders
        for finding in examine_together(order, rules, limits=limits, stage=Stage.SUBMISSION)
        if finding.project == table.project and not finding.at.startswith(OTHER)
    ]
    return list(dict.fromkeys(found))


def _others(row: AnyPaper) -> list[ParsedTable]:
    """The same kind of paper of the unit's other projects, and what an evaluation is held to."""
    if isinstance(row, Monitoring):
        return []
    shared = Q(unit_id=row.unit_id, fiscal_year=row.fiscal_year, project__confidentiality="public")
    aside = ~Q(status__in=_UNFINISHED) & ~Q(status="superseded") & ~Q(project_id=row.project_id)
    if isinstance(row, TargetTable):
        rows = TargetTable.unscoped.filter(shared, aside, from_evaluation=False)
        return _outlines(TableKind.TARGET_TABLE, rows.values(**_OUTLINE, of=F("id")))
    evaluations = Evaluation.unscoped.filter(shared, aside)
    columns = {**_OUTLINE, "written": F("table__unit_text"), "of": F("table_id")}
    found = _outlines(
        TableKind.SELF_EVALUATION, evaluations.values(**columns, claimed=F("total_claimed"))
    )
    newest = (
        with_target_rows(
            TargetTable.unscoped.filter(
                project_id=row.project_id,
                fiscal_year=row.fiscal_year,
                from_evaluation=False,
                status__in=[one.value for one in IN_FORCE],
            )
        )
        .exclude(pk=row.table_id)
        .order_by("-revision")
        .first()
    )
    if newest is not None:
        money = funding_of(row.project_id, row.fiscal_year)
        found.append(elsewhere(parsed_target_table(newest, money)))
    return found


_OUTLINE = {
    "year": F("fiscal_year"),
    "named": F("project__name"),
    "coded": F("project__code"),
    "place": F("unit__name"),
    "written": F("unit_text"),
}


def _outlines(kind: TableKind, papers: QuerySet[Any, Any]) -> list[ParsedTable]:
    """Papers with no more of them than the checks over several papers look at, in three queries."""
    rows = list(papers.order_by("id")[:MOST_TOGETHER])
    tables = [row["of"] for row in rows]
    objectives: dict[int, list[str]] = {}
    indicators: dict[int, list[tuple[str, str, str]]] = {}
    if tables:
        texts = Objective.unscoped.filter(table_id__in=tables).order_by("table_id", "seq")
        for table, text in texts.values_list("table_id", "text"):
            objectives.setdefault(table, []).append(text)
        cells = Indicator.unscoped.filter(table_id__in=tables).order_by("table_id", "seq")
        for table, *cell in cells.values_list("table_id", "level2", "name", "text"):
            indicators.setdefault(table, []).append((cell[0], cell[1], cell[2]))
    return [
        outlined(
            kind,
            row,
            objectives=objectives.get(row["of"], ()),
            indicators=indicators.get(row["of"], ()),
        )
        for row in rows
    ]
