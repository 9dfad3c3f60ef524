"""Files that an account may take away."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings

from budgets.models import User
from performance.access import documents_visible_to
from performance.models import Document, Upload


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A kept file with the name it came under."""

    path: Path
    name: str
    sha256: str


def file_of(user: User, public_id: UUID) -> KeptFile | None:
    """The bytes of a document this account may see; None when not there or not yours."""
    return kept_file(documents_visible_to(user).filter(public_id=public_id).first())


def kept_file(row: Document | Upload | None) -> KeptFile | None:
    """The bytes that a row tells of; None when they are not there any more."""
    if row is None:
        return None
    path = Path(settings.MEDIA_ROOT) / row.sha256[:2] / row.sha256
    return KeptFile(path=path, name=row.name, sha256=row.sha256) if path.is_file() else None
