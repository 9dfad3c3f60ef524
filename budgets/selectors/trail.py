"""The trail for those who audit: events in a list, one event with its changes before and after."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils import timezone

from budgets.access import events_visible_to
from budgets.errors import Invalid
from budgets.models import AuditChange, AuditEvent, Department, User

PAGE_SIZE = 50
MOST_CHANGES = 500
OUTSIDE = {0: "财政内部", -1: "直接写入"}
"""Chains that are no department's."""
_WORD = re.compile(r"[a-z0-9_]{1,60}")
_OBJECTS = re.compile(r"[A-Za-z0-9_.:-]{1,64}(?:,[A-Za-z0-9_.:-]{1,64}){0,99}")
_NAME = re.compile(r"[^\x00-\x1f]{1,64}")
_NUMBER = re.compile(r"[0-9]{1,18}")
_OPERATIONS = {"INSERT": "新增", "UPDATE": "修改", "DELETE": "删除"}


# ── what is asked for ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which events; empty means all."""

    department: UUID | None = None
    object_type: str = ""
    object_id: str = ""
    """One id, or several with commas between them: everything about a project and its papers."""
    verb: str = ""
    actor: UUID | None = None
    person: str = ""
    """A part of the name of who acted, or the whole of the user name."""
    since: date | None = None
    until: date | None = None
    cursor: str = ""


FILTERS = {
    "department": "部门编号",
    "object_type": "对象类别",
    "object_id": "对象编号",
    "verb": "动作",
    "actor": "操作人编号",
    "person": "操作人",
    "from": "起始日期",
    "to": "截止日期",
    "cursor": "翻页位置",
}
"""All that may be asked by, with its name."""


def wanted(given: Mapping[str, str]) -> Wanted:
    """Reads what is asked for. Raises Invalid with a sentence for each name or value that is none."""
    read: dict[str, Any] = {}
    wrong = {name: "不能按这一项查" for name in given if name not in FILTERS}
    for name, text in given.items():
        if name in wrong or text == "":
            continue
        parser, says = _PARSERS[name]
        try:
            read[{"from": "since", "to": "until"}.get(name, name)] = parser(text.strip())
        except ValueError:
            wrong[name] = says
    if wrong:
        raise Invalid(wrong)
    return Wanted(**read)


