"""Partitioned scores and findings, composite keys, the trail of the papers, frozen rows."""

from __future__ import annotations

from django.db import migrations

from budgets.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = (
        ("performance", "0001_papers_and_runs"),
        ("budgets", "0002_trail_and_rights"),
    )
    operations = (run(__file__, "scores"),)
