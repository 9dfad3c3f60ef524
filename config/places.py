"""Where the development database lives: a short socket folder and a data folder for each clone."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

LONGEST_SOCKET = 107
"""Bytes of a socket path on Linux; PostgreSQL refuses a longer one."""
_NAME = "/.s.PGSQL.5432"


@dataclass(frozen=True, slots=True)
class Places:
    """Folders of one cluster, and the port its socket is named after."""

    data: Path
    sockets: Path
    binaries: Path
    log: Path
    moved: bool
    """The data stand outside the clone, because the server's user could not reach it there."""
    port: int = 5432


def reachable_by_all(folder: Path) -> bool:
    """Whether another user may pass through every folder above (x for others)."""
    return all(parent.stat().st_mode & 0o001 for parent in [folder, *folder.parents])


def places_of(root: Path) -> Places:
    """Folders for the clone at ``root``; nothing is made and nothing started."""
    digest = hashlib.sha256(str(root).encode()).hexdigest()[:12]
    short = Path(tempfile.gettempdir()) / f"jiheng-{os.getuid()}-{digest}"
    as_root = os.getuid() == 0
    moved = as_root and not reachable_by_all(root)
    base = short if moved else root / "var"
    sockets = base / "run"
    if as_root or len(f"{sockets}{_NAME}".encode()) > LONGEST_SOCKET:
        sockets = short / "run"
    return Places(
        data=base / "postgres",
        sockets=sockets,
        binaries=base / "postgres-bin",
        log=base / "postgres.log",
        moved=moved,
    )
