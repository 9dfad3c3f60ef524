"""Placing the cells of a row under columns that want them."""

from __future__ import annotations

import time

from performance.documents.align import align


def _letters(text: str, column: int) -> float:
    """Column 0 wants a, column 1 wants b, and so on."""
    return 3.0 if ord(text[0]) - ord("a") == column else -3.0


def test_cells_in_place_stay_in_place() -> None:
    assert align([(0, "a"), (1, "b"), (3, "d")], 4, _letters) == [0, 1, 3]


def test_a_row_that_slipped_left_goes_back() -> None:
    assert align([(0, "b"), (1, "c"), (2, "d")], 4, _letters) == [1, 2, 3]


def test_a_row_that_slipped_right_goes_back() -> None:
    assert align([(1, "a"), (2, "b")], 4, _letters) == [0, 1]


def test_order_is_kept_and_what_fits_nowhere_is_left_out() -> None:
    assert align([(0, "b"), (1, "a"), (2, "c")], 3, _letters) in ([1, None, 2], [None, 0, 2])
    assert align([(0, "z")], 0, _letters) == [None]
    assert align([], 3, _letters) == []


def test_a_tie_stays_where_it_is() -> None:
    assert align([(2, "x"), (3, "x")], 5, lambda _text, _column: 1.0) == [2, 3]


def test_more_cells_than_columns() -> None:
    placed = align([(i, c) for i, c in enumerate("aabbcc")], 3, _letters)
    assert [p for p in placed if p is not None] == [0, 1, 2]


def test_very_wide_rows_are_taken_as_they_stand() -> None:
    begins = time.perf_counter()
    placed = align([(i, "a") for i in range(5000)], 4000, _letters)
    assert placed[:2] == [0, 1]
    assert placed[-1] is None
    assert time.perf_counter() - begins < 1
