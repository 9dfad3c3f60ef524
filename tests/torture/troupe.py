"""Everything that may be killed: web server, workers, broker, database; and who sets it up again."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from config.postgres import LauncherError
from tests.torture.stage import ROOT, Server, StageError, free_port, until

REDIS = shutil.which("redis-server")


def children_of(pid: int) -> list[int]:
    """Direct children of a process, from /proc."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError, ValueError, IndexError):
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                if int(fields[1]) == pid and fields[0] != "Z":
                    found.append(int(entry.name))
    return sorted(found)


def kill(pid: int, sign: signal.Signals = signal.SIGKILL) -> bool:
    """Sends a signal; False when the process is gone already."""
    try:
        os.kill(pid, sign)
    except ProcessLookupError:
        return False
    return True


@dataclass
class Broker:
    """A Redis that keeps nothing."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Empty, without persistence, on loopback."""
        assert REDIS is not None
        self.process = subprocess.Popen(
            [REDIS, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
             "--dir", str(self.folder)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until("the broker", self._answers, 20)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as wire:
                wire.sendall(b"PING\r\n")
                return wire.recv(5) == b"+PONG"
        except OSError:
            return False


@dataclass
class Workers:
    """One Celery worker with two children; without a broker two processes of ``manage.py worker``."""

    environment: dict[str, str]
    log: Path
    broker: bool
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)

    def start(self) -> None:
        """What is missing."""
        self.processes = [one for one in self.processes if one.poll() is None]
        while len(self.processes) < (1 if self.broker else 2):
            with self.log.open("ab") as log:
                process = subprocess.Popen(
                    [sys.executable, *(_CELERY if self.broker else _PLAIN)],
                    cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                    start_new_session=True,
                )  # fmt: skip
            self.processes.append(process)
            self.groups.append(process.pid)

    def parents(self) -> list[int]:
        """Processes that run."""
        return [one.pid for one in self.processes if one.poll() is None]

    def hands(self) -> list[int]:
        """Processes that work jobs off."""
        if not self.broker:
            return self.parents()
        return [child for parent in self.parents() for child in children_of(parent)]

    def stop(self) -> None:
        """All of them, those left by killed parents too."""
        for group in self.groups:
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
        for one in self.processes:
            one.wait(10)
        self.processes, self.groups = [], []


_CELERY = ("-m", "celery", "-A", "tests.torture.stage_celery", "worker", "-c", "2", "--without-gossip",
           "--without-mingle", "--without-heartbeat", "-l", "ERROR")  # fmt: skip
_PLAIN = ("manage.py", "worker")


class Troupe:
    """The whole service; a keeper starts again what has died, as the machine's supervisor would."""

    def __init__(
        self, cluster: Any, folder: Path, *, broker: bool = True, owns: bool = True
    ) -> None:
        self.cluster, self.folder, self.owns = cluster, folder, owns
        self.broker = Broker(folder) if broker else None
        self.server = Server(
            folder,
            cluster.address("perf_app"),
            cluster.address("perf_owner"),
            CELERY_BROKER_URL=self.broker.url if self.broker else "",
        )
        self.workers = Workers(dict(self.server.environment), folder / "worker.log", broker)
        self._stop = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="keeper")
        self.restarts: Counter[str] = Counter()

    def start(self) -> None:
        """Everything, then the keeper."""
        if self.broker:
            self.broker.start()
        self.server.start()
        self.workers.start()
        self._keeper.start()

    def stop(self) -> None:
        """Everything but the database."""
        self._stop.set()
        if self._keeper.ident is not None:
            self._keeper.join()
        self.workers.stop()
        self.server.stop()
        if self.broker and self.broker.process:
            kill(self.broker.process.pid)
            self.broker.process.wait(10)

    def planted(self, fault: str) -> None:
        """Other workers, with a fault."""
        self.workers.environment["SABOTAGE"] = fault
        for pid in self.workers.parents():
            kill(pid)
        time.sleep(0.2)
        for group in self.workers.groups:
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)

    def _keep(self) -> None:
        while not self._stop.wait(0.5):
            if self.broker and self.broker.process and self.broker.process.poll() is not None:
                self.restarts["broker"] += 1
                self._again(self.broker.start)
            if len(self.workers.parents()) < (1 if self.broker else 2):
                self.restarts["worker"] += 1
                self._again(self.workers.start)
            if self.owns and not self.database_runs():
                self.restarts["database"] += 1
                self._again(self.cluster.start)

    def _again(self, start: Any) -> None:
        with suppress(StageError, LauncherError, psycopg.OperationalError, OSError):
            start()

    # ── the database's processes ────────────────────────────────────────────────────────────────

    def postmaster(self) -> int | None:
        """The server's first process."""
        with suppress(OSError, ValueError, IndexError):
            return int((self.cluster.places.data / "postmaster.pid").read_text().split()[0])
        return None

    def database_runs(self) -> bool:
        """Whether the server's first process is there and no zombie."""
        pid = self.postmaster()
        if pid is None:
            return False
        try:
            return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
        except OSError:
            return False


