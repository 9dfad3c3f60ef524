"""What the three kinds of papers have in common: rows, contents, digests, snapshots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

from django.db import connection

from budgets import audit
from budgets.access import roles_for
from budgets.canonical import canonical, digest
from budgets.errors import InvalidInput, NotFound, StaleVersion
from budgets.models import User
from budgets.services.digests import second_digest
from performance.access import papers_visible_to
from performance.models import (
    Evaluation,
    Monitoring,
    Snapshot,
    SnapshotKind,
    TargetTable,
)
from performance.selectors.contents import content_of
from performance.workflow import Paper, State

AnyPaper: TypeAlias = TargetTable | Evaluation | Monitoring
KINDS: dict[type[Any], Paper] = {
    TargetTable: Paper.TARGET_TABLE,
    Evaluation: Paper.EVALUATION,
    Monitoring: Paper.MONITORING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A paper whose row is locked until the end of the transaction."""

    row: AnyPaper
    paper: Paper
    state: State
    roles: frozenset[str]


def hold(actor: User, paper: Paper, public_id: UUID) -> Held:
    """Locks a paper that the actor may see. Raises NotFound: not there and not yours look the same.

    State and rights are read after the lock is held, so that two moves cannot both find it free.
    """
    visible = papers_visible_to(paper, actor)
    found = visible.filter(public_id=public_id).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound("没有这张表，或者不在您的可见范围内")
    with connection.cursor() as cursor:
        cursor.execute(_LOCKS[paper], [found])
    row = papers_visible_to(paper, actor).filter(pk=found).first()
    if row is None:
        raise NotFound("没有这张表，或者不在您的可见范围内")
    roles = roles_for(actor, unit_id=row.unit_id, department_id=row.department_id)
    return Held(row=row, paper=paper, state=State(row.status), roles=roles)


_LOCKS = {
    Paper.TARGET_TABLE: "SELECT 1 FROM performance_targettable WHERE id = %s FOR NO KEY UPDATE",
    Paper.EVALUATION: "SELECT 1 FROM performance_evaluation WHERE id = %s FOR NO KEY UPDATE",
    Paper.MONITORING: "SELECT 1 FROM performance_monitoring WHERE id = %s FOR NO KEY UPDATE",
}


def content_and_digest(row: AnyPaper) -> tuple[dict[str, Any], str]:
    """The whole content of a paper as it stands now, and the SHA-256 of its canonical text."""
    content = content_of(row)
    return content, digest(content)


def snapshot(row: AnyPaper, actor: User, kind: SnapshotKind) -> Snapshot:
    """Keeps the content of a paper at its present version."""
    content, found = content_and_digest(row)
    text = canonical(content)
    return Snapshot.unscoped.create(
        paper=KINDS[type(row)].value,
        paper_id=row.pk,
        lock_version=row.lock_version,
        kind=kind,
        digest=found,
        sm3=second_digest(text.encode("utf-8")),
        canonical=text,
        actor=actor,
        department_id=row.department_id,
        unit_id=row.unit_id,
    )


def refuse_stale(held: Held, version: int, mine: Any = None) -> None:
    """Raises StaleVersion, with what was typed kept in it, when ``version`` is not the present one."""
    if version != held.row.lock_version:
        raise StaleVersion(
            "您打开之后，这张表已经被别人修改；请对照后再保存，您填写的内容没有丢失",
            base=version,
            current=held.row.lock_version,
            mine=mine,
        )


def required_version(version: int | None) -> int:
    """The version a write begins from. Raises InvalidInput when it is not given."""
    if version is None:
        raise InvalidInput("缺少版本：请带上读取时得到的版本（If-Match）")
    return version


def record(
    actor: User,
    held: Held,
    verb: str,
    origin: audit.Origin | None,
    **detail: Any,
) -> int:
    """The one event of a verb on a paper."""
    return audit.record(
        actor=actor,
        verb=verb,
        object_type=held.paper.value,
        object_id=held.row.public_id,
        department_id=held.row.department_id,
        detail={"version": held.row.lock_version, "state": held.state.value, **detail},
        origin=origin,
    )
