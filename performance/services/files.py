"""Files are kept under their SHA-256: written aside, synced, then named; never half-written."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.conf import settings


def keep(data: bytes, sha256: str) -> Path:
    """Keeps the bytes of an upload and returns where. Keeping the same bytes twice is harmless."""
    folder = Path(settings.MEDIA_ROOT) / sha256[:2]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    final = folder / sha256
    if final.exists():
        return final
    fresh = folder / f".{sha256[:16]}.{secrets.token_hex(8)}"
    try:
        with fresh.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(final)
    finally:
        fresh.unlink(missing_ok=True)
    return final
