"""Accounts and rights over HTTP, by session only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from budgets.api.writing import KEY, StrictSerializer, WritingView, origin_of, read, user_of
from budgets.models import Role
from budgets.selectors import people as selectors
from budgets.services import people

Method = TypeVar("Method", bound=Callable[..., Response])


class ErrorOut(serializers.Serializer[Any]):
    """application/problem+json (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    request_id = serializers.CharField()


ERRORS = dict.fromkeys((400, 401, 403, 404, 409, 422, 428), ErrorOut)


class SecretOnce(WritingView):
    """A write whose answer holds a secret: told once, never kept, so a repetition has none."""

    by_session_only = True
    secret: ClassVar[str] = ""

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """The answer is kept without its secret and given with it."""
        whole = response.data
        if isinstance(whole, dict) and self.secret in whole:
            response.data = {**whole, self.secret: None}
        final = super().finalize_response(request, response, *args, **kwargs)
        final.data = whole
        final["Cache-Control"] = "no-store"
        return final


# ── accounts ────────────────────────────────────────────────────────────────────────────────────


class HeldOut(serializers.Serializer[Any]):
    """A role of an account."""

    id = serializers.IntegerField()
    role = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    place = serializers.CharField()


class AccountOut(serializers.Serializer[Any]):
    """An account as the security administrator sees it."""

    id = serializers.UUIDField(source="public_id")
    username = serializers.CharField()
    display_name = serializers.CharField()
    email = serializers.CharField()
    is_active = serializers.BooleanField()
    must_change_password = serializers.BooleanField()
    has_second_factor = serializers.BooleanField()
    has_identity = serializers.BooleanField()
    roles = HeldOut(many=True)


class AccountIn(StrictSerializer):
    """A new account."""

    username = serializers.CharField(max_length=32)
    display_name = serializers.CharField(max_length=64)
    email = serializers.CharField(max_length=254, required=False, allow_blank=True)
    identity = serializers.CharField(max_length=64, required=False, allow_blank=True)


class GrantIn(StrictSerializer):
    """A role and what it holds for."""

    role = serializers.ChoiceField(choices=Role.choices)
    region = serializers.CharField(max_length=9, required=False, allow_blank=True)
    department = serializers.UUIDField(required=False, allow_null=True)
    unit = serializers.UUIDField(required=False, allow_null=True)
    office = serializers.UUIDField(required=False, allow_null=True)


class NothingIn(StrictSerializer):
    """No content."""


_NEW_ACCOUNT = inline_serializer(
    "NewAccount",
    {"id": serializers.UUIDField(), "password": serializers.CharField(allow_null=True)},
)
_FILTERS = [
    OpenApiParameter("words", str, description="姓名或用户名中的字"),
    OpenApiParameter("role", str, enum=Role.values, description="有这个角色的"),
    OpenApiParameter("state", str, enum=["active", "disabled"], description="可用或已停用"),
    OpenApiParameter("cursor", str, description="上一页返回的 next"),
]


class Me(APIView):
    """The account that asks."""

    @extend_schema(
        operation_id="get_me",
        responses={
            200: inline_serializer(
                "Me",
                {
                    "username": serializers.CharField(),
                    "display_name": serializers.CharField(),
                    "roles": HeldOut(many=True),
                },
            ),
            401: ErrorOut,
        },
    )
    def get(self, request: Request) -> Response:
        """自己的用户名和角色。"""
        user = user_of(request)
        roles = selectors.held_roles([user.pk]).get(user.pk, [])
        shown = HeldOut(roles, many=True).data
        body = {"username": user.username, "display_name": user.display_name, "roles": shown}
        return Response(body)


class People(SecretOnce):
    """账号."""

    secret = "password"  # noqa: S105 - the name of a field

    @extend_schema(
        operation_id="list_people",
        parameters=_FILTERS,
        responses={
            200: inline_serializer(
                "AccountPage",
                {
                    "next": serializers.CharField(allow_null=True),
                    "results": AccountOut(many=True),
                },
            ),
            **ERRORS,
        },
    )
    def get(self, request: Request) -> Response:
        """账号，按用户名排列；只给安全管理员。"""
        asked = {name: request.GET.get(name, "") for name in ("words", "role", "state", "cursor")}
        page = selectors.accounts(user_of(request), **asked)
        return Response(
            {"next": page.next_cursor, "results": AccountOut(page.rows, many=True).data}
        )

    @extend_schema(
        operation_id="create_account",
        parameters=[KEY],
        request=AccountIn,
        responses={201: _NEW_ACCOUNT, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        """建立账号；初始密码只在这一次回答里。"""
        made = people.create_account(
            actor=user_of(request), origin=origin_of(request), **read(AccountIn, request)
        )
        body = {"id": str(made.user.public_id), "password": made.password}
        return Response(body, status=201)


class Person(APIView):
    """一个账号."""

    by_session_only = True

    @extend_schema(operation_id="get_account", responses={200: AccountOut, **ERRORS})
    def get(self, request: Request, public_id: UUID) -> Response:
        """一个账号的状态和角色。"""
        return Response(AccountOut(selectors.account(user_of(request), public_id)).data)


class PersonVerb(WritingView):
    """What a verb on an account has in common: no content in, the account as it is now out."""

    by_session_only = True

    def _done(self, verb: Callable[..., Any], request: Request, public_id: UUID) -> Response:
        read(NothingIn, request)
        actor = user_of(request)
        verb(actor=actor, public_id=public_id, origin=origin_of(request))
        return Response(AccountOut(selectors.account(actor, public_id)).data)


def _described(name: str) -> Callable[[Method], Method]:
    described: Callable[[Method], Method] = extend_schema(
        operation_id=name,
        parameters=[KEY],
        request=NothingIn,
        responses={200: AccountOut, **ERRORS},
    )
    return described


class Disabled(PersonVerb):
    """停用."""

    @_described("disable_account")
    def post(self, request: Request, public_id: UUID) -> Response:
        """停用账号，它的登录和令牌立即失效。"""
        return self._done(people.disable_account, request, public_id)


class Enabled(PersonVerb):
    """启用."""

    @_described("enable_account")
    def post(self, request: Request, public_id: UUID) -> Response:
        """启用停用的账号。"""
        return self._done(people.enable_account, request, public_id)


class Unlocked(PersonVerb):
    """解锁."""

    @_described("unlock_account")
    def post(self, request: Request, public_id: UUID) -> Response:
        """解除登录失败造成的锁定。"""
        return self._done(people.unlock, request, public_id)


class SecondFactorReset(PersonVerb):
    """重置两步验证."""

    @_described("reset_second_factor")
    def post(self, request: Request, public_id: UUID) -> Response:
        """去掉丢失的动态口令和备用码。"""
        return self._done(people.reset_second_factor, request, public_id)


class InitialPassword(SecretOnce):
    """初始密码."""

    secret = "password"  # noqa: S105 - the name of a field

    @extend_schema(
        operation_id="set_initial_password",
        parameters=[KEY],
        request=NothingIn,
        responses={200: _NEW_ACCOUNT, **ERRORS},
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        """生成初始密码，只在这一次回答里；下次登录必须修改。"""
        read(NothingIn, request)
        made = people.set_initial_password(
            actor=user_of(request), public_id=public_id, origin=origin_of(request)
        )
        return Response({"id": str(public_id), "password": made})


class Roles(WritingView):
    """授权."""

    by_session_only = True

    @extend_schema(
        operation_id="grant_role",
        parameters=[KEY],
        request=GrantIn,
        responses={201: AccountOut, **ERRORS},
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        """授予角色，下一次请求起生效。"""
        actor = user_of(request)
        given = read(GrantIn, request)
        people.grant_role(actor=actor, public_id=public_id, origin=origin_of(request), **given)
        return Response(AccountOut(selectors.account(actor, public_id)).data, status=201)


class HeldRole(WritingView):
    """一个角色."""

    by_session_only = True

    @extend_schema(operation_id="revoke_role", parameters=[KEY], responses={204: None, **ERRORS})
    def delete(self, request: Request, public_id: UUID, member: int) -> Response:
        """收回角色，下一次请求起生效。"""
        people.revoke_role(
            actor=user_of(request), public_id=public_id, member=member, origin=origin_of(request)
        )
        return Response(status=204)
