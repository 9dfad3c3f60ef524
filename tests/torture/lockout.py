"""A hundred wrong guesses at once against a real server: five of them are looked at, no more."""

from __future__ import annotations

import random
import re
import sys
import threading
from collections import Counter
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from tests.talk import CSRF
from tests.torture.report import Report, controls_follow, options, over
from tests.torture.stage import Server, as_the_service, own_database

RIGHT = "Right-horse-9-battery"
LIMIT = 5
BUDGET = 25


class QuickHasher(PBKDF2PasswordHasher):
    """For the short version: about 50 ms, so that guesses still overlap."""

    iterations = 100_000


def post_sign_in(port: int, name: str, password: str, forwarded: str = "") -> int:
    """The status of one sign-in over a connection of its own: 302 right, 200 wrong, 429 locked."""
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    headers = {
        "Cookie": f"csrftoken={CSRF}",
        "Content-Type": "application/x-www-form-urlencoded",
        **({"X-Forwarded-For": forwarded} if forwarded else {}),
    }
    fields = {"username": name, "password": password, "csrfmiddlewaretoken": CSRF}
    try:
        connection.request("POST", "/sign-in/", urlencode(fields), headers)
        return connection.getresponse().status
    finally:
        connection.close()


def spoofed(dice: random.Random) -> str:
    """A forwarded list as an attacker writes it: addresses, nonsense, our own loopback."""
    one = ".".join(str(dice.randrange(1, 255)) for _ in range(4))
    return dice.choice(
        (one, f"{one}, 127.0.0.1", "127.0.0.1", "::1", f"{one}, {one}, {one}", "x y")
    )


def people(count: int) -> list[str]:
    """Accounts with one password; hashing it once is enough."""
    from django.contrib.auth.hashers import make_password

    from budgets.access import seen_by_system
    from budgets.models import User

    encoded = make_password(RIGHT)
    names = [f"target{n}" for n in range(count)]
    with seen_by_system():
        for name in names:
            User.objects.get_or_create(
                username=name, defaults={"display_name": name, "password": encoded}
            )
    return names


def checks(name: str | None) -> int:
    """How many passwords were looked at and wrong, by the trail; None for names nobody has."""
    rows = as_the_service(
        "SELECT count(*) FROM budgets_auditevent WHERE verb = 'sign_in_failed' AND object_id = "
        "coalesce((SELECT public_id::text FROM budgets_user WHERE username = %s), '-')",
        [name],
    )
    return int(rows[0][0])


def unlocked() -> None:
    """As if the lock times had passed: each round begins anew."""
    as_the_service("UPDATE budgets_attemptcount SET count = 0, locked_until = NULL, refused = 0")


