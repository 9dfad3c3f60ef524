"""Writing papers: beginning one, saving what was typed, adjusting an approved one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from budgets import audit
from budgets.access import projects_visible_to, roles_for, units_entered_by
from budgets.errors import Conflict, Invalid, NotAllowed, NotFound
from budgets.models import BudgetUnit, Funding, Project, User
from budgets.text import clean_text
from performance.access import tasks_visible_to
from performance.documents.typed import (
    TypedActual,
    TypedEvaluation,
    TypedMonitoring,
    TypedTargets,
    typed_evaluation,
    typed_monitoring,
    typed_targets,
)
from performance.mapping.contents import editable_part, parts_by_right
from performance.mapping.tables import (
    execution_columns,
    indicator_columns,
    typed_actual_columns,
)
from performance.mapping.values import blank_value, value_columns
from performance.models import (
    Actual,
    Evaluation,
    Indicator,
    Monitoring,
    MonitoringLine,
    Objective,
    SnapshotKind,
    TargetTable,
    Task,
    TaskUnit,
)
from performance.rulebook import load, ruleset_for
from performance.selectors.contents import content_of, indicators_of, parsed_indicators_of
from performance.services.papers import Held, hold, record, refuse_stale, snapshot
from performance.workflow import (
    ADJUSTMENT_REASONS,
    EDITABLE,
    IN_FORCE,
    STATE_LABELS,
    Actor,
    Paper,
    writable_fields,
)

# ── beginning ───────────────────────────────────────────────────────────────────────────────────


def create_project(
    *,
    actor: User,
    unit: UUID,
    name: str,
    code: str = "",
    origin: audit.Origin | None = None,
) -> Project:
    """A project of a unit for which the actor enters. Raises NotFound, Invalid, Conflict."""
    with transaction.atomic():
        found = _unit_entered_by(actor, unit)
        project = checked_project(found, name, code)
        audit.record(
            actor=actor,
            verb="create_project",
            object_type="project",
            object_id=project.public_id,
            department_id=found.department_id,
            detail={"unit": found.public_id.hex},
            origin=origin,
        )
        project.save(force_insert=True)
        return project


def checked_project(unit: BudgetUnit, name: str, code: str = "") -> Project:
    """A new project of a unit, not saved yet. Raises Invalid and Conflict."""
    cleaned = clean_text(name, field="项目名称").strip()
    cleaned_code = clean_text(code, field="项目代码").strip()
    if not cleaned or len(cleaned) > 300:
        raise Invalid({"name": "请填写项目名称，最多 300 字"})
    if len(cleaned_code) > 21 or not (cleaned_code == "" or cleaned_code.isascii()):
        raise Invalid({"code": "项目代码最多 21 个字符"})
    own = Project.unscoped.filter(department_id=unit.department_id)
    if own.filter(unit=unit, name=cleaned).exists():
        raise Conflict(f"本单位已有项目“{cleaned}”")
    if cleaned_code and own.filter(code=cleaned_code).exists():
        raise Conflict(f"项目代码 {cleaned_code} 在本部门已经用过")
    return Project(name=cleaned, code=cleaned_code, unit=unit, department_id=unit.department_id)


def _unit_entered_by(actor: User, unit: UUID) -> BudgetUnit:
    found = units_entered_by(actor).filter(public_id=unit).first()
    if found is None:
        raise NotFound("没有这个单位，或者您不是它的经办")
    return found


def _project_entered_by(actor: User, public_id: UUID) -> Project:
    """A project the actor sees and enters papers for, its row locked."""
    project = projects_visible_to(actor).filter(public_id=public_id).first()
    if project is None:
        raise NotFound("没有这个项目，或者不在您的可见范围内")
    roles = roles_for(actor, unit_id=project.unit_id, department_id=project.department_id)
    if Actor.CLERK not in roles:
        raise NotAllowed("只有本单位的经办可以填报")
    return Project.unscoped.select_for_update(no_key=True).get(pk=project.pk)


def create_target_table(
    *,
    actor: User,
    project: UUID,
    fiscal_year: int,
    task: UUID | None = None,
    origin: audit.Origin | None = None,
) -> TargetTable:
    """An empty draft of a project's target table. Raises NotFound, NotAllowed, Conflict."""
    with transaction.atomic():
        found = _project_entered_by(actor, project)
        _refuse_odd_year(fiscal_year)
        asked = _task(actor, task, Paper.TARGET_TABLE, found, fiscal_year) if task else None
        table = new_target_table(found, fiscal_year, task=asked)
        _begin(actor, table, Paper.TARGET_TABLE, "create_target_table", origin)
        return table


