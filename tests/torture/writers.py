"""Clients that write through everything that happens, and keep a history outside the system."""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any

from tests.contents import actuals, targets
from tests.talk import HttpApi, Reply
from tests.torture.machine import Setting

TABLES, EVALUATIONS = "target-tables", "evaluations"


class History:
    """What was asked and what came back: one line each, with monotonic time."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8")
        self._lock = threading.Lock()
        self.counts: Counter[str] = Counter()

    def close(self) -> None:
        """Nothing more is noted."""
        self._file.close()

    def note(self, what: str, write: Write, status: int | None = None) -> None:
        """invoke, ok, fail or unknown."""
        line = {
            "at": round(time.monotonic(), 4),
            "what": what,
            "kind": write.kind,
            "key": write.key,
        }
        with self._lock:
            self.counts[what] += 1
            if what == "ok":
                self.counts[f"ok: {write.kind}"] += 1
            self._file.write(json.dumps({**line, "status": status}) + "\n")
            self._file.flush()


@dataclass
class Write:
    """One intention: sent again with its key until its outcome is known."""

    kind: str
    key: str
    method: str
    path: str
    body: Any
    version: int | None = None
    outcome: str = ""
    reply: Reply | None = None
    mark: str = ""
    tries: int = 0


@dataclass
class Paper:
    """A paper of one client's own: nobody else writes it."""

    kind: str
    public_id: str
    version: int = 1
    state: str = "draft"
    doubtful: bool = False
    saves: list[Write] = field(default_factory=list)
    submits: list[Write] = field(default_factory=list)


class Writer(threading.Thread):
    """One client with papers of its own."""

    def __init__(
        self, number: int, setting: Setting, unit: str, history: History, seed: int, pace: float
    ) -> None:
        super().__init__(name=f"writer-{number}")
        self.number, self.unit, self.history, self.pace = number, unit, history, pace
        self.dice = random.Random(seed * 1000 + number)
        clerk = setting.api["clerk"]
        self.api = HttpApi(clerk.port, clerk.session)
        self.halt = threading.Event()
        self.writes: list[Write] = []
        self.tables: list[Paper] = []
        self.evaluations: list[Paper] = []
        self.broken: BaseException | None = None

    # ── before the storm ────────────────────────────────────────────────────────────────────────

    def prepare(self, setting: Setting, evaluations: int) -> None:
        """Tables to write on, evaluations to submit."""
        for api in setting.api.values():
            api.close()  # the server may have been killed since
        self.tables = [self._table(setting) for _ in range(2)]
        for _ in range(evaluations):
            project = setting.new_project()
            table = self._table(setting, project)
            assert (
                self.api.put(f"{TABLES}/{table.public_id}/content/", targets(), version=1).status
                == 200
            )
            assert self.api.move(TABLES, table.public_id, "submit").status == 200
            digest = self.api.content(TABLES, table.public_id).body["digest"]
            for name, verb in (("head", "check"), ("reviewer", "review"), ("finance", "approve")):
                reply = setting.api[name].move(TABLES, table.public_id, verb, digest=digest)
                assert reply.status == 200, reply.body
            body = {"project": project, "task": setting.tasks[EVALUATIONS]}
            paper = Paper(EVALUATIONS, self.api.post(f"{EVALUATIONS}/", body).body["id"])
            path = f"{EVALUATIONS}/{paper.public_id}/content/"
            assert self.api.put(path, actuals(), version=1).status == 200
            self.evaluations.append(paper)

    def _table(self, setting: Setting, project: str | None = None) -> Paper:
        body = {"project": project or setting.new_project(), "fiscal_year": 2024}
        return Paper(TABLES, self.api.post(f"{TABLES}/", body).body["id"])

    # ── in it ───────────────────────────────────────────────────────────────────────────────────

    def run(self) -> None:
        """Writes until halted."""
        try:
            while not self.halt.is_set():
                write, paper = self._next()
                self.writes.append(write)
                self.attempt(write)
                if not write.outcome and self.dice.random() < 0.6:
                    self._insist(write)
                self._learn(write, paper)
                self.halt.wait(self.dice.uniform(0.5, 1.5) * self.pace)
        except BaseException as error:
            self.broken = error
            raise

    def _insist(self, write: Write) -> None:
        """As a client of the real world does: the same key again, until there is an answer."""
        while not write.outcome and not self.halt.wait(0.3):
            self.attempt(write)

    def _next(self) -> tuple[Write, Paper | None]:
        key = f"w{self.number}-{len(self.writes):06d}-{self.dice.getrandbits(32):08x}"
        sure = [paper for paper in self.evaluations if not paper.doubtful]
        tables = [paper for paper in self.tables if not paper.doubtful]
        choice = self.dice.random()
        if choice < 0.40 and sure:
            paper = self.dice.choice(sure)
            verb = "withdraw" if paper.state == "submitted" else "submit"
            path = f"{EVALUATIONS}/{paper.public_id}/moves/"
            write = Write(verb, key, "POST", path, {"move": verb})
            return write, paper
        if choice < 0.60 and tables:
            paper = self.dice.choice(tables)
            path = f"{TABLES}/{paper.public_id}/content/"
            return Write(
                "save", key, "PUT", path, targets(supervisor=key), paper.version, mark=key
            ), paper
        if choice < 0.75:
            body = {
                "list": self.dice.choice(["evaluations", "projects"]),
                "format": self.dice.choice(["xlsx", "csv"]),
            }
            return Write("export", key, "POST", "exports/", body), None
        return Write("project", key, "POST", "projects/", {"unit": self.unit, "name": key}, mark=key), None  # fmt: skip

    def attempt(self, write: Write) -> None:
        """Sends it once; a broken connection or a server error says nothing about the outcome."""
        write.tries += 1
        self.history.note("invoke", write)
        try:
            reply = self.api.write(
                write.method, write.path, write.body, version=write.version, key=write.key
            )
        except (OSError, HTTPException):
            self.history.note("unknown", write)
            return
        if reply.status >= 500 or (reply.status == 403 and not reply.body):
            self.history.note("unknown", write, reply.status)
            return
        write.reply = reply
        write.outcome = "ok" if reply.status < 300 else "fail"
        self.history.note(write.outcome, write, reply.status)

    def _learn(self, write: Write, paper: Paper | None) -> None:
        if paper is None:
            return
        if write.kind == "save":
            paper.saves.append(write)
        else:
            paper.submits.append(write)
        if not write.outcome:
            paper.doubtful = True
        elif write.outcome == "ok":
            assert write.reply is not None
            paper.version = write.reply.body["version"]
            paper.state = write.reply.body.get("state", paper.state)

    # ── after it ────────────────────────────────────────────────────────────────────────────────

    def resolve(self, seconds: float = 60) -> int:
        """Sends what is still unknown with its key again; how many stay unknown."""
        deadline = time.monotonic() + seconds
        for write in self.writes:
            while not write.outcome and time.monotonic() < deadline:
                self.attempt(write)
                if not write.outcome:
                    time.sleep(0.3)
        return sum(1 for write in self.writes if not write.outcome)
