"""Rights of the roles, the append-only trail, composite keys, exclusive administrators."""

from __future__ import annotations

from django.db import migrations

from budgets.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = (
        ("budgets", "0001_places_people_money"),
        ("sessions", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("auth", "0012_alter_user_first_name_max_length"),
    )
    operations = (run(__file__, "trail"),)
