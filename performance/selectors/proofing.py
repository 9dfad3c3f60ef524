"""Proofreading a draft (数字校对): what it may be held against, and what comes of it. Nothing is
stored."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from uuid import UUID

from budgets.access import held_roles, units_in_reach, visible
from budgets.errors import Invalid, NotFound
from budgets.models import BudgetUnit, ExpenditureByFunction, User
from performance.access import (
    evaluations_visible_to,
    imported_documents_visible_to,
    target_tables_visible_to,
)
from performance.documents import read
from performance.examination.prose.facts import Fact, facts_of
from performance.examination.prose.proof import Proofed, proof
from performance.mapping.facts import stored_facts
from performance.mapping.tables import parsed_evaluation, parsed_target_table
from performance.models import Status
from performance.selectors.files import file_of
from performance.selectors.papers import (
    funding_by_project,
    with_evaluation_rows,
    with_target_rows,
)
from performance.tables import ParsedDocument

MOST_CHARACTERS = 100_000
"""Longest draft: some two hundred printed pages, read in about a second."""
MOST_BYTES = 1024 * 1024
"""Largest file that is read while somebody waits (1 MB, ten seconds); imports may be larger."""
MOST_DOCUMENTS = 200
"""Newest documents offered to choose from."""
MOST_UNITS = 50
"""Units of which stored figures are offered at once; others are found by name."""
_UNFINISHED = (Status.DRAFT, Status.RETURNED, Status.WITHDRAWN, Status.SUPERSEDED)
_UNREAD = {"format_unsupported", "file_empty", "encoding_unknown"}
"""Problems after which nothing of a file was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A file as it came."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is to be proofread and against what; a typed text and a file exclude each other."""

    text: str = ""
    file: Given | None = None
    document: UUID | None = None
    basis: Given | None = None
    unit: UUID | None = None
    fiscal_year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proofread:
    """A draft's text with its figures in order; ``text[figure.start:figure.end]`` is each one."""

    text: str
    figures: tuple[Proofed, ...]
    bases: tuple[str, ...]
    """What it was held against, in words."""
    facts: int
    """How many figures those hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedDocument:
    """A document to choose."""

    public_id: UUID
    name: str
    unit: str
    fiscal_year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedYear:
    """A unit's year of stored figures to choose."""

    unit_id: UUID
    unit: str
    fiscal_year: int

    @property
    def key(self) -> str:
        """The choice as a form sends it."""
        return f"{self.unit_id}/{self.fiscal_year}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """The years of some units; ``more`` when other units must be looked for by ``words``."""

    years: tuple[OfferedYear, ...]
    words: str
    more: bool


def proofread(user: User, draft: Draft) -> Proofread:
    """Every figure of a draft, held against the chosen bases and against the draft itself.

    Reads only. Raises Invalid (no text, too long, a file that cannot be read) and NotFound for a
    document or a unit's year of which nothing may be seen.
    """
    text = _text(draft)
    bases: list[str] = []
    facts: list[Fact] = []
    if draft.document is not None:
        kept = file_of(user, draft.document)
        if kept is None:
            raise NotFound("没有找到作为依据的文件")
        given = Given(name=kept.name, data=kept.path.read_bytes())
        facts.extend(facts_of(_read(given, "document")))
        bases.append(f"已导入的文件“{kept.name}”")
    if draft.basis is not None:
        facts.extend(facts_of(_read(draft.basis, "basis")))
        bases.append(f"上传的文件“{draft.basis.name}”")
    if draft.unit is not None or draft.fiscal_year is not None:
        name, found = _stored(user, draft.unit, draft.fiscal_year)
        facts.extend(found)
        bases.append(f"库内数据：{name} {draft.fiscal_year} 年度")
    return Proofread(
        text=text, figures=tuple(proof(text, facts)), bases=tuple(bases), facts=len(facts)
    )


def _text(draft: Draft) -> str:
    """The draft with the ends of lines as they count. Raises Invalid."""
    if draft.file is not None and draft.text.strip():
        raise Invalid({"file": "文稿请粘贴或上传，二者选一"})
    text, where = draft.text, "text"
    if draft.file is not None:
        text, where = _text_of(draft.file), "file"
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if not text.strip():
        raise Invalid({where: "请粘贴文稿，或者上传文稿的文本文件"})
    if len(text) > MOST_CHARACTERS:
        raise Invalid(
            {
                where: f"文稿有 {len(text)} 个字符，一次最多校对 {MOST_CHARACTERS} 个；请分成几部分校对"
            }
        )
    return text


def _text_of(file: Given) -> str:
    """The running text of an uploaded draft, its tables left aside."""
    return "\n".join(passage.text for passage in _read(file, "file").passages)


def _read(given: Given, field: str) -> ParsedDocument:
    if len(given.data) > MOST_BYTES:
        raise Invalid(
            {
                field: f"“{given.name}”超过数字校对可读的大小（{MOST_BYTES // 1024} KB）；"
                "请只留下要核对的表后另存上传"
            }
        )
    document = read(given.data, given.name)
    for found in document.problems:
        if found.code in _UNREAD:
            raise Invalid({field: f"“{given.name}”读不出来：{found.message}"})
    return document


def _stored(user: User, unit_id: UUID | None, year: int | None) -> tuple[str, tuple[Fact, ...]]:
    """The figures of a unit's year that this account may see and that were handed on."""
    if unit_id is None or year is None:
        raise Invalid({"unit": "单位和年度要一起选"})
    place = {"unit__public_id": unit_id, "fiscal_year": year}
    evaluations = list(
        with_evaluation_rows(
            evaluations_visible_to(user).filter(**place).exclude(status__in=_UNFINISHED)
        ).order_by("id")
    )
    tables = list(
        with_target_rows(
            target_tables_visible_to(user).filter(
                **place, status__in=(Status.APPROVED, Status.PUBLISHED)
            )
        ).order_by("id")
    )
    lines = list(
        visible(ExpenditureByFunction.unscoped.filter(**place), user).order_by("table_title", "seq")
    )
    if not evaluations and not tables and not lines:
        raise NotFound("没有找到这个单位这一年度的数据")
    money = funding_by_project(
        [*(one.project_id for one in evaluations), *(one.project_id for one in tables)]
    )
    papers = chain(
        (parsed_target_table(one, money.get((one.project_id, year), [])) for one in tables),
        (parsed_evaluation(one, money.get((one.project_id, year), [])) for one in evaluations),
    )
    unit = BudgetUnit.objects.get(public_id=unit_id)
    return unit.name, stored_facts(papers, lines, year)


