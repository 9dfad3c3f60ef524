"""Who asks the API: a session first, else a token; and what a token may be used for."""

from __future__ import annotations

from typing import Any

from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from budgets.access import told
from budgets.errors import InvalidInput
from budgets.models import AccessToken, Scope, User
from budgets.services import tokens

_CHALLENGE = 'Bearer realm="jiheng"'
_SAFE = {"GET", "HEAD", "OPTIONS"}


class SessionOfPage(SessionAuthentication):
    """A signed-in browser, with its CSRF token; without one the answer is 401, not 403."""

    def authenticate_header(self, request: Request) -> str:
        """What may be given instead."""
        return _CHALLENGE


class BearerToken(BaseAuthentication):
    """``Authorization: Bearer jh_…``: never by cookie, never in an address."""

    def authenticate(self, request: Request) -> tuple[User, AccessToken] | None:
        """The token's account, told to the database too. Raises AuthenticationFailed."""
        kind, _, text = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer":
            return None
        try:
            token = tokens.verified(text.strip(), request.META.get("REMOTE_ADDR", ""))
        except InvalidInput as error:
            raise AuthenticationFailed(str(error)) from None
        told(token.user.pk)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """The scheme."""
        return _CHALLENGE


class InScope(BasePermission):
    """What a token is for; nothing that its scopes do not say. A session is not narrowed."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Reading needs ``read`` (or ``report`` where a view says so), everything else ``write``.

        Views with ``by_session_only`` take no token at all.
        """
        if request.auth is None:
            return True
        if not isinstance(request.auth, AccessToken) or getattr(view, "by_session_only", False):
            return False
        needed = {Scope.READ.value} if request.method in _SAFE else {Scope.WRITE.value}
        if request.method in _SAFE and getattr(view, "is_report", False):
            needed.add(Scope.REPORT.value)
        return bool(needed & set(request.auth.scopes))
