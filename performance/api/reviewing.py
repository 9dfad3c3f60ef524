"""What comes of reviews over HTTP: feedback and objections, deviations, the ledger."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import JSONParser, MultiPartParser
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
from budgets.errors import InvalidInput
from performance.api import serializers as out
from performance.api.procedure import ERRORS, MadeOut, versioned
from performance.selectors.deviations import deviations
from performance.selectors.rectification import item_list, item_of
from performance.services import evidence, feedback, rectification

_STATES = ("pending", "open", "answered", "returned", "closed")


class SendFeedback(StrictSerializer):
    """Until when the unit may object."""

    deadline = serializers.DateTimeField()


class AnswerFeedback(StrictSerializer):
    """The unit's word on a line; without ``seq`` all that is left is accepted."""

    seq = serializers.IntegerField(min_value=0, required=False, allow_null=True, default=None)
    objects_to = serializers.BooleanField(required=False, default=False)
    words = serializers.CharField(max_length=30000, required=False, default="", allow_blank=True)
    file = serializers.FileField(required=False, allow_null=True, default=None)


class DecideObjection(StrictSerializer):
    """The decision on an objection."""

    seq = serializers.IntegerField(min_value=0)
    upheld = serializers.BooleanField()
    words = serializers.CharField(max_length=30000)
    points = serializers.DecimalField(9, 4, required=False, allow_null=True, default=None)
    reason_code = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)


class RaiseItem(StrictSerializer):
    """What has to be mended until when."""

    evaluation = serializers.UUIDField()
    what = serializers.CharField(max_length=30000)
    deadline = serializers.DateField()
    seq = serializers.IntegerField(min_value=0, required=False, allow_null=True, default=None)


class AnswerItem(StrictSerializer):
    """What was mended."""

    answer = serializers.CharField(max_length=30000)


class JudgeItem(StrictSerializer):
    """Words with a closing or a return."""

    words = serializers.CharField(max_length=30000, required=False, default="", allow_blank=True)


class ItemOut(serializers.Serializer[Any]):
    """A matter of the ledger."""

    id = serializers.UUIDField(source="public_id")
    evaluation = serializers.UUIDField()
    project = serializers.CharField()
    unit = serializers.CharField()
    department = serializers.CharField()
    fiscal_year = serializers.IntegerField()
    indicator = serializers.CharField()
    what = serializers.CharField()
    deadline = serializers.DateField()
    overdue = serializers.BooleanField()
    state = serializers.CharField()
    state_label = serializers.CharField()
    version = serializers.IntegerField()
    raised_by = serializers.CharField()
    raised_at = serializers.DateTimeField()
    answer = serializers.CharField()
    answered_by = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)
    words = serializers.CharField()
    closed_by = serializers.CharField()
    closed_at = serializers.DateTimeField(allow_null=True)


class ItemPageOut(serializers.Serializer[Any]):
    """A page of the ledger."""

    next = serializers.CharField(allow_null=True)
    results = ItemOut(many=True)


class DeviationOut(serializers.Serializer[Any]):
    """A project's deviation in per cent."""

    evaluation = serializers.UUIDField()
    project = serializers.CharField()
    unit = serializers.CharField()
    department = serializers.CharField()
    claimed = serializers.DecimalField(9, 2, allow_null=True)
    reviewed = serializers.DecimalField(9, 2, allow_null=True)
    deviation = serializers.DecimalField(9, 2, allow_null=True)


class DepartmentDeviationOut(serializers.Serializer[Any]):
    """A department's deviation in per cent, over its projects that have both figures."""

    department_id = serializers.UUIDField()
    department = serializers.CharField()
    projects = serializers.IntegerField()
    compared = serializers.IntegerField()
    claimed = serializers.DecimalField(12, 2)
    reviewed = serializers.DecimalField(12, 2)
    deviation = serializers.DecimalField(9, 2, allow_null=True)


class DeviationsOut(serializers.Serializer[Any]):
    """The deviations of a task."""

    task = serializers.CharField()
    task_id = serializers.UUIDField()
    departments = DepartmentDeviationOut(many=True)
    shown = serializers.UUIDField(allow_null=True, help_text="rows 是哪个部门的项目")
    rows = DeviationOut(many=True)


