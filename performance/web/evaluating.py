"""A self-evaluation as it is filled in: each line with its computed points, its reason, its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from budgets.errors import Invalid
from performance.selectors.accounts import StatedMoney
from performance.selectors.checkups import Checkup
from performance.selectors.desk import Desk
from performance.selectors.trials import Trial, TriedLine, tried
from performance.selectors.versions import SupportingFile
from performance.values import plain
from performance.web.fields import Row, Sheet
from performance.workflow import Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of the form with what the rule makes of it and the files that support it."""

    row: Row
    tried: TriedLine | None
    files: tuple[SupportingFile, ...]


def shown(
    sheet: Sheet,
    desk: Desk,
    checkup: Checkup | None,
    files: Sequence[SupportingFile],
    stated: Sequence[StatedMoney] | None = None,
) -> dict[str, Any]:
    """What the templates show of a self-evaluation beside its fields; nothing for other papers.

    ``stated`` is what final accounts say, where it was asked for.
    """
    if desk.paper is not Paper.EVALUATION:
        return {}
    trial = tried(checkup) if desk.editable else None
    by_line: dict[int, list[SupportingFile]] = {}
    for file in files:
        by_line.setdefault(file.seq, []).append(file)
    return {
        "trial": trial,
        "stated": stated,
        "lines": [
            Line(
                row=row,
                tried=trial.line(row.number) if trial is not None else None,
                files=tuple(by_line.get(row.number, ())),
            )
            for row in sheet.rows
        ],
    }


def taken(content: Mapping[str, Any], trial: Trial, which: str) -> dict[str, Any]:
    """The content with computed points as the claims: of one line, of execution (0), or of all.

    A line that is not scored keeps its claim. Raises Invalid for a line that is not there.
    """
    every = which == "all"
    if not every and not (
        which.isascii() and which.isdigit() and len(which) < 5 and int(which) <= len(trial.lines)
    ):
        raise Invalid({"seq": "没有这一行"})
    wanted = None if every else int(which)
    rows = []
    for row in content["actuals"]:
        line = trial.line(row["seq"])
        takes = every or wanted == row["seq"]
        if takes and line is not None and line.awarded is not None:
            row = {**row, "claimed": plain(line.awarded)}
        rows.append(row)
    found = {**content, "actuals": rows}
    execution = trial.execution
    if (every or wanted == 0) and execution is not None and execution.awarded is not None:
        found["execution"] = {
            **(content.get("execution") or {}),
            "claimed": plain(execution.awarded),
        }
    if every:
        found["total_claimed"] = plain(trial.total)
    return found
