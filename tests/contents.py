"""Contents of papers as people type them: plain dictionaries, no Django."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

DEADLINE = datetime(2098, 12, 31, 16, 0, tzinfo=UTC)


def targets(**changes: Any) -> dict[str, Any]:
    """The content of a target table that may be submitted."""
    content: dict[str, Any] = {
        "objectives": ["完成全年任务，服务群众满意"],
        "funds": [{"source": "total", "initial": "600000"}],
        "goal_points": "90",
        "supervisor": "甲局",
        "unit": "甲一中心",
        "indicators": [
            {
                "level1": "产出指标",
                "level2": "数量指标",
                "name": "培训人次",
                "target": "≥100人次",
                "points": "40",
            },
            {
                "level1": "效益指标",
                "level2": "社会效益指标",
                "name": "知晓率",
                "target": "≥90%",
                "points": "40",
            },
            {
                "level1": "满意度指标",
                "level2": "服务对象满意度指标",
                "name": "服务对象满意度",
                "target": "≥95%",
                "points": "10",
            },
        ],
    }
    return {**content, **changes}


def actuals(**changes: Any) -> dict[str, Any]:
    """The content of a self-evaluation against ``targets``."""
    content: dict[str, Any] = {
        "actuals": [
            {"seq": 1, "actual": "90人次", "claimed": "40", "deviation": "场地调整"},
            {"seq": 2, "actual": "93%", "claimed": "40", "deviation": ""},
            {"seq": 3, "actual": "96%", "claimed": "10", "deviation": ""},
        ],
        "execution": {
            "budget": "600000",
            "executed": "540000",
            "points": "10",
            "claimed": "9",
            "finished": None,
        },
        "total_claimed": "99",
        "deviation_reason": "",
        "improvement": "",
    }
    return {**content, **changes}


def progress(**changes: Any) -> dict[str, Any]:
    """The content of a monitoring table against ``targets``."""
    content: dict[str, Any] = {
        "lines": [
            {"seq": 1, "progress": "50人次", "forecast": "可以完成", "cause": ""},
            {"seq": 2, "progress": "91%", "forecast": "可以完成", "cause": ""},
            {"seq": 3, "progress": "不适用", "forecast": "年底调查", "cause": ""},
        ],
        "adjusted": "600000",
        "executed": "300000",
        "cause": "",
        "measures": "",
    }
    return {**content, **changes}
