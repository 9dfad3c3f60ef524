"""The same said twice: within a goal, within a table, and in two projects of a year (D01).

Everything goes by keys: each table is met a bounded number of times, however many there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from performance.examination.model import Bundle, Case, Remark, on_row, on_table
from performance.examination.names import normal_form
from performance.examination.projects import project_key
from performance.tables import Severity

_MOST_COMPARED = 8
"""Tables that share a rare indicator are compared with this many of their forerunners."""


def check_d01_indicators(case: Case) -> Iterator[Remark]:
    """D01 (提示): the same name and level 2 twice in one goal."""
    seen: dict[tuple[str | None, str | None, str], str] = {}
    for row in case.rows:
        indicator = row.indicator
        key = (indicator.goal, indicator.level2, normal_form(indicator.name))
        first = seen.setdefault(key, indicator.at)
        if first != indicator.at:
            yield on_row(
                case,
                row,
                f"指标“{indicator.name}”在同一目标的“{indicator.level2 or '同一级'}”下出现两次；"
                "请合并，或在名称里写明区别",
                Severity.NOTICE,
                field="name",
            )


def check_d01_objectives(case: Case) -> Iterator[Remark]:
    """D01 (提示): the same objective, 20 characters and more, twice in one table."""
    seen: set[str] = set()
    for objective in case.table.objectives:
        key = _said(objective.text, case.limits.objective_length)
        if key is None:
            continue
        if key in seen:
            yield on_table(
                case,
                f"绩效目标“{objective.text[:30]}…”写了两次；请删去重复的一条",
                Severity.NOTICE,
                field="objective",
            )
        seen.add(key)


def check_d01_projects(bundle: Bundle) -> Iterator[Remark]:
    """D01 (提示): an objective equal to another project's of the same year."""
    first: dict[tuple[int | None, str], Case] = {}
    told: set[tuple[str, str]] = set()
    for case in bundle.cases:
        for objective in case.table.objectives:
            key = _said(objective.text, case.limits.objective_length)
            if key is None:
                continue
            other = first.setdefault((case.table.fiscal_year, key), case)
            pair = (case.table.at + case.table.project, other.table.project)
            if _another(case, other) and pair not in told:
                told.add(pair)
                yield on_table(
                    case,
                    f"项目“{case.table.project}”的绩效目标与项目“{other.table.project}”相同"
                    f"（“{objective.text[:30]}…”）；请按本项目的内容填写",
                    Severity.NOTICE,
                    field="objective",
                )


def _said(text: str, least: int) -> str | None:
    """An objective as it is compared; None where it is too short to be anybody's own."""
    return normal_form(text) if len("".join(text.split())) >= least else None


def _another(case: Case, other: Case) -> bool:
    return project_key(case.table.project) != project_key(other.table.project)


@dataclass(frozen=True, slots=True)
class _Set:
    """A table as the set of its indicators with their targets."""

    case: Case
    items: frozenset[tuple[str, str]]


def check_d01_tables(bundle: Bundle) -> Iterator[Remark]:
    """D01 (提示): four in five of at least five indicators, targets included, as in another project.

    Two sets that share four in five share one of their rarest items (prefix filtering), so only
    tables filed under the same rare item are compared.
    """
    sets = [_set(case) for case in bundle.cases]
    counted = Counter(item for found in sets for item in found.items)
    files: dict[tuple[int | None, tuple[str, str]], list[_Set]] = {}
    for found in sets:
        if len(found.items) < bundle.limits.shared_least:
            continue
        due = ceil(len(found.items) * bundle.limits.shared_share)
        ordered = sorted(found.items, key=lambda item: (counted[item], item))
        prefix = ordered[: len(ordered) - due + 1]
        year = found.case.table.fiscal_year
        other, shared = _nearest(found, [files.get((year, item), []) for item in prefix])
        if other is not None and shared >= due:
            yield on_table(
                found.case,
                f"项目“{found.case.table.project}”的 {len(found.items)} 个指标中有 {shared} 个"
                f"连同指标值与项目“{other.case.table.project}”相同；请按本项目的内容设置指标",
                Severity.NOTICE,
                field="name",
            )
        for item in prefix:
            kept = files.setdefault((year, item), [])
            if len(kept) < _MOST_COMPARED:
                kept.append(found)


def _set(case: Case) -> _Set:
    return _Set(
        case,
        frozenset(
            (
                f"{row.indicator.level2}{row.name}",
                normal_form(row.target.text) if row.target else "",
            )
            for row in case.rows
        ),
    )


def _nearest(found: _Set, buckets: Sequence[Sequence[_Set]]) -> tuple[_Set | None, int]:
    best: _Set | None = None
    most = 0
    for other in (other for bucket in buckets for other in bucket):
        if not _another(found.case, other.case):
            continue
        shared = len(found.items & other.items)
        if shared > most:
            best, most = other, shared
    return best, most
