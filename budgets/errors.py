"""What can go wrong with a request, with a code for programs and words for people."""

from __future__ import annotations


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


class StaleVersion(Conflict):
    """Somebody changed it meanwhile."""

    code = "stale_version"
