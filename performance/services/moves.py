"""Moving papers: submit, withdraw, check, review, approve, confirm, return, publish, close.

One function makes every move; what may be done stands in ``workflow.py``. Rows are locked in one
order: the older version of a table before the newer, the paper before its review.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from budgets import audit
from budgets.errors import Conflict, Invalid, InvalidInput, Missing, NotAllowed, SeenOther
from budgets.jobs import enqueue
from budgets.models import User
from budgets.services.notices import tell
from budgets.text import clean_text
from performance.documents.typed import (
    complaints,
    evaluation_complaints,
    monitoring_complaints,
    typed_evaluation,
    typed_monitoring,
    typed_targets,
)
from performance.mapping.contents import editable_part
from performance.models import (
    Evaluation,
    Review,
    ReviewState,
    Snapshot,
    SnapshotKind,
    Step,
    TargetTable,
    TaskUnit,
)
from performance.selectors.contents import (
    content_of,
    parsed_indicators_of,
    submitted_snapshot,
)
from performance.selectors.procedure import (
    contributors_of,
    holders,
    is_overdue,
    last_step,
    open_review_of,
)
from performance.services.examinations import keep, refuse_blocked
from performance.services.outcomes import kept_outcome, refuse_unfinished
from performance.services.papers import (
    Held,
    content_and_digest,
    hold,
    record,
    refuse_stale,
    snapshot,
)
from performance.services.risks import weigh
from performance.workflow import (
    IN_FORCE,
    NOT_OFFERED,
    RETURN_REASONS,
    STATE_LABELS,
    VERB_LABELS,
    Actor,
    Move,
    Paper,
    State,
    move_of,
    moves_from,
)

_LATER = {
    State.SUBMITTED: Actor.UNIT_HEAD,
    State.UNIT_CHECKED: Actor.DEPARTMENT_REVIEWER,
    State.DEPARTMENT_REVIEWED: Actor.FINANCE_REVIEWER,
    State.RETURNED: Actor.CLERK,
    State.APPROVED: Actor.CLERK,
    State.CONFIRMED: Actor.CLERK,
}
"""Who is told when a paper comes to a state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a mover says with a move."""

    digest: str = ""
    """Digest of the content she saw; due where another's work is judged."""
    reason_code: str = ""
    reason: str = ""
    cells: Sequence[Mapping[str, Any]] = ()
    """Cells in question: ``at`` as the content names it, ``note`` in words."""


def move(
    *,
    actor: User,
    paper: Paper,
    public_id: UUID,
    verb: str,
    decision: Decision = Decision(),
    version: int | None = None,
    origin: audit.Origin | None = None,
) -> Step:
    """Makes one move of one paper.

    Raises NotFound; NotAllowed (not the role, own work, another's withdrawal); Conflict (the
    state has no such move); StaleVersion; Missing (no digest where one is due); SeenOther (the
    content is no longer what was seen); Invalid (no reason, or content not fit to submit);
    Blocked (the examination found what must be mended first).
    """
    with transaction.atomic():
        _hold_older_version(actor, paper, public_id)
        held = hold(actor, paper, public_id)
        if version is not None:
            refuse_stale(held, version)
        step = _checked(actor, held, verb)
        reason = clean_text(decision.reason, field="说明").strip()
        if step.reasoned:
            _refuse_unreasoned(decision.reason_code, reason)
        cells = _cells(decision.cells) if step.reasoned else []
        digest = decision.digest if step.sees else ""
        if step.sees:
            refuse_unseen(held, digest)
        examined = examination = None
        if verb == "submit":
            _refuse_unfit(held)
            examined = refuse_blocked(held.row)
        if verb == "confirm" and (review := open_review_of(held.row.pk)) is not None:
            refuse_unfinished(review)
        late = verb == "submit" and held.row.task_id is not None and is_overdue(held.row.task_id)
        detail: dict[str, Any] = {"to": step.target.value, "role": step.role.value}
        if reason or decision.reason_code:
            detail["reason"] = decision.reason_code
        if examined is not None:
            detail["findings"] = examined.counts
        record(actor, held, verb, origin, digest=digest, late=late, **detail)
        if verb == "submit":
            digest = _freeze(held, actor)
            assert examined is not None
            examination = keep(held.row, examined, digest)
        if verb == "confirm":
            _confirm_review(actor, held, digest)
        made = _make(
            actor,
            held,
            step,
            digest=digest,
            reason_code=decision.reason_code if step.reasoned else "",
            reason=reason if step.reasoned else "",
            cells=cells,
            late=late,
        )
        if examination is not None:
            weigh(examination)
        _afterwards(actor, held, step)
        if verb == "submit" and isinstance(held.row, Evaluation):
            _score_soon(actor, held.row, digest)
        return made