def _matching(pattern: re.Pattern[str]) -> Any:
    def parse(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError
        return text

    return parse


_PARSERS: dict[str, tuple[Any, str]] = {
    "department": (UUID, "应为部门编号（UUID）"),
    "object_type": (_matching(_WORD), "应为小写字母和下划线"),
    "object_id": (_matching(_OBJECTS), "应为对象的编号，几个之间用逗号"),
    "verb": (_matching(_WORD), "应为小写字母和下划线"),
    "actor": (UUID, "应为用户编号（UUID）"),
    "person": (_matching(_NAME), "应为姓名或用户名"),
    "from": (date.fromisoformat, "应为日期，例如 2024-03-31"),
    "to": (date.fromisoformat, "应为日期，例如 2024-03-31"),
    "cursor": (_matching(_NUMBER), "应为上一页返回的位置"),
}


# ── what is shown ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """One event."""

    id: int
    chain: int
    seq: int
    at: datetime
    department: str
    department_id: UUID | None
    actor: str
    actor_id: UUID | None
    ip: str | None
    request_id: str
    verb: str
    object_type: str
    object_id: str
    changes: int
    digest: str
    seal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column that changed; None where there was, or is, no row."""

    name: str
    label: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One row before and after: the columns that differ."""

    id: int
    table: str
    label: str
    row_id: int
    operation: str
    words: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPage:
    """An event with its first changes."""

    event: EventRow
    detail: Mapping[str, Any] = field(default_factory=dict)
    previous: str = ""
    changes: tuple[ChangeRow, ...] = ()

    @property
    def unshown(self) -> int:
        """How many changes there are beyond those shown."""
        return self.event.changes - len(self.changes)


def event_list(user: Any, asked: Wanted) -> tuple[list[EventRow], str | None]:
    """Events this account may read, newest first, and where the next page begins."""
    found = list(_chosen(events_visible_to(user), asked).order_by("-id")[: PAGE_SIZE + 1])
    following = str(found[PAGE_SIZE - 1].pk) if len(found) > PAGE_SIZE else None
    return _event_rows(found[:PAGE_SIZE]), following


def _chosen(rows: QuerySet[AuditEvent], asked: Wanted) -> QuerySet[AuditEvent]:
    rows = rows.select_related("actor", "seal")
    if asked.department is not None:
        chains = Department.objects.filter(public_id=asked.department)
        rows = rows.filter(chain__in=chains.values("pk"))
    if asked.object_type:
        rows = rows.filter(object_type=asked.object_type)
    if asked.object_id:
        rows = rows.filter(object_id__in=asked.object_id.split(","))
    if asked.verb:
        rows = rows.filter(verb=asked.verb)
    if asked.actor is not None:
        rows = rows.filter(actor__public_id=asked.actor)
    if asked.person:
        named = User.objects.filter(
            Q(display_name__icontains=asked.person) | Q(username=asked.person)
        )
        rows = rows.filter(actor__in=named.values("pk"))
    if asked.since is not None:
        rows = rows.filter(at__gte=_begins(asked.since))
    if asked.until is not None:
        rows = rows.filter(at__lt=_begins(asked.until) + timedelta(days=1))
    if asked.cursor:
        rows = rows.filter(pk__lt=int(asked.cursor))
    return rows


def _begins(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())


def _event_rows(events: Sequence[AuditEvent]) -> list[EventRow]:
    departments = Department.objects.in_bulk({event.chain for event in events if event.chain > 0})
    return [_event_row(event, departments.get(event.chain)) for event in events]


def _event_row(event: AuditEvent, department: Department | None) -> EventRow:
    seal = getattr(event, "seal", None)
    return EventRow(
        id=event.pk,
        chain=event.chain,
        seq=event.seq,
        at=event.at,
        department=department.name if department else OUTSIDE.get(event.chain, "—"),
        department_id=department.public_id if department else None,
        actor=event.actor.display_name if event.actor else "（系统）",
        actor_id=event.actor.public_id if event.actor else None,
        ip=event.ip,
        request_id=event.request_id,
        verb=event.verb,
        object_type=event.object_type,
        object_id=event.object_id,
        changes=seal.changes if seal else 0,
        digest=event.digest,
        seal=seal.digest if seal else "",
    )


def event_page(user: Any, pk: int) -> EventPage | None:
    """One event with its changes; None when not there or not to be read by this account."""
    event = events_visible_to(user).select_related("actor", "seal").filter(pk=pk).first()
    if event is None:
        return None
    changes = AuditChange.objects.filter(event=event).order_by("id")[:MOST_CHANGES]
    return EventPage(
        event=_event_rows([event])[0],
        detail=_detail(event.canonical),
        previous=event.previous,
        changes=tuple(_change_row(change) for change in changes),
    )


def _detail(canonical: str) -> Mapping[str, Any]:
    """What the event tells; its bare text when that was damaged: auditors look at such ones too."""
    try:
        return dict(json.loads(canonical)["detail"])
    except (ValueError, KeyError, TypeError):
        return {"canonical": canonical}


def _change_row(change: AuditChange) -> ChangeRow:
    model = _models().get(change.table_name)
    labels = {f.column: str(f.verbose_name) for f in model._meta.concrete_fields} if model else {}
    before, after = change.old or {}, change.new or {}
    names = [*before, *(name for name in after if name not in before)]
    return ChangeRow(
        id=change.pk,
        table=change.table_name,
        label=str(model._meta.verbose_name) if model else change.table_name,
        row_id=change.row_id,
        operation=change.operation,
        words=_OPERATIONS.get(change.operation, change.operation),
        columns=tuple(
            Column(name=n, label=labels.get(n, n), before=before.get(n), after=after.get(n))
            for n in names
            if before.get(n) != after.get(n)
        ),
    )


def _models() -> dict[str, Any]:
    return {model._meta.db_table: model for model in apps.get_models()}


def asked_again(asked: Wanted) -> dict[str, str]:
    """What was asked for, as it stands in an address; without the place in the list."""
    names = {"since": "from", "until": "to"}
    return {
        names.get(name, name): str(value)
        for name, value in asdict(asked).items()
        if value and name != "cursor"
    }
