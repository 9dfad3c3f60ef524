"""A second digest of files and snapshots, where it is wanted."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("performance", "0004_procedure_guards"),)
    operations = tuple(
        migrations.AddField(
            model_name=name,
            name="sm3",
            field=models.CharField(blank=True, max_length=64, null=True, verbose_name="SM3"),
        )
        for name in ("document", "snapshot")
    )
