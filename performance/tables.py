"""The shapes that readers, scoring, examination, reports, forms and the API all speak in.

Everything here is frozen and plain: no Django, no clock, no files. Amounts of money are ``Decimal``
in 元. ``None`` is missing; zero is zero; not applicable is a value of its own kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from performance.values.model import Value

Place: TypeAlias = str
"""Where a thing stands: ``L0658``, ``表1!B7``, ``T2R05C03``, ``P3T1R05C03``."""


class TableKind(StrEnum):
    """Which paper a table is."""

    TARGET_TABLE = "target_table"
    SELF_EVALUATION = "self_evaluation"
    MONITORING = "monitoring"


class Scope(StrEnum):
    """What a table is about."""

    PROJECT = "project"
    DEPARTMENT = "department"
    POLICY = "policy"


class FundSource(StrEnum):
    """Where money comes from, as the forms' fund rows name it."""

    TOTAL = "total"
    CENTRAL = "central"
    PROVINCIAL = "provincial"
    CITY = "city"
    COUNTY = "county"
    FISCAL = "fiscal"
    GOVERNMENT_FUND = "government_fund"
    STATE_CAPITAL = "state_capital"
    BOND = "bond"
    SELF_RAISED = "self_raised"
    UNIT_FUNDS = "unit_funds"
    CARRY_OVER = "carry_over"
    OTHER = "other"


class FundStage(StrEnum):
    """Whether money is for the year or for the whole period of a project (实施期)."""

    ANNUAL = "annual"
    WHOLE_PERIOD = "whole_period"


