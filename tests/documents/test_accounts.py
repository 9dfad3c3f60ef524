"""What final accounts say of single projects, and where."""

from __future__ import annotations

from decimal import Decimal

import pytest

from performance.documents import read
from performance.documents.accounts import bare, in_words, project_accounts

TABLE = """辛市中心2025年度部门决算

项目支出决算明细表
部门：辛市中心\t\t\t金额单位：万元
项目名称\t年初预算数\t全年预算数\t支出决算数
培训经费\t60.00\t50.00\t45.50
干部培训经费\t8.00\t8.00\t0.00

项目支出预算表
部门：辛市中心\t\t\t金额单位：万元
项目名称\t年初预算数\t全年预算数\t支出预算数
培训经费\t60.00\t50.00\t50.00

（一）宣传经费绩效自评综述：项目全年预算数为12万元，执行数为11.5万元，完成预算的95.83%。
（二）展览经费绩效自评综述：项目调整后预算数20万元，执行数18万元，完成预算的90%。
"""


def test_rows_and_sentences_with_their_places() -> None:
    found = project_accounts(read(TABLE.encode(), "决算.txt"))
    told = [(one.project, one.budget, one.executed, one.table, in_words(one.at)) for one in found]
    wan = Decimal(10000)
    assert told == [
        ("培训经费", 50 * wan, Decimal("45.50") * wan, "项目支出决算明细表", "第 6 行"),
        ("干部培训经费", 8 * wan, 0, "项目支出决算明细表", "第 7 行"),
        ("宣传经费", None, Decimal("11.5") * wan, "正文", "第 14 行"),
        ("展览经费", 20 * wan, 18 * wan, "正文", "第 15 行"),
    ], "a budget table is none, and the year's first budget is never taken for the adjusted one"


def test_names_are_compared_whole() -> None:
    assert bare("“培训 经费”") == bare("培训经费")
    assert bare("培训经费") != bare("干部培训经费")


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("L0658", "第 658 行"), ("T2R05C03", "第 2 张表第 5 行"), ("P3T1R05C03", "第 3 页第 1 张表第 5 行"),
        ("决算!B7", "工作表“决算” B7"), ("别处", "别处"),
    ],
)  # fmt: skip
def test_places_in_words(at: str, words: str) -> None:
    assert in_words(at) == words
