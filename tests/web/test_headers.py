"""What every answer tells the browser, and that no route takes a write from another site."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from budgets.models import AuditEvent, User
from tests.cast import Cast, assemble
from tests.routes import RULESET

EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def _routes(resolver: Any = None, prefix: str = "/") -> list[str]:
    found: list[str] = []
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            found += _routes(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            path = re.sub(r"<uuid:\w+>", str(uuid4()), prefix + str(entry.pattern))
            path = re.sub(r"<slug:\w+>", RULESET, path)
            found.append(re.sub(r"<int:\w+>", "2024", path))
    return found


def _sound(answer: Any, where: str) -> None:
    for name, value in EXPECTED.items():
        assert answer[name] == value, (where, name)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy, where
    assert "frame-ancestors 'none'" in policy, where
    assert not re.search(r"unsafe|https?:|\*", policy), where
    assert "geolocation=()" in answer["Permissions-Policy"], where
    assert "no-store" in answer["Cache-Control"], where


def test_every_route_answers_with_every_header(cast: Cast) -> None:
    routes = _routes()
    answers = 0
    for name in (None, "clerk", "security", "system"):
        client = Client()
        if name:
            client.force_login(cast[name])
        for path in [*routes, "/nowhere/", "/api/v1/nowhere/"]:
            for method in ("GET", "POST"):
                if (path, method) == ("/sign-out/", "POST"):
                    continue
                _sound(client.generic(method, path), f"{name} {method} {path}")
                answers += 1
    assert answers == 4 * (2 * (len(routes) + 2) - 1)
    assert len(routes) > 60


def test_no_route_takes_a_write_without_its_csrf_token(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    refused = 0
    for name in ("clerk", "security", "system"):
        client.force_login(cast[name])
        events = AuditEvent.objects.count()
        methods = ("POST", "PUT", "PATCH", "DELETE") if name == "clerk" else ("POST",)
        for path in _routes():
            for method in methods:
                headers = {"Origin": "https://evil.example"} if method == "POST" else {}
                answer = client.generic(method, path, headers=headers)
                assert answer.status_code in {403, 405}, (method, path)
                refused += 1
        assert AuditEvent.objects.count() == events
    assert refused == 6 * len(_routes())


def test_reading_changes_nothing(cast: Cast) -> None:
    for name in ("clerk", "security", "system"):
        client = Client()
        client.force_login(cast[name])
        before = AuditEvent.objects.count(), User.objects.values_list("id", "session_epoch", "password")  # fmt: skip
        for path in _routes():
            assert client.get(path).status_code < 500, path
        after = AuditEvent.objects.count(), User.objects.values_list("id", "session_epoch", "password")  # fmt: skip
        assert list(map(str, before)) == list(map(str, after))


def test_cookies_are_kept_from_scripts_and_other_sites(cast: Cast) -> None:
    client = Client()
    client.get("/sign-in/")
    client.force_login(cast["clerk"])
    client.get("/account/password/")
    for name in ("sessionid", "csrftoken"):
        cookie = client.cookies[name]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
