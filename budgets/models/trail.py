"""The trail: one event for every office verb, one change for every row it touched, sealed together."""

from __future__ import annotations

from django.db import models


class AuditEvent(models.Model):
    """Who did what, when and from where (留痕). Chained; never changed, never deleted."""

    chain = models.BigIntegerField("链")
    seq = models.BigIntegerField("序号")
    at = models.DateTimeField("时间")
    actor = models.ForeignKey(
        "budgets.User", models.PROTECT, verbose_name="操作人", null=True, related_name="+"
    )
    request_id = models.CharField("请求编号", max_length=64, blank=True)
    ip = models.GenericIPAddressField("来源地址", null=True)
    verb = models.CharField("动作", max_length=60)
    object_type = models.CharField("对象", max_length=60)
    object_id = models.CharField("对象编号", max_length=64)
    canonical = models.TextField("内容")
    previous = models.CharField("前一条的摘要", max_length=64)
    digest = models.CharField("摘要", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "留痕"
        constraints = (
            models.UniqueConstraint(fields=["chain", "seq"], name="audit_event_gap_free"),
        )

    def __str__(self) -> str:
        return f"{self.chain}/{self.seq} {self.verb}"


class AuditChange(models.Model):
    """One row before and after (变更). Written by triggers; never holds personal data."""

    event = models.ForeignKey(
        AuditEvent, models.PROTECT, verbose_name="留痕", related_name="changes"
    )
    at = models.DateTimeField("时间")
    table_name = models.CharField("表", max_length=63)
    row_id = models.BigIntegerField("行")
    operation = models.CharField("操作", max_length=6)
    old = models.JSONField("之前", null=True)
    new = models.JSONField("之后", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "变更"

    def __str__(self) -> str:
        return f"{self.operation} {self.table_name} {self.row_id}"


class AuditSeal(models.Model):
    """An event closed over its changes (封印), at commit; the next event of the chain builds on it."""

    event = models.OneToOneField(
        AuditEvent, models.PROTECT, verbose_name="留痕", primary_key=True, related_name="seal"
    )
    changes = models.IntegerField("变更数")
    changes_digest = models.CharField("变更的摘要", max_length=64)
    digest = models.CharField("封印", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "留痕封印"

    def __str__(self) -> str:
        return self.digest
