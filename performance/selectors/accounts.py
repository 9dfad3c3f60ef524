"""The final accounts (决算) as far as they speak of an evaluation's project: to fill in from."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from budgets.models import User
from performance.access import imported_documents_visible_to
from performance.documents import read
from performance.documents.accounts import ProjectAccount, bare, in_words, project_accounts
from performance.selectors.desk import paper_row
from performance.selectors.files import kept_file
from performance.workflow import Paper

MOST_DOCUMENTS = 5
"""Newest documents of the department and year that are looked through."""
MOST_BYTES = 1024 * 1024
"""Largest of them that is read while somebody waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedMoney:
    """A project's money as a final account states it, and where."""

    document_id: UUID
    document: str
    table: str
    place: str
    at: str
    budget: Decimal | None
    executed: Decimal | None


def stated_money(user: User, public_id: UUID) -> tuple[StatedMoney, ...] | None:
    """What the department's documents of the year say of an evaluation's project.

    None when the evaluation is not there or not this reader's. A project is known by its whole
    name; nothing is guessed. Reading a document again costs nothing: what it says is kept in
    memory by the digest of its bytes.
    """
    row = paper_row(user, Paper.EVALUATION, public_id)
    if row is None:
        return None
    documents = (
        imported_documents_visible_to(user)
        .filter(
            department_id=row.department_id,
            fiscal_year=row.fiscal_year,
            size__lte=MOST_BYTES,
        )
        .order_by("-id")[:MOST_DOCUMENTS]
    )
    found, name = [], bare(row.project.name)
    for document in documents:
        kept = kept_file(document)
        if kept is None:
            continue
        for one in _accounts(str(kept.path), kept.name):
            if bare(one.project) == name:
                found.append(
                    StatedMoney(
                        document_id=document.public_id,
                        document=document.name,
                        table=one.table,
                        place=in_words(one.at),
                        at=one.at,
                        budget=one.budget,
                        executed=one.executed,
                    )
                )
    return tuple(found)


@lru_cache(maxsize=64)
def _accounts(path: str, name: str) -> tuple[ProjectAccount, ...]:
    """The projects of a kept file: its path is its digest, so the answer never changes."""
    return project_accounts(read(Path(path).read_bytes(), name))
