"""The fields of a paper's page: named by their place in the content, read back into it.

A field's name is its place (``indicators.3.target``): what the API names in its errors, what a
comparison shows and what a reviewer puts in question is the same word, so all of them meet here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from budgets.errors import Invalid
from budgets.models.money import FundSourceChoice
from performance.reports.comparison import Difference, in_words
from performance.reports.forms import spans
from performance.selectors.desk import Measured
from performance.workflow import Paper

YES, NO = "是", "否"
_INDICATOR = (
    "level1", "level2", "name", "target", "points", "basis", "definition", "scoring_rule",
    "evidence", "prior_actual",
)  # fmt: skip
_EXECUTION = ("budget", "executed", "points", "claimed", "finished")
COLUMNS: Mapping[Paper, tuple[str, tuple[str, ...]]] = {
    Paper.TARGET_TABLE: ("indicators", _INDICATOR),
    Paper.EVALUATION: ("actuals", ("actual", "claimed", "deviation")),
    Paper.MONITORING: ("lines", ("progress", "forecast", "cause")),
}
"""The list whose rows are the indicators, and what is written in each row."""
_ROW = r"[1-9]\d{0,3}"
_NAMES: Mapping[Paper, re.Pattern[str]] = {
    Paper.TARGET_TABLE: re.compile(
        rf"goal_points|supervisor|unit|objectives\.{_ROW}|funds\.{_ROW}\.(?:source|initial)"
        rf"|indicators\.{_ROW}\.(?:{'|'.join(_INDICATOR)})"
    ),
    Paper.EVALUATION: re.compile(
        rf"total_claimed|deviation_reason|improvement|execution\.(?:{'|'.join(_EXECUTION)})"
        rf"|actuals\.{_ROW}\.(?:actual|claimed|deviation)"
    ),
    Paper.MONITORING: re.compile(
        rf"adjusted|executed|cause|measures|lines\.{_ROW}\.(?:progress|forecast|cause)"
    ),
}
_GROWING = {"objectives", "funds", "indicators"}
"""Lists in which rows are added and removed; blank rows are no rows."""
_LISTS = {*_GROWING, "actuals", "lines"}
LONG_COLUMNS = {
    name: in_words(name)
    for name in ("basis", "definition", "scoring_rule", "evidence", "prior_actual")
}
"""The second line of an indicator, in the order it is shown, with the words."""
_LONG = {*LONG_COLUMNS, "deviation", "cause"}
_NUMBERS = {"points", "claimed", "goal_points", "total_claimed"}
_AMOUNTS = {"initial", "budget", "executed", "adjusted"}


# ── reading ─────────────────────────────────────────────────────────────────────────────────────


def typed_content(fields: Mapping[str, str], paper: Paper) -> dict[str, Any]:
    """The content in the fields of a form. Names that are no place of the paper are not read."""
    flat = {
        name: value.replace("\r\n", "\n")
        for name, value in fields.items()
        if _NAMES[paper].fullmatch(name)
    }
    return grown(flat, paper)


def grown(flat: Mapping[str, str], paper: Paper) -> dict[str, Any]:
    """The content whose leaves are ``flat``: rows in order, blank ones left out."""
    content: dict[str, Any] = {}
    rows: dict[str, dict[int, Any]] = {name: {} for name in _LISTS}
    for place, value in flat.items():
        head, _, rest = place.partition(".")
        if not rest:
            content[head] = value
        elif head in _LISTS:
            number, _, name = rest.partition(".")
            if name:
                rows[head].setdefault(int(number), {})[name] = value
            else:
                rows[head][int(number)] = value
        else:
            content.setdefault(head, {})[rest] = value
    for name in _lists_of(paper):
        content[name] = _listed(name, rows[name])
    if paper is Paper.EVALUATION:
        content["execution"] = _execution(content.get("execution", {}))
    return content


def _lists_of(paper: Paper) -> tuple[str, ...]:
    return {
        Paper.TARGET_TABLE: ("objectives", "funds", "indicators"),
        Paper.EVALUATION: ("actuals",),
        Paper.MONITORING: ("lines",),
    }[paper]


def _listed(name: str, rows: Mapping[int, Any]) -> list[Any]:
    if name in _GROWING:
        return [row for _, row in sorted(rows.items()) if not is_blank(row)]
    return [{"seq": number, **row} for number, row in sorted(rows.items())]


def is_blank(row: Any) -> bool:
    """Whether nothing was typed in a row."""
    values = row.values() if isinstance(row, dict) else [row]
    return not any(str(value).strip() for value in values)


def _execution(given: Mapping[str, Any]) -> dict[str, Any] | None:
    if is_blank(dict(given)):
        return None
    return {**given, "finished": {YES: True, NO: False}.get(given.get("finished", ""))}


def flat_content(content: Mapping[str, Any]) -> dict[str, str]:
    """Every leaf of a content by its place, as a form carries it."""
    found: dict[str, str] = {}
    for head, value in content.items():
        if isinstance(value, list):
            for n, row in enumerate(value, start=1):
                if isinstance(row, Mapping):
                    number = row.get("seq", n)
                    found |= {
                        f"{head}.{number}.{name}": _leaf(leaf)
                        for name, leaf in row.items()
                        if name != "seq"
                    }
                else:
                    found[f"{head}.{n}"] = _leaf(row)
        elif isinstance(value, Mapping):
            found |= {f"{head}.{name}": _leaf(leaf) for name, leaf in value.items()}
        elif value is not None:
            found[head] = _leaf(value)
    return found


def _leaf(value: Any) -> str:
    if isinstance(value, bool):
        return YES if value else NO
    return "" if value is None else str(value)


def places_in(paper: Paper, rows: str, name: str, count: int) -> list[str]:
    """The places of one column in the rows whose numbers are written. Raises Invalid."""
    head, names = COLUMNS[paper]
    if name not in names:
        raise Invalid({"ask_name": "请选择哪一格"})
    numbers = re.findall(r"[^\s、，,;；]+", rows)
    if not numbers:
        raise Invalid({"ask_rows": "请写明第几行"})
    for one in numbers:
        if not (one.isdecimal() and len(one) < 5 and 0 < int(one) <= count):
            raise Invalid({"ask_rows": f"没有第“{one[:20]}”行，请写 1 到 {count} 的行号"})
    return [f"{head}.{int(one)}.{name}" for one in numbers]


# ── choosing between mine and theirs ────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A differing place of a stale save, with what is proposed."""

    difference: Difference
    asked: bool
    proposed: str
    """``mine``, ``theirs`` or nothing where both changed it: then people must say."""


