"""The rule lab for programs: a door to the selector, nothing else."""

from __future__ import annotations

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from budgets.api.writing import user_of
from performance.api import serializers as out
from performance.reports.lab import lab_json
from performance.selectors import lab


class RuleLab(APIView):
    """规则试算."""

    @extend_schema(
        operation_id="try_rules",
        parameters=[
            OpenApiParameter("year", int, required=True, description="年度"),
            OpenApiParameter("base", str, required=True, description="基准规则集"),
            OpenApiParameter("against", str, many=True, description="对照的规则集，可重复"),
            OpenApiParameter(
                "set", str, many=True, description="在基准上改一个界限：键=值，可重复"
            ),
            OpenApiParameter("department", OpenApiTypes.UUID, description="只算这个部门"),
            OpenApiParameter("unit", OpenApiTypes.UUID, description="只算这个单位"),
        ],
        responses={200: OpenApiTypes.OBJECT, 400: out.ProblemOut, 403: out.ProblemOut},
    )
    def get(self, request: Request) -> Response:
        """按别的规则集或改动的界限重新评分：等级变化、差多少、为什么；不写入任何数据。"""
        given = {name: request.query_params.getlist(name) for name in request.query_params}
        found = lab.tried_as_asked(user_of(request), given)
        return Response(lab_json(found.report, found.papers))
