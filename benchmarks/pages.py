"""Server time of every list at 1,000 projects and at 100,000, in one run.

    python -m benchmarks.pages [LARGE] [--report FILE] [--slow]

Lists are all addresses without an id that are only read, those of pages and of the API, and the
pages of a task; each is asked by the roles that get an answer. Measured is the request inside the
process: middleware, queries, template. Compared are the milliseconds of processor that this
process and its database session were given, which other work on the machine does not change as it
changes the clock; of several runs the lowest. Answers are compressed, as browsers ask for them;
their bytes are those of the large bureau. ``--slow`` prints the queries that take longest.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.bureau import multiply
from tests.torture.stage import own_database

SMALL, LARGE = 1_000, 100_000
RUNS = 5
WANTED = 2.0
HEAVY = 150_000
"""Bytes that no page should send."""
FAILED = 999.0
"""Stands for a list that gave no answer in the large bureau."""
PEOPLE = ("finance", "reviewer", "clerk", "security", "system", "audit_admin")
"""The API is asked by the first who gets an answer, pages by all of them."""
_NOT_LISTS = ("healthz", "readyz", "sign-", "account/", "api/v1/schema", "api/v1/docs")


def addresses(ids: dict[str, str]) -> Iterator[str]:
    """What is asked."""
    from tests.routes import ROUTES

    for route in ROUTES:
        if "GET" not in route.verbs or route.path.startswith(_NOT_LISTS):
            continue
        if route.takes == "":
            if "<" not in route.path:
                yield route.at()
        elif route.takes in {"task", "spot_check"}:
            yield route.at(ids[route.takes])


def _processor() -> float:
    """Seconds of processor used so far by this process and by the session of the database."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    given = Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()
    return time.process_time() + int(given[0]) / 1e9


@dataclass(frozen=True)
class Asked:
    """What a list took, each time, and the bytes that came."""

    seconds: list[float]
    size: int


def measured(clients: dict[str, Any], ids: dict[str, str]) -> dict[tuple[str, str], Asked]:
    """Every list for everybody who gets it; the rest is nobody's list."""
    found: dict[tuple[str, str], Asked] = {}
    for address in addresses(ids):
        for person, client in clients.items():
            if address.startswith("/api/") and any(one == address for one, _ in found):
                continue
            answer = client.get(address)
            if answer.status_code != 200:
                continue
            taken = []
            for _ in range(RUNS):
                begun = _processor()
                client.get(address)
                taken.append(_processor() - begun)
                if sum(taken) > 3:
                    break
            found[address, person] = Asked(taken, len(answer.content))
    return found


def slowest(clients: dict[str, Any], ids: dict[str, str], over: float) -> None:
    """Prints the queries that take longer than ``over`` seconds, and which page asks them."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for address in addresses(ids):
        for person, client in clients.items():
            with CaptureQueriesContext(connection) as asked:
                client.get(address)
            for query in asked.captured_queries:
                if float(query["time"]) > over:
                    print(f"\n== {address} {person} {query['time']}\n{query['sql'][:6000]}")


def _compared(
    small: dict[tuple[str, str], Asked], large: dict[tuple[str, str], Asked]
) -> list[dict[str, Any]]:
    rows = []
    for (address, person), asked in large.items():
        if (address, person) not in small:
            continue
        taken, before = asked.seconds, small[address, person].seconds
        rows.append(
            {
                "page": address,
                "person": person,
                "small_ms": round(min(before) * 1000, 1),
                "large_ms": round(min(taken) * 1000, 1),
                "small_median_ms": round(statistics.median(before) * 1000, 1),
                "large_median_ms": round(statistics.median(taken) * 1000, 1),
                "ratio": round(min(taken) / min(before), 2),
                "large_bytes": asked.size,
            }
        )
    rows += [
        {"page": address, "person": person, "small_ms": round(min(before.seconds) * 1000, 1),
         "large_ms": None, "small_median_ms": None, "large_median_ms": None, "ratio": FAILED,
         "large_bytes": None}
        for (address, person), before in small.items()
        if (address, person) not in large
    ]  # fmt: skip
    return sorted(rows, key=lambda row: -row["ratio"])


def main() -> int:
    """Prints the table; writes it when a file is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("large", nargs="?", type=int, default=LARGE)
    parser.add_argument("--report", type=Path)
    parser.add_argument("--slow", type=float, default=0.0)
    given = parser.parse_args()
    with own_database() as (cluster, folder):
        from django.conf import settings
        from django.test import Client

        from budgets.access import seen_by_system
        from performance.services.tallies import count_papers
        from tests.filled import fill

        settings.MEDIA_ROOT, settings.EXPORT_ROOT = str(folder / "m"), str(folder / "e")
        settings.ALLOWED_HOSTS = ["*"]
        with seen_by_system():
            filled = fill()
            clients = {}
            for name in PEOPLE:
                clients[name] = Client(raise_request_exception=False, HTTP_ACCEPT_ENCODING="gzip")
                clients[name].force_login(filled.cast[name])
        with psycopg.connect(cluster.address("postgres", "jiheng"), autocommit=True) as admin:
            sizes = []
            for first, last in ((1, SMALL), (SMALL + 1, given.large)):
                begun = time.monotonic()
                multiply(admin, first, last)
                print(f"{last} projects: built in {time.monotonic() - begun:.0f} s", flush=True)
                begun = _processor()
                with seen_by_system():
                    count_papers()
                print(
                    f"counted by the job in {_processor() - begun:.1f} s of processor", flush=True
                )
                begun = time.monotonic()
                sizes.append(measured(clients, filled.ids))
                print(f"measured in {time.monotonic() - begun:.0f} s", flush=True)
            if given.slow:
                slowest(clients, filled.ids, given.slow)
        rows = _compared(*sizes)
    print(f"{'ratio':>6} {'1,000':>9} {'large':>9} ms of processor, bytes")
    for row in rows:
        print(
            f"{row['ratio']:>6} {row['small_ms']:>9} {row['large_ms'] or '-':>9}"
            f" {row['large_bytes'] or '-':>8}  {row['page']}  {row['person']}"
        )
    above = sum(row["ratio"] > WANTED for row in rows)
    heavy = sum((row["large_bytes"] or 0) > HEAVY for row in rows)
    print(f"{len(rows)} lists, {above} above {WANTED}, {heavy} above {HEAVY} bytes")
    if given.report:
        report = {
            "small": SMALL,
            "large": given.large,
            "wanted_ratio": WANTED,
            "lists": len(rows),
            "above": above,
            "heaviest_bytes": max(row["large_bytes"] or 0 for row in rows),
            "rows": rows,
        }
        given.report.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
