"""What the money must achieve, and what it did."""

from __future__ import annotations

from performance.models.papers import (
    Actual,
    ActualState,
    Document,
    Evaluation,
    EvaluationKind,
    Evidence,
    ImportRun,
    Indicator,
    Objective,
    ScopeChoice,
    Status,
    TargetTable,
)
from performance.models.scores import FindingRow, Review, ScoreLine, ScoreRun

__all__ = [
    "Actual",
    "ActualState",
    "Document",
    "Evaluation",
    "EvaluationKind",
    "Evidence",
    "FindingRow",
    "ImportRun",
    "Indicator",
    "Objective",
    "Review",
    "ScopeChoice",
    "ScoreLine",
    "ScoreRun",
    "Status",
    "TargetTable",
]
