"""Units of targets: missing, or not of the indicator's kind (T02); rates above 100 % (T03)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from performance.examination.model import Case, Remark, Row, on_row
from performance.examination.nature import (
    is_bounded,
    is_count,
    is_count_unit,
    is_rate,
    names_unit,
)
from performance.tables import Severity
from performance.values import Comparator, Value, ValueKind, normalise

_FIGURES = {ValueKind.QUANTITATIVE, ValueKind.RANGE}
_CHANGE = re.compile(r"提升|提高|增长|增加|下降|降低|减少|压减|上升|节约|缩短|同比|环比|[+＋]")
_TOP = Decimal(100)


def check_t02_missing(case: Case) -> Iterator[Remark]:
    """T02 (错误): a number without a unit.

    The unit may stand in the name (参加人次) or in the header. Where no number of the table has
    one it is one finding, and the column of units is missing.
    """
    bare: list[Row] = []
    united = 0
    for row in case.rows:
        target = row.target
        if target is None or target.kind not in _FIGURES:
            continue
        if target.unit is not None:
            united += 1
        elif not names_unit(row.name) and target.value != 0:
            bare.append(row)
    if len(bare) > 2 and not united:
        yield on_row(
            case,
            bare[0],
            f"{len(bare)} 个指标值都没有计量单位（如“{bare[0].indicator.name}”只写“{_text(bare[0])}”）；"
            "请补填计量单位",
            Severity.ERROR,
            field="unit",
        )
        return
    for row in bare:
        percent = is_rate(row.name) or is_bounded(row.name)
        yield on_row(
            case,
            row,
            f"指标“{row.indicator.name}”的指标值“{_text(row)}”没有计量单位；请补填{'“%”' if percent else ''}",
            Severity.ERROR,
            field="unit",
        )


def check_t02_kind(case: Case) -> Iterator[Remark]:
    """T02 (错误): a rate counted in 家 or 个, a count in percent, money in 万 without 元."""
    for row in case.rows:
        target = row.target
        if target is None or target.kind not in _FIGURES:
            continue
        name = row.indicator.name
        words = None
        if is_rate(row.name) and is_count_unit(target.unit):
            words = (
                f"指标“{name}”是比率，却用“{target.unit}”作单位（{_text(row)}）；"
                "请改用“%”，或把名称改为数量"
            )
        elif is_count(row.name) and target.unit == "%" and not _CHANGE.search(name + target.text):
            words = (
                f"指标“{name}”是数量，指标值“{_text(row)}”却是百分比；"
                "请改用个数、人数等单位，或把名称改为比率"
            )
        elif "unit_inferred" in target.problems:
            words = (
                f"指标“{name}”的指标值“{_text(row)}”只写了“万”，没有写“元”；应为“{_text(row)}元”"
            )
        if words:
            yield on_row(case, row, words, Severity.ERROR, field="unit")


def _text(row: Row) -> str:
    return normalise(row.target.text[:40]) if row.target else ""


def check_t03(case: Case) -> Iterator[Remark]:
    """T03: a rate that cannot pass 100 % is above it (错误), or written ≥100% (提示)."""
    for row in case.rows:
        if not is_bounded(row.name):
            continue
        for cell, value in (("target", row.target), ("actual", row.actual)):
            if _above(value):
                assert value is not None, "only a value is above"
                what = "指标值" if cell == "target" else "实际完成值"
                yield on_row(
                    case,
                    row,
                    f"指标“{row.indicator.name}”不会超过 100%，{what}却是“{normalise(value.text[:40])}”；"
                    "请核对",
                    Severity.ERROR,
                    field=cell,
                )
        target = row.target
        if (
            target is not None
            and target.unit == "%"
            and target.value == _TOP
            and row.wrote(Comparator.AT_LEAST)
            and not _CHANGE.search(target.text)
        ):
            yield on_row(
                case,
                row,
                f"指标“{row.indicator.name}”写作“{_text(row)}”，不可能超过 100%；应为“=100%”",
                Severity.NOTICE,
                field="target",
            )


def _above(value: Value | None) -> bool:
    if value is None or value.unit != "%" or _CHANGE.search(value.text):
        return False
    if value.kind not in {*_FIGURES, ValueKind.BOUND}:
        return False
    top = value.upper if value.kind is ValueKind.RANGE else value.value
    if not isinstance(top, Decimal):
        return False
    return top > _TOP or (top == _TOP and value.comparator is Comparator.MORE_THAN)
