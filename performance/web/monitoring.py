"""A monitoring table as it is filled in: each line with its light."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from budgets.errors import Invalid
from budgets.models import User
from performance.examination.progress import Judged
from performance.selectors.desk import Desk
from performance.selectors.progress import progress_of
from performance.web.fields import Row, Sheet
from performance.workflow import Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of the form with its light; None while what is typed cannot be read."""

    row: Row
    judged: Judged | None


def shown(
    user: User, sheet: Sheet, desk: Desk, content: Mapping[str, Any] | None
) -> dict[str, Any]:
    """What the templates show of a monitoring table beside its fields; nothing for other papers."""
    if desk.paper is not Paper.MONITORING:
        return {}
    try:
        progress = progress_of(user, desk.public_id, content if desk.editable else None)
    except Invalid:
        progress = None
    lines = [
        Line(row=row, judged=progress.lines[row.number - 1] if progress is not None else None)
        for row in sheet.rows
    ]
    return {"progress": progress, "lines": lines}
