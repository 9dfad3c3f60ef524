"""Whether the account at hand reads the trail: for the one link that only it is shown."""

from __future__ import annotations

from typing import Any

from django import template

from budgets.access import reads_trail

register = template.Library()


@register.simple_tag(takes_context=True)
def may_read_trail(context: dict[str, Any]) -> bool:
    """Asked anew on every page, as all rights are."""
    user = context.get("user")
    return bool(user is not None and user.is_authenticated and reads_trail(user))
