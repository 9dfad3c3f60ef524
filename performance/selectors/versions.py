"""What stands around a paper: the versions of a table, the files that support its lines."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from budgets.models import User
from performance.access import evaluations_visible_to, target_tables_visible_to
from performance.models import Evidence
from performance.selectors.contents import indicators_of
from performance.workflow import ADJUSTMENT_REASONS, STATE_LABELS, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a project's target table of a year."""

    public_id: UUID
    revision: int
    state_label: str
    adjustment: str
    current: bool
    """Whether it is the one that is looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportingFile:
    """A file that supports one line."""

    seq: int
    document: UUID
    sha256: str
    name: str
    size: int
    note: str


def versions_of(user: User, public_id: UUID) -> tuple[Version, ...]:
    """The versions of a table that this account may see, oldest first."""
    rows = target_tables_visible_to(user)
    shown = rows.filter(public_id=public_id).first()
    if shown is None:
        return ()
    return tuple(
        Version(
            public_id=row.public_id,
            revision=row.revision,
            state_label=STATE_LABELS[State(row.status)],
            adjustment=ADJUSTMENT_REASONS.get(row.adjustment_reason, ""),
            current=row.pk == shown.pk,
        )
        for row in rows.filter(project_id=shown.project_id, fiscal_year=shown.fiscal_year).order_by(
            "revision", "id"
        )
    )


def supporting_files(user: User, public_id: UUID) -> tuple[SupportingFile, ...]:
    """The evidence of a self-evaluation by line; empty when it is not there or not yours."""
    evaluation = evaluations_visible_to(user).filter(public_id=public_id).first()
    if evaluation is None:
        return ()
    places = {row.pk: seq for seq, row in enumerate(indicators_of(evaluation.table_id), start=1)}
    items = (
        Evidence.unscoped.filter(actual__evaluation=evaluation)
        .select_related("document", "actual")
        .order_by("id")
    )
    found = [
        SupportingFile(
            seq=places.get(item.actual.indicator_id, 0),
            document=item.document.public_id,
            sha256=item.document.sha256,
            name=item.document.name,
            size=item.document.size,
            note=item.note,
        )
        for item in items
    ]
    return tuple(sorted(found, key=lambda one: one.seq))
