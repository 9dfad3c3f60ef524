"""Evidence up to 20 MB by the API and by the page, told again by its key; each unit its own row."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from budgets.models import Member, Role, User
from performance.models import Document, Evidence
from performance.services.evidence import LARGEST
from tests.contents import actuals
from tests.filled import EVALUATIONS, PDF, Filled, Hands, attach, fill, ok

MB = 1024 * 1024
SIZES = (5 * MB - 1, 5 * MB, 5 * MB + 1, 12 * MB, LARGEST)


@pytest.fixture
def filled(scene: Any) -> Filled:
    return scene(fill)  # type: ignore[no-any-return]


def _draft(filled: Filled, who: str = "clerk", unit: str = "unit", project: str = "clinic") -> str:
    """An evaluation in the hands of a unit's clerk."""
    cast = filled.cast
    place, subject = getattr(cast, unit), str(cast.projects[project].public_id)
    head = f"{unit}_head"
    cast.people[head] = User.objects.create_user(head, None, display_name=head)
    Member.objects.create(
        user=cast[head], role=Role.UNIT_HEAD, department=place.department, unit=place
    )
    people = {"clerk": who, "head": head, "reviewer": "reviewer", "finance": "finance2"}
    hands = Hands(filled, **people, unit=str(place.public_id))
    table = filled.ids["draft"] if project == "clinic" else hands.drafted(subject)
    hands.handed_on("target-tables", table, "submit", "check", "review", "approve")
    return hands.begun(EVALUATIONS, subject, hands.task("evaluation", f"{project}自评"), actuals())


def _data(size: int, mark: bytes = b"") -> bytes:
    return (PDF + mark).ljust(size, b"0")


def _sent(api: Any, public_id: str, data: bytes, version: int, key: str) -> Any:
    form = {"seq": 1, "file": SimpleUploadedFile("大.pdf", data), "note": "附件"}
    headers = {"Idempotency-Key": key, "If-Match": f'"{version}"'}
    return api.client.post(f"{api.base}{EVALUATIONS}/{public_id}/evidence/", form, headers=headers)


def test_large_files_by_the_api(filled: Filled) -> None:
    api, public_id = filled.api("clerk"), _draft(filled)
    version = ok(api.content(EVALUATIONS, public_id)).version
    for size in SIZES:
        reply = ok(attach(api, public_id, 1, _data(size, str(size).encode()), version), 201)
        version = reply.body["version"]
    refused = attach(api, public_id, 1, _data(LARGEST + 1), version)
    assert (refused.status, refused.body["errors"]) == (400, {"file": "文件太大：最多 20 MB"})
    kept = Document.unscoped.filter(size__in=SIZES)
    assert kept.count() == len(SIZES)
    sent = api.client.get(f"/api/v1/documents/{kept.get(size=LARGEST).public_id}/file/")
    assert b"".join(sent.streaming_content) == _data(LARGEST, str(LARGEST).encode())


def test_the_key_tells_a_large_file_again_and_another_file_apart(filled: Filled) -> None:
    api, public_id = filled.api("clerk"), _draft(filled)
    version, key = ok(api.content(EVALUATIONS, public_id)).version, uuid.uuid4().hex
    first = _sent(api, public_id, _data(6 * MB), version, key)
    again = _sent(api, public_id, _data(6 * MB), version, key)
    other = _sent(api, public_id, _data(6 * MB, b"!"), version, key)
    assert [first.status_code, again.status_code, other.status_code] == [201, 201, 422]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.content == first.content
    assert Document.unscoped.filter(size=6 * MB).count() == 1


def test_large_files_by_the_page(filled: Filled) -> None:
    api, public_id = filled.api("clerk"), _draft(filled)
    version = ok(api.content(EVALUATIONS, public_id)).version
    path = f"/papers/evaluations/{public_id}/"
    form = {"act": "evidence", "seq": "1", "version": str(version), "form_key": "large-file-1"}
    sent = api.client.post(path, {**form, "file": SimpleUploadedFile("大.pdf", _data(LARGEST))})
    assert sent.status_code == 302, sent.content.decode()[-2000:]
    assert Document.unscoped.filter(size=LARGEST).count() == 1
    form |= {"version": str(version + 1), "form_key": "large-file-2"}
    file = SimpleUploadedFile("大.pdf", _data(LARGEST + 1))
    refused = api.client.post(path, {**form, "file": file})
    assert refused.status_code == 400
    assert "文件太大：最多 20 MB" in refused.content.decode()


def test_the_same_bytes_are_each_units_own_document(filled: Filled) -> None:
    mine, theirs = _draft(filled), _draft(filled, "sister_clerk", "sister", "sister")
    said = []
    for who, public_id in (("clerk", mine), ("sister_clerk", theirs)):
        api = filled.api(who)
        version = ok(api.content(EVALUATIONS, public_id)).version
        said.append(ok(attach(api, public_id, 1, _data(100, b"same"), version), 201))
    rows = list(Document.unscoped.filter(size=100).order_by("id"))
    assert [row.unit_id for row in rows] == [filled.cast.unit.pk, filled.cast.sister.pk]
    assert rows[0].sha256 == rows[1].sha256
    for row, owner, stranger in zip(
        rows, ("clerk", "sister_clerk"), ("sister_clerk", "clerk"), strict=True
    ):
        path = f"documents/{row.public_id}/file/"
        assert filled.api(owner).get(path).status == 200
        assert filled.api(stranger).get(path).status == 404
        assert Evidence.unscoped.get(document=row).unit_id == row.unit_id
    again = ok(filled.api("clerk").content(EVALUATIONS, mine)).version
    assert attach(filled.api("clerk"), mine, 1, _data(100, b"same"), again).status == 409
    assert attach(filled.api("clerk"), mine, 2, _data(100, b"same"), again).status == 201
    assert Document.unscoped.filter(size=100).count() == 2
