"""Files: each kept document has its bytes, and the bytes are those that came in."""

from __future__ import annotations

import hashlib
import re
import time
from pathlib import Path

from django.conf import settings

from budgets.digests import sm3
from performance.services.invariants.shapes import Result, streamed

_DAY = 24 * 60 * 60
_NAME = re.compile(r"[0-9a-f]{64}")


def files_kept() -> Result:
    """I9: size, SHA-256 and, where given, SM3 of every document's and upload's file; orphans of over a day are named.

    An orphan breaks nothing: the bytes of an upload are kept whatever became of the import.
    """
    result = Result("I9", "每个文件都在，内容未变")
    folder = Path(settings.MEDIA_ROOT)
    known: set[str] = set()
    sql = (
        "SELECT id, sha256, size, sm3 FROM performance_document"
        " UNION ALL SELECT id, sha256, size, sm3 FROM performance_upload ORDER BY 1"
    )
    for pk, sha256, size, second in streamed(sql):
        result.checked += 1
        known.add(sha256)
        try:
            data = (folder / sha256[:2] / sha256).read_bytes()
        except OSError:
            result.add(f"编号 {pk} 的文件 {sha256[:12]} 不在或读不出来")
            continue
        if len(data) != size or hashlib.sha256(data).hexdigest() != sha256:
            result.add(f"编号 {pk} 的文件 {sha256[:12]} 内容已变")
        if second is not None and sm3(data) != second:
            result.add(f"编号 {pk} 的文件 {sha256[:12]} 与 SM3 不符")
    result.notes.extend(_orphans(folder, known))
    return result


def _orphans(folder: Path, known: set[str]) -> list[str]:
    before = time.time() - _DAY
    return [
        f"没有记录的文件 {path.relative_to(folder).as_posix()}"
        for path in sorted(folder.glob("??/*"))
        if not (_NAME.fullmatch(path.name) and path.name in known)
        and path.is_file()
        and path.stat().st_mtime < before
    ]
