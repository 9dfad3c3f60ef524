"""Files that clerks upload, and the drafts made from them."""

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
        ("performance", "0011_indicator_library"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Upload",
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
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("sm3", models.CharField(blank=True, max_length=64, null=True, verbose_name="SM3")),
                ("name", models.CharField(max_length=255, verbose_name="文件名")),
                ("format", models.CharField(max_length=8, verbose_name="格式")),
                ("size", models.PositiveBigIntegerField(verbose_name="大小")),
                ("table_count", models.PositiveIntegerField(verbose_name="读出的表数")),
                ("problem_count", models.PositiveIntegerField(verbose_name="待核对数")),
                (
                    "refusal",
                    models.CharField(blank=True, max_length=500, verbose_name="读不出的原因"),
                ),
                ("uploaded_at", models.DateTimeField(auto_now_add=True, verbose_name="上传时间")),
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
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="budgets.budgetunit",
                        verbose_name="预算单位",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="上传人",
                    ),
                ),
            ],
            options={
                "verbose_name": "上传的文件",
                "verbose_name_plural": "上传的文件",
                "abstract": False,
                "base_manager_name": "unscoped",
                "default_manager_name": "unscoped",
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="TakenTable",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seq", models.PositiveIntegerField(verbose_name="文件中第几张表")),
                ("taken_at", models.DateTimeField(auto_now_add=True, verbose_name="接收时间")),
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="performance.evaluation",
                        verbose_name="绩效自评表",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="接收人",
                    ),
                ),
                (
                    "target_table",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="performance.targettable",
                        verbose_name="绩效目标表",
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
                (
                    "upload",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken",
                        to="performance.upload",
                        verbose_name="文件",
                    ),
                ),
            ],
            options={
                "verbose_name": "接收的表",
                "verbose_name_plural": "接收的表",
                "abstract": False,
                "base_manager_name": "unscoped",
                "default_manager_name": "unscoped",
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.UniqueConstraint(fields=("unit", "sha256"), name="upload_once"),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.UniqueConstraint(
                fields=("id", "department"), name="upload_of_department"
            ),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="upload_sha256_hex"
            ),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("refusal", ""), ("table_count__gt", 0)),
                    models.Q(("table_count", 0), models.Q(("refusal", ""), _negated=True)),
                    _connector="OR",
                ),
                name="upload_read_or_refused",
            ),
        ),
        migrations.AddConstraint(
            model_name="takentable",
            constraint=models.UniqueConstraint(fields=("upload", "seq"), name="taken_table_once"),
        ),
        migrations.AddConstraint(
            model_name="takentable",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("evaluation__isnull", True), ("target_table__isnull", False)),
                    models.Q(("evaluation__isnull", False), ("target_table__isnull", True)),
                    _connector="OR",
                ),
                name="taken_table_one_paper",
            ),
        ),
        run(__file__, "imports"),
    ]
