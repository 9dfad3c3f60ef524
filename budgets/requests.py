"""Which request is being answered, and where it came from: for logs, error bodies and the trail."""

from __future__ import annotations

from contextvars import ContextVar
from ipaddress import ip_address, ip_network

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Id of the request at hand; empty in commands and jobs."""


def client_address(remote: str, forwarded: str, *, proxies: int) -> str:
    """The address a request came from, behind ``proxies`` proxies of our own; empty when unknown.

    Each of our proxies appends to the forwarded list whom it heard from, so only the last
    ``proxies`` entries are true: what stands before them anybody may have written. A list that is
    too short, or holds no address there, came past the proxies and counts for nothing.
    """
    own = _address(remote)
    entries = [part.strip() for part in forwarded.split(",")] if forwarded.strip() else []
    if not proxies or len(entries) < proxies:
        return own
    return _address(entries[-proxies]) or own


def _address(text: str) -> str:
    try:
        found = ip_address(text)
    except ValueError:
        return ""
    mapped = getattr(found, "ipv4_mapped", None)
    return str(mapped or found)


def counted_address(address: str) -> str:
    """What attempts from an address are counted by: an IPv6 customer has a whole /64."""
    if ":" not in address:
        return address
    return str(ip_network(f"{address}/64", strict=False))