def new_target_table(project: Project, fiscal_year: int, **columns: Any) -> TargetTable:
    """A project's first target table of a year, not written yet. Raises Conflict for a second."""
    own = TargetTable.unscoped.filter(
        project=project, fiscal_year=fiscal_year, from_evaluation=False
    )
    if own.exists():
        raise Conflict(
            f"项目“{project.name}”{fiscal_year} 年度已有绩效目标表；"
            "如需修改请打开那张表，已批复的请办理调整"
        )
    return TargetTable(
        project=project,
        fiscal_year=fiscal_year,
        department_id=project.department_id,
        unit_id=project.unit_id,
        **columns,
    )


def _refuse_odd_year(fiscal_year: int) -> None:
    if not 2000 <= fiscal_year <= 2100:
        raise Invalid({"fiscal_year": "年度应在 2000 到 2100 之间"})


def _begin(
    actor: User,
    row: TargetTable | Evaluation | Monitoring,
    paper: Paper,
    verb: str,
    origin: audit.Origin | None,
    **detail: Any,
) -> None:
    audit.record(
        actor=actor,
        verb=verb,
        object_type=paper.value,
        object_id=row.public_id,
        department_id=row.department_id,
        detail={"fiscal_year": row.fiscal_year, **detail},
        origin=origin,
    )
    row.save(force_insert=True)
    snapshot(row, actor, SnapshotKind.SAVED)


def _task(actor: User, public_id: UUID, paper: Paper, project: Project, fiscal_year: int) -> Task:
    """The open task that asks this unit for this paper of this year."""
    task = tasks_visible_to(actor).filter(public_id=public_id).first()
    if task is None or not TaskUnit.unscoped.filter(task=task, unit_id=project.unit_id).exists():
        raise NotFound("没有这个任务，或者任务没有下达给本单位")
    if task.paper != paper.value or task.fiscal_year != fiscal_year:
        raise Conflict(f"任务“{task.title}”要的不是这张表")
    if task.closed_at is not None:
        raise Conflict(f"任务“{task.title}”已经结束")
    return task


def target_in_force(project: Project, fiscal_year: int) -> TargetTable:
    """The approved target table of a year in its newest version. Raises Conflict."""
    table = (
        TargetTable.unscoped.filter(
            project=project,
            fiscal_year=fiscal_year,
            from_evaluation=False,
            status__in=[state.value for state in IN_FORCE],
        )
        .order_by("-revision")
        .first()
    )
    if table is None:
        raise Conflict(f"项目“{project.name}”{fiscal_year} 年度还没有批复的绩效目标表")
    return table


def start_evaluation(
    *, actor: User, project: UUID, task: UUID, origin: audit.Origin | None = None
) -> Evaluation:
    """A self-evaluation against the approved targets, opened by a task of the bureau."""
    with transaction.atomic():
        found = _project_entered_by(actor, project)
        year = _year_of(actor, task)
        asked = _task(actor, task, Paper.EVALUATION, found, year)
        evaluation = new_evaluation(found, year, asked)
        _begin(
            actor,
            evaluation,
            Paper.EVALUATION,
            "start_evaluation",
            origin,
            ruleset=evaluation.ruleset,
        )
        return evaluation


def new_evaluation(project: Project, fiscal_year: int, task: Task) -> Evaluation:
    """A project's self-evaluation of a year against the targets in force, not written yet.

    Raises Conflict without approved targets, and for a second one.
    """
    table = target_in_force(project, fiscal_year)
    if Evaluation.unscoped.filter(project=project, fiscal_year=fiscal_year, kind="self").exists():
        raise Conflict(
            f"项目“{project.name}”{fiscal_year} 年度已有绩效自评表；如需修改请打开那张表"
        )
    rules = load(task.ruleset or ruleset_for(project.department.region.code, fiscal_year))
    return Evaluation(
        project=project,
        fiscal_year=fiscal_year,
        table=table,
        task=task,
        ruleset=rules.id,
        ruleset_digest=rules.digest,
        department_id=project.department_id,
        unit_id=project.unit_id,
    )


