"""Read-only pages: a door to the selectors, nothing else."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from budgets.models import User
from performance.selectors import pages, waiting
from performance.selectors.shapes import Page


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


def _list(request: HttpRequest, page: Page, template: str, section: str) -> HttpResponse:
    context = {"rows": page.rows, "next_cursor": page.next_cursor, "section": section}
    return render(request, f"performance/{template}.html", context)


def _detail(request: HttpRequest, template: str, section: str, **context: Any) -> HttpResponse:
    if any(value is None for value in context.values()):
        raise Http404
    return render(request, f"performance/{template}.html", {**context, "section": section})


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Evaluations, claimed beside computed."""
    page = pages.evaluation_page_list(_user(request), request.GET.get("cursor"))
    return _list(request, page, "home", "evaluations")


@require_safe
def evaluation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One evaluation with every line explained."""
    page = pages.evaluation_page(_user(request), public_id)
    return _detail(request, "evaluation", "evaluations", page=page)


@require_safe
def target_tables(request: HttpRequest) -> HttpResponse:
    """Target tables."""
    page = pages.target_table_page_list(_user(request), request.GET.get("cursor"))
    return _list(request, page, "target_tables", "target-tables")


@require_safe
def target_table(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One target table."""
    page = pages.target_table_page(_user(request), public_id)
    return _detail(request, "target_table", "target-tables", page=page)


@require_safe
def monitorings(request: HttpRequest) -> HttpResponse:
    """Monitoring tables."""
    page = waiting.monitoring_list(_user(request), request.GET.get("cursor"))
    return _list(request, page, "monitorings", "monitorings")


@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    """Documents that were brought in."""
    page = pages.document_page_list(_user(request), request.GET.get("cursor"))
    return _list(request, page, "documents", "documents")


@require_safe
def document(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One document: its tables, what they tie to, findings and problems."""
    page = pages.document_page(_user(request), public_id)
    return _detail(request, "document", "documents", document=page)
