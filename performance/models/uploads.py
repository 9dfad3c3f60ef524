"""What clerks upload on a page: files that are kept at once, and the papers made from them."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from budgets.models.scoping import Owned


class Upload(Owned):
    """A file a clerk uploaded (上传的文件), readable or not; its bytes are kept under their SHA-256."""

    public_id = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False)
    sha256 = models.CharField("SHA-256", max_length=64)
    sm3 = models.CharField("SM3", max_length=64, null=True, blank=True)  # noqa: DJ001 - not asked for
    name = models.CharField("文件名", max_length=255)
    format = models.CharField("格式", max_length=8)
    size = models.PositiveBigIntegerField("大小")
    table_count = models.PositiveIntegerField("读出的表数")
    problem_count = models.PositiveIntegerField("待核对数")
    refusal = models.CharField("读不出的原因", max_length=500, blank=True)
    uploaded_by = models.ForeignKey(
        "budgets.User", models.PROTECT, verbose_name="上传人", related_name="+"
    )
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta(Owned.Meta):
        verbose_name = verbose_name_plural = "上传的文件"
        constraints = (
            models.UniqueConstraint(fields=["unit", "sha256"], name="upload_once"),
            models.UniqueConstraint(fields=["id", "department"], name="upload_of_department"),
            models.CheckConstraint(
                name="upload_sha256_hex", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="upload_read_or_refused",
                condition=Q(table_count__gt=0, refusal="") | (Q(table_count=0) & ~Q(refusal="")),
            ),
        )

    def __str__(self) -> str:
        return self.name


class TakenTable(Owned):
    """One table of an upload that became a draft (接收的表): never twice, whoever asks."""

    upload = models.ForeignKey(Upload, models.PROTECT, verbose_name="文件", related_name="taken")
    seq = models.PositiveIntegerField("文件中第几张表")
    target_table = models.ForeignKey(
        "performance.TargetTable",
        models.PROTECT,
        verbose_name="绩效目标表",
        null=True,
        blank=True,
        related_name="+",
    )
    evaluation = models.ForeignKey(
        "performance.Evaluation",
        models.PROTECT,
        verbose_name="绩效自评表",
        null=True,
        blank=True,
        related_name="+",
    )
    taken_by = models.ForeignKey(
        "budgets.User", models.PROTECT, verbose_name="接收人", related_name="+"
    )
    taken_at = models.DateTimeField("接收时间", auto_now_add=True)

    class Meta(Owned.Meta):
        verbose_name = verbose_name_plural = "接收的表"
        constraints = (
            models.UniqueConstraint(fields=["upload", "seq"], name="taken_table_once"),
            models.CheckConstraint(
                name="taken_table_one_paper",
                condition=Q(target_table__isnull=False, evaluation__isnull=True)
                | Q(target_table__isnull=True, evaluation__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.upload} 第 {self.seq} 张"
