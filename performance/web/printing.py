"""Papers as their official forms on A4, and what was found and decided as a record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from budgets.web.forms import user_of
from performance.examination.progress import Judged, Likelihood
from performance.reports.forms import CAUSES, boxes_of, causes_of, evaluation_form, target_form
from performance.scoring.criteria import deviation
from performance.scoring.execution import execution_rate
from performance.selectors.deviations import percent
from performance.selectors.prints import PrintedPaper, PrintedRow, printed_paper
from performance.selectors.progress import progress_of
from performance.values import parse_number
from performance.web.fields import flat_content
from performance.web.sheets import KINDS
from performance.workflow import PAPER_LABELS, Paper

_FORMS: Mapping[str, str] = {
    "form": "表",
    "review": "复核表",
    "examination": "绩效目标审核表",
    "record": "审核与复核记录",
}
_ITEMS = {
    "完整性": "规范完整性、明确清晰性",
    "相关性": "目标相关性、指标科学性",
    "适当性": "绩效合理性、资金匹配性",
    "可行性": "实现可能性、条件充分性",
}
"""What the examination form asks of each aspect (财预〔2015〕88号)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of a form behind the levels."""

    words: str
    number: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of a form: the indicator, what stands in its cells by name, its light."""

    row: PrintedRow
    typed: Mapping[str, str]
    cells: Sequence[Cell] = ()
    judged: Judged | None = None
    causes: Sequence[bool] = ()
    cause: str = ""


@require_safe
def printed(request: HttpRequest, kind: str, public_id: UUID) -> HttpResponse:
    """A paper to be printed: ``form`` says which of its forms; 404 where it is not this reader's."""
    paper, user = KINDS[kind], user_of(request)
    found = printed_paper(user, paper, public_id)
    wanted = request.GET.get("form", "form")
    if found is None or wanted not in _offered(found, paper):
        raise Http404
    context: dict[str, Any] = {
        "paper": found,
        "desk": found.desk,
        "kind": kind,
        "paper_label": PAPER_LABELS[paper],
        "wanted": wanted,
        "offered": [(name, _FORMS[name]) for name in _offered(found, paper)],
        "checkup": found.checkup if found.checkup is not None and found.checkup.readable else None,
        "conclusion": found.checkup.conclusion if found.checkup is not None else None,
        "typed": found.desk.content,
    }
    if wanted == "form":
        context |= _FORM[paper](request, found)
    elif wanted == "review":
        context |= _review(found)
    elif wanted == "examination":
        context |= _examination(found)
    template = wanted if wanted != "form" else context.get("template", paper.value)
    return render(request, f"performance/print/{template}.html", context)


def _offered(found: PrintedPaper, paper: Paper) -> tuple[str, ...]:
    forms = ["form"]
    if found.desk.review is not None:
        forms.append("review")
    if found.checkup is not None and found.checkup.conclusion is not None:
        forms.append("examination")
    if found.desk.review is not None or found.checkup is not None:
        forms.append("record")
    return tuple(forms)


def _typed(found: PrintedPaper, head: str) -> list[dict[str, str]]:
    """What was typed on each row, by the name of the cell."""
    flat = flat_content(found.desk.content)
    rows: list[dict[str, str]] = [{} for _ in found.rows]
    for place, words in flat.items():
        name, _, rest = place.partition(".")
        number, _, cell = rest.partition(".")
        if name == head and cell and number.isdigit() and 1 <= int(number) <= len(rows):
            rows[int(number) - 1][cell] = words
    return rows


def _target_table(request: HttpRequest, found: PrintedPaper) -> dict[str, Any]:
    form = target_form(found.region_code)
    typed = _typed(found, "indicators")
    return {
        "form": form,
        "lines": [
            Line(
                row=row,
                typed=cells,
                cells=[
                    Cell(words=cells.get(name, ""), number=name == "points")
                    for name, _, _ in form.columns
                ],
            )
            for row, cells in zip(found.rows, typed, strict=True)
        ],
        "pointed": any(name == "points" for name, _, _ in form.columns),
    }


def _evaluation(request: HttpRequest, found: PrintedPaper) -> dict[str, Any]:
    total = (found.points or Decimal(0)) + (found.execution_points or Decimal(0))
    return {
        "lines": [
            Line(row=row, typed=cells)
            for row, cells in zip(found.rows, _typed(found, "actuals"), strict=True)
        ],
        **_money(found, found.desk.content["execution"] or {}, "budget"),
        "total_points": total if found.points is not None else None,
        "boxes": boxes_of(found.ticked),
        "template": evaluation_form(found.region_code),
    }


def _monitoring(request: HttpRequest, found: PrintedPaper) -> dict[str, Any]:
    progress = progress_of(user_of(request), found.desk.public_id)
    lines = []
    for n, (row, cells) in enumerate(zip(found.rows, _typed(found, "lines"), strict=True)):
        kinds, rest = causes_of(cells.get("cause", ""))
        lines.append(
            Line(
                row=row,
                typed=cells,
                judged=progress.lines[n] if progress is not None else None,
                causes=[kind in kinds for kind in CAUSES],
                cause=rest,
            )
        )
    return {
        **_money(found, found.desk.content, "adjusted"),
        "lines": lines,
        "causes": CAUSES,
        "likelihoods": list(Likelihood),
        "progress": progress,
    }


def _money(found: PrintedPaper, typed: Mapping[str, Any], budget: str) -> dict[str, Any]:
    """The fund block: what was typed on the whole, the sources below it."""
    adjusted, executed = parse_number(typed.get(budget)), parse_number(typed.get("executed"))
    return {
        "execution": typed,
        "whole": next((fund for fund in found.funds if fund.whole), None),
        "fund_rows": [fund for fund in found.funds if not fund.whole],
        "budget": adjusted,
        "executed": executed,
        "rate": execution_rate(executed, adjusted),
    }


_FORM = {
    Paper.TARGET_TABLE: _target_table,
    Paper.EVALUATION: _evaluation,
    Paper.MONITORING: _monitoring,
}


def _review(found: PrintedPaper) -> dict[str, Any]:
    review = found.desk.review
    assert review is not None, "offered only where there is one"
    by_row = {row.seq: row for row in found.rows}
    return {
        "review": review,
        "lines": [
            {
                "line": line,
                "row": by_row.get(line.seq),
                "deviation": percent(deviation(line.claimed, line.reviewed)),
            }
            for line in sorted(review.lines, key=lambda one: (one.seq == 0, one.seq))
        ],
        "reasons": [line for line in review.lines if line.reason_code],
    }


def _examination(found: PrintedPaper) -> dict[str, Any]:
    checkup = found.checkup
    assert checkup is not None and checkup.conclusion is not None, "offered only where there is one"
    findings = checkup.findings if checkup.readable else ()
    return {
        "aspects": [
            {
                "aspect": one.aspect,
                "items": _ITEMS.get(one.aspect, ""),
                "grade": one.grade,
                "findings": [finding for finding in findings if finding.aspect == one.aspect],
            }
            for one in checkup.conclusion.aspects
        ]
    }