def _hold_older_version(actor: User, paper: Paper, public_id: UUID) -> None:
    """An adjusted table locks the version it adjusts first."""
    if paper is not Paper.TARGET_TABLE:
        return
    older = (
        TargetTable.unscoped.filter(public_id=public_id, adjusts__isnull=False)
        .values_list("adjusts__public_id", flat=True)
        .first()
    )
    if older is not None:
        hold(actor, paper, older)


def _checked(actor: User, held: Held, verb: str) -> Move:
    """The move of the table, if this actor may make it now."""
    if verb in NOT_OFFERED or verb not in VERB_LABELS:
        raise InvalidInput(f"没有“{verb}”这个动作")
    step = move_of(held.paper, held.state, verb, held.roles)
    label = STATE_LABELS[held.state]
    if step is None:
        everyone = moves_from(held.paper, held.state, list(Actor))
        if any(one.verb == verb for one in everyone):
            raise NotAllowed(f"您的身份不能“{VERB_LABELS[verb]}”")
        raise Conflict(f"表在“{label}”状态，不能“{VERB_LABELS[verb]}”")
    if step.judging and actor.pk in contributors_of(held.paper, held.row.pk):
        raise NotAllowed("不能审核自己填写或提交的表；请由其他人员办理")
    if step.own:
        last = last_step(held.paper, held.row.pk)
        if last is None or last.actor_id != actor.pk:
            raise NotAllowed("只有上一步的办理人可以撤回")
    return step


def _refuse_unreasoned(code: str, words: str) -> None:
    fields = {}
    if code not in RETURN_REASONS:
        fields["reason_code"] = f"请选择原因：{'、'.join(RETURN_REASONS)}"
    if not words:
        fields["reason"] = "请写明退回的理由"
    if fields:
        raise Invalid(fields)


