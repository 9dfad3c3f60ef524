"""One effect for one intention: keys repeated by several clients over connections that break."""

from __future__ import annotations

import random
import socket
import sys
import threading
import time
from collections import Counter
from http.client import HTTPException
from typing import Any

import psycopg

from tests.talk import HttpApi, Reply
from tests.torture.machine import people_and_tasks
from tests.torture.report import Report, controls_follow, options, over
from tests.torture.stage import Server, as_the_service, own_database, until


class Repeaters:
    """Clients that send the same write with the same key until they know the answer."""

    def __init__(self, port: int, session: str, unit: str, seed: int) -> None:
        self.port, self.session, self.unit, self.seed = port, session, unit, seed
        self.counts: Counter[str] = Counter()
        self.answers: dict[str, set[str]] = {}
        self.begun = 0
        self._lock = threading.Lock()

    def run(self, keys: int, clients: int) -> None:
        """All keys, each by all clients at once."""
        for number in range(keys):
            if over():
                break
            self.begun += 1
            key = f"key-{self.seed:08x}-{number:05d}"
            barrier = threading.Barrier(clients)
            threads = [
                threading.Thread(target=self._client, args=(key, number * 100 + n, barrier))
                for n in range(clients)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

    def _client(self, key: str, number: int, barrier: threading.Barrier) -> None:
        dice = random.Random(self.seed * 1_000_003 + number)
        api = HttpApi(self.port, self.session)
        body = {"unit": self.unit, "name": key}
        barrier.wait()
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if dice.random() < 0.35:
                self._cut(api, key, body, dice)
            try:
                reply = api.post("projects/", body, key=key)
            except (OSError, HTTPException):
                self._count("broken")
                continue
            if reply.status >= 500:
                self._count(f"status {reply.status}")
                continue
            self._answer(key, reply)
            api.close()
            return
        self._count("never answered")

    def _cut(self, api: HttpApi, key: str, body: dict[str, str], dice: random.Random) -> None:
        """Sends the whole request and goes away before the answer."""
        import json

        data = json.dumps(body, ensure_ascii=False).encode()
        head = (
            "POST /api/v1/projects/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Cookie: {api.cookie}\r\nX-CSRFToken: {'c' * 32}\r\nIdempotency-Key: {key}\r\n"
            f"Content-Length: {len(data)}\r\nConnection: close\r\n\r\n"
        )
        self._count("cut")
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as wire:
            wire.sendall(head.encode() + data)
            time.sleep(dice.random() * 0.03)

    def _answer(self, key: str, reply: Reply) -> None:
        self._count(f"status {reply.status}")
        with self._lock:
            found = reply.body["id"] if reply.status == 201 else f"status {reply.status}"
            self.answers.setdefault(key, set()).add(found)

    def _count(self, what: str) -> None:
        with self._lock:
            self.counts[what] += 1


def nemesis(address: str, dice: random.Random, stop: threading.Event, counts: Counter[str]) -> None:
    """Ends random sessions of the application in the database."""
    with psycopg.connect(address, autocommit=True) as admin:
        while not stop.wait(dice.uniform(0.05, 0.4)):
            rows = admin.execute(
                "SELECT pid FROM pg_stat_activity WHERE usename = 'perf_app' AND pid <> pg_backend_pid()"
                " AND state <> 'idle'"
            ).fetchall()
            if rows:
                admin.execute("SELECT pg_terminate_backend(%s)", [dice.choice(rows)[0]])
                counts["backends ended"] += 1


def judge(repeaters: Repeaters) -> dict[str, Any]:
    """How many effects each key had; more or fewer than one is a violation."""
    keys = repeaters.begun
    rows = as_the_service(
        "SELECT name, count(*), min(public_id::text) FROM budgets_project WHERE name LIKE %s GROUP BY name",
        [f"key-{repeaters.seed:08x}-%"],
    )
    doubled = [name for name, count, _ in rows if count != 1]
    ids = {name: public_id for name, _, public_id in rows}
    wrong = [key for key, answers in repeaters.answers.items() if answers != {ids.get(key)}]
    return {
        "keys": keys,
        "effects": len(rows),
        "violations": [
            *(f"{name}: more than one effect" for name in doubled),
            *(f"{key}: answers {sorted(repeaters.answers[key])}" for key in wrong[:10]),
            *([f"{keys - len(rows)} keys without effect"] if len(rows) != keys else []),
            *(["never answered"] if repeaters.counts["never answered"] else []),
        ],
    }


def play(
    server: Server, session: str, unit: str, superuser: str, seed: int, keys: int, clients: int
) -> tuple[Repeaters, dict[str, Any]]:
    """One run with its judgement."""
    repeaters = Repeaters(server.port, session, unit, seed)
    stop = threading.Event()
    arguments = (superuser, random.Random(seed), stop, repeaters.counts)
    hand = threading.Thread(target=nemesis, args=arguments)
    hand.start()
    try:
        repeaters.run(keys, clients)
    finally:
        stop.set()
        hand.join()
    until("the server to be quiet", server.answers)
    time.sleep(0.5)
    return repeaters, judge(repeaters)


def main() -> int:
    """All keys, then the same with the keys switched off."""
    given = options("idempotency keys", keys=300, clients=6, control_keys=20)
    report = Report("keys", given)
    with own_database() as (cluster, folder):
        app, owner = cluster.address("perf_app"), cluster.address("perf_owner")
        superuser = cluster.address("postgres")
        with Server(folder, app, owner).running() as server:
            setting = people_and_tasks(server.port)
            unit = str(
                as_the_service("SELECT public_id FROM budgets_budgetunit WHERE name = '甲一中心'")[
                    0
                ][0]
            )
            session = setting.api["clerk"].session
            repeaters, found = play(
                server, session, unit, superuser, given.seed, given.keys, given.clients
            )
        controls_follow()
        with Server(folder, app, owner, sabotage="no_idempotency").running() as broken:
            control, _ = play(
                broken, session, unit, superuser, given.seed + 1, given.control_keys, given.clients
            )
    differing = sum(1 for answers in control.answers.values() if len(answers) > 1)
    violations = found.pop("violations")
    if not differing:
        violations.append("the control gave every repeater the first answer")
    return report.finish(
        given.report,
        **found,
        clients=given.clients,
        counts=dict(sorted(repeaters.counts.items())),
        control_without_keys={"keys": given.control_keys, "differing_answers": differing},
        violations=violations,
    )


if __name__ == "__main__":
    sys.exit(main())
