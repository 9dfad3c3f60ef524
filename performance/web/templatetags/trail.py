"""Which doors stand open to the account at hand: for the links that only some are shown."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from budgets.access import TRAIL_READERS, held_roles
from budgets.models import Role
from performance.selectors.lab import ROLES
from performance.selectors.queue import READERS
from performance.web.verbs import DETAILS, OBJECTS, WORDS

register = template.Library()
_KEPT = "_open_doors"
_MOST = 100


@register.simple_tag(takes_context=True)
def open_doors(context: dict[str, Any]) -> dict[str, bool]:
    """The trail, the queue, the rule lab and uploads; asked anew for every page, as all rights are, in one query."""
    user, request = context.get("user"), context.get("request")
    if user is None or not user.is_authenticated:
        return dict.fromkeys(("trail", "queue", "lab", "imports"), False)
    found: dict[str, bool] | None = getattr(request, _KEPT, None)
    if found is None:
        held = held_roles(user)
        found = {
            "trail": not held.isdisjoint(TRAIL_READERS),
            "queue": not held.isdisjoint(READERS),
            "lab": not held.isdisjoint(ROLES),
            "imports": Role.CLERK in held,
        }
        if request is not None:
            setattr(request, _KEPT, found)
    return found


@register.simple_tag(takes_context=True)
def trail_link(context: dict[str, Any], *public_ids: Any) -> SafeString:
    """A link to the trail of one or several things, for those who read it; nothing for others."""
    if not open_doors(context)["trail"]:
        return SafeString("")
    ids = [str(one) for given in public_ids for one in (given if _several(given) else [given])]
    query = urlencode({"object_id": ",".join(ids[:_MOST])})
    return format_html('<a href="{}?{}">留痕</a>', reverse("performance:trail"), query)


def _several(given: Any) -> bool:
    return isinstance(given, list | tuple)


@register.filter
def verb_words(verb: str) -> str:
    """A verb of the trail in words."""
    return WORDS.get(verb, verb)


@register.filter
def object_words(kind: str) -> str:
    """A kind of thing in words."""
    return OBJECTS.get(kind, kind)


@register.filter
def detail_words(key: str) -> str:
    """What an event tells besides, in words."""
    return DETAILS.get(key, key)
