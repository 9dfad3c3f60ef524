"""Talking to the API: the same words to Django's test client and to a real server."""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

CSRF = "c" * 32
_IDLE = 10.0
"""Seconds after which a kept connection is not used again."""


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    body: Any
    headers: dict[str, str]
    raw: bytes = b""

    @property
    def version(self) -> int:
        """The version of the ETag."""
        return int(self.headers["ETag"].strip('"'))


class Api:
    """One account's way to the API."""

    def __init__(self, base: str = "/api/v1/") -> None:
        self.base = base

    def get(self, path: str) -> Reply:
        """A read."""
        return self.send("GET", path, None, {})

    def write(
        self,
        method: str,
        path: str,
        body: Any,
        *,
        version: int | None = None,
        key: str | None = None,
    ) -> Reply:
        """A write with a key of its own."""
        headers = {"Idempotency-Key": key or uuid.uuid4().hex}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return self.send(method, path, body, headers)

    def post(self, path: str, body: Any, **options: Any) -> Reply:
        """A POST."""
        return self.write("POST", path, body, **options)

    def put(self, path: str, body: Any, **options: Any) -> Reply:
        """A PUT."""
        return self.write("PUT", path, body, **options)

    def move(self, kind: str, public_id: str, verb: str, **more: Any) -> Reply:
        """A move of a paper."""
        return self.post(f"{kind}/{public_id}/moves/", {"move": verb, **more})

    def content(self, kind: str, public_id: str) -> Reply:
        """A paper's content."""
        return self.get(f"{kind}/{public_id}/content/")

    def send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Reply:
        """One request."""
        raise NotImplementedError


class ClientApi(Api):
    """Through Django's test client."""

    def __init__(self, user: Any, base: str = "/api/v1/") -> None:
        from django.test import Client

        super().__init__(base)
        self.client = Client()
        self.client.force_login(user)

    def send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Reply:
        """One request."""
        response = self.client.generic(
            method,
            self.base + path,
            b"" if body is None else json.dumps(body, ensure_ascii=False).encode(),
            content_type="application/json",
            headers=headers,
        )
        raw = (
            b"".join(response.streaming_content)  # type: ignore[attr-defined]
            if getattr(response, "streaming", False)
            else response.content
        )
        return Reply(response.status_code, _parsed(raw), dict(response.headers), raw)


class HttpApi(Api):
    """Through a real server, with a session that the harness made."""

    def __init__(self, port: int, session: str, base: str = "/api/v1/") -> None:
        super().__init__(base)
        self.port = port
        self.session = session
        self.cookie = f"sessionid={session}; csrftoken={CSRF}"
        self._connection: HTTPConnection | None = None
        self._used = 0.0

    def send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Reply:
        """One request on a kept connection; OSError and HTTPException mean nobody knows."""
        if time.monotonic() - self._used > _IDLE:
            self.close()  # the server lets idle connections go
        self._used = time.monotonic()
        if self._connection is None:
            self._connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        try:
            self._connection.request(
                method,
                self.base + path,
                body=data,
                headers={
                    "Cookie": self.cookie,
                    "X-CSRFToken": CSRF,
                    "Content-Type": "application/json",
                    **headers,
                },
            )
            response = self._connection.getresponse()
            raw = response.read()
        except BaseException:
            self.close()
            raise
        found = dict(response.getheaders())
        if found.get("Connection", "").lower() == "close":
            self.close()
        return Reply(response.status, _parsed(raw), found, raw)

    def close(self) -> None:
        """Lets the connection go."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return None
