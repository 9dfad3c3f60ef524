"""What every form of a page carries besides its fields."""

from __future__ import annotations

from uuid import uuid4

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from budgets.web.forms import KEY

register = template.Library()


@register.simple_tag
def form_key() -> SafeString:
    """A hidden field with a key of this form's own: pressed twice, it takes effect once."""
    return format_html('<input type="hidden" name="{}" value="{}">', KEY, uuid4().hex)
