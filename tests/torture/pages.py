"""Posting a page's form over HTTP, with its token."""

from __future__ import annotations

from http.client import HTTPConnection
from urllib.parse import urlencode

from tests.talk import CSRF, HttpApi


def post_form(api: HttpApi, path: str, fields: dict[str, str]) -> int:
    """The status of a form's answer; redirects are not followed."""
    connection = HTTPConnection("127.0.0.1", api.port, timeout=30)
    try:
        connection.request(
            "POST",
            path,
            urlencode({**fields, "csrfmiddlewaretoken": CSRF}),
            {"Cookie": api.cookie, "Content-Type": "application/x-www-form-urlencoded"},
        )
        return connection.getresponse().status
    finally:
        connection.close()
