"""Sentences in which a final account tells a project's budget, and how they tie to tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from performance.documents.grid import Grid, Line
from performance.documents.labels import squeeze
from performance.documents.problems import problem
from performance.tables import (
    Execution,
    ParsedTable,
    Problem,
    ProjectSentence,
    TableKind,
)
from performance.values import parse_share, read_amount

_AMOUNT = r"(?:为|是)?(-?\d[\d,]{0,20}(?:\.\d{1,6})?)(万元|亿元|元)"
_BUDGET = re.compile(r"(?:项目)?(?:全年|年初)预算(?:数|总额)?" + _AMOUNT)
_ADJUSTED = re.compile(r"调整(?:后)?(?:的)?(?:全年)?预算(?:数|总额)?" + _AMOUNT)
_EXECUTED = re.compile(r"(?:实际|全年)?执行(?:数|金额)" + _AMOUNT)
_RATE = re.compile(
    r"(?:完成(?:年初|全年|调整)?预算(?:数)?(?:的)?|执行率(?:为)?)(\d{1,4}(?:\.\d{1,4})?%)"
)
_LEAD = re.compile(
    r"^(?:[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）]?[、.．:]?)?(.{2,60}?)(?:项目)?(?:绩效自评(?:情况|综述|结果)?)?[:：,，]"
)
_QUOTES = str.maketrans("", "", "“”\"'《》「」")
_SHORTEST_NAME = 4


def read_sentences(grid: Grid) -> list[ProjectSentence]:
    """The sentences that give a project's budget and what was executed, in order."""
    found: list[ProjectSentence] = []
    for item in grid:
        if isinstance(item, Line) and "执行" in item.text and "预算数" in item.text:
            sentence = _sentence(item)
            if sentence is not None:
                found.append(sentence)
    return found


def _sentence(line: Line) -> ProjectSentence | None:
    text = squeeze(line.text)[:2000]
    adjusted = _ADJUSTED.search(text)
    plain = _ADJUSTED.sub("", text)
    budget, executed = _BUDGET.search(plain), _EXECUTED.search(text)
    lead = _LEAD.match(text)
    if executed is None or lead is None or not (budget or adjusted):
        return None
    if budget is not None and lead.end() > text.find("预算") + 1:
        return None
    rate = _RATE.search(text)
    return ProjectSentence(
        project=lead.group(1).translate(_QUOTES),
        at=line.at,
        initial=_amount(budget),
        adjusted=_amount(adjusted),
        executed=_amount(executed),
        rate=parse_share(rate.group(1)) if rate else None,
        rate_text=rate.group(1) if rate else "",
    )


def _amount(found: re.Match[str] | None) -> Decimal | None:
    return read_amount(found.group(1), found.group(2)).value if found else None


def tie(
    tables: Sequence[ParsedTable], sentences: Sequence[ProjectSentence]
) -> tuple[list[ParsedTable], dict[int, int], list[Problem]]:
    """Tables with what the sentences add, table index by sentence index, and problems.

    Tied by name first, then by equal amounts where just one table is left that has them. The
    table's figure stands where both are there; where its budget is 0 or missing though money was
    spent, the sentence's adjusted budget is used and marked as inferred.
    """
    open_tables = [i for i, t in enumerate(tables) if t.kind is TableKind.SELF_EVALUATION]
    ties: dict[int, int] = {}
    for by_name in (True, False):
        for number, sentence in enumerate(sentences):
            if number in ties:
                continue
            left = [i for i in open_tables if i not in ties.values()]
            same = _named(tables, left, sentence) if by_name else _equal(tables, left, sentence)
            if len(same) == 1:
                ties[number] = same[0]
    result = list(tables)
    for number, index in ties.items():
        execution = result[index].execution
        if execution is not None:
            result[index] = replace(
                result[index], execution=_with_sentence(execution, sentences[number])
            )
    untied = [
        problem("sentence_untied", s.at, field="project", raw=s.project, detail=s.project)
        for number, s in enumerate(sentences)
        if number not in ties and open_tables
    ]
    return result, ties, untied


def _named(tables: Sequence[ParsedTable], left: list[int], sentence: ProjectSentence) -> list[int]:
    said = squeeze(sentence.project)
    exact = [i for i in left if squeeze(tables[i].project) == said]
    if exact:
        return exact
    return [
        i
        for i in left
        if min(len(said), len(squeeze(tables[i].project))) >= _SHORTEST_NAME
        and (said in squeeze(tables[i].project) or squeeze(tables[i].project) in said)
    ]


def _equal(tables: Sequence[ParsedTable], left: list[int], sentence: ProjectSentence) -> list[int]:
    return [
        i
        for i in left
        if (execution := tables[i].execution) is not None
        and execution.executed is not None
        and execution.executed == sentence.executed
        and execution.executed != 0
    ]


def _with_sentence(execution: Execution, sentence: ProjectSentence) -> Execution:
    spent = execution.executed is not None and execution.executed > 0
    if sentence.adjusted is None or not spent or execution.budget:
        return execution
    inferred = tuple(dict.fromkeys((*execution.inferred, "budget_used")))
    return replace(execution, budget_used=sentence.adjusted, inferred=inferred)
