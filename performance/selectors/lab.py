"""The rule lab over stored papers: read in pieces, nothing written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from budgets.access import holds, reach_of, seen_by_system
from budgets.errors import Invalid, NotAllowed
from budgets.models import BudgetUnit, Department, Role, User
from budgets.text import uuid_or_none
from performance.access import evaluations_visible_to
from performance.lab import LAB_MOST_OTHERS, SETTINGS, LabReport, compare, with_settings
from performance.mapping.tables import parsed_evaluation
from performance.models import Evaluation
from performance.rulebook import RulebookError, UnknownRuleset, all_rulesets, load
from performance.scoring import RuleSet
from performance.selectors.papers import funding_by_project, with_evaluation_rows
from performance.selectors.places import having
from performance.selectors.tallies import evaluation_years
from performance.tables import ParsedTable

MOST = 1000
"""Evaluations × rule sets held against the base in one answer; a command has no such limit."""
ROLES = (Role.FINANCE_REVIEWER, Role.AUDITOR, Role.DEPARTMENT_REVIEWER)
_CHUNK = 200
_NOT_YOURS = "规则试算由财政部门、审计人员和主管部门审核人员使用"
_YEAR = re.compile(r"[0-9]{4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to score again and under what; all as it was typed."""

    year: int
    base: str
    against: Sequence[str] = ()
    settings: Mapping[str, str] | None = None
    """Thresholds changed in the base set: one more set to hold against it."""
    unit: UUID | None = None
    department: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """The rule sets of a wish."""

    base: RuleSet
    others: tuple[RuleSet, ...]
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A report with the id of each paper, in the order of the report's tables."""

    report: LabReport
    papers: tuple[UUID, ...]


def wish_of(given: Mapping[str, Sequence[str]]) -> Wish:
    """A wish as an address says it: year, base, against…, set=key=value…, unit, department.

    Raises Invalid by field for what says nothing.
    """
    fields: dict[str, Any] = {}
    last = {name: (given.get(name) or [""])[-1] for name in ("year", "base", "unit", "department")}
    year = int(last["year"]) if _YEAR.fullmatch(last["year"]) else 0
    if not 2000 <= year <= 2100:
        fields["year"] = "请写年度，如 2022"
    if not last["base"]:
        fields["base"] = "请选基准规则集"
    places: dict[str, UUID | None] = {}
    for name in ("unit", "department"):
        places[name] = None
        if last[name]:
            try:
                places[name] = UUID(last[name])
            except ValueError:
                fields[name] = "没有这个单位或部门"
    settings: dict[str, str] = {}
    for text in given.get("set") or ():
        key, sign, value = text.partition("=")
        if not sign:
            fields["set"] = f"“{text[:60]}”应写成 键=值"
        settings[key.strip()] = value
    if fields:
        raise Invalid(fields)
    against = tuple(name for name in given.get("against") or () if name)
    return Wish(year=year, base=last["base"], against=against, settings=settings, **places)


def contest_of(base: str, against: Sequence[str], settings: Mapping[str, str] | None) -> Contest:
    """The rule sets by name. Raises Invalid by field: base, against, set."""
    fields: dict[str, Any] = {}
    found: list[RuleSet] = []
    labels: dict[str, str] = {}
    try:
        load(base)
    except UnknownRuleset as error:
        fields["base"] = str(error)
    try:
        found = [load(identity) for identity in dict.fromkeys(against)]
    except UnknownRuleset as error:
        fields["against"] = str(error)
    if settings and "base" not in fields:
        try:
            other, label = with_settings(base, settings)
        except RulebookError as error:
            fields["set"] = str(error)
        else:
            found.append(other)
            labels[other.digest] = label
    if not found and not fields:
        fields["against"] = "请至少选一个对照的规则集，或改一个界限"
    if len(found) > LAB_MOST_OTHERS:
        fields["against"] = f"一次最多对照 {LAB_MOST_OTHERS} 个规则集"
    if fields:
        raise Invalid(fields)
    return Contest(base=load(base), others=tuple(found), labels=labels)


def may_try(user: User) -> bool:
    """Whether an account uses the rule lab."""
    return holds(user, *ROLES)


def tried_as_asked(user: User, given: Mapping[str, Sequence[str]]) -> Tried:
    """The lab by an address; who may not try is told so before what was asked wrongly."""
    if not may_try(user):
        raise NotAllowed(_NOT_YOURS)
    return tried(user, wish_of(given))