def start_monitoring(
    *, actor: User, project: UUID, task: UUID, origin: audit.Origin | None = None
) -> Monitoring:
    """A monitoring table against the approved targets, opened by a task of the bureau."""
    with transaction.atomic():
        found = _project_entered_by(actor, project)
        year = _year_of(actor, task)
        asked = _task(actor, task, Paper.MONITORING, found, year)
        month = asked.month or 12
        if Monitoring.unscoped.filter(project=found, fiscal_year=year, month=month).exists():
            raise Conflict(f"项目“{found.name}”{year} 年 {month} 月已有监控表")
        monitoring = Monitoring(
            project=found,
            fiscal_year=year,
            month=month,
            table=target_in_force(found, year),
            task=asked,
            department_id=found.department_id,
            unit_id=found.unit_id,
        )
        _begin(actor, monitoring, Paper.MONITORING, "start_monitoring", origin, month=month)
        return monitoring


def _year_of(actor: User, task: UUID) -> int:
    found = tasks_visible_to(actor).filter(public_id=task).first()
    if found is None:
        raise NotFound("没有这个任务，或者任务没有下达给本单位")
    return found.fiscal_year


def start_adjustment(
    *,
    actor: User,
    public_id: UUID,
    reason_code: str,
    reason: str,
    origin: audit.Origin | None = None,
) -> TargetTable:
    """A new version of an approved target table, to go the same way; the old one stays in force.

    Raises NotFound, NotAllowed, Invalid (no reason) and Conflict (not approved, or an adjustment
    is under way).
    """
    with transaction.atomic():
        held = hold(actor, Paper.TARGET_TABLE, public_id)
        old = held.row
        assert isinstance(old, TargetTable)
        if Actor.CLERK not in held.roles:
            raise NotAllowed("只有本单位的经办可以申请目标调整")
        if held.state not in IN_FORCE:
            raise Conflict(f"“{STATE_LABELS[held.state]}”的目标表不能调整，只能调整已批复的")
        words = clean_text(reason, field="调整说明").strip()
        if reason_code not in ADJUSTMENT_REASONS or not words:
            raise Invalid({"reason": "目标调整须选择原因并写明说明"})
        newest = TargetTable.unscoped.filter(
            project_id=old.project_id, fiscal_year=old.fiscal_year, from_evaluation=False
        ).order_by("-revision")[0]
        if newest.pk != old.pk:
            raise Conflict(f"第 {newest.revision} 版调整正在办理，不能同时再调整")
        new = TargetTable(
            project_id=old.project_id,
            fiscal_year=old.fiscal_year,
            scope=old.scope,
            revision=old.revision + 1,
            adjusts=old,
            adjustment_reason=reason_code,
            adjustment_words=words,
            supervisor_text=old.supervisor_text,
            unit_text=old.unit_text,
            goal_points=old.goal_points,
            department_id=old.department_id,
            unit_id=old.unit_id,
        )
        audit.record(
            actor=actor,
            verb="start_adjustment",
            object_type=Paper.TARGET_TABLE.value,
            object_id=new.public_id,
            department_id=old.department_id,
            detail={"adjusts": old.public_id.hex, "reason": reason_code, "revision": new.revision},
            origin=origin,
        )
        new.save(force_insert=True)
        _copy_rows(old, new)
        snapshot(new, actor, SnapshotKind.SAVED)
        return new


def _copy_rows(old: TargetTable, new: TargetTable) -> None:
    objectives = list(Objective.unscoped.filter(table=old).order_by("seq"))
    indicators = list(Indicator.unscoped.filter(table=old).order_by("seq"))
    rows: list[Objective | Indicator] = [*objectives, *indicators]
    for row in rows:
        row.pk = None
        row._state.adding = True
        row.table = new
    Objective.unscoped.bulk_create(objectives)
    Indicator.unscoped.bulk_create(indicators)


