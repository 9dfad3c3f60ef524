"""What was found on papers over HTTP, and the bureau's conclusion on targets."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from budgets.api.writing import (
    IF_MATCH,
    KEY,
    StrictSerializer,
    etag,
    origin_of,
    read,
    user_of,
    version_of,
)
from budgets.errors import ServiceError, StaleVersion
from performance.api import serializers as out
from performance.api.procedure import ERRORS, MadeOut, PaperView, versioned
from performance.selectors.checkups import Checkup, checkup_of
from performance.services import conclusions
from performance.workflow import Paper


class AspectOut(serializers.Serializer[Any]):
    """One aspect of the targets: the grade from the findings, and the reviewer's own."""

    aspect = serializers.CharField()
    computed = serializers.CharField()
    own = serializers.CharField(allow_blank=True)


class ConclusionOut(serializers.Serializer[Any]):
    """The conclusion on targets, computed and the reviewer's own."""

    aspects = AspectOut(many=True)
    computed = serializers.CharField()
    own = serializers.CharField(allow_blank=True)
    overall = serializers.CharField()
    meaning = serializers.CharField()
    words = serializers.CharField(allow_blank=True)
    concluded_by = serializers.CharField(allow_blank=True)
    concluded_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()


class CheckupOut(serializers.Serializer[Any]):
    """What was found on a paper, the gravest first."""

    counts = serializers.DictField(child=serializers.IntegerField())
    examined_at = serializers.DateTimeField(allow_null=True)
    findings = out.PlacedOut(many=True)


class Conclude(StrictSerializer):
    """Grades by aspect and overall, and why where they differ from the computed ones."""

    digest = serializers.CharField(max_length=64, allow_blank=True)
    aspects = serializers.DictField(child=serializers.CharField(max_length=2))
    overall = serializers.CharField(max_length=2)
    words = serializers.CharField(max_length=30000, required=False, default="", allow_blank=True)


class Findings(APIView):
    """审核发现."""

    paper: ClassVar[Paper]

    def get(self, request: Request, public_id: UUID) -> Response:
        """审核发现：可修改的表按现在保存的内容，已提交的按提交时的内容。"""
        found = _checkup(request, self.paper, public_id)
        if not found.readable:
            raise Http404
        return Response(CheckupOut(found).data)


def _checkup(request: Request, paper: Paper, public_id: UUID) -> Checkup:
    found = checkup_of(user_of(request), paper, public_id)
    if found is None:
        raise Http404
    return found


def _findings(paper: Paper, noun: str) -> type[Findings]:
    """The view of one kind of paper, with its own operation id in the schema."""

    class PaperFindings(Findings):
        """审核发现."""

        @extend_schema(operation_id=f"list_{noun}_findings", responses={200: CheckupOut, **ERRORS})
        def get(self, request: Request, public_id: UUID) -> Response:
            """审核发现：可修改的表按现在保存的内容，已提交的按提交时的内容。"""
            return super().get(request, public_id)

    PaperFindings.paper = paper
    return PaperFindings


TargetTableFindings = _findings(Paper.TARGET_TABLE, "target_table")
EvaluationFindings = _findings(Paper.EVALUATION, "evaluation")
MonitoringFindings = _findings(Paper.MONITORING, "monitoring")


class Conclusion(PaperView):
    """审核结论."""

    paper = Paper.TARGET_TABLE

    def explain_error(self, error: ServiceError) -> dict[str, Any]:
        """The conclusion as it stands now, beside what was sent."""
        if not isinstance(error, StaleVersion):
            return super().explain_error(error)
        found = checkup_of(user_of(self.request), self.paper, self.kwargs["public_id"])
        sheet = found.conclusion if found is not None else None
        theirs = ConclusionOut(sheet).data if sheet is not None else None
        return {"current_version": error.current, "mine": error.mine, "theirs": theirs}

    @extend_schema(operation_id="get_conclusion", responses={200: ConclusionOut, **ERRORS})
    def get(self, request: Request, public_id: UUID) -> Response:
        """目标表的审核结论：按审核发现算出的，和审核人写下的。"""
        found = _checkup(request, self.paper, public_id).conclusion
        if found is None:
            raise Http404
        return Response(ConclusionOut(found).data, headers={"ETag": etag(found.version)})

    @extend_schema(
        operation_id="conclude_targets",
        parameters=[KEY, IF_MATCH],
        request=Conclude,
        responses={200: MadeOut, **ERRORS},
    )
    def put(self, request: Request, public_id: UUID) -> Response:
        """写下审核结论；与算出的不同时须写明理由。"""
        made = conclusions.conclude_targets(
            actor=user_of(request),
            public_id=public_id,
            version=version_of(request),
            origin=origin_of(request),
            **read(Conclude, request),
        )
        return versioned(public_id, made.lock_version)
