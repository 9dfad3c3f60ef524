"""What waits is found without all that does not: papers by state, task and age."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("performance", "0014_tallies"),)
    operations = (
        migrations.AddIndex(
            model_name="targettable",
            index=models.Index(fields=["status", "task", "id"], name="target_table_by_state"),
        ),
        migrations.AddIndex(
            model_name="evaluation",
            index=models.Index(fields=["status", "task", "id"], name="evaluation_by_state"),
        ),
        migrations.AddIndex(
            model_name="monitoring",
            index=models.Index(fields=["status", "task", "id"], name="monitoring_by_state"),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(fields=["state", "evaluation"], name="review_by_state"),
        ),
    )
