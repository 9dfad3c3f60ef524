"""What a figure says of its subject: its value, a change, a share, a standard, a threshold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from performance.examination.prose import words
from performance.examination.prose.model import Figure, FigureKind, Role
from performance.examination.prose.subjects import cut, subject_of

_BEHIND_THRESHOLD = re.compile(r"(?:\(含\)|含)?(?:以上|以下|以内)(?:的|\(|[一-鿿])")
_RATIO_NAME = re.compile(r"(?:的比率|的比例|比重)[^占]{0,6}$")
_LONGEST_LEAD = 60
_BARE_VERB = 4
"""A clause as short as this holds a verb of growth and no name."""


@dataclass(frozen=True, slots=True)
class Clue:
    """A figure before it is put together: the words around it."""

    sentence: str
    clause: str
    spot: tuple[int, int]
    kind: FigureKind
    unit: str
    before: Sequence[Figure]
    """The figures of the sentence in front of it."""


def said_of(clue: Clue) -> tuple[Role, str, str]:
    """Role, subject and, of a share, its base."""
    clause = clue.clause
    if _BEHIND_THRESHOLD.match(clue.sentence, clue.spot[1]) and (
        clue.kind is FigureKind.AMOUNT or words.THRESHOLD.search(clause)
    ):
        return Role.THRESHOLD, "", ""
    if "/" in clue.unit or (clue.kind is FigureKind.AMOUNT and words.STANDARD.search(clause)):
        return Role.STANDARD, "", ""
    if clue.kind is FigureKind.RATE:
        if words.COMPLETION.search(clause):
            return Role.COMPLETION, subject_of(clause), ""
        share = words.SHARE.search(clause) if "占" in clause else None
        if share is not None and not _is_ratio_name(clause):
            return Role.SHARE, subject_of(clause[: share.start()]), share["base"].strip("的")
    if words.CHANGE_END.search(clause) and not words.GROWN_TO.search(clause) and _is_change(clue):
        return Role.CHANGE, subject_of(clause), ""
    return Role.VALUE, subject_of(clause) or _inherited(clue), ""


def _is_ratio_name(clause: str) -> bool:
    """人数占全市应救助人数的比率 is a name of its own, and 占 no predicate."""
    return clause.find("占") > 0 and _RATIO_NAME.search(clause) is not None


def _is_change(clue: Clue) -> bool:
    """A verb of growth alone, or one behind a comparison; else the name may end in it."""
    clause = clue.clause
    if clue.kind is FigureKind.RATE or len(clause) <= _BARE_VERB:
        return True
    if "比" in clause or "较" in clause:
        return True
    if words.COMPARED.search(clue.sentence, 0, clue.spot[0]):
        return True
    alone = not any(one.role is Role.VALUE and one.kind is clue.kind for one in clue.before[-2:])
    return alone or any(one.role is Role.CHANGE for one in clue.before[-3:])


def _inherited(clue: Clue) -> str:
    """The words before a colon, where the clause itself is empty: 预算规模：600 万元."""
    if clue.clause.strip("为是约"):
        return ""
    start = clue.spot[0] - len(clue.clause)
    previous_end = clue.before[-1].spot[1] if clue.before else 0
    lead = clue.sentence[max(previous_end, start - _LONGEST_LEAD) : start]
    if not lead.endswith(":"):
        return ""
    return subject_of(cut(lead[:-1]).replace(":", ",").rpartition(",")[2].rpartition(";")[2])
