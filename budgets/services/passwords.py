"""Passwords: what they must be (等级保护三级), how old they may get, and changing one's own."""

from __future__ import annotations

import secrets
import string
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from budgets import audit
from budgets.errors import Invalid
from budgets.models import PastPassword, User
from budgets.services import attempts
from budgets.text import folded_name

KEPT = 5
"""The last passwords of an account may not come back; the one in use is the fifth."""
_SYMBOLS = "!@#$%*-_=+?"
_AMBIGUOUS = "0O1lI"
_SHORTEST_NAME = 3
_LONGEST = 256


class LongEnough:
    """At least PASSWORD_MIN_LENGTH characters."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError for a short one, or one longer than anybody types."""
        if not settings.PASSWORD_MIN_LENGTH <= len(password) <= _LONGEST:
            raise ValidationError(self.get_help_text(), code="password_length")

    def get_help_text(self) -> str:
        """What is asked."""
        return f"密码应为 {settings.PASSWORD_MIN_LENGTH} 到 {_LONGEST} 个字符"


class ThreeClasses:
    """Three of the four kinds of characters."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError for fewer."""
        kinds = (
            any(sign.isupper() for sign in password),
            any(sign.islower() for sign in password),
            any(sign.isdigit() for sign in password),
            any(not sign.isalnum() for sign in password),
        )
        if sum(kinds) < 3:
            raise ValidationError(self.get_help_text(), code="password_classes")

    def get_help_text(self) -> str:
        """What is asked."""
        return "密码应含大写字母、小写字母、数字、符号中的至少三种"


class WithoutName:
    """The user name, forwards or backwards, is no part of it."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError when it is."""
        name = folded_name(user.username) if user else ""
        typed = folded_name(password)
        if len(name) >= _SHORTEST_NAME and (name in typed or name[::-1] in typed):
            raise ValidationError(self.get_help_text(), code="password_has_name")

    def get_help_text(self) -> str:
        """What is asked."""
        return "密码不能包含用户名"


class NotUsedBefore:
    """None of the last five passwords of the account."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError when it was one of them."""
        if user is None or user.pk is None:
            return
        past = PastPassword.objects.filter(user=user).order_by("-id")[: KEPT - 1]
        used = [user.password, *past.values_list("encoded", flat=True)]
        if any(check_password(password, encoded) for encoded in used):
            raise ValidationError(self.get_help_text(), code="password_used_before")

    def get_help_text(self) -> str:
        """What is asked."""
        return f"密码不能与最近 {KEPT} 次用过的相同"


def rules() -> list[str]:
    """The policy in sentences, for the page that asks for a new password."""
    kinds = (LongEnough, ThreeClasses, WithoutName, NotUsedBefore)
    return [kind().get_help_text() for kind in kinds]


def must_change(user: User) -> bool:
    """Whether an account has to change its password before anything else: given, or too old."""
    days = settings.PASSWORD_MAX_AGE_DAYS
    too_old = days and user.password_changed_at < timezone.now() - timedelta(days=days)
    return bool(user.must_change_password or too_old)


def made_up() -> str:
    """A password for a first sign-in that meets the policy and can be read out loud."""
    letters = [sign for sign in string.ascii_letters + string.digits if sign not in _AMBIGUOUS]
    pick = secrets.choice
    length = max(14, settings.PASSWORD_MIN_LENGTH)
    while True:
        found = "".join(pick(letters) for _ in range(length - 2))
        found = f"{found[:6]}{pick(_SYMBOLS)}{found[6:]}{pick('23456789')}"
        if any(s.isupper() for s in found) and any(s.islower() for s in found):
            return found


def store(user: User, password: str, *, must_change: bool) -> None:
    """Gives an account a password and keeps the old one's hash. Other sessions of it end."""
    if user.pk and user.has_usable_password():
        PastPassword.objects.create(user=user, encoded=user.password)
        kept = PastPassword.objects.filter(user=user).order_by("-id").values_list("pk", flat=True)
        PastPassword.objects.filter(user=user).exclude(pk__in=list(kept[:KEPT])).delete()
    user.set_password(password)
    user.password_changed_at = timezone.now()
    user.must_change_password = must_change
    user.save(update_fields=["password", "password_changed_at", "must_change_password"])


def change_own(
    *, actor: User, old: str, new: str, again: str, origin: audit.Origin | None = None
) -> User:
    """Changes one's own password. Raises Invalid by field; wrong old ones count to the lock.

    To be called outside a transaction: a wrong attempt stays counted.
    """
    ticket = attempts.take(actor.username, origin.ip if origin else None)
    if isinstance(ticket, attempts.Refusal):
        raise Invalid({"old": "密码错误次数过多，账号已临时锁定，请稍后再试"})
    if not actor.check_password(old):
        with transaction.atomic():
            _record(actor, "password_change_failed", {"locked": ticket.locks}, origin)
        raise Invalid({"old": "原密码不对"})
    attempts.give_back(ticket)
    if new != again:
        raise Invalid({"again": "两次输入的新密码不一致"})
    try:
        validate_password(new, actor)
    except ValidationError as error:
        raise Invalid({"new": "；".join(error.messages)}) from None
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=actor.pk)
        _record(actor, "change_password", {}, origin)
        store(user, new, must_change=False)
        return user


def _record(actor: User, verb: str, detail: dict[str, object], origin: audit.Origin | None) -> None:
    audit.record(
        actor=actor,
        verb=verb,
        object_type="user",
        object_id=actor.public_id,
        department_id=audit.OFFICE_CHAIN,
        detail=detail,
        origin=origin,
    )
