"""Evidence taken away again: who may and when, what goes and what stays, who may still open the file."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from budgets import audit
from budgets.access import seen_by
from budgets.errors import Conflict, Invalid, NotAllowed, NotFound, StaleVersion
from budgets.models import AuditChange, AuditEvent
from performance.access import documents_visible_to
from performance.models import Actual, Document, Evaluation, Evidence, Snapshot
from performance.services.evidence import add_evidence, remove_evidence
from performance.services.invariants import papers as invariants
from performance.services.moves import Decision, move
from performance.workflow import Paper
from tests.cast import assemble
from tests.contents import actuals
from tests.office import Office

_DATA = "签到".encode()
_SHA256 = hashlib.sha256(_DATA).hexdigest()


@pytest.fixture
def office(db: None, settings: Any, tmp_path: Path) -> Office:
    settings.MEDIA_ROOT = tmp_path / "media"
    return Office(assemble())


@pytest.fixture
def supported(office: Office) -> Evaluation:
    """An evaluation at version 3 whose first line has a file."""
    evaluation = office.evaluation()
    _add(office, evaluation, version=2)
    return Evaluation.unscoped.get(pk=evaluation.pk)


def _add(office: Office, evaluation: Evaluation, **more: Any) -> int:
    given = {"version": 3, "seq": 1, "name": "签到表.txt", "data": _DATA, **more}
    found = office.act(add_evidence, "clerk", public_id=evaluation.public_id, **given)
    return int(found)


def _remove(office: Office, evaluation: Evaluation, name: str = "clerk", **more: Any) -> int:
    given = {"public_id": evaluation.public_id, "version": 3, "seq": 1, "sha256": _SHA256, **more}
    return int(office.act(remove_evidence, name, **given))


def _openable(office: Office, name: str) -> bool:
    with seen_by(office[name].pk):
        return documents_visible_to(office[name]).filter(sha256=_SHA256).exists()


def _named(row: Snapshot) -> list[list[str]]:
    return [line["evidence_files"] for line in json.loads(row.canonical)["actuals"]]


# ── what goes, what stays ───────────────────────────────────────────────────────────────────────


def test_the_claim_goes_and_the_file_stays(
    office: Office, supported: Evaluation, settings: Any
) -> None:
    claim = Evidence.unscoped.get()
    before = set(AuditEvent.objects.values_list("id", flat=True))
    earlier = Snapshot.unscoped.get(paper="evaluation", lock_version=3)
    assert _remove(office, supported) == 4
    supported.refresh_from_db()
    assert supported.lock_version == 4
    assert not Evidence.unscoped.exists()
    kept = Document.unscoped.get(sha256=_SHA256)
    assert (Path(settings.MEDIA_ROOT) / _SHA256[:2] / _SHA256).read_bytes() == _DATA
    assert kept.name == "签到表.txt"
    actual = Actual.unscoped.get(evaluation=supported, indicator=claim.actual.indicator)
    assert actual.text == actuals()["actuals"][0]["actual"]

    event = AuditEvent.objects.exclude(id__in=before).get()
    assert (event.verb, event.object_id) == ("remove_evidence", str(supported.public_id))
    assert event.actor_id == office["clerk"].pk
    said = json.loads(event.canonical)
    assert {"line": 1, "sha256": _SHA256, "version": 3}.items() <= said["detail"].items()
    gone = AuditChange.objects.get(event=event, table_name="performance_evidence")
    assert (gone.operation, gone.row_id) == ("DELETE", claim.pk)

    assert _named(earlier) == [[_SHA256], [], []]
    assert _named(Snapshot.unscoped.get(paper="evaluation", lock_version=4)) == [[], [], []]


def test_one_line_of_two_keeps_it(office: Office, supported: Evaluation) -> None:
    version = _add(office, supported, seq=2)
    version = _add(office, supported, version=version, name="照片.txt", data=b"photo")
    assert _remove(office, supported, version=version) == version + 1
    left = Evidence.unscoped.order_by("id").values_list("actual__text", "document__name")
    texts = [row["actual"] for row in actuals()["actuals"]]
    assert list(left) == [(texts[1], "签到表.txt"), (texts[0], "照片.txt")]
    assert _openable(office, "clerk")


def test_it_may_be_attached_again(office: Office, supported: Evaluation) -> None:
    document = Document.unscoped.get(sha256=_SHA256)
    version = _remove(office, supported)
    assert _add(office, supported, version=version) == version + 1
    assert Evidence.unscoped.get().document == document


def test_what_was_submitted_still_names_it(office: Office, supported: Evaluation) -> None:
    office.move("clerk", Paper.EVALUATION, supported.public_id, "submit")
    submitted = Snapshot.unscoped.get(paper="evaluation", kind="submitted")
    office.move(
        "head",
        Paper.EVALUATION,
        supported.public_id,
        "return_to_clerk",
        reason_code="other",
        reason="签到表是去年的",
    )
    supported.refresh_from_db()
    _remove(office, supported, version=supported.lock_version)
    again = Snapshot.unscoped.get(pk=submitted.pk)
    assert (again.digest, again.canonical) == (submitted.digest, submitted.canonical)
    assert _named(again) == [[_SHA256], [], []]
    office.move("clerk", Paper.EVALUATION, supported.public_id, "submit")
    newest = Snapshot.unscoped.filter(paper="evaluation", kind="submitted").order_by("-id")[0]
    assert _named(newest) == [[], [], []]


def test_nobody_opens_what_supports_nothing(office: Office, supported: Evaluation) -> None:
    office.move("clerk", Paper.EVALUATION, supported.public_id, "submit")
    office.move("clerk", Paper.EVALUATION, supported.public_id, "withdraw")
    people = ("clerk", "head", "reviewer", "finance", "auditor", "foreign_clerk")
    assert [_openable(office, name) for name in people] == [True, True, False, False, True, False]
    supported.refresh_from_db()
    version = _remove(office, supported, version=supported.lock_version)
    assert not any(_openable(office, name) for name in people)
    _add(office, supported, version=version)
    assert _openable(office, "clerk")


# ── who may, and when ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "more", "error"),
    [
        ("foreign_clerk", {}, NotFound),
        ("sister_clerk", {}, NotFound),
        ("reviewer", {}, NotFound),
        ("clerk", {"public_id": uuid4()}, NotFound),
        ("head", {}, NotAllowed),
        ("auditor", {}, NotAllowed),
        ("clerk", {"version": 2}, StaleVersion),
        ("clerk2", {"version": 4}, StaleVersion),
        ("clerk", {"seq": 0}, Invalid),
        ("clerk", {"seq": 4}, Invalid),
        ("clerk", {"seq": 2}, Conflict),
        ("clerk", {"sha256": "0" * 64}, Conflict),
        ("clerk", {"sha256": "a\x00b"}, Conflict),
    ],
)
def test_a_refusal_leaves_everything(
    office: Office, supported: Evaluation, name: str, more: dict[str, Any], error: type[Exception]
) -> None:
    before = AuditEvent.objects.count(), Snapshot.unscoped.count()
    with pytest.raises(error) as refused:
        _remove(office, supported, name, **more)
    assert type(refused.value) is error
    supported.refresh_from_db()
    assert supported.lock_version == 3
    assert Evidence.unscoped.get().document.sha256 == _SHA256
    assert (AuditEvent.objects.count(), Snapshot.unscoped.count()) == before


def test_only_while_it_may_be_written(office: Office, supported: Evaluation) -> None:
    public_id = supported.public_id
    steps = (("clerk", "submit"), ("head", "check"), ("reviewer", "review"))
    for name, verb in steps:
        office.move(name, Paper.EVALUATION, public_id, verb)
        supported.refresh_from_db()
        with pytest.raises(Conflict, match="状态，不能修改"):
            _remove(office, supported, version=supported.lock_version)
        with seen_by(office["clerk"].pk), pytest.raises(IntegrityError, match="佐证不能修改"):
            _deleted_by_sql(office, supported)
    assert Evidence.unscoped.count() == 1


def _deleted_by_sql(office: Office, evaluation: Evaluation) -> None:
    with transaction.atomic():
        audit.record(
            actor=office["clerk"],
            verb="remove_evidence",
            object_type="evaluation",
            object_id=evaluation.public_id,
            department_id=evaluation.department_id,
            detail={},
        )
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM performance_evidence")


def test_whoever_takes_it_away_wrote_in_the_paper(office: Office, supported: Evaluation) -> None:
    """And so does not judge it, whatever other roles are held."""
    _remove(office, supported, "both")
    office.move("clerk", Paper.EVALUATION, supported.public_id, "submit")
    digest = office.digest(Paper.EVALUATION, supported.public_id)
    given = {"public_id": supported.public_id, "verb": "check", "decision": Decision(digest=digest)}
    with pytest.raises(NotAllowed, match="不能审核自己填写或提交的表"):
        office.act(move, "both", paper=Paper.EVALUATION, **given)
    with seen_by(0):
        found = invariants.judges_are_no_contributors()
    assert found.violations == []
