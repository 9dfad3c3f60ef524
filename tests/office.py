"""A year of the office through its services: every verb has a place to be called from."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from budgets.access import seen_by
from budgets.models import User
from performance.models import Evaluation, Monitoring, TargetTable, Task
from performance.services import drafts, evidence, imports, moves, reviews, scoring, tasks
from performance.services.moves import Decision
from performance.workflow import Paper
from tests.cast import Cast
from tests.contents import DEADLINE, actuals, progress, targets
from tests.worlds import HUBEI

_YEAR = 2024
_HANDS = (("head", "check"), ("reviewer", "review"))


class Office:
    """The cast at work. Every call is one transaction of its account."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self._titles = 0

    def __getitem__(self, name: str) -> User:
        return self.cast[name]

    def act(self, service: Callable[..., Any], name: str, /, **given: Any) -> Any:
        """Calls a service as one of the cast."""
        with seen_by(self.cast[name].pk):
            return service(actor=self.cast[name], **given)

    # ── papers in their states ──────────────────────────────────────────────────────────────────

    def table(self, project: str = "road") -> TargetTable:
        """A draft with its content."""
        found = self.cast.projects[project].public_id
        table = self.act(drafts.create_target_table, "clerk", project=found, fiscal_year=_YEAR)
        self.save(Paper.TARGET_TABLE, table.public_id, targets())
        return table  # type: ignore[no-any-return]

    def save(self, paper: Paper, public_id: UUID, body: Mapping[str, Any], version: int = 1) -> int:
        """Saves a content as the clerk."""
        saved = self.act(
            drafts.save, "clerk", paper=paper, public_id=public_id, version=version, body=body
        )
        return int(saved)

    def digest(self, paper: Paper, public_id: UUID) -> str:
        """Digest of what was submitted."""
        from performance.models import Snapshot

        model = {"target_table": TargetTable, "evaluation": Evaluation, "monitoring": Monitoring}
        with seen_by(0):
            row = model[paper.value].unscoped.get(public_id=public_id)
            kept = Snapshot.unscoped.filter(paper=paper.value, paper_id=row.pk, kind="submitted")
            return kept.order_by("-id")[0].digest

    def move(self, name: str, paper: Paper, public_id: UUID, verb: str, **said: Any) -> Any:
        """One move, on what was submitted."""
        judged = verb not in {"submit", "withdraw", "publish", "close"}
        decision = Decision(digest=self.digest(paper, public_id) if judged else "", **said)
        return self.act(
            moves.move, name, paper=paper, public_id=public_id, verb=verb, decision=decision
        )

    def handed_on(self, paper: Paper, public_id: UUID) -> None:
        """From the clerk's desk to the bureau's."""
        self.move("clerk", paper, public_id, "submit")
        for name, verb in _HANDS:
            self.move(name, paper, public_id, verb)

    def approved(self, project: str = "road") -> TargetTable:
        """A target table in force."""
        table = self.table(project)
        self.handed_on(Paper.TARGET_TABLE, table.public_id)
        self.move("finance", Paper.TARGET_TABLE, table.public_id, "approve")
        return table

    def task(self, paper: Paper, **more: Any) -> Task:
        """A task for the unit."""
        self._titles += 1
        return self.act(  # type: ignore[no-any-return]
            tasks.issue_task,
            "finance",
            paper=paper,
            fiscal_year=_YEAR,
            title=f"任务{self._titles}",
            deadline=DEADLINE,
            units=[self.cast.unit.public_id],
            **more,
        )

    def evaluation(self, project: str = "road") -> Evaluation:
        """A self-evaluation with its content, against an approved table."""
        self.approved(project)
        task = self.task(Paper.EVALUATION)
        evaluation = self.act(
            drafts.start_evaluation,
            "clerk",
            project=self.cast.projects[project].public_id,
            task=task.public_id,
        )
        self.save(Paper.EVALUATION, evaluation.public_id, actuals())
        return evaluation  # type: ignore[no-any-return]

    def waiting(self, project: str = "road") -> Evaluation:
        """A self-evaluation on the bureau's desk."""
        evaluation = self.evaluation(project)
        self.handed_on(Paper.EVALUATION, evaluation.public_id)
        return evaluation

    def reviewed(self, project: str = "road") -> Evaluation:
        """One whose review is open."""
        evaluation = self.evaluation(project)
        self.open_review_of(evaluation)
        return evaluation

    def open_review_of(self, evaluation: Evaluation) -> None:
        """Hands an evaluation on to the bureau, where 财政 opens the review."""
        self.handed_on(Paper.EVALUATION, evaluation.public_id)
        digest = self.digest(Paper.EVALUATION, evaluation.public_id)
        self.act(reviews.open_review, "finance", public_id=evaluation.public_id, digest=digest)

    def imported(self) -> Any:
        """A published document, brought in."""
        return self.act(
            imports.import_document,
            "finance",
            unit=self.cast.unit,
            data=HUBEI.read_bytes(),
            name=HUBEI.name,
        )


