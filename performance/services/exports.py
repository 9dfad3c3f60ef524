"""Exports: promised at once, made in the background, taken away by the one who asked."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from budgets import audit
from budgets.access import scope_digest
from budgets.errors import Invalid
from budgets.jobs import Task, enqueue
from budgets.models import JobFile, User
from performance.reports.sheets import csv_file, xlsx_file
from performance.selectors.exports import KEPT, KIND, LISTS, exported_rows, path_of
from performance.selectors.projects import COLUMNS, ProjectFilters, shown_rows
from performance.services.files import write_whole
from performance.workflow import State

FORMATS = ("xlsx", "csv")
MOST_ROWS = 100_000
MOST_SHOWN = 20_000
"""Rows of a list that are made into a file while somebody waits."""
_ORPHAN_SECONDS = 24 * 60 * 60


def request_export(
    *,
    actor: User,
    list_name: str,
    format: str,
    filters: Mapping[str, Any],
    origin: audit.Origin | None = None,
) -> UUID:
    """Promises a file with a list as the actor sees it. Raises Invalid for an unknown wish."""
    with transaction.atomic():
        wanted = _checked(list_name, format, filters)
        promised = enqueue(KIND, {"list": list_name, "format": format, **wanted}, actor=actor)
        assert promised is not None
        audit.record(
            actor=actor,
            verb="request_export",
            object_type="export",
            object_id=promised,
            department_id=audit.OFFICE_CHAIN,
            detail={"list": list_name, "format": format, **wanted},
            origin=origin,
        )
        return promised


def _checked(list_name: str, format: str, filters: Mapping[str, Any]) -> dict[str, Any]:
    fields = {}
    if list_name not in LISTS:
        fields["list"] = f"应为 {'、'.join(LISTS)} 之一"
    if format not in FORMATS:
        fields["format"] = f"应为 {'、'.join(FORMATS)} 之一"
    wanted = {name: value for name, value in filters.items() if value not in (None, "")}
    allowed = LISTS[list_name].filters if list_name in LISTS else frozenset()
    for name in set(wanted) - allowed:
        fields[name] = "这个列表不能按此筛选"
    year = wanted.get("fiscal_year", 2000)
    if not isinstance(year, int) or not 2000 <= year <= 2100:
        fields["fiscal_year"] = "年度应在 2000 到 2100 之间"
    if wanted.get("status", State.DRAFT.value) not in {state.value for state in State}:
        fields["status"] = "没有这个状态"
    if fields:
        raise Invalid(fields)
    return wanted


def export_projects(
    *,
    actor: User,
    filters: ProjectFilters,
    columns: Sequence[str],
    format: str,
    origin: audit.Origin | None = None,
) -> tuple[str, bytes]:
    """The projects of a list as the actor sees it, same filters and columns: a name and a file.

    At once and not in the background: words that were searched for stand in no job and no trail.
    Raises Invalid for an unknown wish and for more rows than a request can make.
    """
    fields = {}
    if format not in FORMATS:
        fields["format"] = f"应为 {'、'.join(FORMATS)} 之一"
    if not set(columns) <= set(COLUMNS):
        fields["column"] = "没有这一列"
    if fields:
        raise Invalid(fields)
    chosen = [COLUMNS[name] for name in COLUMNS if name in columns]
    head = ("项目", "单位", *(words for words, _ in chosen))
    with transaction.atomic():
        rows = [
            (row.name, row.unit, *(cell(row) for _, cell in chosen))
            for row in islice(shown_rows(actor, filters), MOST_SHOWN + 1)
        ]
        if len(rows) > MOST_SHOWN:
            raise Invalid({"list": f"超过 {MOST_SHOWN} 个项目，请先按部门、年度或名称缩小范围"})
        data = csv_file(head, rows) if format == "csv" else xlsx_file("项目", head, rows)
        audit.record(
            actor=actor,
            verb="export_projects",
            object_type="export",
            object_id=hashlib.sha256(data).hexdigest(),
            department_id=audit.OFFICE_CHAIN,
            detail={"rows": len(rows), "columns": list(columns), "format": format},
            origin=origin,
        )
    return f"项目.{format}", data


def make_export(task: Task) -> str:
    """Makes the file of an export with the eyes its account has now: file first, then the row."""
    assert task.actor is not None
    name, format = task.payload["list"], task.payload["format"]
    shape = LISTS[name]
    filters = {key: task.payload[key] for key in shape.filters if key in task.payload}
    rows = list(islice(exported_rows(task.actor, name, filters), MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise Invalid({"list": f"超过 {MOST_ROWS} 行，请按年度或状态分开导出"})
    if format == "csv":
        data = csv_file(shape.head, rows)
    else:
        data = xlsx_file(shape.label, shape.head, rows)
    sha256 = hashlib.sha256(data).hexdigest()
    write_whole(data, path_of(task.public_id))
    audit.record(
        actor=task.actor,
        verb="make_export",
        object_type="export",
        object_id=task.public_id,
        department_id=audit.OFFICE_CHAIN,
        detail={"list": name, "rows": len(rows), "sha256": sha256},
    )
    JobFile.objects.create(
        job_id=task.id,
        owner=task.actor,
        name=f"{shape.label}.{format}",
        sha256=sha256,
        size=len(data),
        rows=len(rows),
        scope=scope_digest(task.actor),
        made_at=timezone.now(),
    )
    return sha256


def remove_expired() -> int:
    """Lets go of files older than a week, and of bytes that no row knows any more."""
    expired = JobFile.objects.filter(made_at__lt=timezone.now() - KEPT)
    gone = [path_of(public_id) for public_id in expired.values_list("job__public_id", flat=True)]
    expired.delete()
    known = {path_of(found) for found in JobFile.objects.values_list("job__public_id", flat=True)}
    oldest = time.time() - _ORPHAN_SECONDS
    for path in Path(settings.EXPORT_ROOT).glob("*/*"):
        if path not in known and path.stat().st_mtime < oldest:
            gone.append(path)
    for path in gone:
        transaction.on_commit(partial(path.unlink, missing_ok=True), robust=True)
    return len(gone)
