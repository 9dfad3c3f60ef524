"""One project in several papers: named differently (X03), with other targets or money (X02)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache, lru_cache

from performance.examination.model import Bundle, Case, Remark, Row, on_row, on_table
from performance.examination.names import normal_form
from performance.examination.words import words
from performance.tables import (
    FundSource,
    FundStage,
    ParsedTable,
    Place,
    Severity,
    TableKind,
)
from performance.values import Value, ValueKind, plain

_DOUBLED = re.compile(r"([\u4e00-\u9fff]{1,4})\1")
_WAN = Decimal(10000)


@cache
def _same_words() -> tuple[tuple[str, str], ...]:
    return tuple((other, group[0]) for group in words().same_words for other in group[1:])


@lru_cache(maxsize=65536)
def project_key(name: str) -> str:
    """A project's name with the ways of writing the same thing made one.

    Punctuation and white space go, a syllable written twice (卡卡) is written once, words that
    are used for each other (人口, 人员) become the first of them.
    """
    key = normal_form(name)
    for other, first in _same_words():
        key = key.replace(other, first)
    return _DOUBLED.sub(r"\1", key)


def check_x03_names(bundle: Bundle) -> Iterator[Remark]:
    """X03 (提示): one project under two names, in the forms or in the document's own list."""
    first: dict[tuple[str | None, int | None, str], tuple[str, Place]] = {}
    listed: dict[str, str] = {}
    for item in bundle.listed:
        listed.setdefault(project_key(item.name), item.name)
    for case in bundle.cases:
        table = case.table
        key = project_key(table.project)
        if not key:
            continue
        known, _ = first.setdefault((table.unit, table.fiscal_year, key), (table.project, table.at))
        for where, name in (("另一张表", known), ("项目支出预算表", listed.get(key))):
            if name is not None and normal_form(name) != normal_form(table.project):
                yield on_table(
                    case,
                    f"项目“{table.project}”在{where}里写作“{name}”；同一项目请用同一名称",
                    Severity.NOTICE,
                    field="project",
                )


def check_x03_codes(bundle: Bundle) -> Iterator[Remark]:
    """X03 (提示): one code with two names, or one name of a unit with two codes."""
    by_code: dict[tuple[str, int | None], Case] = {}
    by_name: dict[tuple[str | None, int | None, str], Case] = {}
    for case in bundle.cases:
        table = case.table
        code, key = table.project_code, project_key(table.project)
        if not code or not key:
            continue
        other = by_code.setdefault((code, table.fiscal_year), case)
        if project_key(other.table.project) != key:
            yield on_table(
                case,
                f"项目代码 {code} 在两张表里是两个项目：“{other.table.project}”和“{table.project}”；"
                "请核对代码",
                Severity.NOTICE,
                field="project_code",
            )
        same = by_name.setdefault((table.unit, table.fiscal_year, key), case)
        if same.table.project_code != code:
            yield on_table(
                case,
                f"项目“{table.project}”在两张表里代码不同：{same.table.project_code} 和 {code}；"
                "请核对代码",
                Severity.NOTICE,
                field="project_code",
            )


def check_x02_targets(bundle: Bundle) -> Iterator[Remark]:
    """X02 (错误): a self-evaluation is held to another target than the target table says."""
    for initial, case in _pairs(bundle):
        before: dict[tuple[str | None, str], list[Row]] = {}
        for row in initial.rows:
            before.setdefault((row.indicator.level2, normal_form(row.name)), []).append(row)
        for row in case.rows:
            same = before.get((row.indicator.level2, normal_form(row.name)), [])
            if len(same) != 1 or _agree(same[0].target, row.target):
                continue
            first, now = same[0].target, row.target
            assert first is not None and now is not None, "a missing target agrees"
            yield on_row(
                case,
                row,
                f"指标“{row.indicator.name}”在目标表里是“{first.text}”，自评表改成了“{now.text}”；"
                "请按批复的目标自评，或说明调整的依据",
                Severity.ERROR,
                field="target",
            )


def check_x02_dropped(bundle: Bundle) -> Iterator[Remark]:
    """X02 (错误): indicators of the target table that the self-evaluation leaves out."""
    for initial, case in _pairs(bundle):
        kept = {normal_form(row.name) for row in case.rows}
        lost = [row for row in initial.rows if normal_form(row.name) not in kept]
        if lost and len(lost) < len(initial.rows):
            names = "、".join(f"“{row.indicator.name}”" for row in lost[:3])
            yield on_table(
                case,
                f"目标表有 {len(initial.rows)} 个指标，自评表少了 {len(lost)} 个（{names}"
                f"{'等' if len(lost) > 3 else ''}）；请补上，或说明调整的依据",
                Severity.ERROR,
                field="name",
            )


def check_x02_budget(bundle: Bundle) -> Iterator[Remark]:
    """X02 (错误): the initial budget of a self-evaluation is not the target table's."""
    for initial, case in _pairs(bundle):
        planned, said = _initial(initial.table), _initial(case.table)
        if planned is None or said is None or abs(planned - said) <= 2 * bundle.limits.half_printed:
            continue
        yield on_table(
            case,
            f"年初预算数自评表为 {plain(said / _WAN)} 万元，目标表为 {plain(planned / _WAN)} 万元，"
            f"相差 {plain(abs(said - planned) / _WAN)} 万元；请核对",
            Severity.ERROR,
            field="funds",
        )


def _pairs(bundle: Bundle) -> Iterator[tuple[Case, Case]]:
    """Target table and self-evaluation of the same project of a year: the newest target table."""
    targets: dict[tuple[str, int | None], Case] = {}
    for case in bundle.cases:
        if case.table.kind is TableKind.TARGET_TABLE:
            targets[_key(case.table)] = case
    for case in bundle.cases:
        if case.table.kind is TableKind.SELF_EVALUATION:
            initial = targets.get(_key(case.table))
            if initial is not None:
                yield initial, case


def _key(table: ParsedTable) -> tuple[str, int | None]:
    return table.project_code or project_key(table.project), table.fiscal_year


def _agree(one: Value | None, other: Value | None) -> bool:
    """Whether two prints of a target are the same figure; words and gaps are not judged here."""
    if one is None or other is None:
        return True
    figures = {ValueKind.QUANTITATIVE, ValueKind.RANGE, ValueKind.DATE}
    if one.kind not in figures or other.kind not in figures:
        return True
    if (one.value, one.upper) != (other.value, other.upper):
        return False
    written = "comparator" not in one.inferred and "comparator" not in other.inferred
    return not written or one.comparator == other.comparator


def _initial(table: ParsedTable) -> Decimal | None:
    for fund in table.funds:
        if fund.source is FundSource.TOTAL and fund.stage is FundStage.ANNUAL:
            return fund.initial
    return None
