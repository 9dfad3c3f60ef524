"""Tokens with which programs speak for an account: made, shown once, verified, revoked."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from budgets import audit, keys
from budgets.errors import Conflict, Invalid, InvalidInput, NotFound
from budgets.models import AccessToken, Member, Role, Scope, User
from budgets.text import clean_text

LONGEST_DAYS = 90
MOST = 20
"""Tokens of one account that work at the same time."""
_COARSE = timedelta(hours=1)
_FORM = re.compile(r"jh_([0-9a-f]{8})_[0-9a-f]{64}")
_READERS = {Role.REPORT_READER, Role.AUDITOR}
_ADMINISTRATORS = {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeToken:
    """A new token with its text, which is told this once."""

    token: AccessToken
    text: str


def scopes_for(user: User) -> list[str]:
    """The scopes an account may give a token: readers read, administrators administer by hand."""
    roles = set(Member.objects.filter(user=user).values_list("role", flat=True))
    if not roles or roles & _ADMINISTRATORS:
        return []
    readable = [Scope.READ.value, Scope.REPORT.value]
    return readable if roles <= _READERS else [*readable, Scope.WRITE.value]


def make_token(
    *,
    actor: User,
    name: str,
    scopes: Sequence[str],
    days: int,
    networks: Sequence[str] = (),
    origin: audit.Origin | None = None,
) -> MadeToken:
    """A token of one's own. Raises Invalid by field, Conflict when there are too many."""
    with transaction.atomic():
        holder = User.objects.select_for_update().get(pk=actor.pk)
        cleaned, wanted, places = _checked(holder, name, scopes, days, networks)
        if live_tokens(holder) >= MOST:
            raise Conflict(f"一个账号最多同时有 {MOST} 个有效令牌，请先吊销不用的")
        prefix = secrets.token_hex(4)
        text = f"jh_{prefix}_{secrets.token_hex(32)}"
        now = timezone.now()
        token = AccessToken(
            user=holder,
            name=cleaned,
            prefix=prefix,
            mark=keys.marks(text.encode(), "token")[0],
            scopes=wanted,
            networks=places,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        detail = {"scopes": wanted, "days": days, "networks": len(places)}
        _record(actor, "make_token", token, detail, origin)
        token.save(force_insert=True)
        return MadeToken(token=token, text=text)


def live_tokens(user: User) -> int:
    """How many tokens of an account work now."""
    rows = AccessToken.objects.filter(user=user, revoked_at=None)
    return rows.filter(expires_at__gt=timezone.now()).count()


def _checked(
    holder: User, name: str, scopes: Sequence[str], days: int, networks: Sequence[str]
) -> tuple[str, list[str], list[str]]:
    fields = {}
    cleaned = clean_text(name, field="用途说明").strip()
    if not cleaned or len(cleaned) > 60:
        fields["name"] = "请写明谁用它做什么，最多 60 字"
    wanted, allowed = sorted(set(scopes)), scopes_for(holder)
    if not wanted or not set(wanted) <= set(Scope.values):
        fields["scopes"] = "请选择令牌的用途"
    elif not set(wanted) <= set(allowed):
        fields["scopes"] = "您的角色不能给令牌这样的用途"
    if not 1 <= days <= LONGEST_DAYS:
        fields["days"] = f"有效期应为 1 到 {LONGEST_DAYS} 天"
    places: list[str] = []
    try:
        places = sorted({str(ip_network(part.strip())) for part in networks if part.strip()})
    except ValueError:
        fields["networks"] = "来源网段应写作 10.0.0.0/8 或 10.1.2.3，每行一个"
    if len(places) > 20:
        fields["networks"] = "来源网段最多 20 个"
    if fields:
        raise Invalid(fields)
    return cleaned, wanted, places


def revoke_token(*, actor: User, public_id: UUID, origin: audit.Origin | None = None) -> None:
    """Ends a token of one's own for good. Raises NotFound, Conflict when it is ended already."""
    with transaction.atomic():
        rows = AccessToken.objects.select_for_update()
        token = rows.filter(user=actor, public_id=public_id).first()
        if token is None:
            raise NotFound("没有这个令牌")
        if token.revoked_at is not None:
            raise Conflict("令牌已经吊销")
        _record(actor, "revoke_token", token, {}, origin)
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])


def revoke_all(user: User) -> int:
    """Ends every token of an account, as part of a verb that has its own event."""
    live = AccessToken.objects.filter(user=user, revoked_at=None)
    return live.update(revoked_at=timezone.now())


def verified(text: str, address: str) -> AccessToken:
    """The token of a text with its account. Raises InvalidInput with one sentence for all reasons."""
    form = _FORM.fullmatch(text)
    found = None
    if form is not None:
        rows = AccessToken.objects.select_related("user")
        found = rows.filter(prefix=form.group(1)).first()
    marks = keys.marks(text.encode("utf-8", "replace"), "token")
    known = found is not None and any(hmac.compare_digest(found.mark, mark) for mark in marks)
    if found is None or not known or not _works(found, address, timezone.now()):
        raise InvalidInput("令牌无效、已过期，或者不能从这个地址使用")
    _note_use(found)
    return found


def _works(token: AccessToken, address: str, now: datetime) -> bool:
    if token.revoked_at is not None or token.expires_at <= now or not token.user.is_active:
        return False
    if token.user.must_change_password:
        return False
    if not token.networks:
        return True
    try:
        origin = ip_address(address)
    except ValueError:
        return False
    return any(origin in ip_network(network) for network in token.networks)


def _note_use(token: AccessToken) -> None:
    """About when it was last used: once an hour, and nobody waits for it."""
    now = timezone.now()
    if token.last_used_at is not None and token.last_used_at > now - _COARSE:
        return
    free = AccessToken.objects.select_for_update(skip_locked=True, no_key=True)
    if free.filter(pk=token.pk).first() is not None:
        AccessToken.objects.filter(pk=token.pk).update(last_used_at=now)


def _record(
    actor: User,
    verb: str,
    token: AccessToken,
    detail: dict[str, object],
    origin: audit.Origin | None,
) -> None:
    audit.record(
        actor=actor,
        verb=verb,
        object_type="token",
        object_id=token.public_id,
        department_id=audit.OFFICE_CHAIN,
        detail=detail,
        origin=origin,
    )
