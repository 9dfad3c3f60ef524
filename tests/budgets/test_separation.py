"""The database's net, read from its own catalogue: nothing may stand outside it by accident."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from budgets import audit
from budgets.access import seen_by
from budgets.models import Notice
from budgets.models.scoping import NoScope, Owned
from tests.cast import Cast
from tests.filled import Filled, fill

DIRECTORIES = {"budgets_budgetunit", "budgets_member"}
"""Who belongs where: known to everybody, the ground on which the net is worked out."""
BULK = {"performance_scoreline", "performance_finding"}
"""Narrow rows that name no unit; written by the bulk role too."""
SUMS = {"performance_tally", "performance_tallymark"}
"""Of a whole department: they name no unit, and who belongs to one does not see them."""
PUBLIC_FUNCTIONS: set[str] = set()
"""Functions with their owner's rights that everybody may run."""
OWNED = [model for model in apps.get_models() if issubclass(model, Owned)]
_OF_DEPARTMENTS = """
  SELECT c.oid, c.relname, c.relrowsecurity,
    EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid) AS policed,
    EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'unit_id' AND NOT a.attisdropped) AS united
  FROM pg_class c JOIN pg_attribute d ON d.attrelid = c.oid AND d.attname = 'department_id' AND NOT d.attisdropped
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
"""


@pytest.fixture
def ask(cluster: Any, migrated: str) -> Iterator[Any]:
    """Rows of a query as the superuser, who sees the catalogue whole."""
    with psycopg.connect(cluster.address("postgres", migrated), autocommit=True) as admin:
        yield lambda sql, *values: admin.execute(sql, values).fetchall()


def _tables(ask: Any) -> dict[str, tuple[int, bool, bool, bool]]:
    found = {row[1]: (row[0], row[2], row[3], row[4]) for row in ask(_OF_DEPARTMENTS)}
    return {name: facts for name, facts in found.items() if name not in DIRECTORIES}


# ── the catalogue ───────────────────────────────────────────────────────────────────────────────


def test_every_table_of_a_department_is_separated(ask: Any) -> None:
    tables = _tables(ask)
    assert {model._meta.db_table for model in OWNED} <= set(tables)
    assert [
        name for name, (_, secured, policed, _) in tables.items() if not (secured and policed)
    ] == []
    assert {name for name, (_, _, _, united) in tables.items() if not united} <= BULK | SUMS


def test_no_row_can_point_into_another_department(ask: Any) -> None:
    """Each key to a row of a department carries the department with it."""
    tables = _tables(ask)
    keys: dict[tuple[str, str], set[frozenset[str]]] = {}
    for table, target, columns in ask(
        "SELECT c.conrelid::regclass::text, c.confrelid::regclass::text, array_agg(a.attname::text) FROM pg_constraint c"
        " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)"
        " WHERE c.contype = 'f' AND c.conparentid = 0 AND c.convalidated GROUP BY c.oid, c.conrelid, c.confrelid"
    ):
        keys.setdefault((table, target), set()).add(frozenset(columns))
    places = {*tables, *DIRECTORIES}
    missing = []
    for (table, target), sets in keys.items():
        if table not in places or target not in {*tables, "budgets_budgetunit"}:
            continue
        for columns in sets:
            if len(columns) == 1 and {*columns, "department_id"} not in sets:
                missing.append((table, *columns))
    assert missing == []
    without = {
        name
        for name in tables
        if frozenset({"unit_id", "department_id"})
        not in keys.get((name, "budgets_budgetunit"), set())
    }
    assert without <= BULK | SUMS


