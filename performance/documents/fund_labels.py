"""The words of the fund block: sources of money and columns. Data, not rules, and unchecked."""

from __future__ import annotations

import re
from enum import StrEnum

from performance.documents.labels import label_key
from performance.tables import FundSource

FUND_SOURCES: tuple[tuple[FundSource, str], ...] = (
    (
        FundSource.CARRY_OVER,
        r".{0,6}(?:上年|以前年度)?结转(?:结余)?(?:资金)?|年初结转(?:和结余)?",
    ),
    (FundSource.CENTRAL, r"中央(?:财政)?(?:补助|专项|转移支付)?(?:资金|拨款)?"),
    (
        FundSource.PROVINCIAL,
        r"(?:省|自治区|直辖市)级?(?:财政|补助)?(?:配套)?(?:资金|拨款)?",
    ),
    (
        FundSource.COUNTY,
        r"(?:市县|县|区|县区|市县区)级?(?:\(区\))?(?:财政)?(?:配套)?(?:资金|拨款)?",
    ),
    (FundSource.CITY, r"(?:市|州|地)级?(?:财政)?(?:配套)?(?:资金|拨款)?"),
    (FundSource.GOVERNMENT_FUND, r"政府性基金.{0,10}"),
    (FundSource.STATE_CAPITAL, r"国有资本经营预算.{0,10}"),
    (FundSource.BOND, r".{0,8}债券.{0,6}"),
    (FundSource.SELF_RAISED, r"(?:单位)?自筹(?:资金)?"),
    (FundSource.UNIT_FUNDS, r"单位资金|财政专户(?:管理)?资金|事业收入"),
    (FundSource.OTHER, r"其他(?:资金|来源)?"),
    (
        FundSource.FISCAL,
        r"(?:当年|本年|年度)?(?:一般公共预算)?财政(?:拨款|资金|补助)(?:资金)?|一般公共预算(?:财政)?(?:拨款|资金)?|财政拨款小计",
    ),
    (
        FundSource.TOTAL,
        (
            r"(?:实施期|年度|全年|项目)?(?:财政|预算)?(?:资金|预算)?总(?:额|计)|(?:年度|全年)预算(?:总额|数)?|资金总额"
            r"|年度财政资金总额|年度资金总额|项目资金总额|资金合计|实施期资金总额|总额"
        ),
    ),
)
_FUND_PATTERNS = tuple((source, re.compile(pattern)) for source, pattern in FUND_SOURCES)
_FUND_LEAD = re.compile(r"^(?:其中|其它?中)[:：]?")


def fund_source(text: str) -> FundSource | None:
    """Which source of money a cell names, or None."""
    key = _FUND_LEAD.sub("", label_key(text)).strip(":-—")
    if not key or len(key) > 24:
        return None
    for source, pattern in _FUND_PATTERNS:
        if pattern.fullmatch(key):
            return source
    return None


class FundColumn(StrEnum):
    """What a column of the fund block holds."""

    INITIAL = "initial"
    ADJUSTED = "adjusted"
    EXECUTED = "executed"
    POINTS = "points"
    RATE = "rate"
    AWARDED = "awarded"
    OTHER = "other"
    """A column the forms have and nothing is kept of."""


FUND_COLUMNS: tuple[tuple[FundColumn, str], ...] = (
    (FundColumn.INITIAL, r"年初预算(?:数|安排数)?|年初批复数|初始预算数?"),
    (
        FundColumn.ADJUSTED,
        r"(?:全年|调整后?|年度)预算(?:数|调整数)?|预算数|调整(?:后)?预算数|预算金额|预算安排数?|全年预算安排数",
    ),
    (FundColumn.RATE, r"(?:预算)?执行率.{0,12}|(?:1-\d{1,2}月)执行率"),
    (
        FundColumn.EXECUTED,
        r"(?:全年|实际|预算|1-\d{1,2}月)?执行(?:数|金额|情况)|实际(?:支出|使用)(?:数|金额)?|全年支出数?",
    ),
    (FundColumn.POINTS, r"分值|权重|标准分|满分"),
    (FundColumn.AWARDED, r"(?:自评|评价)?得分.{0,14}"),
    (
        FundColumn.OTHER,
        r"(?:全年)?预计执行(?:数|率|金额|情况)?|备注|偏差.{0,12}|结余(?:数|资金)?|预算调整.{0,6}",
    ),
)
_FUND_COLUMN_PATTERNS = tuple((column, re.compile(pattern)) for column, pattern in FUND_COLUMNS)


def fund_column(text: str) -> FundColumn | None:
    """What a header cell of the fund block announces, or None."""
    key = label_key(text)
    if not key or len(key) > 20:
        return None
    for column, pattern in _FUND_COLUMN_PATTERNS:
        if pattern.fullmatch(key):
            return column
    return None
