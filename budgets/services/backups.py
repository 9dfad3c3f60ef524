"""Backing up and restoring: one folder that holds the database, the files, and what both must be.

A dump and the figures to compare it with come from one snapshot. Database and files are encrypted,
the manifest is signed; the key file is never part of a backup and must be kept elsewhere.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any, BinaryIO, cast

import psycopg
from django.conf import settings
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from budgets import keys
from budgets.canonical import canonical
from budgets.errors import Conflict, InvalidInput, ServiceError

_PURPOSE = "backup"
_DATABASE, _FILES, _MANIFEST = "database.dump.enc", "files.tar.enc", "manifest.json"
_READ = 1024 * 1024


class BackupTrouble(ServiceError):
    """A backup could not be made or does not agree with its manifest; the words say where."""

    code = "backup"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup holds: rows and checksum of each table, size and SHA-256 of each file."""

    made_at: str
    server: str
    migrations: tuple[tuple[str, str], ...]
    tables: Mapping[str, tuple[int, str]]
    files: Mapping[str, tuple[int, str]]
    parts: Mapping[str, tuple[int, str]]

    def content(self) -> dict[str, Any]:
        """The manifest as plain data, in the form that is signed."""
        return {
            "made_at": self.made_at,
            "server": self.server,
            "migrations": [list(pair) for pair in self.migrations],
            "tables": {name: list(found) for name, found in self.tables.items()},
            "files": {name: list(found) for name, found in self.files.items()},
            "parts": {name: list(found) for name, found in self.parts.items()},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A restored database and its files beside the manifest."""

    tables: int
    rows: int
    files: int
    differences: tuple[str, ...]


# ── making ──────────────────────────────────────────────────────────────────────────────────────


def make_backup(to: Path) -> tuple[Path, Manifest]:
    """Backs up database, files and checkpoints into a new folder below ``to``.

    The folder appears when it is whole. Raises BackupTrouble when the database or a program says
    no, KeyTrouble without a key.
    """
    now = datetime.now(UTC)
    final = to / f"jiheng-{now:%Y%m%dT%H%M%S}Z"
    if final.exists():
        raise Conflict(f"{final} 已经存在")
    fresh = to / f".{final.name}.{os.getpid()}"
    fresh.mkdir(mode=0o700, parents=True)
    try:
        with _snapshot() as (connection, name):
            tables = dict(_tables(connection))
            migrations = _migrations(connection)
            server = str(connection.info.server_version)
            _dump(name, fresh / _DATABASE)
        # After the dump: a file is written before its row and never changed, so none can be missing.
        files = _pack(fresh / _FILES)
        manifest = Manifest(
            made_at=now.isoformat(timespec="seconds"),
            server=server,
            migrations=migrations,
            tables=tables,
            files=files,
            parts={part: _size_and_digest(fresh / part) for part in (_DATABASE, _FILES)},
        )
        _write_signed(fresh / _MANIFEST, manifest.content())
        fresh.replace(final)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return final, manifest


@contextmanager
def _snapshot() -> Iterator[tuple[psycopg.Connection[Any], str]]:
    """A read-only transaction and the name under which pg_dump sees the same."""
    try:
        with psycopg.connect(settings.BACKUP_DATABASE_URL) as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            connection.execute("SET LOCAL TimeZone = 'UTC'")
            row = connection.execute("SELECT pg_export_snapshot()").fetchone()
            assert row is not None
            yield connection, row[0]
    except psycopg.OperationalError as error:
        raise BackupTrouble(
            f"备份用的连接不可用（BACKUP_DATABASE_URL）：{_first_line(str(error).encode())}"
        ) from None


def _tables(connection: psycopg.Connection[Any]) -> Iterator[tuple[str, tuple[int, str]]]:
    """Every table with its rows and a checksum that does not depend on their order."""
    names = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY relname"
    ).fetchall()
    for (name,) in names:
        row = connection.execute(
            sql.SQL(
                "SELECT count(*), coalesce(sum(('x' || left(encode(sha256(convert_to(t::text, 'UTF8')),"
                " 'hex'), 15))::bit(60)::bigint::numeric), 0)::text FROM {} t"
            ).format(sql.Identifier(name))
        ).fetchone()
        assert row is not None
        yield name, (row[0], row[1])


def _migrations(connection: psycopg.Connection[Any]) -> tuple[tuple[str, str], ...]:
    rows = connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
    return tuple((app, name) for app, name in rows.fetchall())


def _dump(snapshot: str, to: Path) -> None:
    command = [_program("pg_dump"), "--format=custom", f"--snapshot={snapshot}"]
    with (
        TemporaryFile() as said,
        subprocess.Popen(  # noqa: S603 - a fixed program, no user value
            command,
            env=_libpq(settings.BACKUP_DATABASE_URL),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
        ) as process,
        to.open("xb") as file,
    ):
        assert process.stdout is not None
        keys.encrypt_stream(cast(BinaryIO, process.stdout), file, _PURPOSE)
        _sync(file)
        if process.wait():
            said.seek(0)
            raise BackupTrouble(f"pg_dump 没有成功：{_first_line(said.read())}")


def _first_line(said: bytes) -> str:
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[0][:200] if lines else "没有说明"


def _program(name: str) -> str:
    """A program of PostgreSQL: that of the launcher's server, else the one on the path."""
    launcher = importlib.import_module(settings.DATABASE_LAUNCHER)
    found = launcher.program(name) or shutil.which(name)
    if found is None:
        raise BackupTrouble(f"没有找到 {name}：请安装 PostgreSQL 的客户端程序")
    return str(found)


def _libpq(address: str) -> dict[str, str]:
    """The environment that hands libpq an address: passwords do not stand on a command line."""
    found = {key: str(value) for key, value in conninfo_to_dict(address).items() if value}
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD",
             "dbname": "PGDATABASE", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}  # fmt: skip
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8"} | {
        names[key]: value for key, value in found.items() if key in names
    }


