"""Files that an account may take away."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings

from budgets.models import User
from performance.access import documents_visible_to


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A kept file with the name it came under."""

    path: Path
    name: str
    sha256: str


def file_of(user: User, public_id: UUID) -> KeptFile | None:
    """The bytes of a document this account may see; None when not there or not yours."""
    document = documents_visible_to(user).filter(public_id=public_id).first()
    if document is None:
        return None
    path = Path(settings.MEDIA_ROOT) / document.sha256[:2] / document.sha256
    if not path.is_file():
        return None
    return KeptFile(path=path, name=document.name, sha256=document.sha256)
