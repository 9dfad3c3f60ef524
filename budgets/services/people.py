"""Accounts and their rights: what the security administrator does, one event for each verb.

Nobody changes the own account or the own rights here. Without an actor it is the service itself:
the command that makes the first three administrators.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import F

from budgets import audit, keys
from budgets.access import holds
from budgets.errors import Conflict, Invalid, NotAllowed, NotFound
from budgets.models import BudgetUnit, Department, Member, Office, Region, Role, User
from budgets.services import attempts, passwords, second_factors, tokens
from budgets.text import clean_text, folded_name

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
_ADMINISTRATORS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """An account with the password of its first sign-in, which is told this once."""

    user: User
    password: str


# ── accounts ────────────────────────────────────────────────────────────────────────────────────


def create_account(
    *,
    actor: User | None,
    username: str,
    display_name: str,
    email: str = "",
    identity: str = "",
    origin: audit.Origin | None = None,
) -> NewAccount:
    """An account without rights. ``identity`` (a number or address) keeps a person to one account.

    Only its keyed mark is stored. Raises NotAllowed, Invalid by field, Conflict.
    """
    _security(actor)
    name, shown = _checked_names(username, display_name, email)
    marks = _person_marks(identity)
    with transaction.atomic():
        if User.objects.filter(username=name).exists():
            raise Conflict(f"已有用户名“{name}”")
        if marks and User.objects.filter(person_key__in=marks).exists():
            raise Conflict("这个人已有账号：一人只能有一个账号")
        user = User(username=name, display_name=shown, email=email.strip())
        user.person_key = marks[0] if marks else ""
        password = passwords.made_up()
        user.set_password(password)
        user.must_change_password = True
        _record(actor, "create_account", user, {"with_identity": bool(marks)}, origin)
        try:
            with transaction.atomic():
                user.save(force_insert=True)
        except IntegrityError:
            raise Conflict("用户名已被占用，或者这个人已有账号") from None
        return NewAccount(user=user, password=password)


def _checked_names(username: str, display_name: str, email: str) -> tuple[str, str]:
    fields = {}
    name = folded_name(username)
    shown = clean_text(display_name, field="姓名").strip()
    if not _NAME.fullmatch(name):
        fields["username"] = "用户名应为 2 到 32 个小写字母、数字或 . _ -，以字母或数字开头"
    if not shown or len(shown) > 64:
        fields["display_name"] = "请填写姓名，最多 64 字"
    if email.strip():
        try:
            validate_email(email.strip())
        except ValidationError:
            fields["email"] = "电子邮箱写得不对"
    if fields:
        raise Invalid(fields)
    return name, shown


def _person_marks(identity: str) -> list[str]:
    plain = "".join(folded_name(identity).split())
    return keys.marks(plain.encode(), "person") if plain else []


def disable_account(*, actor: User, public_id: UUID, origin: audit.Origin | None = None) -> User:
    """Ends an account's sessions and tokens and lets it in no more. Raises NotAllowed, NotFound, Conflict."""
    with transaction.atomic():
        user = _other(actor, public_id)
        if not user.is_active:
            raise Conflict("账号已经停用")
        detail = {"tokens": tokens.live_tokens(user)}
        _record(actor, "disable_account", user, detail, origin)
        user.is_active = False
        _end_sessions(user, "is_active")
        tokens.revoke_all(user)
        return user


def enable_account(*, actor: User, public_id: UUID, origin: audit.Origin | None = None) -> User:
    """Lets a disabled account in again. Raises NotAllowed, NotFound, Conflict."""
    with transaction.atomic():
        user = _other(actor, public_id)
        if user.is_active:
            raise Conflict("账号没有停用")
        _record(actor, "enable_account", user, {}, origin)
        user.is_active = True
        user.save(update_fields=["is_active"])
        return user


def set_initial_password(
    *, actor: User | None, public_id: UUID, origin: audit.Origin | None = None
) -> str:
    """A made-up password, to be changed at the next sign-in; sessions and tokens end.

    Raises NotAllowed, NotFound.
    """
    with transaction.atomic():
        user = _other(actor, public_id)
        password = passwords.made_up()
        _record(actor, "set_initial_password", user, {}, origin)
        passwords.store(user, password, must_change=True)
        _end_sessions(user)
        tokens.revoke_all(user)
        return password


def unlock(*, actor: User | None, public_id: UUID, origin: audit.Origin | None = None) -> User:
    """Lets an account that was locked by wrong guesses try again. Raises NotAllowed, NotFound."""
    with transaction.atomic():
        user = _other(actor, public_id)
        refused = attempts.clear(user.username)
        _record(actor, "unlock_account", user, {"refused": refused}, origin)
        return user


def reset_second_factor(
    *, actor: User | None, public_id: UUID, origin: audit.Origin | None = None
) -> User:
    """Takes a lost second factor away; sessions end. Raises NotAllowed, NotFound, Conflict."""
    with transaction.atomic():
        user = _other(actor, public_id)
        if not second_factors.is_on(user):
            raise Conflict("这个账号没有启用两步验证")
        _record(actor, "reset_second_factor", user, {}, origin)
        second_factors.drop(user)
        _end_sessions(user)
        return user


def _end_sessions(user: User, *also: str) -> None:
    user.session_epoch = F("session_epoch") + 1
    user.save(update_fields=["session_epoch", *also])
    user.refresh_from_db(fields=["session_epoch"])


