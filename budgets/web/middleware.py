"""What every request goes through: its id, its address, its headers, the transaction of its account."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from budgets.access import seen_by
from budgets.requests import client_address, request_id

HEADER = "X-Request-ID"
_ACCEPTED = re.compile(r"[A-Za-z0-9-]{8,64}")


class RequestIdMiddleware:
    """Sets the id for logs and the trail, and sends it back in the response."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Runs the request under its id."""
        given = request.headers.get(HEADER, "")
        identity = given if _ACCEPTED.fullmatch(given) else secrets.token_hex(8)
        token = request_id.set(identity)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response[HEADER] = identity
        return response


class AddressMiddleware:
    """Puts the address the request came from in the place of our own proxy's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """From here on REMOTE_ADDR is the client's, and nothing else is to be asked."""
        request.META["REMOTE_ADDR"] = client_address(
            request.META.get("REMOTE_ADDR", ""),
            request.META.get("HTTP_X_FORWARDED_FOR", ""),
            proxies=settings.TRUSTED_PROXIES,
        )
        return self.get_response(request)


_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "microphone",
        "midi", "payment", "publickey-credentials-get", "serial", "usb",
    )
)  # fmt: skip


class HeadersMiddleware:
    """What a browser may not do with our answers: keep them, embed them, use its devices."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Static files do not come this far; whatever does may hold data."""
        response = self.get_response(request)
        response["Permissions-Policy"] = _POLICY
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        response.setdefault("Cache-Control", "no-store, private")
        return response


class PressedPagesMiddleware(GZipMiddleware):
    """Sends pages compressed, and nothing else.

    A compressed answer loses its strong ETag, which the API's writers must send back; files are
    compressed already and tell their length. Against guessing secrets from the size of a page
    Django pads each answer by chance and masks the form's token anew.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """The answer, compressed where it is a whole page and the browser takes that."""
        if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)


class PlainCookiesMiddleware:
    """Drops cookies that hold control characters: no cookie of ours does, and no query takes them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Runs the request with the cookies that can be read."""
        kept = {name: value for name, value in request.COOKIES.items() if value.isprintable()}
        request.COOKIES = kept
        return self.get_response(request)


class SeenByMiddleware:
    """Runs each view in one transaction in which the database knows the account.

    Last in the list, so that everything that may refuse a request has done so. Views that ask for
    no transaction get none, and with it no department's rows.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing before, nothing after."""
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """The view's answer; rendered inside too, because templates read rows."""
        if "default" in getattr(view, "_non_atomic_requests", ()):
            return None
        with seen_by(request.user.pk if request.user.is_authenticated else None):
            response = view(request, *args, **kwargs)
            if hasattr(response, "render") and callable(response.render):
                response = response.render()
            return response
