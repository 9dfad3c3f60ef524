"""Files that clerks bring: kept at once whatever is in them, taken over only when they agree."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from uuid import UUID

from django.db import connection, transaction

from budgets import audit
from budgets.access import projects_visible_to, units_entered_by
from budgets.errors import Conflict, Invalid, NotFound
from budgets.models import BudgetUnit, Project, User
from budgets.services.digests import second_digest
from budgets.text import without_controls
from performance.access import tasks_visible_to, uploads_visible_to
from performance.documents import read
from performance.documents.typed import typed_evaluation, typed_targets
from performance.mapping.readings import evaluation_body, target_body
from performance.models import (
    Evaluation,
    SnapshotKind,
    TakenTable,
    TargetTable,
    Task,
    TaskUnit,
    Upload,
)
from performance.selectors.contents import parsed_indicators_of
from performance.selectors.uploads import MOST_READ, reading_of, reads_as
from performance.services.drafts import (
    checked_project,
    evaluation_columns,
    new_evaluation,
    new_target_table,
    write_actuals,
    write_targets,
)
from performance.services.files import keep
from performance.services.papers import snapshot
from performance.tables import ParsedTable
from performance.workflow import PAPER_LABELS, Paper

LARGEST = 20 * 1024 * 1024
ENDINGS = ("docx", "doc", "xlsx", "xls", "pdf", "html", "htm", "csv", "tsv", "txt")
"""What is kept; whether it can be read too is another question."""
_HEAD = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """An upload that is kept; ``again`` when the unit had the very same file before."""

    upload: Upload
    again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What one table of a file is to become: which paper, of which project and year."""

    seq: int
    paper: Paper
    fiscal_year: int
    project: UUID | None = None
    """A project of the unit; None for a new one."""
    name: str = ""
    """The name of the new project."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOver:
    """A draft that was made, and the names of indicators that found no place on it."""

    paper: Paper
    public_id: UUID
    project: str
    strange: tuple[str, ...] = ()


def receive_upload(
    *,
    actor: User,
    unit: UUID,
    name: str,
    data: bytes,
    origin: audit.Origin | None = None,
) -> Received:
    """Keeps a file for a unit the actor enters for, readable or not; nothing is made from it yet.

    The same file again is a result and no error. Raises NotFound, and Invalid for what is no
    document at all (kind, size, empty).
    """
    ending = _checked(name, data)
    sha256 = hashlib.sha256(data).hexdigest()
    with transaction.atomic():
        found = units_entered_by(actor).filter(public_id=unit).first()
        if found is None:
            raise NotFound("没有这个单位，或者您不是它的经办")
        _one_at_a_time(found)
        known = Upload.unscoped.filter(unit=found, sha256=sha256).first()
        if known is not None:
            return Received(upload=known, again=True)
        keep(data, sha256)
        tables, problems, refusal = _reading(data, name)
        audit.record(
            actor=actor,
            verb="receive_upload",
            object_type="upload",
            object_id=sha256,
            department_id=found.department_id,
            detail={"size": len(data), "tables": tables, "problems": problems},
            origin=origin,
        )
        upload = Upload.unscoped.create(
            sha256=sha256,
            sm3=second_digest(data),
            name=_short(name),
            format=ending,
            size=len(data),
            table_count=tables,
            problem_count=problems,
            refusal=refusal,
            uploaded_by=actor,
            unit=found,
            department_id=found.department_id,
        )
        return Received(upload=upload, again=False)


def _short(name: str) -> str:
    plain = without_controls(name.rsplit("/", 1)[-1].rsplit("\\", 1)[-1])
    return plain[-255:] or "未命名"


def _checked(name: str, data: bytes) -> str:
    ending = PurePosixPath(name).suffix.lower().lstrip(".")
    if not data:
        raise Invalid({"file": "文件是空的，没有收下"})
    if len(data) > LARGEST:
        raise too_large(len(data))
    if ending not in ENDINGS:
        raise Invalid({"file": f"不收这种文件；只收 {'、'.join(ENDINGS)}"})
    return ending


def _reading(data: bytes, name: str) -> tuple[int, int, str]:
    """How many tables and problems there are, and why nothing could be read."""
    large = len(data) > MOST_READ
    document = read(data[:_HEAD] if large else data, name)
    refused = document.problems[0] if document.problems else None
    if large and (refused is None or refused.code != "format_unsupported"):
        words = f"文件超过 {MOST_READ // 1024} KB，页面上读不了；请按项目拆成几个文件再上传"
        return 0, 1, words
    if document.tables:
        return len(document.tables), len(document.problems), ""
    return 0, max(1, len(document.problems)), (refused.message if refused else "没有找到可读的表")


def _one_at_a_time(unit: BudgetUnit) -> None:
    """What is done with the files of a unit queues up, so that the second sees what the first did."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7112, %s)", [unit.pk % 2147483647])


# ── taking over ─────────────────────────────────────────────────────────────────────────────────


def take_over_upload(
    *,
    actor: User,
    public_id: UUID,
    choices: Sequence[Choice],
    origin: audit.Origin | None = None,
) -> tuple[TakenOver, ...]:
    """Makes drafts of the chosen tables of a file: all of them or none, each table once.

    Raises NotFound, Invalid (named by ``table.field``) and Conflict (taken before, a paper of that
    year is there already, nothing to measure against); then nothing is made, and the file stays.
    """
    with transaction.atomic():
        upload = uploads_visible_to(actor).select_related("unit").filter(public_id=public_id)
        found = upload.first()
        if found is None:
            raise NotFound("没有这个文件，或者不在您的可见范围内")
        _one_at_a_time(found.unit)
        document = reading_of(found)
        if document is None:
            raise Conflict("这个文件读不出表，不能接收；请换一种格式再上传")
        tables = dict(enumerate(document.tables, start=1))
        _refuse_odd(found, choices, tables)
        audit.record(
            actor=actor,
            verb="take_over_upload",
            object_type="upload",
            object_id=found.sha256,
            department_id=found.department_id,
            detail={
                "tables": [
                    {"seq": one.seq, "paper": one.paper.value, "fiscal_year": one.fiscal_year}
                    for one in choices
                ]
            },
            origin=origin,
        )
        return tuple(_taken(actor, found, one, tables[one.seq]) for one in choices)


