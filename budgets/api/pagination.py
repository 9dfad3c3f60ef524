"""Lists page by cursor, from the first door on."""

from __future__ import annotations

from rest_framework.pagination import CursorPagination


class Cursor(CursorPagination):
    """Fifty rows a page unless told, two hundred at most; ordered by the newest row."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = "-id"