def choices(differences: Iterable[Difference]) -> tuple[Choice, ...]:
    """One choice for each place. Who alone changed a place is proposed."""
    found = []
    for one in differences:
        mine = one.mine or ""
        proposed = ""
        if mine == one.before:
            proposed = "theirs"
        elif one.theirs == one.before:
            proposed = "mine"
        found.append(Choice(difference=one, asked=mine != one.theirs, proposed=proposed))
    return tuple(found)


def merged(fields: Mapping[str, str], paper: Paper) -> dict[str, Any]:
    """One's own content, with theirs at the places where theirs was taken."""
    flat = {name: value for name, value in fields.items() if _NAMES[paper].fullmatch(name)}
    for name, value in fields.items():
        place = name.removeprefix("take.")
        if place != name and value == "theirs" and _NAMES[paper].fullmatch(place):
            flat[place] = fields.get(f"theirs.{place}", "")
    return grown({name: value.replace("\r\n", "\n") for name, value in flat.items()}, paper)


# ── showing ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One field: its place, what stands in it, what is wrong with it, what is in question."""

    at: str
    words: str
    value: str
    kind: str
    error: str = ""
    note: str | None = None
    """What was put in question when the paper was returned; None where nothing was."""
    asked: str | None = None
    """What is being put in question now."""
    choices: Sequence[tuple[str, str]] = ()
    found: Sequence[Any] = ()
    """What the check-up says of it, the gravest first."""

    @property
    def shown(self) -> str:
        """The value as it is read."""
        for value, label in self.choices:
            if value == self.value:
                return label
        return self.value

    @property
    def linked(self) -> bool:
        """Whether the page itself leads here, from an error or a finding in its list."""
        return bool(self.error) or any(one.listed for one in self.found)

    @property
    def error_id(self) -> str:
        """Where the error stands, for the field to point to."""
        return f"error-{self.at.replace('.', '-')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of fields, numbered from one, with what it is measured against."""

    number: int
    cells: Mapping[str, Cell]
    measured: Measured | None = None
    more: bool = False
    """Whether the second line is worth showing at once."""
    same: int = 0
    """How many levels are those of the row above: on paper they are one cell."""

    @property
    def long(self) -> list[tuple[str, Cell]]:
        """The cells of the second line with their words."""
        return [(words, self.cells[name]) for name, words in LONG_COLUMNS.items()]

    @property
    def filled(self) -> bool:
        """Whether anything stands in the second line."""
        return any(cell.value for name, cell in self.cells.items() if name in _LONG)

    @property
    def asked(self) -> bool:
        """Whether anything in the second line is being put in question."""
        return any(cell.asked is not None for name, cell in self.cells.items() if name in _LONG)

    @property
    def found(self) -> list[Any]:
        """What the check-up says of any of its cells."""
        return [one for cell in self.cells.values() for one in cell.found]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All fields of a paper's page."""

    single: Mapping[str, Cell]
    objectives: Sequence[Cell] = ()
    funds: Sequence[Row] = ()
    rows: Sequence[Row] = ()
    misplaced: Mapping[str, str] = field(default_factory=dict)
    """Errors of places that the page does not show."""


