"""Spot checks: what one may draw from, what was drawn, and what it came to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from budgets.access import reach_of
from budgets.models import Department, Role, User
from performance.access import evaluations_visible_to, tasks_visible_to
from performance.examination.sampling import (
    AMOUNTS,
    RISKS,
    Candidate,
    Checked,
    Stratum,
    Summary,
    amount_class,
    digest_of,
    risk_class,
    summarise,
)
from performance.models import Evaluation, Examination, SpotCheck, SpotCheckItem, Task
from performance.selectors.pages import page_of
from performance.selectors.queue import READERS, decides_queue
from performance.selectors.shapes import Page
from performance.workflow import Paper, State

DRAWN_FROM = (
    State.DEPARTMENT_REVIEWED.value,
    State.CONFIRMED.value,
    State.PUBLISHED.value,
    State.CLOSED.value,
)
"""States of self-evaluations that have come to the bureau."""
MOST_ITEMS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotCheckRow:
    """A spot check in the list."""

    public_id: UUID
    task: str
    fiscal_year: int
    drawn_by: str
    drawn_at: datetime
    population: int
    drawn: int
    checked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """One that was drawn."""

    public_id: UUID
    seq: int
    evaluation: UUID
    project: str
    unit: str
    department: str
    amount: str
    risk: str
    claimed: Decimal | None
    claimed_grade: str
    points: Decimal | None
    grade: str
    words: str
    checked_by: str
    checked_at: datetime | None
    version: int

    @property
    def difference(self) -> Decimal | None:
        """Claimed − checked."""
        if self.claimed is None or self.points is None:
            return None
        return self.claimed - self.points


@dataclass(frozen=True, slots=True, kw_only=True)
class StratumRow:
    """A stratum within reach, with what was drawn from it."""

    department: str
    amount: str
    risk: str
    population: int
    drawn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotCheckSheet:
    """One spot check with the items in reach."""

    public_id: UUID
    task: str
    fiscal_year: int
    seed: str
    size: int
    population: int
    digest: str
    drawn_by: str
    drawn_at: datetime
    items: tuple[ItemRow, ...]
    strata: tuple[StratumRow, ...]
    summary: Summary
    records: bool
    """Whether this account writes down what was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recount:
    """The population in reach as it is now, beside the one that was drawn from."""

    population: int
    digest: str
    unchanged: bool
    """Drawn again, the sample is the same."""
    counted_at: datetime


def spot_checks_visible_to(user: User) -> QuerySet[SpotCheck]:
    """Spot checks with something in the reach of this account as a reviewer or an auditor."""
    items = SpotCheckItem.unscoped.filter(_in_reach(user))
    return SpotCheck.objects.filter(pk__in=items.values("spot_check_id"))


def items_visible_to(user: User) -> QuerySet[SpotCheckItem]:
    """Drawn ones in the reach of this account as a reviewer or an auditor."""
    return SpotCheckItem.unscoped.filter(_in_reach(user))


def _in_reach(user: User, *roles: str) -> Q:
    condition = Q(pk__in=[])
    for role, reached in reach_of(user):
        if role in (roles or READERS):
            condition |= reached
    return condition


def spot_check_list(user: User, cursor: str | None) -> Page:
    """Spot checks, newest first."""
    rows = spot_checks_visible_to(user).select_related("task", "drawn_by")
    found, following = page_of(rows, cursor)
    counts: dict[int, tuple[int, int]] = {
        row["spot_check_id"]: (row["all"], row["done"])
        for row in items_visible_to(user)
        .filter(spot_check__in=[one.pk for one in found])
        .values("spot_check_id")
        .annotate(all=Count("id"), done=Count("checked_at"))
    }
    return Page(
        rows=[
            SpotCheckRow(
                public_id=one.public_id,
                task=one.task.title,
                fiscal_year=one.task.fiscal_year,
                drawn_by=one.drawn_by.display_name,
                drawn_at=one.drawn_at,
                population=one.population,
                drawn=counts.get(one.pk, (0, 0))[0],
                checked=counts.get(one.pk, (0, 0))[1],
            )
            for one in found
        ],
        next_cursor=following,
    )