# ── what there is to choose from ────────────────────────────────────────────────────────────────


def offered_documents(user: User) -> list[OfferedDocument]:
    """The newest imported documents this account may see."""
    rows = (
        imported_documents_visible_to(user).select_related("unit").order_by("-id")[:MOST_DOCUMENTS]
    )
    return [
        OfferedDocument(
            public_id=row.public_id,
            name=row.name,
            unit=row.unit.name,
            fiscal_year=row.fiscal_year,
        )
        for row in rows
    ]


def offered_years(user: User, words: str = "", unit: UUID | None = None) -> Offered:
    """Units and years of which there are stored figures, the newest first: of the first units by
    name, or of those that carry the words, and of the one chosen before."""
    reach = BudgetUnit.objects.none()
    for role in held_roles(user):
        reach |= units_in_reach(user, role)
    named = reach.filter(name__icontains=words).order_by("name", "pk")
    ids = list(named.values_list("pk", flat=True)[: MOST_UNITS + 1])
    more, ids = len(ids) > MOST_UNITS, ids[:MOST_UNITS]
    if unit is not None:
        ids.extend(reach.filter(public_id=unit).values_list("pk", flat=True))
    sources = (
        evaluations_visible_to(user).exclude(status__in=_UNFINISHED),
        target_tables_visible_to(user).filter(status__in=(Status.APPROVED, Status.PUBLISHED)),
        visible(ExpenditureByFunction.unscoped.all(), user),
    )
    found = {
        row
        for rows in sources
        for row in rows.filter(unit_id__in=ids)
        .order_by()
        .values_list("unit__public_id", "unit__name", "fiscal_year")
        .distinct()
    }
    years = (
        OfferedYear(unit_id=unit_id, unit=name, fiscal_year=year)
        for unit_id, name, year in sorted(found, key=lambda row: (-row[2], row[1], row[0]))
    )
    return Offered(years=tuple(years), words=words, more=more)
