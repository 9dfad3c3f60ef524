"""Points for budget execution: executed ÷ adjusted annual budget."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from performance.scoring.lines import Scored
from performance.scoring.reasons import Note, Reason
from performance.scoring.rules import ExecutionMethod, RuleSet
from performance.tables import FundSource, FundStage, ParsedTable


@dataclass(frozen=True, slots=True)
class Money:
    """The figures execution is scored with, in 元."""

    adjusted: Decimal | None
    executed: Decimal | None
    notes: tuple[Note, ...] = ()

    @property
    def rate(self) -> Fraction | None:
        """Executed ÷ adjusted, at most 1; None when one is missing or there was no budget."""
        if self.adjusted is None or self.executed is None or self.adjusted <= 0:
            return None
        return min(Fraction(1), max(Fraction(0), Fraction(self.executed) / Fraction(self.adjusted)))


def money_of(table: ParsedTable) -> Money:
    """Adjusted budget and executed amount; what is missing is taken from where it may be.

    A budget that another figure of the document gives is noted, so is the initial budget that
    stands in for a missing adjusted one.
    """
    execution = table.execution
    if execution is None:
        return Money(None, None)
    notes: list[Note] = []
    adjusted = execution.budget_used
    if adjusted is None:
        adjusted = execution.budget
    if adjusted is None:
        adjusted = annual_total(table)
        if adjusted is not None:
            notes.append(Note.BUDGET_INITIAL)
    elif "budget_used" in execution.inferred:
        from_text = execution.budget is not None or adjusted != annual_total(table)
        notes.append(Note.BUDGET_FROM_TEXT if from_text else Note.BUDGET_INITIAL)
    return Money(adjusted, execution.executed, tuple(notes))


def annual_total(table: ParsedTable) -> Decimal | None:
    """The whole of the year's money as first budgeted, in 元; None where the form has none."""
    return next(
        (
            fund.initial
            for fund in table.funds
            if fund.source is FundSource.TOTAL and fund.stage is FundStage.ANNUAL
        ),
        None,
    )


def score_execution(table: ParsedTable, points: Decimal, rules: RuleSet) -> Scored:
    """Exact points for execution, with R02 and E02 noted where the money is odd."""
    money = money_of(table)
    notes = money.notes
    if Note.BUDGET_FROM_TEXT in notes:
        notes = (*notes, Note.E02)
    if money.adjusted is None or money.executed is None:
        return Scored(None, None, Reason.EXECUTION_MISSING, notes)
    if money.adjusted <= 0:
        if money.executed <= 0:
            return Scored(None, None, Reason.EXECUTION_NO_MONEY, (*notes, Note.R02))
        return Scored(Fraction(0), None, Reason.EXECUTION_ZERO_BUDGET, (*notes, Note.E02))
    rate = money.rate
    assert rate is not None
    if money.executed > money.adjusted:
        notes = (*notes, Note.OVER_BUDGET)
        notes = notes if Note.E02 in notes else (*notes, Note.E02)
    if rate < Fraction(4, 5):
        notes = (*notes, Note.R02)
    whole = Fraction(points)
    if rules.execution_method is ExecutionMethod.RATIO:
        return Scored(whole * rate, rate, Reason.EXECUTION_RATIO, notes)
    finished = table.execution.finished if table.execution else None
    if finished and money.executed <= money.adjusted and rules.execution_finished_share is not None:
        share = Fraction(rules.execution_finished_share)
        return Scored(whole * share, rate, Reason.EXECUTION_FINISHED, notes)
    return Scored(whole * band_share(rate, rules), rate, Reason.EXECUTION_BAND, notes)


def band_share(rate: Fraction, rules: RuleSet) -> Fraction:
    """Share of the highest band whose lower bound the rate reaches."""
    for band in sorted(rules.execution_bands, key=lambda b: b.lower, reverse=True):
        if rate >= Fraction(band.lower):
            return Fraction(band.share)
    return Fraction(0)


def execution_rate(executed: Decimal | None, budget: Decimal | None) -> Decimal | None:
    """Executed ÷ budget as a share, for lists and reports; None where either is missing or no budget."""
    if executed is None or budget is None or budget <= 0:
        return None
    return executed / budget
