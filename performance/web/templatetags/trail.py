"""Which links only some accounts are shown: one look at the roles for the whole page."""

from __future__ import annotations

from typing import Any

from django import template

from budgets.access import READ_TRAIL, roles_held
from performance.selectors.lab import ROLES

register = template.Library()


@register.simple_tag(takes_context=True)
def links_shown(context: dict[str, Any]) -> dict[str, bool]:
    """``trail`` and ``lab``; asked anew on every page, as all rights are."""
    user = context.get("user")
    held = roles_held(user) if user is not None and user.is_authenticated else frozenset()
    return {"trail": not held.isdisjoint(READ_TRAIL), "lab": not held.isdisjoint(ROLES)}
