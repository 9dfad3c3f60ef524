"""Reading a written value: any text becomes a Value or None, never an exception."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from performance.values import words
from performance.values.dates import NotADay, Period, read_period
from performance.values.figures import UNIT, Figure, figures, is_unit_alone
from performance.values.inference import infer_comparator
from performance.values.model import Comparator, Value, ValueContext, ValueKind
from performance.values.numbers import DIGITS, decimal_of
from performance.values.numerals import arabic, is_nothing
from performance.values.text import LONGEST, is_empty, normalise
from performance.values.units import Unit, is_money_indicator, read_unit, unit_in_name

_NO_CONTEXT = ValueContext()
_RANGE = re.compile(
    rf"(?P<low>{DIGITS})(?P<unit1>{UNIT})?(?:-|~|至|到)(?P<high>{DIGITS})(?P<unit2>{UNIT})?(?:之间|以内)?"
)
_BOTH = re.compile(
    rf"(?:≥|>|不低于|大于等于)(?P<low>{DIGITS})(?P<unit1>{UNIT})?(?:且|,|,且|，|，且|并)?(?:≤|<|不高于|小于等于)"
    rf"(?P<high>{DIGITS})(?P<unit2>{UNIT})?"
)
_EVERY = re.compile(
    rf"(?:每|按)(?P<span>季度|季|月度|月|年度|年|周|日|天)(?:开展|召开|组织|检查|不少于|至少|完成)?"
    rf"(?P<sign>[≥≤]?)(?P<digits>{DIGITS})(?P<unit>次|场|期|份|个|篇|条)(?:以上)?"
)
_SPANS = {"季": "季度", "月度": "月", "年度": "年", "日": "天"}
_PRIOR = re.compile(
    rf"(?P<word>不低于|不少于|不小于|大于等于|≥|不高于|不超过|不多于|小于等于|≤|高于|超过|低于|少于|>|<)"
    rf"(?:{'|'.join(words.PRIOR_YEAR)})(?:度)?(?:水平|实际|同期|完成值|数|值|标准)?"
)
_DATE_LEAD = re.compile(r"^(?:≤|<|不晚于|不迟于|早于|截至|截止|=)")
_RATIO = re.compile(r"\d{1,6}[:：]\d{1,6}|±\d{1,9}.{0,4}|\d{1,6}/\d{1,6}")
_BAD_GROUPS = re.compile(r"\d[,，]\d")
_LONGEST_AROUND = 60
"""One number in a longer text is a story and no value."""


def is_placeholder(text: str | None) -> bool:
    """Whether a text stands for nothing: 无, 暂无, 待定."""
    return text is not None and len(text) <= 20 and normalise(text) in words.PLACEHOLDERS


def parse_target(text: str | None, context: ValueContext = _NO_CONTEXT) -> Value | None:
    """A target value. None when the cell is empty or a placeholder (``is_placeholder``).

    Only here a comparator may be inferred, and then ``inferred`` says so.
    """
    if text is None or is_empty(text) or is_placeholder(text):
        return None
    read = _read(text, context, target=True)
    if read.kind is ValueKind.QUANTITATIVE and read.comparator is None:
        assert isinstance(read.value, Decimal)
        comparator = infer_comparator(
            name=context.name,
            level1=context.level1,
            level2=context.level2,
            value=read.value,
            unit=read.unit,
        )
        return replace(read, comparator=comparator, inferred=("comparator", *read.inferred))
    return read


def parse_actual(
    text: str | None, target: Value | None = None, context: ValueContext = _NO_CONTEXT
) -> Value | None:
    """An actual value. None when it is missing: empty, or 无 where a number was due.

    A comparator makes it a bound, which is no measurement; ``=`` is a plain measurement.
    """
    if text is None or is_empty(text):
        return None
    if is_placeholder(text):
        if target is not None and target.kind is ValueKind.YES_NO:
            return _yes_no(text)
        words_due = target is not None and target.kind is ValueKind.QUALITATIVE
        return _words(text) if words_due else None
    if target is not None and target.kind is ValueKind.YES_NO:
        return _yes_no(text)
    read = _read(text, context, target=False)
    if read.kind is ValueKind.QUANTITATIVE and read.comparator is not None:
        if read.comparator is Comparator.EQUAL:
            return replace(read, comparator=None)
        return replace(read, kind=ValueKind.BOUND)
    return read


def yes_no(value: Value) -> bool | None:
    """What a yes-no value says; None when its words are neither."""
    text = normalise(value.text[:40])
    if text in words.NO or text.startswith(("未", "没有", "不")):
        return False
    if text in words.YES or text.startswith(("已", "是", "有", "完成")):
        return True
    return None


def _yes_no(text: str) -> Value:
    value = Value(text=text.strip(), kind=ValueKind.YES_NO)
    return value if yes_no(value) is not None else replace(value, kind=ValueKind.QUALITATIVE)


def _words(text: str, *problems: str) -> Value:
    return Value(text=text.strip(), kind=ValueKind.QUALITATIVE, problems=problems)


def _read(text: str, context: ValueContext, *, target: bool) -> Value:
    if len(text) > LONGEST:
        return _words(text)
    plain = normalise(text)
    if plain.lower() in words.NOT_APPLICABLE:
        return Value(text=text.strip(), kind=ValueKind.NOT_APPLICABLE)
    if target and plain in words.YES_NO_TARGETS:
        return Value(text=text.strip(), kind=ValueKind.YES_NO)
    for reader in (_prior, _date, _every, _range, _number):
        value = reader(text, plain, context, target)
        if value is not None:
            if target and "是否" in context.name and value.kind is ValueKind.QUALITATIVE:
                return Value(text=text.strip(), kind=ValueKind.YES_NO)
            return value
    if target and "是否" in context.name[:200]:
        return Value(text=text.strip(), kind=ValueKind.YES_NO)
    return _words(text, *_due(plain))


def _due(plain: str) -> tuple[str, ...]:
    """T01 where a number was due: a ratio, a tolerance without a base, a unit without a number."""
    if _RATIO.fullmatch(plain) or is_unit_alone(plain) or _BAD_GROUPS.search(plain):
        return ("T01",)
    return ()


# ── last year's value ───────────────────────────────────────────────────────────────────────────


def _prior(text: str, plain: str, context: ValueContext, target: bool) -> Value | None:
    found = _PRIOR.fullmatch(plain)
    if found is None:
        return None
    prior = context.prior_actual
    if not target or prior is None or not isinstance(prior.value, Decimal):
        return _words(text)
    word = found["word"]
    sign = words.SIGNS.get(word) or dict(words.LEADING)[word]
    return Value(
        text=text.strip(),
        kind=ValueKind.QUANTITATIVE,
        comparator=Comparator(sign),
        value=prior.value,
        unit=prior.unit,
        inferred=("value", "unit"),
    )


# ── dates ───────────────────────────────────────────────────────────────────────────────────────


def _date(text: str, plain: str, context: ValueContext, target: bool) -> Value | None:
    bare = _DATE_LEAD.sub("", plain)
    read = read_period(bare, context.fiscal_year)
    if read is None:
        return None
    if isinstance(read, NotADay):
        return _words(text, read.code)
    return _dated(text, read, target)


def _dated(text: str, period: Period, target: bool) -> Value:
    inferred = ("year",) if period.year_inferred else ()
    if target:
        return Value(
            text=text.strip(),
            kind=ValueKind.DATE,
            comparator=Comparator.AT_MOST,
            value=period.last,
            inferred=inferred,
        )
    less_precise = period.first != period.last
    return Value(
        text=text.strip(),
        kind=ValueKind.DATE,
        value=period.first,
        upper=period.last if less_precise else None,
        inferred=inferred,
    )


# ── numbers ─────────────────────────────────────────────────────────────────────────────────────


def _every(text: str, plain: str, context: ValueContext, target: bool) -> Value | None:
    """每季度1次 is 1 次/季度; other recurring dates and frequencies are words."""
    found = _EVERY.fullmatch(plain)
    if found is not None:
        span = _SPANS.get(found["span"], found["span"])
        return Value(
            text=text.strip(),
            kind=ValueKind.QUANTITATIVE,
            comparator=Comparator(found["sign"]) if found["sign"] else None,
            value=decimal_of(found["digits"]),
            unit=f"{found['unit']}/{span}",
        )
    return _words(text) if plain.startswith(words.RECURRING) else None


def _range(text: str, plain: str, context: ValueContext, target: bool) -> Value | None:
    found = _RANGE.fullmatch(plain) or _BOTH.fullmatch(plain)
    if found is None:
        return None
    unit_text = found["unit2"] or found["unit1"] or ""
    unit = _unit(unit_text, context)
    low, high = (decimal_of(found[end]) for end in ("low", "high"))
    if low > high:
        return _words(text, "range_reversed")
    return Value(
        text=text.strip(),
        kind=ValueKind.RANGE,
        comparator=Comparator.RANGE,
        value=low * unit.factor,
        upper=high * unit.factor,
        unit=unit.name,
        inferred=() if unit_text or unit.name is None else ("unit",),
    )


def _number(text: str, plain: str, context: ValueContext, target: bool) -> Value | None:
    if _RATIO.fullmatch(plain):
        return None
    spelled = False
    found = figures(plain)
    if not found and (written := arabic(plain)) is not None:
        found, spelled = figures(written), True
        plain = written
    if not found:
        return None
    if len({(figure.number, figure.unit) for figure in found}) > 1:
        return _words(text, "several_numbers")
    figure = found[0]
    if (
        not (spelled and is_nothing(normalise(text))) and _is_story(plain, figure)
    ) or _BAD_GROUPS.search(_ungrouped(plain)):
        return None
    return _figured(text, figure, context, target=target, spelled=spelled)


def _ungrouped(plain: str) -> str:
    return re.sub(DIGITS, lambda found: found.group().replace(",", "").replace("，", ""), plain)


def _is_story(plain: str, figure: Figure) -> bool:
    """A number deep in a text, or without any unit between words, is no value."""
    if len(plain) > _LONGEST_AROUND:
        return True
    if figure.unit:
        return figure.unit in {"日", "月", "年", "级", "号"} and plain.endswith(
            ("日前", "月前", "底前")
        )
    ends = re.search(r"\d[)）。；;]{0,2}(?:以上|以内|以下|左右)?$", plain)
    return ends is None


@dataclass(frozen=True, slots=True)
class _Sized:
    """A unit with whether it was read from around the value."""

    unit: Unit
    inferred: bool


def _unit(written: str, context: ValueContext) -> Unit:
    return _sized(written, context).unit


def _sized(written: str, context: ValueContext) -> _Sized:
    money = is_money_indicator(context.name, context.level1, context.level2)
    if written:
        unit = read_unit(written, money=money)
        around = unit_in_name(context.name) or context.header_unit
        if unit.name is None and around and not unit.money_without_yuan:
            named = read_unit(normalise(around), money=money)
            if named.factor == 1:
                return _Sized(replace(unit, name=named.name), True)
        return _Sized(unit, unit.money_without_yuan)
    around = context.header_unit or unit_in_name(context.name)
    if around:
        return _Sized(read_unit(normalise(around), money=money), True)
    return _Sized(Unit(None), False)


def _figured(
    text: str, figure: Figure, context: ValueContext, *, target: bool, spelled: bool
) -> Value:
    sized = _sized(figure.unit, context)
    unit = sized.unit
    inferred: list[str] = ["unit"] if sized.inferred else []
    problems: list[str] = ["unit_inferred"] if unit.money_without_yuan else []
    number = figure.number * unit.factor
    if unit.share and number <= 1:
        number *= 100
        inferred = ["unit", "value"]
    if spelled:
        inferred.append("value")
    comparator, approximate = figure.comparator, figure.approximate
    if not target and figure.over:
        comparator, approximate = None, True
    if target and approximate:
        problems.append("approximate")
    return Value(
        text=text.strip(),
        kind=ValueKind.QUANTITATIVE,
        comparator=comparator,
        value=number + 0 if number else Decimal(0),
        unit=unit.name,
        approximate=approximate,
        inferred=tuple(dict.fromkeys(inferred)),
        problems=tuple(problems),
    )
