"""Dates and periods: the last day named, and the first where a day is not given."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

_YEAR = r"(?:(?P<year>(?:19|20)\d\d)年?度?)?"
_TAIL = r"(?P<tail>底前|末前|底以前|中旬前|上旬前|下旬前|之前|以前|前|底|末|中旬|上旬|下旬|初)?"
_DONE = r"(?:完成|完工|结束|建成|竣工|开工|投入使用|发放完毕|拨付到位|交付使用)?"
_LEAD = r"(?:于|在|截至|截止|预计|计划)?"
_DAY = re.compile(
    rf"{_LEAD}(?:(?P<year>(?:19|20)\d\d)年)?(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})[日号]?"
    rf"(?:之前|以前|前)?{_DONE}"
)
_DOTTED = re.compile(
    rf"{_LEAD}(?P<year>(?:19|20)\d\d)[./-](?P<month>\d{{1,2}})[./-](?P<day>\d{{1,2}})日?"
    rf"(?:之前|以前|前)?{_DONE}"
)
_MONTH = re.compile(rf"{_LEAD}{_YEAR}(?P<month>\d{{1,2}})月份?{_TAIL}{_DONE}")
_YEAR_MONTH = re.compile(r"(?P<year>(?:19|20)\d\d)[/-](?P<month>\d{1,2})(?P<tail>前|底前)?")
_SPAN = re.compile(
    rf"{_LEAD}{_YEAR}(?P<first>\d{{1,2}})月?(?:份)?(?:-|~|至|到)(?P<last>\d{{1,2}})月份?(?:底|末)?(?:前)?{_DONE}"
)
_FULL_SPAN = re.compile(
    r"(?P<y1>(?:19|20)\d\d)[年./-](?P<m1>\d{1,2})(?:[月./-](?P<d1>\d{1,2})日?|月)?(?:-|~|至|到)"
    r"(?:(?P<y2>(?:19|20)\d\d)[年./-])?(?P<m2>\d{1,2})(?:[月./-](?P<d2>\d{1,2})日?|月)?(?:底|末)?(?:前)?"
)
_PART = re.compile(
    rf"{_LEAD}{_YEAR}(?P<part>上半年|下半年|全年|年内|年底|年末|年度内|当年|本年|第?[一二三四1-4]季度){_TAIL}{_DONE}"
)
_WHOLE_YEAR = re.compile(
    rf"{_LEAD}(?P<year>(?:19|20)\d\d)年度?(?:底|末|内|全年)?(?:之前|以前|前)?{_DONE}"
)
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_THIRDS = {"上旬": (1, 10), "中旬": (11, 20), "初": (1, 10)}


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day named; the year may come from the table."""

    first: date
    last: date
    year_inferred: bool


@dataclass(frozen=True, slots=True)
class NotADay:
    """A date in form, but no day there is, or no year to put it in."""

    code: str


def read_period(text: str, fiscal_year: int | None) -> Period | NotADay | None:
    """The days a normalised text names, or None when it names none.

    ``前`` behind a month is the month before; 底 makes it the month itself.
    """
    if len(text) > 40:
        return None
    try:
        return _read(text, fiscal_year)
    except ValueError:
        return NotADay("date_invalid")


def _read(text: str, fiscal_year: int | None) -> Period | NotADay | None:
    # A whole day first: 2023-10-15 is no span from October to a fifteenth month.
    for pattern in (_DAY, _DOTTED):
        if found := pattern.fullmatch(text):
            return _dated(found, fiscal_year, _day)
    if found := _FULL_SPAN.fullmatch(text):
        return _full_span(found)
    for pattern, days in (
        (_SPAN, _span),
        (_MONTH, _month),
        (_YEAR_MONTH, _month),
        (_PART, _part),
        (_WHOLE_YEAR, _whole_year),
    ):
        if found := pattern.fullmatch(text):
            return _dated(found, fiscal_year, days)
    return None


def _dated(
    found: re.Match[str],
    fiscal_year: int | None,
    days: Callable[[int, re.Match[str]], tuple[date, date]],
) -> Period | NotADay:
    written = found.group("year")
    year = int(written) if written else fiscal_year
    if year is None:
        return NotADay("year_unknown")
    first, last = days(year, found)
    return Period(first, last, year_inferred=not written)


def _last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _check_month(month: int) -> None:
    if not 1 <= month <= 12:
        raise ValueError(month)


def _full_span(found: re.Match[str]) -> Period:
    y1, m1, m2 = int(found["y1"]), int(found["m1"]), int(found["m2"])
    y2 = int(found["y2"]) if found["y2"] else y1
    _check_month(m2)
    first = date(y1, m1, int(found["d1"] or 1))
    last = date(y2, m2, int(found["d2"])) if found["d2"] else _last_day(y2, m2)
    if last < first:
        raise ValueError(found.group())
    return Period(first, last, year_inferred=False)


def _day(year: int, found: re.Match[str]) -> tuple[date, date]:
    day = date(year, int(found["month"]), int(found["day"]))
    return day, day


def _span(year: int, found: re.Match[str]) -> tuple[date, date]:
    first, last = int(found["first"]), int(found["last"])
    _check_month(last)
    if last < first:
        raise ValueError(found.group())
    return date(year, first, 1), _last_day(year, last)


def _month(year: int, found: re.Match[str]) -> tuple[date, date]:
    month = int(found["month"])
    _check_month(month)
    tail = found["tail"] or ""
    for word, (start, end) in _THIRDS.items():
        if tail.startswith(word):
            return date(year, month, start), date(year, month, end)
    if tail in {"前", "之前", "以前"}:
        last = date(year, month, 1) - timedelta(days=1)
        return date(last.year, last.month, 1), last
    return date(year, month, 1), _last_day(year, month)


def _part(year: int, found: re.Match[str]) -> tuple[date, date]:
    part = found["part"]
    if part == "上半年":
        return date(year, 1, 1), date(year, 6, 30)
    if part == "下半年":
        return date(year, 7, 1), date(year, 12, 31)
    if part.endswith("季度"):
        quarter = _QUARTERS[part.removeprefix("第")[0]]
        return date(year, quarter * 3 - 2, 1), _last_day(year, quarter * 3)
    return date(year, 1, 1), date(year, 12, 31)


def _whole_year(year: int, _found: re.Match[str]) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)