def a_year(office: Office, pause: Callable[[], object] = lambda: None) -> None:
    """Targets, adjustment, monitoring, self-evaluation, review, publication; ``pause`` twice on the way."""
    table = office.approved()
    pause()
    office.act(
        drafts.start_adjustment,
        "clerk",
        public_id=table.public_id,
        reason_code="budget_changed",
        reason="预算调整",
    )
    monitoring = office.act(
        drafts.start_monitoring,
        "clerk",
        project=office.cast.projects["road"].public_id,
        task=office.task(Paper.MONITORING, month=7).public_id,
    )
    office.save(Paper.MONITORING, monitoring.public_id, progress())
    evaluation = office.reviewed("clinic")
    adjusted_review(office, evaluation)
    office.act(
        reviews.say_opinion, "finance", public_id=evaluation.public_id, version=2, opinion="属实"
    )
    pause()
    office.move("finance", Paper.EVALUATION, evaluation.public_id, "confirm")
    office.move("finance", Paper.EVALUATION, evaluation.public_id, "publish")


def adjusted_review(office: Office, evaluation: Evaluation) -> Any:
    """The first line set to another figure."""
    return office.act(
        reviews.adjust,
        "finance",
        public_id=evaluation.public_id,
        version=1,
        seq=1,
        points=Decimal("11"),
        reason_code="rule",
        reason="没有材料",
    )


# ── every verb, prepared so that one call is left ───────────────────────────────────────────────


def _create_project(office: Office) -> Callable[[], Any]:
    unit = office.cast.unit.public_id
    return lambda: office.act(drafts.create_project, "clerk", unit=unit, name="新项目")


def _create_target_table(office: Office) -> Callable[[], Any]:
    found = office.cast.projects["road"].public_id
    return lambda: office.act(drafts.create_target_table, "clerk", project=found, fiscal_year=_YEAR)


def _start_evaluation(office: Office) -> Callable[[], Any]:
    office.approved()
    task = office.task(Paper.EVALUATION).public_id
    project = office.cast.projects["road"].public_id
    return lambda: office.act(drafts.start_evaluation, "clerk", project=project, task=task)


def _start_monitoring(office: Office) -> Callable[[], Any]:
    office.approved()
    task = office.task(Paper.MONITORING, month=7).public_id
    project = office.cast.projects["road"].public_id
    return lambda: office.act(drafts.start_monitoring, "clerk", project=project, task=task)


def _start_adjustment(office: Office) -> Callable[[], Any]:
    table = office.approved().public_id
    said = {"reason_code": "budget_changed", "reason": "预算调整"}
    return lambda: office.act(drafts.start_adjustment, "clerk", public_id=table, **said)


def _save(office: Office) -> Callable[[], Any]:
    table = office.table().public_id
    body = targets(unit="改了名字的中心")
    return lambda: office.save(Paper.TARGET_TABLE, table, body, version=2)


