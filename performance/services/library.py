"""Gathering the indicator library: made anew as a whole, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from budgets.models import ExpenditureByFunction
from performance.library import Gathered, Key, Use, gathered, merged
from performance.mapping.tables import parsed_indicator
from performance.models import Actual, Indicator, LibraryEntry, Status, TargetTable
from performance.rulebook import UnknownRuleset, load
from performance.scoring.lines import reached

_CHUNK = 1000
_LOCK = 4_110_011
"""One gathering at a time; the number means nothing."""
_SIMILAR = "0.3"
"""From this trigram similarity on two names are looked at as perhaps one; short Chinese names that
differ in one sign have no more."""


def gather_indicators() -> int:
    """Makes the library anew from all published target tables; returns the number of entries.

    Readers see the old one until this is committed. Nothing of a table that is not published
    goes in, nor of a classified project. Derived data: no event of the trail.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        found = gathered(_uses(published_tables()))
        LibraryEntry.objects.all().delete()
        _store(found)
        went = merged(found, _similar())
        if went:
            changed = {went_to for went_to in went.values() if went_to in found}
            for level2, normal in [*went, *changed]:
                LibraryEntry.objects.filter(level2=level2, normal=normal).delete()
            _store({key: found[key] for key in changed})
        return len(found)


def published_tables() -> QuerySet[TargetTable]:
    """What everybody may know: published (已公开) target tables of projects that are not secret.

    The indicators that a published self-evaluation brought along count where the project has no
    published target table of that year.
    """
    published = TargetTable.unscoped.filter(
        status=Status.PUBLISHED, project__confidentiality="public"
    )
    proper = TargetTable.unscoped.filter(
        status=Status.PUBLISHED,
        from_evaluation=False,
        project_id=OuterRef("project_id"),
        fiscal_year=OuterRef("fiscal_year"),
    )
    return published.filter(Q(from_evaluation=False) | ~Exists(proper))


def _uses(tables: QuerySet[TargetTable]) -> Iterator[Use]:
    fields = _fields(tables)
    actuals = Actual.unscoped.filter(evaluation__status=Status.PUBLISHED)
    rows = (
        Indicator.unscoped.filter(table__in=tables)
        .select_related("table__project", "table__unit", "table__department__region")
        .prefetch_related(Prefetch("actuals", actuals.select_related("evaluation").order_by("pk")))
        .order_by("pk")
    )
    for row in rows.iterator(chunk_size=_CHUNK):
        table = row.table
        actual = next(iter(row.actuals.all()), None)
        yield Use(
            name=row.name,
            level1=row.level1,
            level2=row.level2,
            target=parsed_indicator(row).target,
            actual=actual.text if actual else "",
            met=_met(row, actual),
            project=table.project.name,
            unit=table.unit.name,
            department=table.department.name,
            region=table.department.region.name,
            field=fields.get((table.unit_id, table.fiscal_year), table.department.name),
            year=table.fiscal_year,
        )


def _met(row: Indicator, actual: Actual | None) -> bool | None:
    """Whether the target was reached, by the rules the evaluation was scored with."""
    if actual is None:
        return None
    try:
        rules = load(actual.evaluation.ruleset)
    except UnknownRuleset:
        return None
    found = reached(parsed_indicator(row, actual), rules)
    if found is None or found.ratio is None:
        return None
    return found.ratio >= 1


def _fields(tables: QuerySet[TargetTable]) -> dict[tuple[int, int], str]:
    """The function class (类) on which a unit spends most by projects, by unit and year."""
    rows = (
        ExpenditureByFunction.unscoped.filter(
            unit_id__in=tables.values("unit_id"), code__regex=r"^[0-9]{3}$"
        )
        .order_by("pk")
        .values_list("unit_id", "fiscal_year", "code", "name", "project", "total")
    )
    best: dict[tuple[int, int], tuple[Decimal, Decimal, str]] = {}
    for unit, year, code, name, project, total in rows.iterator(chunk_size=_CHUNK):
        found = (project or Decimal(0), total or Decimal(0), f"{code} {name}")
        if (unit, year) not in best or found > best[unit, year]:
            best[unit, year] = found
    return {key: found[2] for key, found in best.items()}


def _store(found: dict[Key, Gathered]) -> None:
    LibraryEntry.objects.bulk_create(
        (_entry(key, found[key]) for key in sorted(found)), batch_size=_CHUNK
    )


def _entry(key: Key, one: Gathered) -> LibraryEntry:
    summary = one.summary
    lowest, median, highest = summary.numbers or (None, None, None)
    return LibraryEntry(
        level1=summary.level1,
        level2=key[0],
        name=summary.name,
        normal=key[1],
        aliases=sorted(one.aliases),
        comparator=summary.comparator,
        measure_unit=summary.unit[:40],
        target=summary.target,
        lowest=lowest,
        median=median,
        highest=highest,
        range_texts=list(summary.texts),
        uses=summary.uses,
        judged=summary.judged,
        reached=summary.reached,
        departments=len(one.departments),
        fields=[name for name, _ in sorted(one.fields.items(), key=lambda f: (-f[1], f[0]))],
        regions=sorted(one.regions),
        first_year=min(one.years),
        last_year=max(one.years),
        examples=[
            {
                "project": use.project,
                "unit": use.unit,
                "department": use.department,
                "year": use.year,
                "target": use.target.text if use.target else "",
                "actual": use.actual,
                "reached": use.met,
            }
            for use in one.examples
        ],
    )


def _similar() -> list[tuple[Key, Key]]:
    """Pairs of stored names of one level 2 that trigrams hold for similar."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [_SIMILAR])
        cursor.execute(
            "SELECT a.level2, a.normal, b.normal FROM performance_libraryentry a"
            " JOIN performance_libraryentry b ON b.normal %% a.normal AND b.level2 = a.level2"
            " AND a.normal < b.normal ORDER BY 1, 2, 3",
            [],
        )
        return [((level2, one), (level2, other)) for level2, one, other in cursor.fetchall()]
