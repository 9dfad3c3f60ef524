"""Which doors stand open to the account at hand: for the links that only some are shown."""

from __future__ import annotations

from typing import Any

from django import template

from budgets.access import TRAIL_READERS, held_roles
from budgets.models import Role
from performance.selectors.lab import ROLES
from performance.selectors.queue import READERS

register = template.Library()


@register.simple_tag(takes_context=True)
def open_doors(context: dict[str, Any]) -> dict[str, bool]:
    """The trail, the queue, the rule lab and uploads; asked anew on every page, as all rights are, in one query."""
    user = context.get("user")
    if user is None or not user.is_authenticated:
        return dict.fromkeys(("trail", "queue", "lab", "imports"), False)
    held = held_roles(user)
    return {
        "trail": not held.isdisjoint(TRAIL_READERS),
        "queue": not held.isdisjoint(READERS),
        "lab": not held.isdisjoint(ROLES),
        "imports": Role.CLERK in held,
    }
