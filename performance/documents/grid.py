"""What every reader hands to the recogniser: rows of cells and lines of text, with places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from performance.tables import Place


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, cleaned of mark-up, and where it stands."""

    text: str
    at: Place


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; empty cells are there, with empty text."""

    cells: tuple[Cell, ...]

    @property
    def at(self) -> Place:
        """Place of the first cell that holds something, else of the first cell."""
        for cell in self.cells:
            if cell.text:
                return cell.at
        return self.cells[0].at if self.cells else ""

    @property
    def texts(self) -> list[str]:
        """The texts in order, empty ones included."""
        return [cell.text for cell in self.cells]

    @property
    def joined(self) -> str:
        """What stands in the row, for a problem's raw text."""
        return " | ".join(cell.text for cell in self.cells if cell.text)

    def filled(self) -> list[tuple[int, Cell]]:
        """The cells that hold something, with their positions."""
        return [(index, cell) for index, cell in enumerate(self.cells) if cell.text]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of running text outside any table; never empty."""

    text: str
    at: Place


Item: TypeAlias = Row | Line
Grid: TypeAlias = Sequence[Item]
"""A whole document in reading order."""