def _cells(cells: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    found = []
    for n, cell in enumerate(cells, start=1):
        at, note = cell.get("at"), cell.get("note", "")
        if not isinstance(at, str) or not isinstance(note, str) or not at or len(at) > 80:
            raise Invalid({f"cells.{n}": "应写明位置 at 和说明 note"})
        found.append(
            {"at": clean_text(at, field="位置"), "note": clean_text(note, field="说明")[:500]}
        )
    if len(found) > 200:
        raise Invalid({"cells": "最多标出 200 格"})
    return found


def refuse_unseen(held: Held, digest: str) -> None:
    """Raises Missing without a digest, SeenOther when the content is no longer what was seen."""
    if not digest:
        raise Missing("请带上所见内容的摘要（digest），以确认审核的就是您看到的内容")
    kept = submitted_snapshot(held.paper, held.row.pk)
    _, current = content_and_digest(held.row)
    if kept is None or digest != kept.digest or digest != current:
        raise SeenOther(
            "您看过之后，表的内容已有变化；请看过差异后再办理", seen=digest, current=current
        )


def _refuse_unfit(held: Held) -> None:
    """Raises Invalid for a content that cannot be handed on."""
    row = held.row
    content = editable_part(content_of(row))
    year = row.fiscal_year
    if isinstance(row, TargetTable):
        found = complaints(typed_targets(content, fiscal_year=year))
    else:
        indicators = parsed_indicators_of(row.table_id)
        if isinstance(row, Evaluation):
            typed = typed_evaluation(content, indicators, fiscal_year=year)
            found = evaluation_complaints(typed, indicators)
        else:
            progress = typed_monitoring(content, indicators, fiscal_year=year)
            found = monitoring_complaints(progress, indicators)
    if found:
        raise Invalid(found)


def _freeze(held: Held, actor: User) -> str:
    """Keeps what is submitted, and lets go of the contents saved on the way."""
    Snapshot.unscoped.filter(
        paper=held.paper.value, paper_id=held.row.pk, kind=SnapshotKind.SAVED
    ).delete()
    return snapshot(held.row, actor, SnapshotKind.SUBMITTED).digest


def _make(actor: User, held: Held, step: Move, **said: Any) -> Step:
    """The row that moves the paper: the database checks it and sets the state."""
    row = held.row
    made = Step.unscoped.create(
        paper=held.paper.value,
        paper_id=row.pk,
        verb=step.verb,
        source=step.source.value,
        target=step.target.value,
        role=step.role.value,
        actor=actor,
        department_id=row.department_id,
        unit_id=row.unit_id,
        **said,
    )
    row.refresh_from_db(fields=["status", "lock_version"])
    return made


def _confirm_review(actor: User, held: Held, digest: str) -> None:
    review = open_review_of(held.row.pk)
    if review is None:
        raise Conflict("还没有开始复核，不能确认")
    if review.digest != digest:
        raise SeenOther("复核针对的内容已有变化", seen=review.digest, current=digest)
    outcome = kept_outcome(review, actor) if review.run is not None else None
    Review.unscoped.filter(pk=review.pk, lock_version=review.lock_version).update(
        state=ReviewState.CONFIRMED,
        reviewer=actor,
        outcome=outcome,
        lock_version=review.lock_version + 1,
    )


def _afterwards(actor: User, held: Held, step: Move) -> None:
    row = held.row
    if step.verb == "submit" and row.task_id is not None:
        TaskUnit.unscoped.filter(
            task_id=row.task_id, unit_id=row.unit_id, first_submitted_at=None
        ).update(first_submitted_at=Now())
    if step.verb == "approve" and isinstance(row, TargetTable) and row.adjusts_id is not None:
        _supersede(actor, row)
    if isinstance(row, Evaluation) and step.source is State.DEPARTMENT_REVIEWED:
        if step.verb != "confirm" and (review := open_review_of(row.pk)) is not None:
            Review.unscoped.filter(pk=review.pk).update(
                state=ReviewState.DROPPED, lock_version=review.lock_version + 1
            )
    _tell(actor, held, step)


def _score_soon(actor: User, row: Evaluation, digest: str) -> None:
    """Promises a score of what was submitted: one for each version and rule set."""
    enqueue(
        "score",
        {"evaluation": str(row.public_id), "digest": digest},
        actor=actor,
        department_id=row.department_id,
        unit_id=row.unit_id,
        once_key=f"score:{row.pk}:{row.lock_version}:{row.ruleset_digest[:32]}",
    )


def _supersede(actor: User, new: TargetTable) -> None:
    """The version that was adjusted gives way; it stays readable."""
    old = new.adjusts
    assert old is not None
    state = State(old.status)
    if state not in IN_FORCE:
        raise Conflict("被调整的版本已不在执行，不能批复这次调整")
    Step.unscoped.create(
        paper=Paper.TARGET_TABLE.value,
        paper_id=old.pk,
        verb="supersede",
        source=state.value,
        target=State.SUPERSEDED.value,
        role=Actor.FINANCE_REVIEWER.value,
        actor=actor,
        department_id=old.department_id,
        unit_id=old.unit_id,
    )


def _tell(actor: User, held: Held, step: Move) -> None:
    """A notice to whoever has to act next, or wants to know."""
    role = _LATER.get(step.target)
    if role is None:
        return
    row = held.row
    department = row.department
    people = holders(
        role.value,
        unit_id=row.unit_id,
        department_id=row.department_id,
        region_id=department.region_id,
    )
    words = f"“{row.project.name}”{row.fiscal_year} 年度{_NAMES[held.paper]}：{STATE_LABELS[step.target]}"
    tell(
        [person for person in people if person.pk != actor.pk],
        kind=f"moved_{step.target.value}",
        object_type=held.paper.value,
        object_id=row.public_id,
        text=words,
    )


_NAMES = {
    Paper.TARGET_TABLE: "绩效目标表",
    Paper.MONITORING: "绩效运行监控表",
    Paper.EVALUATION: "绩效自评表",
}


def publish_import(actor: User, row: TargetTable | Evaluation, roles: frozenset[str]) -> None:
    """Moves a paper that came in with a published document to published, in the import's event."""
    paper = Paper.EVALUATION if isinstance(row, Evaluation) else Paper.TARGET_TABLE
    step = move_of(paper, State.DRAFT, "publish_import", sorted(roles))
    if step is None:
        raise NotAllowed("您不能为这个单位导入文件")
    held = Held(row=row, paper=paper, state=State.DRAFT, roles=roles)
    _make(actor, held, step)
