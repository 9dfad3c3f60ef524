"""The header of an indicator block: which column holds what, on which half of the form."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from performance.documents.grid import Row
from performance.documents.labels import (
    DEVIATION_SUB_HEADS,
    GOAL_LABEL,
    HEADER_UNIT,
    SUB_HEADS,
    Column,
    column_of,
    is_level,
    label_key,
    level1_label,
    level2_label,
    squeeze,
)

_SUB = {Column.SIGN, Column.VALUE, Column.UNIT}
_VALUES = {Column.TARGET, Column.VALUE, Column.SIGN, Column.ACTUAL}
_ALL_POINTS = re.compile(r"[（(](\d{1,3}(?:\.\d{1,2})?)分?[)）]")
_PART_OF_YEAR = re.compile(r"\d{1,2}月(?:份|底|末)?(?:实际)?(?:执行|完成)")
_SIGN = re.compile(
    r"[≥≧⩾>＞﹥≤≦⩽<＜﹤=＝﹦═]{1,2}|大于等于|小于等于|大于|小于|等于|文字描述|定性|定量"
)
_VALUE_LIKE = re.compile(
    r"[≥≧⩾>＞﹥≤≦⩽<＜﹤=＝﹦═]{1,2}.{0,40}"
    r"|[-+]?\d[\d,，.]{0,20}(?:[-~～至]\d[\d,.]{0,20})?[^\d年]{0,6}"
)
_NUMBER = re.compile(r"[-+]?\d[\d,，]{0,20}(?:\.\d{0,10})?分?")
_DASHES = {"-", "–", "—", "/", "--", "——", "／", "－", "…", "……", "..."}
_RULE = re.compile(r"赋分|扣|得分|计分|分值|满分|比例")
_BASIS = re.compile(r"标准|计划|文件|依据|方案|预算|工作|历史|数据|合同|规定|要求|问卷|安排")
_EVIDENCE = re.compile(r"资料|凭证|材料|证明|记录|文件|报告|问卷|台账|合同|照片")


def is_dash(text: str) -> bool:
    """Whether a cell holds only a dash or dots, which stand for nothing."""
    return squeeze(text) in _DASHES


def value_like(text: str) -> bool:
    """Whether a short text looks like a value and not like a name."""
    return len(text) <= 60 and _VALUE_LIKE.fullmatch(squeeze(text)) is not None


def number_like(text: str) -> bool:
    """Whether a text is a bare number, as in a points column."""
    return len(text) <= 40 and _NUMBER.fullmatch(squeeze(text)) is not None


@dataclass(frozen=True, slots=True)
class HeaderColumn:
    """One column: what it holds, on which half (0 left, 1 right), the unit its header names."""

    role: Column
    half: int = 0
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of an indicator block, in order."""

    columns: tuple[HeaderColumn, ...]
    goal: str | None = None
    """Text of the goal cell in the header row, where the form puts it there."""
    points: Decimal | None = None
    """Points for all indicators together, where a header cell names them (分值（90分）)."""
    monitoring: bool = False
    """A column is about part of the year (1-7月执行情况)."""

    @property
    def halves(self) -> int:
        """How many half-tables stand side by side."""
        return 1 + max((column.half for column in self.columns), default=0)

    def has(self, role: Column) -> bool:
        """Whether any column holds this."""
        return any(column.role is role for column in self.columns)

    def unit_of(self, role: Column) -> str | None:
        """The unit in the header of the first column of this role."""
        return next((c.unit for c in self.columns if c.role is role and c.unit), None)


def read_header(row: Row, below: Row | None) -> tuple[Header, int] | None:
    """The header that begins at ``row``, with how many rows it takes; None when it is none.

    A header without a column of values is none that can be read: ``Header`` without columns.
    """
    texts = row.texts
    roles = [column_of(text) for text in texts]
    if Column.NAME not in roles or not {Column.LEVEL1, Column.LEVEL2} & set(roles):
        return None
    units = [_unit(text) for text in texts]
    taken = 1
    sub = _sub_header(below)
    if sub is not None and below is not None:
        roles, units = _spread(roles, units, sub, len(below.cells))
        taken = 2
    if not _VALUES & set(roles):
        return Header(()), taken
    keys = [label_key(text) for text in texts]
    goal = next(
        (t for t, key in zip(texts, keys, strict=True) if GOAL_LABEL.fullmatch(key)),
        None,
    )
    header = Header(
        tuple(_halved(roles, units)),
        goal,
        points=_points(texts, [column_of(text) for text in texts]),
        monitoring=any(_PART_OF_YEAR.search(key) for key in keys),
    )
    return header, taken


def _points(texts: list[str], roles: list[Column]) -> Decimal | None:
    for text, role in zip(texts, roles, strict=True):
        if role in {Column.POINTS, Column.OTHER, Column.UNKNOWN} and (
            found := _ALL_POINTS.search(squeeze(text))
        ):
            return Decimal(found.group(1))
    return None


