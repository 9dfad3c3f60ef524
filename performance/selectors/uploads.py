"""Uploaded files: the list of one's units', and what was read from one, ready to be agreed to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from budgets.access import projects_visible_to
from budgets.models import Project, User
from performance.access import uploads_visible_to
from performance.documents import read
from performance.examination.names import normal_form
from performance.models import TakenTable, Upload
from performance.reports.readings import LaidTable, laid_out
from performance.selectors.files import KeptFile, kept_file
from performance.selectors.pages import page_of
from performance.selectors.shapes import Page
from performance.tables import ParsedDocument, Problem, TableKind
from performance.workflow import PAPER_LABELS, Paper

MOST_READ = 256 * 1024
"""The most bytes that are read while somebody waits; a larger file is kept and told to be parted."""
_MOST_PROJECTS = 1000
_READS_AS = {
    TableKind.TARGET_TABLE: (Paper.TARGET_TABLE,),
    TableKind.SELF_EVALUATION: (Paper.EVALUATION, Paper.TARGET_TABLE),
    TableKind.MONITORING: (),
}
"""What a table that was read may become; a self-evaluation holds the targets too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadRow:
    """One uploaded file in the list."""

    public_id: UUID
    name: str
    unit: str
    uploaded_by: str
    uploaded_at: datetime
    tables: int
    problems: int
    taken: int
    refusal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The draft that was made of a table."""

    paper: Paper
    public_id: UUID
    project: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedTable:
    """One table as it was read, with what it may become."""

    laid: LaidTable
    reads_as: tuple[tuple[Paper, str], ...]
    project: UUID | None
    """The project of the unit that has the same name."""
    year: int | None
    taken: Taken | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPage:
    """One uploaded file with all that was read from it."""

    row: UploadRow
    format: str
    size: int
    sha256: str
    tables: tuple[OfferedTable, ...]
    problems: tuple[Problem, ...]
    projects: tuple[Project, ...]

    @property
    def open(self) -> int:
        """How many tables may still be taken over."""
        return sum(one.taken is None and bool(one.reads_as) for one in self.tables)


def upload_list(user: User, cursor: str | None) -> Page:
    """The files of one's units, newest first."""
    rows = uploads_visible_to(user).select_related("unit", "uploaded_by")
    found, following = page_of(rows, cursor)
    counted = TakenTable.unscoped.filter(upload__in=[row.pk for row in found])
    taken = dict(counted.values_list("upload_id").annotate(Count("id")).order_by())
    return Page(
        rows=[_row(row, taken.get(row.pk, 0)) for row in found],
        next_cursor=following,
    )


def _row(upload: Upload, taken: int) -> UploadRow:
    return UploadRow(
        public_id=upload.public_id,
        name=upload.name,
        unit=upload.unit.name,
        uploaded_by=upload.uploaded_by.display_name,
        uploaded_at=upload.uploaded_at,
        tables=upload.table_count,
        problems=upload.problem_count,
        taken=taken,
        refusal=upload.refusal,
    )


def upload_page(user: User, public_id: UUID) -> UploadPage | None:
    """One file with its reading; None when it is not there or not yours."""
    upload = uploads_visible_to(user).select_related("unit", "uploaded_by")
    found = upload.filter(public_id=public_id).first()
    if found is None:
        return None
    taken = _taken(found)
    projects = tuple(
        projects_visible_to(user).filter(unit=found.unit_id).order_by("name", "id")[:_MOST_PROJECTS]
    )
    document = reading_of(found)
    laid, problems = laid_out(document) if document else ((), ())
    return UploadPage(
        row=_row(found, len(taken)),
        format=found.format,
        size=found.size,
        sha256=found.sha256,
        tables=tuple(
            _offered(one, document.fiscal_year if document else None, taken, projects)
            for one in laid
        ),
        problems=problems,
        projects=projects,
    )


def _taken(upload: Upload) -> dict[int, Taken]:
    rows = TakenTable.unscoped.filter(upload=upload).select_related(
        "target_table__project", "evaluation__project", "taken_by"
    )
    found = {}
    for row in rows:
        made = row.target_table or row.evaluation
        assert made is not None
        found[row.seq] = Taken(
            paper=Paper.TARGET_TABLE if row.target_table else Paper.EVALUATION,
            public_id=made.public_id,
            project=made.project.name,
            at=row.taken_at,
            by=row.taken_by.display_name,
        )
    return found


def _offered(
    laid: LaidTable,
    year: int | None,
    taken: Mapping[int, Taken],
    projects: Sequence[Project],
) -> OfferedTable:
    name = normal_form(laid.table.project)
    same = [one.public_id for one in projects if name and normal_form(one.name) == name]
    return OfferedTable(
        laid=laid,
        reads_as=tuple((paper, PAPER_LABELS[paper]) for paper in reads_as(laid.table.kind)),
        project=same[0] if same else None,
        year=laid.table.fiscal_year or year,
        taken=taken.get(laid.seq),
    )


def reads_as(kind: TableKind) -> tuple[Paper, ...]:
    """The papers a table of a kind may become."""
    return _READS_AS[kind]


def reading_of(upload: Upload) -> ParsedDocument | None:
    """What stands in a kept file; None where it could not be read when it came, or is gone."""
    kept = kept_file(upload) if upload.table_count else None
    return read(kept.path.read_bytes(), kept.name) if kept is not None else None


def uploaded_file(user: User, public_id: UUID) -> KeptFile | None:
    """The bytes of an upload as they came; None when not there or not yours."""
    return kept_file(uploads_visible_to(user).filter(public_id=public_id).first())
