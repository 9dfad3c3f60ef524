"""Exports: made in the background with their account's eyes, inert, taken away by nobody else."""

from __future__ import annotations

import csv
import io
import os
import time
import zipfile
from datetime import timedelta
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from budgets.access import told
from budgets.models import AuditEvent, Job, JobFile, Member, Project, Role
from budgets.services import work
from performance.reports.sheets import csv_file, defused, xlsx_file
from performance.selectors.exports import path_of
from performance.services.exports import remove_expired
from tests.cast import Cast, assemble
from tests.talk import Api, ClientApi, Reply


@pytest.fixture
def cast(db: None, settings: Any, tmp_path: Any) -> Cast:
    settings.MEDIA_ROOT, settings.EXPORT_ROOT = tmp_path / "media", tmp_path / "exports"
    return assemble()


def _promised(api: Api, **wish: Any) -> str:
    reply = api.post("exports/", {"list": "projects", "format": "csv", **wish})
    assert reply.status == 202, reply.body
    promised: str = reply.body["id"]
    return promised


def _made(api: Api, **wish: Any) -> Reply:
    promised = _promised(api, **wish)
    told(0)
    assert work.work_off() == ["done"]
    assert api.get(f"exports/{promised}/").body["state"] == "ready"
    return api.get(f"exports/{promised}/file/")


def _rows(reply: Reply) -> list[list[str]]:
    return list(csv.reader(io.StringIO(reply.raw.decode("utf-8-sig"))))


def test_an_export_holds_what_its_account_sees(cast: Cast) -> None:
    seen = {
        name: {row[3] for row in _rows(_made(ClientApi(cast[name])))[1:]}
        for name in ("clerk", "reviewer", "finance", "elsewhere", "foreign_clerk", "system")
    }
    assert seen == {
        "clerk": {"road项目", "clinic项目"},
        "reviewer": {"road项目", "clinic项目", "sister项目"},
        "finance": {"road项目", "clinic项目", "sister项目", "foreign项目"},
        "elsewhere": {"foreign项目"},
        "foreign_clerk": {"foreign项目"},
        "system": set(),
    }


def test_the_file_comes_as_an_attachment_nobody_keeps(cast: Cast) -> None:
    reply = _made(ClientApi(cast["clerk"]), format="xlsx")
    assert reply.raw.startswith(b"PK")
    assert reply.headers["Content-Disposition"].startswith("attachment;")
    assert reply.headers["Cache-Control"] == "private, no-store"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"


def test_the_same_content_gives_the_same_bytes(cast: Cast) -> None:
    api = ClientApi(cast["finance"])
    for wish in ({"format": "csv"}, {"format": "xlsx"}, {"list": "evaluations", "format": "xlsx"}):
        first = _made(api, **wish).raw
        time.sleep(1.1)
        assert _made(api, **wish).raw == first


def test_only_the_owner_takes_the_file_away(cast: Cast) -> None:
    api = ClientApi(cast["clerk"])
    promised = _promised(api)
    assert api.get(f"exports/{promised}/").body["state"] == "waiting"
    assert api.get(f"exports/{promised}/file/").status == 404
    told(0)
    work.work_off()
    for name in ("clerk2", "finance", "system", "auditor"):
        other = ClientApi(cast[name])
        assert other.get(f"exports/{promised}/").status == 404
        assert other.get(f"exports/{promised}/file/").status == 404
        assert other.get("exports/").body["results"] == []
    assert [row["id"] for row in api.get("exports/").body["results"]] == [promised]


def test_a_file_made_with_other_rights_is_not_given_out(cast: Cast) -> None:
    api = ClientApi(cast["clerk"])
    promised = _promised(api)
    told(0)
    work.work_off()
    Member.objects.create(user=cast["clerk"], role=Role.CLERK, department=cast.department, unit=cast.sister)  # fmt: skip
    assert api.get(f"exports/{promised}/file/").status == 404
    found = api.get(f"exports/{promised}/").body
    assert found["state"] == "expired"
    assert "请重新导出" in found["words"]