def test_the_roles_can_do_no_more_than_they_must(ask: Any) -> None:
    flags = {row[0]: row[1:] for row in ask(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles WHERE rolname ~ '^perf_'")}  # fmt: skip
    assert flags["perf_app"] == flags["perf_auditor"] == (False,) * 5
    assert flags["perf_bulk"] == (False, True, False, False, False)
    assert not flags["perf_owner"][0]
    owned = ask("SELECT relname FROM pg_class WHERE relowner::regrole::text <> ALL (ARRAY['perf_owner', 'postgres'])"
                " AND relnamespace = 'public'::regnamespace")  # fmt: skip
    assert owned == []
    members = ask("SELECT member::regrole::text, roleid::regrole::text FROM pg_auth_members"
                  " WHERE member::regrole::text IN ('perf_app', 'perf_bulk', 'perf_auditor')")  # fmt: skip
    assert members == []
    for role in ("perf_app", "perf_bulk", "perf_auditor"):
        assert ask("SELECT has_schema_privilege(%s, 'public', 'CREATE'), has_database_privilege(%s, current_database(), 'CREATE')",
                   role, role) == [(False, False)]  # fmt: skip
    rights = {
        (role, table): set(found)
        for role, table, found in ask(
            "SELECT r.role, c.relname, array(SELECT p FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'REFERENCES']) p"
            " WHERE has_table_privilege(r.role, c.oid, p)) FROM pg_class c, unnest(ARRAY['perf_app', 'perf_bulk', 'perf_auditor']) r(role)"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
        )
    }
    beyond = {
        key: found for key, found in rights.items() if found & {"TRUNCATE", "TRIGGER", "REFERENCES"}
    }
    assert beyond == {}
    assert {
        table: found for (role, table), found in rights.items() if role == "perf_bulk" and found
    } == {table: {"SELECT", "INSERT"} for table in BULK}
    auditor = {
        table: found for (role, table), found in rights.items() if role == "perf_auditor" and found
    }
    assert {"budgets_auditevent", "budgets_auditchange"} <= set(auditor)
    assert all(
        table.startswith("budgets_audit") and found == {"SELECT"}
        for table, found in auditor.items()
    )
    assert {
        table
        for (role, table), found in rights.items()
        if role == "perf_app" and found - {"SELECT"} and table.startswith("budgets_audit")
    } == set()
    for (partition,) in ask(
        "SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r' AND relnamespace = 'public'::regnamespace"
    ):
        assert not rights["perf_app", partition], partition


def test_no_view_shows_what_its_reader_may_not_see(ask: Any) -> None:
    views = ask("SELECT relname, coalesce(reloptions::text, '') FROM pg_class WHERE relkind IN ('v', 'm')"
                " AND relnamespace = 'public'::regnamespace")  # fmt: skip
    assert [name for name, said in views if "security_invoker=true" not in said] == []


def test_functions_with_their_owners_rights_are_pinned_and_not_for_everybody(ask: Any) -> None:
    rows = ask(
        "SELECT proname, coalesce(proconfig::text, ''), EXISTS (SELECT 1 FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) a"
        " WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE') FROM pg_proc"
        " WHERE pronamespace = 'public'::regnamespace AND prosecdef AND proname ~ '^(budgets|performance)_'"
    )
    assert len(rows) >= 15
    assert [name for name, said, _ in rows if "search_path=public, pg_temp" not in said] == []
    assert {name for name, _, everybody in rows if everybody} == PUBLIC_FUNCTIONS


def test_a_planted_gap_is_found(cluster: Any, committed: str) -> None:
    """Each question above is content before its gap is planted, and not after."""
    superuser = cluster.address("postgres", committed)
    with (
        psycopg.connect(cluster.address("perf_owner", committed), autocommit=True) as owner,
        psycopg.connect(superuser, autocommit=True) as admin,
    ):

        def ask(sql: str, *values: Any) -> Any:
            return admin.execute(sql, values).fetchall()

        for question, gap in (
            (
                test_every_table_of_a_department_is_separated,
                "ALTER TABLE performance_actual DISABLE ROW LEVEL SECURITY",
            ),
            (
                test_no_row_can_point_into_another_department,
                "ALTER TABLE performance_review DROP CONSTRAINT review_run_id_same_department",
            ),
            (
                test_the_roles_can_do_no_more_than_they_must,
                "GRANT UPDATE ON performance_scoreline TO perf_bulk",
            ),
            (
                test_no_view_shows_what_its_reader_may_not_see,
                "CREATE VIEW planted AS SELECT * FROM budgets_project",
            ),
            (
                test_functions_with_their_owners_rights_are_pinned_and_not_for_everybody,
                "CREATE FUNCTION budgets_loose() RETURNS int LANGUAGE sql SECURITY DEFINER"
                " AS 'SELECT 1'",
            ),
        ):
            question(ask)
            owner.execute(gap)
            with pytest.raises(AssertionError):
                question(ask)


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model.__name__)
def test_the_default_name_refuses(model: Any) -> None:
    for use in (
        lambda: model.objects.all(),
        lambda: model.objects.count(),
        lambda: model.objects.create(),
    ):
        with pytest.raises(NoScope):
            use()


# ── the net alone ───────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def filled(db: None, settings: Any, tmp_path: Any) -> Filled:
    settings.MEDIA_ROOT = tmp_path / "media"
    found = fill()
    _objected(found)
    return found


def _objected(filled: Filled) -> None:
    """The reviewed sheet goes to the unit, which objects to a line: rows of both."""
    path = f"evaluations/{filled.ids['evaluation']}/review/"
    finance, clerk = filled.api("finance2"), filled.api("clerk")
    version = finance.get(path).version
    until = {"deadline": "2099-01-01T00:00:00Z"}
    sent = finance.post(f"{path}feedback/", until, version=version)
    said = {"seq": 1, "objects_to": True, "words": "不同意"}
    answered = clerk.post(f"{path}feedback/answers/", said, version=sent.version)
    assert (sent.status, answered.status) == (200, 200)


@contextmanager
def _as(uid: int | None) -> Iterator[Any]:
    with seen_by(uid), connection.cursor() as cursor:
        yield cursor


def _rows(table: str, department: int, uid: int | None) -> int:
    with _as(uid) as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}" WHERE department_id = %s', [department])
        return int(cursor.fetchone()[0])


