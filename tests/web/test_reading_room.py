"""Django's admin as a reading room: who may read what, and that nothing is written from there."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.test import Client

from budgets.admin import site
from budgets.models import AuditEvent, FiscalYear, User
from tests.cast import Cast


def _client(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast[name])
    return client


def test_what_is_shown_and_to_whom(cast: Cast) -> None:
    User.objects.filter(pk=cast["clerk"].pk).update(
        person_key="k" * 64, email="jingban@example.com"
    )
    FiscalYear.objects.create(year=2024)
    security, system = _client(cast, "security"), _client(cast, "system")
    for client, models in (
        (security, ("用户", "成员", "预算单位", "主管部门")),
        (system, ("预算单位", "预算年度")),
    ):
        index = client.get("/admin/").content.decode()
        for words in models:
            assert f">{words}</a>" in index, words
    assert ">用户</a>" not in system.get("/admin/").content.decode()
    rows = security.get("/admin/budgets/user/?q=clerk").content.decode()
    assert "foreign_clerk" in rows
    page = security.get(f"/admin/budgets/user/{cast['clerk'].pk}/").content.decode()
    assert "clerk甲" in page
    for secret in ("k" * 64, "jingban@example.com", cast["clerk"].password[:20]):
        assert secret not in page
        assert secret not in rows
    assert '<input type="submit"' not in page
    for path in ("budgetunit", "member", "region", "office", "department", "fiscalyear"):
        assert security.get(f"/admin/budgets/{path}/").status_code == 200, path
    unit = security.get(f"/admin/budgets/budgetunit/{cast.unit.pk}/").content.decode()
    assert "甲一中心" in unit
    assert system.get(f"/admin/budgets/user/{cast['clerk'].pk}/").status_code == 404
    assert security.get("/admin/budgets/user/999999999/").status_code == 404
    for name in ("clerk", "finance", "auditor", "audit_admin", "reader"):
        for path in (
            "",
            "budgets/",
            "budgets/user/",
            f"budgets/budgetunit/{cast.unit.pk}/",
            "jsi18n/",
        ):
            assert _client(cast, name).get(f"/admin/{path}").status_code == 404, (name, path)
    assert Client().get("/admin/").status_code == 302


def test_nothing_is_written_from_there(cast: Cast) -> None:
    security = _client(cast, "security")
    before = AuditEvent.objects.count(), LogEntry.objects.count()
    person = f"/admin/budgets/user/{cast['clerk'].pk}/"
    for path in ("/admin/", "/admin/budgets/user/", person):
        for method in ("post", "put", "patch", "delete"):
            answer = getattr(security, method)(path, {"action": "delete_selected", "username": "x"})
            assert answer.status_code == 405, (path, method)
    for path in ("add/", f"{cast['clerk'].pk}/delete/", f"{cast['clerk'].pk}/password/", "login/"):
        assert security.get(f"/admin/budgets/user/{path}").status_code == 404, path
    for path in ("login/", "logout/", "password_change/", "autocomplete/", "auth/user/"):
        assert security.get(f"/admin/{path}").status_code == 404, path
    assert (AuditEvent.objects.count(), LogEntry.objects.count()) == before


def test_business_rows_are_not_registered() -> None:
    assert {model._meta.label for model in site._registry} == {
        "budgets.User", "budgets.Member", "budgets.Region", "budgets.Office", "budgets.Department",
        "budgets.BudgetUnit", "budgets.FiscalYear",
    }  # fmt: skip
    assert not any(
        site.is_registered(model) for model in apps.get_app_config("performance").get_models()
    )


def test_sign_in_rules_hold_there_too(cast: Cast, settings: Any) -> None:
    settings.TOTP_REQUIRED_ROLES = ["security_admin"]
    answer = _client(cast, "security").get("/admin/budgets/user/")
    assert (answer.status_code, answer["Location"]) == (302, "/account/second-factor/")
    settings.TOTP_REQUIRED_ROLES = []
    User.objects.filter(pk=cast["security"].pk).update(must_change_password=True)
    assert _client(cast, "security").get("/admin/")["Location"] == "/account/password/"


def test_many_accounts_ask_no_more_than_few(cast: Cast, django_assert_max_num_queries: Any) -> None:
    security = _client(cast, "security")
    security.get("/admin/")
    for path, most in (("member", 14), ("user", 14), ("budgetunit", 14)):
        with django_assert_max_num_queries(most):
            security.get(f"/admin/budgets/{path}/")
