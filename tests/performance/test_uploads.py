"""Files that clerks bring: kept whatever is in them, taken over only when agreed, each table once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from budgets.access import seen_by_system
from budgets.errors import Conflict, Invalid, NotFound
from budgets.models import AuditEvent, ContactPerson, Funding, Project
from performance.documents import read
from performance.models import Actual, Evaluation, Indicator, TakenTable, TargetTable, Upload
from performance.reports.readings import laid_out
from performance.selectors.uploads import MOST_READ
from performance.services import uploads
from performance.services.uploads import Choice, Received
from performance.workflow import Paper
from tests.cast import assemble
from tests.office import Office
from tests.web.pages import Person
from tests.worlds import HUBEI, SHANXI

OWN_FORM = """绩效自评表（2024年度）

项目名称\t自评项目

一级指标\t二级指标\t三级指标\t分值\t年度指标值\t实际完成值\t得分
产出指标\t数量指标\t培训人次\t40\t≥100人次\t90人次\t36
效益指标\t社会效益指标\t知 晓 率\t40\t≥90%\t93%\t40
满意度指标\t服务对象满意度指标\t群众评价\t10\t≥95%\t96%\t10
"""


@pytest.fixture
def office(db: None, settings: Any, tmp_path: Path) -> Office:
    settings.MEDIA_ROOT = tmp_path / "media"
    return Office(assemble())


def _received(office: Office, data: bytes, name: str = "表.txt", by: str = "clerk") -> Received:
    found: Received = office.act(
        uploads.receive_upload, by, unit=office.cast.unit.public_id, name=name, data=data
    )
    return found


def _taken(office: Office, upload: Upload, *choices: Choice, by: str = "clerk") -> Any:
    return office.act(
        uploads.take_over_upload, by, public_id=upload.public_id, choices=list(choices)
    )


def _choice(seq: int, name: str = "", paper: Paper = Paper.TARGET_TABLE, **more: Any) -> Choice:
    return Choice(seq=seq, paper=paper, **{"fiscal_year": 2023, "name": name, **more})


def test_problems_stand_in_the_row_they_are_about() -> None:
    document = read(SHANXI.read_bytes(), SHANXI.name)
    tables, outside = laid_out(document)
    placed = [
        (row, column, problem)
        for table in tables
        for row in table.rows
        for column, said in row.problems.items()
        for problem in said
    ]
    assert len(placed) + sum(len(t.problems) for t in tables) + len(outside) == len(
        document.problems
    )
    assert len(placed) >= 15
    for row, column, problem in placed:
        assert problem.at == row.indicator.at or f"指标“{row.indicator.name}”" in problem.message
        assert column == (problem.field or "name")
    assert {column for _, column, _ in placed} >= {"name", "target", "level2"}


def test_an_upload_is_kept_and_nothing_is_made_of_it(office: Office) -> None:
    before = TargetTable.unscoped.count(), Evaluation.unscoped.count()
    kept = _received(office, SHANXI.read_bytes())
    again = _received(office, SHANXI.read_bytes(), "另一个名字.txt", by="clerk2")
    assert (kept.again, again.again) == (False, True)
    assert again.upload.pk == kept.upload.pk
    assert (kept.upload.table_count, kept.upload.refusal) == (9, "")
    assert (TargetTable.unscoped.count(), Evaluation.unscoped.count()) == before
    assert AuditEvent.objects.filter(verb="receive_upload").count() == 1


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("表.docx", b"PK\x03\x04 no document at all", "不支持这种文件"),
        ("表.docx", "不是 Word".encode(), "内容不是 docx"),
        ("表.txt", "一段没有表的文字".encode(), "没有找到绩效目标表或自评表"),
        ("表.txt", b"\x00\x01\x02", "认不出文本的编码"),
        ("大.txt", SHANXI.read_bytes() * (MOST_READ // 20000), "页面上读不了"),
        ("大.docx", b"PK\x03\x04" + b"x" * MOST_READ, "不支持这种文件"),
    ],
)
def test_what_cannot_be_read_is_kept_too(
    office: Office, tmp_path: Path, name: str, data: bytes, words: str
) -> None:
    upload = _received(office, data, name).upload
    assert words in upload.refusal
    assert upload.table_count == 0
    kept = tmp_path / "media" / upload.sha256[:2] / upload.sha256
    assert kept.read_bytes() == data
    with pytest.raises(Conflict, match="读不出表"):
        _taken(office, upload, _choice(1, "项目"))


def test_what_is_no_document_is_refused(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "LARGEST", 100)
    for name, data in (("x.exe", b"MZ"), ("空.txt", b""), ("大.txt", b"x" * 101)):
        with pytest.raises(Invalid):
            _received(office, data, name)
    for by in ("head", "finance", "foreign_clerk", "sister_clerk"):
        with pytest.raises(NotFound):
            _received(office, b"x", by=by)
    assert not Upload.unscoped.exists()


def test_agreed_tables_become_drafts_as_if_typed(office: Office) -> None:
    upload = _received(office, SHANXI.read_bytes()).upload
    first, second = _taken(office, upload, _choice(1, "新的一个项目"), _choice(3, "又一个项目"))
    table = TargetTable.unscoped.get(public_id=first.public_id)
    assert (table.status, table.document_id, table.lock_version) == ("draft", None, 1)
    read_table = read(SHANXI.read_bytes(), SHANXI.name).tables[0]
    rows = list(Indicator.unscoped.filter(table=table).order_by("seq"))
    assert [row.name for row in rows] == [one.name for one in read_table.indicators]
    assert [row.text for row in rows] == [
        one.target.text if one.target else "" for one in read_table.indicators
    ]
    assert Funding.unscoped.get(project=table.project, source="total").initial == 6670104
    assert not ContactPerson.unscoped.exists()
    assert second.project == "又一个项目"
    event = AuditEvent.objects.get(verb="take_over_upload")
    assert event.actor == office["clerk"]
    # the draft goes its way like any other: hidden from those above, saved and submitted by hand
    assert Person(office["finance"]).open(f"/papers/target-tables/{first.public_id}/", 404)
    assert Person(office["clerk"]).open(f"/papers/target-tables/{first.public_id}/")


def test_twice_does_not_make_two(office: Office) -> None:
    upload = _received(office, SHANXI.read_bytes()).upload
    _taken(office, upload, _choice(1, "项目甲"))
    before = TargetTable.unscoped.count(), Project.unscoped.count()
    with pytest.raises(Conflict, match="第 1 张表已经接收过"):
        _taken(office, upload, _choice(1, "项目乙"), by="clerk2")
    with pytest.raises(Conflict, match="本单位已有项目"):
        _taken(office, upload, _choice(2, "项目丙"), _choice(3, "项目甲"))
    project = Project.unscoped.get(name="项目甲").public_id
    with pytest.raises(Conflict, match="2023 年度已有绩效目标表"):
        _taken(office, upload, _choice(2, project=project))
    assert (TargetTable.unscoped.count(), Project.unscoped.count()) == before
    assert TakenTable.unscoped.count() == 1
    event = {"upload_id": upload.pk, "seq": 1, "unit_id": upload.unit_id}
    with seen_by_system(), pytest.raises(DatabaseError), transaction.atomic():
        TakenTable.unscoped.create(
            **event,
            department_id=upload.department_id,
            taken_by=office["clerk"],
            target_table=TargetTable.unscoped.first(),
        )


def test_what_is_chosen_wrongly_is_named_and_makes_nothing(office: Office) -> None:
    upload = _received(office, SHANXI.read_bytes()).upload
    foreign = office.cast.projects["foreign"].public_id
    for choices, where in (
        ([], "choices"),
        ([_choice(99, "x")], "99.as"),
        ([_choice(1, "x"), _choice(1, "y")], "1.as"),
        ([_choice(1, "x", Paper.EVALUATION)], "1.as"),
        ([_choice(1, "x", fiscal_year=1990)], "1.year"),
        ([_choice(1, " ")], "1.name"),
        ([_choice(1, project=foreign)], "1.project"),
    ):
        with pytest.raises(Invalid) as refused:
            _taken(office, upload, *choices)
        assert where in refused.value.fields
    for by in ("head", "reviewer", "finance", "foreign_clerk", "auditor"):
        with pytest.raises(NotFound):
            _taken(office, upload, _choice(1, "x"), by=by)
    assert not TakenTable.unscoped.exists()
    assert not AuditEvent.objects.filter(verb="take_over_upload").exists()


def test_a_self_evaluation_is_measured_against_the_approved_targets(office: Office) -> None:
    road = office.cast.projects["road"].public_id
    upload = _received(office, OWN_FORM.encode()).upload
    assert upload.table_count == 1
    chosen = _choice(1, paper=Paper.EVALUATION, project=road, fiscal_year=2024)
    with pytest.raises(Conflict, match="还没有 2024 年度的自评任务"):
        _taken(office, upload, chosen)
    task = office.task(Paper.EVALUATION)
    with pytest.raises(Conflict, match="还没有批复的绩效目标表"):
        _taken(office, upload, chosen)
    office.approved()
    (made,) = _taken(office, upload, chosen)
    evaluation = Evaluation.unscoped.get(public_id=made.public_id)
    assert (evaluation.status, evaluation.task_id) == ("draft", task.pk)
    rows = Actual.unscoped.filter(evaluation=evaluation).order_by("indicator__seq")
    assert [(row.text, row.claimed) for row in rows] == [("90人次", 36), ("93%", 40), ("", None)]
    assert made.strange == ("群众评价",)
    with pytest.raises(Conflict, match="已经接收过"):
        _taken(office, upload, chosen)


def test_the_targets_of_a_self_evaluation_may_be_taken_alone(office: Office) -> None:
    upload = _received(office, HUBEI.read_bytes()).upload
    (made,) = _taken(office, upload, _choice(1, "项目", fiscal_year=2022))
    assert TargetTable.unscoped.get(public_id=made.public_id).from_evaluation is False
    assert not Evaluation.unscoped.exists()


# ── the pages ───────────────────────────────────────────────────────────────────────────────────


def _file(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_the_pages_keep_show_and_take_over(
    office: Office, django_assert_max_num_queries: Any
) -> None:
    clerk = Person(office["clerk"]).open("/imports/")
    assert "还没有上传过文件" in clerk.text
    form = clerk.form()
    files = [
        _file("目标表.txt", SHANXI.read_bytes()),
        _file("坏.docx", b"PK\x03\x04"),
        _file("x.exe", b"MZ"),
    ]
    clerk.send({**form, "file": files})
    for words in (
        "x.exe：不收这种文件",
        "“坏.docx”已收下，但读不出表",
        "“目标表.txt”已收下，读出 9 张表",
    ):
        assert words in clerk.text
    assert Upload.unscoped.count() == 2
    clerk.send({**clerk.form(), "file": [_file("y.exe", b"MZ")]}, 400)
    assert "y.exe：不收这种文件" in clerk.text
    clerk.send(clerk.form(), 400)
    bad = Upload.unscoped.get(name="坏.docx")
    assert "文件已经收下，但读不出表" in clerk.open(f"/imports/{bad.public_id}/").text
    good = Upload.unscoped.get(name="目标表.txt")
    address = f"/imports/{good.public_id}/"
    clerk.open(address)
    assert "左右两半（实施期与年度）的二级指标不一致" in clerk.text
    assert "资金（万元）：资金总额 667.0104" in clerk.text
    with django_assert_max_num_queries(16):
        clerk.client.get(address)
    with django_assert_max_num_queries(14):
        clerk.client.get("/imports/")
    body = b"".join(clerk.client.get(f"{address}file/").streaming_content)
    assert body == SHANXI.read_bytes()
    for name in ("head", "finance", "foreign_clerk"):
        for path in (address, f"{address}file/"):
            assert Person(office[name]).open(path, 404)
    fields = clerk.form()
    clerk.send({**fields, "take.1": "on", "year.1": "明年"}, 400)
    assert "请填写四位数的年度" in clerk.text
    assert clerk.value("year.1") == "明年"
    clerk.send({**clerk.form(), "take.1": "on", "year.1": "2023", "name.1": ""}, 400)
    assert "请填写项目名称" in clerk.text
    clerk.send(clerk.form() | {"take.1": "on", "year.1": "2023", "name.1": "文件里的项目"})
    assert clerk.address.startswith("/papers/target-tables/")
    assert "已接收为草稿：“文件里的项目”" in clerk.text
    again = clerk.open(address)
    assert "不会再做一份" in again.text
    again.send(
        {
            **again.form(),
            "take.1": "on",
            "as.1": "target_table",
            "project.1": "new",
            "year.1": "2023",
            "name.1": "二",
        },
        409,
    )
    assert "已经接收过" in again.text
    assert TargetTable.unscoped.count() == 1
    assert "已接收 1 / 9" in clerk.open("/imports/").text
