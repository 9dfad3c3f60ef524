"""Thresholds of the checks, per region and year: what blocks, what is off, how much is much."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from performance.examination.loader import (
    HERE,
    DataError,
    load,
    number,
    only,
    texts,
    unchecked,
    whole,
)
from performance.examination.weights import RiskLimits, risk_limits
from performance.tables import TableKind

FOLDER = HERE / "thresholds"
GRADES = ("优", "良", "中", "差")
_CELLS = {"target", "points", "actual", "deviation", "evidence"}
_CODE = re.compile(r"[A-Z]\d\d")
_REGION = re.compile(r"\d{0,9}")
_DEFAULT = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeLimit:
    """From how many findings on a grade is no better than this; None: not by these."""

    grade: str
    blocks: int | None = None
    errors: int | None = None
    notices: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressLimits:
    """Shares of what is due by now: below them a line is red, or yellow; from the last on blue."""

    red_below: Decimal
    yellow_below: Decimal
    blue_from: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The figures the checks go by in one region from one fiscal year on."""

    id: str
    region: str
    from_fiscal_year: int
    provenance: str
    checked: bool
    blocking: frozenset[str]
    disabled: frozenset[str]
    demanded: Mapping[TableKind, tuple[str, ...]]
    target_totals: tuple[Decimal, ...]
    dominant_share: Decimal
    objective_length: int
    shared_least: int
    shared_share: Decimal
    half_printed: Decimal
    red_share: Decimal
    full_tables: int
    full_points: Decimal
    conclusion: tuple[GradeLimit, ...]
    risk: RiskLimits
    progress: ProgressLimits


_KEYS = frozenset(field.name for field in fields(Thresholds))


def read_thresholds(path: Path) -> Thresholds:
    """The thresholds of one file; with ``extends: default`` it says only what differs.

    Raises DataError for an unknown or missing key, a bare float, a key written twice.
    """
    content = load(path)
    if content.pop("extends", None) is not None:
        content = {**load(path.parent / f"{_DEFAULT}.yaml"), **content}
    only(content, _KEYS, path.name)
    try:
        found = _thresholds(content, path.name)
    except DataError as error:
        raise DataError(f"{path.name}：{error}") from None
    if found.id != path.stem:
        raise DataError(f"{path.name}：id 是 {found.id}，应与文件名相同")
    return found


def _thresholds(content: Mapping[str, Any], name: str) -> Thresholds:
    region = content["region"]
    if not isinstance(region, str) or not _REGION.fullmatch(region):
        raise DataError("region 应为区划代码开头的几位数字，加引号")
    return Thresholds(
        id=str(content["id"]),
        region=region,
        from_fiscal_year=whole(content["from_fiscal_year"], "from_fiscal_year"),
        provenance=str(content["provenance"]),
        checked=unchecked(content, name),
        blocking=_codes(content, "blocking"),
        disabled=_codes(content, "disabled"),
        demanded=_demanded(content["demanded"]),
        target_totals=tuple(
            number(n, "target_totals") for n in texts(content["target_totals"], "target_totals")
        ),
        dominant_share=number(content["dominant_share"], "dominant_share"),
        objective_length=whole(content["objective_length"], "objective_length"),
        shared_least=whole(content["shared_least"], "shared_least"),
        shared_share=number(content["shared_share"], "shared_share"),
        half_printed=number(content["half_printed"], "half_printed"),
        red_share=number(content["red_share"], "red_share"),
        full_tables=whole(content["full_tables"], "full_tables"),
        full_points=number(content["full_points"], "full_points"),
        conclusion=_conclusion(content["conclusion"]),
        risk=risk_limits(content["risk"]),
        progress=_progress(content["progress"]),
    )


_SHARES = ("red_below", "yellow_below", "blue_from")


def _progress(value: Any) -> ProgressLimits:
    if not isinstance(value, dict) or tuple(value) != _SHARES:
        raise DataError(f"progress 应依次写 {'、'.join(_SHARES)}")
    shares = [number(value[key], key) for key in _SHARES]
    if shares != sorted(shares):
        raise DataError("progress 的界限应从小到大")
    return ProgressLimits(**dict(zip(_SHARES, shares, strict=True)))


def _codes(content: Mapping[str, Any], key: str) -> frozenset[str]:
    codes = texts(content[key], key)
    if wrong := [code for code in codes if not _CODE.fullmatch(code)]:
        raise DataError(f"{key}：“{wrong[0]}”不是检查的编号")
    return frozenset(codes)


def _demanded(value: Any) -> dict[TableKind, tuple[str, ...]]:
    if not isinstance(value, dict) or set(value) != {kind.value for kind in TableKind}:
        raise DataError("demanded 应按三类表各写一项")
    found = {TableKind(kind): texts(cells, "demanded") for kind, cells in value.items()}
    if wrong := {cell for cells in found.values() for cell in cells} - _CELLS:
        raise DataError(f"demanded：没有“{min(wrong)}”这一栏")
    return found


def _conclusion(value: Any) -> tuple[GradeLimit, ...]:
    worst_first = tuple(reversed(GRADES[1:]))
    if not isinstance(value, dict) or tuple(value) != worst_first:
        raise DataError(f"conclusion 应依次写 {'、'.join(worst_first)}")
    limits: list[GradeLimit] = []
    for grade, counts in value.items():
        if (
            not isinstance(counts, dict)
            or not counts
            or set(counts) - {"blocks", "errors", "notices"}
        ):
            raise DataError(f"conclusion 的“{grade}”应写 blocks、errors 或 notices")
        limits.append(
            GradeLimit(grade=grade, **{key: whole(n, "conclusion") for key, n in counts.items()})
        )
    return tuple(limits)


@cache
def all_thresholds(folder: Path = FOLDER) -> tuple[Thresholds, ...]:
    """Every file of a folder, in the order of their ids."""
    return tuple(read_thresholds(path) for path in sorted(folder.glob("*.yaml")))


def thresholds_for(region_code: str, fiscal_year: int, folder: Path = FOLDER) -> Thresholds:
    """The thresholds a region follows in a year: the nearest region's, of its newest year.

    Raises DataError where the folder has none that holds everywhere.
    """
    fitting = [
        found
        for found in all_thresholds(folder)
        if region_code.startswith(found.region) and found.from_fiscal_year <= fiscal_year
    ]
    if not fitting:
        raise DataError(f"没有适用于“{region_code[:12]}”{fiscal_year} 年的审核界限")
    return max(fitting, key=lambda found: (len(found.region), found.from_fiscal_year))
