"""One request in two worlds: sent, freed of what must differ, and compared byte by byte."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from tests.torture.worldbuild import CANARY, Databases

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_SLOT = re.compile(r"⟨id (\d+)⟩")
_TOKEN = re.compile(r'(name="(?:csrfmiddlewaretoken|form_key)" value=")[^"]+')
_SECRET = re.compile(r'(jh_|"prefix":")[0-9a-f]{8}(?:_[0-9a-f]{64})?')
_COOKIE = re.compile(r"(^csrftoken=|^sessionid=|^messages=[^:;]+:|expires=)[^;]+")
"""What is random or dated in a cookie; of messages all but when they were signed is compared."""
_NOTHING = "00000000-0000-4000-8000-000000000000"
_BINARY = "application/octet-stream"


@dataclass(frozen=True)
class Ask:
    """One request. ``⟨id n⟩`` stands for the n-th id that the run itself made."""

    person: str
    method: str
    path: str
    route: str
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    file: tuple[str, bytes] | None = None
    typed: bool = False
    """The body is a page's form."""


@dataclass(frozen=True)
class Answer:
    """What came back, freed of what two runs of one world would differ in."""

    status: int
    headers: tuple[tuple[str, str], ...]
    text: str
    foreign: tuple[str, ...] = ()
    """Texts and ids in it that only 乙局 has."""

    @property
    def body(self) -> Any:
        """The JSON in it, or None."""
        try:
            return json.loads(self.text)
        except ValueError:
            return None

    @property
    def seen(self) -> tuple[Any, ...]:
        """What a client sees: this must be equal."""
        return self.status, self.headers, self.text


class World:
    """One database with everybody signed in to it."""

    def __init__(
        self, databases: Databases, name: str, static: set[str], foreign: set[str]
    ) -> None:
        self.databases, self.name = databases, name
        self.static, self.foreign = static, foreign
        self.made: list[str] = []
        self._numbers: dict[str, int] = {}
        self._clients: dict[str, Any] = {}
        self._entered = ExitStack()
        self._state: tuple[Any, Any] | None = None

    def open(self, people: dict[str, Any]) -> None:
        """Signs everybody in."""
        from django.db import connections
        from django.test import Client

        with self.databases.entered(self.name):
            self._wrapper = connections["default"]
            for name, user in people.items():
                self._clients[name] = client = Client()
                if user is not None:
                    client.force_login(user)

    @contextmanager
    def here(self) -> Iterator[None]:
        """Django speaks to this world; its connection is kept from one request to the next."""
        from django.conf import settings
        from django.db import connections

        before = connections["default"]
        kept = settings.MEDIA_ROOT, settings.EXPORT_ROOT
        connections["default"], settings.MEDIA_ROOT = (
            self._wrapper,
            self.databases.media(self.name),
        )
        settings.EXPORT_ROOT = settings.MEDIA_ROOT / "exports"
        try:
            yield
        finally:
            connections["default"] = before
            settings.MEDIA_ROOT, settings.EXPORT_ROOT = kept

    def work(self) -> None:
        """What was promised is made, as the workers would."""
        from budgets.services.work import work_off

        with self.here():
            work_off()

    def close(self) -> None:
        """Lets the connection go."""
        self._wrapper.close()

    def send(self, ask: Ask, number: int) -> Answer:
        """The answer to a request of this world."""
        from django.core.files.uploadedfile import SimpleUploadedFile

        client = self._clients[ask.person]
        headers = {"X-Request-ID": f"worlds-{number:08d}", **ask.headers}
        path = self._filled(ask.path)
        with self.here():
            if ask.file is not None:
                data = {**ask.body, "file": SimpleUploadedFile(*ask.file)}
                response = client.post(path, data, headers=headers)
            elif ask.typed:
                fields = {name: self._filled(str(value)) for name, value in ask.body.items()}
                body = urlencode(fields).encode()
                kind = "application/x-www-form-urlencoded"
                response = client.generic(
                    ask.method, path, body, content_type=kind, headers=headers
                )
            else:
                body = ask.body if isinstance(ask.body, bytes) else _json(ask.body)
                body = self._filled(body.decode("utf-8", "surrogateescape")).encode(
                    "utf-8", "surrogateescape"
                )
                response = client.generic(
                    ask.method, path, body, content_type="application/json", headers=headers
                )
            raw = b"".join(response.streaming_content) if response.streaming else response.content
            response.close()
        text = _plain(raw) if response.get("Content-Type") == _BINARY else raw.decode()
        said = path + (body.decode("utf-8", "replace") if ask.file is None else "")
        named = set(_UUID.findall(said.lower()))
        cookies = [
            ("Set-Cookie", _COOKIE.sub(r"\1…", morsel.OutputString()))
            for morsel in response.cookies.values()
            # A session used for a minute is written again: when that falls is the clock's doing.
            if morsel.key != settings.SESSION_COOKIE_NAME or ask.route.startswith("sign-")
        ]
        found = [(name, self._freed(value, named)) for name, value in response.headers.items()]
        return Answer(
            response.status_code,
            tuple(sorted([*found, *cookies])),
            self._freed(text, named),
            self._foreign_in(text, named),
        )

    def _filled(self, text: str) -> str:
        """Where the worlds have parted (a fault was seen), one may have made less than the other."""
        made = dict(enumerate(self.made))
        return _SLOT.sub(lambda found: made.get(int(found.group(1)), _NOTHING), text)

    def _freed(self, text: str, named: set[str]) -> str:
        text = _SECRET.sub(r"\1…", _TOKEN.sub(r"\1…", _undated(text)))
        return _UUID.sub(lambda found: self._numbered(found.group(), named), text)

    def _numbered(self, identity: str, named: set[str]) -> str:
        if identity in self.static or (identity in named and identity not in self._numbers):
            return identity
        if identity not in self._numbers:
            self._numbers[identity] = len(self.made)
            self.made.append(identity)
        return f"⟨id {self._numbers[identity]}⟩"

    def _foreign_in(self, text: str, named: set[str]) -> tuple[str, ...]:
        found = [CANARY] if CANARY in text else []
        return tuple(found + sorted((set(_UUID.findall(text)) & self.foreign) - named))


def _plain(raw: bytes) -> str:
    """What is in a file: of a workbook its parts, without the times of packing."""
    if raw.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(raw)) as found:
            return "\n".join(f"{n} {found.read(n).decode()}" for n in sorted(found.namelist()))
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.hex()


def _json(body: Any) -> bytes:
    return b"" if body is None else json.dumps(body, ensure_ascii=False).encode()


def _days() -> str:
    now = datetime.now(UTC)
    days = [now + timedelta(days=n) for n in (-1, 0, 1)]
    return "|".join(
        f"{day:%Y-%m-%d}|{day.year}年{day.month}月{day.day}日|{day:%a, %d %b %Y}" for day in days
    )


_MADE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+[+-]\d\d:\d\d")
"""Times with fractions of a second: when something was made in the run, or will expire."""
_NOW = re.compile(rf"(?:{_days()})(?:[T ]\d\d?:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d| GMT)?)?")


def _undated(text: str) -> str:
    """Without dates of these days: when something was made in the run, or in building the worlds."""
    return _NOW.sub("⟨now⟩", _MADE.sub("⟨now⟩", text))
