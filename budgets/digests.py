"""Digests of the trail, written down so that another program can compute them again.

A canonical text is a word and fields. A field is the length of its UTF-8 in bytes, a colon and the
text; a lone dash where there is none. An event's text is ``event`` and the seal of the event before
it, then all its columns; a seal's is ``seal``, the event's digest, the number of its changes and
their digest; the changes' is the fields of one change after the other, in order of their ids.
Moments are UTC with microseconds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from cryptography.hazmat.primitives.hashes import SM3, Hash

FIRST = "0" * 64
"""What stands in for a seal before the first event of a chain."""


def field(text: str | None) -> bytes:
    """One field of a canonical text."""
    if text is None:
        return b"-"
    data = text.encode("utf-8", "surrogatepass")
    return b"%d:%s" % (len(data), data)


def fields(texts: Iterable[str | None]) -> bytes:
    """Fields, one after the other."""
    return b"".join(map(field, texts))


def event_digest(previous: str, columns: Iterable[str | None]) -> str:
    """Digest of an event from the seal before it and its columns as texts.

    The columns: id, chain, seq, at, actor_id, request_id, ip, verb, object_type, object_id, xact,
    canonical.
    """
    return hashlib.sha256(b"event" + field(previous) + fields(columns)).hexdigest()


def seal_digest(digest: str, changes: int, changes_digest: str) -> str:
    """Digest over an event and the rows changed in its name."""
    return hashlib.sha256(b"seal" + fields((digest, str(changes), changes_digest))).hexdigest()


class Changes:
    """The changes of one event, taken in one after the other.

    The columns of each: id, at, table_name, row_id, operation, old, new.
    """

    __slots__ = ("_hash", "count")

    def __init__(self) -> None:
        self.count = 0
        self._hash = hashlib.sha256()

    def add(self, columns: Iterable[str | None]) -> None:
        """The next change, in order of ids."""
        self.count += 1
        self._hash.update(fields(columns))

    @property
    def digest(self) -> str:
        """SHA-256 of all that was taken in."""
        return self._hash.hexdigest()


def sm3(data: bytes) -> str:
    """SM3 (GB/T 32905) in hexadecimal."""
    taken = Hash(SM3())
    taken.update(data)
    return taken.finalize().hex()
