"""Spot checks over HTTP: draw, read, write down what was found."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from budgets.api.writing import (
    IF_MATCH,
    KEY,
    StrictSerializer,
    WritingView,
    etag,
    origin_of,
    read,
    user_of,
    version_of,
)
from performance.api.procedure import ERRORS, MadeOut
from performance.selectors import spot_checks as selected
from performance.selectors.queue import reads_queue
from performance.services import spot_checks


class SpotCheckRowOut(serializers.Serializer[Any]):
    """一次抽查."""

    id = serializers.UUIDField(source="public_id")
    task = serializers.CharField()
    fiscal_year = serializers.IntegerField()
    drawn_by = serializers.CharField()
    drawn_at = serializers.DateTimeField()
    population = serializers.IntegerField()
    drawn = serializers.IntegerField()
    checked = serializers.IntegerField()


class SpotCheckPageOut(serializers.Serializer[Any]):
    """一页抽查."""

    next = serializers.CharField(allow_null=True)
    results = SpotCheckRowOut(many=True)


class SpotCheckItemOut(serializers.Serializer[Any]):
    """抽出的一张自评表."""

    id = serializers.UUIDField(source="public_id")
    seq = serializers.IntegerField()
    evaluation = serializers.UUIDField()
    project = serializers.CharField()
    unit = serializers.CharField()
    department = serializers.CharField()
    amount = serializers.CharField()
    risk = serializers.CharField()
    claimed = serializers.DecimalField(7, 2, allow_null=True)
    claimed_grade = serializers.CharField()
    points = serializers.DecimalField(7, 2, allow_null=True)
    grade = serializers.CharField()
    words = serializers.CharField()
    checked_by = serializers.CharField()
    checked_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()


class SpotCheckStratumOut(serializers.Serializer[Any]):
    """一层."""

    department = serializers.CharField()
    amount = serializers.CharField()
    risk = serializers.CharField()
    population = serializers.IntegerField()
    drawn = serializers.IntegerField()


class DepartmentOptimismOut(serializers.Serializer[Any]):
    """一个主管部门的高报."""

    department = serializers.CharField()
    checked = serializers.IntegerField()
    mean = serializers.DecimalField(7, 2)
    changed = serializers.IntegerField()


class SpotCheckSummaryOut(serializers.Serializer[Any]):
    """抽查结果."""

    drawn = serializers.IntegerField()
    checked = serializers.IntegerField()
    compared = serializers.IntegerField()
    mean = serializers.DecimalField(7, 2, allow_null=True)
    changed = serializers.IntegerField()
    departments = DepartmentOptimismOut(many=True)


class SpotCheckOut(serializers.Serializer[Any]):
    """一次抽查，样本和结果."""

    id = serializers.UUIDField(source="public_id")
    task = serializers.CharField()
    fiscal_year = serializers.IntegerField()
    seed = serializers.CharField()
    size = serializers.IntegerField()
    population = serializers.IntegerField()
    population_digest = serializers.CharField(source="digest")
    drawn_by = serializers.CharField()
    drawn_at = serializers.DateTimeField()
    summary = SpotCheckSummaryOut()
    strata = SpotCheckStratumOut(many=True)
    items = SpotCheckItemOut(many=True)


class RecountOut(serializers.Serializer[Any]):
    """现在的总体."""

    population = serializers.IntegerField()
    population_digest = serializers.CharField(source="digest")
    unchanged = serializers.BooleanField()
    counted_at = serializers.DateTimeField()


class DrawIn(StrictSerializer):
    """What is drawn from, and how many."""

    task = serializers.UUIDField()
    size = serializers.IntegerField(min_value=1, max_value=selected.MOST_ITEMS)
    seed = serializers.CharField(max_length=64, required=False, default="", allow_blank=True)


class FoundIn(StrictSerializer):
    """What was found on one."""

    points = serializers.DecimalField(9, 4)
    words = serializers.CharField(max_length=30000)


class SpotChecks(WritingView):
    """抽查."""

    @extend_schema(
        operation_id="list_spot_checks",
        parameters=[
            OpenApiParameter("cursor", str, description="上一页返回的 next；不给则从最新的开始")
        ],
        responses={200: SpotCheckPageOut, **ERRORS},
    )
    def get(self, request: Request) -> Response:
        """抽查，新的在前；只有财政审核人员和审计人员可以查阅。"""
        user = user_of(request)
        if not reads_queue(user):
            raise Http404
        page = selected.spot_check_list(user, request.query_params.get("cursor"))
        return Response(
            {"next": page.next_cursor, "results": SpotCheckRowOut(page.rows, many=True).data}
        )

    @extend_schema(
        operation_id="draw_spot_check",
        parameters=[KEY],
        request=DrawIn,
        responses={201: MadeOut, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        """从一个任务的自评表中分层抽取；同一个种子从同一个总体抽出的总是同样的表。"""
        if not reads_queue(user_of(request)):
            raise Http404
        made = spot_checks.draw_spot_check(
            actor=user_of(request), origin=origin_of(request), **read(DrawIn, request)
        )
        return Response({"id": str(made.public_id)}, status=status.HTTP_201_CREATED)


class SpotCheck(APIView):
    """一次抽查."""

    @extend_schema(operation_id="get_spot_check", responses={200: SpotCheckOut, **ERRORS})
    def get(self, request: Request, public_id: UUID) -> Response:
        """一次抽查：种子、总体的摘要、分层、样本，以及填写的情况和汇总。"""
        found = selected.spot_check_sheet(user_of(request), public_id)
        if found is None:
            raise Http404
        return Response(SpotCheckOut(found).data)


class SpotCheckPopulation(APIView):
    """核对总体."""

    @extend_schema(
        operation_id="recount_spot_check", request=None, responses={200: RecountOut, **ERRORS}
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        """核对总体：重读可见范围内的全部自评表，与抽取时相同则重抽结果相同；什么也不保存。"""
        found = selected.recount(user_of(request), public_id)
        if found is None:
            raise Http404
        return Response(RecountOut(found).data)


class SpotCheckItem(WritingView):
    """抽查情况."""

    @extend_schema(
        operation_id="record_spot_check_outcome",
        parameters=[KEY, IF_MATCH],
        request=FoundIn,
        responses={200: MadeOut, **ERRORS},
    )
    def put(self, request: Request, public_id: UUID) -> Response:
        """写下一张抽出的自评表的抽查得分和情况；须带 If-Match。"""
        found = spot_checks.record_outcome(
            actor=user_of(request),
            item=public_id,
            version=version_of(request),
            origin=origin_of(request),
            **read(FoundIn, request),
        )
        return Response(
            {"id": str(public_id), "version": found.lock_version},
            headers={"ETag": etag(found.lock_version)},
        )
