"""The procedure (审批流程) as one table: states, moves, who may make them, and who may touch what.

Everything that decides about a move reads this table: the services, the pages' buttons, the API,
and the database, whose own copy a test compares with it. Which field a role may read or write in
which state stands beside it in ``rights.csv``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from types import MappingProxyType


class Paper(StrEnum):
    """What goes through the procedure."""

    TARGET_TABLE = "target_table"
    MONITORING = "monitoring"
    EVALUATION = "evaluation"


class State(StrEnum):
    """Where a paper stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    UNIT_CHECKED = "unit_checked"
    DEPARTMENT_REVIEWED = "department_reviewed"
    APPROVED = "approved"
    CONFIRMED = "confirmed"
    PUBLISHED = "published"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    CLOSED = "closed"


PAPER_LABELS: Mapping[Paper, str] = MappingProxyType(
    {
        Paper.TARGET_TABLE: "绩效目标表",
        Paper.MONITORING: "绩效运行监控表",
        Paper.EVALUATION: "绩效自评表",
    }
)
STATE_LABELS: Mapping[State, str] = MappingProxyType(
    {
        State.DRAFT: "草稿",
        State.SUBMITTED: "已提交，待单位审核",
        State.UNIT_CHECKED: "单位已审，待主管部门审核",
        State.DEPARTMENT_REVIEWED: "主管部门已审，待财政审核",
        State.APPROVED: "已批复",
        State.CONFIRMED: "已复核",
        State.PUBLISHED: "已公开",
        State.RETURNED: "已退回，待修改",
        State.WITHDRAWN: "已撤回",
        State.SUPERSEDED: "已调整，另有新版本",
        State.CLOSED: "已办结",
    }
)
EDITABLE = frozenset({State.DRAFT, State.RETURNED, State.WITHDRAWN})
"""States in which the content may change; in all others it is frozen."""
IN_FORCE = frozenset({State.APPROVED, State.PUBLISHED})
"""States of a target table that monitoring and self-evaluation are measured against."""


class Actor(StrEnum):
    """Business roles that make moves; the values are those of members' roles."""

    CLERK = "clerk"
    UNIT_HEAD = "unit_head"
    DEPARTMENT_REVIEWER = "department_reviewer"
    FINANCE_REVIEWER = "finance_reviewer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One edge: a verb takes papers from a state to another, made by one role."""

    verb: str
    source: State
    target: State
    role: Actor
    papers: frozenset[Paper]
    judging: bool = False
    """The maker decides on another's work: whoever wrote or submitted it may not."""
    own: bool = False
    """Takes back the last move; only who made that one may."""
    reasoned: bool = False
    """A reason with code and words is due."""
    sees: bool = False
    """The maker names the digest of what she saw; another content is a conflict."""
    imported: bool = False
    """Only for papers that were brought in as a published document."""


VERB_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "submit": "提交",
        "withdraw": "撤回",
        "check": "单位审核通过",
        "review": "主管部门审核通过",
        "approve": "批复",
        "confirm": "确认复核",
        "return_to_clerk": "退回经办",
        "return_to_unit": "退回单位",
        "return_to_department": "退回主管部门",
        "publish": "公开",
        "supersede": "由新版本替代",
        "close": "办结",
        "publish_import": "随文件导入",
    }
)
RETURN_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "incomplete": "填报不完整",
        "target_unclear": "指标或指标值不明确",
        "points": "分值不合规定",
        "funds": "资金与预算、决算不一致",
        "evidence": "佐证资料不足",
        "reason_missing": "偏差原因没有说明",
        "other": "其他",
    }
)
ADJUSTMENT_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "budget_changed": "预算调整",
        "policy_changed": "政策变化",
        "task_changed": "任务或范围变化",
        "force_majeure": "不可抗力",
        "correction": "原表有误",
        "other": "其他",
    }
)
_ALL = frozenset(Paper)
_APPROVED = frozenset({Paper.TARGET_TABLE, Paper.MONITORING})
_TARGET = frozenset({Paper.TARGET_TABLE})
_EVALUATION = frozenset({Paper.EVALUATION})
_S, _A = State, Actor


def _returns(verb: str, source: State, target: State, role: Actor) -> Move:
    return Move(
        verb=verb,
        source=source,
        target=target,
        role=role,
        papers=_ALL,
        judging=True,
        reasoned=True,
        sees=True,
    )


def _onward(verb: str, source: State, target: State, role: Actor, papers: frozenset[Paper]) -> Move:
    return Move(
        verb=verb, source=source, target=target, role=role, papers=papers, judging=True, sees=True
    )


def _back(source: State, target: State, role: Actor) -> Move:
    return Move(verb="withdraw", source=source, target=target, role=role, papers=_ALL, own=True)


def _end(verb: str, source: State, target: State, papers: frozenset[Paper]) -> Move:
    return Move(verb=verb, source=source, target=target, role=_A.FINANCE_REVIEWER, papers=papers)


