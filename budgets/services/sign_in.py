"""Signing in: name and password, then the second factor; every outcome is told to the trail.

To be called outside a transaction, so that what failed stays counted and told. Neither the typed
name nor the password goes anywhere but into the comparison.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX as _NO_PASSWORD
from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Lower
from django.utils.crypto import constant_time_compare

from budgets import audit
from budgets.errors import ServiceError
from budgets.models import User
from budgets.services import attempts, second_factors
from budgets.text import folded_name

_LONGEST_NAME = 64
_LONGEST_PASSWORD = 1024
_log = logging.getLogger(__name__)


class WrongCredentials(ServiceError):
    """Name, password or code do not fit; which of them is not told."""

    code = "wrong_credentials"


class Locked(ServiceError):
    """Too many failures; the same whether or not there is such an account."""

    code = "locked"

    def __init__(self, words: str, *, minutes: int) -> None:
        super().__init__(words)
        self.minutes = minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """The account whose password was right; ``is_complete`` when nothing more is asked."""

    user: User
    is_complete: bool


def with_password(*, name: str, password: str, origin: audit.Origin) -> Passed:
    """The first step. Raises WrongCredentials, Locked."""
    if not folded_name(name) or len(name) > _LONGEST_NAME or len(password) > _LONGEST_PASSWORD:
        raise WrongCredentials("用户名或密码不对，请核对后重试。")
    user = _named(name)
    ticket = _ticket(user, user.username if user else name, origin)
    # For a name nobody has it takes its time, too.
    fits = user.check_password(password) if user else check_password(password, _NO_PASSWORD)
    if user is None or not fits or not user.is_active:
        _failed(user, ticket, "password", origin)
        raise WrongCredentials("用户名或密码不对，请核对后重试。")
    if second_factors.is_on(user):
        attempts.give_back(ticket)
        return Passed(user=user, is_complete=False)
    _succeeded(user, ticket, "password", origin)
    return Passed(user=user, is_complete=True)


def with_second_factor(*, user: User, code: str, origin: audit.Origin) -> str:
    """The second step, for an account whose password was right; what was used. Raises as the first."""
    ticket = _ticket(user, user.username, origin)
    used = second_factors.is_right(user, code) if user.is_active else None
    if used is None:
        _failed(user, ticket, "second_factor", origin)
        raise WrongCredentials("动态口令或备用码不对，或者已经用过。")
    _succeeded(user, ticket, used, origin)
    return used


def half_signed(user_id: int, proof: str) -> User | None:
    """The account between the two steps, while its password is the one that was given."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or not constant_time_compare(user.get_session_auth_hash(), proof):
        return None
    return user


def _named(name: str) -> User | None:
    """The account of a name, whatever its case."""
    if "\0" in name:
        return None
    rows = User.objects.annotate(lower_name=Lower("username"))
    return rows.filter(lower_name=Lower(Value(folded_name(name)))).first()


def _ticket(user: User | None, name: str, origin: audit.Origin) -> attempts.Ticket:
    found = attempts.take(name, origin.ip)
    if isinstance(found, attempts.Ticket):
        return found
    if found.is_first:  # once for each lock: refusals cost nothing and must not fill the trail
        _record(user, None, "sign_in_refused", {"by_address": found.by_address}, origin)
    _log.warning("a sign-in was refused: locked")
    minutes = attempts.minutes_until(found.until)
    what = "这个地址" if found.by_address else "这个用户名"
    raise Locked(f"{what}登录失败次数过多，已暂时锁定，请 {minutes} 分钟后再试。", minutes=minutes)


def _failed(user: User | None, ticket: attempts.Ticket, step: str, origin: audit.Origin) -> None:
    _log.warning("a sign-in failed")
    _record(user, None, "sign_in_failed", {"step": step, "locked": ticket.locks}, origin)


def _succeeded(user: User, ticket: attempts.Ticket, used: str, origin: audit.Origin) -> None:
    attempts.succeed(ticket)
    _record(user, user, "sign_in", {"with": used}, origin)


def signed_out(*, actor: User, origin: audit.Origin) -> None:
    """Tells the trail that somebody left."""
    _record(actor, actor, "sign_out", {}, origin)


def _record(
    user: User | None,
    actor: User | None,
    verb: str,
    detail: dict[str, Any],
    origin: audit.Origin,
) -> None:
    """On the office chain; for a name that nobody has the object is a dash."""
    with transaction.atomic():
        audit.record(
            actor=actor,
            verb=verb,
            object_type="user",
            object_id=user.public_id if user else "-",
            department_id=audit.OFFICE_CHAIN,
            detail=detail,
            origin=origin,
        )
