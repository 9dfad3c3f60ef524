"""The indicator library as an account finds it: what is published, and what is its own.

Entries are made of published tables alone, so everybody sees the same ones. What is approved but
not published is shown to the account's own unit or department only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Greatest

from budgets.models import Member, User
from performance.access import target_tables_visible_to
from performance.library import Gathered, Use, form_of, gathered
from performance.mapping.values import value_of
from performance.models import Indicator, LibraryEntry, Status

LIMIT = 8
MOST = 100
_OWN_MOST = 300
_LONGEST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """An indicator with its usual target and what is known of it."""

    name: str
    level1: str
    level2: str
    comparator: str
    unit: str
    target: str
    """The usual target as written: what may be taken over."""
    lowest: str
    median: str
    highest: str
    uses: int
    judged: int
    reached: int
    departments: int
    fields: tuple[str, ...]
    years: str
    is_own: bool = False
    """Made of one's own approved tables, not of published ones."""

    @property
    def reached_share(self) -> Decimal | None:
        """How often the target was reached, as a share of what was judged."""
        return Decimal(self.reached) / Decimal(self.judged) if self.judged else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One use of an indicator in a project."""

    level2: str
    name: str
    project: str
    unit: str
    department: str
    year: int
    target: str
    actual: str
    reached: bool | None
    is_own: bool = False


# ── searching ───────────────────────────────────────────────────────────────────────────────────


def suggest(user: User, text: str, level2: str = "", limit: int = LIMIT) -> list[Suggestion]:
    """Indicators whose name begins with, holds or resembles a text; those of the level 2 first.

    A constant number of queries; nothing for a text that says nothing.
    """
    sought = form_of(text[:_LONGEST])
    if not sought:
        return []
    found = [_suggestion(entry) for entry in _resembling(sought, level2)[:limit]]
    known = {(one.level2, form_of(one.name)) for one in found}
    own = [
        one
        for key, one in _own_gathered(_own(user, sought)).items()
        if key not in known and (sought in key[1] or _shared(sought, key[1]))
    ]
    own.sort(key=lambda one: (one.level2 != level2, -one.uses, one.name))
    return [*own[: max(2, limit - len(found))], *found][:limit]


def _shared(one: str, other: str) -> bool:
    """At least half the pairs of signs in common: the same measure as trigrams, for few rows."""
    mine = {one[i : i + 2] for i in range(len(one) - 1)}
    theirs = {other[i : i + 2] for i in range(len(other) - 1)}
    return bool(mine) and 2 * len(mine & theirs) >= len(mine)


def _resembling(sought: str, level2: str) -> QuerySet[LibraryEntry]:
    first = Case(
        When(normal=sought, then=Value(0)),
        When(normal__startswith=sought, then=Value(1)),
        When(normal__contains=sought, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    level = Case(When(level2=level2, then=Value(0)), default=Value(1), output_field=IntegerField())
    likeness = Greatest(
        TrigramSimilarity("normal", sought), TrigramWordSimilarity(sought, "normal")
    )
    return (
        LibraryEntry.objects.filter(
            Q(normal__contains=sought)
            | Q(normal__trigram_similar=sought)
            | Q(normal__trigram_word_similar=sought)
        )
        .annotate(first=first, level=level, likeness=likeness)
        .order_by("level", "first", "-likeness", "-uses", "level2", "normal")
    )


def _suggestion(entry: LibraryEntry) -> Suggestion:
    lowest, median, highest = entry.range_texts or ("", "", "")
    return Suggestion(
        name=entry.name,
        level1=entry.level1,
        level2=entry.level2,
        comparator=entry.comparator,
        unit=entry.measure_unit,
        target=entry.target,
        lowest=lowest,
        median=median,
        highest=highest,
        uses=entry.uses,
        judged=entry.judged,
        reached=entry.reached,
        departments=entry.departments,
        fields=tuple(entry.fields),
        years=_years(entry.first_year, entry.last_year),
    )


def _years(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


# ── one's own ───────────────────────────────────────────────────────────────────────────────────


def _own(user: User, sought: str) -> list[Indicator]:
    """Approved indicators of the account's unit or department that are not published."""
    scope = Q(pk__in=[])
    for member in Member.objects.filter(user_id=user.pk).order_by("pk"):
        if member.unit_id is not None:
            scope |= Q(unit_id=member.unit_id)
        elif member.department_id is not None:
            scope |= Q(department_id=member.department_id)
    tables = target_tables_visible_to(user).filter(scope, status=Status.APPROVED)
    pieces = Q(name__trigram_similar=sought) | Q(name__trigram_word_similar=sought)
    rows = Indicator.unscoped.filter(Q(name__icontains=sought) | pieces, table__in=tables)
    related = ("table__project", "table__unit", "table__department__region")
    return list(rows.select_related(*related).order_by("-pk")[:_OWN_MOST])


