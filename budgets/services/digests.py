"""The second digest beside SHA-256, where the settings ask for it."""

from __future__ import annotations

from django.conf import settings

from budgets.digests import sm3


def second_digest(data: bytes) -> str | None:
    """SM3 of ``data`` when the settings ask for it, else None."""
    return sm3(data) if settings.SM3 else None
