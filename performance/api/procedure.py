"""The procedure over HTTP: contents with versions, moves, adjustments, reviews, tasks, evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.http import FileResponse, Http404
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from budgets.api.writing import (
    IF_MATCH,
    KEY,
    StrictSerializer,
    WritingView,
    content_of,
    etag,
    origin_of,
    read,
    user_of,
    version_of,
)
from budgets.errors import SeenOther, ServiceError, StaleVersion
from budgets.web.downloads import attachment
from performance.api import serializers as out
from performance.reports.comparison import Difference
from performance.selectors import desk, waiting
from performance.selectors.files import file_of
from performance.selectors.tasks import task_list
from performance.services import drafts, evidence, moves, reviews, tasks
from performance.services.examinations import Blocked
from performance.workflow import Paper

_CURSOR = OpenApiParameter("cursor", str, description="上一页返回的 next；不给则从最新的开始")
ERRORS = {
    400: out.ProblemOut,
    401: out.ProblemOut,
    403: out.ProblemOut,
    404: out.ProblemOut,
    409: out.ProblemOut,
    422: out.ProblemOut,
    428: out.ProblemOut,
}


# ── shapes ──────────────────────────────────────────────────────────────────────────────────────


class SaidOut(serializers.Serializer[Any]):
    """The unit's word on a reviewed line, and the decision."""

    objects_to = serializers.BooleanField()
    words = serializers.CharField()
    by = serializers.CharField()
    document = serializers.UUIDField(allow_null=True)
    decision = serializers.CharField()
    decision_words = serializers.CharField()
    decided_by = serializers.CharField()


class FeedbackOut(serializers.Serializer[Any]):
    """A reviewed sheet that was sent to the unit."""

    digest = serializers.CharField()
    sent_at = serializers.DateTimeField()
    sent_by = serializers.CharField()
    deadline = serializers.DateTimeField()
    finished = serializers.BooleanField()
    lapsed = serializers.BooleanField()
    undecided = serializers.IntegerField()


class StandingOut(serializers.Serializer[Any]):
    """How the project stood the year before."""

    evaluation = serializers.UUIDField()
    fiscal_year = serializers.IntegerField()
    grade = serializers.CharField()
    grade_of = serializers.CharField()
    execution_rate = serializers.DecimalField(7, 6, allow_null=True)
    claimed = serializers.DecimalField(7, 2, allow_null=True)
    reviewed = serializers.DecimalField(7, 2, allow_null=True)
    open_items = serializers.IntegerField()


class ReviewLineOut(serializers.Serializer[Any]):
    """A line of a review."""

    seq = serializers.IntegerField()
    name = serializers.CharField()
    points = serializers.DecimalField(16, 4, allow_null=True, normalize_output=True)
    claimed = serializers.DecimalField(16, 4, allow_null=True, normalize_output=True)
    computed = serializers.DecimalField(9, 2, allow_null=True)
    reviewed = serializers.DecimalField(9, 2, allow_null=True)
    reason_code = serializers.CharField()
    criterion = serializers.CharField()
    clause = serializers.CharField()
    target = serializers.CharField()
    actual = serializers.CharField()
    said = SaidOut(allow_null=True)
    reason = serializers.CharField()


class ReviewOut(serializers.Serializer[Any]):
    """A review: claimed, computed and reviewed side by side."""

    version = serializers.IntegerField()
    state = serializers.CharField()
    reviewer = serializers.CharField()
    total = serializers.DecimalField(7, 2, allow_null=True)
    grade = serializers.CharField()
    opinion = serializers.CharField()
    claimed_total = serializers.DecimalField(7, 2, allow_null=True)
    computed_total = serializers.DecimalField(7, 2, allow_null=True)
    deviation = serializers.DecimalField(9, 2, allow_null=True)
    feedback = FeedbackOut(allow_null=True)
    lines = ReviewLineOut(many=True)