def test_files_go_after_a_week_and_lost_ones_too(cast: Cast) -> None:
    api = ClientApi(cast["clerk"])
    old, new = _promised(api), _promised(api)
    told(0)
    work.work_off()
    long_ago = timezone.now() - timedelta(days=7, seconds=1)
    job = Job.objects.get(public_id=old)
    JobFile.objects.filter(job=job).delete()
    JobFile.objects.create(job=job, owner=cast["clerk"], name="x", sha256="0" * 64, size=1, rows=1, scope="", made_at=long_ago)  # fmt: skip
    assert api.get(f"exports/{old}/").body["state"] == "expired"
    stray = path_of(Job.objects.get(public_id=new).public_id).with_name("f" * 32)
    stray.write_bytes(b"half")
    assert remove_expired() == 1
    os.utime(stray, (0, 0))
    assert remove_expired() >= 1
    told(0)
    assert not JobFile.objects.filter(job=job).exists()
    assert api.get(f"exports/{new}/file/").status == 200


def test_a_wish_that_is_none_is_refused(cast: Cast) -> None:
    api = ClientApi(cast["clerk"])
    for wish in (
        {"list": "contacts"},
        {"format": "pdf"},
        {"order_by": "id"},
        {"fiscal_year": 1999},
        {"status": "draft"},
        {"list": "evaluations", "status": "secret"},
        {"list": "evaluations", "fiscal_year": "2024 OR 1=1"},
    ):
        assert api.post("exports/", {"list": "projects", "format": "csv", **wish}).status == 400
    assert not Job.objects.exists()


def test_asking_twice_with_one_key_is_one_export(cast: Cast) -> None:
    api = ClientApi(cast["clerk"])
    body = {"list": "projects", "format": "csv"}
    first, second = (api.post("exports/", body, key="the-same-key") for _ in range(2))
    assert first.status == second.status == 202
    assert first.body == second.body
    told(0)
    assert Job.objects.count() == 1
    verbs = list(
        AuditEvent.objects.exclude(verb="direct_write")
        .order_by("id")
        .values_list("verb", flat=True)
    )
    assert verbs == ["request_export"]


# ── inert ───────────────────────────────────────────────────────────────────────────────────────

NASTY = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠1", " =1", "\u00a0=1", "\u3000=1",
    "\u200b=1", "好\n=cmd|'/c calc'!A0", "好\r\n+1", "=HYPERLINK(\"http://x\")", "\u2028=1", "\x0b=1",
]  # fmt: skip


@pytest.mark.parametrize("text", NASTY)
def test_a_nasty_text_cannot_act(text: str) -> None:
    for row in csv.reader(io.StringIO(csv_file(["名称"], [[text]]).decode("utf-8-sig"))):
        for line in "\n".join(row).splitlines():
            assert not line.lstrip(" \u00a0\u3000\u200b\t").startswith(tuple("=+-@＝＋－＠"))


@given(st.text(max_size=40))
def test_any_text_stays_text(text: str) -> None:
    assert not defused(text).startswith(tuple("=+-@＝＋－＠\t\r\n"))
    assert defused(text).replace("'", "") == text.replace("'", "")


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30), max_size=8))
def test_a_workbook_has_no_formula_and_tells_the_text_again(texts: list[str]) -> None:
    data = xlsx_file("表", ["名称"], [[text] for text in texts])
    formulas, read = _cells(data)
    assert formulas == 0
    assert read[1:] == [
        text.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd") for text in texts
    ]


def test_numbers_stay_numbers() -> None:
    assert b"-3.50,2024," in csv_file(["a"], [[Decimal("-3.50"), 2024, None]])
    data = xlsx_file("表", ["a"], [[Decimal("-3.50"), 2024, Decimal("12345678901234567.89")]])
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<v>-3.5</v>" in sheet
    assert "<v>2024</v>" in sheet
    assert "12345678901234567.89" in _cells(data)[1]


def _cells(data: bytes) -> tuple[int, list[str]]:
    """How many formulas a workbook holds, and its shared texts as its cells refer to them."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
        shared = [
            "".join(text.text or "" for text in item.iter(f"{space}t"))
            for item in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        ]
    texts = [shared[int(c.find(f"{space}v").text)] for c in sheet.iter(f"{space}c") if c.get("t") == "s"]  # type: ignore[union-attr,arg-type]  # fmt: skip
    return len(list(sheet.iter(f"{space}f"))), texts


def test_the_project_name_of_a_person_cannot_act(cast: Cast) -> None:
    Project.unscoped.create(name="=1+1", unit=cast.unit, department=cast.department)
    assert "'=1+1" in {row[3] for row in _rows(_made(ClientApi(cast["clerk"])))}
