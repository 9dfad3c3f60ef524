"""Reading documents: bytes in, a ParsedDocument out."""

from __future__ import annotations

from performance.documents.reader import read, recognise

__all__ = ["read", "recognise"]
