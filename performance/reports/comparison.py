"""Two or three contents of one paper side by side: what differs, named as people name it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from performance.values import parse_number

_WORDS: Mapping[str, str] = {
    "objectives": "总体目标",
    "funds": "资金",
    "goal_points": "指标总分",
    "supervisor": "主管部门",
    "unit": "实施单位",
    "indicators": "指标",
    "level1": "一级指标",
    "level2": "二级指标",
    "name": "三级指标",
    "target": "指标值",
    "points": "分值",
    "basis": "指标值依据",
    "definition": "指标解释",
    "scoring_rule": "赋分规则",
    "evidence": "佐证资料",
    "prior_actual": "上年完成值",
    "source": "来源",
    "initial": "年初预算数",
    "actuals": "指标",
    "seq": "行",
    "actual": "实际完成值",
    "claimed": "自评得分",
    "deviation": "偏差原因",
    "execution": "预算执行",
    "budget": "全年预算数",
    "executed": "全年执行数",
    "finished": "项目已完成",
    "total_claimed": "自评总分",
    "deviation_reason": "偏差原因",
    "improvement": "改进措施",
    "lines": "指标",
    "progress": "进展",
    "forecast": "全年预计完成",
    "cause": "偏差原因",
    "measures": "纠偏措施",
    "adjusted": "全年预算数",
    "evidence_files": "佐证文件",
    "review": "复核",
    "reason": "理由",
    "reason_code": "原因",
    "opinion": "意见",
    "file": "文件",
    "adjustment": "调整说明",
    "ask_rows": "存疑的行",
    "ask_name": "存疑的格",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One place where contents differ. ``mine`` is None where only two are compared."""

    at: str
    """As the API names it: ``indicators.3.target``."""
    words: str
    """As people name it: 指标 第3行 指标值."""
    before: str
    theirs: str
    mine: str | None = None


def compare(
    before: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any] | None = None
) -> tuple[Difference, ...]:
    """The places where the contents are not all the same, in the order of the paper."""
    flat = [_flat(before), _flat(theirs), *([_flat(mine)] if mine is not None else [])]
    places = dict.fromkeys(place for one in flat for place in one)
    found = []
    for place in places:
        values = [one.get(place, "") for one in flat]
        if len({_sense(value) for value in values}) > 1:
            found.append(
                Difference(
                    at=place,
                    words=in_words(place),
                    before=values[0],
                    theirs=values[1],
                    mine=values[2] if mine is not None else None,
                )
            )
    return tuple(found)


def _sense(value: str) -> str | Decimal:
    """What is compared: 600000 and 600000.00 are one amount, written in two ways."""
    number = parse_number(value)
    return value if number is None else number


def _flat(content: Any, at: str = "") -> dict[str, str]:
    """Every leaf by its place; rows are counted from one."""
    if isinstance(content, Mapping):
        pairs = [(str(key), value) for key, value in content.items() if key != "seq"]
    elif isinstance(content, (list, tuple)):
        pairs = [(str(n), value) for n, value in enumerate(content, start=1)]
    else:
        return {at: _leaf(content)}
    found: dict[str, str] = {}
    for key, value in pairs:
        found.update(_flat(value, f"{at}.{key}" if at else key))
    return found


def _leaf(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def in_words(place: str) -> str:
    """A place as people name it: ``indicators.3.target`` → 指标 第3行 指标值."""
    parts = place.split(".")
    return " ".join(f"第{part}行" if part.isdigit() else _WORDS.get(part, part) for part in parts)
