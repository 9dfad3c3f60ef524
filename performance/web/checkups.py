"""The check-up on a paper's page: what was found, and where it stands in the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.urls import reverse

from budgets.web.forms import user_of
from performance.examination.conclusion import MEANINGS
from performance.mapping.examinations import Placed, is_elsewhere
from performance.selectors.checkups import Checkup, checkup_of
from performance.selectors.desk import Desk
from performance.workflow import EDITABLE, Paper, State

_OPEN = EDITABLE | {State.SUBMITTED, State.UNIT_CHECKED, State.DEPARTMENT_REVIEWED}
"""While a paper is worked on, what must be mended is shown unfolded."""
_SECTIONS = {"evidence": "#evidence"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A finding with its number on the page and the way to its cell."""

    number: int
    finding: Placed
    link: str
    """Empty where it speaks of the paper as a whole."""
    elsewhere: bool
    """It speaks of the target table, which this paper does not change."""
    listed: bool
    """Whether it stands in the list, which may be cut short; its cell is marked in any case."""

    @property
    def anchor(self) -> str:
        """Where it stands in the list."""
        return f"finding-{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundGroup:
    """The findings of one severity on a page."""

    severity: str
    label: str
    rows: tuple[Found, ...]
    open: bool

    @property
    def listed(self) -> list[Found]:
        """Those that the list shows."""
        return [row for row in self.rows if row.listed]

    @property
    def more(self) -> int:
        """How many it does not show."""
        return len(self.rows) - len(self.listed)


def shown(checkup: Checkup | None, desk: Desk, *, most: int | None = None) -> dict[str, Any]:
    """What the templates show of a check-up; with ``most``, no more of each group in the list."""
    groups: list[FoundGroup] = []
    number = 0
    for group in checkup.groups if checkup is not None else ():
        rows: list[Found] = []
        for finding in group.findings:
            number += 1
            listed = most is None or len(rows) < most
            rows.append(_found(number, finding, desk, listed=listed))
        groups.append(
            FoundGroup(
                severity=group.severity,
                label=group.label,
                rows=tuple(rows),
                open=group.severity != "notice" and desk.state in _OPEN,
            )
        )
    return {
        "checkup": checkup,
        "found_groups": groups,
        "conclusion": checkup.conclusion if checkup is not None else None,
        "meanings": MEANINGS,
    }


def by_cell(groups: list[FoundGroup]) -> dict[str, list[Found]]:
    """The findings of each cell, the gravest first."""
    found: dict[str, list[Found]] = {}
    for group in groups:
        for row in group.rows:
            if row.finding.at:
                found.setdefault(row.finding.at, []).append(row)
    return found


def _found(number: int, finding: Placed, desk: Desk, *, listed: bool) -> Found:
    at = finding.at
    elsewhere = is_elsewhere(desk.paper, at)
    link = _SECTIONS.get(at, f"#f-{at}" if at else "")
    if elsewhere:
        link = ""
        if desk.table is not None:
            where = {"kind": "target-tables", "public_id": desk.table}
            link = f"{reverse('performance:paper', kwargs=where)}#f-{at}"
    return Found(number=number, finding=finding, link=link, elsewhere=elsewhere, listed=listed)


# ── acts ────────────────────────────────────────────────────────────────────────────────────────


def examined(
    request: HttpRequest, paper: Paper, public_id: UUID, content: Mapping[str, Any]
) -> Checkup:
    """The check-up of what was typed; nothing is written. Raises Invalid, and 404."""
    found = checkup_of(user_of(request), paper, public_id, content)
    if found is None:
        raise Http404
    return found
