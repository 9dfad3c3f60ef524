"""单位与人员: accounts for the security administrator, places for the system administrator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from budgets.errors import Invalid, NotAllowed, NotFound, ServiceError
from budgets.models import Role, User
from budgets.selectors import people as selectors
from budgets.selectors.places import directory, offered
from budgets.services import people, places
from budgets.text import page_number, sought_words, uuid_or_none
from budgets.web import errors
from budgets.web.sign_in import origin_of

_DONE = {
    "disable": "账号已停用，它的登录和令牌立即失效。",
    "enable": "账号已启用。",
    "unlock": "账号已解锁。",
    "second-factor": "两步验证已重置，下次登录后可以重新设置。",
}
_VERBS: dict[str, Callable[..., Any]] = {
    "disable": people.disable_account,
    "enable": people.enable_account,
    "unlock": people.unlock,
    "second-factor": people.reset_second_factor,
}


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


def _page(
    request: HttpRequest, template: str, section: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    context |= {"section": section, "rights": selectors.duties(_user(request))}
    return render(request, f"budgets/people/{template}.html", context, status=status)


def _guarded(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What a selector or service refuses, as a page."""

    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotAllowed:
            return errors.forbidden(request)
        except NotFound:
            return errors.not_found(request)

    return inner


# ── accounts ────────────────────────────────────────────────────────────────────────────────────


@require_safe
@_guarded
def accounts(request: HttpRequest) -> HttpResponse:
    """All accounts, filtered by words, role, place and state."""
    asked = {
        name: request.GET.get(name, "") for name in ("words", "role", "place", "state", "cursor")
    }
    found = selectors.accounts(_user(request), **asked)
    locked = selectors.locked_names(row.username for row in found.rows)
    return _page(
        request, "list", "people", page=found, asked=asked, roles=Role.choices, locked=locked
    )


@require_http_methods(["GET", "HEAD", "POST"])
@_guarded
def new_account(request: HttpRequest) -> HttpResponse:
    """A new account; its first password is shown once, on this very page."""
    user = _user(request)
    if request.method != "POST":
        selectors.accounts(user)  # who may not see them may not begin one
        return _page(request, "new", "people")
    typed = {
        name: request.POST.get(name, "")
        for name in ("username", "display_name", "email", "identity")
    }
    try:
        made = people.create_account(actor=user, origin=origin_of(request), **typed)
    except NotAllowed:
        raise
    except ServiceError as error:
        fields = error.fields if isinstance(error, Invalid) else {"username": str(error)}
        return _page(request, "new", "people", status=400, typed=typed, fields=fields)
    return _page(request, "password", "people", account=made.user, password=made.password)


