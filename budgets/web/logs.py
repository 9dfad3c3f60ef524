"""Logs as one JSON object a line, with the request id and without anything a person typed."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

from budgets.requests import request_id


class JsonFormatter(logging.Formatter):
    """Time, level, logger, message, request id; for an exception its type and places, no values."""

    def format(self, record: logging.LogRecord) -> str:
        """One line. Query strings are cut off: they may hold what was searched for."""
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage().split("?", 1)[0],
            "request_id": request_id.get(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            entry["exception"] = record.exc_info[0].__name__
            entry["where"] = _places(record)
        return json.dumps(entry, ensure_ascii=False)


def _places(record: logging.LogRecord) -> str:
    """File, line and function of each frame: what broke, not what was in it."""
    frames: list[str] = []
    trace = record.exc_info[2] if record.exc_info else None
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}:{code.co_name}")
        trace = trace.tb_next
    return " > ".join(frames[-12:])
