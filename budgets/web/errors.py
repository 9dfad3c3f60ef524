"""Error pages in Chinese: what happened, what to do, and the request id to name."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

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
    """500."""
    return page(request, 500, "系统出错", "问题已经记录；请稍后重试，或把下面的编号告诉管理员。")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came without its token, mostly after a long pause."""
    return page(
        request, 403, "页面已过期", "请刷新页面后重新提交；填写的内容可以用浏览器的后退找回。"
    )
