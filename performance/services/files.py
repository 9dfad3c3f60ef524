"""Files are kept under their SHA-256: written aside, synced, then named; never half-written."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.conf import settings


def keep(data: bytes, sha256: str) -> Path:
    """Keeps the bytes of an upload and returns where. Keeping the same bytes twice is harmless."""
    final = Path(settings.MEDIA_ROOT) / sha256[:2] / sha256
    if not final.exists():
        write_whole(data, final)
    return final


def write_whole(data: bytes, final: Path) -> None:
    """Writes a file so that under its name there is all of it or nothing, power cut or not."""
    folder = final.parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = folder / f".{final.name[:16]}.{secrets.token_hex(8)}"
    try:
        with fresh.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(final)
    finally:
        fresh.unlink(missing_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)  # the name too is kept
    finally:
        os.close(descriptor)
