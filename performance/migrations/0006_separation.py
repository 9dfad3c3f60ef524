"""What the two nets still lacked."""

from __future__ import annotations

from django.db import migrations, models

from budgets.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = (("performance", "0005_second_digests"),)
    operations = (
        # Unique over the region told one business office what another one asks for.
        migrations.RemoveConstraint("task", "task_once"),
        migrations.AddConstraint(
            "task",
            models.UniqueConstraint(
                fields=("issued_by", "paper", "fiscal_year", "title"), name="task_once"
            ),
        ),
        run(__file__, "separation"),
    )
