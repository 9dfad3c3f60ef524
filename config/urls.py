"""All addresses: health, sign-in, pages, the administrators' reading room and the API."""

from __future__ import annotations

from django.urls import include, path

from budgets.admin import site

urlpatterns = [
    path("admin/", site.urls),
    path("", include("budgets.web.urls")),
    path("", include("performance.web.urls")),
    path("api/v1/", include("budgets.api.urls")),
    path("api/v1/", include("performance.api.urls")),
]
handler400 = "budgets.web.errors.bad_request"
handler403 = "budgets.web.errors.forbidden"
handler404 = "budgets.web.errors.not_found"
handler500 = "budgets.web.errors.server_error"
