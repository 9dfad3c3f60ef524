"""Whom the database takes us for, and the key file: an unsafe service does not start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

from budgets import keys
from tests.config.test_settings import KEY, ROOT


@pytest.fixture
def start(cluster: Any, migrated: str, tmp_path: Path) -> Any:
    """Starts the web entry in production, asks the database one question, and ends."""

    def run(
        role: str = "perf_app", *, key_file: bool = True, waits: bool = True, **more: str
    ) -> Any:
        file = tmp_path / "keys.json"
        if key_file and not file.exists():
            keys.make(file)
        # The tests' server is quick and not durable; a session may ask it to wait all the same.
        durable = "&options=-c%20synchronous_commit%3Don" if waits else ""
        environment = {
            "PATH": os.environ["PATH"],
            "JIHENG_ENV": "production",
            "SECRET_KEY": KEY,
            "ALLOWED_HOSTS": "jiheng.example",
            "KEY_FILE": str(file),
            "DATABASE_URL": cluster.address(role, migrated) + durable,
            **more,
        }
        code = (
            "import config.wsgi; from django.db import connection as c; k = c.cursor();"
            "k.execute('SELECT 1'); print('started')"
        )
        return subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    return run


@pytest.fixture
def powerful(cluster: Any) -> Any:
    """A role that passes row security, one that may make roles, one that is a member of the owner."""
    made = {
        "perf_passes": "CREATE ROLE perf_passes LOGIN BYPASSRLS",
        "perf_makes": "CREATE ROLE perf_makes LOGIN CREATEROLE",
        "perf_member": "CREATE ROLE perf_member LOGIN IN ROLE perf_owner",
    }
    with psycopg.connect(cluster.address("postgres", "postgres"), autocommit=True) as admin:
        for sql in made.values():
            admin.execute(sql)
        yield list(made)
        for name in made:
            admin.execute(f"DROP ROLE {name}")


def test_the_service_refuses_a_powerful_role(start: Any, powerful: Any) -> None:
    said = {
        "postgres": "超级用户", "perf_owner": "拥有", "perf_passes": "BYPASSRLS", "perf_makes": "建角色", "perf_member": "拥有",
    }  # fmt: skip
    for role, words in said.items():
        done = start(role)
        assert done.returncode != 0, role
        assert words in done.stderr, role
        assert "started" not in done.stdout
    assert start("perf_app").stdout == "started\n"
    assert "synchronous_commit" in start("perf_app", waits=False).stderr


def test_the_service_refuses_to_start_without_sound_keys(start: Any, tmp_path: Path) -> None:
    done = start(key_file=False)
    assert done.returncode != 0
    assert "没有密钥文件" in done.stderr
    keys.make(tmp_path / "keys.json")
    (tmp_path / "keys.json").chmod(0o644)
    assert "chmod 600" in start().stderr
    (tmp_path / "keys.json").chmod(0o600)
    (tmp_path / "keys.json").write_text("{}")
    assert "读不出来" in start().stderr
    (tmp_path / "keys.json").unlink()
    assert "没有这个角色：king" in start(TOTP_REQUIRED_ROLES="king").stderr


@pytest.mark.django_db
def test_the_application_of_the_tests_is_no_powerful_one() -> None:
    from django.db import connection

    from config.guard import role_troubles

    assert [words for words in role_troubles(connection) if "角色" in words] == []
