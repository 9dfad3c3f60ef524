"""Invented reports in other provinces' wording: silent where all ties, raised where one is changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from performance.documents import read
from performance.examination.prose import check_x01_prose

TEXTS = Path(__file__).parent / "texts"
COAST, SOUTH = "accounts-coast.txt", "budget-south.txt"
REPORT, SELF = "evaluation-report.txt", "self-report.txt"


def _found(text: str) -> list[str]:
    return [finding.message for finding in check_x01_prose(read(text.encode(), "报告.txt"))]


def _text(name: str) -> str:
    return (TEXTS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [COAST, SOUTH, REPORT, SELF])
def test_nothing_where_everything_ties(name: str) -> None:
    assert _found(_text(name)) == []


CHANGES = [
    (COAST, "支出决算总计3,700.00万元。其中社会", "支出决算总计3,070.00万元。其中社会"),
    (COAST, "各增加200.00万元，增长5.71%", "各增加200.00万元，增长7.51%"),
    (COAST, "农林水支出2,700.55万元，住房", "农林水支出2,770.55万元，住房"),
    (COAST, "占99.47%；其他收入", "占94.97%；其他收入"),
    (COAST, "基本支出1,480.00万元，占40%", "基本支出1,840.00万元，占40%"),
    (COAST, "减少8.70万元，下降5.61%", "减少8.70万元，下降6.51%"),
    (COAST, "政府采购服务支出150.00万元", "政府采购服务支出105.00万元"),
    (COAST, "占政府采购支出总额的85%", "占政府采购支出总额的58%"),
    (SOUTH, "收入预算5,480.00万元", "收入预算5,840.00万元"),
    (SOUTH, "支出预算5,480.00万元，比上年增加480.00万元，增长9.6%", "支出预算5,480.00万元，比上年增加480.00万元，增长6.9%"),
    (SOUTH, "社会保障和就业支出5,130.00万元", "社会保障和就业支出5,310.00万元"),
    (SOUTH, "公务接待费3.00万元，比", "公务接待费5.00万元，比"),
    (SOUTH, "减少1.00万元，下降6.25%", "减少1.00万元，下降2.65%"),
    (SOUTH, "服务类采购预算550.00万元", "服务类采购预算505.00万元"),
    (REPORT, "县级配套资金360.00万元", "县级配套资金630.00万元"),
    (REPORT, "预算执行率95%", "预算执行率59%"),
    (SELF, "全年执行数为162.00万元", "全年执行数为126.00万元"),
    (SELF, "完成预算的90%", "完成预算的99%"),
    (SELF, "服务老人数量1562人", "服务老人数量1652人"),
    (SELF, "服务工单完成率98.6%", "服务工单完成率96.8%"),
    (SELF, "满意度94.1%", "满意度91.4%"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "true", "false"), CHANGES)
def test_one_changed_figure_is_raised(name: str, true: str, false: str) -> None:
    text = _text(name)
    assert text.count(true) == 1
    assert _found(text.replace(true, false))


NOT_SEEN = [
    (COAST, "其他收入19.60万元，为存款", "其他收入16.90万元，为存款"),
    (COAST, "完成预算的84%", "完成预算的48%"),
    (COAST, "公务接待费1.40万元", "公务接待费4.10万元"),
    (SOUTH, "基本支出1,918.00万元，占35%", "基本支出1,918.00万元，占53%"),
]  # fmt: skip
"""Mistakes that a careful reader would see and the checks do not."""


@pytest.mark.parametrize(("name", "true", "false"), NOT_SEEN)
def test_what_is_not_seen_is_listed(name: str, true: str, false: str) -> None:
    """Once one of these is raised it belongs above."""
    text = _text(name)
    assert text.count(true) == 1
    assert _found(text.replace(true, false)) == []
