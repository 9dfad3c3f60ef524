"""Filling in a self-evaluation over HTTP: what it would score as typed, and what to fill in from."""

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
from performance.selectors.accounts import stated_money
from performance.selectors.trials import trial_of


class TriedLineOut(serializers.Serializer[Any]):
    """A line as it would score; ``seq`` 0 is execution."""

    seq = serializers.IntegerField()
    points = serializers.DecimalField(16, 4, allow_null=True, normalize_output=True)
    claimed = serializers.DecimalField(16, 4, allow_null=True, normalize_output=True)
    awarded = serializers.DecimalField(9, 2, allow_null=True)
    difference = serializers.DecimalField(16, 4, allow_null=True, normalize_output=True)
    state = serializers.ChoiceField(["scored", "not_scored", "not_applicable"])
    explanation = serializers.CharField()
    due = serializers.CharField(allow_blank=True)


class TrialOut(serializers.Serializer[Any]):
    """A self-evaluation as it would score, with what the check-up says of it."""

    lines = TriedLineOut(many=True)
    execution = TriedLineOut(allow_null=True)
    total = serializers.DecimalField(9, 2)
    available = serializers.DecimalField(16, 4, normalize_output=True)
    grade = serializers.CharField(allow_null=True)
    complete = serializers.BooleanField()
    claimed_total = serializers.DecimalField(16, 4, allow_null=True, normalize_output=True)
    claimed_sum = serializers.DecimalField(16, 4, allow_null=True, normalize_output=True)
    difference = serializers.DecimalField(16, 4, allow_null=True, normalize_output=True)
    explanation = serializers.CharField()
    counts = serializers.DictField(child=serializers.IntegerField(), source="checkup.counts")
    findings = out.PlacedOut(many=True, source="checkup.findings")


class StatedMoneyOut(serializers.Serializer[Any]):
    """A project's money as a final account states it, in 元, and where."""

    document_id = serializers.UUIDField()
    document = serializers.CharField()
    table = serializers.CharField()
    place = serializers.CharField()
    at = serializers.CharField()
    budget = serializers.DecimalField(18, 2, allow_null=True)
    executed = serializers.DecimalField(18, 2, allow_null=True)


class FinalAccounts(APIView):
    """决算中的执行数."""

    @extend_schema(
        operation_id="list_stated_money",
        responses={200: StatedMoneyOut(many=True), 401: out.ProblemOut, 404: out.ProblemOut},
    )
    def get(self, request: Request, public_id: UUID) -> Response:
        """本部门这一年度的决算文件里写到这个项目的预算数、执行数，以及写在哪张表、哪一行。"""
        found = stated_money(user_of(request), public_id)
        if found is None:
            raise Http404
        return Response(StatedMoneyOut(found, many=True).data)


class EvaluationTrial(APIView):
    """试算."""

    @extend_schema(
        operation_id="try_evaluation",
        request={"application/json": {"type": "object"}},
        responses={200: TrialOut, **ERRORS},
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        """试算：所给内容按规则得多少分、为什么、哪些行要写原因；什么也不保存。"""
        found = trial_of(user_of(request), public_id, content_of(request))
        if found is None:
            raise Http404
        return Response(TrialOut(found).data)