OF_THEIR_ACTOR = {"budgets_job"}
"""Rows that only the account sees that caused them; here the clerk, who submitted."""


OF_THE_BUREAU = {"performance_spotcheckitem"}
"""Rows that the bureau's people alone see: a unit is not told what was drawn."""


OF_THE_UNIT = {"performance_upload", "performance_takentable"}
"""Rows that the unit's people alone see: what was uploaded is nobody's above them."""


def test_the_net_alone_shows_no_foreign_row(filled: Filled, ask: Any) -> None:
    """For each table: rows for those they belong to, none for strangers, none for nobody."""
    cast = filled.cast
    own = cast.department.pk
    strangers = (
        "foreign_clerk",
        "foreign_head",
        "foreign_reviewer",
        "elsewhere",
        "system",
        "security",
        "audit_admin",
    )
    tables = _tables(ask)
    empty = []
    for table in tables:
        if not _rows(table, own, 0):
            empty.append(table)
        assert _rows(table, own, None) == 0, table
        for name in strangers:
            assert _rows(table, own, cast[name].pk) == 0, (table, name)
        for name in ("clerk", "reviewer", "finance2", "auditor"):
            shown = name == "clerk" if table in OF_THEIR_ACTOR else table not in empty
            if table in OF_THE_BUREAU:
                shown = name in {"finance2", "auditor"}
            if table in OF_THE_UNIT:
                shown = name == "clerk"
            if table in SUMS:
                shown = name != "clerk"
            assert (_rows(table, own, cast[name].pk) > 0) == shown, (table, name)
    assert empty == filled.without, "each table must hold rows, or the test shows nothing"


def test_tasks_notices_keys_and_contributors_are_seen_by_those_they_concern(filled: Filled) -> None:
    cast = filled.cast
    moved = {"deadline": "2099-01-31T16:00:00Z", "reason": "系统升级"}
    path = f"tasks/{filled.ids['task']}/deadline/"
    assert filled.api("finance2").post(path, moved, version=1).status == 200

    def count(table: str, uid: int | None) -> int:
        with _as(uid) as cursor:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            return int(cursor.fetchone()[0])

    everything = {
        table: count(table, 0)
        for table in (
            "performance_task",
            "performance_taskdeadline",
            "budgets_notice",
            "budgets_idempotencykey",
            "performance_contributor",
        )
    }
    assert all(everything.values()), everything
    for table in everything:
        assert count(table, None) == 0, table
        assert count(table, cast["system"].pk) == 0, table
    for table in ("performance_task", "performance_taskdeadline"):
        assert count(table, cast["foreign_clerk"].pk) == 0
        assert count(table, cast["elsewhere"].pk) == 0
        assert count(table, cast["clerk"].pk) > 0
    assert count("performance_contributor", cast["clerk"].pk) == 0


