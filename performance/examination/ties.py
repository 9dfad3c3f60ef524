"""Checks over several tables and the text of one document: what must tie, and does not."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from performance.documents.sentences import tie
from performance.examination.prose import PROSE_CHECKS
from performance.scoring.execution import annual_total
from performance.tables import (
    Execution,
    Finding,
    ParsedDocument,
    ParsedTable,
    ProjectSentence,
    Severity,
    TableKind,
)
from performance.values import plain

_WAN = Decimal(10000)
_HALF_PRINTED = Decimal(50)
"""Half a unit of the last place printed: tables print 万元 with two places."""


def wan(amount: Decimal) -> str:
    """An amount in 元 as 万元, as written in the tables."""
    return plain(amount / _WAN)


def check_x01_sentences(document: ParsedDocument) -> Iterator[Finding]:
    """X01: the text tells another budget, another execution or another rate than the table."""
    _, ties, _ = tie(document.tables, document.sentences)
    for number, index in sorted(ties.items()):
        table, sentence = document.tables[index], document.sentences[number]
        if table.execution is not None:
            yield from _sentence(table, table.execution, sentence)


def _sentence(
    table: ParsedTable, execution: Execution, sentence: ProjectSentence
) -> Iterator[Finding]:
    from_text = "budget_used" in execution.inferred
    adjusted = sentence.adjusted is not None
    budget = sentence.adjusted if adjusted else sentence.initial
    for words, said, printed in (
        ("调整预算数" if adjusted else "全年预算数", budget, execution.budget),
        ("执行数", sentence.executed, execution.executed),
    ):
        if said is None or printed is None or said == printed:
            continue
        if from_text and words != "执行数":
            continue  # the table's 0 gave way to the text: E02 says so
        yield _x01(
            table,
            sentence,
            f"正文说{words} {wan(said)} 万元，自评表为 {wan(printed)} 万元；"
            "以自评表为准，请核对改正",
        )
    rate = execution.rate_claimed
    if rate is None and execution.budget and execution.executed is not None:
        rate = execution.executed / execution.budget
    if sentence.rate is not None and rate is not None and not _rates_agree(sentence.rate, rate):
        yield _x01(
            table,
            sentence,
            f"正文说完成预算 {percent(sentence.rate)}，自评表的执行率为 {percent(rate)}；"
            "请核对改正",
        )


def _x01(table: ParsedTable, sentence: ProjectSentence, words: str) -> Finding:
    return Finding(
        code="X01",
        severity=Severity.ERROR,
        project=table.project,
        message=f"项目“{table.project}”：{words}",
        at=sentence.at,
    )


def _rates_agree(one: Decimal, other: Decimal) -> bool:
    """Whether two shares are the same figure in the coarser of their prints."""
    places = min(_places(one), _places(other))
    step = Decimal(1).scaleb(-places)
    return one.quantize(step, ROUND_HALF_UP) == other.quantize(step, ROUND_HALF_UP)


def _places(number: Decimal) -> int:
    """Places of a share as printed in percent: at least whole percents, at most two places."""
    exponent = number.normalize().as_tuple().exponent
    written = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return max(2, min(written, 4))


def percent(number: Decimal) -> str:
    """A share as a percentage with at most two places."""
    return f"{plain((number * 100).quantize(Decimal('0.01'), ROUND_HALF_UP))}%"


def check_x02_projects(document: ParsedDocument) -> Iterator[Finding]:
    """X02: the projects' amounts against project expenditure.

    They agree with all of it, with the current year's, or with one kind of fund; a smaller sum
    is raised only where the document says that all projects are covered.
    """
    evaluations = [t for t in document.tables if t.kind is TableKind.SELF_EVALUATION]
    tables = evaluations or [t for t in document.tables if t.kind is TableKind.TARGET_TABLE]
    final = bool(evaluations)
    amounts = [_executed(t) if final else annual_total(t) for t in tables]
    known = [amount for amount in amounts if amount is not None]
    printed = {
        line.table: line.project
        for line in document.expenditure
        if not line.code and line.project is not None and ("决算" in line.table) == final
    }
    if not known or not printed:
        return
    total = sum(known, Decimal(0))
    tolerance = _HALF_PRINTED * (len(known) + 1)
    if any(abs(total - amount) <= tolerance for amount in printed.values()):
        return
    title, most = max(printed.items(), key=lambda item: item[1])
    partial = len(known) < len(amounts)
    if total < most and (partial or not document.all_projects_covered):
        return
    yield Finding(
        code="X02",
        severity=Severity.ERROR,
        message=(
            f"{len(known)} 个项目{'执行数' if final else '预算数'}合计 {wan(total)} 万元，"
            f"与“{title}”的项目支出 {wan(most)} 万元不一致，"
            f"相差 {wan(abs(total - most))} 万元；请核对"
        ),
        at=tables[0].at,
    )


def _executed(table: ParsedTable) -> Decimal | None:
    return table.execution.executed if table.execution else None


DOCUMENT_CHECKS = (check_x01_sentences, check_x02_projects, *PROSE_CHECKS)
"""Checks of a whole document, in the order findings are listed."""
