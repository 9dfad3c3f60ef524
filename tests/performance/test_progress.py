"""Progress by stage: every state stands in one, and the bars fill their length."""

from __future__ import annotations

from performance.reports.progress import STAGES, progress_rows
from performance.workflow import State


def test_every_state_stands_in_one_stage() -> None:
    listed = [state for _, states in STAGES.values() for state in states]
    assert sorted(listed) == sorted(State)


def test_rows_count_and_fill_their_bar() -> None:
    rows = progress_rows(
        [
            ("甲", State.DRAFT, 1),
            ("甲", State.RETURNED, 1),
            ("甲", State.PUBLISHED, 1),
            ("乙", State.APPROVED, 4),
            ("丙", State.SUBMITTED, 2),
        ]
    )
    assert [(row.name, row.open, row.total) for row in rows] == [
        ("丙", 2, 2),
        ("甲", 2, 3),
        ("乙", 0, 4),
    ]
    for row in rows:
        assert [one.key for one in row.stretches] == list(STAGES)
        assert sum(one.count for one in row.stretches) == row.total
        assert abs(sum(one.width for one in row.stretches) - 100) < 0.1
    assert [one.count for one in rows[1].stretches] == [2, 0, 0, 0, 1]


def test_two_of_one_name_stay_two() -> None:
    counts = [(7, State.DRAFT, 2), (9, State.DRAFT, 1)]
    rows = progress_rows(counts, {7: "教育局", 9: "教育局"})
    assert [(row.name, row.total) for row in rows] == [("教育局", 2), ("教育局", 1)]
