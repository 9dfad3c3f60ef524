"""Lists to take away: their columns, their rows as one account sees them, and the files made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from budgets.access import projects_visible_to, scope_digest
from budgets.models import Job, JobFile, JobState, Project, User
from budgets.selectors.jobs import jobs_of
from performance.access import evaluations_visible_to, target_tables_visible_to
from performance.models import Evaluation, TargetTable
from performance.reports.sheets import Cell
from performance.selectors.pages import evaluation_rows, page_of, target_table_rows
from performance.selectors.shapes import Page

KIND = "export"
KEPT = timedelta(days=7)
_CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedList:
    """A list that can be taken away."""

    label: str
    head: tuple[str, ...]
    filters: frozenset[str]
    chunk: Callable[[QuerySet[Any]], tuple[list[Any], list[Sequence[Cell]]]]
    visible: Callable[[User], QuerySet[Any]]


def _evaluations(rows: QuerySet[Evaluation]) -> tuple[list[Any], list[Sequence[Cell]]]:
    found = list(rows.select_related("project", "unit", "department")[:_CHUNK])
    return found, [
        (
            one.department.name,
            row.unit,
            row.project,
            row.fiscal_year,
            one.get_status_display(),
            row.ruleset,
            row.execution_rate,
            row.claimed_total,
            row.claimed_grade,
            row.total,
            row.grade,
            row.difference,
            row.findings,
        )
        for one, row in zip(found, evaluation_rows(found), strict=True)
    ]


def _tables(rows: QuerySet[TargetTable]) -> tuple[list[Any], list[Sequence[Cell]]]:
    found = list(rows.select_related("project", "unit", "department")[:_CHUNK])
    return found, [
        (
            one.department.name,
            row.unit,
            row.project,
            row.fiscal_year,
            row.status,
            one.revision,
            row.budget,
            row.indicators,
        )
        for one, row in zip(found, target_table_rows(found), strict=True)
    ]


def _projects(rows: QuerySet[Project]) -> tuple[list[Any], list[Sequence[Cell]]]:
    found = list(rows.select_related("unit", "department")[:_CHUNK])
    return found, [(one.department.name, one.unit.name, one.code, one.name) for one in found]


LISTS: Mapping[str, ExportedList] = {
    "evaluations": ExportedList(
        label="绩效自评",
        head=(
            "主管部门", "预算单位", "项目", "年度", "状态", "规则集", "执行率", "自评总分", "自评等级", "按规则得分",
            "等级", "差", "发现",
        ),
        filters=frozenset({"fiscal_year", "status"}),
        chunk=_evaluations,
        visible=evaluations_visible_to,
    ),
    "target_tables": ExportedList(
        label="绩效目标表",
        head=("主管部门", "预算单位", "项目", "年度", "状态", "版本", "年初预算（元）", "指标数"),
        filters=frozenset({"fiscal_year", "status"}),
        chunk=_tables,
        visible=target_tables_visible_to,
    ),
    "projects": ExportedList(
        label="项目",
        head=("主管部门", "预算单位", "项目代码", "项目名称"),
        filters=frozenset(),
        chunk=_projects,
        visible=projects_visible_to,
    ),
}  # fmt: skip


def exported_rows(user: User, name: str, filters: Mapping[str, Any]) -> Iterator[Sequence[Cell]]:
    """The rows of a list as this account sees them, oldest first, read in pieces."""
    wanted = LISTS[name]
    rows = wanted.visible(user).order_by("id")
    for column in sorted(wanted.filters & set(filters)):
        rows = rows.filter(**{column: filters[column]})
    last = 0
    while True:
        found, cells = wanted.chunk(rows.filter(id__gt=last))
        yield from cells
        if len(found) < _CHUNK:
            return
        last = found[-1].pk


# ── files ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """An export as its account finds it."""

    public_id: UUID
    label: str
    format: str
    state: str
    words: str
    created_at: datetime
    name: str
    rows: int | None
    size: int | None
    expires_at: datetime | None

    @property
    def is_ready(self) -> bool:
        """Whether there is a file to take away."""
        return self.state == "ready"


_WORDS = {
    "waiting": "正在生成",
    "ready": "可以下载",
    "failed": "没有生成，请重新导出；仍不成功请联系系统管理员",
    "expired": "已过期，或您的可见范围已有变化，请重新导出",
}


def path_of(public_id: UUID) -> Path:
    """Where the file of an export stands."""
    return Path(settings.EXPORT_ROOT) / public_id.hex[:2] / public_id.hex


def exports_of(user: User, cursor: str | None) -> Page:
    """An account's own exports, newest first."""
    found, following = page_of(jobs_of(user, KIND), cursor)
    scope = scope_digest(user)
    return Page(rows=[_export(job, scope) for job in found], next_cursor=following)


def export_of(user: User, public_id: UUID) -> Export | None:
    """One export; None when it is not there or another's."""
    job = jobs_of(user, KIND).filter(public_id=public_id).first()
    return _export(job, scope_digest(user)) if job is not None else None


def _export(job: Job, scope: str) -> Export:
    file: JobFile | None = getattr(job, "file", None)
    state = _state(job, file, scope)
    ready = file if state == "ready" else None
    return Export(
        public_id=job.public_id,
        label=LISTS[job.payload["list"]].label,
        format=job.payload["format"],
        state=state,
        words=_WORDS[state],
        created_at=job.created_at,
        name=ready.name if ready else "",
        rows=ready.rows if ready else None,
        size=ready.size if ready else None,
        expires_at=ready.made_at + KEPT if ready else None,
    )


def _state(job: Job, file: JobFile | None, scope: str) -> str:
    if job.state == JobState.QUEUED:
        return "waiting"
    if job.state != JobState.DONE:
        return "failed"
    if file is None or file.scope != scope or timezone.now() - file.made_at > KEPT:
        return "expired"
    return "ready" if path_of(job.public_id).is_file() else "expired"
