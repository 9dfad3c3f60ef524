"""A wrong file taken off its line again by the API."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from budgets.models import AuditEvent
from performance.models import Evaluation, Evidence
from tests.cast import Cast
from tests.contents import actuals
from tests.web.scenes import drafted, filled, handed_on, issued

_DATA = "九十人".encode()
_SHA256 = hashlib.sha256(_DATA).hexdigest()


def _supported(at: Any, cast: Cast) -> Any:
    """The clerk at a self-evaluation whose first line has a file."""
    handed_on(at, drafted(cast))
    clerk = at("clerk").open(issued(at, cast, "evaluation"))
    clerk.press("start", project=str(cast.projects["road"].public_id))
    clerk.press("save", **{k.replace(".", "__"): v for k, v in filled(actuals()).items()})
    file = SimpleUploadedFile("签到表.txt", _DATA)
    return clerk.send({**clerk.fields("evidence"), "seq": "1", "file": file})


def _sent(person: Any, version: int | None, sha256: str = _SHA256, **more: Any) -> Any:
    headers = {"Idempotency-Key": more.pop("key", uuid.uuid4().hex)}
    if version is not None:
        headers["If-Match"] = f'"{version}"'
    public_id = Evaluation.unscoped.get().public_id
    address = f"/api/v1/evaluations/{public_id}/evidence/{more.pop('seq', 1)}/{sha256}/"
    return person.client.delete(address, headers=headers)


def test_by_the_api_with_version_and_key(at: Any, cast: Cast) -> None:
    clerk = _supported(at, cast)
    version, key = Evaluation.unscoped.get().lock_version, uuid.uuid4().hex
    assert _sent(clerk, None).status_code == 428
    stale = _sent(clerk, version - 1)
    assert (stale.status_code, stale.json()["current_version"]) == (409, version)
    assert _sent(clerk, version, seq=9).json()["errors"] == {"seq": "没有这一行"}
    for sha256 in ("0" * 64, _SHA256.upper(), "签到表"):
        assert _sent(clerk, version, sha256).json()["detail"] == "这一行没有这个文件"
    assert _sent(at("head"), version).status_code == 403
    assert _sent(at("foreign_clerk"), version).status_code == 404
    assert Evidence.unscoped.count() == 1
    done, again = (_sent(clerk, version, key=key) for _ in range(2))
    assert (done.status_code, again.status_code) == (200, 200)
    assert done.headers["ETag"] == f'"{version + 1}"'
    assert (done.json()["version"], again.content) == (version + 1, done.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert not Evidence.unscoped.exists()
    assert AuditEvent.objects.filter(verb="remove_evidence").count() == 1
    assert _sent(clerk, version + 1).status_code == 409


def test_the_schema_tells_of_it(at: Any, cast: Cast) -> None:
    schema = at("clerk").client.get("/api/v1/schema/?format=json").json()
    path = "/api/v1/evaluations/{public_id}/evidence/{seq}/{sha256}/"
    told = schema["paths"][path]["delete"]
    assert told["operationId"] == "remove_evidence"
    named = {one["name"]: one for one in told["parameters"]}
    assert set(named) == {"Idempotency-Key", "If-Match", "public_id", "seq", "sha256"}
    assert "SHA-256" in told["description"]
