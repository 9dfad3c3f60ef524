"""Seals of events over their changes; digests that cover everything in an event."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from budgets.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = (("budgets", "0004_scope"),)
    operations = (
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="seal",
                        serialize=False,
                        to="budgets.auditevent",
                        verbose_name="留痕",
                    ),
                ),
                ("changes", models.IntegerField(verbose_name="变更数")),
                ("changes_digest", models.CharField(max_length=64, verbose_name="变更的摘要")),
                ("digest", models.CharField(max_length=64, verbose_name="封印")),
            ],
            options={"verbose_name": "留痕封印", "verbose_name_plural": "留痕封印"},
        ),
        run(__file__, "seals"),
        migrations.AlterField(
            model_name="auditchange",
            name="event",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="changes",
                to="budgets.auditevent",
                verbose_name="留痕",
            ),
        ),
    )
