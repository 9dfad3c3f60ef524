"""Every migration goes back, and forward again to the same schema: columns, guards, policies, rights."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import psycopg
import pytest

from tests.conftest import ROOT

CATALOGUE = (
    "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns"
    " WHERE table_schema = 'public'",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), tgenabled FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT p.oid::regprocedure::text, pg_get_functiondef(p.oid), p.proacl::text FROM pg_proc p"
    " LEFT JOIN pg_depend d ON d.objid = p.oid AND d.deptype = 'e'"
    " WHERE p.pronamespace = 'public'::regnamespace AND d.objid IS NULL",
    "SELECT tablename, policyname, permissive, roles::text, cmd, qual, with_check FROM pg_policies",
    "SELECT relname, relkind, relrowsecurity, relacl::text FROM pg_class"
    " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'S', 'v')",
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT attrelid::regclass::text, attname, attacl::text FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
    " WHERE c.relnamespace = 'public'::regnamespace AND attacl IS NOT NULL",
)


@pytest.mark.migrations
def test_every_migration_goes_back_and_forward(committed: str, cluster: Any) -> None:
    owner = cluster.address("perf_owner", committed)
    before = _schema(owner)
    _migrate(owner, "budgets", "zero")  # and with it all that stands on it
    left = [row for row in _schema(owner)[5] if row[0].startswith(("budgets_", "performance_"))]
    assert left == []
    _migrate(owner)
    for found, expected in zip(_schema(owner), before, strict=True):
        assert found == expected


def _migrate(owner: str, *words: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0", *words],
        cwd=ROOT,
        env={**os.environ, "DATABASE_OWNER_URL": owner},
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]


def _schema(owner: str) -> list[list[tuple[Any, ...]]]:
    with psycopg.connect(owner) as connection:
        return [sorted(connection.execute(query).fetchall(), key=repr) for query in CATALOGUE]
