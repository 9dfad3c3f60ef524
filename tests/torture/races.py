"""Two at once: pairs of requests started at one barrier, and what may not be true afterwards."""

from __future__ import annotations

import json
import random
import sys
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

from tests.contents import actuals, targets
from tests.talk import Reply
from tests.torture.machine import Setting, people_and_tasks
from tests.torture.report import Report, controls_follow, options, over
from tests.torture.stage import Server, as_the_service, own_database

TABLES, EVALUATIONS = "target-tables", "evaluations"
_HANDS = (("head", "check"), ("reviewer", "review"), ("finance", "approve"))


class Race:
    """The pairs, each with its set-up and its judgement."""

    def __init__(self, setting: Setting, seed: int) -> None:
        self.setting = setting
        self.dice = random.Random(seed)
        self.counts: Counter[str] = Counter()
        self.violations: list[str] = []

    # ── set-up ──────────────────────────────────────────────────────────────────────────────────

    def _api(self, name: str) -> Any:
        return self.setting.api[name]

    def _drafted(self) -> str:
        body = {"project": self.setting.new_project(), "fiscal_year": 2024}
        public_id: str = self._api("clerk").post(f"{TABLES}/", body).body["id"]
        self._save(TABLES, public_id, targets(), 1)
        return public_id

    def _save(self, kind: str, public_id: str, content: Any, version: int) -> None:
        reply = self._api("clerk").put(f"{kind}/{public_id}/content/", content, version=version)
        assert reply.status == 200, reply.body

    def _moved(self, kind: str, public_id: str, *, until: str) -> str:
        """Hands a paper on until the state; the digest all of them saw."""
        assert self._api("clerk").move(kind, public_id, "submit").status == 200
        digest: str = self._api("auditor").content(kind, public_id).body["digest"]
        for name, verb in _HANDS:
            if self._state(kind, public_id) == until:
                break
            reply = self._api(name).move(kind, public_id, verb, digest=digest)
            assert reply.status == 200, reply.body
        return digest

    def _evaluated(self) -> tuple[str, str]:
        project = self.setting.new_project()
        table = (
            self._api("clerk")
            .post(f"{TABLES}/", {"project": project, "fiscal_year": 2024})
            .body["id"]
        )
        self._save(TABLES, table, targets(), 1)
        self._moved(TABLES, table, until="approved")
        made = self._api("clerk").post(
            f"{EVALUATIONS}/", {"project": project, "task": self.setting.tasks[EVALUATIONS]}
        )
        public_id: str = made.body["id"]
        self._save(EVALUATIONS, public_id, actuals(), 1)
        return public_id, self._moved(EVALUATIONS, public_id, until="department_reviewed")

    def _reviewed(self) -> tuple[str, str, int]:
        public_id, digest = self._evaluated()
        made = self._api("finance").post(f"{EVALUATIONS}/{public_id}/review/", {"digest": digest})
        assert made.status == 201, made.body
        return public_id, digest, made.version

    def _state(self, kind: str, public_id: str) -> str:
        table = "targettable" if kind == TABLES else "evaluation"
        rows = as_the_service(
            f"SELECT status FROM performance_{table} WHERE public_id = %s", [public_id]
        )
        return str(rows[0][0])

    def _at_once(self, *acts: Callable[[], Any]) -> list[Any]:
        barrier = threading.Barrier(len(acts))
        found: list[Any] = [None] * len(acts)

        def run(place: int, act: Callable[[], Any]) -> None:
            barrier.wait()
            found[place] = act()

        order = list(enumerate(acts))
        self.dice.shuffle(order)
        threads = [threading.Thread(target=run, args=pair) for pair in order]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return found

    def _judge(self, kind: str, holds: bool, *facts: Any) -> None:
        self.counts[kind] += 1
        if not holds:
            self.counts[f"{kind}: violated"] += 1
            self.violations.append(f"{kind}: {[str(fact)[:300] for fact in facts]}")

    def _tally(self, kind: str, replies: list[Reply]) -> list[int]:
        for reply in replies:
            self.counts[f"status {reply.status}"] += 1
            if reply.status >= 500 and reply.status != 503:
                self.violations.append(f"{kind}: {reply.status} {reply.raw[:200]!r}")
        return [reply.status for reply in replies]

    # ── pairs ───────────────────────────────────────────────────────────────────────────────────

    def edit_edit(self) -> None:
        """Two clerks save from one version: one wins, and hers is what stands."""
        public_id = self._drafted()
        path = f"{TABLES}/{public_id}/content/"
        replies = self._at_once(
            lambda: self._api("clerk").put(path, targets(unit="甲写的"), version=2),
            lambda: self._api("clerk2").put(path, targets(supervisor="乙写的"), version=2),
        )
        statuses = self._tally("edit/edit", replies)
        content = self._api("auditor").content(TABLES, public_id).body["content"]
        mine, theirs = content["unit"] == "甲写的", content["supervisor"] == "乙写的"
        accepted = [status == 200 for status in statuses]
        self._judge("edit/edit", accepted == [mine, theirs] and any(accepted), statuses, content)

    def approve_edit(self) -> None:
        """The head checks what she saw while the clerk takes it back, changes it, submits again."""
        public_id = self._drafted()
        digest = self._moved(TABLES, public_id, until="submitted")

        def rewrite() -> list[Reply]:
            replies = [self._api("clerk").move(TABLES, public_id, "withdraw")]
            if replies[0].status == 200:
                path = f"{TABLES}/{public_id}/content/"
                changed = targets(unit="改过的")
                replies.append(self._api("clerk").put(path, changed, version=replies[0].version))
                replies.append(self._api("clerk").move(TABLES, public_id, "submit"))
            return replies

        def check() -> Reply:
            if self.dice.random() < 0.5:
                threading.Event().wait(self.dice.random() * 0.06)
            reply: Reply = self._api("head").move(TABLES, public_id, "check", digest=digest)
            return reply

        checked, rewritten = self._at_once(check, rewrite)
        self._tally("approve/edit", [checked, *rewritten])
        self._judge("approve/edit", self._seen_is_what_stands(public_id), checked.body)

    def _seen_is_what_stands(self, public_id: str) -> bool:
        """Every accepted judgement names the content that the paper has had since."""
        rows = as_the_service(
            "SELECT s.digest, (SELECT n.digest FROM performance_snapshot n WHERE n.paper = s.paper"
            " AND n.paper_id = s.paper_id AND n.kind = 'submitted' ORDER BY n.id DESC LIMIT 1), t.status"
            " FROM performance_step s JOIN performance_targettable t ON t.id = s.paper_id"
            " WHERE s.paper = 'target_table' AND t.public_id = %s"
            " AND s.verb IN ('check', 'review', 'approve')",
            [public_id],
        )
        current = self._api("auditor").content(TABLES, public_id).body["digest"]
        return all(
            seen == submitted == current
            for seen, submitted, status in rows
            if status != "submitted"
        )

    def submit_submit(self) -> None:
        """Two clerks submit one draft: once."""
        public_id = self._drafted()
        statuses = self._tally(
            "submit/submit",
            self._at_once(
                lambda: self._api("clerk").move(TABLES, public_id, "submit"),
                lambda: self._api("clerk2").move(TABLES, public_id, "submit"),
            ),
        )
        self._judge("submit/submit", sorted(statuses) == [200, 409], statuses)

    def save_submit(self) -> None:
        """One saves while the other submits: what was submitted is what stands."""
        public_id = self._drafted()
        path = f"{TABLES}/{public_id}/content/"
        replies = self._at_once(
            lambda: self._api("clerk").put(path, targets(unit="抢着写的"), version=2),
            lambda: self._api("clerk2").move(TABLES, public_id, "submit"),
        )
        statuses = self._tally("save/submit", replies)
        found = self._api("auditor").content(TABLES, public_id).body
        rows = as_the_service(
            "SELECT n.digest, n.canonical FROM performance_snapshot n JOIN performance_targettable t"
            " ON t.id = n.paper_id WHERE n.paper = 'target_table' AND n.kind = 'submitted'"
            " AND t.public_id = %s",
            [public_id],
        )
        kept = json.loads(rows[0][1])["unit"] == "抢着写的" if rows else None
        holds = (
            len(rows) == 1
            and rows[0][0] == found["digest"]
            and kept == (statuses[0] == 200)
            and statuses[1] == 200
        )
        self._judge("save/submit", holds, statuses, rows)

    def approve_return(self) -> None:
        """One reviewer approves while the other returns: one of them."""
        public_id = self._drafted()
        digest = self._moved(TABLES, public_id, until="department_reviewed")
        said = {"digest": digest, "reason_code": "other", "reason": "再看"}
        statuses = self._tally(
            "approve/return",
            self._at_once(
                lambda: self._api("finance").move(TABLES, public_id, "approve", digest=digest),
                lambda: self._api("finance2").move(TABLES, public_id, "return_to_clerk", **said),
            ),
        )
        state = self._state(TABLES, public_id)
        expected = "approved" if statuses[0] == 200 else "returned"
        self._judge(
            "approve/return",
            sorted(statuses)[0] == 200 and statuses.count(200) == 1 and state == expected,
            statuses,
            state,
        )

    def adjustment_adjustment(self) -> None:
        """Two clerks begin an adjustment of one table: one new version."""
        public_id = self._drafted()
        self._moved(TABLES, public_id, until="approved")
        path = f"{TABLES}/{public_id}/adjustments/"
        body = {"reason_code": "budget_changed", "reason": "预算调整"}
        statuses = self._tally(
            "adjustment/adjustment",
            self._at_once(
                lambda: self._api("clerk").post(path, body),
                lambda: self._api("clerk2").post(path, body),
            ),
        )
        rows = as_the_service(
            "SELECT count(*) FROM performance_targettable n JOIN performance_targettable o"
            " ON o.id = n.adjusts_id WHERE o.public_id = %s",
            [public_id],
        )
        holds = sorted(statuses) == [201, 409] and rows[0][0] == 1
        self._judge("adjustment/adjustment", holds, statuses, rows)

    def adjust_confirm(self) -> None:
        """A line is adjusted while the review is confirmed: in it, or refused."""
        public_id, digest, version = self._reviewed()
        line = {"points": "11", "reason_code": "rule", "reason": "没有材料"}
        path = f"{EVALUATIONS}/{public_id}/review/lines/1/"
        statuses = self._tally(
            "adjust/confirm",
            self._at_once(
                lambda: self._api("finance").put(path, line, version=version),
                lambda: self._api("finance2").move(
                    EVALUATIONS, public_id, "confirm", digest=digest
                ),
            ),
        )
        sheet = self._api("finance").get(f"{EVALUATIONS}/{public_id}/review/").body
        expected = "70.00" if statuses[0] == 200 else "95.00"
        holds = statuses[1] == 200 and sheet["total"] == expected and sheet["state"] == "confirmed"
        self._judge("adjust/confirm", holds, statuses, sheet)

    def adjust_adjust(self) -> None:
        """Two reviewers adjust from one version: one wins, and only hers stands."""
        public_id, _, version = self._reviewed()
        path = f"{EVALUATIONS}/{public_id}/review/lines/"
        said = {"reason_code": "rule", "reason": "没有材料"}
        replies = self._at_once(
            lambda: self._api("finance").put(f"{path}1/", {"points": "1", **said}, version=version),
            lambda: self._api("finance2").put(
                f"{path}1/", {"points": "2", **said}, version=version
            ),
        )
        statuses = self._tally("adjust/adjust", replies)
        sheet = self._api("finance").get(f"{EVALUATIONS}/{public_id}/review/").body
        stands = next(row["reviewed"] for row in sheet["lines"] if row["seq"] == 1)
        accepted = [status == 200 for status in statuses]
        self._judge(
            "adjust/adjust", accepted == [stands == "1.00", stands == "2.00"], statuses, stands
        )