class Siege:
    """Rounds of guesses at one name, started at one barrier."""

    def __init__(self, port: int, seed: int) -> None:
        self.port = port
        self.dice = random.Random(seed)
        self.counts: Counter[str] = Counter()
        self.violations: list[str] = []

    def round(self, name: str, other: str, guesses: int, *, known: bool = True) -> int:
        """All guesses at once, then the right password and another's; returns the checks."""
        unlocked()
        before = checks(name if known else None)
        statuses = self._at_once(name, guesses)
        made = checks(name if known else None) - before
        self.counts["rounds"] += 1
        self.counts["guesses"] += guesses
        self.counts["checks"] += made
        for status, amount in Counter(statuses).items():
            self.counts[f"status {status}"] += amount
        self._judge(made == LIMIT, f"{name}: {made} checks for {guesses} guesses")
        tally = Counter(statuses)
        self._judge(tally == {200: LIMIT, 429: guesses - LIMIT}, f"{name}: answers {dict(tally)}")
        for forwarded in ("", spoofed(self.dice)):
            status = post_sign_in(self.port, name, RIGHT, forwarded)
            self.counts["right password while locked"] += 1
            self._judge(status == 429, f"{name}: right password while locked: {status}")
        status = post_sign_in(self.port, other, RIGHT)
        self.counts["other account"] += 1
        self._judge(status == 302, f"{other}: unaffected account: {status}")
        return made

    def _at_once(self, name: str, guesses: int) -> list[int]:
        barrier = threading.Barrier(guesses)
        statuses = [0] * guesses
        lists = [spoofed(self.dice) if self.dice.random() < 0.5 else "" for _ in range(guesses)]
        spellings = [self.dice.choice((name, name.upper(), f" {name} ")) for _ in range(guesses)]

        def guess(place: int) -> None:
            barrier.wait()
            statuses[place] = post_sign_in(
                self.port, spellings[place], f"guess-{place}", lists[place]
            )

        threads = [threading.Thread(target=guess, args=(n,)) for n in range(guesses)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return statuses

    def spray(self, names: int, budget: int) -> None:
        """One address, one guess for each of many names: its budget and not one more."""
        unlocked()
        before = checks(None)
        prefix = f"nobody{self.dice.randrange(10**9)}-"
        statuses = [
            post_sign_in(self.port, f"{prefix}{n}", "Spring-2026!", spoofed(self.dice))
            for n in range(names)
        ]
        made = checks(None) - before
        self.counts["sprayed names"] += names
        self.counts["sprayed checks"] += made
        self._judge(made == min(names, budget), f"spray: {made} checks, budget {budget}")
        self._judge(statuses.count(429) == max(0, names - budget), "spray: answers")

    def _judge(self, holds: bool, words: str) -> None:
        if not holds:
            self.violations.append(words)


def leaks(names: list[str]) -> list[str]:
    """Typed names and guesses that stand in the trail, which they never may."""
    rows = as_the_service("SELECT canonical || object_id FROM budgets_auditevent")
    text = "\n".join(row[0] for row in rows)
    return [word for word in (*names, "guess-", "Spring-2026", RIGHT) if re.search(word, text)]


def besiege(port: int, seed: int, *, rounds: int, guesses: int) -> Siege:
    """Rounds against accounts that there are and one name that there is not."""
    siege = Siege(port, seed)
    *targets, other = people(rounds + 1)
    for name in targets:
        if over():
            break
        siege.round(name, other, guesses)
    siege.round("nobody-of-that-name", other, guesses, known=False)
    siege.violations += [f"in the trail: {word}" for word in leaks([*targets, "nobody"])]
    return siege


def control(port: int, seed: int, guesses: int) -> dict[str, Any]:
    """The same without the lock: it has to be seen, in one of a few rounds; a race has its luck."""
    siege = Siege(port, seed)
    *targets, other = people(_CONTROL_ROUNDS + 1)
    checked: list[int] = []
    for target in targets:
        checked.append(siege.round(target, other, guesses))
        if checked[-1] > LIMIT:
            break
    return {"guesses": guesses, "checks": checked, "seen": checked[-1] > LIMIT}


_CONTROL_ROUNDS = 5


def main() -> int:
    """Rounds, a spray, and the control without a lock."""
    given = options("parallel sign-ins", rounds=5, guesses=100, spray=40, control_guesses=40)
    report = Report("lockout", given)
    with own_database() as (cluster, folder):
        addresses = cluster.address("perf_app"), cluster.address("perf_owner")
        whole = Server(folder, *addresses)
        whole.environment["SIGN_IN_ADDRESS_FAILURES"] = str(BUDGET)
        with whole.running() as server:
            siege = besiege(server.port, given.seed, rounds=given.rounds, guesses=given.guesses)
            siege.spray(given.spray, BUDGET)
        controls_follow()
        with Server(folder, *addresses, sabotage="no_lock_out_lock").running() as broken:
            seen = control(broken.port, given.seed, given.control_guesses)
    return report.finish(
        given.report,
        counts=dict(sorted(siege.counts.items())),
        control_without_lock=seen,
        violations=siege.violations
        + ([] if seen["seen"] else ["the control looked at no more than five"]),
    )


if __name__ == "__main__":
    sys.exit(main())
