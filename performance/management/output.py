"""Standard input and output of the commands: bytes in, one JSON document out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError


def file_bytes(path: Path) -> bytes:
    """The bytes of a file; exit code 2 with one line when it cannot be opened."""
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "路径无效"
        raise CommandError(f"打不开文件 {path}：{reason}", returncode=2) from None


def write_json(content: dict[str, Any], *, compact: bool) -> None:
    """One JSON document in UTF-8, whatever the locale says."""
    text = json.dumps(content, ensure_ascii=False, indent=None if compact else 2)
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.buffer.flush()
