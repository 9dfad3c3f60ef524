"""How targets are written: numbers, vague words, and the sign = among ≥ (T01, T04, T06)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from performance.examination.model import Case, Remark, Row, on_row
from performance.examination.nature import (
    is_called_rate,
    is_count_unit,
    is_fixed_group,
    says,
)
from performance.examination.placeholders import is_prompt, is_stand_in
from performance.tables import Severity
from performance.values import Comparator, Value, ValueKind, normalise

_SIGN_WITHOUT_NUMBER = re.compile(r"[≥≤<>][^\d零一二两三四五六七八九十百千万]{0,60}")
_ON_A_SCALE = re.compile(r"[ⅠⅡⅢⅣⅤⅥⅰⅱⅲⅳⅴA-Z]|优|良|合格|达标|中等|[级类等档星]$")
"""Grades have an order: ≥Ⅲ类 and ≥良好 say something without a number."""
_OF_LAST_YEAR = re.compile(r"上年|去年|上一年|往年|同期|上期")
_DIGIT = re.compile(r"\d")
_NO_COST_OF_MONEY = {"社会成本指标", "生态环境成本指标"}
_UP = (Comparator.AT_LEAST, Comparator.MORE_THAN)


def check_t01(case: Case) -> Iterator[Remark]:
    """T01 (错误): a target or an actual that has to be a number is none."""
    for row in case.rows:
        target, actual = row.target, row.actual
        if target is not None and _number_due(target):
            yield on_row(
                case,
                row,
                f"指标“{row.indicator.name}”的指标值“{target.text[:40]}”不是数；"
                "请填写一个数和计量单位，定性的目标不用比较符",
                Severity.ERROR,
                field="target",
            )
        elif (
            target is not None
            and target.kind in {ValueKind.QUANTITATIVE, ValueKind.RANGE}
            and actual is not None
            and actual.kind is ValueKind.QUALITATIVE
        ):
            yield on_row(
                case,
                row,
                f"指标“{row.indicator.name}”的目标“{target.text}”是数，"
                f"实际完成值“{actual.text[:40]}”不是数；请填写实际完成的数",
                Severity.ERROR,
                field="actual",
            )


def _number_due(target: Value) -> bool:
    if target.kind is not ValueKind.QUALITATIVE:
        return False
    if "T01" in target.problems:
        return True
    plain = normalise(target.text[:80])
    if _SIGN_WITHOUT_NUMBER.fullmatch(plain) is None:
        return False
    return not _OF_LAST_YEAR.search(plain) and not _ON_A_SCALE.search(plain)


def check_t04(case: Case) -> Iterator[Remark]:
    """T04: vague words under 数量, 成本, 满意度 (错误), under a rate of 质量 or 时效 (提示).

    Never under 效益. 社会成本 and 生态环境成本 may be words.
    """
    for row in case.rows:
        target, indicator = row.target, row.indicator
        if target is None or target.kind is not ValueKind.QUALITATIVE or target.problems:
            continue
        if is_prompt(target.text) or is_stand_in(target.text) or _DIGIT.search(target.text):
            continue
        if indicator.level2 in {"质量指标", "时效指标"}:
            if is_called_rate(row.name) and not _OF_LAST_YEAR.search(target.text):
                yield on_row(
                    case,
                    row,
                    f"指标“{indicator.name}”是比率，指标值却写“{target.text[:40]}”；"
                    "请写成百分比，如“≥95%”",
                    Severity.NOTICE,
                    field="target",
                )
            continue
        hard = (
            indicator.level2 == "数量指标"
            or row.is_satisfaction
            or (row.is_cost and indicator.level2 not in _NO_COST_OF_MONEY)
        )
        if hard and says("vague", normalise(target.text)) and not _OF_LAST_YEAR.search(target.text):
            kind = (indicator.level2 or indicator.level1 or "").removesuffix("指标")
            yield on_row(
                case,
                row,
                f"{kind}指标“{indicator.name}”的指标值“{target.text[:40]}”无法衡量；"
                "请改为可核对的数和计量单位",
                Severity.ERROR,
                field="target",
            )


def check_t06(case: Case) -> Iterator[Remark]:
    """T06 (提示): = on a count whose siblings use ≥: doing more would count as missing it.

    Not on a target of 0, nor for fixed groups of people.
    """
    groups: dict[str | None, tuple[list[Row], list[Row]]] = {}
    for row in case.rows:
        target = row.target
        if row.indicator.level2 != "数量指标" or target is None:
            continue
        if target.kind is not ValueKind.QUANTITATIVE or not is_count_unit(target.unit):
            continue
        equal, at_least = groups.setdefault(row.indicator.goal, ([], []))
        if row.wrote(Comparator.EQUAL):
            if target.value != 0 and not is_fixed_group(row.name, target.unit):
                equal.append(row)
        elif row.wrote(*_UP):
            at_least.append(row)
    for equal, at_least in groups.values():
        if len(at_least) < max(1, len(equal)):
            continue
        for row in equal:
            assert row.target is not None, "rows here have targets"
            due = normalise(row.target.text).replace("=", "≥", 1)
            yield on_row(
                case,
                row,
                f"指标“{row.indicator.name}”用了“{normalise(row.target.text)}”，"
                f"同类的“{at_least[0].indicator.name}”等用“≥”；多做也算偏差，一般应为“{due}”",
                Severity.NOTICE,
                field="target",
            )
