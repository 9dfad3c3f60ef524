"""Evidence for actuals: a file is kept, and said to support one line of a self-evaluation, or no longer."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from budgets import audit
from budgets.errors import Conflict, Invalid, NotAllowed
from budgets.models import User
from budgets.services.digests import second_digest
from budgets.text import clean_text
from performance.models import (
    Actual,
    ActualState,
    Document,
    Evaluation,
    Evidence,
    Indicator,
    SnapshotKind,
)
from performance.selectors.contents import indicators_of
from performance.services.files import keep
from performance.services.papers import Held, hold, record, refuse_stale, snapshot
from performance.workflow import EDITABLE, STATE_LABELS, Paper, writable_fields

LARGEST = 20 * 1024 * 1024
_KINDS = {
    "pdf": b"%PDF-",
    "png": b"\x89PNG\r\n\x1a\n",
    "jpg": b"\xff\xd8\xff",
    "jpeg": b"\xff\xd8\xff",
    "docx": b"PK\x03\x04",
    "xlsx": b"PK\x03\x04",
}
"""Accepted endings with the bytes such a file begins with; txt is checked to be text."""


def add_evidence(
    *,
    actor: User,
    public_id: UUID,
    version: int,
    seq: int,
    name: str,
    data: bytes,
    note: str = "",
    origin: audit.Origin | None = None,
) -> int:
    """Attaches a file to the actual of one line; returns the evaluation's new version.

    The bytes are kept whatever happens afterwards. Raises NotFound, NotAllowed, Conflict,
    StaleVersion and Invalid (kind, size, line).
    """
    ending = _checked(name, data)
    sha256 = hashlib.sha256(data).hexdigest()
    with transaction.atomic():
        held, evaluation, indicator = _line(actor, public_id, version, seq, "上传")
        keep(data, sha256)
        record(actor, held, "add_evidence", origin, line=seq, sha256=sha256)
        _bump(evaluation)
        owner = {"department_id": evaluation.department_id, "unit_id": evaluation.unit_id}
        document = _document(evaluation, name, data, ending, actor)
        actual, _ = Actual.unscoped.get_or_create(
            evaluation=evaluation,
            indicator=indicator,
            defaults={"state": ActualState.MISSING, **owner},
        )
        if Evidence.unscoped.filter(actual=actual, document=document).exists():
            raise Conflict("这一行已经有同一个文件")
        Evidence.unscoped.create(
            actual=actual, document=document, note=clean_text(note, field="说明")[:500], **owner
        )
        snapshot(evaluation, actor, SnapshotKind.SAVED)
        return evaluation.lock_version


def remove_evidence(
    *,
    actor: User,
    public_id: UUID,
    version: int,
    seq: int,
    sha256: str,
    origin: audit.Origin | None = None,
) -> int:
    """Takes a file away from the actual of one line; returns the evaluation's new version.

    Only the claim goes. The file stays kept: contents that were submitted may name it, and another
    line may still have it. Raises NotFound, NotAllowed, Conflict, StaleVersion and Invalid (line).
    """
    with transaction.atomic():
        held, evaluation, indicator = _line(actor, public_id, version, seq, "撤下")
        claims = Evidence.unscoped.filter(
            actual__evaluation=evaluation, actual__indicator=indicator
        ).select_related("document")
        claim = next((one for one in claims if one.document.sha256 == sha256), None)
        if claim is None:
            raise Conflict("这一行没有这个文件")
        record(actor, held, "remove_evidence", origin, line=seq, sha256=sha256)
        _bump(evaluation)
        claim.delete()
        snapshot(evaluation, actor, SnapshotKind.SAVED)
        return evaluation.lock_version


def _line(
    actor: User, public_id: UUID, version: int, seq: int, act: str
) -> tuple[Held, Evaluation, Indicator]:
    """One line, its paper held, for whoever may now write its evidence; ``act`` is the wish in words."""
    held = hold(actor, Paper.EVALUATION, public_id)
    evaluation = held.row
    assert isinstance(evaluation, Evaluation)
    if "evidence" not in writable_fields(held.paper, held.state, held.roles):
        if held.state in EDITABLE or "clerk" not in held.roles:
            raise NotAllowed(f"只有本单位的经办可以{act}佐证")
        raise Conflict(f"表在“{STATE_LABELS[held.state]}”状态，不能修改")
    refuse_stale(held, version)
    indicators = indicators_of(evaluation.table_id)
    if not 1 <= seq <= len(indicators):
        raise Invalid({"seq": "没有这一行"})
    return held, evaluation, indicators[seq - 1]


def _bump(evaluation: Evaluation) -> None:
    Evaluation.unscoped.filter(pk=evaluation.pk).update(lock_version=F("lock_version") + 1)
    evaluation.lock_version += 1


def kept_document(evaluation: Any, name: str, data: bytes, actor: User) -> Document:
    """A file kept as the unit's in the event at hand. Raises Invalid (kind, size)."""
    ending = _checked(name, data)
    keep(data, hashlib.sha256(data).hexdigest())
    return _document(evaluation, name, data, ending, actor)


def _document(evaluation: Any, name: str, data: bytes, ending: str, actor: User) -> Document:
    document, _ = Document.unscoped.get_or_create(
        unit_id=evaluation.unit_id,
        sha256=hashlib.sha256(data).hexdigest(),
        defaults={
            "department_id": evaluation.department_id,
            "format": ending,
            "name": clean_text(name.rsplit("/", 1)[-1].rsplit("\\", 1)[-1], field="文件名")[-255:],
            "size": len(data),
            "sm3": second_digest(data),
            "fiscal_year": evaluation.fiscal_year,
            "imported_by": actor,
        },
    )
    return document


def _checked(name: str, data: bytes) -> str:
    ending = Path(name).suffix.lower().lstrip(".")
    if not data:
        raise Invalid({"file": "文件是空的"})
    if len(data) > LARGEST:
        raise Invalid({"file": f"文件太大：最多 {LARGEST // 1024 // 1024} MB"})
    if ending == "txt":
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            raise Invalid({"file": "txt 文件应为 UTF-8 文字"}) from None
    elif ending not in _KINDS or not data.startswith(_KINDS[ending]):
        raise Invalid({"file": f"只收 {'、'.join([*_KINDS, 'txt'])} 文件，内容须与扩展名一致"})
    return ending
