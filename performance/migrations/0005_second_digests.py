"""A second digest of files and snapshots, where it is wanted."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("performance", "0004_procedure_guards"),)
    operations = ()
