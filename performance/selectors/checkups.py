"""The check-up (体检) of a paper as one account may see it, and the conclusion on its targets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from budgets.access import roles_for
from budgets.models import User
from performance.examination.conclusion import MEANINGS
from performance.examination.model import Aspect
from performance.mapping.examinations import SEVERITY_LABELS, Placed, kept_finding
from performance.models import Examination
from performance.scoring import ScoreSheet
from performance.selectors.desk import paper_row
from performance.selectors.examinations import AnyPaper, Examined, examine_paper
from performance.selectors.procedure import contributors_of
from performance.tables import Severity
from performance.workflow import EDITABLE, Paper, State, may


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The findings of one severity."""

    severity: str
    label: str
    findings: tuple[Placed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AspectGrade:
    """One aspect of the targets: the grade from the findings, and the reviewer's own."""

    aspect: str
    computed: str
    own: str
    """Empty until she concluded."""

    @property
    def grade(self) -> str:
        """The one that counts."""
        return self.own or self.computed


@dataclass(frozen=True, slots=True, kw_only=True)
class ConclusionSheet:
    """The conclusion on targets: computed, and what the reviewer made of it."""

    aspects: tuple[AspectGrade, ...]
    computed: str
    own: str
    words: str
    concluded_by: str
    concluded_at: datetime | None
    version: int
    """Of the examination; 0 while none is kept."""
    digest: str
    may_conclude: bool

    @property
    def overall(self) -> str:
        """The grade that counts."""
        return self.own or self.computed

    @property
    def meaning(self) -> str:
        """What the measure says is done with targets of this grade."""
        return MEANINGS[self.overall]

    @property
    def warns(self) -> bool:
        """Whether approving goes against the conclusion."""
        return self.overall == "差"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """What was found on a paper, for those who work with it."""

    groups: tuple[Group, ...]
    """Those with findings, the gravest first."""
    counts: Mapping[str, int]
    examined_at: datetime | None
    """When it was handed on; None: the content as it stands now."""
    conclusion: ConclusionSheet | None
    readable: bool = True
    """Whether the findings are this reader's; some read the conclusion alone."""
    sheet: ScoreSheet | None = None
    """The score of a self-evaluation whose content was examined now."""
    due: tuple[Placed, ...] = ()
    """Its lines that want a reason."""

    @property
    def findings(self) -> tuple[Placed, ...]:
        """All of them, the gravest first."""
        return tuple(finding for group in self.groups for finding in group.findings)

    @property
    def marked(self) -> dict[str, list[Placed]]:
        """Findings by the cell they speak of."""
        found: dict[str, list[Placed]] = {}
        for finding in self.findings:
            if finding.at:
                found.setdefault(finding.at, []).append(finding)
        return found


def checkup_of(
    user: User, paper: Paper, public_id: UUID, content: Mapping[str, Any] | None = None
) -> Checkup | None:
    """The check-up of a paper, or None when it is not there, or nothing of it is this reader's.

    What was handed on is shown as it was found then; what may still be written, and ``content``
    that is typed and not saved, is examined now. Raises Invalid for typed fields of no use.
    """
    row = paper_row(user, paper, public_id)
    if row is None:
        return None
    state = State(row.status)
    roles = roles_for(user, unit_id=row.unit_id, department_id=row.department_id)
    readable = may("r", paper, "findings", state, roles)
    shown = paper is Paper.TARGET_TABLE and may("r", paper, "conclusion", state, roles)
    if not readable and not shown:
        return None
    kept = examination_of(paper, row.pk) if state not in EDITABLE else None
    now = examine_paper(row, content) if kept is None else None
    findings: tuple[Placed, ...] = ()
    if readable:
        findings = now.findings if now is not None else _kept(kept)
    return Checkup(
        groups=_groups(findings),
        counts={
            severity.value: sum(one.severity is severity for one in findings)
            for severity in Severity
        },
        examined_at=kept.examined_at if kept is not None else None,
        conclusion=_conclusion(user, row, kept, now) if shown else None,
        readable=readable,
        sheet=now.sheet if now is not None and readable else None,
        due=now.due if now is not None and readable else (),
    )


def examination_of(paper: Paper, paper_id: int) -> Examination | None:
    """The newest examination of a paper that was handed on."""
    return (
        Examination.unscoped.filter(paper=paper.value, paper_id=paper_id)
        .select_related("concluded_by")
        .first()
    )


def _kept(kept: Examination | None) -> tuple[Placed, ...]:
    return tuple(kept_finding(one) for one in kept.findings) if kept is not None else ()


def _groups(findings: tuple[Placed, ...]) -> tuple[Group, ...]:
    groups = (
        Group(
            severity=severity.value,
            label=label,
            findings=tuple(one for one in findings if one.severity is severity),
        )
        for severity, label in SEVERITY_LABELS.items()
    )
    return tuple(group for group in groups if group.findings)


def _conclusion(
    user: User, row: AnyPaper, kept: Examination | None, now: Examined | None
) -> ConclusionSheet | None:
    if kept is not None:
        aspects, overall = kept.aspects, kept.overall
    elif now is not None and now.conclusion is not None:
        aspects, overall = dict(now.conclusion.aspects), now.conclusion.overall
    else:
        return None
    own = kept.own_aspects if kept is not None else {}
    return ConclusionSheet(
        aspects=tuple(
            AspectGrade(
                aspect=aspect.value, computed=aspects[aspect.value], own=own.get(aspect.value, "")
            )
            for aspect in Aspect
        ),
        computed=overall,
        own=kept.own_overall if kept is not None else "",
        words=kept.own_words if kept is not None else "",
        concluded_by=kept.concluded_by.display_name if kept and kept.concluded_by else "",
        concluded_at=kept.concluded_at if kept is not None else None,
        version=kept.lock_version if kept is not None else 0,
        digest=kept.digest if kept is not None else "",
        may_conclude=_may_conclude(user, row),
    )


def _may_conclude(user: User, row: AnyPaper) -> bool:
    """Whether this account may write the conclusion now; the service checks again."""
    roles = roles_for(user, unit_id=row.unit_id, department_id=row.department_id)
    return may("w", Paper.TARGET_TABLE, "conclusion", State(row.status), roles) and (
        user.pk not in contributors_of(Paper.TARGET_TABLE, row.pk)
    )
