"""What can go wrong with a request, with a code for programs and words for people."""

from __future__ import annotations

from typing import Any


class ServiceError(Exception):
    """An expected failure. ``str()`` is a Chinese sentence that says where and what to do."""

    code = "error"


class InvalidInput(ServiceError):
    """What came in cannot be used."""

    code = "invalid_input"


class NotFound(ServiceError):
    """Not there, or not yours: the two look the same."""

    code = "not_found"


class NotAllowed(ServiceError):
    """The actor may not do this."""

    code = "not_allowed"


class Conflict(ServiceError):
    """The thing is in a state in which this cannot be done."""

    code = "conflict"


class Missing(ServiceError):
    """A precondition that every write must name was left out."""

    code = "precondition_required"


class StaleVersion(Conflict):
    """Somebody changed it meanwhile. Nothing was written; what was typed is kept here."""

    code = "stale_version"

    def __init__(self, words: str, *, base: int, current: int, mine: Any = None) -> None:
        super().__init__(words)
        self.base = base
        self.current = current
        self.mine = mine


class SeenOther(Conflict):
    """The content is no longer what the actor decided on."""

    code = "content_changed"

    def __init__(self, words: str, *, seen: str, current: str) -> None:
        super().__init__(words)
        self.seen = seen
        self.current = current


class KeyReused(ServiceError):
    """An idempotency key came again with another request."""

    code = "idempotency_key_reused"


class Invalid(InvalidInput):
    """Several fields cannot be used; each with its own sentence."""

    code = "invalid_fields"

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("；".join(f"{where}：{words}" for where, words in fields.items()))
        self.fields = fields
