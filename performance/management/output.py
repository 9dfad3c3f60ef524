"""Standard input and output of the commands: bytes in, one JSON document out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

_REASONS: dict[type[BaseException], str] = {
    FileNotFoundError: "没有这个文件",
    IsADirectoryError: "这是一个目录",
    NotADirectoryError: "路径中有一段不是目录",
    PermissionError: "没有读取权限",
    ValueError: "路径无效",
}


def file_bytes(path: Path) -> bytes:
    """The bytes of a file; exit code 2 with one line when it cannot be opened."""
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = _REASONS.get(type(error), "读取时出错")
        raise CommandError(f"打不开文件 {path}：{reason}", returncode=2) from None


def write_json(content: dict[str, Any], *, compact: bool) -> None:
    """One JSON document in UTF-8, whatever the locale says."""
    text = json.dumps(content, ensure_ascii=False, indent=None if compact else 2)
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.buffer.flush()
