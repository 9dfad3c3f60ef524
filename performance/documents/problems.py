"""Codes and words of what a document holds that could not be placed or read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from budgets.text import HIDDEN, mask_phones
from performance.tables import Place, Problem

RAW_LENGTH = 200

MESSAGES: dict[str, str] = {
    "format_unsupported": "不支持这种文件（{detail}）；请另存为受支持的格式后再上传",
    "file_empty": "文件是空的，没有可读的内容",
    "encoding_unknown": "认不出文本的编码；请另存为 UTF-8 后再上传",
    "no_tables": "没有找到绩效目标表或自评表：没有一行表头同时写着指标名称和指标值",
    "too_large": "文件超过可读的大小（{detail}）",
    "row_shifted": "{subject}这一行的单元格与表头错位，已按单元格的内容归位，请核对",
    "row_short": "{subject}这一行比表头少几格，缺的是哪几格看不出来，请核对",
    "row_unplaced": "这一行放不进表里：{detail}",
    "cell_unplaced": "{subject}这一行有单元格找不到对应的列：“{detail}”",
    "halves_differ": "{subject}左右两半（实施期与年度）的{detail}不一致，取{taken}，请核对",
    "half_lost": "{subject}左右两半中有一半缺了{detail}，取有内容的一半",
    "column_unknown": "表头“{detail}”是没有见过的一列，这一列没有读",
    "field_repeated": "同一项目填了两次而内容不同，取先写的一处",
    "level_missing": "{subject}没有写明{detail}，也没有可以沿用的上一行",
    "level_unknown": "{subject}的{detail}不在通用的分类里，按原文保留",
    "level_inferred": "{subject}没有写一级指标，按二级指标“{detail}”归类",
    "name_missing": "这一行有指标值却没有三级指标名称",
    "target_missing": "{subject}没有填指标值",
    "actual_missing": "{subject}没有填实际完成值",
    "points_unreadable": "{subject}的{detail}不是数字",
    "amount_unreadable": "{detail}不是金额",
    "rate_unreadable": "执行率读不出数字",
    "unit_assumed": "资金没有写单位，按万元读",
    "project_missing": "这张表没有写项目名称",
    "table_without_indicators": "这张表有表头，没有一行指标",
    "placeholder_row": "表中留着提示性的字样，没有填写指标",
    "total_unclear": "总分这一行看不出哪个数是得分",
    "execution_twice": "{subject}是预算执行，表中已另有预算执行得分；按指标原样保留",
    "goal_share_missing": "几个绩效目标中有的没有写所占的分值或比重，不按比重折算",
    "header_without_values": "这个表头有三级指标而没有指标值或完成值，下面的行没有读",
    "row_outside_table": "这一行像是指标，但不在任何表头之下，没有读入",
    "table_continued": "换页后重复了表名，以下各行接在前一张表之后，请核对",
    "T01": "{subject}的{detail}应当是数，写的不是数",
    "range_reversed": "{subject}的{detail}范围的下限大于上限，按文字处理",
    "unit_inferred": "{subject}的{detail}单位不完整，按金额读",
    "approximate": "{subject}的{detail}带有“约”“近”“左右”一类的字样，按写出的数读",
    "date_invalid": "{subject}的{detail}不是一个有效的日期",
    "year_unknown": "{subject}的{detail}是日期而没有年份，表中也没有写年度",
    "T05": "{subject}的指标值是占位的字样，等于没有填",
    "several_numbers": "{subject}的{detail}里有两个以上不同的数，按文字处理",
    "sentence_untied": "正文说到的项目“{detail}”在自评表里对不上",
}
_VALUE_MESSAGE = "{subject}的{detail}需要核对（{code}）"
_GAPPED_PHONE = re.compile(
    r"(?<!\d)(?:1[3-9]\d[ -]\d{4}[ -]\d{4}|[(（]0\d{2,3}[)）][ -]?\d{7,8}"
    r"|[48]00-?\d{3}-?\d{4})(?!\d)"
)
"""Numbers written with gaps or brackets, as on forms, beside those of budgets.text."""
_DIGITS = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)}
_NAMED = "指标“"
_SHORTEST_NAME, _LONGEST_NAME = 2, 12
_MOST_NAMES = 2000


@dataclass(frozen=True, slots=True)
class Mask:
    """Takes persons and telephones out of problems; names of indicators stay as they are."""

    names: re.Pattern[str] | None
    subjects: frozenset[str]

    def text(self, raw: str) -> str:
        """A raw text without names and numbers, cut to its length."""
        text = raw[: RAW_LENGTH * 4].translate(_DIGITS)
        text = mask_phones(_GAPPED_PHONE.sub(HIDDEN, text))
        if self.names is not None:
            text = self.names.sub(lambda found: "*" * len(found.group()), text)
        return text[:RAW_LENGTH]

    def problem(self, found: Problem) -> Problem:
        """The problem as it may be shown."""
        lead = self._subject(found.message)
        rest = self.text(found.message[len(lead) :])
        return replace(found, raw=self.text(found.raw), message=lead + rest)

    def _subject(self, message: str) -> str:
        """The beginning of a message that names an indicator, which stays as it is."""
        if not message.startswith(_NAMED):
            return ""
        end = message.rfind("”")
        while end > 0 and message[len(_NAMED) : end] not in self.subjects:
            end = message.rfind("”", 0, end)
        return message[: end + 1]


def mask(persons: Iterable[str], subjects: Iterable[str]) -> Mask:
    """A mask for the persons of a document; ``subjects`` are the names of its indicators."""
    names = sorted(
        {p for p in persons if _SHORTEST_NAME <= len(p) <= _LONGEST_NAME},
        key=len,
        reverse=True,
    )[:_MOST_NAMES]
    pattern = re.compile("|".join(re.escape(name) for name in names)) if names else None
    return Mask(pattern, frozenset(subjects))


def problem(
    code: str,
    at: Place,
    *,
    field: str | None = None,
    raw: str = "",
    subject: str = "",
    detail: str = "",
    taken: str = "",
) -> Problem:
    """A problem with its words. ``subject`` is the name of the indicator it is about, unchanged."""
    named = f"指标“{subject}”" if subject else ""
    message = MESSAGES.get(code, _VALUE_MESSAGE).format(
        subject=named, detail=detail, taken=taken, code=code
    )
    return Problem(code=code, at=at, field=field, raw=raw[: RAW_LENGTH * 4], message=message)
