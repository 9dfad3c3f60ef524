"""The lights of a monitoring table over HTTP: as it is kept, and as it is typed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from budgets.api.writing import content_of, user_of
from performance.api import serializers as out
from performance.api.procedure import ERRORS
from performance.examination.progress import Progress
from performance.selectors.progress import progress_of


class JudgedOut(serializers.Serializer[Any]):
    """A line with its light, why, and whether a cause is asked for."""

    light = serializers.CharField(allow_null=True)
    label = serializers.CharField()  # type: ignore[assignment]
    why = serializers.CharField()
    likelihood = serializers.CharField(allow_null=True)
    due = serializers.CharField(allow_blank=True)


class ProgressOut(serializers.Serializer[Any]):
    """The lights of a monitoring table; the lines in the order of its indicators."""

    worst = serializers.CharField(allow_null=True)
    label = serializers.CharField()  # type: ignore[assignment]
    counts = serializers.DictField(child=serializers.IntegerField())
    execution = JudgedOut()
    lines = JudgedOut(many=True)


class MonitoringProgress(APIView):
    """监控的红黄绿蓝."""

    @extend_schema(
        operation_id="get_monitoring_progress",
        responses={200: ProgressOut, 401: out.ProblemOut, 404: out.ProblemOut},
    )
    def get(self, request: Request, public_id: UUID) -> Response:
        """各行进展是红、黄、绿还是蓝，为什么，要不要写偏差原因。"""
        return _told(progress_of(user_of(request), public_id))

    @extend_schema(
        operation_id="try_monitoring",
        request={"application/json": {"type": "object"}},
        responses={200: ProgressOut, **ERRORS},
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        """试判：所给内容各行是什么灯；什么也不保存。"""
        return _told(progress_of(user_of(request), public_id, content_of(request)))


def _told(found: Progress | None) -> Response:
    if found is None:
        raise Http404
    return Response(ProgressOut(found).data)
