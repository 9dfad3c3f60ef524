"""Errors of the API as application/problem+json (RFC 9457), with Chinese titles."""

from __future__ import annotations

import json
import logging
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DataError, IntegrityError, OperationalError
from django.http import Http404
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import set_rollback

from budgets import errors as service
from budgets.requests import request_id

_PROBLEM = "application/problem+json"
_log = logging.getLogger(__name__)
_TITLES = {
    400: "请求有误",
    401: "没有登录",
    403: "没有权限",
    404: "没有找到",
    405: "不支持这种方法",
    406: "不支持这种格式",
    409: "内容有冲突",
    415: "不支持这种内容类型",
    422: "请求与先前的不一致",
    428: "缺少必要的前提",
    429: "请求太频繁",
    503: "系统繁忙",
}
_DETAILS = {
    404: "对象不存在，或者不在您的可见范围内。",
    401: "请先登录，或提供有效的凭据。",
    403: "您的账号不能做这件事。",
    405: "请查看接口文档中允许的方法。",
    503: "同一内容正在被别人办理，请稍后用同一个键重试。",
}


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """The response for an exception; None leaves it to Django (a 500 with the request id)."""
    code, details, headers = _meaning(error)
    if code is None:
        return None
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": _TITLES.get(code, "请求没有成功"),
        "status": code,
        "detail": _DETAILS.get(code, "请核对请求后重试。"),
        "request_id": request_id.get(),
    }
    if isinstance(error, service.ServiceError):
        body["detail"] = _DETAILS[404] if code == 404 else str(error)
        body["code"] = error.code
        body.update(_more(error, context))
    set_rollback()
    if details:
        body["errors"] = details
    response = Response(body, status=code, headers=headers)
    response.content_type = _PROBLEM
    return response


_BUSY = {"55P03", "40P01", "57014"}
"""Lock not available, deadlock, cancelled by time."""
_CODES: tuple[tuple[type[service.ServiceError], int], ...] = (
    (service.NotFound, 404),
    (service.NotAllowed, 403),
    (service.KeyReused, 422),
    (service.Missing, 428),
    (service.Conflict, 409),
    (service.InvalidInput, 400),
)


def _more(error: service.ServiceError, context: dict[str, Any]) -> dict[str, Any]:
    """What a view adds to an error: the comparison of a stale write, for instance."""
    explain = getattr(context.get("view"), "explain_error", None)
    return dict(explain(error)) if explain else {}


def _meaning(error: Exception) -> tuple[int | None, Any, dict[str, str]]:
    headers: dict[str, str] = {}
    if isinstance(error, service.ServiceError):
        code = next((code for kind, code in _CODES if isinstance(error, kind)), 400)
        fields = error.fields if isinstance(error, service.Invalid) else None
        return code, fields, headers
    if isinstance(error, OperationalError) and getattr(error.__cause__, "sqlstate", "") in _BUSY:
        _log.warning("a lock was not to be had", exc_info=error)
        return status.HTTP_503_SERVICE_UNAVAILABLE, None, {"Retry-After": "1"}
    if isinstance(error, Http404):
        return status.HTTP_404_NOT_FOUND, None, headers
    if isinstance(error, PermissionDenied):
        return status.HTTP_403_FORBIDDEN, None, headers
    if isinstance(error, ValidationError):
        return error.status_code, json.loads(json.dumps(error.detail, default=str)), headers
    if isinstance(error, APIException):
        if wait := getattr(error, "wait", None):
            headers["Retry-After"] = str(int(wait))
        if header := getattr(error, "auth_header", None):
            headers["WWW-Authenticate"] = header
        return error.status_code, None, headers
    if isinstance(error, IntegrityError):
        _log.warning("integrity error answered with 409", exc_info=error)
        return status.HTTP_409_CONFLICT, None, headers
    if isinstance(error, (DataError, RecursionError, OverflowError)):
        _log.warning("unusable input answered with 400", exc_info=error)
        return status.HTTP_400_BAD_REQUEST, None, headers
    return None, None, headers
