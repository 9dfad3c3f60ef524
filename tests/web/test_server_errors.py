"""What is said when the service itself fails: in the form that was asked for, without the database."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import InterfaceError, OperationalError
from django.test import RequestFactory

from budgets.web.errors import server_error

CASES = [
    (OperationalError("the connection is lost"), 503, "系统繁忙"),
    (InterfaceError("the connection is closed"), 503, "系统繁忙"),
    (RuntimeError("a fault"), 500, "系统出错"),
]


def _answer(path: str, error: Exception) -> Any:
    try:
        raise error
    except Exception:
        return server_error(RequestFactory().get(path))


@pytest.mark.parametrize(("error", "status", "title"), CASES)
def test_a_page_says_what_to_do(error: Exception, status: int, title: str) -> None:
    response = _answer("/target-tables/", error)
    assert response.status_code == status
    assert title in response.content.decode()
    assert ("Retry-After" in response) == (status == 503)
    assert str(error) not in response.content.decode()


@pytest.mark.parametrize(("error", "status", "title"), CASES)
def test_the_api_answers_a_problem(error: Exception, status: int, title: str) -> None:
    response = _answer("/api/v1/projects/", error)
    assert response["Content-Type"] == "application/problem+json"
    assert (response.status_code, title in response.content.decode()) == (status, True)
