"""Error pages in Chinese: what happened, what to do, and the request id to name."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from budgets.requests import request_id


def page(request: HttpRequest, status: int, title: str, advice: str) -> HttpResponse:
    """A page that says what happened and what to do, with the request id to name."""
    context = {"title": title, "advice": advice, "request_id": request_id.get()}
    return render(request, "budgets/error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return page(request, 400, "请求有误", "地址或内容不合要求，请返回上一页重试。")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return page(request, 403, "没有权限", "您的账号不能做这件事；如有需要请联系管理员。")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: not there and not yours look the same."""
    return page(request, 404, "没有找到", "这个页面不存在，或者不在您的可见范围内。")


def server_error(request: HttpRequest) -> HttpResponse:
    """500; 503 when the database was not to be had, so that a client knows it may try again.

    Asks the database nothing: neither the account nor a row may be needed to say that it is gone.
    """
    gone = isinstance(sys.exc_info()[1], (OperationalError, InterfaceError))
    status, title = (503, "系统繁忙") if gone else (500, "系统出错")
    by_program = request.path.startswith("/api/")
    again = "用同一个键重试" if by_program else "用浏览器的后退找回填写的内容再提交，"
    advice = (
        f"数据库暂时不可用，请稍后重试；{again}不会重复办理。"
        if gone
        else "问题已经记录；请稍后重试，或把下面的编号告诉管理员。"
    )
    response: HttpResponse
    if by_program:
        response = problem(status, title, advice)
    else:
        context = {"title": title, "advice": advice, "request_id": request_id.get()}
        response = HttpResponse(render_to_string("budgets/error.html", context), status=status)
    if gone:
        response["Retry-After"] = "2"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came without its token, mostly after a long pause."""
    return page(
        request,
        403,
        "页面已过期",
        "请回到刚才的页面，刷新后重新提交；已自动保存的草稿会在那里恢复。",
    )


def wants_json(request: HttpRequest) -> bool:
    """Whether a program asks, or a script of a page: it gets no page and no redirect."""
    if request.path.startswith("/api/") or request.headers.get("HX-Request"):
        return True
    accepted = request.headers.get("Accept", "")
    return "json" in accepted and "text/html" not in accepted


def problem(status: int, title: str, detail: str, code: str = "") -> JsonResponse:
    """application/problem+json, as the API answers."""
    body = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "request_id": request_id.get(),
    }
    if code:
        body["code"] = code
    response = JsonResponse(
        body,
        status=status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="jiheng"'
    return response


def signed_out(request: HttpRequest) -> HttpResponse:
    """401 to what came after the session had ended: nothing was done, and what was typed stays."""
    if wants_json(request):
        return problem(401, "登录已失效", "请在另一个窗口重新登录，然后重试。", "signed_out")
    return render(request, "budgets/signed_out.html", {"title": "登录已失效"}, status=401)
