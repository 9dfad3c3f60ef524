"""Nothing acknowledged is lost, no job is lost or doubled, whatever is killed.

Clients with keys write through a web server while a seeded hand kills -9 workers, broker,
database and web processes, all of which are the harness's own. Then everything is healed, what is
unknown is asked again with the same key, and the history is held against the database.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
from django.db import DatabaseError

from tests.torture.machine import Setting, people_and_tasks
from tests.torture.report import Report, controls_follow, options, over
from tests.torture.stage import StageError, as_the_service, own_database, until
from tests.torture.troupe import REDIS, Nemesis, Troupe
from tests.torture.writers import History, Write, Writer

RECOVERY_SECONDS = 30.0


class Storm:
    """One run: writers, a nemesis, and the judgement."""

    def __init__(
        self, troupe: Troupe, setting: Setting, seed: int, *, writers: int, pace: float,
        evaluations: int = 2,
    ) -> None:  # fmt: skip
        self.troupe, self.setting = troupe, setting
        self.nemesis = Nemesis(troupe, seed)
        self.folder = Path(tempfile.mkdtemp(prefix="history-"))
        self.history = History(self.folder / "history.jsonl")
        unit = str(rows("SELECT public_id FROM budgets_budgetunit WHERE name = '甲一中心'")[0][0])
        self.writers = [Writer(n, setting, unit, self.history, seed, pace) for n in range(writers)]
        for writer in self.writers:
            writer.prepare(setting, evaluations)
        self.first_job = int(rows("SELECT coalesce(max(id), 0) FROM budgets_job")[0][0])
        self.poison = ""
        self.quiet_after = 0.0
        self.recoveries: list[tuple[str, float]] = []
        """For kills that were followed by calm: how long until a job begun after it was done."""

    def close(self) -> None:
        """Lets go of connections and the history."""
        self.history.close()
        self.setting.close()
        for writer in self.writers:
            writer.api.close()

    # ── the storm ───────────────────────────────────────────────────────────────────────────────

    def rage(self, kills: int, writes: int, *, poison: bool, seconds: float = 3600) -> None:
        """Until there were so many kills and so many acknowledged writes."""
        if poison:
            self.poison = self._poisoned()
        for writer in self.writers:
            writer.start()
        deadline = time.monotonic() + seconds
        for name in self.nemesis.plan(kills):
            if over():
                break
            time.sleep(self.nemesis.dice.uniform(1.0, 3.0))
            for _ in range(40):
                if self.nemesis.strike(name):
                    break
                time.sleep(0.5)
            if name in Nemesis.KILLS and self.nemesis.dice.random() < 0.5:
                self._calm(name)
            print(
                f"{sum(self.nemesis.counts.values())} {name}; {self.history.counts['ok']} ok",
                flush=True,
            )
        while self.history.counts["ok"] < writes and time.monotonic() < deadline and not over():
            time.sleep(0.2)
        for writer in self.writers:
            writer.halt.set()
        for writer in self.writers:
            writer.join(120)

    def _calm(self, name: str) -> None:
        """Lets the service recover from the last kill, and notes how long that took."""
        at = time.time()
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            done = rows(
                "SELECT count(*) FROM budgets_job WHERE state = 'done' AND started_at > to_timestamp(%s)",
                [at],
            )
            if done[0][0]:
                break
            time.sleep(0.2)
        self.recoveries.append((name, time.time() - at))

    def _poisoned(self) -> str:
        found = as_the_service(
            "INSERT INTO budgets_job (public_id, kind, payload, state, mended, attempts, last_error, result_ref)"
            " VALUES (gen_random_uuid(), 'poison', '{}', 'queued', false, 0, '', '') RETURNING public_id"
        )
        return str(found[0][0])

    def heal(self) -> int:
        """Everything runs again; unknown writes are sent again; how many stay unknown."""
        until("the service to be whole", self.troupe.server.answers, 90)
        left = sum(writer.resolve() for writer in self.writers)
        began = time.monotonic()
        with suppress(StageError):  # the judgement says what is stuck
            until("all jobs to be over", lambda: self._waiting() == 0, 150)
        self.quiet_after = time.monotonic() - began
        return left

    def _waiting(self) -> int:
        found = rows("SELECT count(*) FROM budgets_job WHERE state = 'queued' AND kind <> 'ping'")
        return int(found[0][0])

    # ── judgement ───────────────────────────────────────────────────────────────────────────────

    def _all(self, kind: str, outcome: str = "ok") -> list[Write]:
        return [
            w for x in self.writers for w in x.writes if w.kind == kind and w.outcome == outcome
        ]

    def judge(self, unresolved: int) -> list[str]:
        """Everything that may not be."""
        found = [
            f"{writer.name} broke: {writer.broken!r}" for writer in self.writers if writer.broken
        ]
        if unresolved:
            found.append(f"{unresolved} writes stay unknown")
        found += self._projects() + self._saves() + self._submits() + self._exports() + self._jobs()
        return found

    def _projects(self) -> list[str]:
        known = dict(rows("SELECT name, count(*) FROM budgets_project WHERE name ~ '^w[0-9]+-' GROUP BY name"))  # fmt: skip
        wrong = [f"project {w.mark}: {known.get(w.mark, 0)} times, acknowledged" for w in self._all("project") if known.get(w.mark) != 1]  # fmt: skip
        accepted = {w.mark for w in self._all("project")}
        wrong += [f"project {name}: there, never acknowledged" for name in known if name not in accepted]  # fmt: skip
        return wrong

    def _saves(self) -> list[str]:
        wrong = []
        for writer in self.writers:
            for paper in writer.tables:
                kept = dict(rows(
                    "SELECT s.canonical::jsonb ->> 'supervisor', count(*) FROM performance_snapshot s"
                    " JOIN performance_targettable t ON t.id = s.paper_id AND s.paper = 'target_table'"
                    " WHERE t.public_id = %s GROUP BY 1", [paper.public_id],
                ))  # fmt: skip
                saved = [w for w in paper.saves if w.outcome == "ok"]
                wrong += [f"save {w.mark}: {kept.get(w.mark, 0)} times" for w in saved if kept.get(w.mark) != 1]  # fmt: skip
                version = rows("SELECT lock_version FROM performance_targettable WHERE public_id = %s", [paper.public_id])[0][0]  # fmt: skip
                if version != 1 + len(saved):
                    wrong.append(f"table {paper.public_id}: version {version}, {len(saved)} saves")
        return wrong

    def _submits(self) -> list[str]:
        wrong = []
        for writer in self.writers:
            for paper in writer.evaluations:
                steps = dict(rows(
                    "SELECT s.verb, count(*) FROM performance_step s JOIN performance_evaluation e"
                    " ON e.id = s.paper_id AND s.paper = 'evaluation' WHERE e.public_id = %s GROUP BY 1",
                    [paper.public_id],
                ))  # fmt: skip
                jobs = rows("SELECT count(*) FROM budgets_job WHERE kind = 'score' AND payload ->> 'evaluation' = %s", [paper.public_id])[0][0]  # fmt: skip
                for verb in ("submit", "withdraw"):
                    accepted = sum(1 for w in paper.submits if w.kind == verb and w.outcome == "ok")
                    if steps.get(verb, 0) != accepted:
                        wrong.append(f"{verb} of {paper.public_id}: {steps.get(verb, 0)} steps, {accepted} acknowledged")  # fmt: skip
                if jobs != steps.get("submit", 0):
                    wrong.append(f"{paper.public_id}: {jobs} score jobs for {steps.get('submit', 0)} submits")  # fmt: skip
        runs = [str(row[0]) for row in rows("SELECT public_id FROM performance_scorerun")]
        named = [row[0] for row in rows("SELECT result_ref FROM budgets_job WHERE kind = 'score' AND state = 'done' AND result_ref ~ '^[0-9a-f-]{36}$'")]  # fmt: skip
        if sorted(runs) != sorted(named):
            wrong.append(f"{len(runs)} score runs, {len(named)} jobs that made one")
        silent = rows("SELECT count(*) FROM budgets_job WHERE kind = 'score' AND state = 'done' AND result_ref = ''")[0][0]  # fmt: skip
        if silent:
            wrong.append(f"{silent} score jobs done without a result")
        return wrong

    def _exports(self) -> list[str]:
        promised = {str(w.reply.body["id"]) for w in self._all("export") if w.reply}
        made = rows(
            "SELECT j.public_id::text, f.sha256, (SELECT count(*) FROM budgets_auditevent a"
            "  WHERE a.verb = 'make_export' AND a.object_id = j.public_id::text)"
            " FROM budgets_job j LEFT JOIN budgets_jobfile f ON f.job_id = j.id"
            " WHERE j.kind = 'export' AND j.state = 'done' AND j.id > %s", [self.first_job],
        )  # fmt: skip
        folder = Path(self.troupe.server.environment["JIHENG_VAR"]) / "exports"
        wrong = []
        for public_id, sha256, events in made:
            plain = public_id.replace("-", "")
            file = folder / plain[:2] / plain
            if sha256 is None or events != 1:
                wrong.append(f"export {public_id}: done, file row {sha256}, {events} events")
            elif not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != sha256:
                wrong.append(f"export {public_id}: the file is not what the row says")
        known = {row[0] for row in made}
        wrong += [f"export {one}: promised, not made" for one in promised - known]
        wrong += [f"export {one}: made, never acknowledged" for one in known - promised]
        return wrong

    def _jobs(self) -> list[str]:
        wrong = [
            f"job {kind} {public_id}: {state} after {attempts} attempts: {error}"
            for kind, public_id, state, attempts, error in rows(
                "SELECT kind, public_id::text, state, attempts, last_error FROM budgets_job"
                " WHERE id > %s AND ((state = 'queued' AND kind <> 'ping') OR state = 'dead' OR attempts > 5)", [self.first_job],
            )
            if public_id != self.poison
        ]  # fmt: skip
        if self.poison:
            state, attempts = rows("SELECT state, attempts FROM budgets_job WHERE public_id = %s", [self.poison])[0]  # fmt: skip
            begun = self.poisonings()
            if state != "dead" or attempts > 5 or not 1 <= begun <= 5:
                wrong.append(
                    f"the poison is {state} after {attempts} attempts, begun {begun} times"
                )
        return wrong

    def poisonings(self) -> int:
        """How often the deadly job was begun, by its own record outside the system."""
        log = Path(self.troupe.server.environment["POISON_LOG"])
        return len(log.read_text().splitlines()) if log.exists() else 0

    # ── figures ─────────────────────────────────────────────────────────────────────────────────

    def figures(self) -> dict[str, Any]:
        """Denominators."""
        counts = self.history.counts
        writes = [write for writer in self.writers for write in writer.writes]
        times = self.recoveries
        jobs = dict(rows("SELECT kind || ' ' || state, count(*) FROM budgets_job WHERE id > %s GROUP BY 1", [self.first_job]))  # fmt: skip
        waits = rows(
            "SELECT max(extract(epoch FROM finished_at - created_at)), max(attempts),"
            " count(*) FILTER (WHERE attempts > 1) FROM budgets_job WHERE state = 'done' AND id > %s",
            [self.first_job],
        )[0]  # fmt: skip
        by_kind: dict[str, float] = {}
        for name, seconds in times:
            by_kind[name] = round(max(seconds, by_kind.get(name, 0)), 1)
        return {
            "kills": sum(self.nemesis.counts[name] for name in set(self.nemesis.KILLS)),
            "faults": dict(sorted(self.nemesis.counts.items())),
            "faults_that_found_nothing": dict(self.nemesis.missed),
            "restarts_by_the_keeper": dict(self.troupe.restarts),
            "writes": {
                "intended": len(writes),
                "acknowledged": sum(1 for write in writes if write.outcome == "ok"),
                "refused": sum(1 for write in writes if write.outcome == "fail"),
                "sent_again": sum(1 for write in writes if write.tries > 1),
                "unknown_answers": counts["unknown"],
                "acknowledged_by_kind": {
                    name[4:]: n for name, n in sorted(counts.items()) if name.startswith("ok: ")
                },
            },
            "jobs": dict(sorted(jobs.items())),
            "jobs_begun_more_than_once": waits[2],
            "most_attempts_of_a_job_done": waits[1],
            "longest_from_promise_to_done_s": round(float(waits[0] or 0), 1),
            "recovery_s": {
                "kills_measured": len(times),
                "median": round(sorted(s for _, s in times)[len(times) // 2], 1) if times else None,
                "worst": round(max((s for _, s in times), default=0), 1),
                "worst_by_kind": by_kind,
            },
            "load_average_1_5_15": [round(one, 1) for one in os.getloadavg()],
            "quiet_after_healing_s": round(self.quiet_after, 1),
            "poison_begun": self.poisonings(),
        }


def rows(sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
    """Rows seen by the service; the database may have been away since the last question."""
    from django.db import connections

    for _ in range(60):
        try:
            return as_the_service(sql, parameters)
        except DatabaseError:
            connections.close_all()
            time.sleep(0.5)
    return as_the_service(sql, parameters)


def without_sync(troupe: Troupe, setting: Setting, seed: int, kills: int) -> dict[str, int]:
    """The control of durability: commits are acknowledged before they are safe. Must lose."""
    with psycopg.connect(troupe.cluster.address("postgres"), autocommit=True) as admin:
        admin.execute("ALTER SYSTEM SET synchronous_commit = off")
        admin.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
        admin.execute("ALTER SYSTEM SET wal_writer_flush_after = '1GB'")
        admin.execute("SELECT pg_reload_conf()")
    lost = acknowledged = 0
    for n in range(kills):
        storm = Storm(troupe, setting, seed + n, writers=2, pace=0.05, evaluations=0)
        for writer in storm.writers:
            writer.start()
        time.sleep(4)
        storm.nemesis.strike("postmaster and children")
        for writer in storm.writers:
            writer.halt.set()
        for writer in storm.writers:
            writer.join(60)
        until("the database after a kill", troupe.server.answers, 90)
        known = {row[0] for row in rows("SELECT name FROM budgets_project")}
        sure = [w.mark for w in storm._all("project")]
        acknowledged += len(sure)
        lost += sum(1 for mark in sure if mark not in known)
    with psycopg.connect(troupe.cluster.address("postgres"), autocommit=True) as admin:
        admin.execute("ALTER SYSTEM RESET ALL")
        admin.execute("SELECT pg_reload_conf()")
    return {"kills": kills, "acknowledged": acknowledged, "lost": lost}


def _many_projects() -> None:
    """Enough rows that an export takes a while."""
    from budgets.access import seen_by_system
    from budgets.models import BudgetUnit, Project

    with seen_by_system():
        unit = BudgetUnit.objects.get(name="甲一中心")
        Project.unscoped.bulk_create(
            (
                Project(name=f"long {n}", unit=unit, department_id=unit.department_id)
                for n in range(3000)
            ),
            ignore_conflicts=True,
        )


def busy_hands(
    troupe: Troupe, setting: Setting, seed: int, kills: int, fault: str
) -> dict[str, Any]:
    """Workers killed in the middle of long exports: as they are, or with a fault planted.

    ``plain_jobs`` marks a job done first and works afterwards, and must lose some.
    """
    _many_projects()
    troupe.planted(fault)
    until("workers", lambda: len(troupe.workers.hands()) == 2, 120)
    storm = Storm(troupe, setting, seed, writers=1, pace=1, evaluations=0)
    api = storm.writers[0].api
    for _ in range(3 * kills):
        assert api.post("exports/", {"list": "projects", "format": "xlsx"}).status == 202
    for _ in range(kills):
        time.sleep(storm.nemesis.dice.uniform(0.5, 1.0))
        for _ in range(200):
            if storm.nemesis.strike("worker child"):
                break
            time.sleep(0.1)
    storm.heal()
    made = rows(
        "SELECT count(*), count(*) FILTER (WHERE j.state = 'done'), count(f.id) FROM budgets_job j"
        " LEFT JOIN budgets_jobfile f ON f.job_id = j.id WHERE j.kind = 'export' AND j.id > %s",
        [storm.first_job],
    )[0]
    return {"kills": kills, "promised": made[0], "done": made[1], "done_without_file": made[1] - made[2]}  # fmt: skip


def main() -> int:
    """The storm, then the two controls."""
    given = options(
        "kills under load", kills=40, writes=1000, writers=4, control_kills=2, control_job_kills=10
    )
    report = Report("faults", given)
    with own_database(quick=False) as (cluster, folder):
        troupe = Troupe(cluster, folder, broker=REDIS is not None)
        troupe.start()
        try:
            setting = people_and_tasks(troupe.server.port)
            storm = Storm(troupe, setting, given.seed, writers=given.writers, pace=0.25)
            storm.rage(given.kills, given.writes, poison=True)
            violations = storm.judge(storm.heal())
            figures = storm.figures()
            if figures["recovery_s"]["worst"] > RECOVERY_SECONDS:
                violations.append(f"recovery took {figures['recovery_s']['worst']} s")
            controls_follow()
            hands = (troupe, setting, given.seed + 200, given.control_job_kills)
            sound, plain = busy_hands(*hands, ""), busy_hands(*hands, "plain_jobs")
            lost = without_sync(troupe, setting, given.seed + 100, given.control_kills)
        finally:
            troupe.stop()
    if not lost["lost"]:
        violations.append("the control without synchronous commit lost nothing")
    if sound["done_without_file"] or sound["done"] != sound["promised"]:
        violations.append(f"busy workers: {sound}")
    if not plain["done_without_file"]:
        violations.append("the control with plain jobs lost nothing")
    return report.finish(
        given.report,
        broker="redis without persistence" if REDIS else "none: manage.py worker",
        **figures,
        control_without_synchronous_commit=lost,
        busy_workers_killed=sound,
        control_with_plain_jobs=plain,
        violations=violations[:40],
    )


if __name__ == "__main__":
    sys.exit(main())
