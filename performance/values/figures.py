"""One figure in a written value: sign, number, unit, and what the words around it make of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from performance.values import words
from performance.values.model import Comparator
from performance.values.numbers import DIGITS, decimal_of

_SIGN = r"(?P<sign>[≥≤<>=]{1,2})?"
_BASES = (
    *words.COUNTING, "%", "‰", "百分比", "百分数", "比率", "比例", "个百分点", "百分点", "元", "美元", "人民币",
    "平方公里", "平方千米", "立方米", "公顷", "千米", "米", "厘米", "毫米", "千克", "公斤", "克", "斤", "升", "毫升",
    "TB", "GB", "MB", "PB", "Mbps", "Gbps", "千瓦时", "千瓦", "度", "兆", "分钟", "秒", "分", "周", "月", "个月",
    "季度", "日", "学时", "课时", "航时", "人天", "人日", "人月", "车次", "架次", "剂次", "剂", "床位", "床", "岗位",
    "企业", "村", "镇", "乡", "县", "市", "区", "校", "点", "岁", "折", "级", "盏", "眼", "口", "尾", "羽", "袋", "瓶",
    "盒", "箱", "桶", "桌", "把", "面", "枚", "根", "段", "层", "栋", "幢", "版", "页", "字", "集", "首", "幕", "艘",
    "架", "列", "管", "线", "公里", "万", "亿", "标箱", "病种", "站", "网点", "社区", "户数", "学生", "学员", "老人",
    "儿童", "职工", "干部", "专家", "对", "样", "路", "套次", "台套", "台(套)", "台/套", "人份", "份次", "课", "场会",
)  # fmt: skip
_BASE = "|".join(sorted(map(re.escape, _BASES), key=len, reverse=True))
_MULTIPLIER = r"(?:百万|千万|万|亿|萬|億|千(?!米|克|瓦|伏))?"
_PER = rf"(?:(?:/|每)(?:{_BASE}|年|学年|次|[人户亩月天日年户]{{1,2}}))"
UNIT = rf"{_MULTIPLIER}(?:余|多)?个?(?:{_BASE}){_PER}{{0,3}}|(?:百万|千万|万|亿|萬|億)"
_FIGURE = re.compile(
    rf"{_SIGN}(?P<minus>-)?(?P<digits>{DIGITS})(?P<more>余|多)?(?P<unit>{UNIT})?(?P<unit2>余|多)?",
)
_LEADS = tuple(sorted(words.LEADING, key=lambda pair: len(pair[0]), reverse=True))
_CODE = re.compile(
    r"[〔【\[(（](?:19|20)\d\d[〕】\])）]\d{0,6}号?|第\d{1,6}号?|(?:GB|DB|ISO|HJ|JGJ|YY|WS|CJJ|JTG)/?[A-Z]{0,2}[ -]?\d{1,7}(?:\.\d{1,3})?(?:-\d{2,4})?"
    r"|\d{1,6}号(?:文|令|公告)?|(?:19|20)\d\d年(?:度)?|\d{1,2}月\d{1,2}日|[A-Za-z]{1,10}-?\d{1,4}(?:\.\d{1,3})?|\d{1,2}[A-Za-z](?![A-Za-z])(?<![GTMP]B)"
)
_LATIN = re.compile(r"[A-Za-z]")
_TB = re.compile(r"[TGMP]B(?:ps)?$")
_BEHIND = re.compile(r"^[)）\]】。；;，,、！!.]{0,3}$")
_GENERIC_UNIT = re.compile(r"[^\d\s%≥≤<>=+\-~至到、，,。；;:：()（）]{1,4}")
_NO_UNITS = (
    "推进", "完成", "覆盖", "达标", "落实", "到位", "发放", "实现", "保障", "支付", "内", "前", "后", "起", "止", "以", "不", "及时",
    *words.LOWER_ENDS, "容忍", "差评", "缺陷", "失误", "拖欠", "延误", "上访", "信访", "合格", "满意", "报销", "拨付", "执行", "全部", "整改", "验收", "日前", "办结",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as written with the sign and unit around it."""

    number: Decimal
    unit: str
    """As written, normalised; empty when none."""
    comparator: Comparator | None
    approximate: bool
    over: bool
    """Written with 超, 超过, 逾 …: a bound in a target, approximate in an actual."""


