"""An indicator row as texts, before its values are read, and the levels it stands under."""

from __future__ import annotations

from dataclasses import dataclass, field

from performance.documents.grid import Cell
from performance.documents.labels import Column
from performance.tables import Place


@dataclass(slots=True)
class RawIndicator:
    """An indicator row as texts, before values are read."""

    name: str
    at: Place
    level1: str | None
    level2: str | None
    level1_text: str | None
    level2_text: str | None
    goal: str | None
    cells: dict[Column, Cell]
    inferred: list[str] = field(default_factory=list)
    execution: bool = False
    """The row is about budget execution (一级指标 预算执行) and no indicator of its own."""


@dataclass(slots=True)
class Levels:
    """The labels that hold until the next ones: merged cells appear once."""

    level1: str | None = None
    level1_text: str | None = None
    level2: str | None = None
    level2_text: str | None = None
