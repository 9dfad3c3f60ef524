"""Reviewed runs, feedback with objections, and what has to be mended."""

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
        ("performance", "0008_examinations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Feedback",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, verbose_name="所发内容的摘要")),
                ("deadline", models.DateTimeField(verbose_name="答复期限")),
                ("sent_at", models.DateTimeField(auto_now_add=True, verbose_name="发出时间")),
                (
                    "finished_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="答复完毕时间"),
                ),
            ],
            options={
                "verbose_name": "复核反馈",
                "verbose_name_plural": "复核反馈",
                "abstract": False,
                "base_manager_name": "unscoped",
                "default_manager_name": "unscoped",
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="FeedbackAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seq", models.PositiveSmallIntegerField(verbose_name="序号")),
                ("objects_to", models.BooleanField(verbose_name="申诉")),
                ("words", models.TextField(blank=True, max_length=30000, verbose_name="单位意见")),
                ("answered_at", models.DateTimeField(auto_now_add=True, verbose_name="答复时间")),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[("upheld", "采纳"), ("dismissed", "不采纳")],
                        max_length=12,
                        verbose_name="决定",
                    ),
                ),
                (
                    "decision_words",
                    models.TextField(blank=True, max_length=30000, verbose_name="决定的理由"),
                ),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="决定时间"),
                ),
            ],
            options={
                "verbose_name": "复核答复",
                "verbose_name_plural": "复核答复",
                "abstract": False,
                "base_manager_name": "unscoped",
                "default_manager_name": "unscoped",
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="RectificationItem",
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
                (
                    "seq",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="指标序号"
                    ),
                ),
                ("what", models.TextField(max_length=30000, verbose_name="整改要求")),
                ("deadline", models.DateField(verbose_name="整改期限")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "待整改"),
                            ("answered", "已答复，待销号"),
                            ("returned", "退回，继续整改"),
                            ("closed", "已销号"),
                        ],
                        default="open",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("lock_version", models.PositiveIntegerField(default=1, verbose_name="修改次数")),
                ("raised_as", models.CharField(max_length=40, verbose_name="提出人身份")),
                ("raised_at", models.DateTimeField(auto_now_add=True, verbose_name="提出时间")),
                ("answer", models.TextField(blank=True, max_length=30000, verbose_name="整改情况")),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="答复时间"),
                ),
                (
                    "words",
                    models.TextField(blank=True, max_length=30000, verbose_name="销号或退回的意见"),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="销号时间")),
            ],
            options={
                "verbose_name": "整改事项",
                "verbose_name_plural": "整改事项",
                "abstract": False,
                "base_manager_name": "unscoped",
                "default_manager_name": "unscoped",
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name="review",
            name="outcome",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="performance.scorerun",
                verbose_name="复核评分",
            ),
        ),
        migrations.AddField(
            model_name="scorerun",
            name="kind",
            field=models.CharField(
                choices=[("computed", "按规则"), ("reviewed", "复核")],
                db_default="computed",
                max_length=12,
                verbose_name="种类",
            ),
        ),
        migrations.AddConstraint(
            model_name="scorerun",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["computed", "reviewed"])),
                name="score_run_kind_known",
            ),
        ),
        migrations.AddField(
            model_name="feedback",
            name="department",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="budgets.department",
                verbose_name="主管部门",
            ),
        ),
        migrations.AddField(
            model_name="feedback",
            name="finished_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="答复人",
            ),
        ),
        migrations.AddField(
            model_name="feedback",
            name="review",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="feedback",
                to="performance.review",
                verbose_name="复核",
            ),
        ),
        migrations.AddField(
            model_name="feedback",
            name="sent_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="发出人",
            ),
        ),
        migrations.AddField(
            model_name="feedback",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="budgets.budgetunit",
                verbose_name="预算单位",
            ),
        ),
        migrations.AddField(
            model_name="feedbackanswer",
            name="answered_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="答复人",
            ),
        ),
        migrations.AddField(
            model_name="feedbackanswer",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="决定人",
            ),
        ),
        migrations.AddField(
            model_name="feedbackanswer",
            name="department",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="budgets.department",
                verbose_name="主管部门",
            ),
        ),
        migrations.AddField(
            model_name="feedbackanswer",
            name="document",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="performance.document",
                verbose_name="佐证",
            ),
        ),
        migrations.AddField(
            model_name="feedbackanswer",
            name="feedback",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answers",
                to="performance.feedback",
                verbose_name="复核反馈",
            ),
        ),
        migrations.AddField(
            model_name="feedbackanswer",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="budgets.budgetunit",
                verbose_name="预算单位",
            ),
        ),
        migrations.AddField(
            model_name="rectificationitem",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="答复人",
            ),
        ),
        migrations.AddField(
            model_name="rectificationitem",
            name="closed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="销号人",
            ),
        ),
        migrations.AddField(
            model_name="rectificationitem",
            name="department",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="budgets.department",
                verbose_name="主管部门",
            ),
        ),
        migrations.AddField(
            model_name="rectificationitem",
            name="evaluation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rectification_items",
                to="performance.evaluation",
                verbose_name="自评表",
            ),
        ),
        migrations.AddField(
            model_name="rectificationitem",
            name="raised_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="提出人",
            ),
        ),
        migrations.AddField(
            model_name="rectificationitem",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="budgets.budgetunit",
                verbose_name="预算单位",
            ),
        ),
        migrations.AddConstraint(
            model_name="feedback",
            constraint=models.UniqueConstraint(
                fields=("id", "department"), name="feedback_of_department"
            ),
        ),
        migrations.AddConstraint(
            model_name="feedback",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("finished_at", None), ("finished_by", None)),
                    models.Q(("finished_at__isnull", False), ("finished_by__isnull", False)),
                    _connector="OR",
                ),
                name="feedback_finished_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="feedbackanswer",
            constraint=models.UniqueConstraint(
                fields=("feedback", "seq"), name="feedback_answer_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="feedbackanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("objects_to", False), models.Q(("words", ""), _negated=True), _connector="OR"
                ),
                name="feedback_objection_worded",
            ),
        ),
        migrations.AddConstraint(
            model_name="feedbackanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at", None),
                        ("decided_by", None),
                        ("decision", ""),
                        ("decision_words", ""),
                    ),
                    models.Q(
                        ("decided_by__isnull", False),
                        ("decision__in", ["upheld", "dismissed"]),
                        ("objects_to", True),
                        ("decided_at__isnull", False),
                        models.Q(("decision_words", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="feedback_decided_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="feedbackanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by", None),
                    models.Q(("decided_by", models.F("answered_by")), _negated=True),
                    _connector="OR",
                ),
                name="feedback_decided_by_another",
            ),
        ),
        migrations.AddIndex(
            model_name="rectificationitem",
            index=models.Index(
                fields=["department", "state", "deadline"], name="rectification_ledger"
            ),
        ),
        migrations.AddConstraint(
            model_name="rectificationitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "answered", "returned", "closed"])),
                name="rectification_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="rectificationitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("what", ""), _negated=True), name="rectification_worded"
            ),
        ),
        migrations.AddConstraint(
            model_name="rectificationitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "open"),
                    models.Q(
                        models.Q(("answer", ""), _negated=True),
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="rectification_answered_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="rectificationitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("closed_at__isnull", False),
                        ("closed_by__isnull", False),
                        ("state", "closed"),
                    ),
                    models.Q(
                        models.Q(("state", "closed"), _negated=True),
                        ("closed_at", None),
                        ("closed_by", None),
                    ),
                    _connector="OR",
                ),
                name="rectification_closed_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="rectificationitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_by", None),
                    models.Q(("closed_by", models.F("answered_by")), _negated=True),
                    _connector="OR",
                ),
                name="rectification_closed_by_another",
            ),
        ),
        run(__file__, "review"),
    ]
