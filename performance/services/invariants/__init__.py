"""What must be true of the stored data at any moment, whatever happened before.

Read in one snapshot of the database, as the service itself. One function for each invariant; a new
one is added to ``CHECKS``.
"""

from __future__ import annotations

from collections.abc import Callable

from budgets.services.checkpoints import Shelf, read_shelf
from budgets.services.replay import replay
from budgets.services.snapshots import one_snapshot
from budgets.services.trail import verify
from performance.services.invariants.columns import departments_agree, texts_and_numbers_sound
from performance.services.invariants.files import files_kept
from performance.services.invariants.jobs import jobs_get_done
from performance.services.invariants.papers import (
    judges_are_no_contributors,
    snapshots_recompute,
    steps_are_legal,
)
from performance.services.invariants.scores import scores_sum
from performance.services.invariants.shapes import Result
from performance.services.invariants.tallies import sums_agree

__all__ = ["CHECKS", "Result", "check_all"]


def rows_are_the_trails() -> Result:
    """I3: the changes of the trail, replayed, are the rows of today."""
    result = Result("I3", "留痕重放后与现有数据一致")
    found = replay()
    result.checked = found.rows
    result.extend(str(fault) for fault in found.faults)
    return result


def trail_is_sound(shelf: Shelf) -> Result:
    """I4: chains, seals and checkpoints."""
    result = Result("I4", "留痕的链、封印与检查点完好")
    verdict = verify(shelf=shelf, fold=False)
    result.checked = verdict.events + verdict.changes + verdict.heads
    result.extend(str(fault) for fault in verdict.faults)
    result.broken += verdict.unlisted
    if not verdict.checkpoints:
        result.notes.append("还没有检查点：截去链尾或整条重算看不出来")
    return result


CHECKS: tuple[Callable[[], Result], ...] = (
    scores_sum,
    snapshots_recompute,
    judges_are_no_contributors,
    departments_agree,
    files_kept,
    jobs_get_done,
    texts_and_numbers_sound,
    steps_are_legal,
    sums_agree,
)
"""After those of the trail, in order of their numbers."""


def check_all() -> list[Result]:
    """Every invariant, in one snapshot."""
    shelf = read_shelf()
    with one_snapshot():
        return [rows_are_the_trails(), trail_is_sound(shelf), *(check() for check in CHECKS)]
