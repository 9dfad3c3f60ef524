"""Samples drawn for a spot check, and what came of them."""

from __future__ import annotations

import uuid

import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models

from budgets.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = [
        ("budgets", "0007_jobs"),
        ("performance", "0009_review_criteria"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SpotCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="编号"
                    ),
                ),
                ("seed", models.CharField(max_length=64, verbose_name="种子")),
                ("size", models.PositiveIntegerField(verbose_name="拟抽数")),
                ("population", models.PositiveIntegerField(verbose_name="总体数")),
                ("population_digest", models.CharField(max_length=64, verbose_name="总体的摘要")),
                ("strata", models.JSONField(default=list, verbose_name="分层")),
                ("drawn_at", models.DateTimeField(auto_now_add=True, verbose_name="抽取时间")),
                (
                    "drawn_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="抽取人",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="performance.task",
                        verbose_name="任务",
                    ),
                ),
            ],
            options={
                "verbose_name": "抽查",
                "verbose_name_plural": "抽查",
            },
        ),
        migrations.CreateModel(
            name="SpotCheckItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="编号"
                    ),
                ),
                ("seq", models.PositiveIntegerField(verbose_name="序号")),
                ("amount_class", models.CharField(max_length=8, verbose_name="金额类别")),
                ("risk_class", models.CharField(max_length=8, verbose_name="风险类别")),
                (
                    "claimed",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=7,
                        null=True,
                        verbose_name="自评总分",
                    ),
                ),
                (
                    "claimed_grade",
                    models.CharField(blank=True, max_length=4, verbose_name="自评等级"),
                ),
                (
                    "points",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=7,
                        null=True,
                        verbose_name="抽查得分",
                    ),
                ),
                ("grade", models.CharField(blank=True, max_length=4, verbose_name="抽查等级")),
                ("words", models.TextField(blank=True, max_length=30000, verbose_name="情况")),
                (
                    "checked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="抽查时间"),
                ),
                ("lock_version", models.PositiveIntegerField(default=1, verbose_name="修改次数")),
                (
                    "checked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="抽查人",
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
                    "evaluation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="performance.evaluation",
                        verbose_name="自评表",
                    ),
                ),
                (
                    "spot_check",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="performance.spotcheck",
                        verbose_name="抽查",
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
                "verbose_name": "抽查项",
                "verbose_name_plural": "抽查项",
                "abstract": False,
                "base_manager_name": "unscoped",
                "default_manager_name": "unscoped",
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddConstraint(
            model_name="spotcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("population_digest__regex", "^[0-9a-f]{64}$")),
                name="spot_check_digest_hex",
            ),
        ),
        migrations.AddConstraint(
            model_name="spotcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("seed", ""), _negated=True), name="spot_check_seeded"
            ),
        ),
        migrations.AddConstraint(
            model_name="spotcheckitem",
            constraint=models.UniqueConstraint(
                fields=("spot_check", "evaluation"), name="spot_check_item_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="spotcheckitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("checked_at", None), ("checked_by", None), ("points", None), ("words", "")
                    ),
                    models.Q(
                        ("checked_by__isnull", False),
                        ("points__gte", 0),
                        ("points__lte", 1000),
                        ("checked_at__isnull", False),
                        models.Q(("words", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="spot_check_item_whole",
            ),
        ),
        run(__file__, "spot_checks"),
    ]