class StepOut(serializers.Serializer[Any]):
    """One move."""

    made_at = serializers.DateTimeField()
    verb = serializers.CharField()
    verb_label = serializers.CharField()
    actor = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    target = serializers.CharField()
    reason_code = serializers.CharField()
    reason = serializers.CharField()
    cells = serializers.ListField(child=serializers.DictField())
    late = serializers.BooleanField()
    digest = serializers.CharField()


class OfferedOut(serializers.Serializer[Any]):
    """A move that may be made now."""

    verb = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    reasoned = serializers.BooleanField()
    sees = serializers.BooleanField()


class DeskOut(serializers.Serializer[Any]):
    """A paper with its content, version, digest and what may be done."""

    id = serializers.UUIDField(source="public_id")
    project = serializers.CharField()
    project_id = serializers.UUIDField()
    unit = serializers.CharField()
    fiscal_year = serializers.IntegerField()
    state = serializers.CharField()
    state_label = serializers.CharField()
    version = serializers.IntegerField()
    digest = serializers.CharField()
    revision = serializers.IntegerField(allow_null=True)
    adjusts = serializers.UUIDField(allow_null=True)
    task = serializers.CharField()
    editable = serializers.BooleanField()
    content = serializers.DictField()
    marked = serializers.DictField(child=serializers.CharField())
    moves = OfferedOut(many=True)
    history = StepOut(many=True)
    review = ReviewOut(allow_null=True)
    last_year = StandingOut(allow_null=True)


class DifferenceOut(serializers.Serializer[Any]):
    """A place where contents differ."""

    at = serializers.CharField()
    words = serializers.CharField()
    before = serializers.CharField()
    theirs = serializers.CharField()
    mine = serializers.CharField(allow_null=True)


class CreateProject(StrictSerializer):
    """A new project."""

    unit = serializers.UUIDField()
    name = serializers.CharField(max_length=300)
    code = serializers.CharField(max_length=21, required=False, default="", allow_blank=True)


class CreateTargetTable(StrictSerializer):
    """A new target table."""

    project = serializers.UUIDField()
    fiscal_year = serializers.IntegerField()
    task = serializers.UUIDField(required=False, allow_null=True, default=None)


class StartPaper(StrictSerializer):
    """A paper that a task asks for."""

    project = serializers.UUIDField()
    task = serializers.UUIDField()


class CellIn(StrictSerializer):
    """A cell in question."""

    at = serializers.CharField(max_length=80)
    note = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class MoveIn(StrictSerializer):
    """A move; ``digest`` is that of the content decided on."""

    move = serializers.CharField(max_length=40)
    digest = serializers.CharField(max_length=64, required=False, default="", allow_blank=True)
    reason_code = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    reason = serializers.CharField(max_length=30000, required=False, default="", allow_blank=True)
    cells = CellIn(many=True, required=False, default=list)


class AdjustTable(StrictSerializer):
    """Why an approved table is adjusted."""

    reason_code = serializers.CharField(max_length=40)
    reason = serializers.CharField(max_length=30000)


class OpenReview(StrictSerializer):
    """The content that is reviewed."""

    digest = serializers.CharField(max_length=64)


class AdjustLine(StrictSerializer):
    """Reviewed points of a line; left out where the criterion fixes them."""

    points = serializers.DecimalField(9, 4, required=False, allow_null=True, default=None)
    reason_code = serializers.CharField(max_length=40)
    reason = serializers.CharField(max_length=30000)


class Opinion(StrictSerializer):
    """The reviewer's opinion."""

    opinion = serializers.CharField(max_length=30000, allow_blank=True)


class IssueTask(StrictSerializer):
    """A task for units."""

    paper = serializers.ChoiceField([paper.value for paper in Paper])
    fiscal_year = serializers.IntegerField()
    month = serializers.IntegerField(required=False, allow_null=True, default=None)
    title = serializers.CharField(max_length=120)
    deadline = serializers.DateTimeField()
    units = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=5000)
    form = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)
    ruleset = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)


class MoveDeadline(StrictSerializer):
    """Another deadline for a task, and why."""

    deadline = serializers.DateTimeField()
    reason = serializers.CharField(max_length=200)


