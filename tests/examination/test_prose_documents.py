"""Two invented reports in which every figure ties, and the same with one figure changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from performance.documents import read
from performance.examination.prose import check_x01_prose
from performance.tables import Finding

TEXTS = Path(__file__).parent / "texts"
ACCOUNTS, BUDGET = "final-accounts.txt", "budget.txt"


def _found(text: str) -> list[Finding]:
    return [*check_x01_prose(read(text.encode(), "report.txt"))]


def _text(name: str) -> str:
    return (TEXTS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [ACCOUNTS, BUDGET])
def test_nothing_where_everything_ties(name: str) -> None:
    assert [f.message for f in _found(_text(name))] == []


CHANGES = [
    (ACCOUNTS, "收、支总计1,850.32万元", "收、支总计1,805.32万元"),
    (ACCOUNTS, "基本支出1,120.12万元，占60.54%", "基本支出1,120.12万元，占65.04%"),
    (ACCOUNTS, "项目支出730.20万元，占39.46%", "项目支出703.20万元，占39.46%"),
    (ACCOUNTS, "占本年支出合计的97.30%", "占本年支出合计的93.70%"),
    (ACCOUNTS, "减少120.68万元，减少6.12%", "减少120.68万元，减少6.81%"),
    (ACCOUNTS, "农林水支出1,600.02万元", "农林水支出1,602.02万元"),
    (ACCOUNTS, "支出决算为919.82万元，完成年初预算的108.21%", "支出决算为991.82万元，完成年初预算的116.68%"),
    (ACCOUNTS, "完成年初预算的136.04%", "完成年初预算的163.04%"),
    (ACCOUNTS, "公用经费180.02万元，占基本支出的16.07%", "公用经费190.02万元，占基本支出的16.96%"),
    (ACCOUNTS, "支出决算为9.6万元，完成预算的80%", "支出决算为9.6万元，完成预算的90%"),
    (ACCOUNTS, "授予小微企业合同金额90万元", "授予小微企业合同金额190万元"),
    (ACCOUNTS, "采购货物支出60.50万元", "采购货物支出65.50万元"),
    (BUDGET, "2024年收入预算1000万元", "2024年收入预算1010万元"),
    (BUDGET, "比2023年减少50万元，下降4.76%", "比2023年减少50万元，下降7.46%"),
    (BUDGET, "项目支出320万元，占32%", "项目支出230万元，占23%"),
    (BUDGET, "卫生健康支出38.5万元，占4.01%", "卫生健康支出38.5万元，占4.10%"),
    (BUDGET, "住房保障支出60万元，占6.25%", "住房保障支出60万元，占8.25%"),
    (BUDGET, "增加12.2万元，增长1.62%", "增加12.2万元，增长16.2%"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "true", "false"), CHANGES)
def test_one_changed_figure_is_raised(name: str, true: str, false: str) -> None:
    text = _text(name)
    assert text.count(true) == 1
    assert _found(text.replace(true, false))


@pytest.mark.parametrize(
    ("true", "other"),
    [
        ("差旅费12万元、培训费6万元", "差旅费8万元、培训费2万元"),  # a project's own
        ("压减办公费3.5万元，差旅费5万元", "压减办公费2.5万元，差旅费6万元"),  # reasons
        ("年初预算为500万元", "年初预算为500.01万元"),  # no table prints it
        ("共接待来访团组32个", "共接待来访团组23个"),
        ("追加人员经费69.82万元", "追加人员经费68.92万元"),
    ],
)
def test_what_nothing_in_the_report_speaks_of_stays_quiet(true: str, other: str) -> None:
    text = _text(ACCOUNTS)
    assert text.count(true) == 1
    assert [f.message for f in _found(text.replace(true, other))] == []
