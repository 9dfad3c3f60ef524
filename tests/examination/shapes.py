"""Papers that several checks are tried on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from performance.examination.limits import Thresholds
from performance.rulebook import load
from performance.scoring import RuleSet
from performance.tables import Objective, ParsedTable, TableKind
from tests.examination.papers import LIMITS, Papers, evaluation, papers, spent, targets

LONG = "完成全市医疗机构的监督检查，保障基金安全运行，提高群众满意程度"
FOUR = (
    "数量|参保人数|≥90万人",
    "质量|审核准确率|≥95%",
    "时效|按时办结率|≥95%",
    "社会效益|政策知晓率|≥90%",
)
SATISFIED = "满意度|参保人员满意度|≥90%"
COST = "成本|办公费|≤5万元"
COSTED: RuleSet = replace(load("mof-2021-101"), level1_binding=True)
"""A set that fixes 成本 20, 产出 40, 效益 20, 满意度 10 where the table has costs."""
BINDING: RuleSet = replace(load("mof-2020-10"), level1_binding=True)
"""A set that fixes 产出 50, 效益 30, 满意度 10."""


@dataclass(frozen=True)
class Raised:
    """Papers that raise a check just once, with severity and a piece of the sentence."""

    check: str
    severity: str
    piece: str
    papers: Papers


@dataclass(frozen=True)
class Quiet:
    """The neighbour: papers that do not raise the check."""

    check: str
    papers: Papers


def target(*rows: str) -> Papers:
    """One target table."""
    return papers(targets(*rows))


def claimed(*rows: str, **more: object) -> Papers:
    """One self-evaluation."""
    return papers(evaluation(*rows, **more))


def pointed(*points: str, **more: object) -> Papers:
    """A target table whose rows carry these points."""
    return papers(targets(*_rows(points), **more))


def earned(*points: str, **more: object) -> Papers:
    """A self-evaluation whose rows carry these points and earned them."""
    return papers(evaluation(*_rows(points), **more))


def _rows(points: tuple[str, ...]) -> list[str]:
    return [f"数量|事项{i}|≥1件|1件|{p}|{p}" for i, p in enumerate(points)]


def two_goals(*points: str) -> Papers:
    """A self-evaluation whose rows belong to two goals in turn."""
    table = evaluation(*_rows(points), execution=spent("1", "1"))
    rows = (replace(row, goal=f"目标{i % 2}") for i, row in enumerate(table.indicators))
    return papers(replace(table, indicators=tuple(rows)))


def levels(output: str, rules: RuleSet) -> Papers:
    """A target table with so many points for 产出, 30 for 效益 and 10 for 满意度."""
    rows = (f"数量|甲|≥1件||{output}", "社会效益|乙|有效||30", "满意度|丙满意度|≥90%||10")
    return papers(targets(*rows), rules=rules)


def objectives(*texts: str) -> ParsedTable:
    """A target table with these objectives."""
    return targets(objectives=tuple(Objective(text=text) for text in texts))


def five(project: str, *, last: str = SATISFIED, year: int = 2023) -> ParsedTable:
    """A target table of five indicators, the last of which may be another."""
    return targets(*FOUR, last, project=project, fiscal_year=year)


def full(project: str, total: str = "100", **more: object) -> ParsedTable:
    """A self-evaluation that claims its total; all budget executed unless ``execution`` says so."""
    more.setdefault("execution", spent("5", "5", awarded="10"))
    row = more.pop("row", "数量|检查家数|≥5家|5家|90|90")
    return evaluation(str(row), project=project, total_claimed=Decimal(total), **more)


def demanding(cell: str) -> Thresholds:
    """Thresholds that demand this one cell of a self-evaluation."""
    kinds = dict.fromkeys(TableKind, (cell,))
    return replace(LIMITS, demanded=kinds)


def with_first(table: ParsedTable, **fields: object) -> Papers:
    """A table whose first indicator has other fields."""
    first, *rest = table.indicators
    return papers(replace(table, indicators=(replace(first, **fields), *rest)))  # type: ignore[arg-type]


def letters(names: str, project: str) -> ParsedTable:
    """A target table with an indicator for each letter."""
    return targets(*(f"数量|{name}|≥1件" for name in names), project=project)


def red(earned_points: str, executed: str, reason: str | None = None) -> Papers:
    """A self-evaluation that met its only line, with so much of 100 万元 executed."""
    return papers(
        evaluation(
            f"数量|检查家数|≥10家|10家|90|{earned_points}",
            execution=spent("100", executed),
            deviation_reason=reason,
        )
    )
