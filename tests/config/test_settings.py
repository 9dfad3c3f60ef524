"""Settings are strict: what is unsafe does not start, what is garbage is said."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from budgets import keys
from config import environment as env

ROOT = Path(__file__).resolve().parent.parent.parent
KEY = "k3y-" + "abcdefghijklmnopqrstuvwxyz0123456789" * 2
SAFE = {
    "JIHENG_ENV": "production",
    "SECRET_KEY": KEY,
    "ALLOWED_HOSTS": "jiheng.example",
    "DATABASE_URL": "postgresql://perf_app:x@db/jiheng",
}


def _run(environment: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_safe_production_passes_every_check(tmp_path: Path) -> None:
    keys.make(tmp_path / "keys.json")
    safe = {**SAFE, "KEY_FILE": str(tmp_path / "keys.json")}
    done = _run(safe, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"JIHENG_ENV": "staging"}, "JIHENG_ENV"),
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "太短"),
        ({"SECRET_KEY": "a" * 80}, "太简单"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "a.example,*"}, "ALLOWED_HOSTS"),
        ({"JIHENG_DEBUG": "true"}, "JIHENG_DEBUG"),
        ({"JIHENG_DEBUG": "maybe"}, "JIHENG_DEBUG"),
        ({"JIHENG_DEMO_ACCOUNTS": "1"}, "JIHENG_DEMO_ACCOUNTS"),
        ({"SABOTAGE": "no_version"}, "SABOTAGE"),
        ({"TESTING": "1"}, "TESTING"),
        ({"PASSWORD_MIN_LENGTH": "7"}, "PASSWORD_MIN_LENGTH"),
        ({"SIGN_IN_FAILURES": "1000"}, "SIGN_IN_FAILURES"),
        ({"SESSION_IDLE_MINUTES": "0"}, "SESSION_IDLE_MINUTES"),
        ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES"),
        ({"CSRF_TRUSTED_ORIGINS": "http://jiheng.example"}, "https://"),
        ({"DATABASE_URL": ""}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:///x"}, "PostgreSQL"),
        ({"DATABASE_URL": "postgresql://perf_app@db/"}, "数据库名"),
        ({"SECRET_KEY_FILE": "/nowhere/key"}, "只能设一个"),
        ({"SECRET_KEY": None, "SECRET_KEY_FILE": "/nowhere/key"}, "读不出来"),
    ],
)
def test_what_is_unsafe_does_not_start(change: dict[str, str | None], said: str) -> None:
    environment = {k: v for k, v in {**SAFE, **change}.items() if v is not None}
    done = _run(environment, "-c", "import config.settings")
    assert done.returncode != 0
    assert said in done.stderr


def test_reading_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("from a file\n")
    monkeypatch.setenv("X_FILE", str(secret))
    assert env.text("X") == env.required("X") == "from a file"
    monkeypatch.setenv("NUMBER", "12")
    assert env.integer("NUMBER", 1, least=1, most=20) == 12
    assert env.integer("NONE", 7, least=1, most=20) == 7
    monkeypatch.setenv("NUMBER", "21")
    with pytest.raises(ImproperlyConfigured, match="1 到 20"):
        env.integer("NUMBER", 1, least=1, most=20)
    monkeypatch.setenv("LIST", " a, ,b ")
    assert env.names("LIST") == ["a", "b"]
    assert env.names("NONE") == []
    for written, meant in (("TRUE", True), ("on", True), ("0", False), ("", False)):
        monkeypatch.setenv("FLAG", written)
        assert env.boolean("FLAG", not meant) is meant
    assert env.boolean("NONE", True)


def test_a_database_address() -> None:
    found = env.database("postgresql://u%40:p@h:5433/name?host=/run/x&sslmode=require", "U")
    assert found["USER"] == "u@"
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("/run/x", "5433", "name")
    assert found["OPTIONS"] == {"sslmode": "require"}


def test_the_development_secret_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret-key"
    first = env.secret_kept_in(path)
    assert env.secret_kept_in(path) == first
    assert len(first) > 50
    assert path.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["secret-key"]


def test_a_folder_one_may_not_write_to_gives_a_secret_for_the_moment(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert len(env.secret_kept_in(blocked / "below" / "key")) > 50


def test_requirements_name_no_place() -> None:
    text = (ROOT / "requirements.txt").read_text()
    assert "://" not in text
    assert text.count("--hash=sha256:") > 50
    for line in text.splitlines():
        assert not line or line.startswith(("    ", "#")) or "==" in line
