"""The separation of departments, asked by hash."""

from __future__ import annotations

from django.db import migrations

from budgets.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = (("budgets", "0007_jobs"),)
    operations = (run(__file__, "policies"),)
