"""Regions, offices, departments and units over HTTP, by session only."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from budgets.api.people import ERRORS
from budgets.api.writing import KEY, StrictSerializer, WritingView, origin_of, read, user_of
from budgets.services import places


class RegionIn(StrictSerializer):
    """A region."""

    code = serializers.CharField(max_length=9)
    name = serializers.CharField(max_length=60)
    parent = serializers.CharField(  # type: ignore[assignment]
        max_length=9, required=False, allow_blank=True
    )


class OfficeIn(StrictSerializer):
    """A business office."""

    region = serializers.CharField(max_length=9)
    name = serializers.CharField(max_length=60)


class DepartmentIn(StrictSerializer):
    """A department in charge."""

    region = serializers.CharField(max_length=9)
    name = serializers.CharField(max_length=120)
    code = serializers.CharField(max_length=21, required=False, allow_blank=True)
    office = serializers.UUIDField(required=False, allow_null=True)


class UnitIn(StrictSerializer):
    """A budget unit."""

    department = serializers.UUIDField()
    name = serializers.CharField(max_length=120)
    code = serializers.CharField(max_length=21, required=False, allow_blank=True)
    parent = serializers.UUIDField(  # type: ignore[assignment]
        required=False, allow_null=True
    )


_PLACE = inline_serializer("Place", {"id": serializers.CharField()})


class Regions(WritingView):
    """地区."""

    by_session_only = True

    @extend_schema(
        operation_id="create_region",
        parameters=[KEY],
        request=RegionIn,
        responses={201: _PLACE, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        """新增地区；只给系统管理员。"""
        made = places.create_region(
            actor=user_of(request), origin=origin_of(request), **read(RegionIn, request)
        )
        return Response({"id": made.code}, status=201)


class Offices(WritingView):
    """业务股室."""

    by_session_only = True

    @extend_schema(
        operation_id="create_office",
        parameters=[KEY],
        request=OfficeIn,
        responses={201: _PLACE, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        """新增业务股室；只给系统管理员。"""
        made = places.create_office(
            actor=user_of(request), origin=origin_of(request), **read(OfficeIn, request)
        )
        return Response({"id": str(made.public_id)}, status=201)


class Departments(WritingView):
    """主管部门."""

    by_session_only = True

    @extend_schema(
        operation_id="create_department",
        parameters=[KEY],
        request=DepartmentIn,
        responses={201: _PLACE, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        """新增主管部门；只给系统管理员。"""
        made = places.create_department(
            actor=user_of(request), origin=origin_of(request), **read(DepartmentIn, request)
        )
        return Response({"id": str(made.public_id)}, status=201)


class Units(WritingView):
    """预算单位."""

    by_session_only = True

    @extend_schema(
        operation_id="create_unit",
        parameters=[KEY],
        request=UnitIn,
        responses={201: _PLACE, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        """新增预算单位；只给系统管理员。"""
        made = places.create_unit(
            actor=user_of(request), origin=origin_of(request), **read(UnitIn, request)
        )
        return Response({"id": str(made.public_id)}, status=201)