def figures(text: str) -> list[Figure]:
    """All figures of a normalised text, numbers of documents, standards and years left out."""
    return [place.figure for place in located(text)]


@dataclass(frozen=True, slots=True)
class Located:
    """A figure with where its number begins and its unit ends in the normalised text."""

    figure: Figure
    start: int
    end: int
    digits: str
    """The number as written, without its unit."""


def located(text: str) -> list[Located]:
    """Like figures, each with its place. The text is one value or one sentence, not a book."""
    covered = [
        (found.start(), found.end())
        for found in _CODE.finditer(text)
        if not _TB.search(found.group())
    ]
    result: list[Located] = []
    for found in _FIGURE.finditer(text):
        start, end = found.span("digits")
        if any(low < end and start < high for low, high in covered):
            continue
        if _in_word(text, start, found.end()):
            continue
        result.append(Located(_figure(text, found), start, found.end(), found["digits"]))
    return result


def _in_word(text: str, start: int, end: int) -> bool:
    """Whether digits are glued to Latin letters, as in a model number or 1e5."""
    return (start > 0 and _LATIN.match(text[start - 1]) is not None) or (
        text[end - 1].isdecimal() and _LATIN.match(text[end : end + 1]) is not None
    )


def _figure(text: str, found: re.Match[str]) -> Figure:
    before, behind = text[: found.start()], text[found.end() :]
    unit = found["unit"] or ""
    alone = not before or before in {lead for lead, _ in _LEADS}
    if not unit and alone and not found["unit2"]:
        unit, behind = _generic(behind)
    number = decimal_of(found["digits"])
    minus = found["minus"] and (not before or before[-1] not in "0123456789%")
    comparator, over = _comparator(found["sign"], before)
    trailing, behind = _trailing(behind)
    comparator = comparator or trailing
    approximate = bool(found["more"] or found["unit2"] or "余" in unit or "多" in unit)
    approximate = approximate or before.endswith(words.APPROXIMATE_BEFORE)
    approximate = approximate or behind.startswith(("左右", "上下"))
    return Figure(
        number=-number if minus and number else number,
        unit=unit.replace("余", "").replace("多", ""),
        comparator=comparator,
        approximate=approximate or behind.startswith(("余", "多")),
        over=over,
    )


def _generic(behind: str) -> tuple[str, str]:
    """An unknown short word right behind a number alone is its unit; a verb is not."""
    for tail, _ in words.TRAILING:
        if behind.endswith(tail):
            unit = behind.removesuffix(tail)
            return (unit, tail) if _is_unit(unit) else ("", behind)
    return (behind, "") if _is_unit(behind) else ("", behind)


def _is_unit(text: str) -> bool:
    return _GENERIC_UNIT.fullmatch(text) is not None and not any(w in text for w in _NO_UNITS)


def _comparator(sign: str | None, before: str) -> tuple[Comparator | None, bool]:
    if sign:
        return Comparator(words.SIGNS[sign[0]]), False
    for lead, meaning in _LEADS:
        if before.endswith(lead):
            over = lead in words.OVER_WORDS
            return Comparator(meaning), over
    if before.endswith("超"):
        return Comparator.MORE_THAN, True
    return None, False


def _trailing(behind: str) -> tuple[Comparator | None, str]:
    for tail, meaning in words.TRAILING:
        if behind.startswith(tail):
            return Comparator(meaning), behind[len(tail) :]
    if behind.startswith("内"):
        return Comparator.AT_MOST, behind[1:]
    return None, behind


def is_unit_alone(text: str) -> bool:
    """Whether a text is a unit and nothing else: 人, %, 万元."""
    return re.fullmatch(UNIT, text) is not None