def _own_gathered(rows: Iterable[Indicator]) -> dict[tuple[str, str], Suggestion]:
    found = gathered(_use(row) for row in rows)
    return {key: _of_own(key, one) for key, one in found.items()}


def _use(row: Indicator) -> Use:
    table = row.table
    return Use(
        name=row.name,
        level1=row.level1,
        level2=row.level2,
        target=value_of(row),
        project=table.project.name,
        unit=table.unit.name,
        department=table.department.name,
        region=table.department.region.name,
        field=table.department.name,
        year=table.fiscal_year,
    )


def _of_own(key: tuple[str, str], one: Gathered) -> Suggestion:
    summary = one.summary
    lowest, median, highest = summary.texts or ("", "", "")
    return Suggestion(
        name=summary.name,
        level1=summary.level1,
        level2=key[0],
        comparator=summary.comparator,
        unit=summary.unit,
        target=summary.target,
        lowest=lowest,
        median=median,
        highest=highest,
        uses=summary.uses,
        judged=0,
        reached=0,
        departments=len(one.departments),
        fields=tuple(one.fields),
        years=_years(min(one.years), max(one.years)),
        is_own=True,
    )


# ── side by side ────────────────────────────────────────────────────────────────────────────────


def side_by_side(user: User, name: str) -> list[Example]:
    """The same indicator in different projects, the newest first: published ones, and one's own."""
    sought = form_of(name[:500])
    if not sought:
        return []
    entries = LibraryEntry.objects.filter(Q(normal=sought) | Q(aliases__contains=[sought]))
    found = [
        Example(level2=entry.level2, name=entry.name, **example)
        for entry in entries.order_by("level2", "normal")
        for example in entry.examples
    ]
    found += [
        Example(
            level2=row.level2,
            name=row.name,
            project=row.table.project.name,
            unit=row.table.unit.name,
            department=row.table.department.name,
            year=row.table.fiscal_year,
            target=row.text,
            actual="",
            reached=None,
            is_own=True,
        )
        for row in _own(user, sought)
        if form_of(row.name) == sought
    ]
    found.sort(key=lambda one: (one.level2, -one.year, one.department, one.unit, one.project))
    return found[:MOST]


# ── the page ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryPage:
    """The library's page: what was searched for, or the entries used most."""

    rows: Sequence[Suggestion]
    examples: Sequence[Example]
    levels: Sequence[str]
    fields: Sequence[str]
    count: int
    """All entries of the library."""
    most: int = MOST


def library_page(user: User, asked: dict[str, Any]) -> LibraryPage:
    """Entries by ``q``, ``level2`` and ``field``; uses side by side for ``name``."""
    text, level2, field = (str(asked.get(name) or "") for name in ("q", "level2", "field"))
    every = LibraryEntry.objects.all()
    sought = form_of(text[:_LONGEST])
    rows = _resembling(sought, level2) if sought else every.order_by("-uses", "level2", "normal")
    if level2:
        rows = rows.filter(level2=level2)
    if field:
        rows = rows.filter(fields__contains=[field])
    found = [_suggestion(entry) for entry in rows[:MOST]]
    if sought:
        own = _own_gathered(_own(user, sought)).values()
        found = [*(one for one in own if not level2 or one.level2 == level2), *found][:MOST]
    alike = list(every.order_by().values_list("level2", "fields").annotate(Count("pk")))
    return LibraryPage(
        rows=found,
        examples=side_by_side(user, str(asked.get("name") or "")),
        levels=sorted({one for one, _, _ in alike}),
        fields=sorted({name for _, some, _ in alike for name in some}),
        count=sum(number for _, _, number in alike),
    )
