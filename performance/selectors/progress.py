"""The lights of monitoring tables: one as it is kept or typed, and those of a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from budgets.models import User
from performance.documents.typed import typed_monitoring
from performance.examination.limits import thresholds_for
from performance.examination.progress import Progress, judge
from performance.mapping.examinations import as_typed, numbered, parsed_monitoring
from performance.models import Indicator, Monitoring, MonitoringLine, Objective
from performance.rulebook import load, ruleset_for
from performance.selectors.desk import paper_row, refuse_settled
from performance.workflow import Paper

_ROWS = (
    Prefetch("table__objectives", Objective.unscoped.order_by("seq")),
    Prefetch("table__indicators", Indicator.unscoped.order_by("seq")),
    Prefetch("lines", MonitoringLine.unscoped.order_by("id")),
)
_PLACES = ("department__region", "table__project", "table__unit")


def progress_of(
    user: User, public_id: UUID, content: Mapping[str, Any] | None = None
) -> Progress | None:
    """The lights of a monitoring table, as it is kept or with ``content`` as typed.

    None when it is not there or not this reader's. Raises Invalid for typed fields of no use, and
    Conflict for a content of a paper that is no longer written. Nothing is written.
    """
    row = paper_row(user, Paper.MONITORING, public_id)
    if row is None:
        return None
    if content is not None:
        refuse_settled(row)
    rows = Monitoring.unscoped.select_related(*_PLACES).prefetch_related(*_ROWS)
    return _judged(rows.get(pk=row.pk), content)


def progress_by_row(monitorings: Sequence[Monitoring]) -> dict[int, Progress]:
    """The lights of several tables by their keys, in a constant number of queries."""
    rows = Monitoring.unscoped.select_related(*_PLACES).prefetch_related(*_ROWS)
    return {row.pk: _judged(row) for row in rows.filter(pk__in=[one.pk for one in monitorings])}


def _judged(row: Monitoring, content: Mapping[str, Any] | None = None) -> Progress:
    region = row.department.region.code
    table = numbered(parsed_monitoring(row, ()))
    lines = {line.indicator_id: line.forecast for line in row.lines.all()}
    forecasts = [lines.get(indicator.pk, "") for indicator in row.table.indicators.all()]
    if content is not None:
        typed = typed_monitoring(content, table.indicators, fiscal_year=row.fiscal_year)
        table = as_typed(table, typed)
        forecasts = [line.forecast for line in typed.lines]
    return judge(
        table,
        forecasts,
        month=row.month,
        rules=load(ruleset_for(region, row.fiscal_year)),
        limits=thresholds_for(region, row.fiscal_year).progress,
    )
