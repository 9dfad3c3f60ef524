"""Scoring: a self-evaluation and a rule set in, a sheet that explains itself out."""

from __future__ import annotations

from performance.scoring.engine import grade_of, score
from performance.scoring.rules import RuleSet
from performance.scoring.sheet import Flag, LineState, ScoreLine, ScoreSheet

__all__ = ["Flag", "LineState", "RuleSet", "ScoreLine", "ScoreSheet", "grade_of", "score"]