class TaskOut(serializers.Serializer[Any]):
    """A task and how far its units are."""

    id = serializers.UUIDField(source="public_id")
    title = serializers.CharField()
    paper = serializers.CharField()
    fiscal_year = serializers.IntegerField()
    month = serializers.IntegerField(allow_null=True)
    ruleset = serializers.CharField()
    deadline = serializers.DateTimeField()
    overdue = serializers.BooleanField()
    closed = serializers.BooleanField()
    units = serializers.IntegerField()
    submitted = serializers.IntegerField()
    version = serializers.IntegerField()


class TaskPageOut(serializers.Serializer[Any]):
    """A page of tasks."""

    next = serializers.CharField(allow_null=True)
    results = TaskOut(many=True)


class PaperRowOut(serializers.Serializer[Any]):
    """A paper that waits."""

    id = serializers.UUIDField(source="public_id")
    paper = serializers.CharField()
    project = serializers.CharField()
    unit = serializers.CharField()
    fiscal_year = serializers.IntegerField()
    state = serializers.CharField()
    state_label = serializers.CharField()
    task = serializers.CharField()
    deadline = serializers.DateTimeField(allow_null=True)


class MonitoringRowOut(PaperRowOut):
    """A monitoring table in a list, with its worst light."""

    month = serializers.IntegerField()
    light = serializers.CharField(allow_blank=True)
    light_label = serializers.CharField()
    red = serializers.IntegerField()
    yellow = serializers.IntegerField()


class MadeOut(serializers.Serializer[Any]):
    """What was made."""

    id = serializers.UUIDField()
    version = serializers.IntegerField(required=False)


class MovedOut(serializers.Serializer[Any]):
    """Where a paper stands after a move."""

    id = serializers.UUIDField()
    state = serializers.CharField()
    version = serializers.IntegerField()


# ── papers ──────────────────────────────────────────────────────────────────────────────────────


def _differences(found: Sequence[Difference]) -> dict[str, Any]:
    return {"differences": DifferenceOut(found, many=True).data}


class PaperView(WritingView):
    """What the views of one kind of paper share."""

    paper: ClassVar[Paper]

    def explain_error(self, error: ServiceError) -> dict[str, Any]:
        """The comparison that goes with a stale or unseen content."""
        public_id = self.kwargs.get("public_id")
        if isinstance(error, StaleVersion) and public_id is not None:
            found = desk.stale_differences(
                user_of(self.request), self.paper, public_id, error.base, error.mine
            )
            return {"current_version": error.current, "mine": error.mine, **_differences(found)}
        if isinstance(error, SeenOther) and public_id is not None:
            found = desk.seen_differences(user_of(self.request), self.paper, public_id, error.seen)
            return {"current_digest": error.current, **_differences(found)}
        if isinstance(error, Blocked):
            return {"findings": out.PlacedOut(error.findings, many=True).data}
        return {}

    def desk(self, request: Request, public_id: UUID) -> desk.Desk:
        """The paper, or 404."""
        found = desk.desk_of(user_of(request), self.paper, public_id)
        if found is None:
            raise Http404
        return found


class Content(PaperView):
    """内容与版本."""

    def get(self, request: Request, public_id: UUID) -> Response:
        """当前内容、版本（ETag）、摘要、办理记录和现在可以做的动作。"""
        found = self.desk(request, public_id)
        return Response(DeskOut(found).data, headers={"ETag": etag(found.version)})

    def put(self, request: Request, public_id: UUID) -> Response:
        """保存全部内容；须带 If-Match。"""
        version = drafts.save(
            actor=user_of(request),
            paper=self.paper,
            public_id=public_id,
            version=version_of(request),
            body=content_of(request),
            origin=origin_of(request),
        )
        return versioned(public_id, version)


