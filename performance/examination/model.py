"""What checks are given and give back: a case, a bundle, remarks, and the check itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from performance.examination.limits import Thresholds
from performance.examination.names import bare_name
from performance.scoring.rules import RuleSet
from performance.scoring.sheet import ScoreLine, ScoreSheet
from performance.tables import (
    ExpenditureLine,
    ListedProject,
    ParsedIndicator,
    ParsedTable,
    Place,
    Problem,
    Severity,
    TableKind,
)
from performance.values import Comparator, Value, ValueKind, is_cost, is_satisfaction


class Aspect(StrEnum):
    """What targets are examined for (绩效目标审核表)."""

    COMPLETENESS = "完整性"
    RELEVANCE = "相关性"
    SUITABILITY = "适当性"
    FEASIBILITY = "可行性"


class Stage(StrEnum):
    """When a paper is examined; what it must hold by then differs."""

    IMPORTED = "imported"
    """A publication that was read in: nobody can fill in what it lacks."""
    SUBMISSION = "submission"
    RELEASE = "release"
    """Before the service publishes it."""


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator with what nearly every check asks of it, worked out once."""

    indicator: ParsedIndicator
    name: str
    """Without white space and without a unit in brackets behind it."""
    line: ScoreLine | None

    @property
    def target(self) -> Value | None:
        """The target value."""
        return self.indicator.target

    @property
    def actual(self) -> Value | None:
        """The actual value."""
        return self.indicator.actual

    @property
    def is_cost(self) -> bool:
        """Whether the row stands under cost."""
        return is_cost(self.indicator.level1, self.indicator.level2)

    @property
    def is_satisfaction(self) -> bool:
        """Whether the row stands under satisfaction."""
        return is_satisfaction(self.indicator.level1, self.indicator.level2)

    @property
    def is_benefit(self) -> bool:
        """Whether the row stands under benefit, and not under satisfaction within it."""
        return self.indicator.level1 == "效益指标" and not self.is_satisfaction

    def wrote(self, *comparators: Comparator) -> bool:
        """Whether the target carries one of these comparators, and somebody wrote it."""
        target = self.target
        return (
            target is not None
            and target.comparator in comparators
            and "comparator" not in target.inferred
        )


def is_figure(value: Value | None) -> bool:
    """Whether a value is a number or a range of numbers."""
    return value is not None and value.kind in {
        ValueKind.QUANTITATIVE,
        ValueKind.RANGE,
        ValueKind.BOUND,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One table under examination, with its sheet where it is a self-evaluation."""

    table: ParsedTable
    rows: tuple[Row, ...]
    rules: RuleSet
    limits: Thresholds
    stage: Stage = Stage.IMPORTED
    sheet: ScoreSheet | None = None
    unsure: bool = False
    """The reader lost a row or a cell of the table: its sums are not judged."""

    @classmethod
    def of(
        cls,
        table: ParsedTable,
        *,
        rules: RuleSet,
        limits: Thresholds,
        stage: Stage = Stage.IMPORTED,
        sheet: ScoreSheet | None = None,
        unsure: bool = False,
    ) -> Case:
        """The case of a table; its rows are prepared once for all checks."""
        lines = sheet.lines if sheet is not None else (None,) * len(table.indicators)
        rows = tuple(
            Row(indicator, bare_name(indicator.name), line)
            for indicator, line in zip(table.indicators, lines, strict=True)
        )
        return cls(
            table=table,
            rows=rows,
            rules=rules,
            limits=limits,
            stage=stage,
            sheet=sheet,
            unsure=unsure,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Several tables examined together: those of a document, or several papers of a year."""

    cases: tuple[Case, ...]
    limits: Thresholds
    stage: Stage = Stage.IMPORTED
    expenditure: tuple[ExpenditureLine, ...] = ()
    listed: tuple[ListedProject, ...] = ()
    problems: tuple[Problem, ...] = ()
    """What the reader of the document could not place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What one check has to say; the registry adds code, basis and aspect."""

    message: str
    severity: Severity
    project: str | None = None
    indicator: str | None = None
    at: Place = ""
    field: str | None = None


def on_row(
    case: Case, row: Row, message: str, severity: Severity, *, field: str | None = None
) -> Remark:
    """A remark on one indicator."""
    return Remark(
        message=message,
        severity=severity,
        project=case.table.project,
        indicator=row.indicator.name,
        at=row.indicator.at,
        field=field,
    )


def on_table(
    case: Case, message: str, severity: Severity, *, at: Place = "", field: str | None = None
) -> Remark:
    """A remark on a whole table."""
    return Remark(
        message=message,
        severity=severity,
        project=case.table.project,
        at=at or case.table.at,
        field=field,
    )


TableRun: TypeAlias = Callable[[Case], Iterator[Remark]]
BundleRun: TypeAlias = Callable[[Bundle], Iterator[Remark]]

TARGETS = frozenset({TableKind.TARGET_TABLE})
EVALUATIONS = frozenset({TableKind.SELF_EVALUATION})
BOTH = TARGETS | EVALUATIONS
ALL_KINDS = frozenset(TableKind)
ALL_STAGES = frozenset(Stage)
IN_THE_SERVICE = frozenset({Stage.SUBMISSION, Stage.RELEASE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One registered check. ``run`` looks at a table or at a bundle, never at both."""

    name: str
    """Unique; the code with what the check looks at."""
    code: str
    severities: frozenset[Severity]
    """All that its remarks may carry."""
    aspect: Aspect | None
    basis: str
    """Empty: the measure the rule set comes from."""
    run: TableRun | None = None
    run_bundle: BundleRun | None = None
    kinds: frozenset[TableKind] = ALL_KINDS
    stages: frozenset[Stage] = ALL_STAGES
