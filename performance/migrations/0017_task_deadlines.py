"""Deadlines of tasks may be moved: what they were, and why."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from budgets.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = (
        ("performance", "0016_corners"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    )
    operations = (
        migrations.CreateModel(
            name="TaskDeadline",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("was", models.DateTimeField(verbose_name="原截止时间")),
                ("became", models.DateTimeField(verbose_name="新截止时间")),
                ("reason", models.CharField(max_length=200, verbose_name="原因")),
                ("moved_at", models.DateTimeField(auto_now_add=True, verbose_name="修改时间")),
                (
                    "moved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="修改人",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deadlines",
                        to="performance.task",
                        verbose_name="任务",
                    ),
                ),
            ],
            options={
                "verbose_name": "截止时间变更",
                "verbose_name_plural": "截止时间变更",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("was", models.F("became")), _negated=True),
                        name="task_deadline_moved",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="task_deadline_reasoned",
                    ),
                ],
            },
        ),
        run(__file__, "deadlines"),
    )
