"""What every form of a page does: refusals as pages in words, one effect for one press."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, OperationalError
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from budgets.errors import Conflict, Invalid, KeyReused, Missing, NotAllowed, NotFound
from budgets.models import IdempotencyKey
from budgets.web.forms import once, told
from tests.cast import assemble


def _busy(state: str) -> OperationalError:
    class Cause(Exception):
        sqlstate = state

    error = OperationalError("a lock was not to be had")
    error.__cause__ = Cause()
    return error


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (NotAllowed("您不能"), 403, "您不能"),
        (Conflict("已经办过"), 409, "已经办过"),
        (Missing("缺少编号"), 428, "缺少编号"),
        (KeyReused("提交过"), 422, "提交过"),
        (Invalid({"名称": "请填写"}), 400, "名称：请填写"),
        (_busy("55P03"), 503, "正在被别人办理"),
        (IntegrityError("not to be shown"), 409, "刚刚被别人改动"),
    ],
)
def test_refusals_are_pages(error: Exception, status: int, words: str) -> None:
    response = told(_raising(error))(_request())
    assert response.status_code == status
    assert words in response.content.decode()
    assert "not to be" not in response.content.decode()


@pytest.mark.django_db
def test_not_found_and_what_nobody_expected_go_on() -> None:
    with pytest.raises(Http404):
        told(_raising(NotFound("不在")))(_request())
    with pytest.raises(OperationalError):
        told(_raising(_busy("57P01")))(_request())


def _raising(error: Exception) -> Callable[..., HttpResponse]:
    def view(request: Any) -> HttpResponse:
        raise error

    return view


def _request(user: Any = None, **fields: Any) -> Any:
    request = RequestFactory().post("/somewhere/", fields)
    request.user = user or AnonymousUser()
    return request


def test_one_press_one_effect(db: None) -> None:
    user = assemble()["clerk"]
    done: list[str] = []

    def act() -> str:
        done.append("x")
        return f"/made/{len(done)}/"

    first = once(_request(user, form_key="a" * 32, name="甲"), act)
    again = once(_request(user, form_key="a" * 32, name="甲", csrfmiddlewaretoken="other"), act)
    assert (first["Location"], again["Location"], len(done)) == ("/made/1/", "/made/1/", 1)
    with pytest.raises(KeyReused, match="这张表单已经提交过一次"):
        once(_request(user, form_key="a" * 32, name="乙"), act)
    with pytest.raises(Missing):
        once(_request(user, name="甲"), act)


def test_a_refused_press_frees_its_key(db: None) -> None:
    user = assemble()["clerk"]

    def refuse() -> str:
        raise Conflict("还不行")

    with pytest.raises(Conflict):
        once(_request(user, form_key="b" * 32, name="甲"), refuse)
    assert IdempotencyKey.objects.count() == 0
    mended = once(_request(user, form_key="b" * 32, name="乙"), lambda: "/made/")
    assert mended["Location"] == "/made/"
