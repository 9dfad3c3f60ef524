"""The indicator library for programs, and for the suggestions while a clerk types."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from budgets.api.writing import user_of
from performance.api import serializers as out
from performance.selectors import library


class SuggestionOut(serializers.Serializer[Any]):
    """指标库的一个指标."""

    name = serializers.CharField()
    level1 = serializers.CharField()
    level2 = serializers.CharField()
    comparator = serializers.CharField()
    unit = serializers.CharField()
    target = serializers.CharField()
    lowest = serializers.CharField()
    median = serializers.CharField()
    highest = serializers.CharField()
    uses = serializers.IntegerField()
    judged = serializers.IntegerField()
    reached = serializers.IntegerField()
    departments = serializers.IntegerField()
    fields = serializers.ListField(child=serializers.CharField())  # type: ignore[assignment]
    years = serializers.CharField()
    is_own = serializers.BooleanField()


class SuggestionsOut(serializers.Serializer[Any]):
    """建议."""

    results = SuggestionOut(many=True)


class ExampleOut(serializers.Serializer[Any]):
    """一个项目中的同一指标."""

    level2 = serializers.CharField()
    name = serializers.CharField()
    project = serializers.CharField()
    unit = serializers.CharField()
    department = serializers.CharField()
    year = serializers.IntegerField()
    target = serializers.CharField()
    actual = serializers.CharField()
    reached = serializers.BooleanField(allow_null=True)
    is_own = serializers.BooleanField()


class ExamplesOut(serializers.Serializer[Any]):
    """并列对照."""

    results = ExampleOut(many=True)


class IndicatorLibrary(APIView):
    """指标库."""

    @extend_schema(
        operation_id="suggest_indicators",
        parameters=[
            OpenApiParameter("q", str, description="名称的一部分"),
            OpenApiParameter("level2", str, description="二级指标；同级的排在前面"),
        ],
        responses={200: SuggestionsOut, 403: out.ProblemOut},
    )
    def get(self, request: Request) -> Response:
        """名称相近的指标，带常用指标值、范围和达标情况；最多 8 个。"""
        asked = request.query_params
        found = library.suggest(user_of(request), asked.get("q", ""), asked.get("level2", ""))
        return Response({"results": SuggestionOut(found, many=True).data})


class SideBySide(APIView):
    """同一指标在各项目中."""

    @extend_schema(
        operation_id="get_indicator_side_by_side",
        parameters=[OpenApiParameter("name", str, description="指标名称")],
        responses={200: ExamplesOut, 403: out.ProblemOut},
    )
    def get(self, request: Request) -> Response:
        """同一指标在不同项目中的指标值和完成值，新的在前。"""
        found = library.side_by_side(user_of(request), request.query_params.get("name", ""))
        return Response({"results": ExampleOut(found, many=True).data})
