"""Approved indicators gathered, with trigram search."""

from __future__ import annotations

from typing import Any

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

from budgets.sqlfiles import run


def _words(size: int) -> models.Field[Any, Any]:
    return models.CharField(max_length=size)


def _figure(words: str) -> models.Field[Any, Any]:
    return models.DecimalField(
        blank=True, decimal_places=10, max_digits=28, null=True, verbose_name=words
    )


class Migration(migrations.Migration):
    dependencies = (("performance", "0010_spot_checks"),)
    operations = (
        run(__file__, "library"),
        migrations.CreateModel(
            name="LibraryEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level1", models.CharField(blank=True, max_length=60, verbose_name="一级指标")),
                ("level2", models.CharField(blank=True, max_length=60, verbose_name="二级指标")),
                ("name", models.CharField(max_length=500, verbose_name="三级指标")),
                ("normal", models.CharField(max_length=300, verbose_name="名称的规范形")),
                ("aliases", django.contrib.postgres.fields.ArrayField(base_field=_words(300), blank=True, default=list, size=None, verbose_name="并入的名称")),
                ("comparator", models.CharField(blank=True, max_length=8, verbose_name="常用比较符")),
                ("measure_unit", models.CharField(blank=True, max_length=40, verbose_name="常用计量单位")),
                ("target", models.TextField(blank=True, verbose_name="常用指标值")),
                ("lowest", _figure("最低")),
                ("median", _figure("中位")),
                ("highest", _figure("最高")),
                ("range_texts", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, default=list, size=None, verbose_name="最低、中位、最高（原文）")),
                ("uses", models.PositiveIntegerField(verbose_name="使用次数")),
                ("judged", models.PositiveIntegerField(verbose_name="有完成情况的次数")),
                ("reached", models.PositiveIntegerField(verbose_name="达标次数")),
                ("departments", models.PositiveIntegerField(verbose_name="部门数")),
                ("fields", django.contrib.postgres.fields.ArrayField(base_field=_words(200), default=list, size=None, verbose_name="领域")),
                ("regions", django.contrib.postgres.fields.ArrayField(base_field=_words(60), default=list, size=None, verbose_name="地区")),
                ("first_year", models.PositiveSmallIntegerField(verbose_name="最早年度")),
                ("last_year", models.PositiveSmallIntegerField(verbose_name="最近年度")),
                ("examples", models.JSONField(default=list, verbose_name="并列对照")),
                ("gathered_at", models.DateTimeField(auto_now_add=True, verbose_name="归集时间")),
            ],
            options={
                "verbose_name": "指标库条目",
                "verbose_name_plural": "指标库条目",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["normal"], name="library_normal_trgm", opclasses=["gin_trgm_ops"]
                    ),
                    django.contrib.postgres.indexes.GinIndex(fields=["fields"], name="library_fields"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("level2", "normal"), name="library_entry_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("judged__gte", models.F("reached")), ("uses__gte", models.F("judged"))
                        ),
                        name="library_entry_counts_sound",
                    ),
                ],
            },
        ),
    )  # fmt: skip
