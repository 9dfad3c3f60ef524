"""Puts the cells of a row under the columns of its header, also when the row has slipped.

Extraction from PDF drops or merges cells, so a row may stand one or several columns to the left
or right of its header. Columns say how well a text fits them; the cells keep their order; the
placing with the best sum wins, and staying in place is worth something. No position of any known
form is written down anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

_MOVED = 0.5
_MOVED_PER_COLUMN = 0.1
_LEFT_OUT = -4.0
_MOST_CELLS = 64
"""A wider row is taken as it stands: the forms have at most some twenty columns."""


def align(
    cells: Sequence[tuple[int, str]],
    width: int,
    fit: Callable[[str, int], float],
) -> list[int | None]:
    """Column for each filled cell, in order, or None for a cell that fits nowhere.

    ``cells`` are (position, text) of the filled cells; ``fit`` says how well a text stands under
    a column. Time is cells × columns.
    """
    if not cells or width == 0:
        return [None for _ in cells]
    if len(cells) > _MOST_CELLS or width > _MOST_CELLS:
        return [position if position < width else None for position, _ in cells]
    # best[i][j]: best sum for the first i cells using only columns below j
    best = [[0.0] * (width + 1)]
    choice: list[list[int | None]] = []
    for position, text in cells:
        before = best[-1]
        row = [before[0] + _LEFT_OUT]
        picked: list[int | None] = [None]
        for column in range(width):
            moved = abs(column - position)
            cost = _MOVED + _MOVED_PER_COLUMN * moved if moved else 0.0
            here = before[column] + fit(text, column) - cost
            left_out = before[column + 1] + _LEFT_OUT
            top, pick = row[column], picked[column]
            if left_out > top:
                top, pick = left_out, -1
            if here > top:
                top, pick = here, column
            row.append(top)
            picked.append(pick)
        best.append(row)
        choice.append(picked)
    return _picked(choice, width)


def _picked(choice: list[list[int | None]], width: int) -> list[int | None]:
    """The columns of the best sum, read back from the last cell to the first."""
    placed: list[int | None] = []
    limit = width
    for picked in reversed(choice):
        pick = picked[limit]
        if pick is None or pick < 0:
            placed.append(None)
        else:
            placed.append(pick)
            limit = pick
    placed.reverse()
    return placed
