"""Whether a table says all it has to: empty cells (P01), classes without indicators (W03)."""

from __future__ import annotations

from collections.abc import Iterator

from performance.examination.model import Case, Remark, Row, on_row, on_table
from performance.examination.nature import says
from performance.examination.placeholders import is_prompt
from performance.tables import Severity
from performance.values import ValueKind, is_empty

_LEVEL1 = ("产出指标", "效益指标", "满意度指标", "成本指标")
_LEVEL2 = {"数量指标": "数量", "质量指标": "质量", "时效指标": "时效"}
_COSTS = {"成本指标", "经济成本指标", "社会成本指标", "生态环境成本指标"}
_BENEFITS = {"经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"}
_CELLS = {
    "target": "指标值",
    "points": "分值",
    "actual": "实际完成值",
    "deviation": "偏差原因",
    "evidence": "佐证资料",
}


def check_p01_cells(case: Case) -> Iterator[Remark]:
    """P01 (阻断): a cell that this stage demands is empty, or there is no indicator at all.

    Points are demanded only of a table that has a column of points; a reason only of a line
    that was awarded less than its points.
    """
    if not case.rows:
        yield on_table(case, "表内没有绩效指标，不能报送；请至少填写产出和效益指标", Severity.BLOCK)
        return
    demanded = case.limits.demanded.get(case.table.kind, ())
    pointed = any(row.indicator.points is not None for row in case.rows)
    for row in case.rows:
        for cell in demanded:
            if cell == "points" and not pointed:
                continue
            if _is_blank(row, cell):
                yield on_row(
                    case,
                    row,
                    f"指标“{row.indicator.name}”没有填{_CELLS[cell]}；请补填",
                    Severity.BLOCK,
                    field=cell,
                )


def _is_blank(row: Row, cell: str) -> bool:
    indicator = row.indicator
    if cell == "target":
        return indicator.target is None
    if cell == "points":
        return indicator.points is None
    if cell == "actual":
        left_out = indicator.target is not None and (
            indicator.target.kind is ValueKind.NOT_APPLICABLE
        )
        return indicator.actual is None and not left_out
    if cell == "evidence":
        return is_empty(indicator.evidence)
    short = (
        indicator.points is not None
        and indicator.awarded is not None
        and indicator.awarded < indicator.points
    )
    return short and is_empty(indicator.deviation)


def check_p01_prompts(case: Case) -> Iterator[Remark]:
    """P01 (阻断): prompts of the form are left in a table about to be published."""
    for row in case.rows:
        texts = {"name": row.indicator.name, "target": row.target.text if row.target else ""}
        for cell, text in texts.items():
            if is_prompt(text):
                yield on_row(
                    case,
                    row,
                    f"公开前须删去表内的提示文字“{text[:20]}”",
                    Severity.BLOCK,
                    field=cell,
                )
    for objective in case.table.objectives:
        if is_prompt(objective.text):
            yield on_table(
                case,
                f"公开前须删去绩效目标中的提示文字“{objective.text[:20]}”",
                Severity.BLOCK,
                field="objective",
            )


def check_w03(case: Case) -> Iterator[Remark]:
    """W03: a class has no indicator; 产出, 效益, 数量 错误, 满意度, 质量, 时效, 成本 提示.

    One class of 效益 is enough. A table with levels of its own is not judged by these.
    """
    if not case.rows:
        return
    level1 = {row.indicator.level1 for row in case.rows}
    level2 = {row.indicator.level2 for row in case.rows}
    if not level1 <= set(_LEVEL1):
        return
    output = "产出指标" in level1
    known = level2 <= {*_LEVEL2, *_COSTS, *_BENEFITS, "满意度指标", "服务对象满意度指标"}
    missing = [] if output else ["产出"]
    if output and known and "数量指标" not in level2:
        missing.append("数量")
    if "效益指标" not in level1:
        missing.append("效益")
    if missing:
        yield on_table(
            case,
            f"没有{_listed(missing)}指标；请补充，项目做了什么、有什么效果才看得出来",
            Severity.ERROR,
            field="level1",
        )
    softer = [
        word
        for label, word in (("质量指标", "质量"), ("时效指标", "时效"))
        if output and known and label not in level2
    ]
    if "成本指标" not in level1 and known and not level2 & _COSTS:
        softer.append("成本")
    if "满意度指标" not in level1 and "服务对象满意度指标" not in level2:
        softer.append("满意度")
    if softer:
        yield on_table(
            case,
            f"没有{_listed(softer)}指标；如确实不涉及请说明，否则请补充",
            Severity.NOTICE,
            field="level2",
        )


def _listed(names: list[str]) -> str:
    return "、".join(names)


def check_v01(case: Case) -> Iterator[Remark]:
    """V01 (提示): satisfaction without a survey, actuals without evidence; at submission only."""
    bare: list[Row] = []
    for row in case.rows:
        if row.actual is None or row.actual.kind is ValueKind.NOT_APPLICABLE:
            continue
        shown = f"{row.indicator.evidence or ''}{row.indicator.basis or ''}"
        if row.is_satisfaction and not says("survey", shown):
            yield on_row(
                case,
                row,
                f"指标“{row.indicator.name}”填了“{row.actual.text}”，没有满意度调查作依据；"
                "请上传问卷或调查结果",
                Severity.NOTICE,
                field="evidence",
            )
        elif is_empty(row.indicator.evidence):
            bare.append(row)
    if bare:
        yield on_row(
            case,
            bare[0],
            f"{len(bare)} 个指标的实际完成值没有佐证资料（如“{bare[0].indicator.name}”）；请上传",
            Severity.NOTICE,
            field="evidence",
        )
