"""The order of the queue, so that its first page does not sort all of it."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("performance", "0012_imports"),)
    operations = (
        migrations.AddIndex(
            model_name="examination",
            index=models.Index(fields=["-risk", "id"], name="examination_by_risk"),
        ),
    )
