"""Row-level security, worked out from memberships; an event belongs to its transaction."""

from __future__ import annotations

from django.db import migrations

from budgets.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = (("budgets", "0003_offices_notices_keys"),)
    operations = (run(__file__, "scope"),)
