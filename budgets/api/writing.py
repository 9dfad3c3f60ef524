"""What every write of the API has in common: a key for one effect, a version to begin from."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, cast

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from budgets.audit import Origin
from budgets.errors import Invalid, InvalidInput, Missing
from budgets.models import User
from budgets.services import idempotency
from budgets.services.digests import sha256_of

KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="每次写入一个新的键；网络中断后用同一个键重试，只会生效一次",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description='读取时得到的 ETag，例如 "3"；内容已被别人修改时返回 409 和三栏对照',
)
_SAFE = {"GET", "HEAD", "OPTIONS"}
_ETAG = re.compile(r'(?:W/)?"(\d{1,9})"')


class _Replayed(Exception):
    def __init__(self, answer: idempotency.Answer) -> None:
        super().__init__()
        self.answer = answer


class WritingView(APIView):
    """A view whose unsafe methods take an Idempotency-Key, whatever they do."""

    _key: str | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """After sign-in and rights: takes the key, or answers as the first time."""
        # A file is not read into memory to know it again: it is told by its digest, once parsed.
        whole = request.method in _SAFE or MultiPartParser in self.parser_classes
        body = b"" if whole else request._request.body
        super().initial(request, *args, **kwargs)
        if request.method in _SAFE or not hasattr(self, (request.method or "").lower()):
            return  # a method that is not there is refused as such, key or no key
        key = request.headers.get("Idempotency-Key")
        if not key:
            raise Missing("缺少 Idempotency-Key：每次写入请带一个新的键")
        fingerprint = hashlib.sha256(
            b"\n".join(
                [
                    (request.method or "").encode(),
                    request.get_full_path().encode(),
                    request.headers.get("If-Match", "").encode(),
                    _form_told(request) if MultiPartParser in self.parser_classes else body,
                ]
            )
        ).hexdigest()
        answer = idempotency.claim(user_of(request), key, fingerprint)
        if answer is not None:
            raise _Replayed(answer)
        self._key = key

    def handle_exception(self, exc: Exception) -> Response:
        """A replay is an answer, everything else an error."""
        if isinstance(exc, _Replayed):
            response = Response(
                json.loads(exc.answer.body) if exc.answer.body else None,
                status=exc.answer.status,
            )
            response["Idempotency-Replayed"] = "true"
            if exc.answer.etag:
                response["ETag"] = exc.answer.etag
            return response
        self._key = None
        return super().handle_exception(exc)

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """Keeps the answer to a write that went well."""
        final = super().finalize_response(request, response, *args, **kwargs)
        if self._key is not None:
            body = JSONRenderer().render(final.data).decode() if final.data is not None else ""
            idempotency.keep(
                user_of(request),
                self._key,
                idempotency.Answer(
                    status=final.status_code, body=body, etag=final.headers.get("ETag", "")
                ),
            )
        return final


def _form_told(request: Request) -> bytes:
    """The fields of a form and the digests of its files, however large they are."""
    request.data  # noqa: B018 - parsed here: large files go to the disk, not into memory
    fields = sorted(request.POST.lists())
    files = [
        (name, [(file.name, sha256_of(file)) for file in given])
        for name, given in sorted(request.FILES.lists())
    ]
    return json.dumps([fields, files], ensure_ascii=False).encode("utf-8", "surrogatepass")


class StrictSerializer(serializers.Serializer[Any]):
    """Input with known fields only: a misspelt or forbidden one is an error, not ignored."""

    def to_internal_value(self, data: Any) -> Any:
        """The values, after unknown fields were refused."""
        if isinstance(data, dict):
            unknown = set(data) - set(self.fields)
            if unknown:
                raise serializers.ValidationError(
                    {name: ["没有这个字段"] for name in sorted(unknown)}
                )
        return super().to_internal_value(data)


def user_of(request: Request) -> User:
    """The signed-in account."""
    return cast(User, request.user)


def origin_of(request: Request) -> Origin:
    """Where a request came from, for the trail."""
    return Origin(ip=request.META.get("REMOTE_ADDR") or None)


def content_of(request: Request) -> dict[str, Any]:
    """What was sent, an object; its parts are the service's to check. Raises Invalid for a list."""
    if not isinstance(request.data, dict):
        raise Invalid({"正文": "应为一个对象"})
    return request.data


def version_of(request: Request) -> int:
    """The version of If-Match. Raises Missing without one, InvalidInput for another text."""
    given = request.headers.get("If-Match")
    if given is None:
        raise Missing("缺少 If-Match：请带上读取时得到的 ETag")
    found = _ETAG.fullmatch(given.strip())
    if found is None:
        raise InvalidInput('If-Match 应为读取时得到的 ETag，例如 "3"')
    return int(found.group(1))


def etag(version: int) -> str:
    """The ETag of a version."""
    return f'"{version}"'


def read(serializer: type[StrictSerializer], request: Request) -> dict[str, Any]:
    """The validated input."""
    checked = serializer(data=request.data)
    checked.is_valid(raise_exception=True)
    return dict(checked.validated_data)