class Severity(StrEnum):
    """How grave a finding is: 阻断, 错误, 提示."""

    BLOCK = "block"
    ERROR = "error"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something in a document that could not be placed or read. Never holds personal data."""

    code: str
    at: Place
    field: str | None = None
    raw: str = ""
    """What stands there: at most 200 characters, names and telephone numbers masked."""
    message: str = ""
    """In Chinese; names the indicator unchanged when it is about one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributes:
    """The check boxes of the form; a kind of box with nothing checked is empty."""

    category: tuple[str, ...] = ()
    """项目类别."""
    attribute: tuple[str, ...] = ()
    """项目属性."""
    type: tuple[str, ...] = ()
    """项目类型."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """One overall objective (绩效目标): words, not numbers."""

    text: str
    completed: str | None = None
    """实际完成情况."""
    share: Decimal | None = None
    """Weight of this goal among several, in [0, 1]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fund:
    """One row of the fund block; amounts in 元."""

    source: FundSource
    stage: FundStage = FundStage.ANNUAL
    initial: Decimal | None = None
    adjusted: Decimal | None = None
    executed: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """The budget execution row of a self-evaluation; amounts in 元."""

    budget: Decimal | None = None
    """As printed in the table."""
    budget_used: Decimal | None = None
    """The adjusted budget to score against: the printed one, or the one another figure of the
    same document gives (then ``inferred`` names ``budget_used``)."""
    executed: Decimal | None = None
    rate_claimed: Decimal | None = None
    """A share: 59.76% is 0.5976."""
    points: Decimal | None = None
    """Points the form prints for execution."""
    awarded: Decimal | None = None
    finished: bool | None = None
    """Whether the project is marked as finished; None when nothing says so."""
    inferred: tuple[str, ...] = ()
    at: Place = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedIndicator:
    """One level-3 indicator row."""

    name: str
    at: Place
    level1: str | None = None
    """Canonical label with 指标 (产出指标); the text as written where it is none of them."""
    level2: str | None = None
    level1_text: str | None = None
    level2_text: str | None = None
    goal: str | None = None
    """Which goal the row belongs to, where the form has several."""
    definition: str | None = None
    target: Value | None = None
    actual: Value | None = None
    points: Decimal | None = None
    awarded: Decimal | None = None
    basis: str | None = None
    prior_actual: str | None = None
    scoring_rule: str | None = None
    evidence: str | None = None
    deviation: str | None = None
    inferred: tuple[str, ...] = ()
    points_inferred: bool = False
    """The points come from the line's own award (forms without a points column)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person named on the form: personal data, kept apart from everything else."""

    role: str
    """负责人 or 经办人."""
    name: str
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedTable:
    """One target table, self-evaluation or monitoring table, from whatever door it came."""

    kind: TableKind
    at: Place
    scope: Scope = Scope.PROJECT
    project: str = ""
    project_code: str | None = None
    supervisor: str | None = None
    unit: str | None = None
    fiscal_year: int | None = None
    attributes: Attributes = Attributes()
    objectives: tuple[Objective, ...] = ()
    funds: tuple[Fund, ...] = ()
    execution: Execution | None = None
    indicators: tuple[ParsedIndicator, ...] = ()
    goal_points: Decimal | None = None
    """Points the form prints for all indicators together (年度绩效目标（80分）)."""
    total_claimed: Decimal | None = None
    deviation_reason: str | None = None
    improvement: str | None = None
    contacts: tuple[Contact, ...] = ()
    inferred: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpenditureLine:
    """One line of a function-coded expenditure table; amounts in 元."""

    table: str
    """Title of the table the line stands in."""
    code: str
    """Digits without separators (2101504); empty on the total line (合计)."""
    name: str
    total: Decimal | None = None
    basic: Decimal | None = None
    project: Decimal | None = None
    at: Place = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectSentence:
    """What the running text of a final account says of one project; amounts in 元."""

    project: str
    at: Place
    initial: Decimal | None = None
    adjusted: Decimal | None = None
    executed: Decimal | None = None
    rate: Decimal | None = None
    """As a share: 57.41% is 0.5741."""
    rate_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedProject:
    """One line of a list of projects with their money (项目支出预算表); the amount in 元."""

    name: str
    at: Place
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Running text: a paragraph, or the prose of one cell. Never leaves the service as it is."""

    text: str
    at: Place
    """Where it begins."""
    lines: tuple[tuple[int, Place], ...] = ()
    """Where in ``text`` each further line begins, and its place in the document."""
    heading: str = ""
    """The heading it stands under."""
    project: str = ""
    """The project of the form it is a cell of; empty outside forms."""
    cell: bool = False

    def place(self, offset: int) -> Place:
        """The place in the document of a sign of the text."""
        at = self.at
        for start, place in self.lines:
            if start > offset:
                break
            at = place
        return at


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedFigure:
    """One amount of a published table that is no form, with the words it stands under."""

    title: str
    label: str
    """The words in front of it in its row; empty where the row has none."""
    column: str
    """The words above it."""
    value: Decimal
    """In 元."""
    step: Decimal
    """What one unit of the last place printed is, in 元."""
    at: Place = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedDocument:
    """All that was read from one file."""

    format: str
    sha256: str
    unit: str | None = None
    """The unit the document names outside its forms."""
    fiscal_year: int | None = None
    """The year the document names outside its forms."""
    tables: tuple[ParsedTable, ...] = ()
    expenditure: tuple[ExpenditureLine, ...] = ()
    sentences: tuple[ProjectSentence, ...] = ()
    listed: tuple[ListedProject, ...] = ()
    """Projects as the document's budget tables list them, outside its forms."""
    all_projects_covered: bool = False
    """The text says that all projects stand in the document, so their sum must be all of it."""
    passages: tuple[Passage, ...] = ()
    printed: tuple[PrintedFigure, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check found."""

    code: str
    severity: Severity
    message: str
    project: str | None = None
    indicator: str | None = None
    at: Place = ""
    field: str | None = None
    """The cell of the row: target, actual, points, awarded, name, level2, unit …; None: the row."""
    aspect: str | None = None
    """完整性, 相关性, 适当性 or 可行性 of 财预〔2015〕88号; None: no question of targets."""
    basis: str = ""
    """What the check rests on, with 条款待核 until someone has read the article."""
