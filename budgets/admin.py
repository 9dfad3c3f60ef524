"""Django's stock admin as the administrators' reading room: accounts and places, nothing written.

Every change has its service with its event in the trail, and its page; here one only looks up.
Business rows, scores, secrets and the trail are not registered at all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, URLResolver, path

from budgets.access import held_roles
from budgets.models import BudgetUnit, Department, FiscalYear, Member, Office, Region, Role, User

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = admin.ModelAdmin
_PLACES = frozenset({Role.SECURITY_ADMIN.value, Role.SYSTEM_ADMIN.value})
_ACCOUNTS = frozenset({Role.SECURITY_ADMIN.value})
_KEPT = "_admin_roles"


def _roles(request: HttpRequest) -> frozenset[str]:
    """The roles of the account at hand, asked once for a request."""
    found: frozenset[str] | None = getattr(request, _KEPT, None)
    if found is None:
        user = request.user
        found = held_roles(user) if isinstance(user, User) else frozenset()
        setattr(request, _KEPT, found)
    return found


class ReadingRoom(admin.AdminSite):
    """The site: no sign-in of its own, no passwords, no search that completes what is typed."""

    site_title = "绩衡"
    site_header = "绩衡 · 管理后台（只读）"
    index_title = "账号与单位"
    site_url = "/desk/"
    enable_nav_sidebar = False
    index_template = "admin/reading_room.html"

    def has_permission(self, request: HttpRequest) -> bool:
        """Security and system administrators."""
        return not _roles(request).isdisjoint(_PLACES)

    def get_urls(self) -> list[URLResolver | URLPattern]:
        """The index, and each model's list and rows; nothing that writes has an address."""

        found: list[URLResolver | URLPattern] = [
            path("", self._guarded(self.index), name="index"),
            path("jsi18n/", self._guarded(self.i18n_javascript), name="jsi18n"),
        ]
        for model, shown in self._registry.items():
            name = f"{model._meta.app_label}_{model._meta.model_name}"
            place = f"{model._meta.app_label}/{model._meta.model_name}/"
            rows, row = (
                self._guarded(shown.changelist_view, shown),
                self._guarded(_row(shown), shown),
            )
            found += [
                path(place, rows, name=f"{name}_changelist"),
                path(f"{place}<int:pk>/", row, name=f"{name}_change"),
            ]
        return [*found, path("<slug:app_label>/", self._guarded(self.app_index), name="app_list")]

    def _guarded(
        self, view: Callable[..., HttpResponse], shown: admin.ModelAdmin[Any] | None = None
    ) -> Callable[..., HttpResponse]:
        """A view that only reads; to whoever may not, nothing is there."""

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in {"GET", "HEAD"}:
                return HttpResponseNotAllowed(["GET", "HEAD"])
            if not (shown.has_view_permission(request) if shown else self.has_permission(request)):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded


def _row(shown: admin.ModelAdmin[Any]) -> Callable[..., HttpResponse]:
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        return shown.change_view(request, str(pk))

    return view


class Looked(_ModelAdmin):
    """A model that is looked at: no action, no form, no way to write."""

    actions = None
    readers: ClassVar[frozenset[str]] = _PLACES
    list_per_page = 50
    show_full_result_count = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the model stands on the index."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By role, asked anew for each request."""
        return not _roles(request).isdisjoint(self.readers)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Services make rows."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Services change rows."""
        return False

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        """Not there is not there, as everywhere."""
        raise Http404

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted."""
        return False


class Accounts(Looked):
    """Accounts, without what signs them in or says who somebody is."""

    readers = _ACCOUNTS
    list_display = ("username", "display_name", "is_active", "must_change_password", "last_login")
    list_filter = ("is_active", "must_change_password")
    search_fields = ("username", "display_name")
    ordering = ("username",)
    fields = (
        "username", "display_name", "is_active", "must_change_password", "created_at", "password_changed_at", "last_login",
    )  # fmt: skip


class Members(Looked):
    """Who holds which role for whom."""

    readers = _ACCOUNTS
    list_display = ("user", "role", "unit", "department", "region", "office")
    list_filter = ("role",)
    list_select_related = ("user", "unit", "department", "region", "office")
    search_fields = ("user__username", "user__display_name")
    ordering = ("user__username", "id")
    fields = ("user", "role", "unit", "department", "region", "office")


class Regions(Looked):
    """Regions."""

    list_display = ("code", "name", "parent")
    list_select_related = ("parent",)
    search_fields = ("code", "name")
    ordering = ("code",)
    fields = ("code", "name", "parent")


class Offices(Looked):
    """Business offices of the bureau."""

    list_display = ("name", "region")
    list_select_related = ("region",)
    search_fields = ("name",)
    ordering = ("region__code", "name")
    fields = ("name", "region")


class Departments(Looked):
    """Departments in charge."""

    list_display = ("name", "region", "office")
    list_select_related = ("region", "office")
    search_fields = ("name",)
    ordering = ("region__code", "name")
    fields = ("name", "code", "region", "office")


class Units(Looked):
    """Budget units."""

    list_display = ("name", "department", "parent", "code")
    list_select_related = ("department", "parent")
    search_fields = ("name", "code", "department__name")
    ordering = ("department__name", "name")
    fields = ("name", "code", "department", "parent")


class Years(Looked):
    """Fiscal years, and whether they are closed."""

    list_display = ("year", "is_closed")
    ordering = ("-year",)
    fields = ("year", "is_closed")


site = ReadingRoom(name="admin")
for model, shown in (
    (User, Accounts),
    (Member, Members),
    (Region, Regions),
    (Office, Offices),
    (Department, Departments),
    (BudgetUnit, Units),
    (FiscalYear, Years),
):
    site.register(model, shown)
