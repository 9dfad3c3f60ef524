"""Forms of pages: one effect for one press, and refusals said in words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.db import IntegrityError, OperationalError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from budgets.audit import Origin
from budgets.errors import (
    Conflict,
    InvalidInput,
    KeyReused,
    Missing,
    NotAllowed,
    NotFound,
    ServiceError,
)
from budgets.models import User
from budgets.services import idempotency
from budgets.services.digests import sha256_of
from budgets.web import errors

KEY = "form_key"
"""The hidden field with the form's own key."""
_ASIDE = {KEY, "csrfmiddlewaretoken"}
_BUSY = {"55P03", "40P01", "57014"}
"""Lock not available, deadlock, cancelled by time."""
_STATUSES: tuple[tuple[type[ServiceError], int, str], ...] = (
    (NotFound, 404, "没有找到"),
    (NotAllowed, 403, "没有权限"),
    (KeyReused, 422, "这张表单已经提交过"),
    (Missing, 428, "缺少必要的内容"),
    (Conflict, 409, "现在不能办理"),
    (InvalidInput, 400, "请求有误"),
)


def user_of(request: HttpRequest) -> User:
    """The signed-in account."""
    return cast(User, request.user)


def origin_of(request: HttpRequest) -> Origin:
    """Where a request came from, for the trail."""
    return Origin(ip=request.META.get("REMOTE_ADDR") or None)


def status_of(error: ServiceError) -> int:
    """The status of the page that tells of an error."""
    return next((status for kind, status, _ in _STATUSES if isinstance(error, kind)), 400)


def once(request: HttpRequest, act: Callable[[], str]) -> HttpResponse:
    """Runs ``act`` once for the form's key and goes to the address it returns.

    The same form again goes there too, without a second effect. Whatever ``act`` raises frees
    the key together with everything else, so that the form may be mended and sent again. Raises
    Missing without a key, and KeyReused when the key came with another content.
    """
    user, key = user_of(request), request.POST.get(KEY, "")
    if not key:
        raise Missing("缺少表单编号：请刷新页面后重新提交")
    with transaction.atomic():
        try:
            answer = idempotency.claim(user, f"form:{key}"[:128], _fingerprint(request))
        except KeyReused:
            raise KeyReused(
                "这张表单已经提交过一次，这次的内容与那次不同，没有再办理；请核对现在的内容后重新提交"
            ) from None
        if answer is not None:
            return HttpResponseRedirect(answer.body)
        address = act()
        idempotency.keep(
            user, f"form:{key}"[:128], idempotency.Answer(status=302, body=address, etag="")
        )
    return HttpResponseRedirect(address)


def _fingerprint(request: HttpRequest) -> str:
    """What was sent, files too, without the tokens that differ each time."""
    fields = [(name, values) for name, values in sorted(request.POST.lists()) if name not in _ASIDE]
    files = [
        (name, [sha256_of(file) for file in given]) for name, given in sorted(request.FILES.lists())
    ]
    text = json.dumps([request.path, fields, files], ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def told(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view whose refusals come as pages that say what was wrong, with their status."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                return view(request, *args, **kwargs)
        except NotFound:
            raise Http404 from None
        except ServiceError as error:
            title = next(title for kind, _, title in _STATUSES if isinstance(error, kind))
            return errors.page(request, status_of(error), title, str(error))
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") not in _BUSY:
                raise
            words = "同一内容正在被别人办理，请稍后重试；填写的内容可以用浏览器的后退找回。"
            return errors.page(request, 503, "系统繁忙", words)
        except IntegrityError:
            words = "内容刚刚被别人改动，没有办理；请返回核对后重试。"
            return errors.page(request, 409, "内容有冲突", words)

    return wrapped
