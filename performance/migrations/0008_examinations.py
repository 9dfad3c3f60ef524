"""What the examination of a paper found, kept beside it; a finding's cell, aspect and basis."""

from __future__ import annotations

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models

from budgets.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = (
        ("budgets", "0007_jobs"),
        ("performance", "0007_documents_per_unit"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    )

    operations = (
        migrations.CreateModel(
            name="Examination",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
                ("paper_id", models.BigIntegerField(verbose_name="表编号")),
                ("digest", models.CharField(max_length=64, verbose_name="所审内容的摘要")),
                ("fiscal_year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("stage", models.CharField(max_length=12, verbose_name="环节")),
                ("limits", models.CharField(max_length=60, verbose_name="审核界限")),
                ("ruleset", models.CharField(max_length=60, verbose_name="规则集")),
                ("findings", models.JSONField(default=list, verbose_name="发现")),
                (
                    "codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=8),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="编号",
                    ),
                ),
                ("blocks", models.PositiveSmallIntegerField(default=0, verbose_name="阻断")),
                ("errors", models.PositiveSmallIntegerField(default=0, verbose_name="错误")),
                ("notices", models.PositiveSmallIntegerField(default=0, verbose_name="提示")),
                ("aspects", models.JSONField(blank=True, default=dict, verbose_name="各方面结论")),
                (
                    "overall",
                    models.CharField(
                        blank=True,
                        choices=[("优", "优"), ("良", "良"), ("中", "中"), ("差", "差")],
                        max_length=2,
                        verbose_name="总体结论",
                    ),
                ),
                (
                    "own_aspects",
                    models.JSONField(blank=True, default=dict, verbose_name="审核人的各方面结论"),
                ),
                (
                    "own_overall",
                    models.CharField(
                        blank=True,
                        choices=[("优", "优"), ("良", "良"), ("中", "中"), ("差", "差")],
                        max_length=2,
                        verbose_name="审核人的总体结论",
                    ),
                ),
                (
                    "own_words",
                    models.TextField(blank=True, max_length=30000, verbose_name="审核人的说明"),
                ),
                (
                    "concluded_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="结论时间"),
                ),
                ("risk", models.PositiveSmallIntegerField(default=0, verbose_name="风险")),
                ("reasons", models.JSONField(blank=True, default=list, verbose_name="风险的原因")),
                ("lock_version", models.PositiveIntegerField(default=1, verbose_name="修改次数")),
                ("examined_at", models.DateTimeField(verbose_name="审核时间")),
                (
                    "concluded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="结论人",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="budgets.department",
                        verbose_name="主管部门",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="performance.task",
                        verbose_name="任务",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="budgets.budgetunit",
                        verbose_name="预算单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "审核",
                "verbose_name_plural": "审核",
                "abstract": False,
                "base_manager_name": "unscoped",
                "default_manager_name": "unscoped",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["codes"], name="examination_codes"
                    ),
                    models.Index(fields=["task", "-risk", "id"], name="examination_queue"),
                    models.Index(
                        fields=["unit", "fiscal_year", "paper"], name="examination_of_unit"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("paper", "paper_id"), name="examination_once"),
                    models.UniqueConstraint(
                        fields=("id", "department"), name="examination_of_department"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("paper__in", ["target_table", "monitoring", "evaluation"])
                        ),
                        name="examination_paper_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")),
                        name="examination_digest_hex",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("overall__in", ("", "优", "良", "中", "差")),
                            ("own_overall__in", ("", "优", "良", "中", "差")),
                        ),
                        name="examination_grades_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("concluded_at", None), ("concluded_by", None), ("own_overall", "")
                            ),
                            models.Q(
                                models.Q(("own_overall", ""), _negated=True),
                                ("concluded_at__isnull", False),
                                ("concluded_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="examination_conclusion_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fiscal_year__gte", 2000), ("fiscal_year__lte", 2100)),
                        name="examination_year_plausible",
                    ),
                ],
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        # The table of findings is no model's to manage: here its columns are only made known.
        *(
            migrations.AddField(
                "findingrow",
                name,
                models.CharField(default="", max_length=most, verbose_name=label),
            )
            for name, most, label in (
                ("field", 20, "栏"),
                ("aspect", 8, "方面"),
                ("basis", 200, "依据"),
            )
        ),
        run(__file__, "examinations"),
    )
