"""Examining tables takes time in proportion to their number, and little beside scoring them.

    python -m benchmarks.examination [TABLES]

Makes self-evaluations of fifteen indicators, scores them and examines them in one run, at N and
at 2N tables. What counts are the ratios: 2N ÷ N (linear: about 2) and examining ÷ scoring (at
most 3). The tables repeat each other's names, targets and objectives as real ones do.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from performance.appraisal import examine, examine_together
from performance.rulebook import load
from performance.scoring import ScoreSheet, score
from performance.tables import (
    Execution,
    Finding,
    Fund,
    FundSource,
    Objective,
    ParsedIndicator,
    ParsedTable,
    TableKind,
)
from performance.values import ValueContext, parse_actual, parse_target

TABLES = 10_000
RULES = load("mof-2020-10")
NOUNS = (
    "医疗机构",
    "道路",
    "教师",
    "农田",
    "社区",
    "档案",
    "桥梁",
    "学校",
    "企业",
    "水库",
    "公园",
    "养老院",
)
ROWS = (
    ("产出指标", "数量指标", "{}检查数量", "≥{}家", "{}家"),
    ("产出指标", "数量指标", "{}培训人数", "≥{}人", "{}人"),
    ("产出指标", "数量指标", "{}维修面积", "≥{}平方米", "{}平方米"),
    ("产出指标", "质量指标", "{}验收合格率", "≥95%", "96%"),
    ("产出指标", "质量指标", "{}覆盖率", "=100%", "100%"),
    ("产出指标", "质量指标", "{}安全事故", "0次", "0次"),
    ("产出指标", "时效指标", "{}按时完成率", "≥95%", "≥95%"),
    ("产出指标", "时效指标", "{}完成时间", "2023年12月31日前", "2023年11月"),
    ("产出指标", "成本指标", "{}运行经费", "≤{}万元", "{}万元"),
    ("产出指标", "成本指标", "{}补助标准", "=500元/人", "500元/人"),
    ("效益指标", "社会效益指标", "{}服务水平", "显著提升", "显著提升"),
    ("效益指标", "经济效益指标", "{}设备利用率", "≥90%", "88%"),
    ("效益指标", "可持续影响指标", "{}长效机制", "健全", "已健全"),
    ("满意度指标", "服务对象满意度指标", "{}群众满意度", "≥90%", "93%"),
    ("满意度指标", "服务对象满意度指标", "{}职工满意度", "≥90%", "91%"),
)
T = TypeVar("T")


def tables(count: int) -> list[ParsedTable]:
    """So many self-evaluations, the same ones for the same number."""
    chance = random.Random(20230101)
    return [_table(number, chance) for number in range(count)]


def _table(number: int, chance: random.Random) -> ParsedTable:
    noun = NOUNS[number % len(NOUNS)]
    spent = Decimal(chance.randrange(30, 101) * 10000)
    return ParsedTable(
        kind=TableKind.SELF_EVALUATION,
        at=f"L{number}",
        project=f"{noun}项目第{number // 2}号",
        unit=f"单位{number // 8}",
        fiscal_year=2023,
        objectives=(Objective(text=f"完成{noun}的检查和维修，第{number % 400}批，保障群众安全"),),
        funds=(
            Fund(source=FundSource.TOTAL, adjusted=Decimal(1000000), executed=spent),
            Fund(source=FundSource.FISCAL, adjusted=Decimal(900000), executed=spent),
            Fund(source=FundSource.OTHER, adjusted=Decimal(100000), executed=Decimal(0)),
        ),
        execution=Execution(
            budget=Decimal(1000000),
            budget_used=Decimal(1000000),
            executed=spent,
            points=Decimal(10),
            awarded=Decimal(10),
            at=f"L{number}",
        ),
        indicators=tuple(
            _row(f"L{number}.{place}", noun, row, chance) for place, row in enumerate(ROWS)
        ),
        total_claimed=Decimal(100),
    )


def _row(
    at: str, noun: str, row: tuple[str, str, str, str, str], chance: random.Random
) -> ParsedIndicator:
    level1, level2, name, target, actual = row
    figure = chance.randrange(1, 60)
    context = ValueContext(name=name.format(noun), level1=level1, level2=level2, fiscal_year=2023)
    due = parse_target(target.format(figure), context)
    return ParsedIndicator(
        name=context.name,
        at=at,
        level1=level1,
        level2=level2,
        target=due,
        actual=parse_actual(actual.format(figure), due, context),
        points=Decimal(6),
        awarded=Decimal(6),
    )


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What a call gave, and how long it took."""
    begun = time.process_time()
    result = work()
    return result, time.process_time() - begun


def examined(scored: list[tuple[ParsedTable, ScoreSheet]]) -> list[Finding]:
    """All findings: on each table, and on all of them together."""
    found = [f for table, sheet in scored for f in examine(table, sheet, RULES)]
    return [*found, *examine_together(scored, RULES)]


def main() -> None:
    """Prints the times and the two ratios."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else TABLES
    took: list[tuple[float, float]] = []
    for size in (count, 2 * count):
        made = tables(size)
        sheets, scoring = timed(lambda made=made: [score(t, RULES) for t in made])  # type: ignore[misc]
        scored = list(zip(made, sheets, strict=True))
        found, examining = timed(lambda scored=scored: examined(scored))  # type: ignore[misc]
        took.append((scoring, examining))
        print(
            f"{size} 张表、{size * len(ROWS)} 个指标：打分 {scoring:.1f} 秒，"
            f"审核 {examining:.1f} 秒，{len(found)} 个发现；审核÷打分 {examining / scoring:.2f}"
        )
    (scored_once, once), (scored_twice, twice) = took
    print(f"2N÷N：审核 {twice / once:.2f}，打分 {scored_twice / scored_once:.2f}")


if __name__ == "__main__":
    main()
