"""Under load: people who read and write at once, one hot project among them, and what it costs."""

from __future__ import annotations

import random
import sys
import threading
import time
from collections import Counter
from http.client import HTTPException
from typing import Any

from tests.contents import targets
from tests.talk import HttpApi
from tests.torture.machine import Setting, people_and_tasks
from tests.torture.report import Report, options, over
from tests.torture.stage import Server, as_the_service, own_database

READS = ("projects/", "target-tables/", "evaluations/", "monitorings/", "tasks/", "waiting/")
READERS = ("clerk", "clerk2", "head", "reviewer", "finance", "auditor")


class Crowd:
    """``clients`` people for ``seconds``: four reads to one write, one write in four on the hot table."""

    def __init__(self, setting: Setting, port: int, seed: int, tables: list[str]) -> None:
        self.setting, self.port, self.seed, self.tables = setting, port, seed, tables
        self.counts: Counter[str] = Counter()
        self.times: list[float] = []
        self._lock = threading.Lock()

    def run(self, clients: int, seconds: float) -> None:
        """Everybody at once."""
        until = time.monotonic() + seconds
        threads = [threading.Thread(target=self._one, args=(n, until)) for n in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _one(self, number: int, until: float) -> None:
        dice = random.Random(self.seed * 1009 + number)
        api = HttpApi(self.port, self.setting.api[READERS[number % len(READERS)]].session)
        clerk = HttpApi(self.port, self.setting.api["clerk"].session)
        while time.monotonic() < until and not over():
            began = time.monotonic()
            try:
                status = self._write(clerk, dice) if dice.random() < 0.2 else self._read(api, dice)
            except (OSError, HTTPException) as error:
                status = 0
                self._note(f"broken {type(error).__name__}")
            self._note(f"status {status}", time.monotonic() - began)
        api.close()
        clerk.close()

    def _read(self, api: HttpApi, dice: random.Random) -> int:
        if dice.random() < 0.4:
            return api.content("target-tables", dice.choice(self.tables)).status
        return api.get(dice.choice(READS)).status

    def _write(self, clerk: HttpApi, dice: random.Random) -> int:
        """Saves from the version just read; somebody may have been quicker."""
        table = self.tables[0] if dice.random() < 0.25 else dice.choice(self.tables)
        version = clerk.content("target-tables", table).version
        body = targets(unit=f"{dice.random():.9f}")
        return clerk.put(f"target-tables/{table}/content/", body, version=version).status

    def _note(self, what: str, seconds: float | None = None) -> None:
        with self._lock:
            self.counts[what] += 1
            if seconds is not None:
                self.times.append(seconds)


def prepared(setting: Setting, tables: int) -> list[str]:
    """Drafts that everybody works on."""
    found = []
    for _ in range(tables):
        body = {"project": setting.new_project(), "fiscal_year": 2024}
        made = setting.api["clerk"].post("target-tables/", body)
        path = f"target-tables/{made.body['id']}/content/"
        assert setting.api["clerk"].put(path, targets(), version=1).status == 200
        found.append(made.body["id"])
    return found


def _percentile(times: list[float], share: float) -> float:
    return round(sorted(times)[int(len(times) * share)], 3) if times else 0.0


def main() -> int:
    """The crowd, then what the database says."""
    given = options("load", clients=50, minutes=5, tables=40)
    report = Report("load", given)
    with own_database() as (cluster, folder):
        server = Server(folder, cluster.address("perf_app"), cluster.address("perf_owner"))
        with server.running():
            setting = people_and_tasks(server.port)
            crowd = Crowd(setting, server.port, given.seed, prepared(setting, given.tables))
            crowd.run(given.clients, given.minutes * 60)
            setting.close()
        deadlocks = as_the_service(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        )[0][0]
    failed = sum(
        count
        for name, count in crowd.counts.items()
        if name.startswith("broken") or name >= "status 500"
    )
    violations: list[Any] = []
    if failed:
        violations.append(f"{failed} requests failed")
    if deadlocks:
        violations.append(f"{deadlocks} deadlocks")
    return report.finish(
        given.report,
        clients=given.clients,
        requests=len(crowd.times),
        counts=dict(sorted(crowd.counts.items())),
        seconds_each={f"p{share}": _percentile(crowd.times, share / 100) for share in (50, 95, 99)},
        deadlocks=deadlocks,
        violations=violations,
    )


if __name__ == "__main__":
    sys.exit(main())
