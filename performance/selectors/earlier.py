"""The target table of the year before, held against what is being typed for this year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from budgets.models import User
from performance.access import evaluations_visible_to, target_tables_visible_to
from performance.examination.names import normal_form
from performance.models import Actual, TargetTable
from performance.selectors.contents import content_of, indicators_of
from performance.workflow import IN_FORCE, STATE_LABELS, State

CHANGES = {"same": "未变", "changed": "指标值或分值变了", "gone": "今年没有", "new": "今年新设"}
_COPIED = ("level1", "level2", "name", "target", "points", "basis", "definition", "scoring_rule",
           "evidence")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierRow:
    """An indicator of the year before beside this year's of the same name; either may be missing."""

    number: int
    """The row of the year before; 0 for an indicator that is new."""
    change: str
    level1: str
    level2: str
    name: str
    target: str
    points: str
    actual: str
    """What was achieved, by the self-evaluation in sight."""
    now_target: str
    now_points: str
    copied: Mapping[str, str]
    """The fields of a row of this year that is copied from it."""

    @property
    def change_label(self) -> str:
        """How it came out, in words."""
        return CHANGES[self.change]


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A project's target table of the year before."""

    public_id: UUID
    fiscal_year: int
    state_label: str
    rows: tuple[EarlierRow, ...]

    @property
    def copies(self) -> tuple[Mapping[str, str], ...]:
        """The rows that can be copied, in their order."""
        return tuple(row.copied for row in self.rows if row.number)


def has_earlier(user: User, project: UUID, fiscal_year: int) -> bool:
    """Whether there is a table of the year before that this account may see."""
    return _tables(user, project, fiscal_year - 1).exists()


def earlier_of(
    user: User, project: UUID, fiscal_year: int, typed: Mapping[str, Any]
) -> Earlier | None:
    """The table of the year before beside ``typed``, this year's content; None where none is in sight.

    The version in force, else the newest. Indicators are the same by their names, whatever
    blanks and punctuation; one of this year answers one of the year before.
    """
    tables = list(_tables(user, project, fiscal_year - 1).order_by("-revision"))
    if not tables:
        return None
    in_force = {state.value for state in IN_FORCE}
    table = next((one for one in tables if one.status in in_force), tables[0])
    now = [row for row in typed.get("indicators", ()) if isinstance(row, Mapping)]
    return Earlier(
        public_id=table.public_id,
        fiscal_year=table.fiscal_year,
        state_label=STATE_LABELS[State(table.status)],
        rows=_rows(content_of(table)["indicators"], _actuals(user, table), now),
    )


def _tables(user: User, project: UUID, fiscal_year: int) -> QuerySet[TargetTable]:
    return target_tables_visible_to(user).filter(
        project__public_id=project, fiscal_year=fiscal_year
    )


def _actuals(user: User, table: TargetTable) -> dict[int, str]:
    """What was achieved by the row of the table, as far as a self-evaluation in sight tells."""
    evaluation = (
        evaluations_visible_to(user).filter(table=table, kind="self").order_by("-id").first()
    )
    if evaluation is None:
        return {}
    order = {row.pk: seq for seq, row in enumerate(indicators_of(table.pk), start=1)}
    return {
        order[row.indicator_id]: row.text
        for row in Actual.unscoped.filter(evaluation=evaluation)
        if row.indicator_id in order
    }


def _rows(
    before: Sequence[Mapping[str, str]],
    actuals: Mapping[int, str],
    now: Sequence[Mapping[str, Any]],
) -> tuple[EarlierRow, ...]:
    left = [(normal_form(str(row.get("name", ""))), row) for row in now]
    found = []
    for number, row in enumerate(before, start=1):
        key = normal_form(row["name"])
        at = next((n for n, (name, _) in enumerate(left) if name and name == key), None)
        match = left.pop(at)[1] if at is not None else None
        found.append(_row(number, row, actuals.get(number, ""), match))
    found += [_row(0, row, "", row) for name, row in left if name]
    return tuple(found)


def _row(
    number: int, row: Mapping[str, Any], actual: str, now: Mapping[str, Any] | None
) -> EarlierRow:
    text = {name: str(row.get(name, "")) for name in _COPIED}
    mine = {name: str((now or {}).get(name, "")) for name in ("target", "points")}
    if not number:
        change = "new"
    elif now is None:
        change = "gone"
    else:
        same = all(_bare(text[name]) == _bare(mine[name]) for name in mine)
        change = "same" if same else "changed"
    return EarlierRow(
        number=number,
        change=change,
        level1=text["level1"],
        level2=text["level2"],
        name=text["name"],
        target=text["target"] if number else "",
        points=text["points"] if number else "",
        actual=actual,
        now_target=mine["target"],
        now_points=mine["points"],
        copied={**text, "prior_actual": actual},
    )


def _bare(text: str) -> str:
    """A text without white space: ``≥ 90%`` and ``≥90%`` are one target."""
    return "".join(text.split())
