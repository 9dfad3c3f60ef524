"""One's own account: password, second factor, tokens. A door to the services, nothing else."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import auth, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from budgets.errors import Invalid, NotFound, ServiceError
from budgets.models import Scope, User
from budgets.selectors import people as selectors
from budgets.services import passwords, second_factors, tokens
from budgets.web import errors, sessions
from budgets.web.sign_in import origin_of


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


def _page(
    request: HttpRequest, template: str, section: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    context |= {"section": section, "rights": selectors.duties(_user(request))}
    return render(request, f"budgets/account/{template}.html", context, status=status)


def _stay(request: HttpRequest, user: User, *, second_factor: bool | None = None) -> None:
    """Keeps this session while the others of the account end."""
    auth.update_session_auth_hash(request, user)
    if second_factor is not None:
        request.session[sessions.SECOND] = second_factor


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Name, roles, and the way to everything else."""
    user = _user(request)
    return _page(
        request,
        "overview",
        "account",
        roles=selectors.held_roles([user.pk]).get(user.pk, []),
        has_second_factor=second_factors.is_on(user),
        codes_left=second_factors.codes_left(user),
    )


@transaction.non_atomic_requests
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Changing the password; the first page of all when it was given or is too old."""
    user = _user(request)
    context: dict[str, Any] = {"rules": passwords.rules(), "is_forced": passwords.must_change(user)}
    if request.method != "POST":
        return _page(request, "password", "password", **context)
    try:
        changed = passwords.change_own(
            actor=user,
            old=request.POST.get("old", ""),
            new=request.POST.get("new", ""),
            again=request.POST.get("again", ""),
            origin=origin_of(request),
        )
    except Invalid as error:
        return _page(request, "password", "password", status=400, fields=error.fields, **context)
    _stay(request, changed)
    messages.success(request, "密码已修改，其他地方的登录已失效。")
    return redirect("account")


@transaction.non_atomic_requests
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Setting the second factor up: a secret, its picture, the first code, ten recovery codes."""
    user = _user(request)
    error, status = "", 200
    if request.method == "POST":
        try:
            if request.POST.get("step") == "begin":
                second_factors.begin(actor=user)
                return redirect("second-factor")
            codes = second_factors.confirm(
                actor=user, code=request.POST.get("code", ""), origin=origin_of(request)
            )
        except ServiceError as problem:
            error, status = str(problem), 400
        else:
            user.refresh_from_db()
            _stay(request, user, second_factor=True)
            return _page(request, "recovery_codes", "second-factor", codes=codes)
    return _page(
        request,
        "second_factor",
        "second-factor",
        status=status,
        error=error,
        is_on=second_factors.is_on(user),
        is_required=second_factors.is_required(user),
        secret=second_factors.offered_secret(user),
        codes_left=second_factors.codes_left(user),
    )


@require_safe
def second_factor_picture(request: HttpRequest) -> HttpResponse:
    """The offered secret as a picture; gone once it is confirmed."""
    try:
        drawn = second_factors.picture(_user(request))
    except NotFound:
        return errors.not_found(request)
    return HttpResponse(drawn, content_type="image/svg+xml")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def own_tokens(request: HttpRequest) -> HttpResponse:
    """One's tokens; a new one is shown once, on this very page."""
    user = _user(request)
    made, problem, status = None, {}, 200
    if request.method == "POST":
        days = request.POST.get("days", "")
        try:
            made = tokens.make_token(
                actor=user,
                name=request.POST.get("name", ""),
                scopes=request.POST.getlist("scopes"),
                days=int(days) if days.isascii() and days.isdigit() else 0,
                networks=request.POST.get("networks", "").split(),
                origin=origin_of(request),
            )
        except Invalid as error:
            problem, status = error.fields, 400
        except ServiceError as error:
            problem, status = {"name": str(error)}, 400
    allowed = tokens.scopes_for(user)
    return _page(
        request,
        "tokens",
        "tokens",
        status=status,
        rows=selectors.tokens_of(user),
        made=made,
        fields=problem,
        typed=request.POST if problem else {},
        chosen=request.POST.getlist("scopes") if problem else ["read"],
        scopes=[(value, label) for value, label in Scope.choices if value in allowed],
        longest=tokens.LONGEST_DAYS,
    )


@require_POST
def revoke_token(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ends a token."""
    try:
        tokens.revoke_token(actor=_user(request), public_id=public_id, origin=origin_of(request))
    except NotFound:
        return errors.not_found(request)
    except ServiceError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "令牌已吊销，立即失效。")
    return redirect("tokens")
