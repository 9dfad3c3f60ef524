"""What may not be true of a service that runs: told by ``check --deploy``, refused at the start.

Settings that are unsafe in themselves are refused in ``settings.py`` already. Here stands what has
to look at the world: the key file, and whom the database takes us for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.backends.signals import connection_created

from budgets import keys
from budgets.models import Role

_looked: set[str] = set()
_ROLE = """
SELECT r.rolsuper, r.rolbypassrls, r.rolcreaterole OR r.rolcreatedb,
  pg_has_role(current_user, d.datdba, 'MEMBER') OR EXISTS (
    SELECT 1 FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
      AND c.relkind IN ('r', 'p', 'v') AND pg_has_role(current_user, c.relowner, 'MEMBER')),
  current_setting('synchronous_commit') = 'off'
FROM pg_roles r, pg_database d WHERE r.rolname = current_user AND d.datname = current_database()
"""
_WORDS = (
    "应用的数据库角色是超级用户：请改用 perf_app",
    "应用的数据库角色有 BYPASSRLS：请改用 perf_app",
    "应用的数据库角色可以建角色或建库：请改用 perf_app",
    "应用的数据库角色拥有表，或者属于拥有者：请改用 perf_app",
    "synchronous_commit 为 off：已确认的写入可能丢失",
)


def settings_troubles() -> list[str]:
    """What is wrong with settings and key file."""
    unknown = sorted(set(settings.TOTP_REQUIRED_ROLES) - set(Role.values))
    found = [f"TOTP_REQUIRED_ROLES 里没有这个角色：{name}" for name in unknown]
    if settings.PRODUCTION:
        try:
            keys.all_keys()
        except keys.KeyTrouble as error:
            found.append(str(error))
    return found


def role_troubles(connection: Any) -> list[str]:
    """What is wrong with the role of a connection, and with what it waits for."""
    with connection.cursor() as cursor:
        cursor.execute(_ROLE)
        row = cursor.fetchone()
    return [words for words, is_so in zip(_WORDS, row or (), strict=False) if is_so]


@register(Tags.security)
def check_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Settings and key file."""
    return [Error(words, id="jiheng.E001") for words in settings_troubles()]


@register(Tags.database, deploy=True)
def check_role(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """The database's role: with ``check --deploy --database default``."""
    return [
        Error(f"{alias}：{words}", id="jiheng.E002")
        for alias in databases or ()
        for words in role_troubles(connections[alias])
    ]


def refuse_unsafe_start() -> None:
    """For the entries of the service. Raises ImproperlyConfigured."""
    if troubles := settings_troubles():
        raise ImproperlyConfigured("；".join(troubles))


def watch_connections() -> None:
    """In production every process looks once whom the database takes it for, before its first query.

    So nothing has to be up when the service starts, and nothing is asked under a wrong role.
    Commands of the owner (migrations) are not the service.
    """
    if settings.PRODUCTION and not settings.AS_OWNER:
        connection_created.connect(_look, dispatch_uid="guard")


def _look(connection: Any, **kwargs: Any) -> None:
    if connection.alias in _looked:
        return
    if troubles := role_troubles(connection):
        connection.close()
        raise ImproperlyConfigured("；".join(troubles))
    _looked.add(connection.alias)