def test_nothing_can_be_written_into_another_department(filled: Filled, ask: Any) -> None:
    """WITH CHECK: a stranger can neither make a row there nor carry one of her own over."""
    cast = filled.cast
    tried = 0
    for table in sorted(_tables(ask)):
        columns = [row[0] for row in ask(_COLUMNS, table)]
        fresh = "public_id" in columns
        kept = [column for column in columns if column != "public_id"]
        row = _one_row(table, kept, cast.department.pk)
        if row is None:
            continue
        tried += 1
        names = ", ".join([*kept, *(["public_id"] if fresh else [])])
        marks = ", ".join([*["%s"] * len(kept), *(["gen_random_uuid()"] if fresh else [])])
        with pytest.raises(DatabaseError) as refused:
            _try(cast, f'INSERT INTO "{table}" ({names}) VALUES ({marks})', list(row))
        assert _is_refusal(refused.value), (table, refused.value)
    assert tried >= 18
    carried = "UPDATE budgets_project SET department_id = %s, unit_id = %s WHERE department_id = %s"
    with pytest.raises(DatabaseError, match="row-level security"):
        _try(cast, carried, [cast.department.pk, cast.unit.pk, cast.other_department.pk])
    for verb in ("UPDATE budgets_project SET name = name", "DELETE FROM budgets_funding"):
        assert _try(cast, f"{verb} WHERE department_id = %s", [cast.department.pk]) == 0


_COLUMNS = (
    "SELECT column_name::text FROM information_schema.columns WHERE table_schema = 'public'"
    " AND table_name = %s AND column_name <> 'id'"
)


def _one_row(table: str, columns: list[str], department: int) -> Any:
    with _as(0) as cursor:
        cursor.execute(
            f'SELECT {", ".join(columns)} FROM "{table}" WHERE department_id = %s LIMIT 1',
            [department],
        )
        return cursor.fetchone()


def _try(cast: Cast, sql: str, values: list[Any]) -> int:
    """A statement of the other department's clerk; how many rows it touched."""
    stranger = cast["foreign_clerk"]
    with _as(stranger.pk) as cursor, transaction.atomic():
        _event(stranger, cast.other_department.pk)
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def _is_refusal(error: DatabaseError) -> bool:
    """Refused by the net, or by a guard that comes before it and finds nothing to write to."""
    words = str(error)
    return (
        "row-level security" in words
        or "permission denied" in words
        or getattr(error.__cause__, "sqlstate", "") == "23514"
    )


def _event(actor: Any, department: int) -> None:
    audit.record(
        actor=actor, verb="try", object_type="x", object_id=1, department_id=department, detail={}
    )


def test_a_member_belongs_where_the_unit_does(filled: Filled) -> None:
    cast: Cast = filled.cast
    from budgets.models import Member, Role

    with pytest.raises(DatabaseError, match="member_unit_same_department"), transaction.atomic():
        Member.objects.create(
            user=cast["reviewer"], role=Role.CLERK, department=cast.department, unit=cast.foreign
        )


def test_one_business_office_hears_nothing_of_another(filled: Filled) -> None:
    """Neither by a refused title nor by a notice."""
    cast = filled.cast
    body = {
        "paper": "evaluation",
        "fiscal_year": 2024,
        "title": "2024 年自评",
        "deadline": "2098-12-31T16:00:00Z",
        "units": [str(cast.foreign.public_id)],
    }
    assert filled.api("elsewhere").post("tasks/", body).status == 201
    assert filled.api("elsewhere").post("tasks/", body).status == 409
    told = set(Notice.objects.filter(object_type="evaluation").values_list("user__username"))
    assert ("finance",) in told
    assert ("elsewhere",) not in told
