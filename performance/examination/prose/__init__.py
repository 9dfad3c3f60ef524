"""Figures in running text: read with what they are said of."""

from __future__ import annotations

from performance.examination.prose.model import Figure, FigureKind, Role
from performance.examination.prose.reader import read_figures

__all__ = [
    "Figure",
    "FigureKind",
    "Role",
    "read_figures",
]