# ── saving ──────────────────────────────────────────────────────────────────────────────────────


def save(
    *,
    actor: User,
    paper: Paper,
    public_id: UUID,
    version: int,
    body: Mapping[str, Any],
    origin: audit.Origin | None = None,
) -> int:
    """Saves the whole content of a paper as typed and returns its new version.

    ``version`` is the one the actor began from. Raises NotFound, NotAllowed, Conflict (frozen),
    StaleVersion (changed meanwhile; nothing is written, the typed content stands in the error)
    and Invalid (fields that cannot be used). Equal content is no change and no event.
    """
    with transaction.atomic():
        held = hold(actor, paper, public_id)
        writable = writable_fields(paper, held.state, held.roles)
        before = editable_part(content_of(held.row))
        if not writable & set(parts_by_right(paper, before)):
            if held.state in EDITABLE or Actor.CLERK not in held.roles:
                raise NotAllowed("您的身份不能填写这张表")
            raise Conflict(f"表在“{STATE_LABELS[held.state]}”状态，不能修改")
        refuse_stale(held, version, mine=dict(body))
        columns, write_rows = _reading(held, body)
        try:
            with transaction.atomic():
                record(actor, held, f"save_{paper.value}", origin)
                _bump(held, columns)
                write_rows()
                after = editable_part(content_of(held.row))
                if after == before:
                    raise _Unchanged
                _refuse_unwritable(paper, before, after, writable)
                snapshot(held.row, actor, SnapshotKind.SAVED)
        except _Unchanged:
            return version
        return held.row.lock_version


class _Unchanged(Exception):
    """What was typed is what is there: the savepoint with its event is rolled back."""


def _refuse_unwritable(
    paper: Paper, before: dict[str, Any], after: dict[str, Any], writable: frozenset[str]
) -> None:
    found = parts_by_right(paper, after)
    for field, part in parts_by_right(paper, before).items():
        if field not in writable and part != found[field]:
            raise NotAllowed(f"您的身份在这个阶段不能修改“{field}”")


def _bump(held: Held, columns: Mapping[str, Any]) -> None:
    """The paper's own columns and its next version, on condition that nobody was quicker."""
    row = held.row
    done = (
        type(row)
        .unscoped.filter(pk=row.pk, lock_version=row.lock_version)
        .update(lock_version=F("lock_version") + 1, **columns)
    )
    if done != 1:
        raise RuntimeError("a held row changed")
    row.lock_version += 1


def _reading(held: Held, body: Mapping[str, Any]) -> tuple[dict[str, Any], Callable[[], None]]:
    """The paper's own columns, and the function that writes its rows."""
    row = held.row
    year = row.fiscal_year
    if isinstance(row, TargetTable):
        targets = typed_targets(body, fiscal_year=year)
        columns = {
            "goal_points": targets.goal_points,
            "supervisor_text": targets.supervisor,
            "unit_text": targets.unit,
        }
        return columns, lambda: write_targets(row, targets)
    indicators = parsed_indicators_of(row.table_id)
    if isinstance(row, Evaluation):
        typed = typed_evaluation(body, indicators, fiscal_year=year)
        return evaluation_columns(typed), lambda: write_actuals(row, typed.actuals)
    progress = typed_monitoring(body, indicators, fiscal_year=year)
    columns = {
        "adjusted": progress.adjusted,
        "executed": progress.executed,
        "cause": progress.cause,
        "measures": progress.measures,
    }
    return columns, lambda: _write_progress(row, progress)


def _owner(row: TargetTable | Evaluation | Monitoring) -> dict[str, int]:
    return {"department_id": row.department_id, "unit_id": row.unit_id}


def write_targets(table: TargetTable, targets: TypedTargets) -> None:
    """Writes the rows of a target table; its own columns are the caller's."""
    objectives = [{"text": text} for text in targets.objectives]
    _write_rows(Objective, table, objectives)
    indicators = [
        {**blank_value(), **indicator_columns(indicator), "text": text}
        for indicator, text in zip(targets.indicators, targets.texts, strict=True)
    ]
    _write_rows(Indicator, table, indicators)
    _write_funds(table, targets)


