"""What the money must achieve, and what it did."""

from __future__ import annotations

from performance.models.examinations import Examination
from performance.models.library import LibraryEntry
from performance.models.papers import (
    IN_A_CORNER,
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
from performance.models.procedure import (
    Monitoring,
    MonitoringLine,
    PaperKind,
    Snapshot,
    SnapshotKind,
    Step,
    Task,
    TaskDeadline,
    TaskUnit,
)
from performance.models.reviewing import (
    Decision,
    Feedback,
    FeedbackAnswer,
    ItemState,
    RectificationItem,
)
from performance.models.scores import (
    FindingRow,
    Review,
    ReviewLine,
    ReviewState,
    RunKind,
    ScoreLine,
    ScoreRun,
)
from performance.models.spot_checks import SpotCheck, SpotCheckItem
from performance.models.tallies import Tally, TallyMark
from performance.models.uploads import TakenTable, Upload

__all__ = [
    "IN_A_CORNER",
    "Actual",
    "ActualState",
    "Decision",
    "Document",
    "Evaluation",
    "EvaluationKind",
    "Evidence",
    "Examination",
    "Feedback",
    "FeedbackAnswer",
    "FindingRow",
    "ImportRun",
    "Indicator",
    "ItemState",
    "LibraryEntry",
    "Monitoring",
    "MonitoringLine",
    "Objective",
    "PaperKind",
    "RectificationItem",
    "Review",
    "ReviewLine",
    "ReviewState",
    "RunKind",
    "ScopeChoice",
    "ScoreLine",
    "ScoreRun",
    "Snapshot",
    "SnapshotKind",
    "SpotCheck",
    "SpotCheckItem",
    "Status",
    "Step",
    "TakenTable",
    "Tally",
    "TallyMark",
    "TargetTable",
    "Task",
    "TaskDeadline",
    "TaskUnit",
    "Upload",
]
