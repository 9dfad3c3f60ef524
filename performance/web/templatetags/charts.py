"""The script of the charts, where it was built."""

from __future__ import annotations

from functools import cache

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html
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
