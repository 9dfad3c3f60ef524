"""How long a sign-in lasts, and what comes before everything else."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from budgets.models import User
from budgets.services import passwords, second_factors
from budgets.web import errors

View = Callable[..., HttpResponseBase]
SIGNED_IN, SEEN, SECOND = "signed_in_at", "seen_at", "second_factor"
_COARSE = 60
"""Seconds between two notes of when a session was last used."""
_FREE = {
    "account",
    "password",
    "second-factor",
    "second-factor-picture",
    "sign-in",
    "sign-in-second",
    "sign-out",
}
"""Pages that work while a password must be changed or a second factor set up."""


def enter(request: HttpRequest, user: User, *, second_factor: bool) -> None:
    """Begins the session of an account that has signed in; its key is a new one."""
    auth.login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    request.session[SIGNED_IN] = request.session[SEEN] = int(time.time())
    request.session[SECOND] = second_factor


class SessionLimitsMiddleware:
    """Ends sessions that were idle too long, or are too old however busy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing before, nothing after."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        """A session without our stamps begins now; the last use is noted once a minute."""
        if not _asks_who(request, view) or not request.user.is_authenticated:
            return
        now = int(time.time())
        session = request.session
        began, seen = session.get(SIGNED_IN, now), session.get(SEEN, now)
        if (
            now - seen > settings.SESSION_IDLE_MINUTES * 60
            or now - began > settings.SESSION_HOURS * 3600
        ):
            auth.logout(request)
            return
        if SIGNED_IN not in session or now - seen >= _COARSE:
            session[SIGNED_IN], session[SEEN] = began, now


def _asks_who(request: HttpRequest, view: View) -> bool:
    """Health and sign-in answer without a session, even when there is no database."""
    return getattr(view, "login_required", True) or request.path.startswith("/api/")


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Sends people to the sign-in page, but nothing that was typed into nowhere."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: View
    ) -> HttpResponseBase:
        """A redirect for whoever opens a page; 401 for scripts and for forms that were sent."""
        if errors.wants_json(request) or request.method not in {"GET", "HEAD"}:
            return errors.signed_out(request)
        return super().handle_no_permission(request, view_func)


class FirstThingsMiddleware:
    """A password that was given or is too old is changed first; then the second factor is set up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing before, nothing after."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """The page that comes first, or None; a program is told which."""
        match = request.resolver_match
        if not _asks_who(request, view) or (match and match.view_name in _FREE):
            return None
        user = request.user
        if not isinstance(user, User):
            return None
        if passwords.must_change(user):
            return _first(request, "password", "请先修改密码", "password_change_required")
        if not request.session.get(SECOND) and second_factors.is_required(user):
            return _first(request, "second-factor", "请先启用两步验证", "second_factor_required")
        return None


def _first(request: HttpRequest, page: str, words: str, code: str) -> HttpResponse:
    if errors.wants_json(request):
        return errors.problem(403, words, f"{words}，然后重试。", code)
    return redirect(page)
