"""The whole content of a paper, read in a constant number of queries."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch

from performance.mapping.contents import evaluation_content, monitoring_content, target_content
from performance.mapping.tables import parsed_indicator
from performance.models import (
    Actual,
    Evaluation,
    Evidence,
    Indicator,
    Monitoring,
    MonitoringLine,
    Objective,
    Snapshot,
    SnapshotKind,
    TargetTable,
)
from performance.selectors.papers import funding_of
from performance.tables import ParsedIndicator
from performance.workflow import Paper

_INDICATORS = Prefetch("table__indicators", Indicator.unscoped.order_by("seq"))


def content_of(row: TargetTable | Evaluation | Monitoring) -> dict[str, Any]:
    """A paper's content as it stands in the database now."""
    if isinstance(row, TargetTable):
        table = TargetTable.unscoped.prefetch_related(
            Prefetch("objectives", Objective.unscoped.order_by("seq")),
            Prefetch("indicators", Indicator.unscoped.order_by("seq")),
        ).get(pk=row.pk)
        return target_content(table, funding_of(table.project_id, table.fiscal_year))
    if isinstance(row, Evaluation):
        return evaluation_content(
            Evaluation.unscoped.select_related("table")
            .prefetch_related(
                _INDICATORS,
                Prefetch("actuals", Actual.unscoped.order_by("id")),
                Prefetch(
                    "actuals__evidence_items",
                    Evidence.unscoped.select_related("document").order_by("id"),
                ),
            )
            .get(pk=row.pk)
        )
    return monitoring_content(
        Monitoring.unscoped.select_related("table")
        .prefetch_related(_INDICATORS, Prefetch("lines", MonitoringLine.unscoped.order_by("id")))
        .get(pk=row.pk)
    )


def indicators_of(table_id: int) -> list[Indicator]:
    """The indicator rows of a table in order."""
    return list(Indicator.unscoped.filter(table_id=table_id).order_by("seq"))


def parsed_indicators_of(table_id: int) -> list[ParsedIndicator]:
    """The indicators of a table in their pure shape."""
    return [parsed_indicator(row) for row in indicators_of(table_id)]


def submitted_snapshot(paper: Paper, paper_id: int) -> Snapshot | None:
    """The content that was last handed on."""
    return (
        Snapshot.unscoped.filter(paper=paper.value, paper_id=paper_id, kind=SnapshotKind.SUBMITTED)
        .order_by("-id")
        .first()
    )


def snapshot_at(paper: Paper, paper_id: int, lock_version: int) -> Snapshot | None:
    """The content a paper had at a version, as far as it is kept."""
    return (
        Snapshot.unscoped.filter(
            paper=paper.value, paper_id=paper_id, lock_version__lte=lock_version
        )
        .order_by("-lock_version", "-id")
        .first()
    )


def snapshot_with(paper: Paper, paper_id: int, digest: str) -> Snapshot | None:
    """A kept content by its digest."""
    return (
        Snapshot.unscoped.filter(paper=paper.value, paper_id=paper_id, digest=digest)
        .order_by("-id")
        .first()
    )
