"""Exports over HTTP: ask for a file, look how far it is, take it away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from budgets.api.writing import KEY, StrictSerializer, WritingView, origin_of, read, user_of
from budgets.web.downloads import attachment
from performance.api import serializers as out
from performance.api.procedure import ERRORS
from performance.selectors import exports as selectors
from performance.services import exports as services
from performance.workflow import State

_CURSOR = OpenApiParameter("cursor", str, description="上一页返回的 next；不给则从最新的开始")


class RequestExport(StrictSerializer):
    """A list to take away."""

    list = serializers.ChoiceField(sorted(selectors.LISTS))
    format = serializers.ChoiceField(services.FORMATS, default="xlsx")
    fiscal_year = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=2000, max_value=2100
    )
    status = serializers.ChoiceField(
        [state.value for state in State], required=False, allow_blank=True, default=""
    )


class ExportOut(serializers.Serializer[Any]):
    """An export and how far it is: waiting, ready, failed, expired."""

    id = serializers.UUIDField(source="public_id")
    label = serializers.CharField()  # type: ignore[assignment]
    format = serializers.CharField()
    state = serializers.CharField()
    words = serializers.CharField()
    created_at = serializers.DateTimeField()
    rows = serializers.IntegerField(allow_null=True)
    size = serializers.IntegerField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)


class ExportPageOut(serializers.Serializer[Any]):
    """A page of exports."""

    next = serializers.CharField(allow_null=True)
    results = ExportOut(many=True)


class PromisedOut(serializers.Serializer[Any]):
    """What was promised."""

    id = serializers.UUIDField()
    state = serializers.CharField()


class Exports(WritingView):
    """导出."""

    @extend_schema(
        operation_id="list_exports",
        parameters=[_CURSOR],
        responses={200: ExportPageOut, 401: out.ProblemOut},
    )
    def get(self, request: Request) -> Response:
        """您自己的导出，新的在前。"""
        page = selectors.exports_of(user_of(request), request.query_params.get("cursor"))
        return Response({"next": page.next_cursor, "results": ExportOut(page.rows, many=True).data})

    @extend_schema(
        operation_id="request_export",
        parameters=[KEY],
        request=RequestExport,
        responses={202: PromisedOut, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        """登记一次导出，文件在后台生成，7 天内可以下载。"""
        given = read(RequestExport, request)
        promised = services.request_export(
            actor=user_of(request),
            list_name=given.pop("list"),
            format=given.pop("format"),
            filters=given,
            origin=origin_of(request),
        )
        return Response({"id": str(promised), "state": "waiting"}, status=status.HTTP_202_ACCEPTED)


class Export(APIView):
    """一次导出."""

    @extend_schema(operation_id="get_export", responses={200: ExportOut, **ERRORS})
    def get(self, request: Request, public_id: UUID) -> Response:
        """办理到哪一步；可见范围有变化后须重新导出。"""
        found = selectors.export_of(user_of(request), public_id)
        if found is None:
            raise Http404
        return Response(ExportOut(found).data)


class ExportFile(APIView):
    """导出的文件."""

    @extend_schema(
        operation_id="get_export_file",
        responses={
            (200, "application/octet-stream"): OpenApiResponse(description="文件"),
            404: out.ProblemOut,
        },
    )
    def get(self, request: Request, public_id: UUID) -> FileResponse:
        """下载；只给登记人本人，且可见范围未变。"""
        return file_response(selectors.export_of(user_of(request), public_id))


def file_response(found: selectors.Export | None) -> FileResponse:
    """The file of an export for whoever may have it now; 404 otherwise."""
    if found is None or not found.is_ready:
        raise Http404
    return attachment(selectors.path_of(found.public_id), found.name)
