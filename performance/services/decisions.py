"""Several papers of the queue decided on in one go: each by its own move, each with its own outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import IntegrityError, OperationalError, connection, transaction

from budgets import audit
from budgets.errors import (
    Conflict,
    Invalid,
    InvalidInput,
    NotAllowed,
    NotFound,
    SeenOther,
    ServiceError,
)
from budgets.models import User
from performance.access import papers_visible_to
from performance.selectors.checkups import examination_of
from performance.selectors.procedure import open_review_of
from performance.selectors.queue import decides_queue, questioned_cells
from performance.services import reviews
from performance.services.moves import Decision, move
from performance.workflow import RETURN_REASONS, Paper

MOST = 50
VERBS: Mapping[str, str] = {
    "accept": "通过（批复目标表、确认自评）",
    "open_review": "开始复核",
    "return_to_clerk": "退回经办",
    "return_to_unit": "退回单位",
    "return_to_department": "退回主管部门",
}
OUTCOMES: Mapping[str, str] = {
    "done": "已办理",
    "changed": "内容有变化",
    "busy": "正在被别人办理",
    "needs_review": "须先开始复核",
    "poor": "审核结论为差",
    "not_allowed": "不能办理",
    "not_found": "没有找到",
    "conflict": "状态已变",
    "invalid": "内容不合要求",
}
_ACCEPT = {Paper.TARGET_TABLE: "approve", Paper.EVALUATION: "confirm"}
_BUSY = {"55P03", "40P01", "57014"}
"""Lock not available, deadlock, cancelled by time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """One paper that is decided on, and what of it was seen."""

    paper: Paper
    public_id: UUID
    digest: str
    cells: Sequence[Mapping[str, Any]] | None = None
    """Cells in question of a return; None: those the examination is sure of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one paper."""

    paper: Paper
    public_id: UUID
    project: str
    """Empty where it is not there, or not yours."""
    outcome: str
    words: str

    @property
    def label(self) -> str:
        """The outcome in a word."""
        return OUTCOMES[self.outcome]

    @property
    def done(self) -> bool:
        """Whether it was decided."""
        return self.outcome == "done"


def decide(
    *,
    actor: User,
    verb: str,
    chosen: Sequence[Chosen],
    reason_code: str = "",
    reason: str = "",
    origin: audit.Origin | None = None,
) -> tuple[Outcome, ...]:
    """Decides on papers one by one, in savepoints of their own; a refusal of one leaves the others.

    Each is moved as on its own page, with its own event. Papers somebody else holds just now are
    not waited for. Raises NotAllowed for who is no finance reviewer, InvalidInput for a verb that is none, Invalid for no papers, too many,
    one twice, or a return without its reason.
    """
    if not decides_queue(actor):
        raise NotAllowed("只有财政审核人员可以成批办理")
    _refuse_unfit(verb, chosen, reason_code, reason)
    with transaction.atomic():
        rows = {(one.paper, one.public_id): _find(actor, one) for one in chosen}
        free = _held({key: row for key, row in rows.items() if row is not None})
        outcomes: dict[tuple[Paper, UUID], Outcome] = {}
        # By department and then as chosen: the chains of the trail are always taken in one order.
        order = sorted(chosen, key=lambda one: getattr(rows[_key(one)], "department_id", 0))
        for one in order:
            row = rows[_key(one)]
            if row is None:
                found = _said(one, "", "not_found", "没有这张表，或者不在您的可见范围内")
            elif _key(one) not in free:
                found = _said(one, row.project.name, "busy", "正在被别人办理，请稍后重试")
            else:
                found = _decided(actor, verb, one, row, reason_code, reason, origin)
            outcomes[_key(one)] = found
        return tuple(outcomes[_key(one)] for one in chosen)


def _refuse_unfit(verb: str, chosen: Sequence[Chosen], reason_code: str, reason: str) -> None:
    if verb not in VERBS:
        raise InvalidInput(f"没有“{verb[:40]}”这个动作")
    if not chosen:
        raise Invalid({"rows": "请至少选择一张表"})
    if len(chosen) > MOST:
        raise Invalid({"rows": f"一次最多办理 {MOST} 张表"})
    if len({_key(one) for one in chosen}) < len(chosen):
        raise Invalid({"rows": "同一张表选了两次"})
    if verb.startswith("return_"):
        fields = {}
        if reason_code not in RETURN_REASONS:
            fields["reason_code"] = "请选择退回的原因"
        if not reason.strip():
            fields["reason"] = "请写明退回的理由"
        if fields:
            raise Invalid(fields)


def _key(one: Chosen) -> tuple[Paper, UUID]:
    return one.paper, one.public_id


def _find(actor: User, one: Chosen) -> Any | None:
    if one.paper not in _ACCEPT:
        return None
    rows = papers_visible_to(one.paper, actor).filter(public_id=one.public_id)
    return rows.select_related("project").first()