def sheet_of(
    paper: Paper,
    content: Mapping[str, Any],
    *,
    indicators: Sequence[Measured] = (),
    errors: Mapping[str, str] | None = None,
    marked: Mapping[str, str] | None = None,
    asked: Mapping[str, str] | None = None,
    found: Mapping[str, Sequence[Any]] | None = None,
    blank_rows: Mapping[str, int] | None = None,
    unfolded: int = 0,
) -> Sheet:
    """The fields of a content, with errors, marks and findings beside them.

    ``unfolded`` is the number of an indicator whose second line is shown though it is blank.
    """
    maker = _Maker(flat_content(content), errors or {}, marked or {}, asked or {}, found or {})
    if paper is Paper.TARGET_TABLE:
        return _targets(maker, content, blank_rows or {}, unfolded)
    head, names = COLUMNS[paper]
    single = ["total_claimed", "deviation_reason", "improvement"]
    if paper is Paper.MONITORING:
        single = ["adjusted", "executed", "cause", "measures"]
    else:
        single += [f"execution.{name}" for name in _EXECUTION]
    rows = [
        Row(
            number=one.seq,
            measured=one,
            cells={name: maker.cell(f"{head}.{one.seq}.{name}") for name in names},
        )
        for one in indicators
    ]
    cells = {place.replace(".", "_"): maker.cell(place) for place in single}
    return Sheet(single=cells, rows=rows, misplaced=maker.misplaced())


class _Maker:
    """Makes cells and remembers which errors found their place."""

    def __init__(
        self,
        flat: Mapping[str, str],
        errors: Mapping[str, str],
        marked: Mapping[str, str],
        asked: Mapping[str, str],
        found: Mapping[str, Sequence[Any]],
    ) -> None:
        self.flat, self.marked, self.asked, self.found = flat, marked, asked, found
        self.errors = {at.removesuffix(".text"): words for at, words in errors.items()}
        self.placed: set[str] = set()

    def cell(self, at: str) -> Cell:
        self.placed.add(at)
        name = at.rpartition(".")[2]
        return Cell(
            at=at,
            words=in_words(at),
            value=self.flat.get(at, ""),
            kind=_kind(at, name),
            error=self.errors.get(at, ""),
            note=self.marked.get(at),
            asked=self.asked.get(at),
            choices=_choices(name),
            found=self.found.get(at, ()),
        )

    def misplaced(self) -> dict[str, str]:
        return {in_words(at): words for at, words in self.errors.items() if at not in self.placed}


def _kind(at: str, name: str) -> str:
    if _choices(name):
        return "choice"
    if name in _NUMBERS:
        return "number"
    if name in _AMOUNTS:
        return "amount"
    if name in {"level1", "level2"}:
        return name
    if at in {"deviation_reason", "improvement", "cause", "measures"} or at.startswith("objec"):
        return "essay"
    return "long" if name in _LONG else "text"


def _choices(name: str) -> tuple[tuple[str, str], ...]:
    if name == "source":
        return (("", "（选择来源）"), *((one.value, str(one.label)) for one in FundSourceChoice))
    if name == "finished":
        return (("", "未说明"), (YES, YES), (NO, NO))
    return ()


def _targets(
    maker: _Maker, content: Mapping[str, Any], blank: Mapping[str, int], unfolded: int
) -> Sheet:
    def numbers(name: str) -> range:
        present = len(content.get(name, ()))
        return range(1, present + max(blank.get(name, 0), 0 if present else 1) + 1)

    rows: list[Row] = []
    for n in numbers("indicators"):
        cells = {name: maker.cell(f"indicators.{n}.{name}") for name in _INDICATOR}
        more = n == unfolded or any(
            cell.error or cell.note is not None or cell.found
            for name, cell in cells.items()
            if name in _LONG
        )
        rows.append(Row(number=n, cells=cells, more=more))
    levels = spans([(row.cells["level1"].value, row.cells["level2"].value) for row in rows])
    return Sheet(
        single={name: maker.cell(name) for name in ("supervisor", "unit", "goal_points")},
        objectives=[maker.cell(f"objectives.{n}") for n in numbers("objectives")],
        funds=[
            Row(
                number=n,
                cells={name: maker.cell(f"funds.{n}.{name}") for name in ("source", "initial")},
            )
            for n in numbers("funds")
        ],
        rows=[replace(row, same=run.count(0)) for row, run in zip(rows, levels, strict=True)],
        misplaced=maker.misplaced(),
    )
