"""Signing in and out. Both steps run outside a transaction: what failed stays counted and told."""

from __future__ import annotations

import time
from typing import Any

from django.contrib import auth
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from budgets.audit import Origin
from budgets.models import User
from budgets.selectors.people import duties
from budgets.services import sign_in as service
from budgets.web import sessions

_HALF = "half_signed_in"
_HALF_SECONDS = 300


@transaction.non_atomic_requests
@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password."""
    following = _following(request)
    if request.method != "POST":
        if request.user.is_authenticated:
            return redirect(following)
        return _form(request, following)
    name = request.POST.get("username", "")
    try:
        passed = service.with_password(
            name=name, password=request.POST.get("password", ""), origin=origin_of(request)
        )
    except service.Locked as error:
        return _form(request, following, error=str(error), status=429, minutes=error.minutes)
    except service.WrongCredentials as error:
        return _form(request, following, error=str(error))
    if passed.is_complete:
        sessions.enter(request, passed.user, second_factor=False)
        return redirect(_first_page(passed.user, following))
    request.session.cycle_key()
    request.session[_HALF] = {
        "user": passed.user.pk,
        "proof": passed.user.get_session_auth_hash(),
        "at": int(time.time()),
        "next": following,
    }
    return redirect("sign-in-second")


@transaction.non_atomic_requests
@login_not_required
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """The second factor, within five minutes of the password."""
    half = request.session.get(_HALF)
    user = _half_signed(half)
    if half is None or user is None:
        return redirect("sign-in")
    if request.method != "POST":
        return render(request, "budgets/sign_in_second.html")
    try:
        service.with_second_factor(
            user=user, code=request.POST.get("code", ""), origin=origin_of(request)
        )
    except service.Locked as error:
        context = {"error": str(error)}
        return render(request, "budgets/sign_in_second.html", context, status=429)
    except service.WrongCredentials as error:
        return render(request, "budgets/sign_in_second.html", {"error": str(error)})
    del request.session[_HALF]
    sessions.enter(request, user, second_factor=True)
    return redirect(_first_page(user, half["next"]))


def _half_signed(half: dict[str, Any] | None) -> User | None:
    if half is None or time.time() - half["at"] > _HALF_SECONDS:
        return None
    return service.half_signed(half["user"], half["proof"])


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session; whoever has none gets to the same place."""
    if isinstance(request.user, User):
        service.signed_out(actor=request.user, origin=origin_of(request))
    auth.logout(request)
    return redirect("sign-in")


def origin_of(request: HttpRequest) -> Origin:
    """Where a request came from, for the trail."""
    return Origin(ip=request.META.get("REMOTE_ADDR") or None)


def _first_page(user: User, following: str) -> str:
    """Administrators have nothing on the home page: they begin where their work is."""
    if following != "/":
        return following
    rights = duties(user)
    return reverse("people") if rights.security else reverse("places") if rights.system else "/"


def _following(request: HttpRequest) -> str:
    """Where to go afterwards: a page of ours, or the first one."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )  # without the stroke, a redirect would take it for the name of a page
    return wanted if safe else "/"


def _form(
    request: HttpRequest, following: str, *, error: str = "", status: int = 200, minutes: int = 0
) -> HttpResponse:
    context = {"next": following, "error": error, "name": request.POST.get("username", "")}
    response = render(request, "budgets/sign_in.html", context, status=status)
    if minutes:
        response["Retry-After"] = str(minutes * 60)
    return response