def tried(user: User, wish: Wish) -> Tried:
    """The lab over the self-evaluations the account's own lab roles show it.

    Nothing is written: the database refuses. Raises NotAllowed for other accounts, Invalid for what
    cannot be tried or is more than ``MOST``.
    """
    if not may_try(user):
        raise NotAllowed(_NOT_YOURS)
    contest = contest_of(wish.base, wish.against, wish.settings)
    rows = evaluations_visible_to(user).filter(_reviewed(user), fiscal_year=wish.year)
    if wish.unit is not None:
        rows = rows.filter(unit__public_id=wish.unit)
    if wish.department is not None:
        rows = rows.filter(department__public_id=wish.department)
    with read_only():
        count = rows.count()
        if count * len(contest.others) > MOST:
            words = (
                f"共 {count} 张自评表、{len(contest.others)} 个对照，超过一次试算的上限"
                f"（{MOST} 张次）；请按部门或单位分开试算，或减少对照"
            )
            raise Invalid({"year": words})
        return _tried(rows, contest)


def tried_by_command(wish: Wish, unit_code: str = "") -> Tried:
    """The lab over all self-evaluations of a year, or of one unit: for the command line.

    Raises Invalid for what cannot be tried.
    """
    contest = contest_of(wish.base, wish.against, wish.settings)
    with seen_by_system(), read_only():
        rows = Evaluation.unscoped.filter(fiscal_year=wish.year, project__confidentiality="public")
        if unit_code:
            units = list(BudgetUnit.objects.filter(code=unit_code).values_list("pk", flat=True))
            if not units:
                raise Invalid({"unit": f"没有代码为“{unit_code[:40]}”的单位"})
            rows = rows.filter(unit_id__in=units)
        return _tried(rows, contest)


@contextmanager
def read_only() -> Iterator[None]:
    """A transaction, or a part of one, in which the database refuses every write.

    The database itself takes this back at the end of the part.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        yield


def _reviewed(user: User) -> Q:
    condition = Q(pk__in=[])
    for role, reached in reach_of(user):
        if role in ROLES:
            condition |= reached
    return condition


def _tried(rows: QuerySet[Evaluation], contest: Contest) -> Tried:
    papers: list[UUID] = []
    report = compare(_tables(rows, papers), contest.base, contest.others, contest.labels)
    return Tried(report=report, papers=tuple(papers))


def _tables(rows: QuerySet[Evaluation], papers: list[UUID]) -> Iterator[ParsedTable]:
    """The papers in the order of their ids; a constant number of queries for each piece."""
    ordered, last = with_evaluation_rows(rows).order_by("pk"), 0
    while True:
        found = list(ordered.filter(pk__gt=last)[:_CHUNK])
        funding = funding_by_project([row.project_id for row in found])
        for row in found:
            papers.append(row.public_id)
            yield parsed_evaluation(row, funding.get((row.project_id, row.fiscal_year), []))
        if len(found) < _CHUNK:
            return
        last = found[-1].pk


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the form of the lab offers an account."""

    years: tuple[int, ...]
    departments: tuple[tuple[UUID, str], ...]
    """Public id and name."""
    department: UUID | None
    """The one whose units are offered: the chosen one, or the only one there is."""
    units: tuple[tuple[UUID, str], ...]
    rulesets: tuple[RuleSet, ...]
    settings: tuple[tuple[str, str], ...]
    """Keys that may be changed, with their words."""


def choices_of(user: User, given: Mapping[str, Sequence[str]] | None = None) -> Choices:
    """Years and departments with papers the account may try, newest year first; of ``given``, an
    address, the units of its department and its unit.

    Raises NotAllowed for accounts that do not use the lab.
    """
    if not may_try(user):
        raise NotAllowed(_NOT_YOURS)
    rows = evaluations_visible_to(user).filter(_reviewed(user)).order_by()
    last = {name: ((given or {}).get(name) or [""])[-1] for name in ("unit", "department")}
    departments = _named(having(Department.objects.all(), rows, "department"))
    chosen = uuid_or_none(last["department"])
    if len(departments) == 1:
        chosen = departments[0][0]
    asked = BudgetUnit.objects.filter(
        Q(department__public_id__in=[chosen] if chosen else [])
        | Q(public_id__in=[unit] if (unit := uuid_or_none(last["unit"])) else [])
    )
    return Choices(
        years=evaluation_years(user, rows),
        departments=departments,
        department=chosen,
        units=_named(having(asked, rows, "unit")),
        rulesets=tuple(all_rulesets().values()),
        settings=tuple((key, words) for key, (words, _) in SETTINGS.items()),
    )


def _named(places: QuerySet[Any]) -> tuple[tuple[UUID, str], ...]:
    return tuple(places.order_by("name", "pk").values_list("public_id", "name"))