def _folders() -> dict[str, Path]:
    return {"media": Path(settings.MEDIA_ROOT), "checkpoints": Path(settings.CHECKPOINT_DIR)}


def _pack(to: Path) -> dict[str, tuple[int, str]]:
    """Packs and encrypts every kept file; returns what they are."""
    found: dict[str, tuple[int, str]] = {}
    with TemporaryDirectory(dir=to.parent) as folder:
        plain = Path(folder) / "files.tar"
        with tarfile.open(plain, "w") as tar:
            for name, path in _kept_files():
                found[name] = _size_and_digest(path)
                tar.add(path, arcname=name, recursive=False, filter=_without_owner)
        with plain.open("rb") as source, to.open("xb") as target:
            keys.encrypt_stream(source, target, _PURPOSE)
            _sync(target)
    return found


def _kept_files() -> Iterator[tuple[str, Path]]:
    for name, folder in _folders().items():
        for path in sorted(folder.rglob("*")):
            # What begins with a dot is being written: it has no row yet.
            if path.is_file() and not path.name.startswith("."):
                yield f"{name}/{path.relative_to(folder).as_posix()}", path


def _without_owner(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


def _size_and_digest(path: Path) -> tuple[int, str]:
    found, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(_READ):
            found.update(chunk)
            size += len(chunk)
    return size, found.hexdigest()


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _write_signed(to: Path, content: dict[str, Any]) -> None:
    text = canonical(content)
    key_id, signature = keys.sign(text.encode())
    with to.open("x", encoding="utf-8") as file:
        json.dump({"content": content, "key": key_id, "signature": signature}, file,
                  ensure_ascii=False, indent=1)  # fmt: skip
        file.flush()
        os.fsync(file.fileno())


# ── restoring ───────────────────────────────────────────────────────────────────────────────────


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup whose parts are whole. Raises BackupTrouble, KeyTrouble."""
    try:
        signed = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        content = signed["content"]
        text = canonical(content)
        manifest = Manifest(
            made_at=content["made_at"],
            server=content["server"],
            migrations=tuple((app, name) for app, name in content["migrations"]),
            tables={name: (rows, mark) for name, (rows, mark) in content["tables"].items()},
            files={name: (size, mark) for name, (size, mark) in content["files"].items()},
            parts={name: (size, mark) for name, (size, mark) in content["parts"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupTrouble(
            f"{folder} 不是一份备份：清单读不出来（{type(error).__name__}）"
        ) from None
    if not keys.is_signed(text.encode(), str(signed.get("key")), str(signed.get("signature"))):
        raise BackupTrouble("备份清单的签名不对：清单被改动，或者签名的密钥不在密钥文件里")
    for part, expected in manifest.parts.items():
        path = folder / part
        if not path.is_file() or _size_and_digest(path) != expected:
            raise BackupTrouble(f"备份里的 {part} 缺失或已被改动")
    return manifest


def restore_backup(folder: Path, *, owner: str, media: Path, checkpoints: Path) -> Manifest:
    """Restores a backup into the empty database at ``owner`` and into empty folders.

    Raises BackupTrouble when the backup is damaged or the target is not empty.
    """
    manifest = read_manifest(folder)
    for target in (media, checkpoints):
        if target.exists() and any(target.iterdir()):
            raise InvalidInput(f"目录 {target} 不是空的，不在其中恢复")
    _refuse_filled(owner)
    with TemporaryDirectory(prefix="jiheng-restore-") as scratch:
        dump = Path(scratch) / "database.dump"
        _opened(folder / _DATABASE, dump)
        _load(dump, owner)
        tar = Path(scratch) / "files.tar"
        _opened(folder / _FILES, tar)
        _unpack(tar, Path(scratch) / "files", {"media": media, "checkpoints": checkpoints})
    return manifest


def _refuse_filled(address: str) -> None:
    try:
        with psycopg.connect(address) as connection:
            found = connection.execute(
                "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            ).fetchone()
    except psycopg.OperationalError as error:
        raise BackupTrouble(f"要恢复到的数据库连不上：{_first_line(str(error).encode())}") from None
    if found and found[0]:
        raise InvalidInput("要恢复到的数据库不是空的：请先建一个空库")


def _opened(source: Path, target: Path) -> None:
    with source.open("rb") as sealed, target.open("xb") as plain:
        keys.decrypt_stream(sealed, plain, _PURPOSE)


def _load(dump: Path, owner: str) -> None:
    """Extensions and the schema are there already: the database was made for it."""
    environment = _libpq(owner)
    program = _program("pg_restore")
    listed = subprocess.run(  # noqa: S603 - a fixed program, no user value
        [program, "--list", str(dump)], env=environment, capture_output=True, check=False, text=True
    )
    wanted = [
        line
        for line in listed.stdout.splitlines()
        if " EXTENSION " not in line and " SCHEMA - public" not in line
    ]
    chosen = dump.with_suffix(".list")
    chosen.write_text("\n".join(wanted) + "\n", encoding="utf-8")
    done = subprocess.run(  # noqa: S603 - a fixed program, no user value
        [program, "--exit-on-error", "--use-list", str(chosen), "--dbname", environment["PGDATABASE"],
         "--no-comments", str(dump)],
        env=environment, capture_output=True, check=False, text=True,
    )  # fmt: skip
    if listed.returncode or done.returncode:
        words = (listed.stderr + done.stderr).encode()
        raise BackupTrouble(f"pg_restore 没有成功：{_first_line(words)}")


def _unpack(tar: Path, scratch: Path, targets: Mapping[str, Path]) -> None:
    with tarfile.open(tar) as packed:
        packed.extractall(scratch, filter="data")
    for name, target in targets.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.mkdir(mode=0o700, exist_ok=True)
        for path in (scratch / name).iterdir() if (scratch / name).is_dir() else ():
            shutil.move(str(path), target / path.name)


def compare_restored(
    manifest: Manifest, *, address: str, media: Path, checkpoints: Path
) -> Compared:
    """A restored database and its files beside the manifest; ``address`` sees every row."""
    differences: list[str] = []
    with psycopg.connect(address) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        found = dict(_tables(connection))
    for name in sorted({*found, *manifest.tables}):
        if found.get(name) != manifest.tables.get(name):
            differences.append(
                f"表 {name}：备份 {manifest.tables.get(name)}，恢复后 {found.get(name)}"
            )
    for name, expected in manifest.files.items():
        top, _, rest = name.partition("/")
        path = (media if top == "media" else checkpoints) / rest
        if not path.is_file() or _size_and_digest(path) != expected:
            differences.append(f"文件 {name} 缺失或不同")
    return Compared(
        tables=len(manifest.tables),
        rows=sum(rows for rows, _ in manifest.tables.values()),
        files=len(manifest.files),
        differences=tuple(differences),
    )
