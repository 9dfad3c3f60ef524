"""Reading settings from the environment: strict, and loud about what is wrong."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def text(name: str, default: str | None = None) -> str | None:
    """A variable, or the content of the file that NAME_FILE names. An unreadable file is an error."""
    path = os.environ.get(f"{name}_FILE")
    if path is None:
        return os.environ.get(name, default)
    if name in os.environ:
        raise ImproperlyConfigured(f"{name} 和 {name}_FILE 只能设一个")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name}_FILE 指向的文件读不出来：{path}（{error}）") from None


def required(name: str) -> str:
    """A variable that must be there and say something."""
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"必须设置 {name}（或 {name}_FILE）")
    return value


def boolean(name: str, default: bool) -> bool:
    """A yes or no; anything else is an error, not a no."""
    raw = text(name)
    if raw is None:
        return default
    if raw.lower() in _TRUE:
        return True
    if raw.lower() in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name} 应为 true 或 false，写的是 {raw!r}")


def integer(name: str, default: int, *, least: int, most: int) -> int:
    """A whole number within bounds."""
    raw = text(name)
    if raw is None:
        return default
    if not raw.isascii() or not raw.isdigit() or not least <= int(raw) <= most:
        raise ImproperlyConfigured(f"{name} 应为 {least} 到 {most} 的整数，写的是 {raw!r}")
    return int(raw)


def names(name: str, default: str = "") -> list[str]:
    """A list separated by commas."""
    return [part.strip() for part in (text(name, default) or "").split(",") if part.strip()]


def broker(name: str) -> str | None:
    """The address of a message broker; None when there is none."""
    url = text(name)
    if not url:
        return None
    if urlsplit(url).scheme not in {"redis", "rediss", "amqp", "amqps"}:
        raise ImproperlyConfigured(f"{name} 应以 redis://、rediss://、amqp:// 或 amqps:// 开头")
    return url


def database(url: str, name: str) -> dict[str, object]:
    """Connection settings of a postgresql:// address; a socket folder goes in ``host=``."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured(f"{name} 应以 postgresql:// 开头；只支持 PostgreSQL")
    database_name = unquote(parts.path.lstrip("/"))
    if not database_name:
        raise ImproperlyConfigured(f"{name} 没有写数据库名")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database_name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or query.pop("port", "")),
        "OPTIONS": query,
    }


def secret_kept_in(path: Path) -> str:
    """A secret made once and kept in a file of mode 0600."""
    try:
        return path.read_text(encoding="ascii")
    except OSError:
        pass
    try:
        path.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    except OSError:
        return secrets.token_urlsafe(64)
    if not os.access(path.parent, os.W_OK):
        return secrets.token_urlsafe(64)  # a clone one may only read: good for this process
    fresh = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(64))
    try:
        os.link(fresh, path)  # the first of two processes wins; the other reads what it wrote
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path.read_text(encoding="ascii")
