"""Projects for lists and the API."""

from __future__ import annotations

from uuid import UUID

from budgets.access import projects_visible_to
from budgets.models import Project, User
from performance.selectors.pages import page_of
from performance.selectors.shapes import Page


def project_list(user: User, cursor: str | None) -> Page:
    """Projects this account may see, newest first."""
    rows, following = page_of(
        projects_visible_to(user).select_related("unit", "department"), cursor
    )
    return Page(rows=rows, next_cursor=following)


def project_of(user: User, public_id: UUID) -> Project | None:
    """One project, or None when it is not there or not yours."""
    rows = projects_visible_to(user).select_related("unit", "department")
    return rows.filter(public_id=public_id).first()
