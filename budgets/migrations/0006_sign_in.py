"""Failures, second factors, tokens, past passwords."""

from __future__ import annotations

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from budgets.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = (("budgets", "0005_trail_seals"),)
    operations = (
        migrations.CreateModel(
            name="AccessToken",
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
                ("name", models.CharField(max_length=60, verbose_name="用途说明")),
                ("prefix", models.CharField(max_length=8, unique=True, verbose_name="前缀")),
                ("mark", models.CharField(max_length=64, verbose_name="标记")),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("read", "读取"), ("write", "写入"), ("report", "年度报告")],
                            max_length=8,
                        ),
                        size=None,
                        verbose_name="用途",
                    ),
                ),
                (
                    "networks",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=43),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="来源网段",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="建立时间")),
                ("expires_at", models.DateTimeField(verbose_name="到期时间")),
                ("last_used_at", models.DateTimeField(null=True, verbose_name="最近使用（约）")),
                ("revoked_at", models.DateTimeField(null=True, verbose_name="吊销时间")),
            ],
            options={
                "verbose_name": "令牌",
                "verbose_name_plural": "令牌",
            },
        ),
        migrations.CreateModel(
            name="AttemptCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("address", "来源地址"),
                            ("name", "用户名"),
                            ("pair", "用户名与来源地址"),
                        ],
                        max_length=8,
                        verbose_name="类别",
                    ),
                ),
                ("mark", models.CharField(max_length=64, verbose_name="标记")),
                (
                    "name_mark",
                    models.CharField(
                        blank=True, db_index=True, max_length=64, verbose_name="用户名的标记"
                    ),
                ),
                ("count", models.PositiveIntegerField(default=0, verbose_name="次数")),
                ("since", models.DateTimeField(verbose_name="首次时间")),
                ("last_at", models.DateTimeField(db_index=True, verbose_name="最近时间")),
                ("locked_until", models.DateTimeField(null=True, verbose_name="锁定至")),
                (
                    "refused",
                    models.PositiveIntegerField(default=0, verbose_name="锁定期间被拒次数"),
                ),
            ],
            options={
                "verbose_name": "登录计数",
                "verbose_name_plural": "登录计数",
            },
        ),
        migrations.CreateModel(
            name="PastPassword",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("encoded", models.CharField(max_length=256, verbose_name="摘要")),
                ("kept_at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
            ],
            options={
                "verbose_name": "旧密码",
                "verbose_name_plural": "旧密码",
            },
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mark", models.CharField(max_length=64, unique=True, verbose_name="标记")),
                ("used_at", models.DateTimeField(null=True, verbose_name="使用时间")),
            ],
            options={
                "verbose_name": "备用码",
                "verbose_name_plural": "备用码",
            },
        ),
        migrations.CreateModel(
            name="SecondFactor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("secret", models.BinaryField(verbose_name="加密的种子")),
                ("last_step", models.BigIntegerField(default=0, verbose_name="用过的最后一步")),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="建立时间")),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="启用时间")),
            ],
            options={
                "verbose_name": "动态口令",
                "verbose_name_plural": "动态口令",
            },
        ),
        migrations.AddField(
            model_name="user",
            name="must_change_password",
            field=models.BooleanField(default=False, verbose_name="须修改密码"),
        ),
        migrations.AddField(
            model_name="user",
            name="password_changed_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, verbose_name="密码设置时间"
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="person_key",
            field=models.CharField(
                blank=True, editable=False, max_length=64, verbose_name="本人标记"
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="session_epoch",
            field=models.PositiveIntegerField(default=0, verbose_name="会话代次"),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                condition=models.Q(("person_key", ""), _negated=True),
                fields=("person_key",),
                name="user_one_account_a_person",
            ),
        ),
        migrations.AddField(
            model_name="accesstoken",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="tokens",
                to=settings.AUTH_USER_MODEL,
                verbose_name="用户",
            ),
        ),
        migrations.AddConstraint(
            model_name="attemptcount",
            constraint=models.UniqueConstraint(fields=("kind", "mark"), name="attempt_count_once"),
        ),
        migrations.AddConstraint(
            model_name="attemptcount",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["address", "name", "pair"])),
                name="attempt_kind_known",
            ),
        ),
        migrations.AddField(
            model_name="pastpassword",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="past_passwords",
                to=settings.AUTH_USER_MODEL,
                verbose_name="用户",
            ),
        ),
        migrations.AddField(
            model_name="recoverycode",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="recovery_codes",
                to=settings.AUTH_USER_MODEL,
                verbose_name="用户",
            ),
        ),
        migrations.AddField(
            model_name="secondfactor",
            name="user",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="second_factor",
                to=settings.AUTH_USER_MODEL,
                verbose_name="用户",
            ),
        ),
        migrations.AddConstraint(
            model_name="accesstoken",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("scopes__contained_by", ["read", "write", "report"]), ("scopes__len__gt", 0)
                ),
                name="token_scopes_known",
            ),
        ),
        run(__file__, "sign_in"),
    )
