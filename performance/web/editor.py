"""The editor of a target table: what its grid is told beside the fields."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest

from budgets.web.forms import user_of
from performance.selectors.desk import Desk
from performance.selectors.earlier import has_earlier
from performance.selectors.templates import PointsTemplate
from performance.values import plain
from performance.values.usual import USUAL
from performance.web.fields import LONG_COLUMNS
from performance.workflow import Paper


def context_of(request: HttpRequest, found: Desk) -> dict[str, Any]:
    """What the editor's page needs beside the fields; empty for other papers and for readers."""
    if found.paper is not Paper.TARGET_TABLE or not found.editable or found.template is None:
        return {}
    return {
        "grid": True,
        "long_columns": LONG_COLUMNS,
        "points_template": as_json(_template(found.template)),
        "measures": as_json({level2: [m.comparators, m.units] for level2, m in USUAL.items()}),
        "has_earlier": has_earlier(user_of(request), found.project_id, found.fiscal_year),
    }


def _template(template: PointsTemplate) -> dict[str, Any]:
    return {
        "title": template.title,
        "binding": template.binding,
        "total": plain(template.total),
        "totals": [plain(total) for total in template.totals],
        "levels": {
            ",".join(kind): {level: plain(points) for level, points in levels.items()}
            for kind, levels in template.levels.items()
        },
    }


def as_json(value: Any) -> str:
    """A value for a data attribute."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