@require_safe
@_guarded
def account(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One account: state, roles, and what may be done to it."""
    return _account(request, public_id)


def _account(request: HttpRequest, public_id: UUID, **more: Any) -> HttpResponse:
    user, typed = _user(request), request.POST or request.GET
    found = selectors.account(user, public_id)
    return _page(
        request,
        "detail",
        "people",
        account=found,
        is_self=user.public_id == found.public_id,
        locked_until=selectors.locked_names([found.username]).get(found.username),
        roles=Role.choices,
        places=offered(
            user,
            words=sought_words(typed.get("find", "")),
            department=uuid_or_none(typed.get("department", "")),
            unit=uuid_or_none(typed.get("unit", "")),
        ),
        typed=typed,
        **more,
    )


@require_POST
@_guarded
def act(request: HttpRequest, public_id: UUID, verb: str) -> HttpResponse:
    """Disables, enables, unlocks, resets the second factor."""
    try:
        _VERBS[verb](actor=_user(request), public_id=public_id, origin=origin_of(request))
    except (NotAllowed, NotFound) as error:
        return _refused(request, public_id, error)
    except ServiceError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _DONE[verb])
    return redirect("person", public_id=public_id)


@require_POST
@_guarded
def initial_password(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A made-up password, shown once."""
    user = _user(request)
    try:
        made = people.set_initial_password(
            actor=user, public_id=public_id, origin=origin_of(request)
        )
    except (NotAllowed, NotFound) as error:
        return _refused(request, public_id, error)
    found = selectors.account(user, public_id)
    return _page(request, "password", "people", account=found, password=made)


@require_POST
@_guarded
def grant(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Gives a role."""
    try:
        people.grant_role(
            actor=_user(request),
            public_id=public_id,
            role=request.POST.get("role", ""),
            region=request.POST.get("region", ""),
            department=uuid_or_none(request.POST.get("department", "")),
            unit=uuid_or_none(request.POST.get("unit", "")),
            office=uuid_or_none(request.POST.get("office", "")),
            origin=origin_of(request),
        )
    except (NotAllowed, NotFound) as error:
        return _refused(request, public_id, error)
    except ServiceError as error:
        fields = error.fields if isinstance(error, Invalid) else {"role": str(error)}
        return _account(request, public_id, fields=fields)
    messages.success(request, "已授权，下一次请求起生效。")
    return redirect("person", public_id=public_id)


@require_POST
@_guarded
def revoke(request: HttpRequest, public_id: UUID, member: int) -> HttpResponse:
    """Takes a role away."""
    try:
        people.revoke_role(
            actor=_user(request), public_id=public_id, member=member, origin=origin_of(request)
        )
    except (NotAllowed, NotFound) as error:
        return _refused(request, public_id, error)
    messages.success(request, "已收回角色，下一次请求起生效。")
    return redirect("person", public_id=public_id)


def _refused(request: HttpRequest, public_id: UUID, error: ServiceError) -> HttpResponse:
    """An administrator reads why; anybody else learns nothing of who there is."""
    if selectors.duties(_user(request)).security and isinstance(error, NotAllowed):
        messages.error(request, str(error))
        return redirect("person", public_id=public_id)
    raise error


# ── places ──────────────────────────────────────────────────────────────────────────────────────


@require_http_methods(["GET", "HEAD", "POST"])
@_guarded
def organisation(request: HttpRequest) -> HttpResponse:
    """A page of departments or of one's units, and forms for one more of each kind."""
    user, problem, status = _user(request), "", 200
    if request.method == "POST":
        try:
            _place(user, request)
        except NotAllowed:
            raise
        except ServiceError as error:
            problem, status = str(error), 400
        else:
            messages.success(request, "已保存。")
            return redirect(request.get_full_path())
    return _page(
        request,
        "places",
        "places",
        status=status,
        places=directory(
            user,
            words=sought_words(request.GET.get("words", "")),
            department=uuid_or_none(request.GET.get("department", "")),
            page=page_number(request.GET.get("page", "")),
        ),
        problem=problem,
        typed=request.POST if problem else {},
    )


def _place(user: User, request: HttpRequest) -> None:
    given = request.POST.get
    common: dict[str, Any] = {
        "actor": user,
        "name": "".join(given("name", "").splitlines()),
        "origin": origin_of(request),
    }
    kind, public_id = given("kind", ""), uuid_or_none(given("id", ""))
    if kind == "region":
        places.create_region(code=given("code", ""), parent=given("region", ""), **common)
    elif kind == "office":
        places.create_office(region=given("region", ""), **common)
    elif kind == "department":
        places.create_department(
            region=given("region", ""),
            code=given("code", ""),
            office=uuid_or_none(given("office", "")),
            **common,
        )
    elif kind == "unit":
        places.create_unit(
            department=uuid_or_none(given("department", "")) or UUID(int=0),
            code=given("code", ""),
            parent=uuid_or_none(given("parent", "")),
            **common,
        )
    elif kind == "change_department" and public_id is not None:
        places.change_department(
            public_id=public_id, office=uuid_or_none(given("office", "")), **common
        )
    elif kind == "rename_unit" and public_id is not None:
        places.rename_unit(public_id=public_id, **common)
    else:
        raise NotFound("没有这种单位")
