"""One's own tokens over HTTP, by session only: a token makes no tokens."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from budgets.api.people import ERRORS, ErrorOut, SecretOnce
from budgets.api.writing import KEY, StrictSerializer, WritingView, origin_of, read, user_of
from budgets.models import Scope
from budgets.selectors import people as selectors
from budgets.services import tokens


class TokenOut(serializers.Serializer[Any]):
    """A token of one's own, without its secret."""

    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()
    prefix = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField())
    networks = serializers.ListField(child=serializers.CharField())
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)
    state = serializers.CharField()


class TokenIn(StrictSerializer):
    """A new token."""

    name = serializers.CharField(max_length=60)
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.choices))
    days = serializers.IntegerField(min_value=1, max_value=tokens.LONGEST_DAYS)
    networks = serializers.ListField(
        child=serializers.CharField(max_length=43), required=False, max_length=20
    )


class Tokens(SecretOnce):
    """自己的令牌."""

    secret = "token"  # noqa: S105 - the name of a field

    @extend_schema(operation_id="list_tokens", responses={200: TokenOut(many=True), 401: ErrorOut})
    def get(self, request: Request) -> Response:
        """自己的令牌，新的在前。"""
        return Response(TokenOut(selectors.tokens_of(user_of(request)), many=True).data)

    @extend_schema(
        operation_id="make_token",
        parameters=[KEY],
        request=TokenIn,
        responses={
            201: inline_serializer(
                "MadeToken",
                {"id": serializers.UUIDField(), "token": serializers.CharField(allow_null=True)},
            ),
            **ERRORS,
        },
    )
    def post(self, request: Request) -> Response:
        """生成令牌，只在这一次回答里。"""
        made = tokens.make_token(
            actor=user_of(request), origin=origin_of(request), **read(TokenIn, request)
        )
        return Response({"id": str(made.token.public_id), "token": made.text}, status=201)


class Token(WritingView):
    """一个令牌."""

    by_session_only = True

    @extend_schema(operation_id="revoke_token", parameters=[KEY], responses={204: None, **ERRORS})
    def delete(self, request: Request, public_id: UUID) -> Response:
        """吊销令牌，立即失效。"""
        tokens.revoke_token(actor=user_of(request), public_id=public_id, origin=origin_of(request))
        return Response(status=204)