class ReviewFeedback(WritingView):
    """征求意见."""

    @extend_schema(
        operation_id="send_feedback",
        parameters=[KEY, IF_MATCH],
        request=SendFeedback,
        responses={200: MadeOut, **ERRORS},
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        """把复核表发单位征求意见，写明答复期限；If-Match 是复核的版本。"""
        made = feedback.send_feedback(
            actor=user_of(request),
            public_id=public_id,
            version=version_of(request),
            origin=origin_of(request),
            **read(SendFeedback, request),
        )
        return versioned(public_id, made.lock_version)


class FeedbackAnswers(WritingView):
    """答复与申诉."""

    parser_classes = (JSONParser, MultiPartParser)

    @extend_schema(
        operation_id="answer_feedback",
        parameters=[KEY, IF_MATCH],
        request=AnswerFeedback,
        responses={200: MadeOut, **ERRORS},
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        """单位对一行同意或申诉；不给 seq 表示其余同意、答复完毕。"""
        given = read(AnswerFeedback, request)
        file = given.pop("file")
        if file is not None:
            given["file"] = feedback.File(name=file.name, data=file.read(evidence.LARGEST + 1))
        made = feedback.answer_feedback(
            actor=user_of(request),
            public_id=public_id,
            version=version_of(request),
            origin=origin_of(request),
            **given,
        )
        return versioned(public_id, made.lock_version)


class FeedbackDecisions(WritingView):
    """申诉的决定."""

    @extend_schema(
        operation_id="decide_objection",
        parameters=[KEY, IF_MATCH],
        request=DecideObjection,
        responses={200: MadeOut, **ERRORS},
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        """对一条申诉作出决定：采纳（新分数和情形）或不采纳，写明理由。"""
        made = feedback.decide_objection(
            actor=user_of(request),
            public_id=public_id,
            version=version_of(request),
            origin=origin_of(request),
            **read(DecideObjection, request),
        )
        return versioned(public_id, made.lock_version)


class Deviations(APIView):
    """偏差率."""

    @extend_schema(
        operation_id="list_deviations",
        parameters=[
            OpenApiParameter("task", str, required=True, description="任务编号"),
            OpenApiParameter(
                "department", str, description="列出哪个部门的项目；只有一个部门时可以不给"
            ),
        ],
        responses={
            200: DeviationsOut,
            400: out.ProblemOut,
            401: out.ProblemOut,
            404: out.ProblemOut,
        },
    )
    def get(self, request: Request) -> Response:
        """一项任务已确认复核的自评：各部门合计的偏差率，和一个部门逐项目的偏差率。"""
        asked = request.query_params
        department = asked.get("department", "")
        found = deviations(
            user_of(request),
            _uuid(asked.get("task", "")),
            _uuid(department) if department else None,
        )
        if found is None:
            raise Http404
        return Response(DeviationsOut(found).data)


class Rectifications(WritingView):
    """整改台账."""

    @extend_schema(
        operation_id="list_rectifications",
        parameters=[
            OpenApiParameter("cursor", str),
            OpenApiParameter("state", str, enum=_STATES),
            OpenApiParameter("department", str),
            OpenApiParameter("overdue", bool),
        ],
        responses={200: ItemPageOut, 400: out.ProblemOut, 401: out.ProblemOut},
    )
    def get(self, request: Request) -> Response:
        """可见范围内的整改事项，新的在前；按状态、部门、是否逾期筛选。"""
        asked = request.query_params
        state, department = asked.get("state", ""), asked.get("department")
        if state and state not in _STATES:
            raise InvalidInput(f"state 应为 {'、'.join(_STATES)} 之一")
        page = item_list(
            user_of(request),
            asked.get("cursor"),
            state=state,
            department=_uuid(department) if department else None,
            overdue=asked.get("overdue") in {"1", "true"},
        )
        return Response({"next": page.next_cursor, "results": ItemOut(page.rows, many=True).data})

    @extend_schema(
        operation_id="raise_rectification",
        parameters=[KEY],
        request=RaiseItem,
        responses={201: MadeOut, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        """对一张自评表（或其中一行）提出整改要求和期限。"""
        made = rectification.raise_item(
            actor=user_of(request), origin=origin_of(request), **read(RaiseItem, request)
        )
        return versioned(made.public_id, made.lock_version, status.HTTP_201_CREATED)


class Rectification(WritingView):
    """整改事项."""

    @extend_schema(operation_id="get_rectification", responses={200: ItemOut, **ERRORS})
    def get(self, request: Request, public_id: UUID) -> Response:
        """一个整改事项。"""
        found = item_of(user_of(request), public_id)
        if found is None:
            raise Http404
        return Response(ItemOut(found.row).data, headers={"ETag": etag(found.row.version)})


class RectificationAnswer(WritingView):
    """整改答复."""

    @extend_schema(
        operation_id="answer_rectification",
        parameters=[KEY, IF_MATCH],
        request=AnswerItem,
        responses={200: MadeOut, **ERRORS},
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        """单位答复整改情况。"""
        made = rectification.answer_item(
            actor=user_of(request),
            public_id=public_id,
            version=version_of(request),
            origin=origin_of(request),
            **read(AnswerItem, request),
        )
        return versioned(public_id, made.lock_version)


class RectificationClosing(WritingView):
    """销号."""

    @extend_schema(
        operation_id="close_rectification",
        parameters=[KEY, IF_MATCH],
        request=JudgeItem,
        responses={200: MadeOut, **ERRORS},
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        """提出的一方销号。"""
        made = rectification.close_item(
            actor=user_of(request),
            public_id=public_id,
            version=version_of(request),
            origin=origin_of(request),
            **read(JudgeItem, request),
        )
        return versioned(public_id, made.lock_version)


class RectificationReturn(WritingView):
    """退回整改."""

    @extend_schema(
        operation_id="return_rectification",
        parameters=[KEY, IF_MATCH],
        request=JudgeItem,
        responses={200: MadeOut, **ERRORS},
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        """提出的一方退回，写明理由。"""
        made = rectification.return_item(
            actor=user_of(request),
            public_id=public_id,
            version=version_of(request),
            origin=origin_of(request),
            **read(JudgeItem, request),
        )
        return versioned(public_id, made.lock_version)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise InvalidInput("编号格式不对") from None