def _refuse_odd(upload: Upload, choices: Sequence[Choice], tables: dict[int, ParsedTable]) -> None:
    wrong: dict[str, str] = {}
    for one in choices:
        if one.seq not in tables or [c.seq for c in choices].count(one.seq) > 1:
            wrong[f"{one.seq}.as"] = "文件里没有这张表，或者选了两次"
        elif one.paper not in reads_as(tables[one.seq].kind):
            wrong[f"{one.seq}.as"] = f"这张表不能作为{PAPER_LABELS[one.paper]}接收"
        if not 2000 <= one.fiscal_year <= 2100:
            wrong[f"{one.seq}.year"] = "年度应在 2000 到 2100 之间"
    if not choices:
        wrong["choices"] = "请至少选择一张表"
    if wrong:
        raise Invalid(wrong)
    before = set(
        TakenTable.unscoped.filter(upload=upload, seq__in=[one.seq for one in choices]).values_list(
            "seq", flat=True
        )
    )
    if before:
        numbers = "、".join(str(seq) for seq in sorted(before))
        raise Conflict(f"文件里第 {numbers} 张表已经接收过，没有再做一份；请打开已有的草稿")


def _taken(actor: User, upload: Upload, choice: Choice, table: ParsedTable) -> TakenOver:
    try:
        project = _project(actor, upload, choice)
        if choice.paper is Paper.TARGET_TABLE:
            return _target_table(actor, upload, choice, table, project)
        return _evaluation(actor, upload, choice, table, project)
    except Invalid as error:
        raise Invalid({f"{choice.seq}.{at}": words for at, words in error.fields.items()}) from None
    except Conflict as error:
        raise Conflict(f"第 {choice.seq} 张表没有接收：{error}") from None


def _project(actor: User, upload: Upload, choice: Choice) -> Project:
    if choice.project is None:
        made = checked_project(upload.unit, choice.name)
        made.save(force_insert=True)
        return made
    rows = projects_visible_to(actor).filter(unit=upload.unit_id, public_id=choice.project)
    found = rows.first()
    if found is None:
        raise Invalid({"project": "没有这个项目，或者不是本单位的"})
    return Project.unscoped.select_for_update(no_key=True).get(pk=found.pk)


def _target_table(
    actor: User, upload: Upload, choice: Choice, read_table: ParsedTable, project: Project
) -> TakenOver:
    year = choice.fiscal_year
    typed = typed_targets(target_body(read_table), fiscal_year=year)
    table = new_target_table(
        project,
        year,
        scope=read_table.scope.value,
        task=_task(actor, Paper.TARGET_TABLE, project, year),
        goal_points=typed.goal_points,
        supervisor_text=typed.supervisor,
        unit_text=typed.unit,
    )
    table.save(force_insert=True)
    write_targets(table, typed)
    snapshot(table, actor, SnapshotKind.SAVED)
    _keep_taken(actor, upload, choice, target_table=table)
    return TakenOver(paper=choice.paper, public_id=table.public_id, project=project.name)


def _evaluation(
    actor: User, upload: Upload, choice: Choice, read_table: ParsedTable, project: Project
) -> TakenOver:
    year = choice.fiscal_year
    task = _task(actor, Paper.EVALUATION, project, year)
    if task is None:
        raise Conflict(f"还没有 {year} 年度的自评任务，请等财政部门下达后再接收")
    evaluation = new_evaluation(project, year, task)
    approved = parsed_indicators_of(evaluation.table_id)
    body, strange = evaluation_body(read_table, approved)
    typed = typed_evaluation(body, approved, fiscal_year=year)
    for column, value in evaluation_columns(typed).items():
        setattr(evaluation, column, value)
    evaluation.save(force_insert=True)
    write_actuals(evaluation, typed.actuals)
    snapshot(evaluation, actor, SnapshotKind.SAVED)
    _keep_taken(actor, upload, choice, evaluation=evaluation)
    return TakenOver(
        paper=choice.paper,
        public_id=evaluation.public_id,
        project=project.name,
        strange=strange,
    )


def _task(actor: User, paper: Paper, project: Project, fiscal_year: int) -> Task | None:
    """The most urgent open task that asks the unit for this paper."""
    asked = TaskUnit.unscoped.filter(unit_id=project.unit_id)
    rows = tasks_visible_to(actor).filter(
        paper=paper.value, fiscal_year=fiscal_year, closed_at=None, pk__in=asked.values("task_id")
    )
    return rows.order_by("deadline", "id").first()


def _keep_taken(
    actor: User,
    upload: Upload,
    choice: Choice,
    *,
    target_table: TargetTable | None = None,
    evaluation: Evaluation | None = None,
) -> None:
    TakenTable.unscoped.create(
        upload=upload,
        seq=choice.seq,
        target_table=target_table,
        evaluation=evaluation,
        taken_by=actor,
        unit_id=upload.unit_id,
        department_id=upload.department_id,
    )


def too_large(size: int) -> Invalid:
    """The refusal of a file that is not even looked at."""
    return Invalid(
        {
            "file": f"文件太大（{size // 1024 // 1024} MB），没有收下：最多 {LARGEST // 1024 // 1024} MB"
        }
    )
