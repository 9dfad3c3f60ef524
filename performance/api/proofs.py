"""Proofreading over HTTP: a computation that stores nothing."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from budgets.api.parsing import StrictJSONParser
from budgets.api.writing import StrictSerializer, read, user_of
from performance.api import serializers as out
from performance.examination.prose.proof import Status
from performance.examination.prose.proof_json import proofs_json
from performance.selectors.proofing import MOST_BYTES, MOST_CHARACTERS, Draft, Given, proofread


class ProofIn(StrictSerializer):
    """A draft and what it is held against; files only as a form."""

    text = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        trim_whitespace=False,
        max_length=MOST_CHARACTERS,
    )
    file = serializers.FileField(required=False, allow_null=True, default=None)
    document = serializers.UUIDField(required=False, allow_null=True, default=None)
    basis = serializers.FileField(required=False, allow_null=True, default=None)
    unit = serializers.UUIDField(required=False, allow_null=True, default=None)
    fiscal_year = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=2000, max_value=2100
    )


class ProofFactOut(serializers.Serializer[Any]):
    """What a figure agrees with, or the nearest that it disagrees with."""

    subject = serializers.CharField()
    what = serializers.CharField()
    value = serializers.CharField()
    unit = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    project = serializers.CharField(allow_null=True)
    at = serializers.CharField()


class ProofFigureOut(serializers.Serializer[Any]):
    """A figure of the draft; ``start`` and ``end`` count characters of the returned text."""

    text = serializers.CharField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    at = serializers.CharField()
    kind = serializers.CharField()
    role = serializers.CharField()
    value = serializers.CharField()
    unit = serializers.CharField()
    subject = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField([status.value for status in Status])
    fact = ProofFactOut(allow_null=True)
    message = serializers.CharField()


class ProofOut(serializers.Serializer[Any]):
    """All figures of a draft in order."""

    bases = serializers.ListField(child=serializers.CharField())
    counts = serializers.DictField(child=serializers.IntegerField())
    text = serializers.CharField()
    figures = ProofFigureOut(many=True)


class Proofs(APIView):
    """数字校对."""

    parser_classes = (StrictJSONParser, MultiPartParser)

    @extend_schema(
        operation_id="proofread",
        request={"application/json": ProofIn, "multipart/form-data": ProofIn},
        responses={
            200: ProofOut,
            400: out.ProblemOut,
            401: out.ProblemOut,
            403: out.ProblemOut,
            404: out.ProblemOut,
        },
    )
    def post(self, request: Request) -> Response:
        """逐个核对文稿中的金额、数量和百分比；只计算，不保存，可以重复请求，不需要 Idempotency-Key。"""
        given = read(ProofIn, request)
        found = proofread(
            user_of(request),
            Draft(**{**given, "file": _file(given["file"]), "basis": _file(given["basis"])}),
        )
        return Response(
            {"bases": list(found.bases), "text": found.text, **proofs_json(found.figures)}
        )


def _file(file: UploadedFile[bytes] | None) -> Given | None:
    return Given(name=file.name or "", data=file.read(MOST_BYTES + 1)) if file else None
