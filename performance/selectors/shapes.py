"""What pages and the API are given: plain shapes without a query in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from budgets.models import ExpenditureByFunction
from performance.scoring import RuleSet, ScoreLine, ScoreSheet
from performance.tables import Finding, ParsedIndicator, ParsedTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some rows and where the next ones begin; None at the end."""

    rows: Sequence[Any]
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationRow:
    """One evaluation in a list: claimed beside computed."""

    public_id: UUID
    project: str
    unit: str
    fiscal_year: int
    ruleset: str
    at: str
    execution_rate: Decimal | None
    claimed_total: Decimal | None
    claimed_grade: str | None
    total: Decimal | None
    grade: str | None
    complete: bool
    findings: int

    @property
    def difference(self) -> Decimal | None:
        """Computed less claimed."""
        if self.total is None or self.claimed_total is None:
            return None
        return self.total - self.claimed_total


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLine:
    """An indicator with its score, for a page."""

    indicator: ParsedIndicator
    line: ScoreLine

    @property
    def differs(self) -> bool:
        """Whether claim and rule disagree."""
        claimed, awarded = self.line.claimed, self.line.awarded
        return claimed is not None and awarded is not None and claimed != awarded


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationPage:
    """One evaluation with its explained score."""

    public_id: UUID
    table: ParsedTable
    rules: RuleSet
    sheet: ScoreSheet | None
    rows: tuple[PageLine, ...]
    findings: tuple[Finding, ...]
    problems: tuple[dict[str, Any], ...]
    document_id: UUID | None
    document_name: str
    status: str
    scored_at: datetime | None

    @property
    def difference(self) -> Decimal | None:
        """Computed less claimed."""
        if self.sheet is None or self.sheet.total is None or self.sheet.claimed_total is None:
            return None
        return self.sheet.total - self.sheet.claimed_total

    @property
    def execution_differs(self) -> bool:
        """Whether the claimed points for execution are others than the rule's."""
        line = self.sheet.execution if self.sheet else None
        return bool(line and line.claimed is not None and line.claimed != line.awarded)


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetTableRow:
    """One target table in a list."""

    public_id: UUID
    project: str
    unit: str
    fiscal_year: int
    budget: Decimal | None
    indicators: int
    status: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetTablePage:
    """One target table."""

    public_id: UUID
    table: ParsedTable
    status: str
    problems: tuple[dict[str, Any], ...]
    document_id: UUID | None
    document_name: str

    @property
    def has_points(self) -> bool:
        """Whether the form has a points column at all."""
        return any(indicator.points is not None for indicator in self.table.indicators)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """One document in a list."""

    public_id: UUID
    name: str
    unit: str
    fiscal_year: int
    target_tables: int
    evaluations: int
    problems: int
    imported_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPage:
    """One document with all that was read from it."""

    name: str
    unit: str
    fiscal_year: int
    format: str
    sha256: str
    target_tables: tuple[TargetTableRow, ...]
    evaluations: tuple[EvaluationRow, ...]
    expenditure: tuple[ExpenditureByFunction, ...]
    findings: tuple[Finding, ...]
    problems: tuple[dict[str, Any], ...]