def _unit(text: str) -> str | None:
    found = HEADER_UNIT.search(text)
    return found.group(1) if found else None


def _sub_header(row: Row | None) -> dict[int, Column] | None:
    """Positions of 符号, 值, 单位, or of causes and prospects, when a row holds nothing else."""
    if row is None:
        return None
    found = {index: column_of(cell.text) for index, cell in row.filled()}
    if len(found) >= 2 and set(found.values()) <= _SUB:
        return found
    keys = {index: label_key(cell.text) for index, cell in row.filled()}
    if len(keys) >= 2 and set(keys.values()) <= SUB_HEADS:
        return {
            index: Column.DEVIATION if key in DEVIATION_SUB_HEADS else Column.OTHER
            for index, key in keys.items()
        }
    return None


def _spread(
    roles: list[Column], units: list[str | None], sub: dict[int, Column], width: int
) -> tuple[list[Column], list[str | None]]:
    """Roles with the column that spans the sub-header replaced by what stands below it."""
    extra = width - len(roles)
    if extra > 0 and Column.TARGET in roles and set(sub.values()) <= _SUB:
        at = roles.index(Column.TARGET)
        middle = [sub.get(index, Column.BLANK) for index in range(at, at + extra + 1)]
        return (
            roles[:at] + middle + roles[at + 1 :],
            units[:at] + [None] * (extra + 1) + units[at + 1 :],
        )
    return [sub.get(index, role) for index, role in enumerate(roles)], units


def _halved(roles: list[Column], units: list[str | None]) -> list[HeaderColumn]:
    columns: list[HeaderColumn] = []
    seen: set[Column] = set()
    half = 0
    for role, unit in zip(roles, units, strict=True):
        begins = role in {Column.LEVEL1, Column.LEVEL2, Column.NAME} and role in seen
        if begins and (Column.TARGET in seen or Column.VALUE in seen):
            half += 1
            seen.clear()
        seen.add(role)
        columns.append(HeaderColumn(role, half, unit))
    return columns


# ── how well a text stands under a column ───────────────────────────────────────────────────────

Fit = Callable[[str], float]


def _fit_level1(text: str) -> float:
    return 5.0 if level1_label(text) else -3.0


def _fit_level2(text: str) -> float:
    return 5.0 if level2_label(text) else -3.0


def _fit_name(text: str) -> float:
    if is_level(text):
        return -2.0 if text.endswith("满意度") else -6.0
    if value_like(text) or is_dash(text):
        return -4.0
    return 3.0


def _fit_value(text: str) -> float:
    if is_level(text):
        return -6.0
    return 3.0 if value_like(text) else 1.0


def _fit_number(text: str) -> float:
    if number_like(text):
        return 4.0
    return -1.0 if is_dash(text) else -6.0


def _words(pattern: re.Pattern[str]) -> Fit:
    def fit(text: str) -> float:
        if is_level(text):
            return -6.0
        if value_like(text):
            return -2.0
        return 3.0 if pattern.search(text) else 1.0

    return fit


def _fit_prior(text: str) -> float:
    if is_level(text):
        return -6.0
    return 2.0 if value_like(text) or text == "无" else 0.5


def _fit_sign(text: str) -> float:
    return 4.0 if _SIGN.fullmatch(squeeze(text)) else -4.0


def _fit_plain_value(text: str) -> float:
    return 3.0 if value_like(text) else -1.0


def _fit_text(text: str) -> float:
    return -6.0 if is_level(text) else 1.0


def _fit_goal(text: str) -> float:
    return 2.0 if GOAL_LABEL.fullmatch(label_key(text)) else -3.0


def _fit_other(text: str) -> float:
    """A column nothing is kept of: its cells stay there, and it draws none to it."""
    return -3.0 if is_level(text) else 0.5


def _fit_nothing(_text: str) -> float:
    return -1.0


FITS: dict[Column, Fit] = {
    Column.GOAL: _fit_goal,
    Column.LEVEL1: _fit_level1,
    Column.LEVEL2: _fit_level2,
    Column.NAME: _fit_name,
    Column.DEFINITION: _fit_text,
    Column.SIGN: _fit_sign,
    Column.TARGET: _fit_value,
    Column.VALUE: _fit_plain_value,
    Column.UNIT: _fit_text,
    Column.ACTUAL: _fit_value,
    Column.POINTS: _fit_number,
    Column.AWARDED: _fit_number,
    Column.BASIS: _words(_BASIS),
    Column.PRIOR_ACTUAL: _fit_prior,
    Column.SCORING_RULE: _words(_RULE),
    Column.EVIDENCE: _words(_EVIDENCE),
    Column.DEVIATION: _fit_text,
    Column.OTHER: _fit_other,
    Column.UNKNOWN: _fit_other,
    Column.BLANK: _fit_nothing,
}
"""What a text is worth under a column: above zero it belongs there, far below it cannot."""
