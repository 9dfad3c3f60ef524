"""Work that is done in the background, as rows: what the transaction promised is not forgotten."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from budgets.models.people import User

MOST_ATTEMPTS = 5
"""A job that failed, or ended its worker, this often is set aside for a person to look at."""


class JobState(models.TextChoices):
    """How far a job is. That it runs just now is told by the lock on its row, not by a state."""

    QUEUED = "queued", "待办"
    DONE = "done", "已完成"
    DEAD = "dead", "失败待处理"
    DROPPED = "dropped", "已放弃"


class Job(models.Model):
    """One piece of work (后台任务): what, for whom, with which rows. Never any personal data."""

    public_id = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("种类", max_length=40)
    payload = models.JSONField("参数", default=dict)
    department = models.ForeignKey(
        "budgets.Department", models.PROTECT, verbose_name="主管部门", null=True, related_name="+"
    )
    unit = models.ForeignKey(
        "budgets.BudgetUnit", models.PROTECT, verbose_name="预算单位", null=True, related_name="+"
    )
    actor = models.ForeignKey(
        User,
        models.PROTECT,
        verbose_name="为谁办理",
        null=True,
        related_name="+",
        help_text="空：系统自己的任务",
    )
    state = models.CharField(
        "状态", max_length=12, choices=JobState.choices, default=JobState.QUEUED
    )
    attempts = models.PositiveSmallIntegerField("已试次数", default=0)
    mended = models.BooleanField("曾由管理员重试", default=False)
    run_after = models.DateTimeField("最早办理时间", db_default=Now())
    last_error = models.CharField("最近的错误", max_length=300, blank=True)
    result_ref = models.CharField("结果", max_length=200, blank=True)
    once_key = models.CharField("去重", max_length=160, null=True, unique=True)  # noqa: DJ001 - null: may repeat
    created_at = models.DateTimeField("登记时间", db_default=Now())
    started_at = models.DateTimeField("最近开始时间", null=True)
    finished_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "后台任务"
        indexes = (
            models.Index(
                fields=["run_after", "id"], name="job_due", condition=Q(state=JobState.QUEUED)
            ),
            models.Index(fields=["actor", "kind", "-id"], name="job_of_actor"),
        )
        constraints = (
            models.CheckConstraint(name="job_state_known", condition=Q(state__in=JobState.values)),
            models.CheckConstraint(
                name="job_attempts_bounded", condition=Q(attempts__lte=MOST_ATTEMPTS)
            ),
            models.CheckConstraint(
                name="job_finished_when_over",
                condition=Q(state=JobState.QUEUED, finished_at=None)
                | (~Q(state=JobState.QUEUED) & Q(finished_at__isnull=False)),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class JobFile(models.Model):
    """A file that a job made for its account (导出文件), and whose eyes it was made with."""

    job = models.OneToOneField(Job, models.CASCADE, verbose_name="任务", related_name="file")
    owner = models.ForeignKey(User, models.PROTECT, verbose_name="导出人", related_name="+")
    name = models.CharField("文件名", max_length=120)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveBigIntegerField("字节")
    rows = models.PositiveIntegerField("行数")
    scope = models.CharField("可见范围的摘要", max_length=64)
    made_at = models.DateTimeField("生成时间", db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = "导出文件"

    def __str__(self) -> str:
        return self.name
