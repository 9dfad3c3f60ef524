"""Proving that a backup restores: into a server of its own, with everything that must hold."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from django.conf import settings

from budgets import keys
from budgets.canonical import canonical
from budgets.services.backups import compare_restored, restore_backup

_DATABASE = "restored"
_COMMANDS = (
    ("迁移齐全", ("migrate", "--check")),
    ("留痕完好", ("audit_verify", "--json")),
    ("数据约束", ("invariants", "--json")),
)
"""What must exit with 0 on the restored service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """What a drill found: it went well when nothing differs and every check passed."""

    backup: str
    made_at: str
    tables: int
    rows: int
    files: int
    seconds: float
    differences: tuple[str, ...]
    checks: tuple[tuple[str, bool, str], ...]
    """Name, whether it passed, the last line it said."""

    @property
    def went_well(self) -> bool:
        """Whether this backup can be relied on."""
        return not self.differences and all(passed for _, passed, _ in self.checks)

    def report(self) -> dict[str, Any]:
        """The findings, signed with the newest key."""
        content = {
            "backup": self.backup,
            "made_at": self.made_at,
            "drilled_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "tables": self.tables,
            "rows": self.rows,
            "files": self.files,
            "seconds": str(round(self.seconds, 1)),
            "differences": list(self.differences),
            "checks": [list(check) for check in self.checks],
            "went_well": self.went_well,
        }
        key_id, signature = keys.sign(canonical(content).encode())
        return {"content": content, "key": key_id, "signature": signature}


def drill(folder: Path, *, say: Callable[[str], None] = lambda words: None) -> Drill:
    """Restores a backup into a throwaway server and runs every check; leaves nothing behind.

    Raises BackupTrouble when the backup cannot be restored at all.
    """
    began = time.monotonic()
    scratch = Path(mkdtemp(prefix="jiheng-drill-"))
    scratch.chmod(0o711)
    launcher = importlib.import_module(settings.DATABASE_LAUNCHER)
    cluster = launcher.throwaway(scratch)
    say("启动一个临时的数据库 …")
    cluster.start()
    try:
        cluster.provide_database(_DATABASE)
        var = scratch / "var"
        media, checkpoints = var / "media", var / "checkpoints"
        say("恢复 …")
        manifest = restore_backup(
            folder,
            owner=cluster.address("perf_owner", _DATABASE),
            media=media,
            checkpoints=checkpoints,
        )
        say("与清单比较 …")
        compared = compare_restored(
            manifest,
            address=cluster.address("perf_backup", _DATABASE),
            media=media,
            checkpoints=checkpoints,
        )
        environment = {
            **os.environ,
            "DATABASE_URL": cluster.address("perf_app", _DATABASE),
            "DATABASE_OWNER_URL": cluster.address("perf_owner", _DATABASE),
            "JIHENG_VAR": str(var),
            "CHECKPOINT_DIR": str(checkpoints),
            "KEY_FILE": settings.KEY_FILE,
        }
        checks = []
        for name, words in _COMMANDS:
            say(f"检查：{name} …")
            checks.append((name, *_passed(words, environment)))
        return Drill(
            backup=folder.name,
            made_at=manifest.made_at,
            tables=compared.tables,
            rows=compared.rows,
            files=compared.files,
            seconds=time.monotonic() - began,
            differences=compared.differences,
            checks=tuple(checks),
        )
    finally:
        launcher.discard(cluster)


def _passed(words: tuple[str, ...], environment: dict[str, str]) -> tuple[bool, str]:
    done = subprocess.run(  # noqa: S603 - our own commands
        [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), *words],
        env=environment,
        capture_output=True,
        check=False,
        text=True,
    )
    return done.returncode == 0, _last(done.stdout) or _last(done.stderr)


def _last(text: str) -> str:
    """What a command said, in one line: its JSON without blanks, or its last line."""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)[:2000]
    except ValueError:
        lines = text.strip().splitlines()
        return lines[-1][:500] if lines else ""
