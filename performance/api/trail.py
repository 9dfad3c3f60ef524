"""The trail for auditors' programs: a door to the selectors, nothing else."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from budgets.access import reads_trail
from budgets.api.writing import user_of
from budgets.selectors import trail
from performance.api import serializers as out


class EventOut(serializers.Serializer[Any]):
    """一条留痕."""

    id = serializers.IntegerField()
    chain = serializers.IntegerField()
    seq = serializers.IntegerField()
    at = serializers.DateTimeField()
    department = serializers.CharField()
    department_id = serializers.UUIDField(allow_null=True)
    actor = serializers.CharField()
    actor_id = serializers.UUIDField(allow_null=True)
    ip = serializers.CharField(allow_null=True)
    request_id = serializers.CharField()
    verb = serializers.CharField()
    object_type = serializers.CharField()
    object_id = serializers.CharField()
    changes = serializers.IntegerField()
    digest = serializers.CharField()
    seal = serializers.CharField()


class ColumnOut(serializers.Serializer[Any]):
    """变更的一列."""

    name = serializers.CharField()
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class ChangeOut(serializers.Serializer[Any]):
    """一行的变更."""

    id = serializers.IntegerField()
    table = serializers.CharField()
    row_id = serializers.IntegerField()
    operation = serializers.CharField()
    columns = ColumnOut(many=True)


class EventDetailOut(serializers.Serializer[Any]):
    """一条留痕和它的变更."""

    event = EventOut()
    detail = serializers.DictField()
    previous = serializers.CharField()
    changes = ChangeOut(many=True)
    unshown = serializers.IntegerField()


_PAGE = inline_serializer(
    "EventPageOut",
    {"next": serializers.CharField(allow_null=True), "results": EventOut(many=True)},
)
_ERRORS = {400: out.ProblemOut, 403: out.ProblemOut, 404: out.ProblemOut}


class Events(APIView):
    """留痕."""

    @extend_schema(
        operation_id="list_audit_events",
        parameters=[
            OpenApiParameter(name, str, description=words) for name, words in trail.FILTERS.items()
        ],
        responses={200: _PAGE, **_ERRORS},
    )
    def get(self, request: Request) -> Response:
        """可查阅的留痕，新的在前；只有审计人员和审计管理员可以查阅。"""
        user = user_of(request)
        if not reads_trail(user):
            raise Http404
        rows, following = trail.event_list(user, trail.wanted(request.query_params.dict()))
        return Response({"next": following, "results": EventOut(rows, many=True).data})


class Event(APIView):
    """一条留痕."""

    @extend_schema(operation_id="get_audit_event", responses={200: EventDetailOut, **_ERRORS})
    def get(self, request: Request, pk: int) -> Response:
        """一条留痕：谁、何时、从哪里、做了什么，改动的每一行前后对照。"""
        page = trail.event_page(user_of(request), pk)
        if page is None:
            raise Http404
        return Response(EventDetailOut(page).data)
