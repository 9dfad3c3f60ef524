"""Accounts as the administrators see them, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from budgets import keys
from budgets.access import holds
from budgets.errors import NotAllowed, NotFound
from budgets.models import (
    AccessToken,
    AttemptCount,
    AttemptKind,
    Member,
    Role,
    Scope,
    SecondFactor,
    User,
)
from budgets.text import folded_name

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One role of an account: its name and what it holds for."""

    id: int
    role: str
    label: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account in the list."""

    public_id: UUID
    username: str
    display_name: str
    email: str
    is_active: bool
    must_change_password: bool
    has_second_factor: bool
    has_identity: bool
    created_at: datetime
    last_login: datetime | None
    roles: tuple[Held, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """A page of accounts, by name; ``next_cursor`` is the last name before the next page."""

    rows: tuple[Account, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """One token of one's own."""

    public_id: UUID
    name: str
    prefix: str
    scopes: tuple[str, ...]
    networks: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    state: str

    @property
    def uses(self) -> tuple[str, ...]:
        """What it may be used for, in words."""
        words = dict(Scope.choices)
        return tuple(str(words.get(scope, scope)) for scope in self.scopes)


# ── accounts ────────────────────────────────────────────────────────────────────────────────────


def accounts(
    actor: User,
    *,
    words: str = "",
    role: str = "",
    place: str = "",
    state: str = "",
    cursor: str = "",
) -> Accounts:
    """Accounts by name, filtered; ``place`` is a part of the name of what a role is held for.

    Raises NotAllowed for all but security administrators.
    """
    rows = _accounts(actor)
    if words.strip():
        rows = rows.filter(
            Q(username__icontains=words.strip()) | Q(display_name__icontains=words.strip())
        )
    if role in Role.values:
        rows = rows.filter(pk__in=Member.objects.filter(role=role).values("user_id"))
    if place.strip():
        rows = rows.filter(pk__in=_held_for(place.strip()).values("user_id"))
    if state in {"active", "disabled"}:
        rows = rows.filter(is_active=state == "active")
    if state == "locked":
        rows = rows.filter(username__in=_locked_now(rows))
    if cursor:
        rows = rows.filter(username__gt=cursor)
    found = list(rows[: PAGE_SIZE + 1])
    more = len(found) > PAGE_SIZE
    found = found[:PAGE_SIZE]
    return Accounts(rows=_shown(found), next_cursor=found[-1].username if more else None)


def _held_for(place: str) -> QuerySet[Member]:
    return Member.objects.filter(
        Q(unit__name__icontains=place)
        | Q(department__name__icontains=place)
        | Q(region__name__icontains=place)
        | Q(office__name__icontains=place)
    )


def _locked_now(rows: QuerySet[User]) -> list[str]:
    """Names are counted under keyed marks, so each name is marked anew to be found."""
    if not AttemptCount.objects.filter(
        kind=AttemptKind.NAME, locked_until__gt=timezone.now()
    ).exists():
        return []
    return list(locked_names(rows.values_list("username", flat=True)))


def mark_of(name: str) -> str:
    """The keyed mark under which failures of a name are counted: the same for all its spellings."""
    return keys.marks(folded_name(name).encode(), "sign_in")[0]


def account(actor: User, public_id: UUID) -> Account:
    """One account. Raises NotAllowed, NotFound."""
    shown = _shown(list(_accounts(actor).filter(public_id=public_id)))
    if not shown:
        raise NotFound("没有这个账号")
    return shown[0]


def _accounts(actor: User) -> QuerySet[User]:
    if not holds(actor, Role.SECURITY_ADMIN):
        raise NotAllowed("只有安全管理员可以查看账号")
    return User.objects.order_by("username")


def _shown(found: list[User]) -> tuple[Account, ...]:
    pks = [user.pk for user in found]
    roles = held_roles(pks)
    factors = set(
        SecondFactor.objects.filter(user__in=pks, confirmed_at__isnull=False).values_list(
            "user_id", flat=True
        )
    )
    return tuple(
        Account(
            public_id=user.public_id,
            username=user.username,
            display_name=user.display_name,
            email=user.email,
            is_active=user.is_active,
            must_change_password=user.must_change_password,
            has_second_factor=user.pk in factors,
            has_identity=bool(user.person_key),
            created_at=user.created_at,
            last_login=user.last_login,
            roles=tuple(roles.get(user.pk, ())),
        )
        for user in found
    )


def held_roles(users: Iterable[int]) -> dict[int, list[Held]]:
    """The roles of several accounts."""
    found: dict[int, list[Held]] = {}
    rows = Member.objects.filter(user__in=list(users)).select_related(
        "region", "department", "unit", "office"
    )
    for row in rows.order_by("id"):
        place = row.unit or row.department or row.region
        words = str(place) if place else ""
        if row.office is not None:
            words = f"{words}（{row.office}）"
        held = Held(id=row.pk, role=row.role, label=row.get_role_display(), place=words)
        found.setdefault(row.user_id, []).append(held)
    return found


def locked_names(names: Iterable[str]) -> dict[str, datetime]:
    """Those of the names that are locked now, with the time until when."""
    marks = {mark_of(name): name for name in names}
    rows = AttemptCount.objects.filter(
        kind=AttemptKind.NAME, mark__in=list(marks), locked_until__gt=timezone.now()
    )
    return {marks[row.mark]: row.locked_until for row in rows if row.locked_until is not None}


def tokens_of(user: User) -> tuple[TokenRow, ...]:
    """One's own tokens, newest first."""
    now = timezone.now()
    return tuple(
        TokenRow(
            public_id=row.public_id,
            name=row.name,
            prefix=row.prefix,
            scopes=tuple(row.scopes),
            networks=tuple(row.networks),
            created_at=row.created_at,
            expires_at=row.expires_at,
            last_used_at=row.last_used_at,
            state="revoked" if row.revoked_at else "expired" if row.expires_at <= now else "live",
        )
        for row in AccessToken.objects.filter(user=user).order_by("-id")[:100]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Duties:
    """What an account administers: decides which links its pages show."""

    system: bool
    security: bool
    audit: bool


def duties(user: User) -> Duties:
    """Which of the three administrators an account is."""
    roles = set(Member.objects.filter(user=user).values_list("role", flat=True))
    return Duties(
        system=Role.SYSTEM_ADMIN in roles,
        security=Role.SECURITY_ADMIN in roles,
        audit=Role.AUDIT_ADMIN in roles,
    )