def _write_rows(
    model: type[Objective] | type[Indicator],
    table: TargetTable,
    rows: list[dict[str, Any]],
) -> None:
    """Rows by their number: changed ones are updated, new ones made, surplus ones removed."""
    present = {row.seq: row for row in model.unscoped.filter(table=table)}
    for seq, columns in enumerate(rows, start=1):
        row = present.pop(seq, None)
        if row is None:
            model.unscoped.create(table=table, seq=seq, **columns, **_owner(table))
            continue
        changed = [name for name, value in columns.items() if getattr(row, name) != value]
        if changed:
            for name in changed:
                setattr(row, name, columns[name])
            row.save(update_fields=changed)
    if present:
        model.unscoped.filter(pk__in=[row.pk for row in present.values()]).delete()


def _write_funds(table: TargetTable, targets: TypedTargets) -> None:
    present = {
        row.source: row
        for row in Funding.unscoped.filter(
            project_id=table.project_id, fiscal_year=table.fiscal_year, stage="annual"
        ).order_by("id")
    }
    for fund in targets.funds:
        row = present.pop(fund.source.value, None)
        if row is None:
            Funding.unscoped.create(
                project_id=table.project_id,
                fiscal_year=table.fiscal_year,
                source=fund.source.value,
                stage="annual",
                initial=fund.initial,
                **_owner(table),
            )
        elif row.initial != fund.initial:
            row.initial = fund.initial
            row.save(update_fields=["initial"])
    for row in present.values():
        if row.adjusted is None and row.executed is None:
            row.delete()
        else:
            raise Invalid({"funds": f"“{row.get_source_display()}”已有执行数，不能删去"})


def evaluation_columns(typed: TypedEvaluation) -> dict[str, Any]:
    """The own columns of a self-evaluation."""
    empty = {
        "budget": None,
        "budget_used": None,
        "executed": None,
        "execution_points": None,
        "execution_claimed": None,
        "finished": None,
    }
    return {
        **empty,
        **execution_columns(typed.execution),
        "total_claimed": typed.total_claimed,
        "deviation_reason": typed.deviation_reason,
        "improvement": typed.improvement,
    }


def write_actuals(evaluation: Evaluation, actuals: tuple[TypedActual, ...]) -> None:
    """Writes what was achieved on each indicator, in their order."""
    present = {row.indicator_id: row for row in Actual.unscoped.filter(evaluation=evaluation)}
    indicators = indicators_of(evaluation.table_id)
    for indicator, typed in zip(indicators, actuals, strict=True):
        columns = {
            **blank_value(),
            **typed_actual_columns(typed.actual),
            "text": typed.text,
            "claimed": typed.claimed,
            "deviation": typed.deviation,
        }
        _write_one(Actual, present.get(indicator.pk), columns, evaluation, indicator)


def _write_progress(monitoring: Monitoring, typed: TypedMonitoring) -> None:
    present = {
        row.indicator_id: row for row in MonitoringLine.unscoped.filter(monitoring=monitoring)
    }
    indicators = indicators_of(monitoring.table_id)
    for indicator, line in zip(indicators, typed.lines, strict=True):
        columns = {
            **blank_value(),
            **value_columns(line.progress),
            "text": line.text,
            "forecast": line.forecast,
            "cause": line.cause,
        }
        _write_one(MonitoringLine, present.get(indicator.pk), columns, monitoring, indicator)


def _write_one(
    model: type[Actual] | type[MonitoringLine],
    row: Actual | MonitoringLine | None,
    columns: dict[str, Any],
    parent: Evaluation | Monitoring,
    indicator: Indicator,
) -> None:
    if row is None:
        name = "evaluation" if isinstance(parent, Evaluation) else "monitoring"
        model.unscoped.create(**{name: parent}, indicator=indicator, **columns, **_owner(parent))
        return
    changed = [name for name, value in columns.items() if getattr(row, name) != value]
    if changed:
        for name in changed:
            setattr(row, name, columns[name])
        row.save(update_fields=changed)
