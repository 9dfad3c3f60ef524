"""Lists and details, and beginning what they list: a door to selectors and services, nothing else."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from budgets.api.writing import KEY, WritingView, etag, origin_of, read
from budgets.models import User
from performance.api import procedure
from performance.api import serializers as out
from performance.selectors import pages, reports
from performance.selectors.projects import project_list, project_of
from performance.selectors.shapes import Page
from performance.services import drafts

_CURSOR = OpenApiParameter("cursor", str, description="上一页返回的 next；不给则从最新的开始")
_MISSING = {404: out.ProblemOut, 403: out.ProblemOut}


def _user(request: Request) -> User:
    return cast(User, request.user)


def _page(page: Page, shape: type[Any]) -> Response:
    return Response({"next": page.next_cursor, "results": shape(page.rows, many=True).data})


def _begun(public_id: UUID, version: int) -> Response:
    return Response(
        {"id": str(public_id), "version": version}, status=201, headers={"ETag": etag(version)}
    )


def _paged(shape: type[Any]) -> Any:
    """The schema of a page of rows."""
    return inline_serializer(
        f"{shape.__name__}Page",
        {"next": serializers.CharField(allow_null=True), "results": shape(many=True)},
    )


class Projects(WritingView):
    """项目."""

    @extend_schema(
        operation_id="list_projects",
        parameters=[_CURSOR],
        responses={200: _paged(out.ProjectOut), 403: out.ProblemOut},
    )
    def get(self, request: Request) -> Response:
        """可见范围内的项目，新的在前。"""
        return _page(
            project_list(_user(request), request.query_params.get("cursor")), out.ProjectOut
        )

    @extend_schema(
        operation_id="create_project",
        parameters=[KEY],
        request=procedure.CreateProject,
        responses={201: procedure.MadeOut, **procedure.ERRORS},
    )
    def post(self, request: Request) -> Response:
        """为本单位新建项目。"""
        made = drafts.create_project(
            actor=_user(request),
            origin=origin_of(request),
            **read(procedure.CreateProject, request),
        )
        return Response({"id": str(made.public_id)}, status=201)


class Project(APIView):
    """一个项目."""

    @extend_schema(operation_id="get_project", responses={200: out.ProjectOut, **_MISSING})
    def get(self, request: Request, public_id: UUID) -> Response:
        """项目的基本信息。"""
        project = project_of(_user(request), public_id)
        if project is None:
            raise Http404
        return Response(out.ProjectOut(project).data)


class TargetTables(WritingView):
    """绩效目标表."""

    @extend_schema(
        operation_id="list_target_tables",
        parameters=[_CURSOR],
        responses={200: _paged(out.TargetTableOut), 403: out.ProblemOut},
    )
    def get(self, request: Request) -> Response:
        """可见范围内的绩效目标表。"""
        page = pages.target_table_page_list(_user(request), request.query_params.get("cursor"))
        return _page(page, out.TargetTableOut)

    @extend_schema(
        operation_id="create_target_table",
        parameters=[KEY],
        request=procedure.CreateTargetTable,
        responses={201: procedure.MadeOut, **procedure.ERRORS},
    )
    def post(self, request: Request) -> Response:
        """为项目新建一年的绩效目标表（草稿）。"""
        made = drafts.create_target_table(
            actor=_user(request),
            origin=origin_of(request),
            **read(procedure.CreateTargetTable, request),
        )
        return _begun(made.public_id, made.lock_version)


class TargetTable(APIView):
    """一张绩效目标表."""

    @extend_schema(
        operation_id="get_target_table", responses={200: out.TargetTableDetail, **_MISSING}
    )
    def get(self, request: Request, public_id: UUID) -> Response:
        """目标、资金与每个指标：原文和读出的值。"""
        page = pages.target_table_page(_user(request), public_id)
        if page is None:
            raise Http404
        return Response(out.target_table_detail(page))


class Evaluations(WritingView):
    """自评表."""

    @extend_schema(
        operation_id="list_evaluations",
        parameters=[_CURSOR],
        responses={200: _paged(out.EvaluationOut), 403: out.ProblemOut},
    )
    def get(self, request: Request) -> Response:
        """可见范围内的自评表：自评与按规则得分并排。"""
        page = pages.evaluation_page_list(_user(request), request.query_params.get("cursor"))
        return _page(page, out.EvaluationOut)

    @extend_schema(
        operation_id="start_evaluation",
        parameters=[KEY],
        request=procedure.StartPaper,
        responses={201: procedure.MadeOut, **procedure.ERRORS},
    )
    def post(self, request: Request) -> Response:
        """按任务填报绩效自评表。"""
        made = drafts.start_evaluation(
            actor=_user(request), origin=origin_of(request), **read(procedure.StartPaper, request)
        )
        return _begun(made.public_id, made.lock_version)


class Evaluation(APIView):
    """一张自评表."""

    @extend_schema(operation_id="get_evaluation", responses={200: out.EvaluationDetail, **_MISSING})
    def get(self, request: Request, public_id: UUID) -> Response:
        """每一行的得分、理由、公式和出处。"""
        page = pages.evaluation_page(_user(request), public_id)
        if page is None:
            raise Http404
        return Response(out.evaluation_detail(page))


class AnnualReport(APIView):
    """年度报告的数字."""

    is_report = True

    @extend_schema(
        operation_id="get_annual_report", responses={200: out.AnnualReportOut, **_MISSING}
    )
    def get(self, request: Request, year: int, unit: UUID) -> Response:
        """计数、合计、执行率、等级分布，每个项目的得分与未达标指标。"""
        report = reports.annual_report(_user(request), year, unit)
        if report is None:
            raise Http404
        return Response(out.AnnualReportOut(report).data)
