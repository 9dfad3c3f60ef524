"""Digests of files: SHA-256 piece by piece, and the second one where the settings ask for it."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from budgets.digests import sm3


def second_digest(data: bytes) -> str | None:
    """SM3 of ``data`` when the settings ask for it, else None."""
    return sm3(data) if settings.SM3 else None


def sha256_of(file: UploadedFile[Any]) -> str:
    """SHA-256 of an uploaded file, never all of it in memory; it stands at its beginning again."""
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()