PAIRS = (
    "edit_edit", "approve_edit", "submit_submit", "save_submit", "approve_return",
    "adjustment_adjustment", "adjust_confirm", "adjust_adjust",
)  # fmt: skip


def run(setting: Setting, seed: int, pairs: int, names: tuple[str, ...] = PAIRS) -> Race:
    """``pairs`` of each kind, mixed."""
    race = Race(setting, seed)
    plan = [name for name in names for _ in range(pairs)]
    race.dice.shuffle(plan)
    for name in plan:
        if over():
            break
        getattr(race, name)()
    return race


def main() -> int:
    """All pairs, then the same with the version check switched off."""
    given = options("racing pairs", pairs=100, control_pairs=50)
    report = Report("races", given)
    with own_database() as (cluster, folder):
        addresses = cluster.address("perf_app"), cluster.address("perf_owner")
        with Server(folder, *addresses).running() as server:
            setting = people_and_tasks(server.port)
            race = run(setting, given.seed, given.pairs)
        controls_follow()
        with Server(folder, *addresses, sabotage="no_version").running() as broken:
            for api in setting.api.values():
                api.close()
                api.port = broken.port
            control = run(setting, given.seed, given.control_pairs, ("edit_edit", "adjust_adjust"))
    seen = bool(control.violations)
    return report.finish(
        given.report,
        pairs=sum(count for name, count in race.counts.items() if "/" in name and ":" not in name),
        counts=dict(sorted(race.counts.items())),
        control_without_version_check={
            "lost_updates_found": len(control.violations),
            "pairs": 2 * given.control_pairs,
        },
        violations=race.violations[:20] + ([] if seen else ["the control found no lost update"]),
    )


if __name__ == "__main__":
    sys.exit(main())
