"""From findings to the conclusion on targets: 优, 良, 中, 差 by aspect and overall."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from performance.examination.limits import GRADES, Thresholds
from performance.examination.model import Aspect
from performance.tables import Finding, Severity

MEANINGS: Mapping[str, str] = {
    "优": "进入下一步预算安排流程",
    "良": "修改完善后，进入下一步预算安排流程",
    "中": "修改完善后重新填报，再次审核",
    "差": "不得进入预算安排流程",
}
"""What is done with targets of each overall grade (财预〔2015〕88号, 条款待核)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """What the examination of a target table comes to; a reviewer may set another."""

    aspects: Mapping[Aspect, str]
    """Grade by aspect, all four of them."""
    overall: str
    """What follows from it stands in ``MEANINGS``."""


def conclude(findings: Iterable[Finding], limits: Thresholds) -> Conclusion:
    """Grades each aspect by its findings; the overall grade is the lowest of the four.

    The limits are data (``conclusion`` of the thresholds), looked at from 差 upwards; the first
    that an aspect reaches is its grade. By the default: 差 with one blocking finding or five
    errors, 中 with two errors, 良 with one error or three hints, else 优. Findings without an
    aspect (claims, money executed, other papers) say nothing about targets and do not count.
    """
    counts: Counter[tuple[str, Severity]] = Counter(
        (finding.aspect, finding.severity) for finding in findings if finding.aspect is not None
    )
    aspects = {aspect: _grade(aspect, counts, limits) for aspect in Aspect}
    return Conclusion(aspects=aspects, overall=max(aspects.values(), key=GRADES.index))


def _grade(aspect: Aspect, counts: Mapping[tuple[str, Severity], int], limits: Thresholds) -> str:
    blocks, errors, notices = (
        counts.get((aspect.value, severity), 0)
        for severity in (Severity.BLOCK, Severity.ERROR, Severity.NOTICE)
    )
    for limit in limits.conclusion:
        for count, least in (
            (blocks, limit.blocks),
            (errors, limit.errors),
            (notices, limit.notices),
        ):
            if least is not None and count >= least:
                return limit.grade
    return GRADES[0]
