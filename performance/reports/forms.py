"""The official forms as they stand on paper: which columns, which cells run down, which cause."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetForm:
    """A target table's form: its title and the columns behind the three levels, with their share
    of the width."""

    title: str
    columns: tuple[tuple[str, str, int], ...]
    """Field of the content, words of the header, width in per cent."""


_COMMON = TargetForm(
    title="项目支出绩效目标表",
    columns=(
        ("target", "指标值", 16),
        ("points", "分值", 6),
        ("basis", "指标值确定依据", 18),
        ("scoring_rule", "评（扣）分标准", 16),
    ),
)
_BY_REGION: Mapping[str, TargetForm] = {
    "13": TargetForm(
        title="项目支出绩效目标表",
        columns=(
            ("definition", "绩效指标描述", 24),
            ("target", "指标值", 14),
            ("basis", "指标值确定依据", 18),
        ),
    ),
    "14": TargetForm(title="项目支出绩效目标申报表", columns=(("target", "年度指标值", 28),)),
    "65": TargetForm(
        title="项目支出绩效目标表",
        columns=(
            ("target", "指标值", 12),
            ("basis", "指标值设置依据", 14),
            ("prior_actual", "上年完成值", 9),
            ("points", "指标分值权重", 6),
            ("scoring_rule", "指标赋分规则", 13),
            ("evidence", "佐证资料", 12),
        ),
    ),
}
"""By the first digits of the region's code; everywhere else the common form."""


def target_form(region_code: str) -> TargetForm:
    """The form of target tables in a region."""
    return _BY_REGION.get(region_code[:2], _COMMON)


BOXES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("category", "项目类别", ("部门预算项目", "省直专项", "省对下转移支付项目")),
    ("attribute", "项目属性", ("持续性项目", "新增性项目")),
    ("type", "项目类型", ("常年性项目", "延续性项目", "一次性项目")),
)
"""What a project is ticked as on the form of 湖北: field of the project, header, choices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Boxes:
    """One row of boxes of a form."""

    label: str
    boxes: tuple[tuple[str, bool], ...]
    """Words of a box, and whether it is ticked."""


def boxes_of(ticked: Mapping[str, Sequence[str]]) -> tuple[Boxes, ...]:
    """The rows of boxes; what a project is ticked as beyond the printed choices comes after them."""
    return tuple(
        Boxes(
            label=label,
            boxes=tuple(
                (words, words in ticked.get(field, ()))
                for words in (
                    *choices,
                    *(one for one in ticked.get(field, ()) if one not in choices),
                )
            ),
        )
        for field, label, choices in BOXES
    )


def evaluation_form(region_code: str) -> str:
    """Which form self-evaluations have in a region, by its name; elsewhere that of the ministry."""
    return {"42": "evaluation_hubei"}.get(region_code[:2], "evaluation")


def spans(levels: Sequence[tuple[str, str]]) -> list[tuple[int, int]]:
    """How many rows the cells of level 1 and level 2 run down; 0: covered by the one above.

    A level 2 never runs on under another level 1. Cells without a label are not put together.
    """
    found: list[tuple[int, int]] = []
    for start, (one, two) in enumerate(levels):
        before = levels[start - 1] if start else None
        first = before is None or one != before[0] or not one
        second = first or before is None or two != before[1] or not two
        found.append(
            (
                _run(levels, start, 1) if first else 0,
                _run(levels, start, 2) if second else 0,
            )
        )
    return found


def _run(levels: Sequence[tuple[str, str]], start: int, depth: int) -> int:
    """How many rows from ``start`` on carry the same labels down to a depth."""
    if not all(levels[start][:depth]):
        return 1
    rows = 1
    for above, below in pairwise(levels[start:]):
        if above[:depth] != below[:depth]:
            break
        rows += 1
    return rows


CAUSES = ("经费保障", "制度保障", "人员保障", "硬件条件保障", "其他")
"""The columns of 偏差原因分析 on the monitoring form (财预〔2019〕136号)."""
_CAUSED = re.compile(
    rf"\s*((?:{'|'.join(CAUSES)})(?:[、，,和及\s]*(?:{'|'.join(CAUSES)}))*)\s*[:：]\s*"
)


def causes_of(text: str) -> tuple[frozenset[str], str]:
    """The kinds of cause that a text begins with (``经费保障、人员保障：…``), and the rest of it."""
    found = _CAUSED.match(text)
    if found is None:
        return frozenset(), text
    named = found.group(1)
    return frozenset(kind for kind in CAUSES if kind in named), text[found.end() :]
