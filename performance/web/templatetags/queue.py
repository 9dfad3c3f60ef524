"""Whether the queue is there for the account at hand: for the one link that only it is shown."""

from __future__ import annotations

from typing import Any

from django import template

from performance.selectors.queue import reads_queue

register = template.Library()


@register.simple_tag(takes_context=True)
def may_read_queue(context: dict[str, Any]) -> bool:
    """Asked anew on every page, as all rights are."""
    user = context.get("user")
    return bool(user is not None and user.is_authenticated and reads_queue(user))
