"""The rule lab (规则试算): papers scored again under other rules, and why the points differ."""

from __future__ import annotations

from performance.lab.compare import compare
from performance.lab.model import (
    LAB_MOST_OTHERS,
    Contender,
    LabReport,
    LineChange,
    ProjectChange,
)
from performance.lab.settings import SETTINGS, with_settings

__all__ = [
    "LAB_MOST_OTHERS",
    "SETTINGS",
    "Contender",
    "LabReport",
    "LineChange",
    "ProjectChange",
    "compare",
    "with_settings",
]
