"""Texts that stand where something should be said: prompts of the forms, stand-ins (T05)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from performance.examination.model import Bundle, Case, Remark, on_row, on_table
from performance.examination.names import normal_form
from performance.examination.words import words
from performance.tables import Severity
from performance.values import normalise

_PROMPT = re.compile(
    r"(?:[一二三]级|绩效|产出|数量|质量|时效|成本|效益|满意度)?(?:指标|目标)\d{1,2}[:：.。…]{0,4}"
    r"|[xX×✕*]{2,12}.{0,4}|…{1,6}|\.{3,12}"
    r"|.{0,12}[(（]?(?:(?:不超过|限|请在)\d{2,4}字(?:以内|以下|之内)?|\d{2,4}字(?:以内|以下|之内))[)）]?[。.]?"
    r"|[(（]?(?:请|此处)(?:在此)?(?:填写|填报|输入|描述).{0,40}"
)
_EMBEDDED = re.compile(r"[×✕]{2,12}|[xX]{3,12}")
_ENDS = re.compile(r"(?:项目|工作|任务|资金|经费|建设|实施|支出|预算){1,2}$")
_LEADS = re.compile(r"^(?:完成|实施|开展|做好|保障|推进)")


@lru_cache(maxsize=16384)
def is_prompt(text: str) -> bool:
    """Whether a text is the form's own prompt and nothing of the unit's."""
    plain = normalise(text[:200]).strip("“”\"'")
    if not plain:
        return False
    if _PROMPT.fullmatch(plain):
        return True
    return len(plain) <= 60 and _EMBEDDED.search(plain) is not None


@lru_cache(maxsize=16384)
def is_stand_in(text: str) -> bool:
    """Whether a text stands for nothing: 无, 暂无, 待定, 详见附件."""
    return len(text) <= 20 and normalise(text).strip("。.“”") in words().placeholder_texts


def _is_title(objective: str, project: str) -> bool:
    """Whether an objective says no more than the project's title."""
    title, said = normal_form(project), normal_form(objective)
    if len(title) < 4 or not said:
        return False
    if said == title:
        return True
    return _core(said) == _core(title)


def _core(text: str) -> str:
    return _ENDS.sub("", _LEADS.sub("", text))


def check_t05(case: Case) -> Iterator[Remark]:
    """T05 (错误): placeholder text in a name, a target or an objective; the title as objective."""
    for row in case.rows:
        name = row.indicator.name
        target = row.target.text if row.target else ""
        if is_prompt(name):
            words_ = f"指标名称“{name[:20]}”是表格的提示文字；请写明考核什么"
            yield on_row(case, row, words_, Severity.ERROR, field="name")
        if target and (is_prompt(target) or is_stand_in(target)):
            words_ = f"指标“{name}”的指标值“{target[:20]}”是占位文字；请填写目标值"
            yield on_row(case, row, words_, Severity.ERROR, field="target")
    for objective in case.table.objectives:
        text = objective.text
        if is_prompt(text) or is_stand_in(text):
            yield on_table(
                case,
                f"绩效目标“{text[:20]}”是占位文字；请写明要达到什么",
                Severity.ERROR,
                field="objective",
            )
        elif _is_title(text, case.table.project):
            yield on_table(
                case,
                f"绩效目标“{text[:40]}”只重复了项目名称；请写明做什么、做到什么程度、有什么效果",
                Severity.ERROR,
                field="objective",
            )


def check_t05_reader(bundle: Bundle) -> Iterator[Remark]:
    """T05 (错误): placeholders that the reader met: a target 无 or 暂无, rows of mere prompts."""
    by_place = {row.indicator.at: (case, row) for case in bundle.cases for row in case.rows}
    prompts = []
    for problem in bundle.problems:
        if problem.code == "T05" and problem.at in by_place:
            case, row = by_place[problem.at]
            yield on_row(
                case,
                row,
                f"指标“{row.indicator.name}”的指标值写成“{problem.raw}”，没有目标；请填写目标值",
                Severity.ERROR,
                field="target",
            )
        elif problem.code == "placeholder_row":
            prompts.append(problem)
    if prompts:
        yield Remark(
            message=(
                f"表中有 {len(prompts)} 行只有提示文字（如“{prompts[0].raw[:20]}”），没有填写指标；"
                "请填写或删去"
            ),
            severity=Severity.ERROR,
            at=prompts[0].at,
            field="name",
        )