def _held(rows: Mapping[tuple[Paper, UUID], Any]) -> set[tuple[Paper, UUID]]:
    """Those whose rows could be locked at once, with the versions they adjust.

    All rows before the first event: whoever waits for a chain of the trail holds one row only.
    """
    tables = {key: row for key, row in rows.items() if key[0] is Paper.TARGET_TABLE}
    older = {row.adjusts_id for row in tables.values() if row.adjusts_id is not None}
    locked = {
        Paper.TARGET_TABLE: _lock(
            Paper.TARGET_TABLE, sorted({row.pk for row in tables.values()} | older)
        ),
        Paper.EVALUATION: _lock(
            Paper.EVALUATION,
            sorted(row.pk for key, row in rows.items() if key[0] is Paper.EVALUATION),
        ),
    }
    return {
        key
        for key, row in rows.items()
        if row.pk in locked[key[0]]
        and getattr(row, "adjusts_id", None) in {None, *locked[Paper.TARGET_TABLE]}
    }


_LOCKS = {
    Paper.TARGET_TABLE: "SELECT id FROM performance_targettable WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED",
    Paper.EVALUATION: "SELECT id FROM performance_evaluation WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED",
}


def _lock(paper: Paper, ids: Sequence[int]) -> set[int]:
    if not ids:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_LOCKS[paper], [list(ids)])
        return {row[0] for row in cursor.fetchall()}


def _decided(
    actor: User,
    verb: str,
    one: Chosen,
    row: Any,
    reason_code: str,
    reason: str,
    origin: audit.Origin | None,
) -> Outcome:
    project = row.project.name
    if verb == "accept" and (held_up := _held_up(one, row)):
        return _said(one, project, *held_up)
    try:
        with transaction.atomic():
            if verb == "open_review":
                _open_review(actor, one, origin)
            else:
                _move(actor, verb, one, reason_code, reason, origin)
    except SeenOther:
        return _said(one, project, "changed", "您看过之后内容已有变化，请打开看过差异后再办理")
    except ServiceError as error:
        return _said(one, project, _code_of(error), str(error))
    except IntegrityError:
        return _said(one, project, "conflict", "内容刚刚被别人改动，没有办理")
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") not in _BUSY:
            raise
        return _said(one, project, "busy", "正在被别人办理，请稍后重试")
    return _said(one, project, "done", "")


def _held_up(one: Chosen, row: Any) -> tuple[str, str] | None:
    """What wants a look at the paper itself before it is accepted."""
    if one.paper is Paper.EVALUATION:
        if row.status == "department_reviewed" and open_review_of(row.pk) is None:
            return "needs_review", "还没有开始复核，不能确认；可先批量“开始复核”，或打开逐行复核"
        return None
    kept = examination_of(one.paper, row.pk)
    if kept is not None and (kept.own_overall or kept.overall) == "差":
        return "poor", "审核结论为差，不成批批复；请打开逐张办理"
    return None


def _open_review(actor: User, one: Chosen, origin: audit.Origin | None) -> None:
    if one.paper is not Paper.EVALUATION:
        raise NotAllowed("绩效目标表没有复核，可以直接批复或退回")
    reviews.open_review(actor=actor, public_id=one.public_id, digest=one.digest, origin=origin)


def _move(
    actor: User,
    verb: str,
    one: Chosen,
    reason_code: str,
    reason: str,
    origin: audit.Origin | None,
) -> None:
    said = Decision(digest=one.digest)
    if verb != "accept":
        cells = _cells(actor, one)
        said = replace(said, reason_code=reason_code, reason=reason, cells=cells)
    move(
        actor=actor,
        paper=one.paper,
        public_id=one.public_id,
        verb=_ACCEPT[one.paper] if verb == "accept" else verb,
        decision=said,
        origin=origin,
    )


def _cells(actor: User, one: Chosen) -> list[dict[str, Any]]:
    found = questioned_cells(actor, one.paper, one.public_id)
    if one.cells is None:
        return [{"at": cell.at, "note": cell.message[:500]} for cell in found if cell.chosen]
    words = {cell.at: cell.message[:500] for cell in found}
    return [
        {**cell, "note": cell.get("note") or words.get(str(cell.get("at", "")), "")}
        for cell in one.cells
    ]


def _code_of(error: ServiceError) -> str:
    if isinstance(error, NotFound):
        return "not_found"
    if isinstance(error, NotAllowed):
        return "not_allowed"
    return "conflict" if isinstance(error, Conflict) else "invalid"


def _said(one: Chosen, project: str, outcome: str, words: str) -> Outcome:
    return Outcome(
        paper=one.paper, public_id=one.public_id, project=project, outcome=outcome, words=words
    )
