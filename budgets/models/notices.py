"""What the service tells people: returned papers, tasks, reminders. And answers kept for retries."""

from __future__ import annotations

from django.db import models

from budgets.models.people import User


class Notice(models.Model):
    """One message to one account (提醒), shown on its pages and mailed where mail is set up."""

    user = models.ForeignKey(User, models.CASCADE, verbose_name="收件人", related_name="notices")
    kind = models.CharField("类别", max_length=40)
    object_type = models.CharField("对象", max_length=40)
    object_id = models.UUIDField("对象编号")
    text = models.CharField("内容", max_length=600)
    once_key = models.CharField("去重", max_length=120, blank=True)
    created_at = models.DateTimeField("时间", auto_now_add=True)
    read_at = models.DateTimeField("已读时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "提醒"
        constraints = (
            models.UniqueConstraint(
                fields=["user", "once_key"],
                name="notice_once",
                condition=~models.Q(once_key=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.object_type} {self.object_id}"


class IdempotencyKey(models.Model):
    """The answer to a write of the API (幂等键): the same key again gets the same answer."""

    user = models.ForeignKey(User, models.CASCADE, verbose_name="用户", related_name="+")
    key = models.CharField("键", max_length=128)
    fingerprint = models.CharField("请求摘要", max_length=64)
    status = models.PositiveSmallIntegerField("状态码", null=True)
    body = models.TextField("回答", blank=True)
    etag = models.CharField("版本", max_length=80, blank=True)
    created_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "幂等键"
        constraints = (models.UniqueConstraint(fields=["user", "key"], name="idempotency_once"),)

    def __str__(self) -> str:
        return self.key
