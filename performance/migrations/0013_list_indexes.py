"""The orders of the queue and of the library, so that a first page does not sort all of it."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("performance", "0012_imports"),)
    operations = (
        migrations.AddIndex(
            model_name="examination",
            index=models.Index(fields=["-risk", "id"], name="examination_by_risk"),
        ),
        migrations.AddIndex(
            model_name="libraryentry",
            index=models.Index(fields=["-uses", "level2", "normal"], name="library_most_used"),
        ),
    )
