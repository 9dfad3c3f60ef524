"""The bureau's queue over HTTP: what waits by risk, and decisions on several at once."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from budgets.api.writing import KEY, StrictSerializer, WritingView, origin_of, read, user_of
from performance.api.procedure import ERRORS, CellIn
from performance.selectors import queue
from performance.services import decisions
from performance.workflow import Paper


class RiskReasonOut(serializers.Serializer[Any]):
    """风险的一条原因."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    weight = serializers.IntegerField()
    text = serializers.CharField()


class QuestionedCellOut(serializers.Serializer[Any]):
    """有疑问的一格."""

    at = serializers.CharField()
    place = serializers.CharField()
    severity = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()
    chosen = serializers.BooleanField()


class QueueRowOut(serializers.Serializer[Any]):
    """队列中的一张表."""

    id = serializers.UUIDField(source="public_id")
    paper = serializers.CharField()
    project = serializers.CharField()
    unit = serializers.CharField()
    department = serializers.CharField()
    task = serializers.CharField()
    fiscal_year = serializers.IntegerField()
    state = serializers.CharField()
    state_label = serializers.CharField()
    digest = serializers.CharField()
    claimed = serializers.DecimalField(7, 2, allow_null=True)
    computed = serializers.DecimalField(7, 2, allow_null=True)
    complete = serializers.BooleanField()
    grade = serializers.CharField()
    execution_rate = serializers.DecimalField(None, 6, allow_null=True)
    risk = serializers.IntegerField()
    reasons = RiskReasonOut(many=True)
    cells = QuestionedCellOut(many=True)
    findings = serializers.IntegerField()
    late = serializers.BooleanField()
    reviewing = serializers.BooleanField()


class QueuePageOut(serializers.Serializer[Any]):
    """一页队列."""

    next = serializers.CharField(allow_null=True)
    results = QueueRowOut(many=True)


class ChosenIn(StrictSerializer):
    """A paper that is decided on, with the digest of what was seen."""

    paper = serializers.ChoiceField([Paper.TARGET_TABLE.value, Paper.EVALUATION.value])
    id = serializers.UUIDField()
    digest = serializers.CharField(max_length=64)
    cells = CellIn(many=True, required=False, allow_null=True, default=None)


class DecisionsIn(StrictSerializer):
    """One verb for several papers."""

    verb = serializers.ChoiceField(list(decisions.VERBS))
    rows = ChosenIn(many=True, allow_empty=False)
    reason_code = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    reason = serializers.CharField(max_length=30000, required=False, default="", allow_blank=True)


class OutcomeOut(serializers.Serializer[Any]):
    """What became of one paper."""

    paper = serializers.CharField()
    id = serializers.UUIDField(source="public_id")
    project = serializers.CharField()
    outcome = serializers.ChoiceField(list(decisions.OUTCOMES))
    words = serializers.CharField()


class OutcomesOut(serializers.Serializer[Any]):
    """What became of each, in the order they were sent."""

    results = OutcomeOut(many=True)


class Queue(APIView):
    """审核队列."""

    @extend_schema(
        operation_id="list_queue",
        parameters=[
            *(OpenApiParameter(name, str, description=d) for name, d in queue.FILTERS.items()),
            OpenApiParameter(
                "cursor", str, description="上一页返回的 next；不给则从风险最高的开始"
            ),
        ],
        responses={200: QueuePageOut, **ERRORS},
    )
    def get(self, request: Request) -> Response:
        """待审核的表，风险高的在前；只有财政审核人员和审计人员可以查阅。"""
        user = user_of(request)
        if not queue.reads_queue(user):
            raise Http404
        page = queue.queue_of(user, queue.wanted(request.query_params.dict()))
        return Response(
            {"next": page.next_cursor, "results": QueueRowOut(page.rows, many=True).data}
        )


class Decisions(WritingView):
    """成批办理."""

    @extend_schema(
        operation_id="decide_queue",
        parameters=[KEY],
        request=DecisionsIn,
        responses={200: OutcomesOut, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        """逐张通过、开始复核或退回：一张没有办成不影响其他的，结果逐张返回。"""
        user = user_of(request)
        if not queue.reads_queue(user):
            raise Http404
        given = read(DecisionsIn, request)
        found = decisions.decide(
            actor=user,
            verb=given["verb"],
            chosen=[
                decisions.Chosen(
                    paper=Paper(row["paper"]),
                    public_id=row["id"],
                    digest=row["digest"],
                    cells=row["cells"],
                )
                for row in given["rows"]
            ],
            reason_code=given["reason_code"],
            reason=given["reason"],
            origin=origin_of(request),
        )
        return Response({"results": OutcomeOut(found, many=True).data})