def _move(office: Office) -> Callable[[], Any]:
    table = office.table().public_id
    return lambda: office.move("clerk", Paper.TARGET_TABLE, table, "submit")


def _add_evidence(office: Office) -> Callable[[], Any]:
    evaluation = office.evaluation().public_id
    given = {"version": 2, "seq": 1, "name": "签到表.txt", "data": "签到".encode(), "note": ""}
    return lambda: office.act(evidence.add_evidence, "clerk", public_id=evaluation, **given)


def _remove_evidence(office: Office) -> Callable[[], Any]:
    evaluation = office.evaluation().public_id
    data = "签到".encode()
    given = {"version": 2, "seq": 1, "name": "签到表.txt", "data": data}
    office.act(evidence.add_evidence, "clerk", public_id=evaluation, **given)
    named = {"version": 3, "seq": 1, "sha256": hashlib.sha256(data).hexdigest()}
    return lambda: office.act(evidence.remove_evidence, "clerk", public_id=evaluation, **named)


def _score_evaluation(office: Office) -> Callable[[], Any]:
    evaluation = office.waiting().pk
    return lambda: office.act(scoring.score_evaluation, "finance", evaluation_id=evaluation)


def _open_review(office: Office) -> Callable[[], Any]:
    evaluation = office.waiting().public_id
    digest = office.digest(Paper.EVALUATION, evaluation)
    return lambda: office.act(reviews.open_review, "finance", public_id=evaluation, digest=digest)


def _adjust(office: Office) -> Callable[[], Any]:
    evaluation = office.reviewed()
    return lambda: adjusted_review(office, evaluation)


def _say_opinion(office: Office) -> Callable[[], Any]:
    evaluation = office.reviewed().public_id
    return lambda: office.act(
        reviews.say_opinion, "finance", public_id=evaluation, version=1, opinion="属实"
    )


def _issue_task(office: Office) -> Callable[[], Any]:
    return lambda: office.task(Paper.EVALUATION)


def _close_task(office: Office) -> Callable[[], Any]:
    task = office.task(Paper.EVALUATION).public_id
    return lambda: office.act(tasks.close_task, "finance", public_id=task, version=1)


def _move_deadline(office: Office) -> Callable[[], Any]:
    moved = {"deadline": DEADLINE.replace(day=30), "reason": "系统升级两天"}
    task = office.task(Paper.EVALUATION).public_id
    return lambda: office.act(tasks.move_deadline, "finance", public_id=task, version=1, **moved)


def _import_document(office: Office) -> Callable[[], Any]:
    return office.imported


CALLS: dict[str, Callable[[Office], Callable[[], Any]]] = {
    "performance.services.drafts.create_project": _create_project,
    "performance.services.drafts.create_target_table": _create_target_table,
    "performance.services.drafts.save": _save,
    "performance.services.drafts.start_adjustment": _start_adjustment,
    "performance.services.drafts.start_evaluation": _start_evaluation,
    "performance.services.drafts.start_monitoring": _start_monitoring,
    "performance.services.evidence.add_evidence": _add_evidence,
    "performance.services.evidence.remove_evidence": _remove_evidence,
    "performance.services.imports.import_document": _import_document,
    "performance.services.moves.move": _move,
    "performance.services.reviews.adjust": _adjust,
    "performance.services.reviews.open_review": _open_review,
    "performance.services.reviews.say_opinion": _say_opinion,
    "performance.services.scoring.score_evaluation": _score_evaluation,
    "performance.services.tasks.close_task": _close_task,
    "performance.services.tasks.issue_task": _issue_task,
    "performance.services.tasks.move_deadline": _move_deadline,
}
"""Every office verb by its dotted name → what prepares it and returns the one call."""
NO_OFFICE_VERB = {
    "budgets.services.notices.read_notices": "reading one's own messages decides nothing",
}
"""Services with an actor that leave no event, each with the reason."""
