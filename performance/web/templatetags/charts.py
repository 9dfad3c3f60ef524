"""The script of the charts, where it was built."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString

register = template.Library()
_SCRIPT = "performance/built/charts.js"


@cache
def _is_built() -> bool:
    return finders.find(_SCRIPT) is not None


@register.simple_tag
def chart_script() -> SafeString:
    """The script element; nothing where it was not built: the tables beside the charts remain."""
    if not _is_built():
        return SafeString("")
    return format_html('<script src="{}" defer></script>', static(_SCRIPT))


@register.simple_tag
def chart_room() -> str:
    """The attribute that keeps a chart's room away where nothing will be drawn in it."""
    return "" if _is_built() else "hidden"


class _Plain(json.JSONEncoder):
    """Chinese as it is: escaped, each character would weigh twice as much."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "ensure_ascii": False, "separators": (",", ":")})


@register.simple_tag
def chart_data(chart: object, name: str) -> SafeString:
    """What a chart is drawn from, as data in the page under ``name``."""
    return json_script(chart, name, encoder=_Plain)