class Nemesis:
    """A seeded hand that kills: one thing at a time, everything in turn."""

    def __init__(self, troupe: Troupe, seed: int) -> None:
        self.troupe = troupe
        self.dice = random.Random(seed)
        self.counts: Counter[str] = Counter()
        self.missed: Counter[str] = Counter()

    KILLS = (
        *("worker parent",) * 8, *("worker child",) * 10, *("broker, its data lost",) * 8,
        *("postmaster and children",) * 6, *("database backend",) * 4, *("web worker",) * 4,
    )  # fmt: skip
    STINGS = ("backend terminated", "worker child stopped 2 s", "broker stopped 2 s", "database backend stopped 2 s")  # fmt: skip

    def plan(self, kills: int) -> list[str]:
        """``kills`` kills in the mixture above, with a lesser fault after every third."""
        names = [name for name in self.KILLS if self.troupe.broker or "broker" not in name]
        if not self.troupe.owns:
            names = [name for name in names if name.startswith(("worker", "broker"))]
        chosen = [names[n % len(names)] for n in range(kills)] if kills >= len(names) else []
        chosen = chosen or self.dice.sample(sorted(set(names)), min(kills, len(set(names))))
        self.dice.shuffle(chosen)
        plan = []
        for n, name in enumerate(chosen, start=1):
            plan.append(name)
            if n % 3 == 0:
                plan.append(self.STINGS[(n // 3) % len(self.STINGS)])
        return plan

    def strike(self, name: str) -> bool:
        """Does one of them; False when there was nothing to hit."""
        hit = bool(getattr(self, "_" + _method(name))())
        (self.counts if hit else self.missed)[name] += 1
        return hit

    def _one(self, pids: list[int]) -> int | None:
        return self.dice.choice(pids) if pids else None

    def _kill_one(self, pids: list[int]) -> bool:
        pid = self._one(pids)
        return pid is not None and kill(pid)

    def _worker_parent(self) -> bool:
        return self._kill_one(self.troupe.workers.parents())

    def _worker_child(self) -> bool:
        return self._kill_one(self.troupe.workers.hands())

    def _broker_its_data_lost(self) -> bool:
        broker = self.troupe.broker
        return bool(broker and broker.process and kill(broker.process.pid))

    def _postmaster_and_children(self) -> bool:
        pid = self.troupe.postmaster()
        if pid is None or not self.troupe.database_runs():
            return False
        children = children_of(pid)
        hit = kill(pid)
        for child in children:
            kill(child)
        return hit

    def _backends(self) -> list[int]:
        try:
            with self._admin() as admin:
                rows = admin.execute(
                    "SELECT pid FROM pg_stat_activity WHERE usename = 'perf_app' ORDER BY (state = 'idle'), pid"
                ).fetchall()
        except psycopg.OperationalError:
            return []
        return [row[0] for row in rows]

    def _admin(self) -> psycopg.Connection[Any]:
        return psycopg.connect(
            self.troupe.cluster.address("postgres"), autocommit=True, connect_timeout=5
        )

    def _database_backend(self) -> bool:
        return self._kill_one(self._backends())

    def _web_worker(self) -> bool:
        return self._kill_one(children_of(self.troupe.server.pid))

    def _backend_terminated(self) -> bool:
        pid = self._one(self._backends())
        if pid is None:
            return False
        with suppress(psycopg.OperationalError), self._admin() as admin:
            admin.execute("SELECT pg_terminate_backend(%s)", [pid])
            return True
        return False

    def _asleep(self, pid: int | None) -> bool:
        if pid is None or not kill(pid, signal.SIGSTOP):
            return False
        time.sleep(2)
        return kill(pid, signal.SIGCONT)

    def _worker_child_stopped_2_s(self) -> bool:
        return self._asleep(self._one(self.troupe.workers.hands()))

    def _broker_stopped_2_s(self) -> bool:
        broker = self.troupe.broker
        return self._asleep(broker.process.pid if broker and broker.process else None)

    def _database_backend_stopped_2_s(self) -> bool:
        return self._asleep(self._one(self._backends()))


def _method(name: str) -> str:
    return name.replace(",", "").replace(" ", "_")