def spot_check_sheet(user: User, public_id: UUID) -> SpotCheckSheet | None:
    """One spot check, or None when it is not there or not yours."""
    found = _found(user, public_id)
    if found is None:
        return None
    rows = list(
        items_visible_to(user)
        .filter(spot_check=found)
        .select_related("evaluation__project", "unit", "department", "checked_by")
        .order_by("seq")[:MOST_ITEMS]
    )
    names = {str(row.department.public_id): row.department.name for row in rows}
    return SpotCheckSheet(
        public_id=found.public_id,
        task=found.task.title,
        fiscal_year=found.task.fiscal_year,
        seed=found.seed,
        size=found.size,
        population=found.population,
        digest=found.population_digest,
        drawn_by=found.drawn_by.display_name,
        drawn_at=found.drawn_at,
        items=tuple(_item(row) for row in rows),
        strata=_strata(found.strata, names),
        summary=summarise(
            [
                Checked(
                    department=row.department.name,
                    claimed=row.claimed,
                    claimed_grade=row.claimed_grade,
                    checked=row.points,
                    grade=row.grade,
                )
                for row in rows
            ]
        ),
        records=decides_queue(user),
    )


def recount(user: User, public_id: UUID) -> Recount | None:
    """Reads the whole population again; None when the spot check is not there or not yours.

    Apart from the sheet, which is opened often: this takes as long as the population is large.
    """
    found = _found(user, public_id)
    if found is None:
        return None
    population = population_of(user, found.task)
    digest = digest_of(population)
    return Recount(
        population=len(population),
        digest=digest,
        unchanged=digest == found.population_digest,
        counted_at=timezone.now(),
    )


def _found(user: User, public_id: UUID) -> SpotCheck | None:
    rows = spot_checks_visible_to(user).select_related("task", "drawn_by")
    return rows.filter(public_id=public_id).first()


def _item(row: SpotCheckItem) -> ItemRow:
    return ItemRow(
        public_id=row.public_id,
        seq=row.seq,
        evaluation=row.evaluation.public_id,
        project=row.evaluation.project.name,
        unit=row.unit.name,
        department=row.department.name,
        amount=AMOUNTS.get(row.amount_class, row.amount_class),
        risk=RISKS.get(row.risk_class, row.risk_class),
        claimed=row.claimed,
        claimed_grade=row.claimed_grade,
        points=row.points,
        grade=row.grade,
        words=row.words,
        checked_by=row.checked_by.display_name if row.checked_by is not None else "",
        checked_at=row.checked_at,
        version=row.lock_version,
    )


def _strata(kept: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> tuple[StratumRow, ...]:
    """The strata of departments in reach: every stratum has one that was drawn."""
    return tuple(
        StratumRow(
            department=names[one["department"]],
            amount=AMOUNTS[one["amount"]],
            risk=RISKS[one["risk"]],
            population=one["population"],
            drawn=one["drawn"],
        )
        for one in kept
        if one["department"] in names
    )


# ── what is drawn from ──────────────────────────────────────────────────────────────────────────


def population_of(user: User, task: Task) -> list[Candidate]:
    """A task's self-evaluations that have come to the bureau, in reach of a finance reviewer or auditor."""
    examined = Examination.unscoped.filter(task=task, paper=Paper.EVALUATION.value)
    risks = dict(examined.values_list("paper_id", "risk"))
    departments = dict(Department.objects.values_list("pk", "public_id"))
    return [
        Candidate(
            id=str(public_id),
            stratum=Stratum(
                department=str(departments[department_id]),
                amount=amount_class(used if used is not None else budget),
                risk=risk_class(risks.get(pk, 0)),
            ),
        )
        for pk, public_id, department_id, used, budget in _drawn_from(user, task).values_list(
            "pk", "public_id", "department_id", "budget_used", "budget"
        )
    ]


def papers_of(user: User, task: Task, drawn: Sequence[Candidate]) -> dict[str, Evaluation]:
    """The self-evaluations of drawn candidates by their ids."""
    rows = _drawn_from(user, task).filter(public_id__in=[one.id for one in drawn])
    return {str(row.public_id): row for row in rows}


def _drawn_from(user: User, task: Task) -> QuerySet[Evaluation]:
    rows = evaluations_visible_to(user).filter(_in_reach(user), task=task)
    return rows.filter(status__in=DRAWN_FROM)


def tasks_to_draw_from(user: User) -> list[Task]:
    """Tasks for self-evaluations of units this account reviews; at most 200."""
    if not decides_queue(user):
        return []
    rows = tasks_visible_to(user).filter(paper=Paper.EVALUATION.value)
    return list(rows.order_by("-id")[:200])


def reviews_unit(user: User, item: SpotCheckItem) -> bool:
    """Whether this account is a finance reviewer for the unit of a drawn one."""
    reach = _in_reach(user, Role.FINANCE_REVIEWER)
    return SpotCheckItem.unscoped.filter(reach, pk=item.pk).exists()
