"""What guards an account: attempts, past passwords, the second factor, tokens of programs."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from budgets.models.people import User


class AttemptKind(models.TextChoices):
    """What attempts are counted by."""

    ADDRESS = "address", "来源地址"
    NAME = "name", "用户名"
    PAIR = "pair", "用户名与来源地址"


class AttemptCount(models.Model):
    """Attempts to sign in (登录计数) for one name, one address, or both together.

    Names and addresses stand here as keyed marks only, so that a name nobody has is counted like
    any other and costs the same.
    """

    kind = models.CharField("类别", max_length=8, choices=AttemptKind.choices)
    mark = models.CharField("标记", max_length=64)
    name_mark = models.CharField("用户名的标记", max_length=64, blank=True, db_index=True)
    count = models.PositiveIntegerField("次数", default=0)
    since = models.DateTimeField("首次时间")
    last_at = models.DateTimeField("最近时间", db_index=True)
    locked_until = models.DateTimeField("锁定至", null=True)
    refused = models.PositiveIntegerField("锁定期间被拒次数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "登录计数"
        constraints = (
            models.UniqueConstraint(fields=["kind", "mark"], name="attempt_count_once"),
            models.CheckConstraint(
                name="attempt_kind_known", condition=Q(kind__in=AttemptKind.values)
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.count}"


class PastPassword(models.Model):
    """A password that an account had (旧密码), hashed: it may not come back soon."""

    user = models.ForeignKey(
        User, models.CASCADE, verbose_name="用户", related_name="past_passwords"
    )
    encoded = models.CharField("摘要", max_length=256)
    kept_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "旧密码"

    def __str__(self) -> str:
        return f"{self.user_id} {self.kept_at}"


class SecondFactor(models.Model):
    """The one-time password generator of an account (动态口令); its secret is encrypted."""

    user = models.OneToOneField(
        User, models.CASCADE, verbose_name="用户", related_name="second_factor"
    )
    secret = models.BinaryField("加密的种子")
    last_step = models.BigIntegerField("用过的最后一步", default=0)
    made_at = models.DateTimeField("建立时间", auto_now_add=True)
    confirmed_at = models.DateTimeField("启用时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "动态口令"

    def __str__(self) -> str:
        return f"{self.user_id} {self.confirmed_at or '未启用'}"


class RecoveryCode(models.Model):
    """A code that stands in for the second factor once (备用码); only its mark is kept."""

    user = models.ForeignKey(
        User, models.CASCADE, verbose_name="用户", related_name="recovery_codes"
    )
    mark = models.CharField("标记", max_length=64, unique=True)
    used_at = models.DateTimeField("使用时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "备用码"

    def __str__(self) -> str:
        return f"{self.user_id} {'已用' if self.used_at else '未用'}"


class Scope(models.TextChoices):
    """What a token may be used for (令牌用途)."""

    READ = "read", "读取"
    WRITE = "write", "写入"
    REPORT = "report", "年度报告"


class AccessToken(models.Model):
    """A key with which a program speaks for an account (令牌); only its mark is kept."""

    public_id = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, verbose_name="用户", related_name="tokens")
    name = models.CharField("用途说明", max_length=60)
    prefix = models.CharField("前缀", max_length=8, unique=True)
    mark = models.CharField("标记", max_length=64)
    scopes = ArrayField(models.CharField(max_length=8, choices=Scope.choices), verbose_name="用途")
    networks = ArrayField(
        models.CharField(max_length=43), verbose_name="来源网段", default=list, blank=True
    )
    created_at = models.DateTimeField("建立时间")
    expires_at = models.DateTimeField("到期时间")
    last_used_at = models.DateTimeField("最近使用（约）", null=True)
    revoked_at = models.DateTimeField("吊销时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "令牌"
        constraints = (
            models.CheckConstraint(
                name="token_scopes_known",
                condition=Q(scopes__contained_by=Scope.values) & Q(scopes__len__gt=0),
            ),
        )

    def __str__(self) -> str:
        return f"{self.prefix} {self.name}"
