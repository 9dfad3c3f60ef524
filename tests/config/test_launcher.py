"""The launcher: starts once, again, after a crash; says why when it cannot."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config import postgres
from config.places import LONGEST_SOCKET, places_of


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="jl-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path, ignore_errors=True)


def test_start_again_and_stop(folder: Path) -> None:
    server = postgres.throwaway(folder)
    assert not server.answers()
    server.stop()
    server.start()
    try:
        server.start()
        assert server.answers()
        with psycopg.connect(server.address("perf_app")) as connection:
            row = connection.execute("SELECT current_user, show_trgm('预算绩效')").fetchone()
            assert row is not None
            assert row[0] == "perf_app"
            assert row[1]
            rights = connection.execute(
                "SELECT rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = 'perf_app'"
            ).fetchone()
            assert rights == (False, False, False)
        pid = int((folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        while server.answers():
            pass
        server.start()
        assert server.answers()
    finally:
        server.stop()
    assert not server.answers()


def test_no_one_else_may_look_in(folder: Path) -> None:
    server = postgres.throwaway(folder)
    server.start()
    try:
        assert (folder / "run").stat().st_mode & 0o077 == 0
        assert (folder / "data").stat().st_mode & 0o077 == 0
        with psycopg.connect(server.address("perf_owner")) as connection:
            shown = connection.execute("SHOW listen_addresses").fetchone()
        assert shown == ("",)
    finally:
        server.stop()


def test_a_long_path_gets_a_short_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 120)
    assert len(f"{places_of(deep.parent).sockets}/.s.PGSQL.5432".encode()) <= LONGEST_SOCKET
    deep.mkdir()
    assert len(f"{places_of(deep).sockets}/.s.PGSQL.5432".encode()) <= LONGEST_SOCKET


def test_two_clones_have_two_places(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, other = places_of(tmp_path / "a"), places_of(tmp_path / "b")
    assert {one.data, one.sockets}.isdisjoint({other.data, other.sockets})


def test_words_it_does_not_know(capsys: pytest.CaptureFixture[str]) -> None:
    assert postgres.main(["restart"]) == 2
    assert postgres.main([]) == 2
    assert "用法" in capsys.readouterr().err


def test_another_database_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://x@y/z")
    assert postgres.main(["start"]) == 0
    assert "不启动数据库" in capsys.readouterr().err


def test_no_programs_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(postgres, "_candidates", lambda: iter([tmp_path]))
    with pytest.raises(postgres.LauncherError, match="make env"):
        postgres.programs_for(places_of(tmp_path))


def test_why_it_failed_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = folder / "programs"
    broken.mkdir()
    (broken / "initdb").write_text("#!/bin/sh\necho no >&2\nexit 3\n")
    (broken / "initdb").chmod(0o755)
    server = postgres.Cluster(postgres.throwaway(folder).places, broken)
    with pytest.raises(postgres.LauncherError, match="initdb 没有成功"):
        server.start()
