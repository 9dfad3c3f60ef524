"""The procedure in the database: moves, frozen content, contributors, separation."""

from __future__ import annotations

from django.db import migrations

from budgets.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = (("performance", "0003_procedure"), ("budgets", "0004_scope"))
    operations = (run(__file__, "procedure"),)
