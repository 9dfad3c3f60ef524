"""Figures in running text: read with what they are said of, and held against what is known."""

from __future__ import annotations

from performance.examination.prose.checks import PROSE_CHECKS, check_x01_prose
from performance.examination.prose.facts import Fact, FactKind, facts_of
from performance.examination.prose.model import Figure, FigureKind, Role
from performance.examination.prose.reader import read_figures

__all__ = [
    "PROSE_CHECKS",
    "Fact",
    "FactKind",
    "Figure",
    "FigureKind",
    "Role",
    "check_x01_prose",
    "facts_of",
    "read_figures",
]