class Moves(PaperView):
    """办理."""

    def get(self, request: Request, public_id: UUID) -> Response:
        """办理记录。"""
        return Response(StepOut(self.desk(request, public_id).history, many=True).data)

    def post(self, request: Request, public_id: UUID) -> Response:
        """办理一步：提交、撤回、审核、批复、退回、确认、公开、办结。"""
        given = read(MoveIn, request)
        moves.move(
            actor=user_of(request),
            paper=self.paper,
            public_id=public_id,
            verb=given["move"],
            version=version_of(request) if "If-Match" in request.headers else None,
            decision=moves.Decision(
                digest=given["digest"],
                reason_code=given["reason_code"],
                reason=given["reason"],
                cells=given["cells"],
            ),
            origin=origin_of(request),
        )
        found = desk.paper_row(user_of(request), self.paper, public_id)
        body: dict[str, Any] = {"id": str(public_id), "state": "", "version": 0}
        if found is None:  # handed out of one's own sight
            return Response(body)
        body |= {"state": found.status, "version": found.lock_version}
        return Response(body, headers={"ETag": etag(found.lock_version)})


class Adjustments(PaperView):
    """目标调整."""

    paper = Paper.TARGET_TABLE

    @extend_schema(
        operation_id="compare_with_adjusted", responses={200: DifferenceOut(many=True), **ERRORS}
    )
    def get(self, request: Request, public_id: UUID) -> Response:
        """调整前后对照。"""
        self.desk(request, public_id)
        found = desk.version_differences(user_of(request), public_id)
        return Response(DifferenceOut(found, many=True).data)

    @extend_schema(
        operation_id="start_adjustment",
        parameters=[KEY],
        request=AdjustTable,
        responses={201: MadeOut, **ERRORS},
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        """对已批复的目标表办理年中调整：生成新版本，走同样的流程。"""
        made = drafts.start_adjustment(
            actor=user_of(request),
            public_id=public_id,
            origin=origin_of(request),
            **read(AdjustTable, request),
        )
        return _made(made.public_id, made.lock_version)


def versioned(public_id: UUID, version: int, code: int = status.HTTP_200_OK) -> Response:
    """What was made or changed, with its version in the body and as ETag."""
    return Response(
        {"id": str(public_id), "version": version}, status=code, headers={"ETag": etag(version)}
    )


def _made(public_id: UUID, version: int) -> Response:
    return versioned(public_id, version, status.HTTP_201_CREATED)


def _views(paper: Paper, noun: str) -> tuple[type[Content], type[Moves]]:
    """The two views of a kind of paper, each with its own operation ids in the schema."""

    class PaperContent(Content):
        """内容与版本."""

        @extend_schema(operation_id=f"get_{noun}_content", responses={200: DeskOut, **ERRORS})
        def get(self, request: Request, public_id: UUID) -> Response:
            """当前内容、版本（ETag）、摘要、办理记录和现在可以做的动作。"""
            return super().get(request, public_id)

        @extend_schema(
            operation_id=f"save_{noun}_content",
            parameters=[KEY, IF_MATCH],
            request={"application/json": {"type": "object"}},
            responses={200: MadeOut, **ERRORS},
        )
        def put(self, request: Request, public_id: UUID) -> Response:
            """保存全部内容；须带 If-Match。"""
            return super().put(request, public_id)

    class PaperMoves(Moves):
        """办理."""

        @extend_schema(
            operation_id=f"list_{noun}_moves", responses={200: StepOut(many=True), **ERRORS}
        )
        def get(self, request: Request, public_id: UUID) -> Response:
            """办理记录。"""
            return super().get(request, public_id)

        @extend_schema(
            operation_id=f"move_{noun}",
            parameters=[KEY],
            request=MoveIn,
            responses={200: MovedOut, **ERRORS},
        )
        def post(self, request: Request, public_id: UUID) -> Response:
            """办理一步：提交、撤回、审核、批复、退回、确认、公开、办结。"""
            return super().post(request, public_id)

    PaperContent.paper = PaperMoves.paper = paper
    return PaperContent, PaperMoves


TargetTableContent, TargetTableMoves = _views(Paper.TARGET_TABLE, "target_table")
EvaluationContent, EvaluationMoves = _views(Paper.EVALUATION, "evaluation")
MonitoringContent, MonitoringMoves = _views(Paper.MONITORING, "monitoring")


class Waiting(APIView):
    """待办."""

    @extend_schema(
        operation_id="list_waiting", responses={200: PaperRowOut(many=True), 401: out.ProblemOut}
    )
    def get(self, request: Request) -> Response:
        """等您办理的表，最急的在前。"""
        return Response(PaperRowOut(waiting.waiting_for(user_of(request)), many=True).data)


# ── reviews ─────────────────────────────────────────────────────────────────────────────────────


class _ReviewView(PaperView):
    paper = Paper.EVALUATION

    def explain_error(self, error: ServiceError) -> dict[str, Any]:
        """The review as it stands now, beside what was typed."""
        if not isinstance(error, StaleVersion):
            return super().explain_error(error)
        found = desk.desk_of(user_of(self.request), self.paper, self.kwargs["public_id"])
        current = ReviewOut(found.review).data if found and found.review else None
        return {"current_version": error.current, "mine": error.mine, "theirs": current}


class EvaluationReview(_ReviewView):
    """复核."""

    @extend_schema(operation_id="get_review", responses={200: ReviewOut, **ERRORS})
    def get(self, request: Request, public_id: UUID) -> Response:
        """自评、按规则与复核三栏。"""
        found = self.desk(request, public_id).review
        if found is None:
            raise Http404
        return Response(ReviewOut(found).data, headers={"ETag": etag(found.version)})

    @extend_schema(
        operation_id="open_review",
        parameters=[KEY],
        request=OpenReview,
        responses={201: MadeOut, **ERRORS},
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        """开始复核所见的内容。"""
        made = reviews.open_review(
            actor=user_of(request),
            public_id=public_id,
            origin=origin_of(request),
            **read(OpenReview, request),
        )
        return _made(public_id, made.lock_version)


class ReviewedLine(_ReviewView):
    """复核一行."""

    @extend_schema(
        operation_id="adjust_line",
        parameters=[KEY, IF_MATCH],
        request=AdjustLine,
        responses={200: MadeOut, **ERRORS},
    )
    def put(self, request: Request, public_id: UUID, seq: int) -> Response:
        """写下一行的复核得分和理由；0 是预算执行。"""
        made = reviews.adjust(
            actor=user_of(request),
            public_id=public_id,
            version=version_of(request),
            seq=seq,
            origin=origin_of(request),
            **read(AdjustLine, request),
        )
        return versioned(public_id, made.lock_version)


class ReviewOpinion(_ReviewView):
    """复核意见."""

    @extend_schema(
        operation_id="say_opinion",
        parameters=[KEY, IF_MATCH],
        request=Opinion,
        responses={200: MadeOut, **ERRORS},
    )
    def put(self, request: Request, public_id: UUID) -> Response:
        """写下复核意见。"""
        made = reviews.say_opinion(
            actor=user_of(request),
            public_id=public_id,
            version=version_of(request),
            origin=origin_of(request),
            **read(Opinion, request),
        )
        return versioned(public_id, made.lock_version)


# ── evidence and files ──────────────────────────────────────────────────────────────────────────


class EvidenceIn(StrictSerializer):
    """A file for one line."""

    seq = serializers.IntegerField(min_value=1)
    file = serializers.FileField()
    note = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class EvidenceFiles(PaperView):
    """佐证."""

    paper = Paper.EVALUATION
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="add_evidence",
        parameters=[KEY, IF_MATCH],
        request={"multipart/form-data": EvidenceIn},
        responses={201: MadeOut, **ERRORS},
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        """给一行的实际完成值附上佐证文件。"""
        given = read(EvidenceIn, request)
        version = evidence.add_evidence(
            actor=user_of(request),
            public_id=public_id,
            version=version_of(request),
            seq=given["seq"],
            name=given["file"].name,
            data=given["file"].read(evidence.LARGEST + 1),
            note=given["note"],
            origin=origin_of(request),
        )
        return _made(public_id, version)


class SupportingFile(PaperView):
    """一行的一个佐证文件."""

    paper = Paper.EVALUATION

    @extend_schema(
        operation_id="remove_evidence",
        parameters=[KEY, IF_MATCH],
        responses={200: MadeOut, **ERRORS},
    )
    def delete(self, request: Request, public_id: UUID, seq: int, sha256: str) -> Response:
        """从一行撤下佐证文件；sha256 是文件的 SHA-256。文件仍留存，以前提交的内容不变。"""
        version = evidence.remove_evidence(
            actor=user_of(request),
            public_id=public_id,
            version=version_of(request),
            seq=seq,
            sha256=sha256,
            origin=origin_of(request),
        )
        return versioned(public_id, version)


class DocumentFile(APIView):
    """文件原件."""

    @extend_schema(
        operation_id="get_document_file",
        responses={
            (200, "application/octet-stream"): OpenApiResponse(description="文件"),
            404: out.ProblemOut,
        },
    )
    def get(self, request: Request, public_id: UUID) -> FileResponse:
        """下载可见范围内的文件原件。"""
        found = file_of(user_of(request), public_id)
        if found is None:
            raise Http404
        response = attachment(found.path, found.name)
        response["ETag"] = f'"{found.sha256}"'
        return response


# ── beginning, tasks ────────────────────────────────────────────────────────────────────────────


class Monitorings(WritingView):
    """监控表."""

    @extend_schema(
        operation_id="list_monitorings",
        parameters=[_CURSOR],
        responses={200: MonitoringRowOut(many=True), 401: out.ProblemOut},
    )
    def get(self, request: Request) -> Response:
        """可见范围内的监控表和最差的一盏灯，新的在前。"""
        page = waiting.monitoring_list(user_of(request), request.query_params.get("cursor"))
        return Response(
            {"next": page.next_cursor, "results": MonitoringRowOut(page.rows, many=True).data}
        )

    @extend_schema(
        operation_id="start_monitoring",
        parameters=[KEY],
        request=StartPaper,
        responses={201: MadeOut, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        """按任务填报监控表。"""
        made = drafts.start_monitoring(
            actor=user_of(request), origin=origin_of(request), **read(StartPaper, request)
        )
        return _made(made.public_id, made.lock_version)


class Tasks(WritingView):
    """任务."""

    @extend_schema(
        operation_id="list_tasks",
        parameters=[_CURSOR],
        responses={200: TaskPageOut, 401: out.ProblemOut},
    )
    def get(self, request: Request) -> Response:
        """与您有关的任务和进度。"""
        page = task_list(user_of(request), request.query_params.get("cursor"))
        return Response({"next": page.next_cursor, "results": TaskOut(page.rows, many=True).data})

    @extend_schema(
        operation_id="issue_task",
        parameters=[KEY],
        request=IssueTask,
        responses={201: MadeOut, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        """向单位下达任务：哪张表、哪一年、截止时间、规则集。"""
        given = read(IssueTask, request)
        made = tasks.issue_task(
            actor=user_of(request),
            origin=origin_of(request),
            **{**given, "paper": Paper(given["paper"])},
        )
        return _made(made.public_id, made.lock_version)


class TaskDeadline(WritingView):
    """截止时间."""

    @extend_schema(
        operation_id="move_deadline",
        parameters=[KEY, IF_MATCH],
        request=MoveDeadline,
        responses={200: MadeOut, **ERRORS},
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        """改截止时间：须在现在之后，并说明原因；各单位的经办会收到消息。"""
        made = tasks.move_deadline(
            actor=user_of(request),
            public_id=public_id,
            version=version_of(request),
            origin=origin_of(request),
            **read(MoveDeadline, request),
        )
        return Response({"id": str(public_id), "version": made.lock_version})


class ClosedTask(WritingView):
    """结束任务."""

    @extend_schema(
        operation_id="close_task",
        parameters=[KEY, IF_MATCH],
        request=None,
        responses={200: MadeOut, **ERRORS},
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        """结束任务：不再新开表。"""
        made = tasks.close_task(
            actor=user_of(request),
            public_id=public_id,
            version=version_of(request),
            origin=origin_of(request),
        )
        return Response({"id": str(public_id), "version": made.lock_version})
