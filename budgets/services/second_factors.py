"""The second factor: a time-based one-time password (RFC 6238), and codes for when it is lost."""

from __future__ import annotations

import hmac
import io
import secrets

import pyotp
import segno
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from budgets import audit, keys
from budgets.errors import Conflict, InvalidInput, NotFound
from budgets.models import Member, RecoveryCode, SecondFactor, User
from budgets.services import attempts

ISSUER = "绩衡"
CODES = 10
_DRIFT = 1
"""Steps of 30 seconds by which a clock may be wrong."""
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def is_on(user: User) -> bool:
    """Whether an account has to give a second factor when it signs in."""
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists()


def is_required(user: User) -> bool:
    """Whether one of the account's roles must have a second factor (TOTP_REQUIRED_ROLES)."""
    roles = settings.TOTP_REQUIRED_ROLES
    return bool(roles) and Member.objects.filter(user=user, role__in=roles).exists()


# ── enrolment ───────────────────────────────────────────────────────────────────────────────────


def begin(*, actor: User) -> None:
    """A fresh secret that does nothing yet. Raises Conflict when a second factor is on already."""
    if is_on(actor):
        raise Conflict("两步验证已启用；更换设备请联系安全管理员重置")
    secret = keys.encrypted(pyotp.random_base32().encode(), "totp")
    SecondFactor.objects.update_or_create(
        user=actor, defaults={"secret": secret, "last_step": 0, "confirmed_at": None}
    )


def offered_secret(user: User) -> str | None:
    """The secret to type into an app, while it is not confirmed; None before and afterwards."""
    found = SecondFactor.objects.filter(user=user, confirmed_at=None).first()
    return None if found is None else _secret(found)


def picture(user: User) -> bytes:
    """The offered secret as an SVG for the app's camera. Raises NotFound when none is offered."""
    secret = offered_secret(user)
    if secret is None:
        raise NotFound("没有待启用的两步验证")
    address = pyotp.TOTP(secret).provisioning_uri(name=user.username, issuer_name=ISSUER)
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", scale=5, border=3, xmldecl=False)
    return out.getvalue()


def confirm(*, actor: User, code: str, origin: audit.Origin | None = None) -> list[str]:
    """Switches the offered secret on and returns ten recovery codes, told this once.

    To be called outside a transaction. Raises NotFound when nothing is offered, InvalidInput for
    a wrong code (counted to the lock), Conflict when it is on already.
    """
    ticket = attempts.take(actor.username, origin.ip if origin else None)
    if isinstance(ticket, attempts.Refusal):
        raise InvalidInput("错误次数过多，账号已临时锁定，请稍后再试")
    with transaction.atomic():
        found = SecondFactor.objects.select_for_update().filter(user=actor).first()
        if found is None:
            attempts.give_back(ticket)
            raise NotFound("请先开始设置两步验证")
        if found.confirmed_at is not None:
            attempts.give_back(ticket)
            raise Conflict("两步验证已启用")
        step = _step_of(found, code)
        if step is not None:
            attempts.give_back(ticket)
            _record(actor, "enable_second_factor", origin)
            found.last_step, found.confirmed_at = step, timezone.now()
            found.save(update_fields=["last_step", "confirmed_at"])
            return _fresh_codes(actor)
    raise InvalidInput("动态口令不对：请核对手机时间，输入最新的 6 位数字")


def _fresh_codes(user: User) -> list[str]:
    RecoveryCode.objects.filter(user=user).delete()
    codes = ["-".join(_block() for _ in range(3)) for _ in range(CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, mark=_mark(code)[0]) for code in codes)
    return codes


def _block() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(4))


def _mark(code: str) -> list[str]:
    plain = "".join(sign for sign in code.lower() if sign.isalnum())
    return keys.marks(plain.encode(), "recovery")


# ── use ─────────────────────────────────────────────────────────────────────────────────────────


def is_right(user: User, code: str) -> str | None:
    """Uses up a one-time password or recovery code: ``totp``, ``recovery``, or None when wrong."""
    typed = code.strip()
    with transaction.atomic():
        found = (
            SecondFactor.objects.select_for_update()
            .filter(user=user, confirmed_at__isnull=False)
            .first()
        )
        if found is None:
            return None
        step = _step_of(found, typed)
        if step is not None:
            found.last_step = step
            found.save(update_fields=["last_step"])
            return "totp"
        used = RecoveryCode.objects.filter(user=user, mark__in=_mark(typed), used_at=None)
        return "recovery" if used.update(used_at=Now()) else None


def codes_left(user: User) -> int:
    """Recovery codes not used yet."""
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def _step_of(factor: SecondFactor, code: str) -> int | None:
    """The time step whose password ``code`` is; steps used before, and earlier ones, are gone."""
    typed = "".join(code.split())
    if len(typed) != 6 or not typed.isascii() or not typed.isdigit():
        return None
    generator = pyotp.TOTP(_secret(factor))
    now = int(timezone.now().timestamp()) // generator.interval
    right = [
        step
        for step in range(now - _DRIFT, now + _DRIFT + 1)
        if hmac.compare_digest(generator.generate_otp(step), typed) and step > factor.last_step
    ]
    return right[0] if right else None


def _secret(factor: SecondFactor) -> str:
    return keys.decrypted(bytes(factor.secret), "totp").decode("ascii")


def drop(user: User) -> bool:
    """Takes the second factor and its codes away; whether there was one."""
    RecoveryCode.objects.filter(user=user).delete()
    return bool(SecondFactor.objects.filter(user=user).delete()[0])


def _record(actor: User, verb: str, origin: audit.Origin | None) -> None:
    audit.record(
        actor=actor,
        verb=verb,
        object_type="user",
        object_id=actor.public_id,
        department_id=audit.OFFICE_CHAIN,
        detail={},
        origin=origin,
    )