# ── rights ──────────────────────────────────────────────────────────────────────────────────────


def grant_role(
    *,
    actor: User | None,
    public_id: UUID,
    role: str,
    region: str = "",
    department: UUID | None = None,
    unit: UUID | None = None,
    office: UUID | None = None,
    origin: audit.Origin | None = None,
) -> Member:
    """A role for a unit, a department or a region. Raises NotAllowed, NotFound, Invalid, Conflict."""
    with transaction.atomic():
        user = _other(actor, public_id)
        scope = _scope(role, region=region, department=department, unit=unit, office=office)
        member = Member(user=user, role=role, **scope)
        held = set(Member.objects.filter(user=user).values_list("role", flat=True))
        if held - {role} and {role, *held} & set(_ADMINISTRATORS):
            raise Conflict("系统、安全、审计管理员互斥，也不能兼任业务角色")
        if Member.objects.filter(user=user, role=role, **scope).exists():
            raise Conflict("已有这个角色")
        detail = {"role": role, **{name: row.pk for name, row in scope.items()}}
        _record(actor, "grant_role", user, detail, origin)
        member.save(force_insert=True)
        return member


def _scope(
    role: str, *, region: str, department: UUID | None, unit: UUID | None, office: UUID | None
) -> dict[str, Any]:
    """What a role holds for: exactly what it needs, and nothing it does not."""
    if role not in Role.values:
        raise Invalid({"role": "没有这个角色"})
    if role in _ADMINISTRATORS:
        return {}
    if role in (Role.CLERK, Role.UNIT_HEAD):
        found = (
            BudgetUnit.objects.filter(public_id=unit).select_related("department").first()
            if unit
            else None
        )
        if found is None:
            raise Invalid({"unit": "请选择预算单位"})
        return {"department": found.department, "unit": found}
    if role == Role.DEPARTMENT_REVIEWER:
        owner = Department.objects.filter(public_id=department).first() if department else None
        if owner is None:
            raise Invalid({"department": "请选择主管部门"})
        return {"department": owner}
    place = Region.objects.filter(code=region).first()
    if place is None:
        raise Invalid({"region": "请选择地区"})
    scope: dict[str, Any] = {"region": place}
    if office is not None:
        room = Office.objects.filter(public_id=office, region=place).first()
        if room is None or role != Role.FINANCE_REVIEWER:
            raise Invalid({"office": "业务股室只用于本地区的财政审核"})
        scope["office"] = room
    return scope


def revoke_role(
    *, actor: User, public_id: UUID, member: int, origin: audit.Origin | None = None
) -> None:
    """Takes a role away; it is gone with the next request. Raises NotAllowed, NotFound."""
    with transaction.atomic():
        user = _other(actor, public_id)
        held = Member.objects.select_for_update().filter(user=user, pk=member).first()
        if held is None:
            raise NotFound("这个账号没有这个角色")
        detail = {"role": held.role, "unit": held.unit_id, "department": held.department_id}
        _record(actor, "revoke_role", user, detail, origin)
        held.delete()


# ── the first three ─────────────────────────────────────────────────────────────────────────────


def bootstrap(names: Mapping[Role, tuple[str, str]]) -> dict[str, NewAccount]:
    """The first administrators: role → (user name, name shown). Raises Conflict when there is one."""
    with transaction.atomic():
        if Member.objects.filter(role__in=_ADMINISTRATORS).exists():
            raise Conflict("已有管理员账号；新的账号由安全管理员建立")
        made = {}
        for role in _ADMINISTRATORS:
            username, shown = names[role]
            made[role.value] = create_account(actor=None, username=username, display_name=shown)
            grant_role(actor=None, public_id=made[role.value].user.public_id, role=role)
        return made


def rescue(username: str) -> str:
    """A fresh password for an administrator whom nobody else can let in; run on the server.

    The lock and the second factor go, too. Raises NotFound for whoever is no administrator.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().filter(username=folded_name(username)).first()
        if user is None or not holds(user, *_ADMINISTRATORS):
            raise NotFound(f"没有名为“{username}”的可用管理员")
        _record(None, "rescue_administrator", user, {}, None)
        password = passwords.made_up()
        passwords.store(user, password, must_change=True)
        attempts.clear(user.username)
        second_factors.drop(user)
        _end_sessions(user)
        return password


# ── who may ─────────────────────────────────────────────────────────────────────────────────────


def _security(actor: User | None) -> None:
    if actor is not None and not holds(actor, Role.SECURITY_ADMIN):
        raise NotAllowed("只有安全管理员可以管理账号和授权")


def _other(actor: User | None, public_id: UUID) -> User:
    """The account, locked, for an administrator who is somebody else."""
    _security(actor)
    user = User.objects.select_for_update().filter(public_id=public_id).first()
    if user is None:
        raise NotFound("没有这个账号")
    if actor is not None and actor.pk == user.pk:
        raise NotAllowed("不能改变自己的账号和权限，请由另一名安全管理员办理")
    return user


def _record(
    actor: User | None,
    verb: str,
    user: User,
    detail: dict[str, Any],
    origin: audit.Origin | None,
) -> None:
    audit.record(
        actor=actor,
        verb=verb,
        object_type="user",
        object_id=user.public_id,
        department_id=audit.OFFICE_CHAIN,
        detail=detail,
        origin=origin,
    )
