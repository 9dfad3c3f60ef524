"""From the bytes of a file to a ParsedDocument: pure, total, every value with its place."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from performance.documents.build import DocumentFacts
from performance.documents.delimited import read_delimited
from performance.documents.expenditure import ExpenditureReader
from performance.documents.forms import Recogniser
from performance.documents.grid import Grid, Item, Line
from performance.documents.labels import squeeze
from performance.documents.listings import read_listings
from performance.documents.markup import is_markup, read_markup
from performance.documents.passages import read_passages
from performance.documents.printed import read_printed
from performance.documents.problems import mask, problem
from performance.documents.sentences import read_sentences, tie
from performance.documents.text import decode, read_text
from performance.tables import ParsedDocument, Problem

MOST_BYTES = 20 * 1024 * 1024
"""Largest file that is read (20 MB), the limit of uploads."""

_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "pdf", "PDF"),
    (b"\xd0\xcf\x11\xe0", "doc", "旧版 Office 文件"),
    (b"PK\x03\x04", "xlsx", "Office 文件或压缩包"),
)
_BY_NAME = {
    **{name: name for name in ("xlsx", "xls", "docx", "doc", "pdf", "html", "csv", "txt")},
    "htm": "html",
    "tsv": "txt",
}
_YEAR = re.compile(r"(20\d\d)年度?(?:单位|部门)?(?:部门|单位)?(?:预算|决算)|预算年度[:：](20\d\d)")
_UNIT = re.compile(
    r"(?:部门名称|编制部门|编制单位|单位名称|部门|单位)[:：](?!万元|元|亿元)(.{3,40})"
    r"|\d{3,6}([^\d\s].{2,40}(?:局|中心|委员会|院|办公室|厅|处|所|校|部|署|馆|站|队))"
)
_DIGITS = re.compile(r"(\d{1,9})")
_ALL_PROJECTS = re.compile(
    r"(?:所有|全部)项目(?:支出)?(?:均|都)?(?:开展|进行|实施)?(?:了)?(?:绩效)?自评"
    r"|占.{0,20}项目支出(?:总额)?的?100%|项目支出全面开展(?:了)?绩效(?:自评|目标)"
)
_UNIT_IN_TITLE = re.compile(r"(?:现将)?(.{3,40}?)(20\d\d)年度?部门(?:预算|决算).{0,20}")


def read(data: bytes, name: str = "") -> ParsedDocument:
    """All tables, expenditure lines and sentences of a file. Never raises for what is in it.

    ``name`` helps to tell formats apart; what cannot be read is a Problem at ``L0001``.
    """
    digest = hashlib.sha256(data).hexdigest()
    kind, refused = _format(data, name)
    if refused is not None:
        return ParsedDocument(format=kind, sha256=digest, problems=(refused,))
    text = decode(data)
    if text is None:
        return ParsedDocument(
            format=kind, sha256=digest, problems=(problem("encoding_unknown", "L0001"),)
        )
    return recognise(_READERS[kind](text), format=kind, sha256=digest)


_READERS: dict[str, Callable[[str], list[Item]]] = {
    "txt": read_text,
    "csv": read_delimited,
    "html": read_markup,
}
"""Reader by format; a format that is not here cannot be read."""


def _format(data: bytes, name: str) -> tuple[str, Problem | None]:
    """Format by content first, by name second; a Problem where it cannot be read."""
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    named = _BY_NAME.get(ending, "txt")
    if not data.strip():
        return named, problem("file_empty", "L0001")
    if len(data) > MOST_BYTES:
        return named, problem("too_large", "L0001", detail=f"上限 {MOST_BYTES // 1024 // 1024} MB")
    for start, kind, words in _SIGNATURES:
        if data.startswith(start):
            same_container = {"xlsx": {"xlsx", "docx"}, "doc": {"doc", "xls"}}.get(kind, {kind})
            shown = ending if ending in same_container else kind
            return shown, problem("format_unsupported", "L0001", detail=words)
    if is_markup(data):
        return "html", None
    if named not in _READERS:
        return named, problem("format_unsupported", "L0001", detail=f"内容不是 {named}")
    return named, None


def recognise(grid: Grid, *, format: str, sha256: str) -> ParsedDocument:
    """What a grid of rows and lines holds, whichever reader made it."""
    facts = _facts(grid)
    forms = Recogniser()
    forms.run(grid)
    expenditure = ExpenditureReader()
    expenditure.run(grid)
    tables = [form.build(facts) for form in forms.forms]
    sentences = read_sentences(grid)
    tables, _, untied = tie(tables, sentences)
    problems = [*forms.problems, *expenditure.problems, *untied]
    for form in forms.forms:
        problems.extend(form.problems)
    if not tables and not expenditure.lines:
        problems.append(problem("no_tables", "L0001"))
    shown = mask(
        (c.name for form in (*forms.forms, *forms.dropped) for c in form.contacts),
        (i.name for table in tables for i in table.indicators),
    )
    problems.sort(key=lambda p: _natural(p.at))
    return ParsedDocument(
        format=format,
        sha256=sha256,
        unit=facts.unit,
        fiscal_year=facts.fiscal_year,
        tables=tuple(tables),
        expenditure=tuple(expenditure.lines),
        sentences=tuple(sentences),
        listed=tuple(read_listings(grid)),
        all_projects_covered=any(
            isinstance(item, Line) and _ALL_PROJECTS.search(squeeze(item.text)) for item in grid
        ),
        problems=tuple(shown.problem(p) for p in problems),
        passages=tuple(read_passages(grid)),
        printed=tuple(read_printed(grid)),
    )


def _natural(at: str) -> list[tuple[int, str]]:
    """Places in reading order: L9999 before L10000, 表2!A1 before 表10!A1."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in _DIGITS.split(at)]


def _facts(grid: Grid) -> DocumentFacts:
    """Unit and year that the document gives outside its forms: the first that says so."""
    facts = DocumentFacts()
    for item in grid:
        texts = [item.text] if isinstance(item, Line) else [c.text for c in item.cells if c.text]
        for text in texts:
            short = squeeze(text)[:200]
            if facts.fiscal_year is None and (found := _YEAR.search(short)):
                facts.fiscal_year = int(found.group(1) or found.group(2))
            if facts.unit is None:
                facts.unit = _unit(short)
        if facts.unit is not None and facts.fiscal_year is not None:
            break
    return facts


def _unit(text: str) -> str | None:
    if len(text) > 80 and "部门" not in text:
        return None
    if found := _UNIT.fullmatch(text):
        return found.group(1) or found.group(2)
    if found := _UNIT_IN_TITLE.match(text):
        return found.group(1)
    if found := re.search(r"现将(.{3,30}?)20\d\d年", text):
        return found.group(1)
    return None
