"""A bureau with a real web server: what the harnesses that speak HTTP are played on."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent


class StageError(RuntimeError):
    """The harness itself could not go on; says nothing about the service."""


def free_port() -> int:
    """A loopback port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def until(what: str, true: Callable[[], bool], seconds: float = 60.0) -> None:
    """Waits for something to be true."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise StageError(f"waited in vain for {what}")
        time.sleep(0.05)


class Server:
    """gunicorn in front of a database, with a switch for one planted fault."""

    def __init__(
        self, folder: Path, app: str, owner: str, *, sabotage: str = "", **more: str
    ) -> None:
        from django.conf import settings

        self.folder = folder
        self.port = free_port()
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "tests.torture.stage_settings",
            "DATABASE_URL": app,
            "DATABASE_OWNER_URL": owner,
            # The harness signs sessions and reads keys as the server does.
            "SECRET_KEY": settings.SECRET_KEY,
            "KEY_FILE": settings.KEY_FILE,
            "JIHENG_DEBUG": "false",
            "JIHENG_VAR": str(folder / "var"),
            "JIHENG_LOG_LEVEL": os.environ.get("TORTURE_LOG", "CRITICAL"),
            "SABOTAGE": sabotage,
            "TESTING": "1",
            # Harnesses that watch single steps want none done behind their backs.
            "JIHENG_JOBS_IN_PROCESS": "false",
            "POISON_LOG": str(folder / "poison"),
            **more,
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Of the master process."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Two processes of four threads, until they answer."""
        with (self.folder / "web.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{self.port}",
                 "--workers", "2", "--worker-class", "gthread", "--threads", "4", "--timeout", "60",
                 "--keep-alive", "30", "--log-level", "critical"],
                cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        until("the web server", self.answers)

    def answers(self) -> bool:
        """Whether the server and the database behind it answer."""
        if self._process is not None and self._process.poll() is not None:
            raise StageError((self.folder / "web.log").read_text()[-3000:])
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def stop(self) -> None:
        """Ends the server."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)

    @contextmanager
    def running(self) -> Iterator[Server]:
        """Started and ended."""
        self.start()
        try:
            yield self
        finally:
            self.stop()


@contextmanager
def own_database(*, quick: bool = True) -> Iterator[tuple[Any, Path]]:
    """For a harness run by hand: a cluster of its own, Django pointed at it as the application.

    ``quick`` is not durable; a harness that kills the server wants one that is.
    """
    from config.postgres import throwaway

    folder = Path(tempfile.mkdtemp(prefix="jt-"))
    folder.chmod(0o711)
    cluster = throwaway(folder, quick=quick)
    cluster.start()
    try:
        os.environ["DATABASE_URL"] = cluster.address("perf_app")
        os.environ["DATABASE_OWNER_URL"] = cluster.address("perf_owner")
        os.environ["JIHENG_VAR"] = str(folder / "var")
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        done = subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
            cwd=ROOT,
            env=dict(os.environ),
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise StageError(done.stderr.decode()[-3000:])
        import django

        django.setup()
        yield cluster, folder
    finally:
        from django.db import connections

        connections.close_all()
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def session_of(user: Any) -> str:
    """A session of an account, as signing in makes it."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    key: str = session.session_key
    return key


def as_the_service(sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
    """Rows of a query that sees everything."""
    from django.db import connection

    from budgets.access import seen_by_system

    with seen_by_system(), connection.cursor() as cursor:
        cursor.execute(sql, parameters or [])
        return list(cursor.fetchall()) if cursor.description else []
