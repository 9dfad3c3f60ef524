"""What waits is found without all that does not: papers by state, task and age.

And the departments an account reaches are worked out without a comparison for each of them.
"""

from __future__ import annotations

from django.db import migrations, models

from budgets.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = (("performance", "0013_list_indexes"),)
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
        run(__file__, "reached"),
    )
