"""Which request is being answered: for logs, error bodies and the trail."""

from __future__ import annotations

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Id of the request at hand; empty in commands and jobs."""
