"""One effect for one intention: the answer to a write is kept under the client's key.

The key's row stands in the transaction of the write. A second request with the same key waits for
the first; a write that fails takes its key with it, so that a corrected retry may use it again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db import connection

from budgets.errors import InvalidInput, KeyReused
from budgets.models import IdempotencyKey, User

_KEY = re.compile(r"[A-Za-z0-9_.:-]{8,128}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was answered the first time."""

    status: int
    body: str
    etag: str


def claim(user: User, key: str, fingerprint: str) -> Answer | None:
    """Takes a key for this transaction; the first answer when it had been used.

    Raises InvalidInput for a key that is none, KeyReused when the request was another.
    """
    if not _KEY.fullmatch(key):
        raise InvalidInput("Idempotency-Key 应为 8 到 128 个字母、数字或 _ . : -，每次写入用新的")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO budgets_idempotencykey (user_id, key, fingerprint, body, etag, created_at)"
            " VALUES (%s, %s, %s, '', '', now()) ON CONFLICT (user_id, key) DO NOTHING",
            [user.pk, key, fingerprint],
        )
        if cursor.rowcount == 1:
            return None
    found = IdempotencyKey.objects.get(user=user, key=key)
    if found.fingerprint != fingerprint:
        raise KeyReused("这个 Idempotency-Key 已用于另一个请求；请换一个新的")
    return Answer(status=found.status or 200, body=found.body, etag=found.etag)


def keep(user: User, key: str, answer: Answer) -> None:
    """Keeps the answer of the write in its transaction."""
    IdempotencyKey.objects.filter(user=user, key=key).update(
        status=answer.status, body=answer.body, etag=answer.etag
    )