MOVES: tuple[Move, ...] = (
    *(
        Move(verb="submit", source=source, target=_S.SUBMITTED, role=_A.CLERK, papers=_ALL)
        for source in (_S.DRAFT, _S.RETURNED, _S.WITHDRAWN)
    ),
    _back(_S.SUBMITTED, _S.WITHDRAWN, _A.CLERK),
    _onward("check", _S.SUBMITTED, _S.UNIT_CHECKED, _A.UNIT_HEAD, _ALL),
    _returns("return_to_clerk", _S.SUBMITTED, _S.RETURNED, _A.UNIT_HEAD),
    _back(_S.UNIT_CHECKED, _S.SUBMITTED, _A.UNIT_HEAD),
    _onward("review", _S.UNIT_CHECKED, _S.DEPARTMENT_REVIEWED, _A.DEPARTMENT_REVIEWER, _ALL),
    _returns("return_to_unit", _S.UNIT_CHECKED, _S.SUBMITTED, _A.DEPARTMENT_REVIEWER),
    _returns("return_to_clerk", _S.UNIT_CHECKED, _S.RETURNED, _A.DEPARTMENT_REVIEWER),
    _back(_S.DEPARTMENT_REVIEWED, _S.UNIT_CHECKED, _A.DEPARTMENT_REVIEWER),
    _onward("approve", _S.DEPARTMENT_REVIEWED, _S.APPROVED, _A.FINANCE_REVIEWER, _APPROVED),
    _onward("confirm", _S.DEPARTMENT_REVIEWED, _S.CONFIRMED, _A.FINANCE_REVIEWER, _EVALUATION),
    _returns("return_to_department", _S.DEPARTMENT_REVIEWED, _S.UNIT_CHECKED, _A.FINANCE_REVIEWER),
    _returns("return_to_unit", _S.DEPARTMENT_REVIEWED, _S.SUBMITTED, _A.FINANCE_REVIEWER),
    _returns("return_to_clerk", _S.DEPARTMENT_REVIEWED, _S.RETURNED, _A.FINANCE_REVIEWER),
    _end("publish", _S.APPROVED, _S.PUBLISHED, _TARGET),
    _end("publish", _S.CONFIRMED, _S.PUBLISHED, _EVALUATION),
    _end("supersede", _S.APPROVED, _S.SUPERSEDED, _TARGET),
    _end("supersede", _S.PUBLISHED, _S.SUPERSEDED, _TARGET),
    _end("close", _S.APPROVED, _S.CLOSED, _APPROVED),
    _end("close", _S.PUBLISHED, _S.CLOSED, _TARGET | _EVALUATION),
    *(
        Move(
            verb="publish_import",
            source=_S.DRAFT,
            target=_S.PUBLISHED,
            role=role,
            papers=_TARGET | _EVALUATION,
            imported=True,
        )
        for role in (_A.CLERK, _A.DEPARTMENT_REVIEWER, _A.FINANCE_REVIEWER)
    ),
)
NOT_OFFERED = frozenset({"supersede", "publish_import"})
"""Moves that only happen as part of another verb."""


def moves_from(paper: Paper, state: State, roles: Iterable[str]) -> tuple[Move, ...]:
    """The moves that the holders of ``roles`` may make from a state, as far as roles decide."""
    held = set(roles)
    return tuple(
        move
        for move in MOVES
        if paper in move.papers and move.source == state and move.role in held
    )


def move_of(paper: Paper, state: State, verb: str, roles: Iterable[str]) -> Move | None:
    """The move a verb means here, or None where the table has none."""
    return next((move for move in moves_from(paper, state, roles) if move.verb == verb), None)


def verbs_of(paper: Paper) -> tuple[str, ...]:
    """All verbs that are offered for a kind of paper."""
    named = dict.fromkeys(move.verb for move in MOVES if paper in move.papers)
    return tuple(verb for verb in named if verb not in NOT_OFFERED)


# ── rights ──────────────────────────────────────────────────────────────────────────────────────


@cache
def rights() -> Mapping[tuple[Paper, str, str, State], str]:
    """``rights.csv``: (paper, field, role, state) → ``w`` (read and write), ``r`` or nothing.

    Raises ValueError for a word that is none of these, an unknown state or a row given twice.
    """
    found: dict[tuple[Paper, str, str, State], str] = {}
    text = resources.files("performance").joinpath("rights.csv").read_text(encoding="utf-8-sig")
    for row in csv.DictReader(text.splitlines()):
        paper, field, role = Paper(row.pop("paper")), row.pop("field"), row.pop("role")
        for state, right in row.items():
            key = (paper, field, role, State(state))
            if right not in {"w", "r", "-"} or key in found:
                raise ValueError(f"rights.csv: {paper} {field} {role} {state}: {right!r}")
            found[key] = right.replace("-", "")
    return MappingProxyType(found)


def fields_of(paper: Paper) -> tuple[str, ...]:
    """The fields of a paper, in the order of the table of rights."""
    return tuple(dict.fromkeys(field for kind, field, _, _ in rights() if kind == paper))


def may(right: str, paper: Paper, field: str, state: State, roles: Iterable[str]) -> bool:
    """Whether one of the roles may read (``r``) or write (``w``) a field in a state."""
    table = rights()
    return any(right in _WIDENED[table.get((paper, field, role, state), "")] for role in roles)


_WIDENED = {"": "", "r": "r", "w": "rw"}


def writable_fields(paper: Paper, state: State, roles: Iterable[str]) -> frozenset[str]:
    """The fields that the holders of ``roles`` may write in a state."""
    held = tuple(roles)
    return frozenset(field for field in fields_of(paper) if may("w", paper, field, state, held))


@cache
def hidden_states(paper: Paper, role: str) -> frozenset[State]:
    """States in which a role may read nothing of a paper: it does not see that it is there."""
    return frozenset(
        state
        for state in State
        if not any(may("r", paper, field, state, [role]) for field in fields_of(paper))
    )
