"""The separation of departments, asked by hash; sums of papers kept for each department."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from budgets.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = [("budgets", "0008_policies"), ("performance", "0013_list_indexes")]

    operations = [
        run(__file__, "policies"),
        migrations.CreateModel(
            name="TallyMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="budgets.department",
                        verbose_name="主管部门",
                    ),
                ),
            ],
            options={
                "verbose_name": "待重新计数",
                "verbose_name_plural": "待重新计数",
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fiscal_year", models.PositiveSmallIntegerField(verbose_name="年度")),
                (
                    "paper",
                    models.CharField(
                        choices=[
                            ("target_table", "绩效目标表"),
                            ("monitoring", "绩效运行监控表"),
                            ("evaluation", "绩效自评表"),
                        ],
                        max_length=20,
                        verbose_name="表",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("submitted", "已提交，待单位审核"),
                            ("unit_checked", "单位已审，待主管部门审核"),
                            ("department_reviewed", "主管部门已审，待财政审核"),
                            ("approved", "已批复"),
                            ("confirmed", "已复核"),
                            ("published", "已公开"),
                            ("returned", "已退回，待修改"),
                            ("withdrawn", "已撤回"),
                            ("superseded", "已调整，另有新版本"),
                            ("closed", "已办结"),
                        ],
                        max_length=24,
                        verbose_name="状态",
                    ),
                ),
                ("imported", models.BooleanField(verbose_name="来自文件")),
                (
                    "claimed_grade",
                    models.CharField(blank=True, max_length=4, verbose_name="自评等级"),
                ),
                (
                    "computed_grade",
                    models.CharField(blank=True, max_length=4, verbose_name="按规则的等级"),
                ),
                ("count", models.PositiveIntegerField(verbose_name="张数")),
                (
                    "department",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="budgets.department",
                        verbose_name="主管部门",
                    ),
                ),
            ],
            options={
                "verbose_name": "计数",
                "verbose_name_plural": "计数",
                "constraints": [
                    models.UniqueConstraint(
                        fields=(
                            "department",
                            "fiscal_year",
                            "paper",
                            "status",
                            "imported",
                            "claimed_grade",
                            "computed_grade",
                        ),
                        name="tally_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("count__gt", 0)), name="tally_of_some"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fiscal_year__gte", 2000), ("fiscal_year__lte", 2100)),
                        name="tally_year_plausible",
                    ),
                ],
            },
        ),
        run(__file__, "tallies"),
    ]
