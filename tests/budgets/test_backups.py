"""Backing up and restoring, on a database with real rows and files."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from budgets import keys
from budgets.errors import InvalidInput
from budgets.services import backups
from tests.worlds import HUBEI, build


@pytest.fixture
def filled(committed: str, cluster: Any, settings: Any, tmp_path: Path) -> Iterator[Path]:
    """A database of its own with an imported document; the folder for backups."""
    from budgets.access import seen_by_system
    from performance.services.imports import import_document

    settings.MEDIA_ROOT = tmp_path / "media"
    settings.CHECKPOINT_DIR = str(tmp_path / "checkpoints")
    settings.BACKUP_DATABASE_URL = cluster.address("perf_backup", committed)
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "checkpoints" / "000001.json").write_text("{}")
    with seen_by_system():
        world = build()
    with seen_by_system():
        import_document(
            actor=world.finance,
            data=HUBEI.read_bytes(),
            name=HUBEI.name,
            unit=world.unit,
        )
    return tmp_path / "backups"


@pytest.fixture
def empty(cluster: Any) -> Iterator[str]:
    """Name of an empty database."""
    name = "jiheng_restored"
    cluster.provide_database(name)
    yield name
    with psycopg.connect(cluster.address("postgres", "postgres"), autocommit=True) as admin:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_what_is_restored_is_what_was_backed_up(
    filled: Path, empty: str, cluster: Any, tmp_path: Path
) -> None:
    folder, manifest = backups.make_backup(filled)
    assert manifest.tables["performance_evaluation"][0] == 4
    assert {name.split("/")[0] for name in manifest.files} == {"media", "checkpoints"}
    places = {"media": tmp_path / "r" / "media", "checkpoints": tmp_path / "r" / "checkpoints"}
    backups.restore_backup(folder, owner=cluster.address("perf_owner", empty), **places)
    address = cluster.address("perf_backup", empty)
    found = backups.compare_restored(manifest, address=address, **places)
    assert (found.differences, found.tables) == ((), len(manifest.tables))
    with psycopg.connect(cluster.address("perf_app", empty)) as app:
        assert app.execute("SELECT count(*) FROM performance_evaluation").fetchone() == (0,)
        app.execute("SET app.uid = '0'")
        assert app.execute("SELECT count(*) FROM performance_evaluation").fetchone() == (4,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("DELETE FROM budgets_auditevent")
    with psycopg.connect(cluster.address("perf_owner", empty)) as owner:
        owner.execute(
            "UPDATE budgets_project SET name = name || '改' WHERE id = (SELECT min(id) FROM budgets_project)"
        )
    changed = next(path for path in places["media"].rglob("*") if path.is_file())
    changed.write_bytes(b"x")
    found = backups.compare_restored(manifest, address=address, **places)
    assert len(found.differences) == 5  # the project, its change, event and seal, the file


def test_nothing_readable_stands_in_a_backup(filled: Path) -> None:
    folder, _ = backups.make_backup(filled)
    text = b"".join(path.read_bytes() for path in folder.iterdir())
    for words in ("丁市医疗保障局", "李财政", "基金监管专项"):
        assert words.encode() not in text
    assert not [path for path in filled.iterdir() if path.name.startswith(".")]


def test_a_damaged_backup_is_refused(filled: Path, tmp_path: Path) -> None:
    folder, _ = backups.make_backup(filled)
    for part in ("database.dump.enc", "files.tar.enc"):
        copy = tmp_path / f"copy-{part}"
        shutil.copytree(folder, copy)
        data = bytearray((copy / part).read_bytes())
        data[len(data) // 2] ^= 1
        (copy / part).write_bytes(data)
        with pytest.raises(backups.BackupTrouble, match=part):
            backups.read_manifest(copy)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["content"]["made_at"] = "2020-01-01"
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(backups.BackupTrouble, match="签名"):
        backups.read_manifest(folder)
    with pytest.raises(backups.BackupTrouble, match="不是一份备份"):
        backups.read_manifest(tmp_path)


def test_a_backup_does_not_open_without_its_key(
    filled: Path, empty: str, cluster: Any, settings: Any, tmp_path: Path
) -> None:
    folder, _ = backups.make_backup(filled)
    settings.KEY_FILE = str(tmp_path / "other.json")
    keys.make()
    with pytest.raises(backups.BackupTrouble, match="签名"):
        backups.read_manifest(folder)


def test_nothing_is_restored_over_what_is_there(
    filled: Path, committed: str, cluster: Any, tmp_path: Path
) -> None:
    folder, _ = backups.make_backup(filled)
    owner = cluster.address("perf_owner", committed)
    with pytest.raises(InvalidInput, match="不是空的"):
        backups.restore_backup(
            folder, owner=owner, media=tmp_path / "a", checkpoints=tmp_path / "b"
        )
    with pytest.raises(InvalidInput, match="不是空的"):
        backups.restore_backup(
            folder, owner=owner, media=tmp_path / "media", checkpoints=tmp_path / "b"
        )
    with pytest.raises(CommandError, match="--owner-url"):
        call_command("restore", folder)


def test_a_database_that_does_not_answer_leaves_nothing(filled: Path, settings: Any) -> None:
    settings.BACKUP_DATABASE_URL = "postgresql://perf_backup@/none?host=/nowhere"
    with pytest.raises(CommandError, match="BACKUP_DATABASE_URL"):
        call_command("backup", "--to", filled)
    assert list(filled.iterdir()) == []
