"""From a page to its place in the manual."""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()
PLACES = {
    "desk": "clerk#desk",
    "target-tables": "clerk#targets",
    "library": "clerk#targets",
    "monitorings": "clerk#monitoring",
    "evaluations": "clerk#evaluation",
    "rectifications": "clerk#feedback",
    "proof": "clerk#proof",
    "documents": "report#figures",
    "projects": "report#figures",
    "exports": "report#figures",
    "tasks": "finance#tasks",
    "queue": "finance#queue",
    "overview": "finance#overview",
    "lab": "finance#overview",
    "rules": "finance#review",
    "trail": "administrator#trail",
    "jobs": "administrator#jobs",
}
"""Chapter and section of the manual for each section of the navigation."""


@register.simple_tag
def manual_link(section: object = "") -> SafeString:
    """A link to what the manual says of a section of the navigation, else to its first page."""
    part, _, place = PLACES.get(str(section), "").partition("#")
    address = reverse(f"performance:manual-{part}") + f"#{place}" if part else None
    if address is None:
        return format_html('<a href="{}">使用手册</a>', reverse("performance:manual"))
    return format_html('<a href="{}">使用手册：这一页怎么用</a>', address)
